"""The entry point for AWS Lambda."""

from __future__ import annotations

from typing import Any

from skill.alexa.handler import respond, skill

_SKILL = skill()


def handler(event: Any, context: object) -> dict[str, Any]:  # noqa: ANN401  # any JSON may arrive
    """The response envelope to the request envelope `event`, both as parsed JSON."""
    return respond(_SKILL, event, context)

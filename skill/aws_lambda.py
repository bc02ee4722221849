"""The entry point for AWS Lambda."""

from __future__ import annotations

import gc

gc.disable()  # importing leaves no garbage; looking for it took a tenth of the cold start

from typing import Any  # noqa: E402

from skill.alexa.handler import respond, skill  # noqa: E402

_SKILL = skill()


def handler(event: Any, context: object) -> dict[str, Any]:  # noqa: ANN401  # any JSON may arrive
    """The response envelope to the request envelope `event`, both as parsed JSON."""
    return respond(_SKILL, event, context)


def _warm_up() -> None:
    """Loads what every turn needs before the first one arrives, and spares the collector from ever looking at it."""
    application = {"applicationId": _SKILL.skill_id or ""}
    handler({"context": {"System": {"application": application}}, "request": {"type": "LaunchRequest"}}, None)
    gc.freeze()
    gc.enable()


_warm_up()

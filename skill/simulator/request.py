"""Request envelopes as Alexa sends them, for what the local ears understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from skill.simulator.ears import Filled, Understood

SKILL_ID: Final = "amzn1.ask.skill.face-guide-simulator"
_TIMESTAMP: Final = "2026-01-01T00:00:00Z"


def launch_request() -> dict[str, Any]:
    """The request of "open face guide"."""
    return {"type": "LaunchRequest", "shouldLinkResultBeReturned": False}


def intent_request(understood: Understood) -> dict[str, Any]:
    """The request of an utterance that was `understood`, with what its list slots resolved to."""
    slots = {name: _slot(name, filled) for name, filled in understood.slots.items()}
    intent = {"name": understood.intent, "confirmationStatus": "NONE", "slots": slots}
    return {"type": "IntentRequest", "dialogState": "STARTED", "intent": intent}


def envelope(
    request: Mapping[str, Any], locale: str, attributes: Mapping[str, Any] | None, *, screen: bool
) -> dict[str, Any]:
    """The whole envelope around `request`; `attributes` None opens a new session."""
    application = {"applicationId": SKILL_ID}
    user = {"userId": "amzn1.ask.account.simulator"}
    interfaces = {"Alexa.Presentation.APL": {"runtime": {"maxVersion": "2024.2"}}} if screen else {}
    return {
        "version": "1.0",
        "session": {
            "new": attributes is None,
            "sessionId": "amzn1.echo-api.session.simulator",
            "application": application,
            "attributes": dict(attributes or {}),
            "user": user,
        },
        "context": {
            "System": {
                "application": application,
                "user": user,
                "device": {"deviceId": "amzn1.ask.device.simulator", "supportedInterfaces": interfaces},
            },
        },
        "request": {
            "requestId": "amzn1.echo-api.request.simulator",
            "timestamp": _TIMESTAMP,
            "locale": locale,
            **request,
        },
    }


def _slot(name: str, filled: Filled) -> dict[str, Any]:
    slot: dict[str, Any] = {
        "name": name,
        "value": filled.value,
        "confirmationStatus": "NONE",
        "source": "USER",
    }
    if filled.listed:
        status = "ER_SUCCESS_MATCH" if filled.ids else "ER_SUCCESS_NO_MATCH"
        values = [{"value": {"name": identity, "id": identity}} for identity in filled.ids]
        authority = f"amzn1.er-authority.echo-sdk.{SKILL_ID}.{name}"
        found: dict[str, Any] = {"authority": authority, "status": {"code": status}}
        if values:
            found["values"] = values
        slot["resolutions"] = {"resolutionsPerAuthority": [found]}
    return slot

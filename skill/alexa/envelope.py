"""Request envelopes to turns.

Amazon adds properties at any time and asks that skills don't break on them (developer.amazon.com, "Request
and response JSON reference"). ask-sdk-core 1.19 ignores unknown properties, but refuses a whole request
over one enum value or discriminator that it doesn't know (ask_sdk_core/serialize.py). So what is read here
is read from the raw JSON, leniently. User and device ids and tokens never get further than this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from skill.turn import Kind, Slot, Turn

APL: Final = "Alexa.Presentation.APL"

KINDS: Final = {
    "LaunchRequest": Kind.LAUNCH,
    "IntentRequest": Kind.INTENT,
    "SessionResumedRequest": Kind.RESUMED,
    "Alexa.Presentation.APL.UserEvent": Kind.EVENT,
}
"""The requests that are answered with speech; to all others Alexa takes none."""


def turn_of(event: dict[str, Any]) -> Turn | None:
    """The turn that the raw request envelope `event` holds; None where no speech may be returned.

    Reads what is there and passes over what isn't as expected: a sign must not be lost to an odd viewport.
    """
    request = _object(event, "request")
    kind = KINDS.get(_text(request, "type"))
    if kind is None:
        return None
    intent = _object(request, "intent")
    return Turn(
        kind=kind,
        intent=_text(intent, "name"),
        slots=tuple(_slots(_object(intent, "slots"))),
        locale=locale_of(event),
        screen=APL in _object(event, "context", "System", "device", "supportedInterfaces"),
    )


def locale_of(event: object) -> str:
    """The locale that the request was spoken in, whatever else is wrong with it."""
    return _text(_object(event, "request"), "locale") or "en-US"


def application_id(event: dict[str, Any]) -> str:
    """The skill id that the request is meant for."""
    in_context = _text(_object(event, "context", "System", "application"), "applicationId")
    return in_context or _text(_object(event, "session", "application"), "applicationId")


def attributes_of(event: dict[str, Any]) -> object:
    """The session attributes as they came, None when there are none."""
    attributes = _object(event, "session").get("attributes")
    return attributes or None


def _slots(slots: dict[str, Any]) -> Iterator[Slot]:
    for name, slot in slots.items():
        if isinstance(slot, dict):
            spoken = " | ".join(dict.fromkeys(_spoken(slot)))
            ids = tuple(dict.fromkeys(_ids(slot)))
            if spoken or ids:
                yield Slot(str(name), spoken, ids)


def _spoken(slot: dict[str, Any]) -> Iterator[str]:
    if _text(slot, "value"):
        yield _text(slot, "value")
    value = _object(slot, "slotValue")
    for item in [value, *_list(value, "values")]:
        if isinstance(item, dict) and _text(item, "value"):
            yield _text(item, "value")


def _ids(slot: dict[str, Any]) -> Iterator[str]:
    value = _object(slot, "slotValue")
    for holder in [slot, value, *_list(value, "values")]:
        if not isinstance(holder, dict):
            continue
        for authority in _list(_object(holder, "resolutions"), "resolutionsPerAuthority"):
            if not isinstance(authority, dict):
                continue
            for match in _list(authority, "values"):
                if isinstance(match, dict) and _text(_object(match, "value"), "id"):
                    yield _text(_object(match, "value"), "id")


def _object(holder: object, *path: str) -> dict[str, Any]:
    for key in path:
        holder = holder.get(key) if isinstance(holder, dict) else None
    return holder if isinstance(holder, dict) else {}


def _list(holder: dict[str, Any], key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []


def _text(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""

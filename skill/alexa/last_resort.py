"""What is said when everything else has failed. The only spoken sentence that stands in Python."""

from __future__ import annotations

from typing import Any, Final

from skill.places import language_of, lines_for

SENTENCE: Final = (
    "If a face, arm or speech just changed, call your local emergency number now. "
    "I cannot call for you. Something went wrong with Face Guide."
)


def sentence(locale: str) -> str:
    """The last resort in the language of `locale`, where that has one and can be read; else the one above."""
    try:
        return lines_for(language_of(locale))["last_resort"] or SENTENCE
    except Exception:  # noqa: BLE001  # the data may be what is broken
        return SENTENCE


def response(locale: str) -> dict[str, Any]:
    """A whole response envelope that needs no data, no template and no request, and closes the session."""
    return {
        "version": "1.0",
        "response": {
            "outputSpeech": {"type": "SSML", "ssml": f"<speak>{sentence(locale)}</speak>"},
            "shouldEndSession": True,
        },
    }

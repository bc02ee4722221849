"""What is said when everything else has failed. The only spoken sentence that stands in Python."""

from __future__ import annotations

from typing import Any, Final

SENTENCE: Final = (
    "If a face, arm or speech just changed, call your local emergency number now. "
    "I cannot call for you. Something went wrong with Face Guide."
)


def response() -> dict[str, Any]:
    """A whole response envelope that needs no data, no template and no request, and closes the session."""
    return {
        "version": "1.0",
        "response": {
            "outputSpeech": {"type": "SSML", "ssml": f"<speak>{SENTENCE}</speak>"},
            "shouldEndSession": True,
        },
    }

from __future__ import annotations

import logging
from typing import NoReturn

import pytest

from skill.alexa import answer as answer_module
from skill.alexa import handler as handler_module
from skill.alexa.last_resort import SENTENCE
from skill.aws_lambda import handler
from tests.data import envelopes

ENVELOPES = envelopes()
PRIVATE = "my mouth tastes of violets"


def broken(*_: object, **__: object) -> NoReturn:
    raise RuntimeError(PRIVATE)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (answer_module, "hear"),
        (answer_module, "act_of"),
        (answer_module, "step"),
        (answer_module, "speak"),
        (handler_module, "turn_of"),
        (handler_module, "attributes_of"),
        (handler_module, "typed"),
        (handler_module, "state_to_dict"),
        (handler_module, "_response"),
        (handler_module, "answer"),
    ],
)
def test_whatever_breaks_the_last_resort_is_spoken(
    module: object, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, name, broken)
    with caplog.at_level(logging.DEBUG):
        body = handler(ENVELOPES["intent_describe"], None)["response"]
    assert body["outputSpeech"]["ssml"] == f"<speak>{SENTENCE}</speak>"
    assert body["shouldEndSession"] is True
    assert PRIVATE not in caplog.text
    assert "last resort" in caplog.text


def test_a_missing_template_ends_in_the_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    from jinja2 import DictLoader  # noqa: PLC0415

    from skill.speaking import speak  # noqa: PLC0415
    from skill.speaking.environment import environment  # noqa: PLC0415

    monkeypatch.setattr(speak, "_environment", lambda: environment(DictLoader({})))
    body = handler(ENVELOPES["launch"], None)["response"]
    assert SENTENCE in body["outputSpeech"]["ssml"]


def test_the_last_resort_names_the_local_number_and_claims_no_call() -> None:
    assert "your local emergency number" in SENTENCE
    assert "cannot call" in SENTENCE


def test_nothing_said_is_logged_in_an_ordinary_turn(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        handler(ENVELOPES["intent_describe"], None)
    assert not caplog.records

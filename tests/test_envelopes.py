from __future__ import annotations

import copy
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from skill.alexa.envelope import turn_of
from skill.alexa.handler import SKILL_ID, respond, skill
from skill.aws_lambda import handler
from skill.turn import Slot
from tests.data import envelopes

ENVELOPES = envelopes()
SILENT = {
    "session_ended",
    "session_ended_error",
    "system_exception",
    "skill_enabled",
    "unknown_type",
    "unreadable_ended",
}
ESCALATING = {
    "intent_report_sign", "intent_describe", "intent_list_slot", "unreadable_resolution", "unreadable_viewport",
    "slot_8000",
}  # fmt: skip


def assert_alexa_takes(response: dict[str, Any], *, speech: bool) -> None:
    assert json.loads(json.dumps(response)) == response
    assert response["version"] == "1.0"
    body = response["response"]
    assert isinstance(body["shouldEndSession"], bool)
    assert len(json.dumps(response).encode()) < 24_000
    assert ("outputSpeech" in body) == speech
    spoken = [body["outputSpeech"]] if speech else []
    if "reprompt" in body:
        spoken.append(body["reprompt"]["outputSpeech"])
    for output in spoken:
        assert output["type"] == "SSML"
        assert len(output["ssml"]) < 8_000
        assert ET.fromstring(output["ssml"]).tag == "speak"
    if speech and not body["shouldEndSession"]:
        assert "reprompt" in body
    types = [directive["type"] for directive in body.get("directives") or ()]
    assert types.count("Dialog.ElicitSlot") == (speech and not body["shouldEndSession"])
    assert set(types) <= {"Dialog.ElicitSlot", "Alexa.Presentation.APL.RenderDocument"}
    if "card" in body:
        assert len(body["card"]["title"] + body["card"]["content"]) < 8_000


@pytest.mark.parametrize("name", ENVELOPES)
def test_every_request_gets_a_response_that_alexa_takes(name: str) -> None:
    assert_alexa_takes(handler(ENVELOPES[name], None), speech=name not in SILENT)


@pytest.mark.parametrize("name", sorted(ESCALATING))
def test_a_sign_is_heard_wherever_it_stands_and_whatever_else_is_unreadable(name: str) -> None:
    ssml = handler(ENVELOPES[name], None)["response"]["outputSpeech"]["ssml"]
    assert ssml.startswith('<speak>Call <say-as interpret-as="digits">911</say-as> now.')


def test_a_request_for_another_skill_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SKILL_ID, "amzn1.ask.skill.other")
    with pytest.raises(PermissionError, match="another skill"):
        respond(skill(), ENVELOPES["launch"], None)


def test_a_request_for_this_skill_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SKILL_ID, "amzn1.ask.skill.0000")
    assert_alexa_takes(respond(skill(), ENVELOPES["launch"], None), speech=True)


@pytest.mark.parametrize("event", [None, [], "x", 7, {}, {"request": None}, {"request": {"type": ["LaunchRequest"]}}])
def test_what_is_no_request_still_gets_a_response(event: object) -> None:
    response = handler(event, None)
    assert response["response"]["shouldEndSession"] is True


def test_no_identity_gets_past_the_envelope() -> None:
    event = copy.deepcopy(ENVELOPES["intent_describe"])
    assert turn_of(event) is not None
    assert "amzn1.ask.account" not in repr(turn_of(event))
    assert "amzn1.ask.account" not in json.dumps(handler(event, None))


def test_both_values_of_a_list_slot_are_read() -> None:
    turn = turn_of(ENVELOPES["intent_list_slot"])
    assert turn is not None
    assert turn.slots == (Slot("sign", "face droops | weak arm", ("arm_weak",)),)


def test_speech_in_a_slot_is_never_spoken_back_as_markup() -> None:
    assert "audio" not in json.dumps(handler(ENVELOPES["slot_brackets"], None))


def test_a_state_that_cannot_be_read_starts_afresh_behind_the_safety_line() -> None:
    for name in ("state_other_version", "state_truncated", "state_hostile"):
        response = handler(ENVELOPES[name], None)
        ssml = response["response"]["outputSpeech"]["ssml"]
        assert ssml.startswith("<speak>If a face, arm or speech just changed, call"), name
        assert response["sessionAttributes"]["version"] == 1


def test_a_device_with_a_screen_shows_the_number_and_the_words_that_are_said() -> None:
    [document] = [d for d in handler(ENVELOPES["intent_describe"], None)["response"]["directives"] if "document" in d]
    payload = document["datasources"]["payload"]
    assert payload["urgent"] is True
    assert payload["number"] == "911"
    assert payload["text"].startswith("Call 9 1 1 now.")


def test_a_device_without_a_screen_gets_no_document() -> None:
    event = copy.deepcopy(ENVELOPES["intent_describe"])
    event["context"]["System"]["device"]["supportedInterfaces"] = {}
    assert all("document" not in d for d in handler(event, None)["response"]["directives"])


def test_every_open_turn_elicits_the_free_text_and_a_closing_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = {d["type"] for d in handler(ENVELOPES["launch"], None)["response"]["directives"]}
    assert "Dialog.ElicitSlot" in kinds
    closing = handler(ENVELOPES["intent_stop"], None)["response"]["directives"]
    assert "Dialog.ElicitSlot" not in {d["type"] for d in closing}
    monkeypatch.setenv("FACE_GUIDE_ELICIT", "off")
    off = handler(ENVELOPES["launch"], None)["response"]["directives"]
    assert "Dialog.ElicitSlot" not in {d["type"] for d in off}

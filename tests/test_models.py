from __future__ import annotations

import json

import pytest

from skill.authoring.data import MODELS
from skill.authoring.model_check import model_problems
from skill.authoring.models import LOCALES, models, rendered
from skill.authoring.templates import read_templates
from skill.simulator.conversation import Conversation
from skill.simulator.ears import ears
from skill.turn import Verdict
from tests.data import yaml

TOPICS = read_templates().topics
MUST_ESCALATE = [says for sentences in yaml("sentences/must_escalate.yaml").values() for says in sentences]


def test_the_committed_models_are_what_the_data_makes() -> None:
    for locale, model in models(TOPICS).items():
        assert (MODELS / "alexa" / f"{locale}.json").read_text(encoding="utf-8") == rendered(model), locale


def test_there_is_a_model_for_every_locale() -> None:
    assert {path.stem for path in (MODELS / "alexa").glob("*.json")} == set(LOCALES)


def test_the_models_break_no_rule_of_the_platform() -> None:
    assert not list(model_problems(TOPICS))


def test_every_sample_without_a_slot_reaches_its_own_intent() -> None:
    model = json.loads((MODELS / "alexa" / "en-US.json").read_text(encoding="utf-8"))
    for intent in model["interactionModel"]["languageModel"]["intents"]:
        for sample in intent["samples"]:
            if "{" not in sample:
                assert ears("en-US").understood(sample, strict=True, elicits=False).intent == intent["name"], sample


def test_fallback_is_left_as_little_as_possible() -> None:
    model = json.loads((MODELS / "alexa" / "en-GB.json").read_text(encoding="utf-8"))
    assert model["interactionModel"]["languageModel"]["modelConfiguration"] == {
        "fallbackIntentSensitivity": {"level": "LOW"}
    }


@pytest.mark.parametrize("strict", [True, False])
def test_a_sign_sentence_after_a_launch_keeps_its_words_and_escalates(strict: bool) -> None:  # noqa: FBT001
    for says in MUST_ESCALATE:
        conversation = Conversation(strict=strict)
        conversation.launch()
        assert conversation.say(says)["verdict"] == Verdict.ESCALATE, says


@pytest.mark.parametrize("strict", [True, False])
def test_a_sign_sentence_as_first_words_is_never_answered_as_if_nothing_were_wrong(strict: bool) -> None:  # noqa: FBT001
    for says in MUST_ESCALATE:
        assert Conversation(strict=strict).say(says)["verdict"] != Verdict.INFORM, says


def test_words_that_fit_nothing_arrive_as_a_fallback_without_words() -> None:
    record = Conversation(strict=True).say("qwerty asdf")
    assert (record["intent"], record["slots"]) == ("AMAZON.FallbackIntent", {})
    assert record["verdict"] == Verdict.CLARIFY

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from skill.alexa.answer import answer
from skill.alexa.envelope import turn_of
from skill.authoring.data import MODELS
from skill.authoring.hearing_data import compile_hearing
from skill.authoring.model_check import model_problems
from skill.authoring.models import LOCALES, models, rendered
from skill.authoring.nlu import annotation_set, sign_phrases
from skill.authoring.templates import read_templates
from skill.authoring.understanding import utterances
from skill.aws_lambda import handler
from skill.cli import main
from skill.hearing.hear import hear
from skill.hearing.heard import verdict_of
from skill.simulator.conversation import Conversation
from skill.simulator.ears import Filled, Understood, ears
from skill.simulator.request import envelope, intent_request
from skill.turn import Slot, Verdict
from tests.conftest import Edit
from tests.data import yaml

TOPICS = read_templates().topics
ENGLISH = [locale for locale in LOCALES if locale.startswith("en")]
MODEL = models(TOPICS)["en-US"]["interactionModel"]["languageModel"]
SLOTS = [(intent["name"], slot) for intent in MODEL["intents"] for slot in intent.get("slots", ())]
SIGNS = next(kind for kind in MODEL["types"] if kind["name"] == "SignType")["values"]
MUST_ESCALATE = [says for sentences in yaml("sentences/en/must_escalate.yaml").values() for says in sentences]


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


@pytest.mark.parametrize(("intent", "slot"), SLOTS)
def test_a_sign_sentence_escalates_in_every_slot_of_every_intent(intent: str, slot: dict[str, str]) -> None:
    listed = not slot["type"].startswith("AMAZON.")
    for index, says in enumerate(MUST_ESCALATE[SLOTS.index((intent, slot)) % 3 :: 3]):
        request = intent_request(Understood(intent, {slot["name"]: Filled(says, (), listed)}))
        event = envelope(request, ENGLISH[index % len(ENGLISH)], None, screen=False)
        ssml = handler(event, None)["response"]["outputSpeech"]["ssml"]
        assert ssml.startswith("<speak>Call <"), (says, ssml)


@pytest.mark.parametrize("sign", SIGNS, ids=[sign["id"] for sign in SIGNS])
def test_every_phrase_of_a_sign_can_be_heard_through_some_sample(sign: dict[str, Any]) -> None:
    for form in (sign["name"]["value"], *sign["name"]["synonyms"]):
        understood = ears("en-US").understood(form, strict=True, elicits=False)
        if understood.slots:
            [filled] = understood.slots.values()
            assert filled.ids == (sign["id"],), form
        else:  # the exact sample of another intent: then that intent must come to what the words come to
            request = envelope(intent_request(understood), "en-US", None, screen=False)
            turn = turn_of(request)
            assert turn is not None
            assert answer(turn, None).reply.verdict == verdict_of(hear([Slot("words", form)], "en")), form


def test_the_export_asks_for_intents_and_slots_that_the_model_has() -> None:
    slots = {intent["name"]: {slot["name"] for slot in intent.get("slots", ())} for intent in MODEL["intents"]}
    labels = {utterance.text: utterance.kind for utterance in utterances("en")}
    for annotation in annotation_set("en-US")["data"]:
        [expected] = annotation["expected"]
        said, meant = annotation["inputs"]["utterance"], expected["intent"]
        assert set(meant.get("slots", ())) == slots[meant["name"]], said
        assert labels.get(said) != "escalate" or meant["name"] != "AMAZON.FallbackIntent", said


def test_a_changed_phrase_changes_hearing_all_models_and_the_export(edit: Edit) -> None:
    before = everything_made()
    edit("interaction_models/en/signs.yaml", "(mouth|lip", "(gobbledyglobe|mouth|lip")
    after = everything_made()
    assert set(before) == {"hearing", "export", *LOCALES}
    for name, text in before.items():
        assert "gobbledyglobe" not in text, name
        assert ("gobbledyglobe" in after[name]) == (name in {"hearing", "export", *ENGLISH}), name


def test_stale_or_missing_models_are_refused_until_they_are_written_anew(edit: Edit, tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, arguments)
        return done.exit_code, done.output

    assert run("models") == (0, "")
    assert run("models", "--check") == (0, "")
    edit("interaction_models/en/signs.yaml", "(mouth|lip", "(gobbledyglobe|mouth|lip")
    code, said = run("models", "--check")
    assert code == 1
    assert [locale for locale in LOCALES if f"{locale}.json" in said] == ENGLISH
    assert "Run: make models" in said
    assert run("models") == (0, "")
    (tmp_path / "interaction_models" / "alexa" / "en-IN.json").unlink()
    code, said = run("models", "--check")
    assert (code, "en-IN.json" in said, "en-GB.json" in said) == (1, True, False)


def everything_made() -> dict[str, str]:
    return {
        "hearing": json.dumps(compile_hearing("en", {}, [], [])),
        "export": json.dumps(list(sign_phrases("en"))),
        **{locale: rendered(model) for locale, model in models(TOPICS).items()},
    }


def test_words_that_fit_nothing_arrive_as_a_fallback_without_words() -> None:
    record = Conversation(strict=True).say("qwerty asdf")
    assert (record["intent"], record["slots"]) == ("AMAZON.FallbackIntent", {})
    assert record["verdict"] == Verdict.CLARIFY

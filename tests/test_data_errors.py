from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.authoring import model_check
from skill.authoring.data import DataError, read_text
from skill.authoring.hearing_data import compile_hearing
from skill.authoring.intents import read_intents
from skill.authoring.model_check import model_problems
from skill.authoring.templates import read_locales, read_templates
from tests.conftest import Edit

TOPICS = read_templates().topics
INTENTS = "interaction_models/en/intents.yaml"
SIGNS = "interaction_models/en/signs.yaml"
BELLS = "speech_templates/en/topics/bells_palsy.ssml.j2"


def mistakes() -> Iterator[str]:
    """What a build or a check says, one after the other, so that a test need not wait for the rest."""
    try:
        topics = read_templates().topics
        read_locales()
        read_intents("en", set(topics["en"]))
        yield from model_problems(topics)
        compile_hearing("en", {}, [], [])
    except DataError as error:
        yield str(error)


def test_the_copied_data_is_in_order_before_it_is_broken(edit: Edit) -> None:
    assert callable(edit)
    assert not list(mistakes())


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (SIGNS, "    kind: stroke\n", "    kinds: stroke\n", "unknown key"),
        (SIGNS, "    kind: stroke\n", "    kind: strike\n", "is none of"),
        (SIGNS, "      - alone: escalate", "      - alone: maybe", "is none of"),
        (SIGNS, "(mouth|lip", "(mouth|lip((", "mend the brackets"),
        (SIGNS, "<my> <face>", "<mine> <face>", "define the rule"),
        ("interaction_models/en/context.yaml", "    reach: 3\n", "    reach: far\n", "a whole number is missing"),
        ("interaction_models/en/context.yaml", "lifted_by: [tag]", "lifted_by: [tags]", "is none of"),
        (INTENTS, "act: help", "act: helps", "is none of"),
        (INTENTS, "act: topic what_to_do", "act: topic nothing", "no template"),
        (INTENTS, "(slower|slow down", "(faster|slow down", "is a sample of"),
        (INTENTS, "(slower|slow down", "(sl*wer|slow down", "character that Alexa"),
        (INTENTS, '"(no|nope|nah|nahi|naw) {words}"', '"{words}"', "without a carrier"),
        (INTENTS, '"(no|nope|nah|nahi|naw) {words}"', '"no {word}"', "is none of"),
        (INTENTS, "invocation: face guide", "invocation: open guide", "keeps for itself"),
        (INTENTS, "invocation: face guide", "invocation: face guide 2", "two or more"),
        (INTENTS, "  AMAZON.RepeatIntent:\n", "  AMAZON.EncoreIntent:\n", "no built-in"),
        (INTENTS, "  AMAZON.RepeatIntent:\n", "  AgainIntent:\n", "RepeatIntent is missing"),
        (INTENTS, "  SlowerIntent:\n", "  Slower2Intent:\n", "can't be called"),
        (INTENTS, "(slower|slow down", "(stop|slow down", "is a sample of AMAZON.StopIntent"),
        (INTENTS, "(slower|slow down", "(quit|slow down", "belongs to Stop"),
        (INTENTS, "(slower|slow down", "(step 2|slow down", "write the number out"),
        (INTENTS, "(slower|slow down", "(slow. down|slow down", "stray mark"),
        (INTENTS, "(slower|slow down", "(my mouth is drooping|slow down", "escalates when"),
        (INTENTS, "(slower|slow down", f"({'so ' * 70}slow|slow down", "longer than 200"),
        (INTENTS, '"{sign}"', '"{sign} and {sign}"', "has a slot twice"),
        (INTENTS, '"{sign}"', "\"{sign}'s\"", "joined to a slot"),
        (INTENTS, '"{sign}"', '"i {words} {sign}"', "another slot beside free text"),
        ("interaction_models/en/topics.yaml", "(who gets strokes|", "(what are stroke symptoms|", "is a sample of"),
        (SIGNS, "(mouth|lip", f"(mouth|{'very ' * 30}lip", "longer than 140"),
        ("speech_templates/locales.yaml", 'dial: "911"', "dial: 911", "quote the number"),
        ("speech_templates/locales.yaml", "  advice: your doctor\n", "", "text is missing"),
        ("speech_templates/en/topics/taste.ssml.j2", "names: [", "names: [stroke, ", "is one of stroke_signs too"),
        (BELLS, "names: [", "names: [bell*s, ", "character that Alexa"),
        (BELLS, "next: stroke_or_bells", "next: nowhere", "is no topic"),
        (BELLS, "== piece: aao", "== piece: xao", "not in sources.yaml"),
        (BELLS, "== piece: aao-bells-2013, nhs-bells-palsy\n", "== piece\n",
         "source, source"),
        (BELLS, "fact.steroid_start", "fact.steroid_end",
         "not in facts.yaml"),
        ("speech_templates/en/facts.yaml", "sources: [aao", "sources: [xao", "not in sources.yaml"),
        ("speech_templates/en/facts.yaml", "mri_time:",
         "ct_time: {says: x, checked: x, sources: [nice-ng127]}\nmri_time:", "no topic says"),
        ("interaction_models/en/topics.yaml", "    beside:", "    besides:", "unknown key"),
        (BELLS, "== short", "== brief", "one '== short'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_line_and_cure(name: str, old: str, new: str, says: str, edit: Edit) -> None:
    edit(name, old, new)
    told = next((mistake for mistake in mistakes() if says in mistake), "nothing")
    assert re.match(rf"\S*{re.escape(name)}:\d+: ", told), told


def test_an_error_names_the_very_line() -> None:
    with pytest.raises(DataError, match=r"x\.yaml:3: .*unknown key"):
        read_text("good: 1\nother: 2\nbad: 3\n", Path("x.yaml")).only("good", "other")


def test_what_is_no_yaml_names_its_line() -> None:
    with pytest.raises(DataError, match=r"x\.yaml:2:"):
        read_text("a: 1\n b: : 2\n", Path("x.yaml"))


def test_a_key_given_twice_is_an_error() -> None:
    with pytest.raises(DataError, match="a"):
        read_text("a: 1\na: 2\n", Path("x.yaml"))


def test_no_stays_a_word_and_zeros_stay_digits() -> None:
    node = read_text('answer: no\ndial: "000"\n', Path("x.yaml"))
    assert (node.value("answer"), node.value("dial")) == ("no", "000")


def test_a_template_longer_than_two_hundred_samples_names_its_line(edit: Edit) -> None:
    letters = "|".join("abcdefghijklmnop")
    edit(INTENTS, "(slower|slow down", f"({letters}) ({letters}) (slower|slow down")
    with pytest.raises(DataError, match=r"line \d+ expands to more than 200"):
        list(model_check.model_problems(TOPICS))

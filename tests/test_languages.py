from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from skill.alexa import last_resort
from skill.authoring.corpus import LABELS, rows, split
from skill.authoring.data import ROOT
from skill.authoring.models import LOCALES
from skill.authoring.new_language import missing
from skill.authoring.sound import sound_of
from skill.aws_lambda import handler
from skill.hearing.hear import hear
from skill.hearing.heard import verdict_of
from skill.places import languages, lines_for, locales
from skill.simulator.conversation import Conversation
from skill.simulator.ears import Filled, Understood, ears
from skill.simulator.request import envelope, intent_request
from skill.turn import Slot, Verdict
from tests.data import yaml

OTHERS = [language for language in languages() if language != "en"]
MUST_ESCALATE = [
    (language, sign, says)
    for language in OTHERS
    for sign, told in yaml(f"sentences/{language}/must_escalate.yaml").items()
    for says in told
]
COPIED = ("skill", "interaction_models", "speech_templates", "deploy", "tests")


@pytest.mark.parametrize(("language", "sign", "says"), MUST_ESCALATE)
def test_a_sign_in_plain_words_escalates(language: str, sign: str, says: str) -> None:
    assert verdict_of(hear([Slot("words", says)], language)) is Verdict.ESCALATE, sign


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_lacks_nothing(language: str) -> None:
    assert list(missing(language)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_corpus_is_large_and_half_of_it_tells_of_no_sign(language: str) -> None:
    given = rows(language)
    present = sum(row.label == "present" for row in given)
    assert min(present, len(given) - present) >= 1_500
    assert {row.label for row in given} == LABELS
    assert {split(row) for row in given} == {"train", "validation", "unseen"}


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale.startswith("es")])
@pytest.mark.parametrize(
    "says", ["se le torció la boca a mi mamá", "se me durmió la cara de un lado", "se me durmio la cara de un lado"]
)
def test_spanish_orders_the_number_of_its_country_first(locale: str, says: str) -> None:
    record = Conversation(locale=locale).say(says)
    number = " ".join(lines_for(locale)["emergency"]["dial"])
    assert record["verdict"] == "escalate"
    assert record["speech"].startswith(sound_of("es").order_for(number))


def test_a_spanish_locale_without_lines_speaks_spanish_of_the_local_number() -> None:
    record = Conversation(locale="es-CO").say("se le torció la boca")
    assert record["speech"].startswith("Llame al número local de emergencias ahora.")


def test_a_country_named_in_spanish_keeps_the_language() -> None:
    conversation = Conversation(locale="es-US")
    conversation.say("estoy en canadá")
    assert conversation.say("se le torció la boca")["speech"].startswith("Llame al 9 1 1 ahora.")
    assert set(locales()["es-CA"]["names"]) & {"canadá"}


def test_whoever_changes_language_in_a_session_hears_it_and_keeps_the_alarm() -> None:
    spoken = Conversation(locale="en-US")
    spoken.say("her mouth is drooping")
    spoken.locale = "es-US"
    record = spoken.say("la cuchara")
    assert (record["verdict"], record["speech"][:5]) == ("escalate", "Llame")


def test_the_last_resort_speaks_the_language_of_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("skill.alexa.answer.step", breaks)
    event = {"request": {"type": "LaunchRequest", "locale": "es-MX"}, "context": {}}
    spoken = handler(event, None)["response"]["outputSpeech"]["ssml"]
    assert "número local de emergencias" in spoken
    assert last_resort.SENTENCE not in spoken


@pytest.mark.parametrize("language", languages())
def test_every_text_of_the_page_has_words(language: str) -> None:
    page = ROOT / "skill" / "simulator" / "page"
    named = json.loads((ROOT / "speech_templates" / language / "page.json").read_text(encoding="utf-8"))
    source = "".join(path.read_text(encoding="utf-8") for path in page.glob("*.js"))
    assert {text for text in re.findall(r'\bt\("((?:[^"\\]|\\.)*)"', source) if text not in named} == set()


def test_readme_and_safety_say_who_has_read_the_texts() -> None:
    for language in OTHERS:
        assert sound_of(language).review == "not reviewed by a native clinician"
    for name in ("README.md", "SAFETY.md"):
        assert "not reviewed by a native clinician" in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", OTHERS)
def test_a_sign_sentence_escalates_in_every_slot_of_every_intent(language: str) -> None:
    locale = next(locale for locale in LOCALES if locale.startswith(language))
    model = json.loads((ROOT / "interaction_models" / "alexa" / f"{locale}.json").read_text(encoding="utf-8"))
    slots = [
        (intent["name"], slot["name"])
        for intent in model["interactionModel"]["languageModel"]["intents"]
        for slot in intent.get("slots", ())
    ]
    opening = sound_of(language).order.partition("{number}")[0]
    for index, (intent, slot) in enumerate(slots):
        for _, _, says in MUST_ESCALATE[index % 29 :: 29]:
            request = intent_request(Understood(intent, {slot: Filled(says)}))
            ssml = handler(envelope(request, locale, None, screen=False), None)["response"]["outputSpeech"]["ssml"]
            assert ssml.startswith(f"<speak>{opening}"), (intent, says, ssml)


@pytest.mark.parametrize("language", OTHERS)
def test_every_sample_without_a_slot_reaches_its_own_intent(language: str) -> None:
    locale = next(locale for locale in LOCALES if locale.startswith(language))
    model = json.loads((ROOT / "interaction_models" / "alexa" / f"{locale}.json").read_text(encoding="utf-8"))
    for intent in model["interactionModel"]["languageModel"]["intents"]:
        for sample in intent["samples"]:
            if "{" not in sample:
                assert ears(locale).understood(sample, strict=True, elicits=False).intent == intent["name"], sample


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, for a language that nobody speaks."""
    copy = tmp_path_factory.mktemp("project")
    for folder in COPIED:
        shutil.copytree(
            ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("*.onnx", "node_modules", "__pycache__")
        )
    return copy


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "skill", *words]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(copy)})


def test_a_new_language_is_laid_out_told_what_it_lacks_and_speaks_once_complete(made_up: Path) -> None:
    assert run(made_up, "new-language", "Klingon").returncode == 1
    laid = run(made_up, "new-language", "xx")
    assert laid.returncode == 0
    lacks = laid.stdout.splitlines()
    for file in (
        "interaction_models/xx/signs.yaml",
        "speech_templates/xx/_macros.ssml.j2",
        "speech_templates/xx/page.json",
    ):
        assert (made_up / file).is_file()
        assert any(lack.startswith(f"{file}: ") for lack in lacks), file
    assert any("locales.yaml" in lack for lack in lacks)
    assert run(made_up, "new-language", "xx", "--check").returncode == 1
    assert "Nothing to lay out" in run(made_up, "new-language", "xx").stderr
    assert "Call 9 1 1 now." in run(made_up, "ask", "her mouth is drooping").stdout  # the others go on as before

    for first in made_up.rglob("en"):
        if first.is_dir() and first.parent.name in {
            "interaction_models", "speech_templates", "corpus", "sentences", "weights", "store",
        }:  # fmt: skip
            shutil.rmtree(first.with_name("xx"), ignore_errors=True)
            shutil.copytree(first, first.with_name("xx"))
    edit(made_up / "speech_templates/xx/_macros.ssml.j2", "Call {{ number() }} now.", "Tavo {{ number() }} nun.")
    edit(made_up / "speech_templates/xx/page.json", '""', '"xx"', every=True)
    edit(made_up / "interaction_models/xx/words.yaml", "same:\n", "same:\n  krak: drooping\n")
    with (made_up / "speech_templates/locales.yaml").open("a", encoding="utf-8") as lines:
        lines.write(
            "\nxx-XY:\n  language: xx\n  country: Xy\n  names: [xy]\n"
            '  emergency: {dial: "333", say: "", digits: true}\n'
            '  advice: a\n  crisis: {dial: "444", say: "", digits: true}\n  checked: "2026-11-25"\n'
            "  source: [emergency-numbers]\n"
        )
    complete = run(made_up, "new-language", "xx", "--check")
    assert (complete.returncode, complete.stdout) == (0, "")
    assert "Tavo 3 3 3 nun." in run(made_up, "ask", "her mouth is krak", "--locale", "xx-XY").stdout


def edit(path: Path, old: str, new: str, *, every: bool = False) -> None:
    text: Any = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, -1 if every else 1), encoding="utf-8")

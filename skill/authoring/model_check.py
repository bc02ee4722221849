"""Amazon's rules for an interaction model, over the data and what is generated: a breach is named with its line.

The rules are those of the pages "Create Intents, Utterances, and Slots", "Create and Edit Custom Slot Types",
"Choose the Invocation Name for a Custom Skill", "Slot Type Reference", "Standard Built-in Intents" and "Use Intent
Chaining" (blog, 2019) of the Alexa Skills Kit; limits are kept well below Amazon's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, Final

from skill.alexa.handler import ELICITED
from skill.authoring.amazon import class_problems
from skill.authoring.data import shown
from skill.authoring.intents import Intent, Intents, read_intents
from skill.authoring.models import models
from skill.authoring.origins import Origins, origins
from skill.authoring.spelling import read_words
from skill.authoring.templates import Topic
from skill.hearing.hear import hear
from skill.hearing.heard import Heard, verdict_of
from skill.simulator.ears import own_words
from skill.turn import Slot, Status, Verdict

MOST_BYTES: Final = 1_000_000
MOST_INTENTS: Final = 250
MOST_VALUES: Final = 30_000
MOST_CHARACTERS: Final = 200
MOST_CHARACTERS_VALUE: Final = 140
"""Longer slot values make Alexa refuse the model."""

FREE: Final = ("words",)
"""The slots of type AMAZON.SearchQuery: never alone in a sample, one in an intent, no other slot beside one."""

NEEDED: Final = (
    "Cancel", "Fallback", "Help", "NavigateHome", "Next", "No", "Previous", "Repeat", "StartOver", "Stop", "Yes",
)  # fmt: skip
"""The built-in intents without which what people say everywhere would land in Fallback."""

BUILT_IN: Final = frozenset(NEEDED) | {
    "LoopOff", "LoopOn", "More", "NavigateSettings", "PageDown", "PageUp", "Pause", "Resume", "ScrollDown",
    "ScrollLeft", "ScrollRight", "ScrollUp", "Select", "ShuffleOff", "ShuffleOn",
}  # fmt: skip

_WITHOUT_SAMPLES: Final = {"AMAZON.FallbackIntent", "AMAZON.NavigateHomeIntent"}
_LEGAL = re.compile(r"[\w '.\-]+")
_SLOT = re.compile(r"\{(\w+)\}")
_GLUED = re.compile(r"\}[^ ]|[^ ]\{")
_STRAY = re.compile(r"\w\w+\.|(?<!\w)[.\-]|-(?!\w)")
_NAME = re.compile(r"[a-z]+(_[a-z]+)*", re.IGNORECASE)
_MAY_ESCALATE: Final = frozenset({"describe", "report", "cannot_speak"})


def model_problems(topics: Mapping[str, dict[str, Topic]]) -> Iterator[str]:
    """Each rule that the data or the model breaks, with file, line and cure; nothing when all are kept."""
    # The locales of a language share one model, so one of them stands for all.
    made = {locale.partition("-")[0]: model for locale, model in models(topics).items()}
    for language, model in made.items():
        written = read_words(language)
        read = read_intents(language, set(topics[language]))
        sources = origins(language, read, topics[language])
        yield from _invocation(read, {*written.texts("connecting"), *written.texts("launching")})
        yield from _intents(read)
        yield from _samples(read, language, frozenset(written.texts("stopping")))
        yield from _whole(model, sources)
        yield from _values(model, sources)
        yield from _dialog(model, sources)
        yield from class_problems(model, sources)


def _invocation(read: Intents, reserved: AbstractSet[str]) -> Iterator[str]:
    place, name = read.node.place("invocation"), read.invocation
    words = name.split()
    if len(words) < 2 or not re.fullmatch(r"[^\W\d_A-Z]+(?:[ '.][^\W\d_A-Z]*)*", name) or _STRAY.search(name):  # noqa: PLR2004  # one is a brand
        yield f"{place}: invocation {name!r} must be two or more lower-case words; periods only after single letters"
    wrong = set(words) & reserved
    if wrong:
        yield f"{place}: invocation {name!r} holds {', '.join(sorted(wrong))}, which Alexa keeps for itself; rename it"


def _intents(read: Intents) -> Iterator[str]:
    names = {intent.name for intent in read.intents}
    for name in NEEDED:
        if f"AMAZON.{name}Intent" not in names:
            yield f"{read.node.place('intents')}: AMAZON.{name}Intent is missing; add it, or its words are lost"
    for intent in read.intents:
        place, built_in = intent.node.place(), intent.name.removeprefix("AMAZON.")
        if intent.name != built_in and built_in.removesuffix("Intent") not in BUILT_IN:
            yield f"{place}: {intent.name} is no built-in intent of Alexa's; take one that is, or drop AMAZON."
        if not _NAME.fullmatch(built_in):
            yield f"{place}: an intent can't be called {intent.name!r}; take letters, with single underscores between"
        if not intent.samples and intent.name not in _WITHOUT_SAMPLES:
            yield f"{place}: {intent.name} has no samples, so nothing reaches it; add says, or drop it"
        if set(intent.slots) & set(FREE) and len(intent.slots) > 1:
            yield f"{place}: {intent.name} has another slot beside free text; give that an intent of its own"


def _samples(read: Intents, language: str, stopping: AbstractSet[str]) -> Iterator[str]:
    owns = {own_words(i.name): i for i in read.intents if i.name.startswith("AMAZON.")}
    taken = {f"{words} ": intent for words, intent in owns.items()}
    for intent in read.intents:
        for sample, line in intent.samples:
            place = f"{shown(intent.node.path)}:{line}: {intent.name}: {sample!r}"
            yield from (f"{place} {problem}" for problem in _sample(intent, sample, language, stopping))
            key = f"{_SLOT.sub('{}', sample).casefold()} {intent.slots if '{' in sample else ''}"
            other = taken.setdefault(key, intent)
            if other is not intent:
                yield f"{place} is a sample of {other.name} too; drop one"


def _sample(intent: Intent, sample: str, language: str, stopping: AbstractSet[str]) -> Iterator[str]:
    slots = _SLOT.findall(sample)
    carrier = _SLOT.sub("", sample).strip()
    if not carrier and any(slot in FREE for slot in slots):
        yield "is free text without a carrier; put a subject or an opener before the slot"
    if any(slot in FREE for slot in slots) and len(slots) > 1:
        yield "has another slot beside free text; free text stands alone"
    if len(slots) > len(set(slots)):
        yield "has a slot twice; name each once"
    if _GLUED.search(sample):
        yield "has something joined to a slot; put a space there, and a possessive into the slot's own values"
    if carrier and not _LEGAL.fullmatch(carrier):
        yield "has a character that Alexa doesn't take; letters, apostrophes, hyphens, and periods for letters"
    if any(letter.isdigit() for letter in carrier):
        yield "has a digit; write the number out, as it is said"
    if _STRAY.search(carrier):
        yield "has a stray mark; a period stands after a single letter, a hyphen inside a word"
    if len(sample) > MOST_CHARACTERS:
        yield f"is longer than {MOST_CHARACTERS} characters; shorten it"
    if sample in stopping and intent.act != "stop":
        yield "belongs to Stop, which Alexa keeps for itself; drop it"
    if not slots and intent.act not in _MAY_ESCALATE:
        heard = _as_free_text(sample, language)
        if verdict_of(heard) is Verdict.ESCALATE:
            yield "escalates when it is heard as free text, so it can't be an everyday question or command; drop it"
        elif not (intent.personal or intent.implies) and any(f.status is Status.PRESENT for f in heard.findings):
            yield "tells of a sign, which this intent would lose, since it brings no words; drop it"


@cache
def _as_free_text(sample: str, language: str) -> Heard:
    """Thousands of samples, the same in every check of one process."""
    return hear([Slot("words", sample)], language)


def _whole(model: dict[str, Any], sources: Origins) -> Iterator[str]:
    language, place = model["interactionModel"]["languageModel"], sources.node.place("intents")
    size = len(json.dumps(model, ensure_ascii=False).encode())
    if size > MOST_BYTES:
        yield f"{place}: the model has {size} bytes, more than {MOST_BYTES}; shorten templates or lists"
    if len(language["intents"]) > MOST_INTENTS:
        yield f"{place}: {len(language['intents'])} intents, more than {MOST_INTENTS}; join some"
    types = {kind["name"] for kind in language["types"]}
    used = {slot["type"] for intent in language["intents"] for slot in intent.get("slots", ())}
    for missing in sorted(kind for kind in used - types if not kind.startswith("AMAZON.")):
        yield f"{place}: slot type {missing} is used but not defined; define it in skill/authoring/models.py"
    for idle in sorted(types - used):
        yield f"{place}: slot type {idle} is defined but not used; use its slot in a sample"
    values = sum(len(_forms(value)) for kind in language["types"] for value in kind["values"])
    if values > MOST_VALUES:
        yield f"{place}: {values} slot values, more than {MOST_VALUES}; narrow phrases of signs.yaml"


def _values(model: dict[str, Any], sources: Origins) -> Iterator[str]:
    for at, kind in enumerate(model["interactionModel"]["languageModel"]["types"]):
        ids: set[str] = set()
        taken: dict[str, str] = {}
        for index, value in enumerate(kind["values"]):
            path = ("interactionModel", "languageModel", "types", at, "values", index)
            place, identity = sources.of(model, path), value["id"]
            if identity in ids:
                yield f"{place}: id {identity} stands twice in {kind['name']}; rename one"
            ids.add(identity)
            for form in _forms(value):
                if not _LEGAL.fullmatch(form):
                    yield f"{place}: value {form!r} of {identity} has a character that Alexa doesn't take; drop it"
                if len(form) > MOST_CHARACTERS_VALUE:
                    yield f"{place}: value {form!r} of {identity} is longer than {MOST_CHARACTERS_VALUE}; shorten it"
                other = taken.setdefault(form.casefold(), identity)
                if other != identity:
                    yield f"{place}: value {form!r} of {identity} is one of {other} too; drop one"


def _dialog(model: dict[str, Any], sources: Origins) -> Iterator[str]:
    """What eliciting needs: an intent of our own, in the dialog, with a required slot and a prompt that exists.

    Alexa passes over an ElicitSlot for an intent that isn't in the dialog, and refuses it in a skill without any
    required slot (github.com/alexa-samples/skill-sample-nodejs-decision-tree, issue 28).
    """
    whole, place = model["interactionModel"], sources.node.place("prompt")
    spoken = {intent["name"]: intent for intent in whole["languageModel"]["intents"]}
    prompts = {prompt["id"] for prompt in whole["prompts"]}
    asked: set[str] = set()
    for intent in whole["dialog"]["intents"]:
        slots = {slot["name"]: slot["type"] for slot in spoken.get(intent["name"], {}).get("slots", ())}
        if not any(slot["elicitationRequired"] for slot in intent["slots"]):
            yield f"{place}: the dialog of {intent['name']} requires no slot, so Alexa refuses to elicit one"
        for slot in intent["slots"]:
            asked |= set(slot["prompts"].values())
            if slots.get(slot["name"]) != slot["type"]:
                yield f"{place}: the dialog asks for {{{slot['name']}}}, which {intent['name']} has not; add a sample"
    if ELICITED not in {intent["name"] for intent in whole["dialog"]["intents"]}:
        yield f"{place}: {ELICITED} is elicited but not in the dialog; put it there"
    for lost in sorted(asked ^ prompts):
        yield f"{place}: prompt {lost} is asked for or defined, but not both"


def _forms(value: dict[str, Any]) -> list[str]:
    return [value["name"]["value"], *value["name"]["synonyms"]]

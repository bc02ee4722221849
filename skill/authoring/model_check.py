"""Amazon's rules for an interaction model, over each generated one: what breaks one is named with the line to mend.

The rules are those of the pages "Create the Interaction Model", "Choose the Invocation Name" and "Slot Type
Reference" of the Alexa Skills Kit; limits are kept well below Amazon's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from skill.authoring.intents import Intent, read_intents
from skill.authoring.models import models
from skill.authoring.templates import Topic
from skill.hearing.hear import hear
from skill.hearing.heard import verdict_of
from skill.turn import Slot, Verdict

MOST_BYTES: Final = 1_000_000
MOST_INTENTS: Final = 250
MOST_VALUES: Final = 30_000
MOST_CHARACTERS: Final = 200

FREE: Final = ("words",)
"""The slots of type AMAZON.SearchQuery: never alone in a sample, no other slot beside one."""

_LEGAL = re.compile(r"[a-z0-9 '.\-_]+", re.IGNORECASE)
_SLOT = re.compile(r"\{(\w+)\}")
_CONNECTING = {"to", "from", "by", "if", "and", "whether", "that", "for", "the", "a", "an", "of"}
_LAUNCHING = {
    "ask",
    "tell",
    "open",
    "load",
    "begin",
    "enable",
    "launch",
    "start",
    "alexa",
    "amazon",
    "echo",
    "computer",
}
_STOPPING = {"stop", "cancel", "exit", "quit", "end", "off"}


def model_problems(topics: dict[str, Topic]) -> Iterator[str]:
    """Each rule that a model breaks, with file and line; nothing when all keep them."""
    read = read_intents("en", set(topics))
    yield from _invocation(read.invocation)
    taken: dict[str, Intent] = {}
    for intent in read.intents:
        for sample, line in intent.samples:
            place = f"{intent.node.path.name}:{line}: {intent.name}: {sample!r}"
            yield from (f"{place} {problem}" for problem in _sample(intent, sample))
            bare = _SLOT.sub("{}", sample)
            other = taken.setdefault(f"{bare} {intent.slots if '{' in sample else ''}", intent)
            if other is not intent:
                yield f"{place} is a sample of {other.name} too; drop one"
    for locale, model in models(topics).items():
        yield from (f"interaction_models/alexa/{locale}.json: {problem}" for problem in _whole(model))


def _invocation(name: str) -> Iterator[str]:
    words = name.split()
    if len(words) < 2 or not re.fullmatch(r"[a-z '.]+", name):  # noqa: PLR2004  # one word is for brands only
        yield f"intents.yaml: invocation {name!r} must be two or more lower-case words"
    wrong = set(words) & (_CONNECTING | _LAUNCHING)
    if wrong:
        yield f"intents.yaml: invocation {name!r} holds {', '.join(sorted(wrong))}, which Alexa keeps for itself"


def _sample(intent: Intent, sample: str) -> Iterator[str]:
    slots = _SLOT.findall(sample)
    carrier = _SLOT.sub("", sample).strip()
    if not carrier and any(slot in FREE for slot in slots):
        yield "is free text without a carrier; put a subject or an opener before the slot"
    if any(slot in FREE for slot in slots) and len(slots) > 1:
        yield "has another slot beside free text; free text stands alone"
    if carrier and not _LEGAL.fullmatch(carrier):
        yield "has a character that Alexa doesn't take; letters, apostrophes, hyphens, and periods for letters"
    if len(sample) > MOST_CHARACTERS:
        yield f"is longer than {MOST_CHARACTERS} characters"
    if sample in _STOPPING and intent.act != "stop":
        yield "belongs to Stop, which Alexa keeps for itself"
    if not slots and intent.act not in _MAY_ESCALATE and verdict_of(hear([Slot("words", sample)])) is Verdict.ESCALATE:
        yield "escalates when it is heard as free text, so it can't be an everyday question or command"


_MAY_ESCALATE = frozenset({"describe", "report", "cannot_speak"})


def _whole(model: dict[str, Any]) -> Iterator[str]:
    language = model["interactionModel"]["languageModel"]
    size = len(json.dumps(model, ensure_ascii=False).encode())
    if size > MOST_BYTES:
        yield f"{size} bytes, more than {MOST_BYTES}"
    if len(language["intents"]) > MOST_INTENTS:
        yield f"{len(language['intents'])} intents, more than {MOST_INTENTS}"
    types = {kind["name"] for kind in language["types"]}
    used = {slot["type"] for intent in language["intents"] for slot in intent.get("slots", ())}
    for missing in sorted(kind for kind in used - types if not kind.startswith("AMAZON.")):
        yield f"slot type {missing} is used but not defined"
    for idle in sorted(types - used):
        yield f"slot type {idle} is defined but not used"
    values = [form for kind in language["types"] for value in kind["values"] for form in _forms(value)]
    if len(values) > MOST_VALUES:
        yield f"{len(values)} slot values, more than {MOST_VALUES}"
    for kind in language["types"]:
        seen: set[str] = set()
        for value in kind["values"]:
            if value["id"] in seen:
                yield f"id {value['id']} stands twice in {kind['name']}"
            seen.add(value["id"])
            for form in _forms(value):
                if not _LEGAL.fullmatch(form):
                    yield f"value {form!r} of {kind['name']} has a character that Alexa doesn't take"


def _forms(value: dict[str, Any]) -> list[str]:
    return [value["name"]["value"], *value["name"]["synonyms"]]

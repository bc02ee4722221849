"""Alexa's interaction models, one per locale, generated from the same data that hearing is compiled from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from skill.alexa.handler import ELICITED
from skill.authoring.data import MODELS, Node
from skill.authoring.hearing_data import model_rules, people, read_signs
from skill.authoring.intents import Intent, read_intents
from skill.authoring.phrases import expand
from skill.authoring.templates import Topic, alexas_locales
from skill.hearing.lexicon import GAP

LOCALES: Final = alexas_locales()


def locale_for(language: str) -> str:
    """The locale in which `language` is measured: the last of its own, en-US and es-US."""
    return next(locale for locale in reversed(LOCALES) if locale.startswith(language))


_PROMPT: Final = "Elicit.Slot.Words"
MOST_SAMPLES: Final = 200
"""Samples that one template may expand to: more is a slip, and hides what Alexa is trained with."""

_TYPES: Final = {
    "words": "AMAZON.SearchQuery",
    "country": "AMAZON.Country",
    "sign": "SignType",
    "topic": "TopicType",
    "person": "PersonType",
}


def models(topics: Mapping[str, dict[str, Topic]]) -> dict[str, dict[str, Any]]:
    """Each locale's model as Alexa's schema wants it, from the `topics` of each language.

    Raises DataError at a line that can't become one.
    """
    made = {language: _model(language, known) for language, known in topics.items()}
    return {locale: made[locale.partition("-")[0]] for locale in LOCALES}


def _model(language: str, topics: dict[str, Topic]) -> dict[str, Any]:
    read = read_intents(language, set(topics))
    return {
        "interactionModel": {
            "languageModel": {
                "invocationName": read.invocation,
                "modelConfiguration": {"fallbackIntentSensitivity": {"level": "LOW"}},
                "intents": [_intent(intent) for intent in sorted(read.intents, key=lambda i: i.name)],
                "types": [_sign_type(language), _topic_type(topics), _person_type(language)],
            },
            "dialog": _dialog(),
            "prompts": [{"id": _PROMPT, "variations": [{"type": "PlainText", "value": read.prompt}]}],
        }
    }


def _dialog() -> dict[str, Any]:
    """The dialog model that lets any turn elicit the free-text slot (Alexa blog, "Intent Chaining", 2019)."""
    slot = {
        "name": "words",
        "type": _TYPES["words"],
        "elicitationRequired": True,
        "confirmationRequired": False,
        "prompts": {"elicitation": _PROMPT},
    }
    intent = {"name": ELICITED, "confirmationRequired": False, "prompts": {}, "slots": [slot]}
    return {"delegationStrategy": "SKILL_RESPONSE", "intents": [intent]}


def write_models(folder: Path, topics: Mapping[str, dict[str, Topic]]) -> None:
    """Writes each model into `folder`, sorted, so that a change shows as the lines that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for locale, model in models(topics).items():
        (folder / f"{locale}.json").write_text(rendered(model), encoding="utf-8")


def rendered(model: dict[str, Any]) -> str:
    """The text of a model file."""
    return json.dumps(model, indent=1, ensure_ascii=False) + "\n"


def _intent(intent: Intent) -> dict[str, Any]:
    made: dict[str, Any] = {"name": intent.name}
    if intent.slots:
        made["slots"] = [{"name": slot, "type": _type(slot, intent.node)} for slot in intent.slots]
    per_line: dict[int, int] = {}
    for _, line in intent.samples:
        per_line[line] = per_line.get(line, 0) + 1
        if per_line[line] > MOST_SAMPLES:
            intent.node.fail(f"line {line} expands to more than {MOST_SAMPLES} samples; split it", "says")
    made["samples"] = sorted(sample for sample, _ in intent.samples)
    return made


def _type(slot: str, node: Node) -> str:
    if slot not in _TYPES:
        node.fail(f"slot {{{slot}}} is none of {', '.join(_TYPES)}", "says")
    return _TYPES[slot]


def _value(identity: str, name: str, *synonyms: str) -> dict[str, Any]:
    """One value of a list, by its first name and the others; Amazon's schema wants one other at the least."""
    return {"id": identity, "name": {"value": name, "synonyms": list(synonyms)}}


def _sign_type(language: str) -> dict[str, Any]:
    path = MODELS / language / "signs.yaml"
    rules, signs = model_rules(path), read_signs(path)[1]
    values = []
    taken: set[str] = set()
    for sign, node in signs.entries():
        phrases: dict[str, None] = {}
        for group in node.nodes("heard_as"):
            for phrase in group.texts("phrases"):
                forms = [
                    " ".join(form.replace(GAP, " ").split())
                    for form in expand(phrase, rules, group, "phrases", barest=True)
                ]
                # Inflection multiplies forms that differ by an ending: Alexa learns from an even sample of them.
                step = len(forms) // (MOST_SAMPLES // 2) if len(forms) > MOST_SAMPLES else 1
                phrases.update(dict.fromkeys(forms[::step]))
        name, *synonyms = [phrase for phrase in phrases if phrase not in taken]
        taken.update((name, *synonyms))
        values.append(_value(sign, name, *sorted(synonyms)))
    return {"name": "SignType", "values": values}


def _topic_type(topics: dict[str, Topic]) -> dict[str, Any]:
    return {
        "name": "TopicType",
        "values": [_value(name, *topic.names) for name, topic in sorted(topics.items())],
    }


def _person_type(language: str) -> dict[str, Any]:
    return {
        "name": "PersonType",
        "values": [_value(noun.replace(" ", "_"), *names) for noun, names in sorted(people(language).items())],
    }

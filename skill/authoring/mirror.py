"""The languages agree: the same signs, intents, topics and templates in each, so that the mind needs to know none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from skill.authoring.data import MODELS, TEMPLATES, DataError, shown
from skill.authoring.templates import Templates, place_of

Tables = Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]
"""What was compiled for each language: hearing's table and that of the intents."""


def mirrored(templates: Templates, labels: Mapping[str, Mapping[str, str]], tables: Tables, *, first: str) -> None:
    """Raises DataError at the first thing in which a language differs from the language `first`."""
    for language in tables:
        problem = next(_differences(language, first, templates, labels, tables), None)
        if problem:
            raise DataError(problem)


def _differences(
    language: str, first: str, templates: Templates, labels: Mapping[str, Mapping[str, str]], tables: Tables
) -> Iterator[str]:
    models, texts = MODELS / language, TEMPLATES / language
    (hearing, intents), (first_hearing, first_intents) = tables[language], tables[first]
    for sign, known in first_hearing["signs"].items():
        if hearing["signs"].get(sign) != known:
            yield f"{shown(models / 'signs.yaml')}:1: {sign} must be there with kind and urgency as in {first}: {known}"
    yield from _lacking(f"{shown(models / 'signs.yaml')}:1", first_hearing["signs"], hearing["signs"], first)
    yield from _lacking(f"{shown(texts / 'labels.yaml')}:1", first_hearing["signs"], labels[language], first)
    acts, first_acts = intents["acts"], first_intents["acts"]
    # What implies words of its own carries a way of speaking, which each language has for itself.
    known = [name for name in acts if name in first_acts or not acts[name]["implies"]]
    needed = [name for name in first_acts if name in acts or not first_acts[name]["implies"]]
    yield from _lacking(f"{shown(models / 'intents.yaml')}:1", needed, known, first)
    for name in known:
        if any(acts[name][key] != first_acts[name][key] for key in ("act", "topic", "personal")):
            yield f"{shown(models / 'intents.yaml')}:1: {name} means something else than in {first}"
    topics, first_topics = templates.topics[language], templates.topics[first]
    yield from _lacking(f"{shown(texts / 'topics')}:1", first_topics, topics, first)
    for name, topic in topics.items():
        if (topic.pieces, topic.follows) != (first_topics[name].pieces, first_topics[name].follows):
            yield f"{shown(place_of(language, name))}:1: as many pieces and the same next as in {first} are needed"
    named = {of: {name.partition("/")[2] for name in templates.sources if name.startswith(f"{of}/")} for of in tables}
    yield from _lacking(f"{shown(texts)}:1", named[first], named[language], first)


def _lacking(place: str, wanted: Iterable[str], found: Iterable[str], first: str) -> Iterator[str]:
    lacking, idle = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    if lacking:
        yield f"{place}: {', '.join(lacking)} of {first} missing; write it, or drop it there"
    if idle:
        yield f"{place}: {', '.join(idle)} not in {first}; drop it, or write it there"

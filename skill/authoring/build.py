"""The one build step: both data folders compiled into skill/_built, which is all that run time reads."""

from __future__ import annotations

import json
import pickle
import shutil
import sys
from collections.abc import Mapping
from typing import Any

from skill.authoring.data import BUILT, MODELS, TEMPLATES
from skill.authoring.freshness import STAMP, fingerprint
from skill.authoring.hearing_data import compile_hearing, people
from skill.authoring.intents import Intent, read_intents, whole_utterances
from skill.authoring.mirror import mirrored
from skill.authoring.models import write_models
from skill.authoring.spelling import read_words
from skill.authoring.templates import (
    Topic,
    compile_templates,
    first_language,
    read_labels,
    read_locales,
    read_templates,
)


def build() -> None:
    """Compiles everything; raises DataError, naming file, line and cure, and leaves the old build if data is wrong."""
    templates = read_templates()
    locales = read_locales()
    labels = {language: read_labels(language) for language in templates.topics}
    tables = {language: _language(language, topics, locales) for language, topics in templates.topics.items()}
    first = first_language()
    mirrored(templates, labels, tables, first=first)
    BUILT.mkdir(exist_ok=True)
    for language, (hearing, intents) in tables.items():
        _write(f"hearing.{language}", {name: table for name, table in hearing.items() if name != "signs"})
        _write(f"intents.{language}", intents)
    children = {noun for language in tables for noun in read_words(language).texts("child", needed=True)}
    _write("signs", {"signs": tables[first][0]["signs"], "child": sorted(children)})
    _write("locales", locales)
    _write("screen", json.loads((TEMPLATES / "screen.apl.json").read_text(encoding="utf-8")))
    _write(
        "page", {language: json.loads((TEMPLATES / language / "page.json").read_text("utf-8")) for language in tables}
    )
    catalogue = {
        "names": sorted(templates.sources),
        "labels": labels,
        "topics": {
            name: {"pieces": topic.pieces, "next": topic.follows} for name, topic in templates.topics[first].items()
        },
    }
    _write("templates", catalogue)
    compile_templates(templates, BUILT / "templates")
    write_models(BUILT / "models", templates.topics)
    for language in tables:
        shutil.copyfile(MODELS / language / "countries.txt", BUILT / "models" / f"countries.{language}.txt")
    (BUILT / STAMP).write_text(json.dumps({"sources": fingerprint()}), encoding="utf-8")


def _language(
    language: str, known_topics: Mapping[str, Topic], locales: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What hearing loads for `language`, and its intents: the act of each, and the utterances that are all its own."""
    topics = {name: topic.names for name, topic in known_topics.items()}
    acts: dict[str, Any] = {}
    exact: dict[str, str] = {}
    countries = [name for lines in locales.values() if lines["language"] == language for name in lines["names"]]
    names = [name for named in people(language).values() for name in named]
    fillings = {"country": countries, "person": names}
    read = read_intents(language, set(topics))
    questions: list[tuple[str, str, Intent]] = []
    known: list[tuple[str, str]] = []
    for intent in read.intents:
        acts[intent.name] = {
            "act": intent.act, "topic": intent.topic, "implies": intent.implies, "personal": intent.personal,
        }  # fmt: skip
        if intent.act not in {"describe", "report", "about", "topic"} or intent.implies:
            exact.update(dict.fromkeys(whole_utterances(intent, fillings), intent.name))
        if intent.act not in {"describe", "report"}:
            label = "known:personal" if intent.personal else "known:nobody"
            known.extend((label, utterance) for utterance in whole_utterances(intent, fillings))
        if intent.act == "topic":
            label = f"topic:{intent.topic}" + (":personal" if intent.personal else "")
            questions.extend((label, phrase, intent) for phrase in intent.phrases)
    return compile_hearing(language, topics, questions, known), {"acts": acts, "exact": exact}


def _write(name: str, table: Any) -> None:  # noqa: ANN401  # whatever its reader makes of it
    (BUILT / f"{name}.pickle").write_bytes(pickle.dumps(_shared(table), protocol=5))


def _shared(table: Any) -> Any:  # noqa: ANN401  # the same again
    """Equal texts made one, since a pickle holds each object once; raises TypeError for what isn't plain data."""
    if isinstance(table, str):
        return sys.intern(table)
    if isinstance(table, Mapping):
        return {_shared(key): _shared(value) for key, value in table.items()}
    if isinstance(table, list | tuple):
        return [_shared(value) for value in table]
    if table is None or isinstance(table, bool | int | float):
        return table
    raise TypeError(f"{type(table).__name__} can't be compiled")

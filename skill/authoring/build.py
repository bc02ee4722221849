"""The one build step: both data folders compiled into skill/_built, which is all that run time reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from skill.authoring.data import BUILT, MODELS, TEMPLATES, Node
from skill.authoring.hearing_data import compile_hearing
from skill.authoring.intents import read_intents
from skill.authoring.models import write_models
from skill.authoring.templates import compile_templates, read_labels, read_locales, read_templates

STAMP: Final = "stamp.json"
LANGUAGES: Final = ("en",)


def build() -> None:
    """Compiles everything; raises DataError, naming file, line and cure, and leaves the old build if data is wrong."""
    templates = read_templates()
    locales = read_locales()
    labels = {language: read_labels(language) for language in LANGUAGES}
    topics = {name: topic.names for name, topic in templates.topics.items()}
    hearing: dict[str, Any] = {}
    acts: dict[str, Any] = {}
    for language in LANGUAGES:
        read = read_intents(language, set(topics))
        questions: list[tuple[str, str, Node]] = []
        for intent in read.intents:
            acts[intent.name] = {
                "act": intent.act, "topic": intent.topic, "implies": intent.implies, "personal": intent.personal,
            }  # fmt: skip
            if intent.act == "topic":
                label = f"topic:{intent.topic}" + (":personal" if intent.personal else "")
                questions.extend((label, phrase, intent.node) for phrase in intent.node.texts("says"))
        hearing[language] = compile_hearing(language, topics, questions)
        missing = set(hearing[language]["signs"]) - set(labels[language])
        if missing:
            templates_path = TEMPLATES / language / "labels.yaml"
            raise SystemExit(f"{templates_path}: no label for {', '.join(sorted(missing))}")
    BUILT.mkdir(exist_ok=True)
    for language, data in hearing.items():
        _write(f"hearing.{language}.json", data)
    _write("intents.json", acts)
    _write("locales.json", locales)
    catalogue = {
        "names": sorted(templates.sources),
        "labels": labels,
        "topics": {name: {"pieces": topic.pieces, "next": topic.follows} for name, topic in templates.topics.items()},
    }
    _write("templates.json", catalogue)
    compile_templates(templates, BUILT / "templates")
    write_models(BUILT / "models", templates.topics)
    _write(STAMP, {"sources": fingerprint()})


def is_stale() -> bool:
    """Whether skill/_built is missing or was made from other data than what stands in the folders now."""
    stamp = BUILT / STAMP
    return not stamp.is_file() or json.loads(stamp.read_text(encoding="utf-8")).get("sources") != fingerprint()


def fingerprint() -> str:
    """A hash over every data file and over the code that compiles them."""
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    yield from sorted(path for path in MODELS.rglob("*.yaml"))
    yield from sorted(path for path in TEMPLATES.rglob("*") if path.is_file())
    yield from sorted(Path(__file__).parent.glob("*.py"))
    yield Path(__file__).parents[1] / "hearing" / "words.py"
    yield Path(__file__).parents[1] / "speaking" / "environment.py"


def _write(name: str, value: Any) -> None:  # noqa: ANN401  # JSON
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    (BUILT / name).write_text(text + "\n", encoding="utf-8")

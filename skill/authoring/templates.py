"""speech_templates, read and compiled: front matter checked, topics cut into pieces, Jinja turned into modules."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import DictLoader, TemplateSyntaxError

from skill.authoring.data import TEMPLATES, DataError, Node, read, read_text
from skill.speaking.environment import environment

_SUFFIX: Final = ".ssml.j2"
_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_PIECE = re.compile(r"^== (short|piece)\n", re.MULTILINE)
_MACRO = re.compile(r"macro (\w+)\(")
_NEEDS_SOURCE: Final = ("topics", "emergency")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic's front matter says, and into how many pieces its text is cut."""

    title: str
    names: tuple[str, ...]
    follows: str
    sources: tuple[str, ...]
    reviewed: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Templates:
    """Every template of every language: source by name ("en/emergency/stroke"), topics, sources used."""

    sources: dict[str, str]
    topics: dict[str, Topic]
    cited: dict[str, tuple[str, ...]]
    places: dict[str, Path]


def read_templates() -> Templates:
    """All templates as data; raises DataError, naming file and cure, where one lacks what it needs."""
    known = set(read(TEMPLATES / "sources.yaml").keys())
    sources: dict[str, str] = {}
    topics: dict[str, Topic] = {}
    cited: dict[str, tuple[str, ...]] = {}
    places: dict[str, Path] = {}
    for folder in sorted(path for path in TEMPLATES.iterdir() if path.is_dir()):
        language = folder.name.partition("-")[0]
        macros = TEMPLATES / language / f"_macros{_SUFFIX}"
        names = ", ".join(sorted(_MACRO.findall(macros.read_text(encoding="utf-8"))))
        prelude = f'{{%- from "{language}/_macros" import {names} with context -%}}'
        for path in sorted(folder.rglob(f"*{_SUFFIX}")):
            name = str(path.relative_to(TEMPLATES)).removesuffix(_SUFFIX)
            text = path.read_text(encoding="utf-8")
            if path == macros:
                sources[name] = text
                continue
            places[name] = path
            front, body = _front(path, text)
            if front:
                cited[name] = _sources(front, known)
            elif path.parent.name in _NEEDS_SOURCE:
                raise DataError(f"{path}:1: a {path.parent.name} template needs sources; add front matter between ---")
            if path.parent.name != "topics":
                sources[name] = prelude + body
                continue
            topic, pieces = _topic(front or _fail_front(path), path, body)
            topics[path.name.removesuffix(_SUFFIX)] = topic
            for piece, text_of_piece in pieces.items():
                sources[f"{name}/{piece}"] = prelude + text_of_piece
                places[f"{name}/{piece}"] = path
    for topic_name, topic in topics.items():
        if topic.follows not in topics:
            raise DataError(f"topics/{topic_name}: next: {topic.follows!r} is no topic; name one that is")
    return Templates(sources, topics, cited, places)


def compile_templates(templates: Templates, target: Path) -> None:
    """Writes each template as a Python module into `target`; raises DataError for one that is no Jinja."""
    for name, source in templates.sources.items():
        try:
            environment(DictLoader({})).parse(source)
        except TemplateSyntaxError as error:
            place = templates.places.get(name, name)
            raise DataError(f"{place}:{error.lineno}: {error.message}; mend the template") from None
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    environment(DictLoader(templates.sources)).compile_templates(fresh, zip=None, ignore_errors=False)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def read_locales() -> dict[str, Any]:
    """locales.yaml, checked and JSON-ready."""
    table: dict[str, Any] = {}
    for locale, node in read(TEMPLATES / "locales.yaml").entries():
        node.only(
            "language",
            "country",
            "names",
            "emergency",
            "advice",
            "crisis",
            "without_voice",
            "slogan",
            "checked",
            "source",
        )
        table[locale] = {
            "language": node.text("language"),
            "country": node.text("country") if locale != "default" else "",
            "names": list(node.texts("names", needed=locale != "default")),
            "emergency": _line(node.node("emergency")),
            "crisis": _line(node.node("crisis")),
            "advice": node.text("advice"),
            "without_voice": node.text("without_voice", ""),
            "slogan": node.text("slogan"),
        }
        node.text("checked")
        node.texts("source", needed=True)
    return table


def read_labels(language: str) -> dict[str, str]:
    """labels.yaml of `language`: what each sign is called aloud; "" where it has no name of its own."""
    node = read(TEMPLATES / language / "labels.yaml")
    return {sign: node.text(sign) if node.value(sign) else "" for sign in node.keys()}  # noqa: SIM118


def _line(node: Node) -> dict[str, Any]:
    node.only("dial", "say", "digits")
    line = {"dial": node.value("dial"), "say": node.value("say"), "digits": node.flag("digits")}
    if not isinstance(line["dial"], str) or not isinstance(line["say"], str):
        node.fail("quote the number: it is digits to be read one by one")
    if not (line["say"] or (line["dial"] and line["digits"])):
        node.fail("say how it is spoken, or set digits: true")
    return line


def _front(path: Path, text: str) -> tuple[Node | None, str]:
    found = _FRONT.match(text)
    if not found:
        return None, text
    return read_text(found.group(1), path, 2), text[found.end() :]


def _fail_front(path: Path) -> Node:
    raise DataError(f"{path}:1: a topic needs front matter: title, names, next, sources, reviewed")


def _sources(front: Node, known: set[str]) -> tuple[str, ...]:
    sources = front.texts("sources", needed=True)
    for source in sources:
        if source not in known:
            front.fail(f"{source!r} is not in sources.yaml; add it there", "sources")
    front.text("reviewed")
    return sources


def _topic(front: Node, path: Path, body: str) -> tuple[Topic, dict[str, str]]:
    front.only("title", "names", "next", "sources", "reviewed")
    parts = _PIECE.split(body)
    if parts[0].strip() or "short" not in parts[1::2] or "piece" not in parts[1::2]:
        raise DataError(f"{path}:1: a topic's text is one '== short' and one or more '== piece'")
    pieces: dict[str, str] = {}
    for kind, text in zip(parts[1::2], parts[2::2], strict=True):
        pieces["short" if kind == "short" else str(len([name for name in pieces if name != "short"]))] = text
    topic = Topic(
        title=front.text("title"),
        names=front.texts("names", needed=True),
        follows=front.text("next"),
        sources=front.texts("sources"),
        reviewed=front.text("reviewed"),
        pieces=len(pieces) - 1,
    )
    return topic, pieces

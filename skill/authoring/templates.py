"""speech_templates, read and compiled: front matter checked, topics cut into pieces, Jinja turned into modules."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import DictLoader, Environment, ModuleLoader, TemplateSyntaxError, nodes

from skill.authoring.data import TEMPLATES, DataError, Node, read, read_text, shown
from skill.speaking.environment import environment

_SUFFIX: Final = ".ssml.j2"
_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_PART = re.compile(r"^==(.*)\n", re.MULTILINE)
_KIND = re.compile(r" (short|piece: .+)")
_FACT = re.compile(r"\bfact\.(\w+)")
_MACRO = re.compile(r"macro (\w+)\(")


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that changes as medicine does: how it is spoken, when it was looked up, and where."""

    says: str
    checked: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic's front matter says, and into how many pieces its text is cut.

    `sources` are those of all its pieces and of the facts in them, each once.
    """

    title: str
    names: tuple[str, ...]
    follows: str
    sources: tuple[str, ...]
    reviewed: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Templates:
    """Every template: source by name ("en/emergency/stroke"), topics and facts by language, sources used."""

    sources: dict[str, str]
    topics: dict[str, dict[str, Topic]]
    facts: dict[str, dict[str, Fact]]
    cited: dict[str, tuple[str, ...]]
    places: dict[str, Path]


def read_templates() -> Templates:
    """All templates as data; raises DataError, naming file and cure, where one lacks what it needs."""
    known = set(read(TEMPLATES / "sources.yaml").keys())
    sources: dict[str, str] = {}
    topics: dict[str, dict[str, Topic]] = {language: {} for language in languages()}
    facts = {language: _facts(TEMPLATES / language / "facts.yaml", known) for language in topics}
    cited: dict[str, tuple[str, ...]] = {}
    places: dict[str, Path] = {}
    for folder in sorted(path for path in TEMPLATES.iterdir() if path.is_dir()):
        language = folder.name.partition("-")[0]
        if language not in topics:
            continue
        macros = TEMPLATES / language / f"_macros{_SUFFIX}"
        names = ", ".join(sorted(_MACRO.findall(macros.read_text(encoding="utf-8"))))
        says = json.dumps({name: fact.says for name, fact in facts[language].items()}, ensure_ascii=False)
        prelude = f'{{%- from "{language}/_macros" import {names} with context -%}}'
        for path in sorted(folder.rglob(f"*{_SUFFIX}")):
            name = str(path.relative_to(TEMPLATES)).removesuffix(_SUFFIX)
            text = path.read_text(encoding="utf-8")
            if path == macros:
                sources[name] = text
                continue
            places[name] = path
            front, body = _front(path, text)
            if path.parent.name != "topics":
                if front:
                    cited[name] = _known(front.texts("sources", needed=True), known, f"{shown(path)}:1")
                    front.text("reviewed")
                elif path.parent.name == "emergency":
                    raise DataError(
                        f"{shown(path)}:1: an emergency template needs sources; add front matter between ---"
                    )
                sources[name] = prelude + body
                continue
            topic, pieces = _topic(front or _fail_front(path), path, body, known, facts[language])
            topics[language][path.name.removesuffix(_SUFFIX)] = topic
            cited[name] = topic.sources
            for piece, text_of_piece in pieces.items():
                of_facts = f"{{%- set fact = {says} -%}}" if _FACT.search(text_of_piece) else ""
                sources[f"{name}/{piece}"] = prelude + of_facts + text_of_piece
                places[f"{name}/{piece}"] = path
    for language, known_topics in topics.items():
        _check_links(language, known_topics, facts[language], sources)
    return Templates(sources, topics, facts, cited, places)


def _check_links(language: str, topics: dict[str, Topic], facts: dict[str, Fact], sources: dict[str, str]) -> None:
    for topic_name, topic in topics.items():
        if topic.follows not in topics:
            raise DataError(
                f"{shown(place_of(language, topic_name))}:1: next: {topic.follows!r} is no topic; name one that is"
            )
    said = (source for name, source in sources.items() if name.startswith(f"{language}/"))
    unused = set(facts) - {name for source in said for name in _FACT.findall(source)}
    if unused:
        place = shown(TEMPLATES / language / "facts.yaml")
        raise DataError(f"{place}:1: no topic says {', '.join(sorted(unused))}; say it or drop it")


def compile_templates(templates: Templates, target: Path) -> None:
    """Writes each template as a Python module into `target`; raises DataError for one that is no Jinja."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    compiler = environment(DictLoader(templates.sources))
    for name, source in templates.sources.items():
        try:
            tree = _with_macros(compiler.parse(source), compiler, templates)
            code = compiler.compile(tree, name, raw=True, defer_init=True)
        except TemplateSyntaxError as error:
            place = shown(templates.places[name]) if name in templates.places else name
            raise DataError(f"{place}:{error.lineno}: {error.message}; mend the template") from None
        (fresh / ModuleLoader.get_module_filename(name)).write_text(code, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def place_of(language: str, topic: str) -> Path:
    """The file that holds the text and the names of `topic`."""
    return TEMPLATES / language / "topics" / f"{topic}{_SUFFIX}"


def _with_macros(tree: nodes.Template, compiler: Environment, templates: Templates) -> nodes.Template:
    """`tree` with the macros that it uses in place of the line that imports them all.

    Jinja runs the whole imported file anew for every template that is spoken, which took a third of a turn.
    """
    imports = list(tree.find_all(nodes.FromImport))
    for line in imports:
        source = templates.sources[line.template.as_const()]
        macros = {macro.name: macro for macro in compiler.parse(source).find_all(nodes.Macro)}
        used: set[str] = set()
        unseen: list[nodes.Node] = [tree]
        while unseen:
            names = {name.name for name in unseen.pop().find_all(nodes.Name)} & macros.keys() - used
            used |= names
            unseen.extend(macros[name] for name in names)
        at = tree.body.index(line)
        tree.body[at : at + 1] = [macro for name, macro in macros.items() if name in used]
    return tree


def languages() -> tuple[str, ...]:
    """The languages that the skill hears and speaks: those of locales.yaml, and no folder before it stands there."""
    return tuple(sorted({node.text("language") for _, node in read(TEMPLATES / "locales.yaml").entries()}))


@cache
def first_language() -> str:
    """The language that the others mirror: locales.yaml names it under `default`."""
    return read(TEMPLATES / "locales.yaml").node("default").text("language")


def alexas_locales() -> tuple[str, ...]:
    """The locales that Alexa has a model of: all with lines of their own, but those marked otherwise."""
    served = read(TEMPLATES / "locales.yaml").entries()
    return tuple(sorted(code for code, node in served if "-" in code and node.value("alexa") is not False))


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
            "words",
            "last_resort",
            "alexa",
            "checked",
            "source",
        )
        words = node.node("words") if node.value("words") else Node({}, node.path, "words", node.line)
        table[locale] = {
            "language": node.text("language"),
            "country": node.text("country") if "-" in locale else "",
            "names": list(node.texts("names", needed="-" in locale)),
            "emergency": _line(node.node("emergency")),
            "crisis": _line(node.node("crisis")),
            "advice": node.text("advice"),
            "without_voice": node.text("without_voice", ""),
            "slogan": node.text("slogan", ""),
            "words": {name: words.text(name) for name in words.keys()},  # noqa: SIM118
            "last_resort": node.text("last_resort", ""),
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
    raise DataError(f"{shown(path)}:1: a topic needs front matter: title, names, next, reviewed")


def _facts(path: Path, known: set[str]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for name, node in read(path).entries():
        node.only("says", "checked", "sources")
        sources = _known(node.texts("sources", needed=True), known, f"{shown(path)}:{node.line}: {name}")
        facts[name] = Fact(node.text("says"), node.text("checked"), sources)
    return facts


def _known(sources: tuple[str, ...], known: set[str], where: str) -> tuple[str, ...]:
    for source in sources:
        if source not in known:
            raise DataError(f"{where}: {source!r} is not in sources.yaml; add it there")
    return sources


def _topic(front: Node, path: Path, body: str, known: set[str], facts: dict[str, Fact]) -> tuple[Topic, dict[str, str]]:
    """The topic at `path` and its texts by name, "short", "0", "1" …: each piece names the sources of its claims."""
    front.only("title", "names", "next", "reviewed")
    parts = _PART.split(body)
    kinds = parts[1::2]
    known_kinds = all(_KIND.fullmatch(kind) for kind in kinds)
    if parts[0].strip() or not known_kinds or kinds.count(" short") != 1 or len(kinds) == 1:
        raise DataError(f"{shown(path)}:1: a topic's text is one '== short' and one or more '== piece: source, source'")
    pieces: dict[str, str] = {}
    sources: dict[str, None] = {}
    for kind, text in zip(kinds, parts[2::2], strict=True):
        pieces["short" if kind == " short" else str(len([name for name in pieces if name != "short"]))] = text
        named = tuple(source.strip() for source in kind.partition(": ")[2].split(",") if source.strip())
        sources.update(dict.fromkeys(_known(named, known, f"{shown(path)}:1")))
        for name in _FACT.findall(text):
            if name not in facts:
                raise DataError(f"{shown(path)}:1: {name!r} is not in facts.yaml; add it there")
            sources.update(dict.fromkeys(facts[name].sources))
    topic = Topic(
        title=front.text("title"),
        names=front.texts("names", needed=True),
        follows=front.text("next"),
        sources=tuple(sources),
        reviewed=front.text("reviewed"),
        pieces=len(pieces) - 1,
    )
    return topic, pieces

"""signs.yaml, context.yaml and the topics' own questions, compiled into what hearing reads."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hassil.expression import Sentence

from skill.authoring.data import MODELS, Node, read
from skill.authoring.intents import Intent
from skill.authoring.phrases import rules_of, sequences
from skill.authoring.spelling import read_words, spelling_of
from skill.turn import KINDS, Status, Verdict

_PEOPLE = ("self", "other", "noun")
_SIGN_KEYS = ("kind", "urgency", "source", "heard_as", "look_alikes")
_RULE_KEYS = (
    "status", "direction", "reach", "ceiling", "lifted_by", "not_with", "unless", "source", "phrases", "examples",
)  # fmt: skip


class Graph:
    """Labelled word sequences, gathered as a tree and handed out with equal endings shared."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}

    def add(self, sequence: Iterable[str], label: str) -> None:
        """Lets `sequence` end with `label`."""
        at = self._root
        for word in sequence:
            at = at.setdefault(word, {})
        at.setdefault("", set()).add(label)

    def compiled(self) -> dict[str, Any]:
        """Edges and labels per node, node 0 first, in an order that depends on the data alone."""
        edges: list[dict[str, int]] = [{}]
        labels: list[list[str]] = [[]]
        known: dict[tuple[tuple[tuple[str, int], ...], tuple[str, ...]], int] = {}

        def place(node: dict[str, Any]) -> int:
            steps = {word: place(node[word]) for word in sorted(node) if word}
            ends = sorted(node.get("", ()))
            key = (tuple(steps.items()), tuple(ends))
            if key not in known:
                known[key] = len(edges)
                edges.append(steps)
                labels.append(ends)
            return known[key]

        edges[0] = edges[place(self._root)]
        return {"edges": edges, "labels": labels}


def compile_hearing(
    language: str,
    topics: dict[str, tuple[str, ...]],
    questions: Iterable[tuple[str, str, Intent]],
    known: Iterable[tuple[str, str]],
) -> dict[str, Any]:
    """What skill.hearing loads for `language`, JSON-ready.

    `topics` gives the names of each topic; `questions` gives (label, phrase, intent) of the intents
    that ask for one, the label being "topic:NAME", with ":personal" behind it where somebody here is meant.
    `known` are whole utterances that an intent knows by heart, as "known:personal" where somebody here is meant,
    "known:nobody" elsewhere. Raises DataError where a data file is wrong.
    """
    folder = MODELS / language
    graph = Graph()
    signs = _signs(folder / "signs.yaml", graph)
    context = _context(folder / "context.yaml", graph)
    names_in = read(folder / "context.yaml")
    for topic, names in topics.items():
        for name in names:
            for sequence in sequences(name, {}, names_in, f"the name {name!r} of topic {topic}"):
                graph.add(sequence, f"topic:{topic}")
    for label, phrase, intent in questions:
        for sequence in sequences(phrase, intent.rules, intent.node, "says"):
            graph.add(sequence, label)
    for label, utterance in known:
        if utterance:
            graph.add(utterance.split(), label)
    written = read_words(language)
    spelling = spelling_of(language)
    compiled = graph.compiled()
    return {
        **compiled,
        "signs": signs,
        **context,
        "spelling": {
            "same": {**_unaccented(compiled["edges"]), **spelling.same},
            "pairs": [[list(pair), word] for pair, word in spelling.pairs.items()],
            "parted": spelling.parted, "suffixes": spelling.suffixes, "endings": spelling.endings,
            "whole": sorted(spelling.whole),
        },
        "letters": list(written.texts("letters")),
        "leaning": list(written.texts("leaning")),
        "oneself": list(written.texts("oneself", needed=True)),
        "personal": list(written.texts("personal", needed=True)),
    }  # fmt: skip


def _unaccented(edges: Iterable[Mapping[str, int]]) -> dict[str, str]:
    """Each word of the phrases by the same without its accents, where that is none itself: people type "durmio"."""
    known = {word for step in edges for word in step}
    bare: dict[str, str] = {}
    for word in sorted(known):
        without = "".join(mark for mark in unicodedata.normalize("NFD", word) if not unicodedata.combining(mark))
        if without not in known:
            bare[without] = word
    return bare


def read_signs(path: Path) -> tuple[dict[str, Any], Node]:
    """The rules and the signs of a signs.yaml, keys checked."""
    root = read(path).only("rules", "stands_for", "signs")
    return rules_of(root.node("rules")), root.node("signs")


def people(language: str) -> dict[str, tuple[str, ...]]:
    """What people of `language` call each other: the noun that the skill uses, and every name that leads to it."""
    nouns = read(MODELS / language / "context.yaml").node("people").node("nouns")
    return {noun: nouns.texts(noun) for noun in nouns.keys()}  # noqa: SIM118


def model_rules(path: Path) -> dict[str, Sentence]:
    """The rules of a signs.yaml as Alexa's model uses them: where one form stands for all, only that."""
    root = read(path)
    return {**rules_of(root.node("rules")), **rules_of(root.node("stands_for"))}


def _signs(path: Path, graph: Graph) -> dict[str, Any]:
    rules, signs = read_signs(path)
    table: dict[str, Any] = {}
    for sign, node in signs.entries():
        node.only(*_SIGN_KEYS)
        table[sign] = {
            "kind": node.text("kind", choices=KINDS),
            "urgency": node.text("urgency", choices=("emergency", "today", "routine")),
        }
        node.texts("source", needed=True)
        node.texts("look_alikes", needed=True)
        for group in node.nodes("heard_as"):
            group.only("alone", "phrases")
            alone = group.text("alone", choices=(Verdict.ESCALATE, Verdict.CLARIFY))
            for phrase in group.texts("phrases", needed=True):
                for sequence in sequences(phrase, rules, group, "phrases"):
                    graph.add(sequence, f"sign:{sign}:{alone}")
    return table


def _context(path: Path, graph: Graph) -> dict[str, Any]:
    root = read(path).only(
        "rules", "marks", "fillers", "clause_ends", "people", "courtesies",
        "openers", "scenes", "not_denials", "negators", "personal_questions", "times", "minimisers", "times",
    )  # fmt: skip
    marks = root.node("marks")
    rules: dict[str, Any] = {}
    for name, node in root.node("rules").entries():
        node.only(*_RULE_KEYS)
        for key, known in (("lifted_by", marks.keys()), ("not_with", _PEOPLE)):
            for word in node.texts(key):
                if word not in known:
                    node.fail(f"{word!r} is none of {', '.join(known)}", key)
        rules[name] = {
            "status": node.text("status", choices=tuple(Status)),
            "direction": node.text("direction", choices=("forward", "backward", "covers", "clause", "anywhere")),
            "reach": node.number("reach"),
            "ceiling": node.text("ceiling", choices=("clarify", "inform")),
            "lifted_by": list(node.texts("lifted_by")),
            "not_with": list(node.texts("not_with")),
        }
        node.texts("source", needed=True)
        _add(graph, node, "phrases", f"rule:{name}")
        _add(graph, node, "unless", f"unless:{name}")
    for mark in marks.keys():  # noqa: SIM118
        _add(graph, marks, mark, f"mark:{mark}")
    scenes = root.node("scenes").only("child", "impaired", "driving", "alone")
    for scene in scenes.keys():  # noqa: SIM118
        _add(graph, scenes, scene, f"scene:{scene}")
    times = root.node("times").only("rules", "noticed", "well", "woke")
    hours = rules_of(times.node("rules"))
    for time in ("noticed", "well", "woke"):
        _add(graph, times, time, f"time:{time}", hours)
    for key, label in (
        ("courtesies", "courtesy"), ("openers", "opener"), ("not_denials", "not_denial"),
        ("personal_questions", "personal_question"), ("minimisers", "minimiser"),
    ):  # fmt: skip
        _add(graph, root, key, label)
    people = root.node("people").only("self", "other", "nouns")
    _add(graph, people, "self", "self")
    _add(graph, people, "other", "other")
    nouns = people.node("nouns")
    for noun in nouns.keys():  # noqa: SIM118
        _add(graph, nouns, noun, f"noun:{noun}")
    return {
        "rules": rules,
        "fillers": sorted(set(root.texts("fillers"))),
        "clause_ends": sorted(root.texts("clause_ends")),
        "negators": sorted(root.texts("negators")),
    }


def _add(graph: Graph, node: Node, key: str, label: str, rules: Mapping[str, Sentence] | None = None) -> None:
    for phrase in node.texts(key):
        for sequence in sequences(phrase, rules or {}, node, key):
            graph.add(sequence, label)

"""words.yaml of a language: how its words are written, and the few that hearing and the checks must know as such."""

from __future__ import annotations

from functools import cache

from skill.authoring.data import MODELS, Node, read
from skill.hearing.words import Spelling


def read_words(language: str) -> Node:
    """The words.yaml of `language`, keys checked."""
    return read(MODELS / language / "words.yaml").only(
        "same", "pairs", "parted", "suffixes", "endings", "whole", "letters", "leaning", "oneself", "child", "personal",
        "connecting", "launching", "stopping",
    )  # fmt: skip


@cache
def spelling_of(language: str) -> Spelling:
    """How `language` writes its short forms; raises DataError where words.yaml is wrong."""
    written = read_words(language)
    return Spelling(
        same=_texts(written.node("same")),
        pairs={_pair(pair, written): word for pair, word in _texts(written.node("pairs")).items()},
        parted={word: tuple(parts.split()) for word, parts in _texts(written.node("parted")).items()},
        suffixes=_texts(written.node("suffixes")),
        endings=_texts(written.node("endings")),
        whole=frozenset(written.texts("whole")),
    )


def _texts(node: Node) -> dict[str, str]:
    return {key: node.text(key) for key in node.keys()}  # noqa: SIM118


def _pair(pair: str, written: Node) -> tuple[str, str]:
    one, _, two = pair.partition(" ")
    if not two:
        written.fail(f"{pair!r} is no pair of words; put both, with a space between", "pairs")
    return one, two

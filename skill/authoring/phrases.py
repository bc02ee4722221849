"""Phrases of the data folders, expanded: hassil's grammar in, plain word sequences out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from hassil.errors import HassilError
from hassil.expression import Sentence
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError
from hassil.sample import sample_sentence

from skill.authoring.data import Node
from skill.authoring.spelling import spelling_of
from skill.hearing.lexicon import GAP
from skill.hearing.words import words

MOST_FORMS: Final = 60_000
"""More forms than this are a slip of the brackets, not a phrase that people say."""


def rules_of(node: Node) -> dict[str, Sentence]:
    """The expansion rules that a data file defines, parsed; raises DataError at the one that is not grammar."""
    return {name: _parsed(node.text(name), node, name) for name in node.keys()}  # noqa: SIM118


def expand(phrase: str, rules: Mapping[str, Sentence], node: Node, key: str, *, barest: bool = False) -> Iterable[str]:
    """Every plain form of `phrase`, in a stable order, {gap} kept; only those without optional words if `barest`.

    Raises DataError if it is no grammar or has more forms than anybody says.
    """
    sentence = _parsed(phrase, node, key)
    try:
        forms: dict[str, None] = {}
        for form in sample_sentence(sentence, expansion_rules=dict(rules), expand_lists=False, skip_optionals=barest):
            forms[" ".join(form.split())] = None
            if len(forms) > MOST_FORMS:
                node.fail(f"{phrase!r} has more than {MOST_FORMS} forms; split it", key)
    except HassilError as error:
        node.fail(f"{phrase!r}: {type(error).__name__} {error}; define the rule or mend the brackets", key)
    return tuple(forms)


def sequences(phrase: str, rules: Mapping[str, Sentence], node: Node, key: str) -> Iterable[tuple[str, ...]]:
    """Every form of `phrase` as the words that hearing compares, in the language of the folder that `node` lies in.

    Raises DataError if one begins with a gap or is empty.
    """
    spelling = spelling_of(node.path.parent.name)
    for form in expand(phrase, rules, node, key):
        parts = form.split(GAP)
        sequence: list[str] = []
        for index, part in enumerate(parts):
            if index:
                sequence.append(GAP)
            sequence.extend(words(part, spelling))
        if not sequence or sequence[0] == GAP:
            node.fail(f"{phrase!r} can begin with {GAP} or be empty; begin it with a word", key)
        while sequence[-1] == GAP:
            sequence.pop()
        yield tuple(sequence)


def _parsed(phrase: str, node: Node, key: str) -> Sentence:
    try:
        return parse_sentence(phrase)
    except (HassilError, ParseError) as error:
        node.fail(f"{phrase!r} is not a phrase: {error}; mend the brackets", key)

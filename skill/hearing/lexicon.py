"""Words to spans: every phrase of the data folders, found in one pass over the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

GAP: Final = "{gap}"
GAP_WORDS: Final = 4
"""How many words {gap} may stand for: "mouth {gap} drooping" hears "mouth on the left is drooping"."""


@dataclass(frozen=True, slots=True)
class Span:
    """A phrase that was found: what it stands for, and where, as a half-open range of words."""

    label: str
    start: int
    end: int

    def covers(self, other: Span) -> bool:
        """Whether `other` lies inside this span."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Span) -> bool:
        """Whether the two share a word."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The phrases as one graph: node i leads by a word to another node and may end phrases with labels.

    Equal endings share their nodes, so that thousands of phrasings load fast. Fillers may stand inside a
    phrase; a {gap} never reaches over the end of a clause, nor over a "not", which would turn the sense.
    """

    edges: Sequence[Mapping[str, int]]
    labels: Sequence[Sequence[str]]
    fillers: AbstractSet[str]
    clause_ends: AbstractSet[str]
    negators: AbstractSet[str]

    def spans(self, words: Sequence[str]) -> tuple[Span, ...]:
        """Every phrase that stands in `words`, the longest where one label ends twice from one start.

        Time grows with the number of words, not with the number of phrases.
        """
        first = self.edges[0]
        found: dict[tuple[str, int], int] = {}
        for start, word in enumerate(words):
            if word in first:
                self._walk(words, start, found)
        return tuple(Span(label, start, end) for (label, start), end in found.items())

    def _walk(self, words: Sequence[str], start: int, found: dict[tuple[str, int], int]) -> None:
        seen: set[tuple[int, int, int]] = set()
        open_walks = [(0, start, 0)]
        while open_walks:
            walk = open_walks.pop()
            if walk in seen:
                continue
            seen.add(walk)
            node, at, gap = walk
            for label in self.labels[node]:
                key = (label, start)
                found[key] = max(found.get(key, 0), at)
            if at >= len(words):
                continue
            word = words[at]
            step = self.edges[node].get(word)
            if step is not None:
                open_walks.append((step, at + 1, 0))
            wide = self.edges[node].get(GAP)
            if wide is not None:
                open_walks.append((wide, at, GAP_WORDS))
            if gap and word not in self.clause_ends and word not in self.negators:
                open_walks.append((node, at + 1, gap - 1))
            elif not gap and node and word in self.fillers:
                open_walks.append((node, at + 1, 0))

"""The second ear: a linear model over words and letters that hears signs told in words which no rule knows.

It needs the standard library alone and a fraction of a millisecond. It was trained on the corpus in
skill/authoring/corpus by skill/authoring/train.py; only the weights travel.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from zlib import crc32

WEIGHTS: Final = Path(__file__).parent / "weights"
"""A folder for each language: linear.bin, linear.json, thresholds.json, and what the third ear needs where it is."""

_GROUPS: Final = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an ear thinks of one utterance, as log odds: that a sign is present, that somebody's state is told.

    `sign` is its best guess which sign, and `sure` how sure it is of that, from 0 to 1. `asks` is what it takes
    the utterance to ask for ("topic:NAME" or an act), "" where it is not sure; only the third ear says that.
    """

    present: float
    telling: float
    sign: str
    sure: float
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights as signed bytes, one row of `heads` for each hashed feature: the two log odds, then the signs."""

    weights: memoryview
    mask: int
    heads: int
    scales: Sequence[float]
    biases: Sequence[float]
    signs: Sequence[str]

    def opinion(self, said: Sequence[str]) -> Opinion:
        """The opinion on the words `said`, in time that grows with their number."""
        found = set(features(said))
        sums = [0] * self.heads
        for feature in found:
            at = (crc32(feature.encode("utf-8", "replace")) & self.mask) * self.heads
            for head, weight in enumerate(self.weights[at : at + self.heads]):
                sums[head] += weight
        length = math.sqrt(max(len(found), 1))
        scores = [
            total * scale / length + bias for total, scale, bias in zip(sums, self.scales, self.biases, strict=True)
        ]
        best = max(range(2, self.heads), key=scores.__getitem__)
        total = sum(math.exp(score - scores[best]) for score in scores[2:])
        return Opinion(scores[0], scores[1], self.signs[best - 2], 1 / total)


@cache
def second_ear(language: str) -> Linear:
    """The ear that was trained for `language`, loaded once."""
    meta: Mapping[str, Any] = json.loads((WEIGHTS / language / "linear.json").read_text(encoding="utf-8"))
    return Linear(
        weights=memoryview((WEIGHTS / language / "linear.bin").read_bytes()).cast("b"),
        mask=meta["buckets"] - 1,
        heads=2 + len(meta["signs"]),
        scales=meta["scales"],
        biases=meta["biases"],
        signs=meta["signs"],
    )


def features(said: Sequence[str]) -> Iterable[str]:
    """What the model sees of the words `said`: words, pairs, pairs with a gap, and groups of three to five letters."""
    edged = ["^", *said, "$"]
    yield from edged
    yield from (f"{one} {two}" for one, two in pairwise(edged))
    yield from (f"{one} _ {two}" for one, two in zip(edged, edged[2:], strict=False))
    text = f" {' '.join(said)} "
    for size in _GROUPS:
        yield from (f"#{text[at : at + size]}" for at in range(len(text) - size + 1))

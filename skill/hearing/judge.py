"""The trained ears' judgement on one utterance: the fast one always, the slow one only where that leaves doubt."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from skill.hearing.rules import LONG
from skill.hearing.second_ear import WEIGHTS, Opinion, second_ear
from skill.hearing.third_ear import asked


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the trained ears come to.

    `present`: a sign is there now. `possible`: it may be, so ask back. `telling`: somebody here tells how a person
    is; `nobody`: surely nobody does. `sign` is the sign that it sounds like, "" where they are not sure; `ear` is
    which one decided. `asks` is what the utterance asks for: "topic:NAME", an act, or "".
    """

    present: bool
    possible: bool
    telling: bool
    nobody: bool
    sign: str
    ear: str
    asks: str = ""


SURE: Final = 0.85
"""From here on the best guess is named aloud; below it the order speaks of a possible stroke only."""


MOST_WINDOWS: Final = 40


def _second(said: Sequence[str], language: str) -> Opinion:
    """The second ear's opinion; of a long tale that on the most alarming window."""
    starts = range(0, max(len(said) - LONG // 2, 1), LONG // 2)
    opinions = [second_ear(language).opinion(said[start : start + LONG]) for start in list(starts)[-MOST_WINDOWS:]]
    return max(opinions, key=lambda opinion: opinion.present)


@cache
def thresholds(language: str) -> Mapping[str, Mapping[str, float]]:
    """Where the log odds of each ear of `language` turn, as set on its validation writers by `make train`."""
    path = WEIGHTS / language / "thresholds.json"
    table: Mapping[str, Mapping[str, float]] = json.loads(path.read_text(encoding="utf-8"))
    return table


def judge(
    said: Sequence[str],
    text: str,
    language: str,
    *,
    fired: bool,
    third_ear: Callable[[str, str], Opinion | None] = asked,
) -> Judgement:
    """The judgement on the words `said` of `text`; `fired` says that a rule alone would escalate.

    A rule that the second ear agrees with never waits for the third.
    """
    second, limits = _second(said, language), thresholds(language)["second"]
    agreed = fired and second.present >= limits["agreed"]
    third = None if agreed else third_ear(text, language)
    if third is None:
        present, telling, best, ear = second.present, second.telling, second, "second"
    else:
        limits = thresholds(language)["third"]
        present = third.present + limits["weight"] * second.present
        telling = third.telling + limits["weight"] * second.telling
        best, ear = third, "third"
    return Judgement(
        present=agreed or present >= limits["present"],
        possible=present >= limits["possible"],
        telling=telling >= limits["telling"],
        nobody=telling < limits["nobody"] and present < limits["possible"],
        sign=best.sign if best.sure >= SURE else "",
        ear=ear,
        asks=best.asks,
    )

"""What hearing does on the unseen writers, for each arrangement of the ears."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from skill.authoring.corpus import Row, rows, split
from skill.authoring.thresholds import WEIGHT, rules_alone, second_opinion
from skill.hearing.hear import hear
from skill.hearing.heard import verdict_of
from skill.hearing.judge import judge, thresholds
from skill.hearing.third_ear import asked, has_third_ear
from skill.turn import Slot, Verdict

LEAST: Final = 60
"""A share over fewer sentences is not measured; it is shown as such, never hidden in a pool."""

Arrangement = Callable[[str, str], Verdict]
"""A way to hear: from a text and its language to the verdict."""


def second_alone(text: str, language: str) -> Verdict:
    """The verdict of the linear model without any rule."""
    opinion, limits = second_opinion(text, language), thresholds(language)["second"]
    if opinion.present >= limits["present"]:
        return Verdict.ESCALATE
    told = opinion.present >= limits["possible"] or opinion.telling >= limits["telling"]
    return Verdict.CLARIFY if told else Verdict.INFORM


def telling_alone(text: str, language: str) -> Verdict:
    """Clarify where the detector of personal statements alone says that somebody's state is told."""
    other, limits = asked(text, language), thresholds(language)["third"]
    telling = second_opinion(text, language).telling * WEIGHT + (other.telling if other else 0.0)
    return Verdict.CLARIFY if telling >= limits["telling"] else Verdict.INFORM


def _hears(text: str, language: str, **how: object) -> Verdict:
    return verdict_of(hear([Slot("words", text)], language, **how))  # type: ignore[arg-type]


ARRANGEMENTS: Final[Mapping[str, Arrangement]] = {
    "rules only": partial(_hears, trained=rules_alone),
    "second ear only": second_alone,
    "rules and second ear": partial(_hears, trained=partial(judge, third_ear=lambda *_: None)),
    "all three, as deployed": _hears,
    "statement detector only": telling_alone,
}


def arrangements(language: str) -> Mapping[str, Arrangement]:
    """The arrangements that `language` has: without a third ear there is no detector of statements of its own."""
    wanting = set() if has_third_ear(language) else {"statement detector only"}
    return {name: one for name, one in ARRANGEMENTS.items() if name not in wanting}


@dataclass(frozen=True, slots=True)
class Heard:
    """One sentence of the corpus and the verdict on it."""

    row: Row
    verdict: Verdict

    @property
    def right(self) -> bool:
        """Whether a true sign escalated."""
        return self.verdict is Verdict.ESCALATE


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval (Wilson), of `count` sentences."""

    hits: int
    count: int

    @property
    def value(self) -> float:
        """The share itself."""
        return self.hits / self.count if self.count else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The interval that holds the true share in 95 of 100 such samples."""
        if not self.count:
            return 0.0, 1.0
        z, n, p = 1.96, self.count, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(middle - half, 0.0), min(middle + half, 1.0)

    def __str__(self) -> str:
        """The share, its interval and its denominator: never one without the others."""
        low, high = self.interval
        return f"{self.value:.1%} ({low:.1%} to {high:.1%}, n = {self.count})"


def sentences(part: str, language: str) -> list[Row]:
    """The rows of one split of `language`: train, validation or unseen."""
    return [row for row in rows(language) if split(row) == part]


def heard(given: Iterable[Row], arrangement: Arrangement) -> list[Heard]:
    """The verdict of `arrangement` on each row."""
    return [Heard(row, arrangement(row.text, row.language)) for row in given]


def share(given: Sequence[Heard], wanted: Callable[[Heard], bool]) -> Share:
    """How many of `given` are `wanted`."""
    return Share(sum(map(wanted, given)), len(given))


def escalated(one: Heard) -> bool:
    """Whether it came to the order to call."""
    return one.verdict is Verdict.ESCALATE


def safe(one: Heard) -> bool:
    """Whether it came to the order or to a question that opens with the number."""
    return one.verdict is not Verdict.INFORM


def milliseconds(given: Sequence[Row], arrangement: Arrangement) -> tuple[float, float]:
    """Median and 99th percentile of the time for one sentence, in milliseconds, on one core."""
    times = []
    for row in given:
        began = time.perf_counter()
        arrangement(row.text, row.language)
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]

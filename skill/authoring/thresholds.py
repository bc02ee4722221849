"""Sets where the trained ears' log odds turn, on the validation writers alone. `make train` runs it last."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from skill.authoring.corpus import Row, rows, split
from skill.authoring.spelling import spelling_of
from skill.authoring.templates import languages
from skill.hearing.heard import verdict_of
from skill.hearing.judge import Judgement
from skill.hearing.knowledge import ears
from skill.hearing.rules import by_rules
from skill.hearing.second_ear import WEIGHTS, Opinion, second_ear
from skill.hearing.third_ear import asked, has_third_ear
from skill.hearing.words import words
from skill.turn import Verdict

IDLE: Final = frozenset({"question", "control", "offtopic"})

FALSE_ALARMS: Final = 0.06
"""Of the validation writers' other sentences about people and things, how many may escalate. Vague ones are left out
of the count: "he's not himself today" is to escalate by the rules, and whether it should is for a clinician to say."""

SURELY: Final = 1.0
"""By how much lower the odds of a told state must be before a rule's sign counts as merely asked about."""

TOLD: Final = {"second": 0.2, "third": 0.08}
IDLE_QUESTIONS: Final = {"second": 0.3, "third": 0.09}
"""Of questions of fact, commands and other requests, how many may be asked back in vain: by the detector of
statements alone, and with what the odds of a sign add. As low as being safe allows, which the second ear is not
without the third unless it asks more."""

WEIGHT: Final = 0.5
"""What the second ear's odds count beside the third's: 0, 0.25, 0.5 and 1 were tried; it hardly matters."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A validation sentence with its odds; `settled` leaves none to the ears, `alarm` is what the rules say."""

    row: Row
    settled: bool
    alarm: bool
    second: Opinion
    present: float
    telling: float


def calibrate(language: str) -> None:
    """Writes thresholds.json of `language`; without a third ear for the second alone."""
    checked = [row for row in rows(language) if split(row) == "validation"]
    seconds = [_scored(row, third=False) for row in checked]
    fired = [scored for scored in seconds if scored.alarm and not scored.settled]
    agreed = _lowest(fired, lambda s: s.present, lambda cut: _wrong(fired, cut) <= FALSE_ALARMS)
    table = {"second": {**_limits(seconds, "second"), "agreed": agreed}}
    if has_third_ear(language):
        thirds = [_scored(row, third=True) for row in checked]
        table["third"] = {"weight": WEIGHT, **_limits(thirds, "third")}
    (WEIGHTS / language / "thresholds.json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def second_opinion(text: str, language: str) -> Opinion:
    """What the second ear of `language` makes of the whole of `text`."""
    return second_ear(language).opinion(words(text, spelling_of(language)))


def rules_alone(said: Sequence[str], text: str, language: str, *, fired: bool) -> Judgement:  # noqa: ARG001
    """Trained ears that think what the rules think, so that rules are measured alone."""
    return Judgement(present=fired, possible=False, telling=False, nobody=False, sign="", ear="rules")


def _scored(row: Row, *, third: bool) -> Scored:
    ruled = by_rules(row.text, ears(row.language))
    second = second_opinion(row.text, row.language)
    other = asked(row.text, row.language) if third else None
    if third and other is None:
        raise SystemExit("the third ear is not there: install onnxruntime and tokenizers, and train it first")
    present = other.present + WEIGHT * second.present if other else second.present
    telling = other.telling + WEIGHT * second.telling if other else second.telling
    alarm = verdict_of(ruled.heard) is Verdict.ESCALATE
    return Scored(row, ruled.settled, alarm, second, present, telling)


def _limits(given: Sequence[Scored], ear: str) -> dict[str, float]:
    others = [s for s in given if s.row.label not in {"present", "vague", *IDLE}]
    idle = [s for s in given if s.row.label in IDLE]

    def alarms(cut: float) -> bool:
        return sum(s.alarm if s.settled else s.present >= cut for s in others) <= FALSE_ALARMS * len(others)

    cut = _lowest(given, lambda s: s.present, alarms)
    telling = _quantile([s.telling for s in idle], 1 - TOLD[ear])

    def asks(low: float) -> bool:
        return sum(s.present >= low or s.telling >= telling for s in idle) <= IDLE_QUESTIONS[ear] * len(idle)

    possible = _lowest(idle, lambda s: s.present, asks)
    return {"present": cut, "possible": min(possible, cut), "telling": telling, "nobody": telling - SURELY}


def _lowest(given: Sequence[Scored], odds: Callable[[Scored], float], holds: Callable[[float], bool]) -> float:
    """The lowest of the odds seen from which `holds` is true."""
    cuts = sorted({odds(scored) for scored in given})
    low, high = 0, len(cuts) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(cuts[middle]) else (middle + 1, high)
    return round(cuts[low], 3)


def _wrong(fired: Sequence[Scored], cut: float) -> float:
    above = [s for s in fired if s.present >= cut]
    return sum(s.row.label != "present" for s in above) / max(len(above), 1)


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 3)


if __name__ == "__main__":
    for named in sys.argv[1:] or languages():
        calibrate(named)

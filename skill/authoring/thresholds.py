"""Sets where the trained ears' log odds turn, on the validation writers alone. Run by `make train` after the training."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from skill.authoring.corpus import TELLING, Row, rows, split
from skill.hearing.hear import hear
from skill.hearing.judge import Judgement
from skill.hearing.second_ear import WEIGHTS, Opinion, second_ear
from skill.hearing.third_ear import asked
from skill.hearing.words import words
from skill.turn import Slot

FALSE_ALARMS: Final = 0.045
"""Of the hard negatives, how many may escalate: under the target, since other writers will differ."""

KEPT: Final = 0.985
"""Of true signs that a rule heard, how many the trained ears must not doubt."""

SAFE: Final = 0.995
"""Of true signs, how many must at least be asked about."""

IDLE_QUESTIONS: Final = 0.03
"""Of questions of fact, commands and other requests, how many may be asked back in vain."""

WEIGHT: Final = 0.5
"""What the second ear's odds count beside the third's: 0, 0.25, 0.5 and 1 were tried; it hardly matters."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A validation sentence, whether a rule alone would escalate it, and the odds."""

    row: Row
    fired: bool
    second: Opinion
    present: float
    telling: float


def calibrate() -> None:
    """Writes thresholds.json."""
    checked = [row for row in rows() if split(row) == "validation"]
    seconds = [_scored(row, third=False) for row in checked]
    thirds = [_scored(row, third=True) for row in checked]
    table = {"second": _limits(seconds), "third": {"weight": WEIGHT, **_limits(thirds)}}
    told = [scored for scored in seconds if scored.row.label in TELLING]
    fired = [scored for scored in seconds if scored.fired]
    table["second"] |= {
        "agreed": _lowest(fired, lambda s: s.second.present, lambda cut: _wrong(fired, cut) <= FALSE_ALARMS),
        "idle": _quantile([s.second.present for s in told if s.row.label == "present"], 0.002),
        "idle_telling": _quantile([s.second.telling for s in told], 0.01),
    }
    (WEIGHTS / "thresholds.json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def rules_alone(said: Sequence[str], text: str, *, fired: bool) -> Judgement:  # noqa: ARG001
    """Trained ears that say nothing, so that rules are measured alone."""
    return Judgement(present=False, possible=False, doubtful=False, telling=False, sign="", ear="rules")


def _scored(row: Row, *, third: bool) -> Scored:
    seen: list[bool] = []

    def listening(said: Sequence[str], text: str, *, fired: bool) -> Judgement:
        seen.append(fired)
        return rules_alone(said, text, fired=fired)

    hear([Slot("words", row.text)], trained=listening)
    second = second_ear().opinion(words(row.text))
    other = asked(row.text) if third else None
    if third and other is None:
        raise SystemExit("the third ear is not there: install onnxruntime and tokenizers, and train it first")
    present = other.present + WEIGHT * second.present if other else second.present
    telling = other.telling + WEIGHT * second.telling if other else second.telling
    return Scored(row, seen[0], second, present, telling)


def _limits(given: Sequence[Scored]) -> dict[str, float]:
    present = [s for s in given if s.row.label == "present"]
    others = [s for s in given if s.row.label != "present"]
    idle = [s for s in given if s.row.label in {"question", "control", "offtopic"}]
    doubtful = _quantile([s.present for s in present if s.fired], 1 - KEPT)
    telling = _quantile([s.telling for s in idle], 1 - IDLE_QUESTIONS)
    unsaid = [s.present for s in present if s.telling < telling and not s.fired]
    missed = max(len(unsaid) - 1, 0)
    allowed = int((1 - SAFE) * len(present))
    possible = sorted(unsaid)[min(allowed, missed)] if unsaid else doubtful

    def alarms(cut: float) -> bool:
        wrong = sum((s.fired and s.present >= doubtful) or (not s.fired and s.present >= cut) for s in others)
        return wrong <= FALSE_ALARMS * len(others)

    cut = _lowest(given, lambda s: s.present, alarms)
    return {"present": cut, "possible": min(possible, cut), "doubtful": min(doubtful, cut), "telling": telling}


def _lowest(given: Sequence[Scored], odds: Callable[[Scored], float], holds: Callable[[float], bool]) -> float:
    """The lowest of the odds seen from which `holds` is true."""
    cuts = sorted({odds(scored) for scored in given})
    low, high = 0, len(cuts) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(cuts[middle]) else (middle + 1, high)
    return round(cuts[low], 3)


def _wrong(fired: Sequence[Scored], cut: float) -> float:
    above = [s for s in fired if s.second.present >= cut]
    return sum(s.row.label != "present" for s in above) / max(len(above), 1)


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 3)


if __name__ == "__main__":
    calibrate()

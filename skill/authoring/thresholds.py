"""Sets where the trained ears' log odds turn, on the validation writers alone. `make train` runs it last."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from skill.authoring.corpus import Row, rows, split
from skill.hearing.hear import hear
from skill.hearing.heard import verdict_of
from skill.hearing.judge import Judgement
from skill.hearing.second_ear import WEIGHTS, Opinion, second_ear
from skill.hearing.third_ear import asked
from skill.hearing.words import words
from skill.turn import Slot, Verdict

FALSE_ALARMS: Final = 0.06
"""Of the validation writers' other sentences, how many may escalate. Vague ones are left out of the count: "he's
not himself today" is to escalate by the rules, and whether it should is for a clinician to say."""

DOUBTFUL: Final = {"second": 1.0, "third": 1.0}
"""The odds under which a rule's sign is only asked about. From -4 to 2 were tried: lower ones keep more true signs
that a rule heard, higher ones leave more room for signs that no rule knows; from -1 up the sum hardly changes."""

SURELY: Final = 1.0
"""By how much lower the odds of a told state must be before a rule's sign counts as merely asked about."""

TOLD: Final = 0.06
IDLE_QUESTIONS: Final = 0.12
"""Of questions of fact, commands and other requests, how many may be asked back in vain: by the detector of
statements alone, and with what the odds of a sign add. As low as being safe allows."""

WEIGHT: Final = 0.5
"""What the second ear's odds count beside the third's: 0, 0.25, 0.5 and 1 were tried; it hardly matters."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A validation sentence with the odds.

    `settled` means that the rules decide alone, whatever the odds, and `plain` that they then escalate;
    `fired` that a rule would escalate but may be doubted.
    """

    row: Row
    settled: bool
    plain: bool
    fired: bool
    second: Opinion
    present: float
    telling: float


def calibrate() -> None:
    """Writes thresholds.json."""
    checked = [row for row in rows() if split(row) == "validation"]
    seconds = [_scored(row, third=False) for row in checked]
    thirds = [_scored(row, third=True) for row in checked]
    table = {"second": _limits(seconds, DOUBTFUL["second"])}
    table["third"] = {"weight": WEIGHT, **_limits(thirds, DOUBTFUL["third"])}
    fired = [scored for scored in seconds if scored.fired]
    table["second"]["agreed"] = _lowest(
        fired, lambda s: s.second.present, lambda cut: _wrong(fired, cut) <= FALSE_ALARMS
    )
    (WEIGHTS / "thresholds.json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def rules_alone(said: Sequence[str], text: str, *, fired: bool) -> Judgement:  # noqa: ARG001
    """Trained ears that say nothing, so that rules are measured alone."""
    return Judgement(present=False, possible=False, doubtful=False, telling=False, nobody=False, sign="", ear="rules")


def _scored(row: Row, *, third: bool) -> Scored:
    seen: list[bool] = []

    def listening(said: Sequence[str], text: str, *, fired: bool) -> Judgement:
        seen.append(fired)
        return rules_alone(said, text, fired=fired)

    ruled = verdict_of(hear([Slot("words", row.text)], trained=listening))
    second = second_ear().opinion(words(row.text))
    other = asked(row.text) if third else None
    if third and other is None:
        raise SystemExit("the third ear is not there: install onnxruntime and tokenizers, and train it first")
    present = other.present + WEIGHT * second.present if other else second.present
    telling = other.telling + WEIGHT * second.telling if other else second.telling
    return Scored(row, not seen, not seen and ruled is Verdict.ESCALATE, any(seen), second, present, telling)


def _limits(given: Sequence[Scored], doubtful: float) -> dict[str, float]:
    others = [s for s in given if s.row.label not in {"present", "vague"}]
    idle = [s for s in given if s.row.label in {"question", "control", "offtopic"}]

    def alarms(cut: float) -> bool:
        wrong = sum(s.plain if s.settled else s.present >= (min(cut, doubtful) if s.fired else cut) for s in others)
        return wrong <= FALSE_ALARMS * len(others)

    cut = _lowest(given, lambda s: s.present, alarms)
    telling = _quantile([s.telling for s in idle], 1 - TOLD)

    def asks(low: float) -> bool:
        return sum(s.present >= low or s.telling >= telling for s in idle) <= IDLE_QUESTIONS * len(idle)

    possible = _lowest(idle, lambda s: s.present, asks)
    return {
        "present": cut,
        "possible": min(possible, cut),
        "doubtful": min(doubtful, cut),
        "telling": telling,
        "nobody": telling - SURELY,
    }


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

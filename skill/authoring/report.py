"""The hearing report: every figure on the unseen writers, as an HTML page that a person can read, and as JSON."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.progress import track

from skill.authoring import measure
from skill.authoring.corpus import Row, rows, splits
from skill.authoring.data import ROOT
from skill.authoring.measure import LEAST, Heard, Share, arrangements, escalated, heard, safe, sentences, share
from skill.authoring.models import locale_for
from skill.authoring.sessions import simulate
from skill.authoring.templates import languages
from skill.authoring.thresholds import WEIGHT, second_opinion
from skill.authoring.understanding import compare
from skill.hearing.second_ear import WEIGHTS
from skill.hearing.third_ear import asked, has_third_ear

FOLDER: Final = ROOT / "reports"
SLIPS: Final = FOLDER / "slips.json"
DEPLOYED: Final = "all three, as deployed"
CLASSES: Final = (
    "question", "control", "offtopic", "benign", "fiction", "denied", "usual", "explained", "past", "vague",
    "personal_question",
)  # fmt: skip
ODDS: Final = (10, 50, 200)
SHOWN: Final = 25
_CURVE: Final = (0.005, 0.01, 0.02, 0.03, 0.045, 0.06, 0.08, 0.1, 0.15, 0.2)


def write_report(language: str) -> Path:
    """Measures everything, shows its progress, and writes reports/hearing.LANGUAGE.html and .json; gives the page."""
    unseen, split = sentences("unseen", language), splits(language)
    by = {
        name: heard(track(unseen, description=f"{language}, {name:24}"), arrangement)
        for name, arrangement in arrangements(language).items()
    }
    figures = {
        "sentences": {"unseen": len(unseen), "all": len(rows(language)), "writers": sorted(split.unseen)},
        "arrangements": {name: _arrangement(given, name, language) for name, given in by.items()},
        "signs": _groups(by[DEPLOYED], lambda row: row.sign),
        "who": _groups(by[DEPLOYED], lambda row: row.who),
        "writers": _groups(by[DEPLOYED], lambda row: f"{row.writer} ({split.speech[row.writer]})"),
        "heat": _heat(by[DEPLOYED], sorted(split.unseen)),
        "curves": _curves(unseen, language),
        "sizes": {path.name: path.stat().st_size for path in sorted((WEIGHTS / language).iterdir())},
        "first_opinion_ms": _first_opinions(language),
        "sessions": simulate(language),
        "understanding": compare(locale_for(language)),
        "slips": json.loads(SLIPS.read_text(encoding="utf-8")) if SLIPS.is_file() and language == "en" else None,
        "worst": _worst(language),
    }
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"hearing.{language}.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
    page = FOLDER / f"hearing.{language}.html"
    shown = pages.get_template("report.html.j2").render(figures, language=language, least=LEAST, odds=ODDS)
    page.write_text(shown, encoding="utf-8")
    return page


def _arrangement(given: Sequence[Heard], name: str, language: str) -> dict[str, Any]:
    signs = [one for one in given if one.row.label == "present"]
    others = [one for one in given if one.row.label != "present"]
    hard = [one for one in given if one.row.writer in splits(language).hard]
    recall, alarms = share(signs, escalated), share(others, escalated)
    median, tail = measure.milliseconds([one.row for one in given[::7]], arrangements(language)[name])
    return {
        "recall": str(recall),
        "safe": str(share(signs, safe)),
        "alarms": str(alarms),
        "hard_recall": str(share([one for one in hard if one.row.label == "present"], escalated)),
        "hard_safe": str(share([one for one in hard if one.row.label == "present"], safe)),
        "hard_alarms": str(share([one for one in hard if one.row.label != "present"], escalated)),
        "alarms_by_class": {kind: _shown(share(_of(given, kind), escalated)) for kind in CLASSES},
        "asked_by_class": {
            kind: _shown(share(_of(given, kind), lambda one: safe(one) and not escalated(one))) for kind in CLASSES
        },
        "median_ms": round(median, 3),
        "p99_ms": round(tail, 3),
        "predictive": {odds: f"{_predictive(recall, alarms, odds):.0%}" for odds in ODDS},
    }


def _of(given: Sequence[Heard], label: str) -> list[Heard]:
    return [one for one in given if one.row.label == label]


def _shown(value: Share) -> str:
    return str(value) if value.count >= LEAST else f"not measured (n = {value.count})"


def _predictive(recall: Share, alarms: Share, odds: int) -> float:
    true, false = recall.value / odds, alarms.value * (1 - 1 / odds)
    return true / (true + false) if true + false else 0.0


def _groups(given: Sequence[Heard], key: Any) -> dict[str, dict[str, str]]:  # noqa: ANN401
    signs = [one for one in given if one.row.label == "present"]
    others = [one for one in given if one.row.label != "present"]
    names = sorted({key(one.row) for one in signs})
    return {
        name: {
            "recall": _shown(share([one for one in signs if key(one.row) == name], escalated)),
            "safe": _shown(share([one for one in signs if key(one.row) == name], safe)),
            "alarms": _shown(share([one for one in others if key(one.row) == name], escalated)),
        }
        for name in names
    }


def _heat(given: Sequence[Heard], writers: Sequence[str]) -> dict[str, dict[str, int | None]]:
    """Percent escalated for each sign, by writer; None where fewer than five sentences stand."""
    signs = [one for one in given if one.row.label == "present"]
    table: dict[str, dict[str, int | None]] = {}
    for sign in sorted({one.row.sign for one in signs}):
        for writer in writers:
            cell = [one for one in signs if one.row.sign == sign and one.row.writer == writer]
            value = round(100 * share(cell, escalated).value) if len(cell) >= 5 else None  # noqa: PLR2004
            table.setdefault(sign, {})[writer] = value
    return table


def _curves(unseen: Sequence[Row], language: str) -> dict[str, list[tuple[float, float]]]:
    """Recall at each rate of false alarms, for the second ear alone and for both trained ears."""
    second = {row: second_opinion(row.text, language).present for row in unseen}
    if not has_third_ear(language):
        return {"second ear": _curve(second)}
    both = {row: asked(row.text, language).present + WEIGHT * odds for row, odds in second.items()}  # type: ignore[union-attr]
    return {"second ear": _curve(second), "second and third ear": _curve(both)}


def _curve(odds: dict[Row, float]) -> list[tuple[float, float]]:
    signs = [value for row, value in odds.items() if row.label == "present"]
    others = sorted((value for row, value in odds.items() if row.label != "present"), reverse=True)
    points = []
    for rate in _CURVE:
        cut = others[min(int(rate * len(others)), len(others) - 1)]
        points.append((rate, sum(value > cut for value in signs) / len(signs)))
    return points


def _first_opinions(language: str) -> dict[str, float]:
    """Milliseconds from a fresh process, Python's own start taken off, to the first opinion of each ear."""
    code = "import time; began = time.perf_counter(); {}; print((time.perf_counter() - began) * 1e3)"
    ears = {
        "rules": f"from skill.hearing.hear import ears; ears({language!r})",
        "second ear": f"from skill.hearing.second_ear import second_ear; second_ear({language!r}).opinion(['face'])",
        "third ear": f"from skill.hearing.third_ear import asked; asked('my face', {language!r})",
    }
    times: dict[str, float] = {}
    for name, what in ears.items():
        command = [sys.executable, "-c", code.format(what)]
        runs = [subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT) for _ in range(5)]
        times[name] = round(statistics.median(float(run.stdout) for run in runs), 1)
    return times


def _worst(language: str) -> dict[str, list[str]]:
    """Misses and false alarms with their words, from the validation writers: the unseen ones stay unread."""
    given = heard(sentences("validation", language), arrangements(language)[DEPLOYED])
    return {
        "answered as if nothing were wrong": [o.row.text for o in given if o.row.label == "present" and not safe(o)][
            :SHOWN
        ],
        "only asked about": [o.row.text for o in given if o.row.label == "present" and safe(o) and not escalated(o)][
            :SHOWN
        ],
        "false alarms": [f"{o.row.label}: {o.row.text}" for o in given if o.row.label != "present" and escalated(o)][
            :SHOWN
        ],
    }


if __name__ == "__main__":
    for named in sys.argv[1:] or languages():
        print(write_report(named))  # noqa: T201  # the one thing that its caller wants to know

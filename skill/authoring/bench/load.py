"""Load: turns a second on one core, memory over very many turns, and the cost of a turn late in a long session."""

from __future__ import annotations

import copy
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import count, cycle, islice
from typing import Any, Final

import psutil

from skill.authoring.bench.spread import spread
from skill.authoring.bench.turns import LONGEST, events
from skill.authoring.data import ROOT
from skill.aws_lambda import handler

SAMPLES: Final = 200
DOUBTFUL: Final = "sign in their own words"

_EVERY: Final = 200
"""Of how many turns one is told in words that need the trained ears: the network's memory must be flat too."""

_FILLING: Final = SAMPLES // 10
"""Samples at the start that don't count: caches fill and the third ear loads."""

_DIGITS: Final = " 0123456789"


def memory(turns: int, progress: Callable[[float], None] = lambda _: None) -> dict[str, Any]:
    """Megabytes held while one fresh process answers `turns` turns, no two with the same words, and turns a second.

    `growth_kb` is what the straight line through the samples gains over the whole run, the first ones left out.
    """
    command = [sys.executable, "-m", "skill.authoring.bench.load", str(turns)]
    samples: list[tuple[int, float]] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as worker:
        assert worker.stdout is not None
        for line in worker.stdout:
            sample = json.loads(line)
            samples.append((sample["turn"], sample["mb"]))
            progress(sample["turn"] / turns)
            last = sample
    if worker.returncode:
        raise SystemExit("the process that answers turns has ended early; its error stands above")
    settled = samples[_FILLING:]
    slope, _ = statistics.linear_regression(*zip(*settled, strict=True))
    return {
        "turns": turns,
        "told_every": _EVERY,
        "samples": samples,
        "first_mb": settled[0][1],
        "last_mb": settled[-1][1],
        "growth_kb": slope * (settled[-1][0] - settled[0][0]) * 1024,
        "turns_a_second": last["turn"] / last["cpu"],
    }


def sessions(length: int) -> dict[str, Any]:
    """Microseconds a turn, and bytes remembered, in the first and the last tenth of a session of `length` turns."""
    given = events()
    attributes: dict[str, Any] | None = None
    taken: list[float] = []
    remembered: list[int] = []
    kinds = ("topic", "check", "report of a sign", "fallback")
    for kind in kinds:
        handler(given[kind], None)
    for kind in islice(cycle(kinds), length):
        event = copy.deepcopy(given[kind])
        event["session"]["attributes"] = attributes
        began = time.thread_time_ns()
        response = handler(event, None)
        taken.append((time.thread_time_ns() - began) / 1e3)
        attributes = response["sessionAttributes"]
        remembered.append(len(json.dumps(attributes)))
    part = length // 10
    return {
        "turns": length,
        "early": {**asdict(spread(taken[:part])), "bytes": max(remembered[:part])},
        "late": {**asdict(spread(taken[-part:])), "bytes": max(remembered[-part:])},
        "ratio": statistics.median(taken[-part:]) / statistics.median(taken[:part]),
    }


def _answer(turns: int) -> None:
    """Answers `turns` turns and writes, now and then, how many it was, the CPU seconds and the megabytes held."""
    own = psutil.Process()
    requests = _requests()
    for turn in range(1, turns + 1):
        handler(next(requests), None)
        if turn % max(turns // SAMPLES, 1) == 0:
            sample = {"turn": turn, "cpu": time.process_time(), "mb": own.memory_info().rss / 2**20}
            print(json.dumps(sample), flush=True)  # noqa: T201


def _requests() -> Iterator[dict[str, Any]]:
    """Turns of every kind in turn, each with a word that no other has."""
    given = events()
    del given[LONGEST]
    told = given.pop(DOUBTFUL)
    for number in count():
        for event in (*given.values(), *([told] if number % (_EVERY // len(given)) == 0 else [])):
            for slot in event["request"].get("intent", {}).get("slots", {}).values():
                slot["value"] = f"{slot['value'].rstrip(_DIGITS)} {number}"
                slot.pop("slotValue", None)
            event["request"]["locale"] = f"en-{number % 1000}" if number % 10 == 0 else "en-US"
            yield event


if __name__ == "__main__":
    _answer(int(sys.argv[1]))

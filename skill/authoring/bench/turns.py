"""Turns through the handler, each kind next to the hello world's, and which room takes how much of them."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Final

from skill.alexa import answer as answer_module
from skill.alexa import handler as handler_module
from skill.authoring.bench.cold import ENVELOPES, HANDLERS
from skill.authoring.bench.peer import hello_world
from skill.authoring.bench.spread import ratio, spread
from skill.authoring.data import ROOT
from skill.aws_lambda import handler
from skill.hearing.words import MAX_CHARACTERS

ROOMS: Final = {
    "hearing": (answer_module, ("hear",)),
    "dialogue": (answer_module, ("act_of", "step")),
    "speaking": (answer_module, ("speak",)),
    "envelope": (handler_module, ("turn_of", "attributes_of", "state_to_dict")),
}
"""Where each room is entered; what is left of a turn is the SDK's, and our shell around it."""

_SCRIPTS: Final = ((0x61, 0x7A), (0xE0, 0xFF), (0x3B1, 0x3C9), (0x430, 0x44F), (0x905, 0x939), (0x3041, 0x3096))
LONGEST: Final = "slot of 8,000 characters"
SDK: Final = "SDK and shell"
_LOT: Final = 20


def events() -> dict[str, dict[str, Any]]:
    """One request of each kind, as recorded; the check's answer comes in the session that asks for it."""
    recorded = {
        "launch": "launch", "topic": "intent_about", "report of a sign": "intent_report_sign",
        "sign in their own words": "intent_describe", "fallback": "intent_fallback",
    }  # fmt: skip
    given = {kind: json.loads((ENVELOPES / f"{name}.json").read_text("utf-8")) for kind, name in recorded.items()}
    check = json.loads((ENVELOPES / "intent_yes.json").read_text("utf-8"))
    check["request"]["intent"]["name"] = "CheckIntent"
    check["session"]["attributes"] = handler(check, None)["sessionAttributes"]
    check["request"]["intent"]["name"] = "AMAZON.NoIntent"
    long = copy.deepcopy(given["sign in their own words"])
    long["request"]["intent"]["slots"]["words"] = {"name": "words", "value": _unicode(MAX_CHARACTERS)}
    return {**given, "check": check, LONGEST: long}


def turns(processes: int, rounds: int, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Microseconds a turn by kind, ours and the hello world's, from `processes` fresh processes of `rounds` pairs each.

    CPU time, but for `wall`. `shares` are the rooms' parts of one turn.
    """
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number in range(processes):
        progress(f"turns: process {number + 1} of {processes}")
        command = [sys.executable, "-m", "skill.authoring.bench.turns", str(rounds)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
        for kind, columns in json.loads(done.stdout).items():
            for name, values in columns.items():
                times[kind][name].extend(values)
    return {
        kind: {
            **{name: asdict(spread(columns[name])) for name in (*HANDLERS, *(f"{name} wall" for name in HANDLERS))},
            "ratio": asdict(ratio(columns["ours"], columns["hello world"])),
            "shares": {room: spread(columns[room]).median for room in (*ROOMS, SDK)},
        }
        for kind, columns in times.items()
    }


def _measured(rounds: int) -> dict[str, dict[str, list[float]]]:
    """`rounds` pairs of each kind in this process, which of the two goes first by turns; then as many taken apart.

    Kinds alternate in small lots. The longest slot gets one pair a lot: it takes as long as hundreds of the others.
    """
    given = events()
    skills = {"ours": handler, "hello world": hello_world.handler}
    times: dict[str, dict[str, list[float]]] = {kind: defaultdict(list) for kind in given}
    for skill in skills.values():
        for event in given.values():
            skill(event, None)
    lots = [(kind, number) for _ in range(rounds // _LOT) for kind in given for number in range(_LOT)]
    lots = [(kind, number) for kind, number in lots if number == 0 or kind != LONGEST]
    for kind, number in lots:
        for name in list(skills)[:: 1 if number % 2 else -1]:
            cpu, wall = time.thread_time_ns(), time.perf_counter_ns()
            skills[name](given[kind], None)
            wall, cpu = time.perf_counter_ns() - wall, time.thread_time_ns() - cpu
            times[kind][name].append(cpu / 1e3)
            times[kind][f"{name} wall"].append(wall / 1e3)
    with _watched() as spent:
        for kind, _ in lots:
            spent.clear()
            began = time.thread_time_ns()
            handler(given[kind], None)
            spent[SDK] = time.thread_time_ns() - began - spent.total()
            for room in (*ROOMS, SDK):
                times[kind][room].append(spent[room] / 1e3)
    return times


@contextmanager
def _watched() -> Iterator[Counter[str]]:
    """Counts the nanoseconds that each room takes, from the outside, while it is open."""
    spent: Counter[str] = Counter()
    doors = [(room, module, name, getattr(module, name)) for room, (module, names) in ROOMS.items() for name in names]
    for room, module, name, inside in doors:
        setattr(module, name, _timed(inside, room, spent))
    try:
        yield spent
    finally:
        for _, module, name, inside in doors:
            setattr(module, name, inside)


def _timed(inside: Callable[..., Any], room: str, spent: Counter[str]) -> Callable[..., Any]:
    def timed(*given: object, **named: object) -> object:
        began = time.thread_time_ns()
        try:
            return inside(*given, **named)
        finally:
            spent[room] += time.thread_time_ns() - began

    return timed


def _unicode(length: int) -> str:
    """Words of seven letters from six scripts, the same in every run."""
    chance = random.Random(0)  # noqa: S311  # no secret
    letters = (chr(chance.randint(*chance.choice(_SCRIPTS))) for _ in range(length))
    return "".join(letter if at % 8 else " " for at, letter in enumerate(letters))


if __name__ == "__main__":
    json.dump(_measured(int(sys.argv[1])), sys.stdout)

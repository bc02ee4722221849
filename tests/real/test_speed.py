"""The gate on speed: how many times a named peer's cost ours is, in the same run. A time would tell of the machine.

Each limit lies well above what `make bench` shows, so that a busy machine passes and a lost speed-up does not.
"""

from __future__ import annotations

from typing import Any

import pytest

from skill.authoring.bench.cold import cold_starts
from skill.authoring.bench.hearing import by_size
from skill.authoring.bench.load import memory, sessions
from skill.authoring.bench.turns import turns


@pytest.fixture(scope="module")
def measured_turns() -> dict[str, Any]:
    return turns(processes=2, rounds=100)


def test_a_cold_start_stays_near_the_hello_worlds() -> None:
    for kind, measured in cold_starts(rounds=7)["first_turns"].items():
        assert measured["ratio"]["median"] < 1.5, kind


@pytest.mark.parametrize("kind", ["launch", "topic", "report of a sign", "check", "fallback"])
def test_a_turn_costs_about_what_the_hello_worlds_does(kind: str, measured_turns: dict[str, Any]) -> None:
    assert measured_turns[kind]["ratio"]["median"] < 1.2


def test_a_lexicon_of_ten_times_the_phrases_costs_far_less_than_ten_times_as_much() -> None:
    by = by_size(100, sizes=(1, 10))
    assert by[10]["median"] < 3 * by[1]["median"]


def test_a_turn_late_in_a_long_session_costs_what_an_early_one_did() -> None:
    session = sessions(600)
    assert session["ratio"] < 1.5
    assert session["late"]["bytes"] <= session["early"]["bytes"]


def test_memory_stays_flat() -> None:
    measured = memory(20_000)
    assert measured["growth_kb"] < 4_000

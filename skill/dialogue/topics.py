"""Topics and their pieces: which one is told, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from skill import built
from skill.turn import State


@cache
def _topics() -> Mapping[str, Any]:
    topics: Mapping[str, Any] = built.load("templates")["topics"]
    return topics


def is_topic(name: str) -> bool:
    """Whether there is a topic of that name."""
    return name in _topics()


def pieces_of(topic: str) -> int:
    """How many pieces `topic` has."""
    return int(_topics()[topic]["pieces"])


def at(state: State, topic: str, piece: int = 0) -> State:
    """`state` at `piece` of `topic`; "" leaves topics."""
    return replace(state, topic=topic, piece=piece, steps=0)


def moved(state: State, by: int) -> State:
    """`state` at the next piece (`by` 1), which after the last one is its neighbour's first, or the one before (-1)."""
    known = _topics()[state.topic]
    if state.piece + by >= known["pieces"]:
        return at(state, known["next"])
    return at(state, state.topic, max(state.piece + by, 0))


def body_of(state: State) -> str:
    """The template that holds the text of the topic at hand, "" when there is none."""
    if not is_topic(state.topic):
        return ""
    short = state.length == "short" and state.piece == 0
    return f"topics/{state.topic}/{'short' if short or state.question else state.piece}"


def is_first(state: State) -> bool:
    """Whether the piece at hand is the first of its topic: there the conditional line belongs."""
    return state.piece == 0


def is_last(state: State) -> bool:
    """Whether the piece at hand is the last of its topic."""
    return is_topic(state.topic) and state.piece >= _topics()[state.topic]["pieces"] - 1

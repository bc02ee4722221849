"""What a session remembered, taken back only where it is what the dialogue itself could have left there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from skill import built
from skill.dialogue.net import QUESTIONS
from skill.dialogue.topics import is_topic, pieces_of
from skill.dialogue.waiting import LAST_WELL, STEPS
from skill.hearing.knowledge import signs
from skill.places import UNKNOWN_COUNTRY, is_known
from skill.turn import KINDS, State, Who, state_from_dict

_ALARMED: Final = frozenset({"called", LAST_WELL})
_OUTCOMES: Final = frozenset({"check/outcome", "check/passed"})


def remembered(attributes: object) -> State:
    """The state that the session attributes hold, a fresh one for None.

    Raises ValueError for whatever the dialogue never leaves there: another version, a field or type that it
    doesn't know, or a value from which a later turn could not go on.
    """
    if attributes is None:
        return State()
    state = state_from_dict(attributes)
    wrong = next(_impossible(state), "")
    if wrong:
        raise ValueError(f"session attribute {wrong} holds what no turn leaves there")
    return state


def _impossible(state: State) -> Iterator[str]:
    """The names of the fields that hold what no turn leaves in them."""
    known, asked = signs(), state.question in QUESTIONS
    told = [told.partition(":") for told in state.signs]
    fits = {
        "signs": all(who in tuple(Who) and sign in known for who, _, sign in told),
        "alarm": state.alarm in {"", *KINDS},
        "alarm_sign": state.alarm_sign in {"", *known},
        "question": (not state.question or asked or state.question in _ALARMED)
        and not (asked and state.alarm)
        and (bool(state.alarm) or state.question not in _ALARMED),
        "answered": set(state.answered) <= set(QUESTIONS),
        "topic": not state.topic or is_topic(state.topic),
        "piece": state.piece < (pieces_of(state.topic) if is_topic(state.topic) else 1),
        "steps": state.steps <= STEPS,
        "since": state.since in {"", "noticed", "well", "woke"},
        "country": not state.country or state.country == UNKNOWN_COUNTRY or is_known(state.country),
        "rate": state.rate in {"slow", "normal", "fast"},
        "length": state.length in {"short", "full"},
        "last_template": not state.last_template or _could_be_last(state, asked=asked),
    }
    return (name for name, fit in fits.items() if not fit)


def _could_be_last(state: State, *, asked: bool) -> bool:
    """Whether `last_template` is one that can be repeated here: a check's needs its question, a topic its topic."""
    last = state.last_template
    if last not in _templates():
        return False
    if last.startswith("check/") and last not in _OUTCOMES:
        return asked
    return (
        is_topic(state.topic)
        if last == "conversation/topic"
        else last.startswith(("conversation/", "emergency/", "check/"))
    )


@cache
def _templates() -> frozenset[str]:
    return frozenset(name.partition("/")[2] for name in built.load("templates")["names"])

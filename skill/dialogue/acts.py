"""What an intent means to the dialogue: the closed set of acts, and which intent carries which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from skill import built
from skill.hearing.words import words
from skill.turn import Kind, Turn

ACTS: Final = frozenset({
    "topic", "about", "report", "describe", "yes_and", "no_but", "check", "for_other", "for_self", "called",
    "what_now", "handover", "number", "country", "unsure", "call_for_me", "no_phone", "alone", "wrong", "slower",
    "faster", "shorter", "full", "wait", "yes", "no", "help", "stop", "fallback", "repeat", "next", "back",
    "start_over",
})  # fmt: skip

HEARD_ACTS: Final = frozenset({
    "check", "for_other", "for_self", "what_now", "handover", "number", "call_for_me", "slower", "faster", "shorter",
    "full", "wait", "help", "repeat", "next", "back", "start_over", "called", "stop", "no_phone",
})  # fmt: skip
"""The acts that the third ear may name in free text. Yes, no, not sure and "that's wrong" are not among them: they
answer a safety question or end an alarm, so only their own words count."""


@dataclass(frozen=True, slots=True)
class Act:
    """What one intent means: its act, the topic it asks for, and what hearing reads as if it had been said."""

    act: str
    topic: str = ""
    implies: str = ""
    personal: bool = False


@cache
def _acts() -> Mapping[str, Act]:
    return {name: Act(**act) for name, act in built.load("intents.json")["acts"].items()}


@cache
def _exact() -> Mapping[str, str]:
    exact: Mapping[str, str] = built.load("intents.json")["exact"]
    return exact


def intents() -> tuple[str, ...]:
    """The names of all intents, in the order of intents.yaml."""
    return tuple(_acts())


def intent_for(asks: str) -> str:
    """The intent of one's own for what free text asks for ("topic:NAME" or an act); "" where only a built-in has it.

    Alexa matches built-ins by their exact samples alone, so nothing else is ever taken for one of them.
    """
    act, _, topic = asks.partition(":")
    fitting = (
        name
        for name, meant in _acts().items()
        if (meant.act, meant.topic) == (act, topic) and not meant.personal and not meant.implies
    )
    return next((name for name in fitting if act in HEARD_ACTS | {"topic"} and not name.startswith("AMAZON.")), "")


def act_of(turn: Turn) -> Act:
    """The act of `turn`; an intent that nobody knows is a fallback; coming back, or a touch, repeats.

    While the free-text slot is being elicited, Alexa may put any words into it. A "stop" or "yes" that
    arrives there is treated as what it is.
    """
    if turn.kind is not Kind.INTENT:
        return Act("repeat")
    act = _acts().get(turn.intent, Act("fallback"))
    if act.act == "describe" and not act.implies:
        said = " ".join(words(" ".join(slot.spoken for slot in turn.slots)))
        return _acts().get(_exact().get(said, ""), act)
    return act

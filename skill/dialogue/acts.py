"""What an intent means to the dialogue: the closed set of acts, and which intent carries which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from skill import built
from skill.hearing.knowledge import ears
from skill.hearing.words import words
from skill.places import language_of
from skill.turn import Kind, Turn

ACTS: Final = frozenset({
    "topic", "about", "report", "describe", "yes_and", "no_but", "check", "for_other", "for_self", "called",
    "what_now", "handover", "number", "country", "unsure", "call_for_me", "no_phone", "alone", "wrong", "slower",
    "faster", "shorter", "full", "wait", "yes", "no", "help", "stop", "fallback", "repeat", "next", "back",
    "start_over", "courtesy", "sudden", "gradual", "unanswered", "cannot_speak", "sick", "sugar", "prognosis",
    "wait_it_out",
})  # fmt: skip

HEARD_ACTS: Final = frozenset({
    "check", "for_other", "for_self", "what_now", "handover", "number", "call_for_me", "slower", "faster", "shorter",
    "full", "wait", "help", "repeat", "next", "back", "start_over", "no_phone",
})  # fmt: skip
"""The acts that the third ear may name in free text. Yes, no, not sure, stop, "I've called" and "that's wrong" are not
among them: they answer a safety question, close the session or end an alarm, so only their own words count."""

NAMED_ACTS: Final = HEARD_ACTS | {"called", "unsure", "wrong"}
"""The acts that the third ear learns to tell apart: ears that generalise, as Alexa's do, send their intents too."""

OF_HELP: Final = frozenset({
    "what_now", "handover", "number", "call_for_me", "no_phone", "wait", "repeat",
})  # fmt: skip
"""Acts about getting help, which people put into a statement: they count even where one about somebody is suspected,
as long as no sign of anything was placed in it."""


@dataclass(frozen=True, slots=True)
class Act:
    """What one intent means: its act, the topic it asks for, and what hearing reads as if it had been said."""

    act: str
    topic: str = ""
    implies: str = ""
    personal: bool = False


@cache
def _acts(language: str) -> Mapping[str, Act]:
    return {name: Act(**act) for name, act in built.load(f"intents.{language}")["acts"].items()}


@cache
def _exact(language: str) -> Mapping[str, str]:
    exact: Mapping[str, str] = built.load(f"intents.{language}")["exact"]
    return exact


def intents(language: str) -> tuple[str, ...]:
    """The names of all intents of `language`, in the order of intents.yaml."""
    return tuple(_acts(language))


def intent_for(asks: str, language: str) -> str:
    """The intent of one's own for what free text asks for ("topic:NAME" or an act); "" where only a built-in has it.

    Alexa matches built-ins by their exact samples alone, so nothing else is ever taken for one of them.
    """
    act, _, topic = asks.partition(":")
    fitting = (
        name
        for name, meant in _acts(language).items()
        if (meant.act, meant.topic) == (act, topic) and not meant.personal and not meant.implies
    )
    return next((name for name in fitting if act in NAMED_ACTS | {"topic"} and not name.startswith("AMAZON.")), "")


def act_of(turn: Turn) -> Act:
    """The act of `turn`; an intent that nobody knows is a fallback; coming back, or a touch, repeats.

    While the free-text slot is being elicited, Alexa may put any words into it. A "stop" or "yes" that
    arrives there is treated as what it is.
    """
    if turn.kind is not Kind.INTENT:
        return Act("repeat")
    language = language_of(turn.locale)
    act = _acts(language).get(turn.intent, Act("fallback"))
    if act.act in _FREE and not act.implies:
        spoken = " ".join(slot.spoken for slot in turn.slots)
        own = _own_words(tuple(words(spoken, ears(language).spelling)), language)
        return own if own and (act.act == "describe" or own.act not in _ANSWERS) else act
    return act


_FREE = frozenset({"describe", "yes_and", "no_but"})
_ANSWERS = frozenset({"yes", "no", "unsure", "yes_and", "no_but"})
_MOST_WORDS = 20


def _own_words(said: tuple[str, ...], language: str) -> Act | None:
    """The one act that all of `said` stands for, None where any word is left over.

    People string such words together: "no that's wrong it's a film", "no i can't reach a phone". A yes or no
    before them adds nothing, but "no" before "i called" turns it round.
    """
    if len(said) > _MOST_WORDS:
        return None
    acts = [_acts(language)[intent] for intent in _segments(said, language)]
    rest = [act for act in acts if act.act not in _ANSWERS] or acts[:1]
    if not acts or len({act.act for act in acts} & _ANSWERS) > 1 or len({(act.act, act.topic) for act in rest}) > 1:
        return None
    contradicted = rest[0].act == "called" and len(rest) < len(acts) and acts[0].act != "yes"
    return None if contradicted else rest[0]


def _segments(said: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The intents whose own words, one after the other, make up `said`; the fewest, none where they don't."""
    best: list[tuple[str, ...] | None] = [(), *(None for _ in said)]
    for end in range(1, len(said) + 1):
        for start in range(end):
            before, intent = best[start], _exact(language).get(" ".join(said[start:end]))
            found = (*before, intent) if before is not None and intent else None
            now = best[end]
            if found is not None and (now is None or len(found) < len(now)):
                best[end] = found
    return best[-1] or ()

"""The frozen dataclasses that every room of the skill speaks in: Turn, State, Finding, Reply, Spoken."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

STATE_VERSION: Final = 1

KINDS: Final = (
    "not_breathing", "unconscious", "allergy", "chest_pain", "seizure", "head_injury", "low_sugar",
    "stroke", "self_harm", "other",
)  # fmt: skip
"""The kinds of emergency, the most urgent first: the first one heard picks the words."""


_MOST: Final = 1_000
"""No counter of an honest session gets further."""


_MOST_CHARACTERS: Final = 200
_MOST_ITEMS: Final = 200
"""No text and no list of an honest session gets longer."""


class Verdict(StrEnum):
    """What a turn comes to; no two may be mistaken for each other by ear."""

    ESCALATE = "escalate"
    CLARIFY = "clarify"
    INFORM = "inform"


class Kind(StrEnum):
    """What the platform says has happened."""

    LAUNCH = "launch"
    INTENT = "intent"
    RESUMED = "resumed"
    EVENT = "event"


class Status(StrEnum):
    """How a sign was told: only `present` is happening to somebody here."""

    PRESENT = "present"
    DENIED = "denied"
    ASKED = "asked"
    PAST = "past"
    USUAL = "usual"
    EXPLAINED = "explained"
    FICTION = "fiction"


class Who(StrEnum):
    """Whose sign it is."""

    SELF = "self"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Slot:
    """What one slot brought: the words as spoken, and the ids that they resolved to."""

    name: str
    spoken: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What Alexa can truly give of one turn: never a transcript, only an intent and its slots."""

    kind: Kind
    intent: str = ""
    slots: tuple[Slot, ...] = ()
    locale: str = "en-US"
    screen: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One sign that was heard, with the words that showed it, so that a person can see why it fired.

    `alone` is what this finding comes to when nothing else is said; `ear` is what heard it: rules, slot
    or model.
    """

    sign: str
    kind: str
    urgency: str
    status: Status
    who: Who
    words: str
    ear: str
    alone: Verdict = Verdict.ESCALATE


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered while one session is open, and nowhere else.

    `signs` holds "who:sign" and only grows. `alarm` is the kind of emergency that was escalated, empty
    when none was or when it was corrected, and `alarm_sign` the sign that it named. `question` is the
    safety question that waits for an answer, `answered` those of its row that were answered in
    free speech before they were asked, `misses` how often in a row nothing was understood. `topic`
    and `piece` are what was told last, `steps` how far the steps for the wait were read.
    `when` is when it began in the person's own words, `since` what that time was: noticed, well or woke.
    """

    version: int = STATE_VERSION
    signs: tuple[str, ...] = ()
    alarm: str = ""
    alarm_sign: str = ""
    called: bool = False
    question: str = ""
    answered: tuple[str, ...] = ()
    misses: int = 0
    topic: str = ""
    piece: int = 0
    steps: int = 0
    who: Who = Who.UNKNOWN
    person: str = ""
    scenes: tuple[str, ...] = ()
    when: str = ""
    since: str = ""
    country: str = ""
    rate: str = "normal"
    length: str = "full"
    notice_given: bool = False
    last_template: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Which template is to be spoken, with which values: no words.

    `reprompt` is the template that the platform plays on silence; empty only where the session closes.
    `card` sends the app the general card, which is the same in every session.
    """

    template: str
    verdict: Verdict
    values: tuple[tuple[str, Any], ...] = ()
    reprompt: str = ""
    card: bool = False

    @property
    def closes(self) -> bool:
        """Whether the session ends with this reply."""
        return not self.reprompt


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reply in words: SSML for the speaker, plain text for people and tests, and the card in the app.

    `shown` is what a screen shows beside the words: the number to call, "" where nothing is urgent.
    """

    ssml: str
    text: str
    reprompt_ssml: str | None = None
    card_title: str | None = None
    card_text: str | None = None
    shown: str = ""


def state_to_dict(state: State) -> dict[str, Any]:
    """The session attributes that hold `state`: JSON-ready, only what differs from a fresh one, and the version."""
    fresh = State()
    held = {
        field.name: getattr(state, field.name)
        for field in dataclasses.fields(State)
        if field.name == "version" or getattr(state, field.name) != getattr(fresh, field.name)
    }
    return {name: list(value) if isinstance(value, tuple) else value for name, value in held.items()}


def state_from_dict(held: object) -> State:
    """The state that session attributes hold.

    Raises ValueError for another version, an unknown field or a value of the wrong type: what can't be
    read must lead to the safety line, never to a guess.
    """
    if not isinstance(held, dict):
        raise ValueError(f"session attributes are {type(held).__name__}, not an object")
    if held.get("version") != STATE_VERSION:
        raise ValueError("session attributes are of another version")
    fresh = State()
    unknown = [name for name in held if not isinstance(name, str) or not hasattr(fresh, name)]
    if unknown:
        raise ValueError("session attributes hold an unknown field")
    return State(**{name: _value(name, value, getattr(fresh, name)) for name, value in held.items()})


def _value(name: str, value: object, default: object) -> Any:  # noqa: ANN401  # of the type of `default`
    """`value` as the field `name` holds it; raises ValueError where it is of another type than `default`."""
    if isinstance(default, tuple):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValueError(f"session attribute {name} is not a list of words")
        if len(value) > _MOST_ITEMS or any(len(item) > _MOST_CHARACTERS for item in value):
            raise ValueError(f"session attribute {name} is longer than any that a turn leaves")
        return tuple(value)
    if isinstance(default, Who):
        return Who(str(value))
    if type(value) is not type(default) or (isinstance(value, int) and not 0 <= value <= _MOST):
        raise ValueError(f"session attribute {name} is not a {type(default).__name__}")
    if isinstance(value, str) and (len(value) > _MOST_CHARACTERS or not value.isprintable()):
        raise ValueError(f"session attribute {name} is no text that a turn leaves")
    return value

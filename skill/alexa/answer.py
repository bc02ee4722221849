"""One turn, answered: the whole way from what Alexa gave to what is spoken, without Alexa's SDK."""

from __future__ import annotations

from dataclasses import dataclass

from skill.dialogue.acts import Act, act_of
from skill.dialogue.memory import remembered
from skill.dialogue.step import step
from skill.dialogue.topics import is_topic
from skill.hearing.hear import hear
from skill.hearing.heard import Heard
from skill.places import language_of
from skill.speaking.speak import speak
from skill.turn import Reply, Slot, Spoken, State, Turn


@dataclass(frozen=True, slots=True)
class Answer:
    """What a turn led to, room by room, so that a person can see why."""

    act: Act
    heard: Heard
    reply: Reply
    state: State
    spoken: Spoken


def _is_name(act: Act, slot: Slot) -> bool:
    """Whether `slot` only names the topic that was asked about: "numb chin" in "tell me about numb chin"."""
    return act.act == "about" and any(is_topic(name) for name in slot.ids)


def answer(turn: Turn, attributes: object) -> Answer:
    """The answer to `turn` in the session that `attributes` (JSON, None for a fresh one) remember.

    Attributes that can't be read give a fresh start behind the safety line, never an error.
    """
    lost = False
    try:
        state = remembered(attributes)
    except (ValueError, TypeError, RecursionError):
        state, lost = State(), True
    act = act_of(turn)
    slots = (slot for slot in turn.slots if not _is_name(act, slot))
    heard = hear(slots, language_of(turn.locale), opener=act.implies)
    reply, state = step(state, turn, act, heard, lost=lost)
    return Answer(act, heard, reply, state, speak(reply, state, turn.locale))

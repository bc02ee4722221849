"""After the order: have you called, what now, what to say, no phone, and taking an alarm back."""

from __future__ import annotations

from dataclasses import replace

from skill.dialogue.acts import Act
from skill.dialogue.saying import say
from skill.dialogue.topics import at
from skill.hearing.heard import Heard
from skill.turn import Reply, State, Verdict

STEPS = 4
"""How many steps are read out while help is on its way."""

_OWN_WORDS = frozenset({"alone", "call_for_me", "unanswered", "sick", "prognosis", "wait_it_out"})

LAST_WELL = "last_well"
"""The question when somebody was last as usual: the one under an alarm that is not "have you called?"."""


def answer(state: State, act: Act, heard: Heard, *, placed: bool) -> tuple[Reply, State] | None:
    """What is said under an alarm to `act`; None where the ordinary answer will do, behind the order.

    `placed` says that the act has an answer of its own; else something was told or asked that has none.
    """
    timed = not placed and bool(heard.when)
    match act.act:
        case "stop":
            return say("emergency/stop", state, closes=True)
        case "help" | "check":
            return say("emergency/help", state)
        case "wrong":
            return say("conversation/corrected", at(replace(state, alarm="", alarm_sign=""), ""))
        case "repeat":
            return say(_last_order(state), state, question=state.question)
        case "next" | "back" | "yes" | "no" | "unsure" | "courtesy" | "fallback" if state.question == LAST_WELL:
            return handover(state)
        case _ if timed or (not placed and state.question == LAST_WELL):
            return handover(state)
        case "yes" if state.question == "called":
            return called(state)
        case "no" | "no_but" | "unsure" | "courtesy" if state.question == "called":
            return say("emergency/not_called", state)
        case "next" | "back" | "yes" | "no" | "unsure" | "courtesy":
            return walk(state, -1 if act.act == "back" else 1)
        case "cannot_speak":
            return say("emergency/cannot_speak", state)
        case "fallback":
            return say("emergency/unclear", state)
        case _ if not placed:
            return say("emergency/told" if heard.telling or act.act != "describe" else "emergency/unclear", state)
    return None


def called(state: State) -> tuple[Reply, State]:
    """The last words to someone who has called; the session closes, so that we don't talk over the operator."""
    return say("emergency/called", replace(state, called=True), closes=True)


def handover(state: State) -> tuple[Reply, State]:
    """What to tell the operator; under an alarm it asks once when they were last well, unless a time was told."""
    if not state.alarm:
        return say("emergency/handover", state, Verdict.CLARIFY, question=state.question or "onset_1")
    ask = not state.when and state.question != LAST_WELL
    return say("emergency/handover", state, question=LAST_WELL if ask else "called")


def walk(state: State, by: int) -> tuple[Reply, State]:
    """The next step of the wait, or the one before."""
    step = min(max(state.steps + by, 1), STEPS)
    return say(f"emergency/step_{step}", replace(at(state, ""), steps=step), Verdict.CLARIFY)


def own_words(state: State, act: Act) -> tuple[Reply, State] | None:
    """The answers that hold with an alarm and without one, in a fresh session too; None for other acts.

    Without an alarm they keep the safety question that is open, or ask the first.
    """
    match act.act:
        case "called":
            return called(state)
        case "what_now":
            return walk(replace(state, steps=0), 1)
        case "handover":
            return handover(state)
        case "no_phone":
            return say("emergency/no_phone", state, Verdict.CLARIFY, closes=True)
        case "sugar" if state.alarm:
            return say("emergency/low_sugar", state)
        case own if own in _OWN_WORDS:
            first = "called" if state.alarm else "onset_1"
            return say(f"emergency/{own}", state, Verdict.CLARIFY, question=state.question or first)
    return None


def _last_order(state: State) -> str:
    last = state.last_template
    return last if last.startswith("emergency/") and last != "emergency/unclear" else f"emergency/{state.alarm}"

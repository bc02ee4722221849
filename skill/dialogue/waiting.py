"""After the order: have you called, what now, what to say, no phone, and taking an alarm back."""

from __future__ import annotations

from dataclasses import replace

from skill.dialogue.acts import Act
from skill.dialogue.saying import say
from skill.turn import Reply, State, Verdict

STEPS = 4
"""How many steps are read out while help is on its way."""

_OWN_WORDS = {
    "handover": "emergency/handover",
    "alone": "emergency/alone",
    "call_for_me": "emergency/call_for_me",
}


def answer(state: State, act: Act, *, told: bool, timed: bool) -> tuple[Reply, State] | None:
    """What is said under an alarm to `act`; None where the ordinary answer will do, behind the order.

    `told` says whether something was told or asked that has no topic, `timed` whether it held a time.
    """
    match act.act:
        case "yes" | "yes_and" if state.question == "called":
            return called(state)
        case "no" | "no_but" | "unsure" if state.question == "called":
            return say("emergency/not_called", state)
        case "stop":
            return say("emergency/stop", state, closes=True)
        case "help" | "check":
            return say("emergency/help", state)
        case "wrong":
            return say("conversation/corrected", replace(state, alarm="", alarm_sign="", steps=0, topic=""))
        case "repeat":
            return say(_last_order(state), state)
        case "next" | "back" | "yes" | "no" | "unsure" if not state.topic:
            return walk(state, -1 if act.act == "back" else 1)
        case "fallback":
            return say("emergency/unclear", state)
        case _ if told and timed:
            return say("emergency/handover", state)
        case _ if told:
            return say("emergency/unclear", state)
    return None


def called(state: State) -> tuple[Reply, State]:
    """The last words to someone who has called; the session closes, so that we don't talk over the operator."""
    return say("emergency/called", replace(state, called=True), closes=True)


def walk(state: State, by: int) -> tuple[Reply, State]:
    """The next step of the wait, or the one before."""
    step = min(max(state.steps + by, 1), STEPS)
    return say(f"emergency/step_{step}", replace(state, steps=step, topic=""), Verdict.CLARIFY)


def own_words(state: State, act: Act) -> tuple[Reply, State] | None:
    """The answers that hold with an alarm and without one, in a fresh session too; None for other acts."""
    match act.act:
        case "called":
            return called(state)
        case "what_now":
            return walk(replace(state, steps=0), 1)
        case "no_phone":
            return say("emergency/no_phone", state, Verdict.CLARIFY, closes=True)
        case act_name if act_name in _OWN_WORDS:
            return say(_OWN_WORDS[act_name], state, Verdict.CLARIFY, question="onset_1")
    return None


def _last_order(state: State) -> str:
    last = state.last_template
    return last if last.startswith("emergency/") and last != "emergency/no_answer" else f"emergency/{state.alarm}"

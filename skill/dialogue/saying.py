"""From a template's name to a reply: what every reply has in common, derived from the state alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from skill.dialogue.topics import body_of, is_first, is_last
from skill.hearing.knowledge import signs
from skill.turn import Reply, State, Verdict, Who

NO_ANSWER = "emergency/no_answer"
REPROMPT = "conversation/reprompt"


def say(
    template: str,
    state: State,
    verdict: Verdict = Verdict.INFORM,
    *,
    question: str = "",
    closes: bool = False,
) -> tuple[Reply, State]:
    """The reply that speaks `template`, and `state` with `question` open.

    While an alarm is on and nobody has called, every reply is an escalation and opens with the order. The
    reprompt is what silence plays: after a safety question, or under an alarm, it is the order itself. The
    first reply of a session brings the card.
    """
    alarmed = bool(state.alarm) and not state.called
    if alarmed and not closes and question != "last_well" and not template.startswith("emergency/step"):
        question = "called"  # every such reply ends in it, so yes and no must be answers to it
    notice = template == "conversation/topic" and not state.notice_given and not alarmed
    first = not state.last_template
    if question in {"", "called", "last_well"}:
        state = replace(state, answered=(), misses=0)  # both belong to the row of questions that is left here
    state = replace(state, question=question, last_template=template, notice_given=state.notice_given or notice)
    reprompt = NO_ANSWER if question or alarmed else REPROMPT
    reply = Reply(
        template=template,
        verdict=Verdict.ESCALATE if state.alarm else verdict,
        values=tuple(_values(state, alarmed=alarmed, notice=notice).items()),
        reprompt="" if closes else reprompt,
        card=first,
    )
    return reply, state


def _values(state: State, *, alarmed: bool, notice: bool) -> dict[str, Any]:
    known = signs()
    told = tuple(dict.fromkeys(sign.partition(":")[2] for sign in state.signs))
    return {
        "reminder": alarmed,
        "notice": notice,
        "sign": state.alarm_sign,
        "signs": told,
        "today": tuple(sign for sign in told if sign in known and known[sign].urgency == "today"),
        "other": state.who is Who.OTHER,
        "unknown": state.who is Who.UNKNOWN,
        "noun": state.person,
        "scenes": state.scenes,
        "question": f"check/ask_{state.question}" if state.question and state.question != "called" else "",
        "when": state.when,
        "since": state.since,
        "body": body_of(state),
        "first": is_first(state),
        "last": is_last(state),
    }

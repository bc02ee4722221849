"""The safety net: the order when a sign is heard, the question when it is not clear, and what an answer to it means."""

from __future__ import annotations

from dataclasses import replace

from skill.dialogue.acts import Act
from skill.dialogue.saying import say
from skill.dialogue.topics import at
from skill.hearing.hear import Heard
from skill.turn import KINDS, Finding, Reply, State, Status, Verdict

LAST_ONSET = 3
"""At most three closed questions before a verdict: onset, anything else new, the worst signs."""


def escalate(state: State, heard: Heard) -> tuple[Reply, State]:
    """The order to call, in the words of the most urgent kind that was heard just now, and the alarm that stays on."""
    told = [f for f in heard.findings if f.status is Status.PRESENT and f.alone is Verdict.ESCALATE]
    worst = min(told, key=lambda finding: KINDS.index(finding.kind))
    named = next((f for f in told if f.kind == worst.kind and f.sign != "stroke_named"), worst)
    kinds = [kind for kind in (state.alarm, worst.kind) if kind]
    state = replace(state, alarm=min(kinds, key=KINDS.index), alarm_sign=named.sign, called=False, misses=0, steps=0)
    return say(f"emergency/{worst.kind}", state, Verdict.ESCALATE, question="called")


def with_signs(state: State, findings: tuple[Finding, ...]) -> State:
    """`state` with the present signs of `findings` added to what was heard of each person; it never shrinks."""
    told = (f"{f.who}:{f.sign}" for f in findings if f.status is Status.PRESENT)
    return replace(state, signs=tuple(dict.fromkeys((*state.signs, *told))))


def clarify(state: State, topic: str) -> tuple[Reply, State]:
    """The conditional order, a short answer where a topic was asked for, and the first onset question."""
    if topic:
        return say("check/onset_topic", at(state, topic), Verdict.CLARIFY, question="onset_1")
    return say("check/onset", replace(state, misses=0), Verdict.CLARIFY, question="onset_1")


def answer(state: State, act: Act, verdict: Verdict, topic: str) -> tuple[Reply, State] | None:
    """What the answer to the open onset question leads to; None when something else was asked instead.

    Yes is always the bad answer, and only a bare no is a no. What can't be understood asks once more,
    shorter; the second time it counts as yes.
    """
    if act.act in {"yes", "yes_and", "unsure"}:
        return _bad(state)
    if act.act == "no":
        return _next_question(replace(state, misses=0))
    if act.act in {"help", "repeat"}:
        return say("check/onset", state, Verdict.CLARIFY, question=state.question)
    told = act.act in {"describe", "report", "about"} and (verdict is Verdict.CLARIFY or not topic)
    if told or act.act in {"fallback", "no_but", "alone"}:
        if state.misses:
            return _bad(state)
        again = replace(state, misses=state.misses + 1)
        return say("check/onset_again", again, Verdict.CLARIFY, question=state.question)
    return None


def _next_question(state: State) -> tuple[Reply, State]:
    number = int(state.question.rpartition("_")[2])
    if number < LAST_ONSET:
        return say("check/onset_next", state, Verdict.CLARIFY, question=f"onset_{number + 1}")
    return say("check/outcome", state)


def _bad(state: State) -> tuple[Reply, State]:
    sign = state.signs[-1].partition(":")[2] if state.signs else ""
    return say("emergency/stroke", replace(state, alarm="stroke", alarm_sign=sign, misses=0), question="called")

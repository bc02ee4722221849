"""The safety net: the order when a sign is heard, the question when it is not clear, and what an answer to it means."""

from __future__ import annotations

from dataclasses import replace

from skill.dialogue.acts import Act
from skill.dialogue.saying import say
from skill.dialogue.topics import at
from skill.hearing.heard import Heard
from skill.hearing.knowledge import child_nouns
from skill.turn import KINDS, Finding, Reply, State, Status, Verdict, Who

LAST = {
    "onset": ("onset_3", "check/outcome"),
    "check": ("check_7", "check/passed"),
    "usual": ("usual_1", "check/passed"),
}
"""Of each row of questions the last one, and what is said when all were a plain no. It is never a clear."""

SHOWS = {
    "check_1": "balance_lost", "check_2": "face_droop", "check_3": "arm_weak", "check_4": "speech_slurred",
    "check_5": "speech_slurred",
    "check_6": "leg_weak", "check_7": "worst_headache",
}  # fmt: skip
"""The sign that a yes to a question of the check shows."""

SPEECH_SAMPLE = "check_4"
"""Here a sentence is said aloud; whatever arrives, even nothing that was understood, leads to the next question."""


QUESTIONS = tuple(f"{row}_{number}" for row, (last, _) in LAST.items() for number in range(1, int(last[-1]) + 1))
"""Every safety question, in the order of its row."""

TOLD = {"onset_3": ({"worst_headache"}, {"unconscious", "balance_lost"}, {"head_injury"})}
"""The signs that leave nothing to ask once one of each set was denied in free speech: a faint is heard as either of
two. No more questions stand here, since "my speech is fine" does not say that it was fine before."""


def escalate(state: State, heard: Heard, act: str) -> tuple[Reply, State]:
    """The order to call, in the words of the most urgent kind that was heard just now, and the alarm that stays on.

    Who says "I can't speak" (the act) hears how to call without a voice, unless something worse was told too.
    """
    told = [f for f in heard.findings if f.status is Status.PRESENT and f.alone is Verdict.ESCALATE]
    worst = min(told, key=lambda finding: KINDS.index(finding.kind))
    named = next((f for f in told if f.kind == worst.kind and f.sign != "stroke_named"), worst)
    kinds = [kind for kind in (state.alarm, worst.kind) if kind]
    state = replace(state, alarm=min(kinds, key=KINDS.index), alarm_sign=named.sign, called=False, misses=0, steps=0)
    words = act if act == "cannot_speak" and worst.kind == "stroke" else worst.kind
    return say(f"emergency/{words}", state, Verdict.ESCALATE)


def with_signs(state: State, findings: tuple[Finding, ...]) -> State:
    """`state` with the present signs of `findings` added to what was heard of each person; it never shrinks."""
    told = (f"{f.who}:{f.sign}" for f in findings if f.status is Status.PRESENT)
    return replace(state, signs=tuple(dict.fromkeys((*state.signs, *told))))


def clarify(state: State, topic: str, findings: tuple[Finding, ...] = (), act: str = "") -> tuple[Reply, State]:
    """The conditional order, a short answer where a topic was asked for, and the first question that is left open.

    Where all that was told is how it always is, or is told of someone who can't follow instructions, one
    question is left: is anything different today? "Gradually" (the act) has answered the first onset question.
    """
    usual = bool(findings) and all(finding.status is Status.USUAL for finding in findings)
    denied = {finding.sign for finding in findings if finding.status is Status.DENIED}
    answered = [question for question, named in TOLD.items() if all(signs & denied for signs in named)]
    if act == "gradual":
        answered.append("onset_1")
    state = replace(state, misses=0, steps=0, answered=tuple(answered))
    row = "usual" if usual or ("impaired" in state.scenes and not state.signs) else "onset"
    left = [question for question in QUESTIONS if question.startswith(row) and question not in answered]
    question = state.question if state.question in left else left[0]  # a row that is open goes on, never back
    if topic:
        return say("check/onset_topic", at(state, topic), Verdict.CLARIFY, question=question)
    return say("check/onset", state, Verdict.CLARIFY, question=question)


def check(state: State) -> tuple[Reply, State]:
    """The first question of the stroke check.

    It runs only where no sign was told; a child gets none, but the order; and someone who can't follow
    instructions on a good day gets one question instead.
    """
    if "child" in state.scenes or (state.who is Who.OTHER and state.person in child_nouns()):
        return _bad(state, "")
    if state.signs:
        return clarify(state, "")
    question = "usual_1" if "impaired" in state.scenes else "check_1"
    return say("check/start", replace(state, misses=0, steps=0, answered=()), Verdict.CLARIFY, question=question)


def answer(state: State, act: Act, verdict: Verdict, topic: str, *, timed: bool) -> tuple[Reply, State] | None:
    """What the answer to the open safety question leads to; None when something else was asked instead.

    Yes is always the bad answer, and only a bare no is a no. What can't be understood asks once more,
    shorter; the second time it counts as yes. A time (`timed`) in answer to the first question is a yes: so it
    began at one moment, or was there on waking.
    """
    if state.question.startswith("check") and state.scenes and {"child", "impaired"} & set(state.scenes):
        return check(state)
    if state.question == SPEECH_SAMPLE and act.act not in _INTERRUPTING:
        cannot = act.act in {"no", "no_but", "unsure", "alone"}
        return _bad(state, SHOWS[SPEECH_SAMPLE]) if cannot else _next_question(replace(state, misses=0))
    on_onset = state.question.startswith("onset")
    if (
        act.act in {"yes", "yes_and", "unsure", "sudden"}
        or (timed and state.question == "onset_1")
        or (act.act == "alone" and not on_onset)
    ):
        return _bad(state, SHOWS.get(state.question, _last_sign(state)))
    if act.act == "no":
        return _next_question(replace(state, misses=0))
    if act.act == "gradual" and state.question == "onset_1":
        return _next_question(replace(state, misses=0), "check/again")
    if act.act in {"help", "repeat", "next", "back"}:
        template = "check/help" if act.act == "help" else "check/again"
        return say(template, state, Verdict.CLARIFY, question=state.question)
    told = act.act in {"describe", "report", "about"} and (verdict is Verdict.CLARIFY or not topic)
    if told or act.act in _NO_ANSWER:
        if state.misses:
            return _bad(state, _last_sign(state))
        again = replace(state, misses=state.misses + 1)
        return say("check/not_understood", again, Verdict.CLARIFY, question=state.question)
    return None


_NO_ANSWER = frozenset({"fallback", "no_but", "alone", "gradual", "courtesy", "wrong", "cannot_speak"})

_INTERRUPTING = frozenset({"stop", "help", "repeat", "wait", "start_over", "slower", "faster", "shorter", "full"})


def _next_question(state: State, template: str = "check/next") -> tuple[Reply, State]:
    row = state.question.partition("_")[0]
    later = QUESTIONS[QUESTIONS.index(state.question) + 1 :]
    left = [question for question in later if question.startswith(row) and question not in state.answered]
    if not left:
        return say(LAST[row][1], replace(state, answered=()))
    return say(template, state, Verdict.CLARIFY, question=left[0])


def _last_sign(state: State) -> str:
    return state.signs[-1].partition(":")[2] if state.signs else ""


def _bad(state: State, sign: str) -> tuple[Reply, State]:
    return say("emergency/stroke", replace(state, alarm="stroke", alarm_sign=sign, misses=0))

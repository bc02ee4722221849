from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.alexa.answer import answer
from skill.dialogue.acts import act_of, intents
from skill.dialogue.step import step
from skill.hearing.hear import hear
from skill.hearing.heard import Heard
from skill.turn import Kind, Reply, Slot, State, Turn, Verdict, state_to_dict
from tests.data import yaml

INTENTS = intents()
MUST_ESCALATE = [says for sentences in yaml("sentences/must_escalate.yaml").values() for says in sentences]
SIGN = Slot("words", "her mouth is drooping")
UNCLEAR = Slot("words", "she just seems off to me")

TOPICS = tuple(name for name in INTENTS if name.endswith("TopicIntent"))
WALKED = tuple(name for name in INTENTS if name not in TOPICS[1:])
"""One topic stands for all in the walk: they differ in words alone."""

TURNS = (
    Turn(Kind.LAUNCH),
    Turn(Kind.RESUMED),
    Turn(Kind.EVENT),
    *(Turn(Kind.INTENT, intent) for intent in WALKED),
    Turn(Kind.INTENT, "DescribeIntent", (UNCLEAR,)),
    Turn(Kind.INTENT, "DescribeIntent", (SIGN,)),
    Turn(Kind.INTENT, "DescribeIntent", (Slot("words", "he is not breathing"),)),
    Turn(Kind.INTENT, "WhatIntent", (Slot("words", "is bell's palsy"),)),
    Turn(Kind.INTENT, "CountryIntent", (Slot("country", "australia"),)),
)


@cache
def heard_in(turn: Turn) -> Heard:
    implied = act_of(turn).implies
    return hear((*turn.slots, *((Slot("implied", implied),) if implied else ())))


def after(state: State, turn: Turn) -> tuple[Reply, State]:
    return step(state, turn, act_of(turn), heard_in(turn))


@cache
def reachable(depth: int) -> frozenset[State]:
    """Every state that up to `depth` turns can lead to, a closed session opening afresh."""
    seen = frontier = {State()}
    for _ in range(depth):
        found = {state for old in frontier for turn in TURNS for reply, state in [after(old, turn)] if not reply.closes}
        frontier = found - seen
        seen = seen | frontier
    return frozenset(seen)


def test_a_sign_escalates_in_every_state_that_four_turns_reach_under_every_intent() -> None:
    states = reachable(4)
    assert len(states) > 1000
    for state in states:
        reply, next_state = after(state, Turn(Kind.INTENT, "DescribeIntent", (SIGN,)))
        assert reply.verdict is Verdict.ESCALATE
        assert reply.template.startswith("emergency/")
        assert next_state.alarm


@pytest.mark.parametrize("intent", INTENTS)
def test_a_sign_escalates_in_a_slot_of_any_intent(intent: str) -> None:
    reply, _ = after(State(), Turn(Kind.INTENT, intent, (Slot("anything", "i can't lift my arm"),)))
    assert reply.verdict is Verdict.ESCALATE


@given(st.lists(st.sampled_from(TURNS), max_size=4), st.sampled_from(MUST_ESCALATE), st.sampled_from(INTENTS))
def test_whatever_was_said_before_a_sign_escalates(before: list[Turn], says: str, intent: str) -> None:
    attributes: dict[str, object] | None = None
    for turn in before:
        attributes = state_to_dict(answer(turn, attributes).state)
    answered = answer(Turn(Kind.INTENT, intent, (Slot("words", says),)), attributes)
    assert answered.reply.verdict is Verdict.ESCALATE
    assert re.match(r"Call (9 1 1|triple zero|your local emergency number) now\.", answered.spoken.text)


def test_under_an_alarm_every_reply_escalates_until_it_is_corrected() -> None:
    for state in reachable(3):
        if state.alarm and not state.called:
            for turn in TURNS:
                reply, next_state = after(state, turn)
                assert reply.verdict is Verdict.ESCALATE or not next_state.alarm


def test_an_alarm_is_left_only_by_a_correction() -> None:
    for state in reachable(3):
        if state.alarm:
            left = {turn.intent for turn in TURNS if not after(state, turn)[1].alarm}
            assert left <= {"WrongAlarmIntent"}


def test_signs_that_were_heard_are_never_forgotten() -> None:
    for state in reachable(3):
        for turn in TURNS:
            assert set(state.signs) <= set(after(state, turn)[1].signs)


def test_every_safety_question_escalates_on_silence() -> None:
    for state in reachable(3):
        for turn in TURNS:
            reply, next_state = after(state, turn)
            if next_state.question and not reply.closes:
                assert reply.reprompt == "emergency/no_answer"


def test_yes_to_a_safety_question_is_always_the_bad_answer() -> None:
    for state in reachable(3):
        if state.question.startswith("onset"):
            reply, _ = after(state, Turn(Kind.INTENT, "AMAZON.YesIntent"))
            assert reply.verdict is Verdict.ESCALATE


def test_a_second_misunderstanding_of_a_safety_question_escalates() -> None:
    fallback = Turn(Kind.INTENT, "AMAZON.FallbackIntent")
    for state in reachable(2):
        if state.question.startswith("onset") and not state.misses:
            first, asked_again = after(state, fallback)
            second, _ = after(asked_again, fallback)
            assert (first.verdict, second.verdict) == (Verdict.CLARIFY, Verdict.ESCALATE)


def test_the_session_closes_only_where_it_must() -> None:
    closing = {
        "conversation/goodbye",
        "conversation/goodbye_with_number", "emergency/stop", "emergency/called", "emergency/no_phone",
    }  # fmt: skip
    for state in reachable(3):
        for turn in TURNS:
            reply, _ = after(state, turn)
            assert reply.closes == (reply.template in closing)


def test_starting_over_keeps_what_must_not_be_lost() -> None:
    _, alarmed = after(State(country="en-AU"), Turn(Kind.INTENT, "DescribeIntent", (SIGN,)))
    _, fresh = after(alarmed, Turn(Kind.INTENT, "AMAZON.StartOverIntent"))
    assert (fresh.signs, fresh.alarm, fresh.country) == (alarmed.signs, alarmed.alarm, "en-AU")

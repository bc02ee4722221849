from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.alexa.answer import answer
from skill.authoring.check import LOCALES, Line, rules_broken
from skill.authoring.walk import SIGN, Said, Transition, acts, after, plainly, turns, walk
from skill.dialogue.acts import Act, act_of, intents
from skill.dialogue.net import QUESTIONS
from skill.speaking.speak import speak
from skill.turn import Kind, Slot, State, Turn, Verdict, Who, state_to_dict
from tests.data import yaml

INTENTS = intents("en")
MUST_ESCALATE = [says for sentences in yaml("sentences/en/must_escalate.yaml").values() for says in sentences]
TURNS = (
    Turn(Kind.LAUNCH),
    Turn(Kind.RESUMED),
    Turn(Kind.EVENT),
    *(Turn(Kind.INTENT, intent) for intent in INTENTS if not intent.endswith("TopicIntent")),
    Turn(Kind.INTENT, "DescribeIntent", (Slot("words", "she just seems off to me"),)),
    Turn(Kind.INTENT, "DescribeIntent", (Slot("words", "her mouth is drooping"),)),
    Turn(Kind.INTENT, "CountryIntent", (Slot("country", "australia"),)),
)
CLOSING = {
    "conversation/goodbye", "conversation/goodbye_with_number", "emergency/stop", "emergency/called",
    "emergency/no_phone",
}  # fmt: skip


@cache
def states() -> tuple[State, ...]:
    return tuple(dict.fromkeys(transition.before for transition in walk()))


def by_act(act: str) -> list[Transition]:
    return [one for one in walk() if one.said.name == act]


def asks_safety(state: State) -> bool:
    return state.question in QUESTIONS


def test_the_walk_comes_to_an_end_and_meets_every_question_and_act() -> None:
    assert len(walk()) == len(states()) * len(turns())
    assert {state.question for state in states()} == {*QUESTIONS, "", "called", "last_well"}
    assert {one.reply.template for one in walk()} >= CLOSING | {"check/passed", "check/outcome"}


def test_a_sign_escalates_in_every_state() -> None:
    for one in walk():
        if one.said.name == SIGN:
            assert one.reply.verdict is Verdict.ESCALATE
            assert one.reply.template.startswith("emergency/")
            assert one.after.alarm


def test_a_sign_escalates_under_every_act_whatever_is_open() -> None:
    sign = next(said.heard for said in turns() if said.name == SIGN)
    open_now = {(state.question, state.alarm, state.steps > 0): state for state in states()}
    for state in open_now.values():
        for act in acts():
            one = after(state, Said(SIGN, act, sign))
            assert one.reply.verdict is Verdict.ESCALATE
            assert one.after.alarm


@pytest.mark.parametrize("intent", INTENTS)
def test_a_sign_escalates_in_a_slot_of_any_intent(intent: str) -> None:
    answered = answer(Turn(Kind.INTENT, intent, (Slot("anything", "i can't lift my arm"),)), None)
    assert answered.reply.verdict is Verdict.ESCALATE


@given(st.lists(st.sampled_from(TURNS), max_size=4), st.sampled_from(MUST_ESCALATE), st.sampled_from(INTENTS))
def test_whatever_was_said_before_a_sign_escalates(before: list[Turn], says: str, intent: str) -> None:
    attributes: dict[str, object] | None = None
    for turn in before:
        attributes = state_to_dict(answer(turn, attributes).state)
    answered = answer(Turn(Kind.INTENT, intent, (Slot("words", says),)), attributes)
    assert answered.reply.verdict is Verdict.ESCALATE
    assert re.match(r"Call (9 1 1|triple zero|your local emergency number) now\.", answered.spoken.text)


@given(st.lists(st.sampled_from(TURNS), max_size=6))
def test_signs_that_were_heard_are_never_forgotten(said: list[Turn]) -> None:
    state = State()
    for turn in said:
        then = answer(turn, state_to_dict(state)).state
        assert set(state.signs) <= set(then.signs)
        state = then


def test_every_reply_keeps_the_rules_of_sound() -> None:
    """The order in escalations and nowhere else, a question or offer where the session is open, nothing banned."""
    spoken = {(one.reply, plainly(one.after)): one for one in walk()}.values()
    assert len(spoken) > 500
    for locale in ("en-GB", LOCALES[-1]):
        for one in spoken:
            line = Line(locale, one.reply, one.after, speak(one.reply, one.after, locale))
            assert not [*rules_broken(line)], (one.said.name, one.before, line.spoken.text)


def test_under_an_alarm_every_reply_escalates_until_it_is_corrected() -> None:
    for one in walk():
        if one.before.alarm:
            assert one.reply.verdict is Verdict.ESCALATE or one.said.act.act == "wrong"


def test_an_alarm_is_left_only_by_a_correction() -> None:
    for one in walk():
        if one.before.alarm and not one.after.alarm:
            assert one.said.act.act == "wrong"
            assert one.said.name != SIGN


def test_every_state_can_help_repeat_and_stop() -> None:
    for one in by_act("help"):
        wanted = "emergency/help" if one.before.alarm else "conversation/help"
        assert one.reply.template == ("check/help" if asks_safety(one.before) else wanted)
    for one in by_act("repeat"):
        again = {one.before.last_template or "conversation/launch"}
        if asks_safety(one.before):
            assert one.after.question == one.before.question
        else:
            assert one.reply.template in (again if not one.before.alarm else again | {"emergency/stroke"})
    assert all(one.reply.closes for one in by_act("stop"))


def test_every_safety_question_escalates_on_silence() -> None:
    for one in walk():
        if not one.reply.closes and (one.after.question or one.after.alarm):
            assert one.reply.reprompt == "emergency/no_answer"


def test_yes_to_a_safety_question_is_always_the_bad_answer() -> None:
    for act in ("yes", "unsure"):
        for one in by_act(act):
            if asks_safety(one.before):
                leads_on = one.before.question == "check_4"  # whatever follows the test sentence does
                assert leads_on or one.reply.verdict is Verdict.ESCALATE


def test_only_a_plain_no_passes_a_safety_question() -> None:
    for one in walk():
        if one.reply.template in {"check/passed", "check/outcome"}:
            assert one.said.act.act == "no" or one.before.last_template == one.reply.template


def test_a_second_misunderstanding_of_a_safety_question_escalates() -> None:
    for one in by_act("fallback"):
        if asks_safety(one.before) and one.before.question != "check_4":
            again = one.reply.template == "check/not_understood"
            assert again != bool(one.before.misses)
            assert again or one.reply.verdict is Verdict.ESCALATE


def test_at_most_four_onset_questions_come_before_a_verdict() -> None:
    onset = [question for question in QUESTIONS if question.startswith("onset")]
    assert len(onset) <= 4
    for one in walk():
        if one.before.question in onset and one.after.question in onset:
            assert onset.index(one.after.question) >= onset.index(one.before.question)


def test_the_session_closes_only_where_it_must() -> None:
    for one in walk():
        assert one.reply.closes == (one.reply.template in CLOSING)


def test_starting_over_keeps_what_must_not_be_lost() -> None:
    for one in by_act("start_over"):
        kept = replace(one.before, country="en-AU")
        fresh = after(kept, one.said).after
        assert (fresh.signs, fresh.alarm, fresh.country) == (kept.signs, kept.alarm, "en-AU")


WORDS_ONLY = st.fixed_dictionaries({
    "person": st.sampled_from(("", "mum")),
    "who": st.sampled_from(Who),
    "country": st.sampled_from(("", "?", "en-AU")),
    "rate": st.sampled_from(("slow", "normal", "fast")),
    "notice_given": st.booleans(),
    "alarm_sign": st.sampled_from(("", "face_droop")),
    "since": st.sampled_from(("", "well", "woke")),
})  # fmt: skip


@given(st.data(), WORDS_ONLY)
def test_what_the_walk_folds_away_changes_words_alone(data: st.DataObject, words: dict[str, object]) -> None:
    state = data.draw(st.sampled_from(states()))
    said = data.draw(st.sampled_from([one for one in turns() if one.act.act not in {"slower", "faster"}]))
    words["since"] = words["since"] if state.when else ""
    plain, worded = after(state, said), after(replace(state, **words), said)  # type: ignore[arg-type]
    assert worded.reply.template == plain.reply.template
    assert worded.reply.verdict == plain.reply.verdict
    assert plainly(worded.after) == plainly(plain.after)


def test_own_words_strung_together_are_still_their_own_words() -> None:
    def act(says: str, intent: str = "DescribeIntent") -> Act:
        return act_of(Turn(Kind.INTENT, intent, (Slot("words", says),)))

    assert act("no that's wrong it's a film").act == "wrong"
    assert act("that's wrong", "NoButIntent").act == "wrong"
    assert act("yes i've called").act == "called"
    assert act("no i called").act == "describe"
    assert act("yes no").act == "describe"
    assert act("what now stop").act == "describe"
    assert act("no", "YesAndIntent").act == "yes_and"

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.alexa.answer import answer
from skill.authoring.walk import walk
from skill.dialogue.acts import intents
from skill.dialogue.memory import remembered
from skill.dialogue.net import QUESTIONS
from skill.turn import KINDS, Kind, State, Turn, state_to_dict

NESTED: list[Any] = []
for _ in range(200):
    NESTED = [NESTED]

BAD: dict[str, Any] = {
    "another version": {"version": 99, "alarm": "stroke"},
    "no version": {"alarm": "stroke"},
    "cut off": '{"version": 1, "alarm": "str',
    "a list": [1, 2],
    "a number": 7,
    "an unknown field": {"version": 1, "__class__": "State"},
    "deep": {"version": 1, "signs": NESTED},
    "24 KB of words": {"version": 1, "when": "at seven " * 2_700},
    "24 KB of signs": {"version": 1, "signs": ["self:face_droop"] * 1_300},
    "24 KB of nothing known": {f"field_{n}": n for n in range(1_600)},
    "an unknown alarm": {"version": 1, "alarm": "../stroke"},
    "an unknown question": {"version": 1, "question": "onset_9"},
    "a question of an alarm without one": {"version": 1, "question": "called"},
    "a safety question under an alarm": {"version": 1, "alarm": "stroke", "question": "onset_1"},
    "an unknown topic": {"version": 1, "topic": "astrology"},
    "a piece that is not there": {"version": 1, "topic": "bells_palsy", "piece": 900},
    "a step that is not there": {"version": 1, "steps": 9},
    "an unknown template": {"version": 1, "last_template": "<speak>"},
    "a macro as a template": {"version": 1, "last_template": "_macros"},
    "a country of nowhere": {"version": 1, "country": "xx-XX"},
    "a sign of nobody": {"version": 1, "signs": ["face_droop"]},
    "a control character": {"version": 1, "when": "at\x08seven"},
    "a negative": {"version": 1, "misses": -1},
    "true for a number": {"version": 1, "misses": True},
    "an infinite": {"version": 1, "piece": float("inf")},
    "markup for a rate": {"version": 1, "rate": '"><audio src="x"/>'},
}


@pytest.mark.parametrize("name", BAD)
def test_what_no_turn_left_there_starts_afresh_behind_the_safety_line(name: str) -> None:
    answered = answer(Turn(Kind.INTENT, "AMAZON.RepeatIntent"), BAD[name])
    assert answered.spoken.text.startswith("If a face, arm or speech just changed, call 9 1 1 now.")
    assert not answered.reply.closes
    assert state_to_dict(answered.state).keys() <= {"version", "last_template"}


@pytest.mark.parametrize("name", BAD)
def test_a_sign_counts_even_where_the_memory_is_lost(name: str) -> None:
    answered = answer(Turn(Kind.INTENT, "CannotSpeakIntent"), BAD[name])
    assert answered.spoken.text.startswith("Call 9 1 1 now.")


def test_whatever_the_dialogue_leaves_is_taken_back_as_it_was() -> None:
    for one in walk():
        if not one.reply.closes:
            held = json.loads(json.dumps(state_to_dict(one.after)))
            assert remembered(held) == one.after


@given(
    st.fixed_dictionaries({"version": st.just(1)}, optional={
        "signs": st.lists(st.sampled_from(("self:face_numb", "other:face_droop"))),
        "alarm": st.sampled_from(("", *KINDS)),
        "question": st.sampled_from(("", "called", "last_well", *QUESTIONS)),
        "misses": st.integers(0, 3),
        "topic": st.sampled_from(("", "bells_palsy", "tia")),
        "piece": st.integers(0, 3),
        "steps": st.integers(0, 5),
        "person": st.text(max_size=12),
        "when": st.text(max_size=30),
        "last_template": st.sampled_from(sorted({one.reply.template for one in walk()})),
    }),
    st.sampled_from(intents("en")),
)  # fmt: skip
def test_no_memory_at_all_leads_to_the_last_resort(held: dict[str, object], intent: str) -> None:
    assert answer(Turn(Kind.INTENT, intent), held).spoken.text


def test_every_field_is_guarded() -> None:
    for field in dataclasses.fields(State):
        with pytest.raises(ValueError, match=r"session attribute|valid Who"):
            remembered({"version": 1, field.name: {"not": "this"}})

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.hearing.hear import hear
from skill.hearing.heard import verdict_of
from skill.turn import Slot, Status, Verdict
from tests.data import yaml

MUST_ESCALATE = [(sign, says) for sign, told in yaml("sentences/en/must_escalate.yaml").items() for says in told]
TRAPS = [(trap["says"], trap["verdict"], trap["why"]) for trap in yaml("sentences/en/traps.yaml")]


def verdict(text: str) -> Verdict:
    return verdict_of(hear([Slot("words", text)], "en"))


@pytest.mark.parametrize(("sign", "says"), MUST_ESCALATE)
def test_a_sign_in_plain_words_escalates(sign: str, says: str) -> None:
    assert verdict(says) is Verdict.ESCALATE, sign


@pytest.mark.parametrize("says", yaml("sentences/en/must_clarify.yaml"))
def test_what_is_unclear_about_someone_here_is_asked_about(says: str) -> None:
    assert verdict(says) is Verdict.CLARIFY


@pytest.mark.parametrize("says", yaml("sentences/en/must_inform.yaml"))
def test_a_question_or_command_about_nobody_here_gets_its_answer(says: str) -> None:
    assert verdict(says) is Verdict.INFORM


@pytest.mark.parametrize(("says", "wanted", "why"), TRAPS)
def test_the_traps_of_language(says: str, wanted: str, why: str) -> None:
    assert verdict(says) == wanted, why


@pytest.mark.parametrize("gap", yaml("sentences/en/known_gaps.yaml"), ids=lambda gap: gap["says"])
def test_a_known_gap_is_still_a_gap(gap: dict[str, str]) -> None:
    assert verdict(gap["says"]) != gap["wanted"], "it comes right now: move it to the list where it belongs"


ADDITIONS = (
    "but her arm is fine", "it's probably nothing", "it's gone now", "it's only mild", "i'm young", "he says he's fine",
    "don't make a fuss", "i'll see the doctor tomorrow", "my name is pat", "that's my uncle joe", "um like you know",
)  # fmt: skip


@pytest.mark.parametrize("addition", ADDITIONS)
def test_no_addition_takes_an_escalation_away(addition: str) -> None:
    both = [says for _, told in MUST_ESCALATE for says in (f"{addition} {told}", f"{told} {addition}")]
    assert [says for says in both if verdict(says) is not Verdict.ESCALATE] == []


@given(st.sampled_from(MUST_ESCALATE), st.integers(0, 12), st.sampled_from(["um", "uh", "um like"]))
def test_no_stumbling_takes_an_escalation_away(told: tuple[str, str], at: int, stumble: str) -> None:
    said = told[1].split()
    assert verdict(" ".join([*said[:at], stumble, *said[at:]])) is not Verdict.INFORM


DENIED = ("no droop", "no slurred speech", "there is no numbness", "without any weakness", "no headache")


@given(st.sampled_from(yaml("sentences/en/must_inform.yaml")), st.sampled_from(DENIED))
def test_a_denied_sign_never_raises_an_alarm(says: str, denied: str) -> None:
    assert verdict(f"{denied} and {says}") is not Verdict.ESCALATE


@given(st.text(max_size=300) | st.text(alphabet=st.characters(), max_size=60))
def test_any_text_at_all_gets_a_verdict(text: str) -> None:
    assert verdict(text) in set(Verdict)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "x" * 8000, "na " * 4000, "🙂🙂🙂", "وجهي مخدر", "\u202eenod si ecaf ym", "\x00\x07", "\ud800 face",
        "|" * 50, "'" * 99,
    ],
)  # fmt: skip
def test_odd_text_gets_a_verdict(text: str) -> None:
    assert verdict(text) in set(Verdict)


def test_a_sign_at_the_end_of_the_longest_slot_is_heard() -> None:
    filler = "well as i was saying " * 400
    assert verdict(f"{filler[:7900]} my mouth is drooping") is Verdict.ESCALATE


@pytest.mark.parametrize(
    ("says", "who"),
    [
        ("my mouth is drooping", "self"),
        ("my mum's mouth is drooping", "other"),
        ("she can't lift her arm", "other"),
        ("the lady next door says her left arm is numb", "other"),
        ("mouth drooping", "unknown"),
    ],
)
def test_whose_sign_it_is_comes_from_the_words(says: str, who: str) -> None:
    assert {finding.who for finding in hear([Slot("words", says)], "en").findings} == {who}


def test_a_denial_removes_only_its_own_sign() -> None:
    found = {f.sign: f.status for f in hear([Slot("words", "no droop but his arm is weak")], "en").findings}
    assert found == {"face_droop": Status.DENIED, "arm_weak": Status.PRESENT}


def test_every_slot_and_every_id_is_read() -> None:
    heard = hear([Slot("country", "canada"), Slot("odd", "", ("arm_weak",))], "en")
    assert verdict_of(heard) is Verdict.ESCALATE
    assert [finding.ear for finding in heard.findings] == ["slot"]


def test_an_id_does_not_overrule_a_denial_in_its_own_words() -> None:
    assert verdict_of(hear([Slot("sign", "no droop", ("face_droop",))], "en")) is not Verdict.ESCALATE


def test_a_finding_shows_the_words_that_fired() -> None:
    heard = hear([Slot("words", "well um her mouth is drooping on the left")], "en")
    assert heard.findings[0].words == "mouth is drooping"

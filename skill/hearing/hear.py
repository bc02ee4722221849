"""What was heard: every string of a turn becomes findings, a topic, and whether somebody's state is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from skill.hearing.heard import Heard, verdict_of
from skill.hearing.judge import Judgement, judge
from skill.hearing.knowledge import Ears, ears
from skill.hearing.rules import Ruled, by_rules
from skill.hearing.second_ear import second_ear
from skill.hearing.third_ear import NOTHING
from skill.hearing.words import BREAK
from skill.turn import Finding, Slot, Status, Verdict, Who


class Trained(Protocol):
    """The trained ears, as hearing asks them."""

    def __call__(self, said: Sequence[str], text: str, language: str, *, fired: bool) -> Judgement:
        """The judgement on the words `said` of `text`; `fired` says that a rule alone would escalate."""


def hear(slots: Iterable[Slot], language: str, trained: Trained = judge, opener: str = "") -> Heard:
    """What the words and ids of `slots`, spoken in `language`, tell, whatever intent they came with.

    `opener` is what was said before the slots and only the intent tells: "why", "he's". A sign told plainly or by
    somebody without it counts as well: an intent may be taken for another. `trained` are the ears beside the rules;
    only measurements give others.

    Every string is read, since Alexa hands over no transcript and may put a sign into any slot. An id
    counts as a sign only where the words of its slot were not understood otherwise: a slot that says
    "no droop" may well resolve to the droop.
    """
    slots = tuple(slots)
    known = ears(language)
    text = f" {BREAK} ".join(slot.spoken for slot in slots)
    heard = _listened(by_rules(f"{opener} {text}".strip(), known), known, trained)
    if opener and verdict_of(heard) is not Verdict.ESCALATE:
        ruled = by_rules(text, known)
        if ruled.settled or _opens_with_somebody(text, known):
            bare = _listened(ruled, known, trained)
            heard = bare if verdict_of(bare) is Verdict.ESCALATE else heard
    understood = [finding for finding in heard.findings if finding.status is not Status.ASKED]
    told = set(known.signs) if understood else set()
    by_id = tuple(
        Finding(
            sign,
            known.signs[sign].kind,
            known.signs[sign].urgency,
            Status.PRESENT,
            heard.who,
            slot.spoken,
            "slot",
        )
        for slot in slots
        for sign in slot.ids
        if sign in known.signs and sign not in told
    )
    return replace(heard, findings=heard.findings + by_id) if by_id else heard


def _listened(ruled: Ruled, known: Ears, trained: Trained) -> Heard:
    return ruled.heard if ruled.settled else _judged(ruled, known, trained)


def _opens_with_somebody(text: str, known: Ears) -> bool:
    return by_rules(" ".join(text.split()[:2]), known).heard.who is not Who.UNKNOWN


def _judged(ruled: Ruled, known: Ears, trained: Trained) -> Heard:
    """What the rules heard, weighed together with what the trained ears think.

    A sign in words that no rule knows is added. A rule's sign that they doubt becomes a question, unless they never
    learnt of that sign. It becomes an answer only where they are sure that nobody's state is told at all, and nobody
    asks for themselves: "can i go to work with a crooked face".
    """
    heard = ruled.heard
    fired = verdict_of(heard) is Verdict.ESCALATE
    judged = trained(ruled.told, ruled.text, known.language, fired=fired)
    about_oneself = bool(heard.findings) and (heard.who is Who.SELF or not known.oneself.isdisjoint(ruled.told))
    if judged.nobody and ruled.opened and not heard.telling and not heard.lowered and not about_oneself:
        asked = (replace(f, status=Status.ASKED) if f.status is Status.PRESENT else f for f in heard.findings)
        return replace(_asking(heard, judged), findings=tuple(asked))
    if fired:
        learnt = second_ear(known.language).signs
        doubted = tuple(replace(f, alone=Verdict.CLARIFY) if f.sign in learnt else f for f in heard.findings)
        return heard if judged.present else replace(heard, findings=doubted)
    if judged.present and len(ruled.told) > 1:  # one word is a name or a place, and the rules know the rest
        sign = judged.sign if judged.sign in known.signs else UNNAMED
        kind, urgency = known.signs[sign].kind, known.signs[sign].urgency
        finding = Finding(sign, kind, urgency, Status.PRESENT, heard.who, " ".join(ruled.told), judged.ear)
        return replace(heard, findings=(*heard.findings, finding), telling=True)
    told = not ruled.quiet and (judged.telling or judged.possible)
    return replace(_asking(heard, judged), telling=heard.telling or told)


def _asking(heard: Heard, judged: Judgement) -> Heard:
    """`heard` with what the third ear takes it to ask for; a topic found by its words counts where that is not sure."""
    topic = judged.asks.removeprefix("topic:") if judged.asks.startswith("topic:") else ""
    act = "" if topic or judged.asks == NOTHING else judged.asks
    return replace(heard, topic=topic or heard.topic, asks="" if topic or heard.topic else act)


UNNAMED = "stroke_named"
"""The sign that stands for "it may be a stroke" where it is not clear which sign was told."""

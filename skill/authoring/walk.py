"""Every state that the dialogue can reach over every kind of turn, and what each of them leads to.

The dialogue is pure, so it is walked itself, not a model of it. What only changes words (who is spoken of, which
number, how fast) is folded away by `plainly`; that nothing else hangs on it is a test of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from skill.dialogue.acts import ACTS, Act
from skill.dialogue.net import QUESTIONS
from skill.dialogue.step import step
from skill.dialogue.topics import is_topic
from skill.hearing.heard import Heard
from skill.hearing.knowledge import signs
from skill.turn import KINDS, Finding, Kind, Reply, State, Status, Turn, Who

TOPIC: Final = "bells_palsy"
"""One topic stands for all: they differ in words alone, and this one has several pieces."""

SIGN: Final = "a sign"
"""How the turns are named in which a stroke sign was told."""


@dataclass(frozen=True, slots=True)
class Said:
    """One kind of turn: what it meant and what was heard in it, and a name for the diagram."""

    name: str
    act: Act
    heard: Heard = field(default_factory=Heard)
    kind: Kind = Kind.INTENT


@dataclass(frozen=True, slots=True)
class Transition:
    """What one kind of turn leads to in one state."""

    before: State
    said: Said
    reply: Reply
    after: State


def _told(sign: str, status: Status = Status.PRESENT) -> Finding:
    known = signs()[sign]
    return Finding(sign, known.kind, known.urgency, status, Who.UNKNOWN, sign, "rules")


def turns() -> tuple[Said, ...]:
    """Every kind of turn: each act with nothing told, what hearing can tell apart, and each kind of emergency."""
    worst = [next(name for name, known in signs().items() if known.kind == kind) for kind in KINDS]
    denied = Heard(telling=True, findings=tuple(_told(s, Status.DENIED) for s in _FREELY_DENIED))
    told = {
        "something about someone": Heard(telling=True),
        "a broken sentence": Heard(broken=True),
        "a time": Heard(telling=True, when="at seven", since="noticed"),
        "a sign for today": Heard(findings=(_told("ear_rash"),)),
        "a usual sign": Heard(findings=(_told("face_numb", Status.USUAL),), lowered=True),
        "an asked sign": Heard(findings=(_told("face_droop", Status.ASKED),)),
        "denials": denied,
        "can't follow instructions": Heard(telling=True, scenes=("impaired",)),
        "a child": Heard(telling=True, scenes=("child",)),
        "a topic in free words": Heard(topic=TOPIC),
        "a topic about someone": Heard(topic=TOPIC, telling=True),
        "help in free words": Heard(asks="help"),
    }
    return (
        *(Said(kind.value, Act("repeat"), kind=kind) for kind in Kind if kind is not Kind.INTENT),
        *(Said(act.act, act) for act in acts()),
        Said("a personal topic", Act("topic", TOPIC, personal=True)),
        *(Said(name, Act("describe"), heard) for name, heard in told.items()),
        *(Said(f"{name} and more", Act(name), Heard(telling=True)) for name in ("yes_and", "no_but")),
        Said(SIGN, Act("describe"), Heard(findings=(_told("face_droop"),), when="at seven", since="noticed")),
        Said(SIGN, Act("cannot_speak"), Heard(findings=(_told("speech_slurred"),))),
        *(Said(SIGN, Act("describe"), Heard(findings=(_told(name),))) for name in worst),
    )


_FREELY_DENIED = ("worst_headache", "unconscious", "head_injury")


def acts() -> tuple[Act, ...]:
    """Every act, the one for topics with a topic."""
    return tuple(Act(act, TOPIC if act == "topic" else "") for act in sorted(ACTS))


def plainly(state: State) -> State:
    """`state` without what only changes words, or is not looked at where it stands, so that the walk ends."""
    asked, alarmed = state.question in QUESTIONS, bool(state.alarm)
    last = state.last_template
    if asked:
        last = "check/next"
    elif alarmed and not last.startswith("emergency/"):
        last = "conversation/help"
    child = "child" in state.scenes
    return replace(
        state,
        last_template=last,
        signs=("unknown:face_numb",) if state.signs else (),
        alarm="stroke" if state.alarm else "",
        alarm_sign="",
        topic=TOPIC if is_topic(state.topic) and not alarmed else "",
        piece=state.piece if last == "conversation/topic" and not alarmed else 0,
        steps=state.steps if last.startswith("emergency/step") else min(state.steps, 1),
        who=Who.UNKNOWN,
        person="",
        scenes=("child",) if child else ("impaired",) if "impaired" in state.scenes and not alarmed else (),
        when="x" if state.when and alarmed else "",
        since="noticed" if state.when and alarmed else "",
        country="",
        rate="normal",
        length="full",
        notice_given=True,
    )


def after(state: State, said: Said) -> Transition:
    """What `said` leads to in `state`."""
    reply, then = step(state, Turn(said.kind), said.act, said.heard)
    return Transition(state, said, reply, then)


@cache
def walk() -> tuple[Transition, ...]:
    """Every transition out of every state that can be reached from a fresh session, a closed one ending the path."""
    kinds = turns()
    seen = {State(): None}
    frontier = [State()]
    found: list[Transition] = []
    while frontier:
        state = frontier.pop()
        for said in kinds:
            transition = after(state, said)
            found.append(transition)
            then = plainly(transition.after)
            if not transition.reply.closes and then not in seen:
                seen[then] = None
                frontier.append(then)
    return tuple(found)

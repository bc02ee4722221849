"""How well the local ears bring people to the right answer, on utterances by others than the model's writers."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from skill.alexa.envelope import turn_of
from skill.dialogue.acts import act_of
from skill.hearing.hear import hear
from skill.hearing.heard import verdict_of
from skill.simulator.conversation import Conversation
from skill.simulator.ears import FALLBACK, ears
from skill.simulator.request import envelope, intent_request
from skill.turn import Verdict

FOLDER: Final = Path(__file__).resolve().parents[2] / "tests" / "understanding"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What somebody says, and every answer that is right: topic:NAME, a verdict, an act or offtopic."""

    answers: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an utterance under one kind of ears."""

    utterance: Utterance
    right: bool
    fell_back: bool
    got: str


def utterances() -> Iterator[Utterance]:
    """The labelled set."""
    for path in sorted(FOLDER.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield Utterance(tuple(row["answer"].split("|")), row["utterance"])


def outcome(utterance: Utterance, *, strict: bool, elicits: bool) -> Outcome:
    """What `utterance` leads to as the first words of a session, after a launch that elicits or without one."""
    conversation = Conversation(strict=strict)
    if elicits:
        conversation.launch()
    understood = ears("en-US").understood(utterance.text, strict=strict, elicits=conversation.elicits)
    turn = turn_of(envelope(intent_request(understood), "en-US", None, screen=False))
    act = act_of(turn).act if turn else ""
    heard = hear(turn.slots) if turn else None
    if act == "describe" and heard and heard.asks and verdict_of(heard) is Verdict.INFORM:
        act = heard.asks
    record = conversation.say(utterance.text)
    right = any(_is_right(answer, record, act) for answer in utterance.answers)
    return Outcome(utterance, right, understood.intent == FALLBACK, _got(record, act))


def table(outcomes: Sequence[Outcome]) -> dict[str, tuple[int, int]]:
    """For each kind of answer, how many were right, of how many."""
    kinds = Counter(o.utterance.answers[0].partition(":")[0] for o in outcomes)
    right = Counter(o.utterance.answers[0].partition(":")[0] for o in outcomes if o.right)
    return {kind: (right[kind], count) for kind, count in sorted(kinds.items())}


def _is_right(answer: str, record: dict[str, Any], act: str) -> bool:
    kind, _, name = answer.partition(":")
    if kind == "topic":
        return bool(record["topic"] == name and record["verdict"] == "inform")
    if kind in {"clarify", "escalate"}:
        return bool(record["verdict"] == kind)
    if kind == "offtopic":
        return record["template"] in {"conversation/no_topic", "conversation/fallback"}
    return act == kind


def _got(record: dict[str, Any], act: str) -> str:
    return f"{record['verdict']} {record['topic'] or ''} {act} {record['template']}"

"""How well the local ears bring people to the right answer, on utterances by others than the model's writers."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from skill.alexa.answer import Answer, answer
from skill.alexa.envelope import turn_of
from skill.authoring.measure import Share
from skill.dialogue.acts import HEARD_ACTS
from skill.places import language_of
from skill.simulator.conversation import topic_of
from skill.simulator.ears import FALLBACK, Understood, ears
from skill.simulator.request import envelope, intent_request
from skill.turn import Verdict

FOLDER: Final = Path(__file__).resolve().parents[2] / "tests" / "understanding"
"""A folder for each language that has a labelled set."""

EARS: Final = {
    "generalising, elicited": (False, True),
    "generalising": (False, False),
    "strict, elicited": (True, True),
    "strict": (True, False),
}
"""The kinds of ears: whether they are strict, and whether the words before arrive whole since they were elicited."""

_OFF_TOPIC: Final = {"conversation/no_topic", "conversation/fallback"}


@dataclass(frozen=True, slots=True)
class Utterance:
    """What somebody says, and every answer that is right: topic:NAME, a verdict, an act or offtopic."""

    answers: tuple[str, ...]
    text: str

    @property
    def kind(self) -> str:
        """What it is first of all: topic, a verdict, an act or offtopic."""
        return self.answers[0].partition(":")[0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an utterance under one kind of ears."""

    utterance: Utterance
    understood: Understood
    answered: Answer
    right: bool


def utterances(language: str) -> Iterator[Utterance]:
    """The labelled set of `language`."""
    for path in sorted((FOLDER / language).glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield Utterance(tuple(row["answer"].split("|")), row["utterance"])


def outcome(utterance: Utterance, locale: str, *, strict: bool, elicits: bool) -> Outcome:
    """What `utterance` leads to in `locale` as the first words of a session, elicited or not."""
    understood = ears(locale).understood(utterance.text, strict=strict, elicits=elicits)
    answered = answer_to(understood, locale)
    return Outcome(utterance, understood, answered, any(is_right(label, answered) for label in utterance.answers))


def answer_to(understood: Understood, locale: str) -> Answer:
    """The answer to what the ears made of an utterance, in a fresh session."""
    turn = turn_of(envelope(intent_request(understood), locale, None, screen=False))
    assert turn is not None
    return answer(turn, None)


def is_right(label: str, answered: Answer) -> bool:
    """Whether `answered` is what `label` asks for."""
    kind, _, topic = label.partition(":")
    if kind == "topic":
        return topic_of(answered) == topic and answered.reply.verdict is Verdict.INFORM
    if kind == "offtopic":
        return answered.reply.template in _OFF_TOPIC
    if kind in set(Verdict):
        return answered.reply.verdict == kind
    acted_on = answered.heard.asks in HEARD_ACTS and not answered.reply.template.startswith("check/onset")
    return kind == (answered.heard.asks if acted_on else answered.act.act)


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Of one kind of ears: right in all and by kind of answer, fallen back, and sign sentences lost or stolen."""
    signs = [o for o in outcomes if o.utterance.kind == Verdict.ESCALATE]
    kinds = sorted({o.utterance.kind for o in outcomes})
    return {
        "right": str(Share(sum(o.right for o in outcomes), len(outcomes))),
        "fell back": str(Share(sum(o.understood.intent == FALLBACK for o in outcomes), len(outcomes))),
        "sign sentences whose words never arrive": str(Share(sum(not _arrived(o) for o in signs), len(signs))),
        "sign sentences answered as if nothing were wrong": str(
            Share(sum(o.answered.reply.verdict is Verdict.INFORM for o in signs), len(signs))
        ),
        "by kind": {kind: _right([o for o in outcomes if o.utterance.kind == kind]) for kind in kinds},
    }


def compare(locale: str) -> Mapping[str, dict[str, Any]]:
    """The figures of every kind of ears on the labelled set of the language of `locale`; none where it has none."""
    labelled = list(utterances(language_of(locale)))
    return {
        name: figures([outcome(one, locale, strict=strict, elicits=elicits) for one in labelled])
        for name, (strict, elicits) in EARS.items()
        if labelled
    }


def _arrived(one: Outcome) -> bool:
    return any(filled.value for filled in one.understood.slots.values()) or bool(one.answered.act.implies)


def _right(given: Sequence[Outcome]) -> str:
    return f"{sum(o.right for o in given)} of {len(given)}"

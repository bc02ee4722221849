"""All that hearing knows of one language: the phrases, the rules of context, the signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from skill import built
from skill.hearing.lexicon import Lexicon
from skill.hearing.words import Spelling
from skill.turn import Status, Verdict


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of context.yaml: what it makes of a sign, where it reaches, what lifts it."""

    status: Status
    direction: str
    reach: int
    ceiling: Verdict
    lifted_by: frozenset[str]
    not_with: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of signs.yaml as hearing needs it."""

    kind: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Ears:
    """All that hearing knows of one language.

    `letters` are its words of one letter, `leaning` those that only lean on others and turn no sense; `oneself` are
    the words by which somebody speaks of themselves, and `personal` those that make a question personal.
    """

    language: str
    spelling: Spelling
    lexicon: Lexicon
    rules: dict[str, Rule]
    letters: frozenset[str]
    leaning: frozenset[str]
    oneself: frozenset[str]
    personal: frozenset[str]

    @property
    def signs(self) -> Mapping[str, Sign]:
        """The signs, which are the same in every language."""
        return signs()


@cache
def signs() -> Mapping[str, Sign]:
    """Each sign by its id, whatever language it is told in."""
    return {name: Sign(**sign) for name, sign in built.load("signs")["signs"].items()}


@cache
def child_nouns() -> frozenset[str]:
    """What a child of any name is called, in every language."""
    return frozenset(built.load("signs")["child"])


@cache
def ears(language: str) -> Ears:
    """The ears for `language`, loaded once from what was built."""
    data = built.load(f"hearing.{language}")
    spelt = data["spelling"]
    return Ears(
        language=language,
        spelling=Spelling(
            same=spelt["same"],
            pairs={(one, two): word for (one, two), word in spelt["pairs"]},
            parted={word: tuple(parts) for word, parts in spelt["parted"].items()},
            suffixes=spelt["suffixes"],
            endings=spelt["endings"],
            whole=frozenset(spelt["whole"]),
        ),
        letters=frozenset(data["letters"]),
        leaning=frozenset(data["leaning"]),
        oneself=frozenset(data["oneself"]),
        personal=frozenset(data["personal"]),
        lexicon=Lexicon(
            edges=data["edges"],
            labels=data["labels"],
            fillers=frozenset(data["fillers"]),
            clause_ends=frozenset(data["clause_ends"]),
            negators=frozenset(data["negators"]),
        ),
        rules={
            name: Rule(
                status=Status(rule["status"]),
                direction=rule["direction"],
                reach=rule["reach"],
                ceiling=Verdict(rule["ceiling"]),
                lifted_by=frozenset(rule["lifted_by"]),
                not_with=frozenset(rule["not_with"]),
            )
            for name, rule in data["rules"].items()
        },
    )

"""All that hearing knows of one language: the phrases, the rules of context, the signs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from skill import built
from skill.hearing.lexicon import Lexicon
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
    """All that hearing knows of one language."""

    lexicon: Lexicon
    rules: dict[str, Rule]
    signs: dict[str, Sign]


def ears(language: str = "en") -> Ears:
    """The ears for `language`, loaded once from what was built."""
    return _loaded(language)


@cache
def _loaded(language: str) -> Ears:
    data = built.load(f"hearing.{language}")
    return Ears(
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
        signs={name: Sign(**sign) for name, sign in data["signs"].items()},
    )

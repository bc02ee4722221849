"""Simulated sessions: people who tell of a sign or of none, and answer one safety question in five wrongly."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any, Final

from skill.alexa.answer import answer
from skill.authoring.corpus import Row
from skill.authoring.measure import Share, sentences
from skill.authoring.models import locale_for
from skill.authoring.sound import sound_of
from skill.turn import Kind, Slot, Turn, Verdict, state_to_dict

SESSIONS: Final = 600
WRONG: Final = 0.2
SEED: Final = 11
TURNS: Final = 8


def simulate(language: str) -> dict[str, Any]:
    """Of true emergencies, how many heard an unconditional order before the session ended; and all that did not."""
    chance = random.Random(SEED)  # noqa: S311  # a simulation, no secret
    unseen = sentences("unseen", language)
    told = [row for row in unseen if row.label == "present"]
    idle = [row for row in unseen if row.label not in {"present", "personal_question"}]
    signs = chance.sample(told, min(SESSIONS, len(told)))
    others = chance.sample(idle, min(SESSIONS, len(idle)))
    heard = [_session(row, chance, emergency=True) for row in signs]
    needless = [_session(row, chance, emergency=False) for row in others]
    return {
        "about": (
            f"{len(signs)} sessions that open with an unseen sign, and {len(others)} with another unseen sentence. "
            "To a safety question the person gives the true answer, but a wrong one in one case of five."
        ),
        "figures": {
            "true emergencies that heard the order": str(Share(sum(heard), len(heard))),
            "others that heard it all the same": str(Share(sum(needless), len(needless))),
        },
        "unheard": [
            f"{row.sign}: {len(row.text.split())} words" for row, told in zip(signs, heard, strict=True) if not told
        ],
    }


def _session(row: Row, chance: random.Random, *, emergency: bool) -> bool:
    """Whether an unconditional order was heard in a session that opens with `row`."""
    locale = locale_for(row.language)
    order = _order(row.language)
    turn = Turn(Kind.INTENT, "DescribeIntent", (Slot("words", row.text),), locale)
    attributes: dict[str, Any] | None = None
    for _ in range(TURNS):
        answered = answer(turn, attributes)
        if answered.reply.verdict is Verdict.ESCALATE and order.search(answered.spoken.text):
            return True
        if answered.reply.closes or not answered.state.question:
            return False
        attributes = state_to_dict(answered.state)
        truth = emergency != (chance.random() < WRONG)
        turn = Turn(Kind.INTENT, "AMAZON.YesIntent" if truth else "AMAZON.NoIntent", locale=locale)
    return False


@cache
def _order(language: str) -> re.Pattern[str]:
    """The order without a condition, with whatever number."""
    before, _, after = sound_of(language).order.partition("{number}")
    return re.compile(rf"(^|[.?!] ){re.escape(before)}[^.?!]+{re.escape(after)}")

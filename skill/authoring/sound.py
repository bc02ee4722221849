"""sound.yaml of a language: what the checks of sound must know of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from skill.authoring.data import TEMPLATES, read


@dataclass(frozen=True, slots=True)
class Sound:
    """What the checks know of a language; `review` says whether a native clinician has read its texts."""

    review: str
    order: str
    if_new: str
    offers: tuple[str, ...]
    noun: str
    when: str
    measure: str
    limit: float

    def order_for(self, number: str) -> str:
        """The first words of an escalation, with `number` as it is spoken."""
        return self.order.replace("{number}", number)


@cache
def sound_of(language: str) -> Sound:
    """The sound.yaml of `language`; raises DataError where it lacks something."""
    node = read(TEMPLATES / language / "sound.yaml").only(
        "review", "order", "if_new", "offers", "noun", "when", "reading"
    )
    if "{number}" not in node.text("order"):
        node.fail("say where the number stands: {number}", "order")
    reading = node.node("reading").only("measure", "limit")
    return Sound(
        review=node.text("review"),
        order=node.text("order"),
        if_new=node.text("if_new"),
        offers=node.texts("offers", needed=True),
        noun=node.text("noun"),
        when=node.text("when"),
        measure=reading.text("measure", choices=("grade", "ease")),
        limit=float(reading.text("limit")),
    )

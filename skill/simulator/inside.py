"""A turn as the page shows it: what was heard, what came of it, what went over the wire, and how it sounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from skill.places import language_of, lines_for
from skill.simulator.conversation import SILENCE, Conversation
from skill.simulator.screen import VIEWPORTS, Viewport, boxes
from skill.simulator.voice import Part, parts

LONGEST: Final = 8_000
"""Characters of one utterance: more than anybody says in one breath."""

DEVICES: Final[Mapping[str, Viewport | None]] = {
    "speaker": None,
    "round": VIEWPORTS["small_round"],
    "wide": VIEWPORTS["medium"],
}

Grade = Callable[[str, str], float]
"""How hard a text is to follow in a language."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the page sends for one turn. `words` None opens the skill; `memory` is what the last turn gave back.

    The page carries the session, as Alexa does for a skill: so tabs are apart, and a restart loses nothing.
    """

    words: str | None
    locale: str
    device: str
    strict: bool
    memory: Mapping[str, Any] | None

    @classmethod
    def of(cls, given: object) -> Self:
        """The turn in the JSON value `given`; raises ValueError, with the cure, for anything else."""
        if not isinstance(given, dict) or set(given) != {"words", "locale", "device", "strict", "memory"}:
            raise ValueError("send an object with words, locale, device, strict and memory")
        words, memory = given["words"], given["memory"]
        if words is not None and not (isinstance(words, str) and len(words) <= LONGEST):
            raise ValueError(f"words must be null or a text of at most {LONGEST:,} characters")
        if not isinstance(given["locale"], str) or not isinstance(given["strict"], bool):
            raise ValueError("locale must be a text, and strict true or false")
        if given["device"] not in DEVICES:
            raise ValueError(f"device must be one of {', '.join(DEVICES)}")
        if memory is not None and not (
            isinstance(memory, dict)
            and set(memory) == {"attributes", "elicits"}
            and isinstance(memory["attributes"], dict)
            and isinstance(memory["elicits"], bool)
        ):
            raise ValueError("memory must be null, or what the last turn gave back")
        return cls(**given)


def shown(said: Said, grade: Grade | None) -> dict[str, Any]:
    """All that the page shows of the turn `said`: the record, both envelopes, state and screen, how it sounds.

    `silence` is the turn that staying silent would come to, null once the session is closed: the platform asks
    no skill for it. `grade` judges the reading grade; without it, grade is null.
    """
    viewport = DEVICES[said.device]
    conversation = Conversation(said.locale, strict=said.strict, screen=viewport)
    if said.memory is not None:
        conversation.attributes, conversation.elicits = said.memory["attributes"], said.memory["elicits"]
    record = conversation.launch() if said.words is None else conversation.say(said.words)
    state = (conversation.response or {}).get("sessionAttributes") or {}
    number = _number(said.locale, state)
    judged = _judged(grade, language_of(said.locale))
    memory = None
    silence = None
    if record["session"] == "open":
        memory = {"attributes": conversation.attributes, "elicits": conversation.elicits}
        silence = _turn(replace(conversation).say(SILENCE), number, judged)
    return {
        **_turn(record, number, judged),
        "screen": _screen(conversation.shown, viewport),
        "state": state,
        "request": conversation.request,
        "response": conversation.response,
        "memory": memory,
        "silence": silence,
    }


def _judged(grade: Grade | None, language: str) -> Callable[[str], float] | None:
    return (lambda text: grade(text, language)) if grade else None


def _screen(shown: Mapping[str, Any] | None, viewport: Viewport | None) -> list[dict[str, Any]]:
    """The boxes of what a RenderDocument directive shows; none where there is no screen, or nothing on it."""
    if shown is None or viewport is None:
        return []
    return [asdict(box) for box in boxes(shown["document"], shown["datasources"], viewport)]


def _turn(record: Mapping[str, Any], number: str, grade: Callable[[str], float] | None) -> dict[str, Any]:
    voiced = parts(record["ssml"])
    return {"record": record, "parts": [asdict(part) for part in voiced], "sound": sound(voiced, number, grade)}


def sound(voiced: tuple[Part, ...], number: str, grade: Callable[[str], float] | None) -> dict[str, Any]:
    """Words and seconds of what is `voiced`, those before `number` (null where it isn't said), and the grade."""
    text = " ".join(part.text for part in voiced)
    before = _before(voiced, number)
    return {
        "words": len(text.split()),
        "seconds": round(sum(part.seconds for part in voiced), 1),
        "words_to_number": sum(len(part.text.split()) for part in before) if before is not None else None,
        "seconds_to_number": round(sum(part.seconds for part in before), 1) if before is not None else None,
        "grade": round(grade(text), 1) if grade else None,
    }


def _before(voiced: tuple[Part, ...], number: str) -> tuple[Part, ...] | None:
    for index, part in enumerate(voiced):
        before, said, _ = part.text.partition(number)
        if said:
            return (*voiced[:index], replace(part, text=before, pause=0))
    return None


def _number(locale: str, state: Mapping[str, Any]) -> str:
    """The emergency number as it is spoken to somebody in `locale`, or in the country that `state` remembers."""
    country = state.get("country")
    line = lines_for(locale, country if isinstance(country, str) else "")["emergency"]
    return " ".join(line["dial"]) if line["digits"] else line["say"]

"""What each topic takes to listen to and rests on: grade, words, seconds, sources and review date, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.table import Table

from skill.authoring.grade import difficulty, words
from skill.authoring.templates import read_templates
from skill.dialogue.saying import say
from skill.dialogue.topics import at
from skill.places import language_of
from skill.speaking.speak import speak
from skill.turn import State

WORDS_A_SECOND: Final = 2.4
"""How fast a voice reads plain text at its own rate: 60 words, the most that a turn may have, in 25 seconds."""


def rows(locale: str) -> list[dict[str, Any]]:
    """One row a topic, JSON-ready, as it is heard in `locale` with the number in it.

    "full" holds every piece, "longest" the seconds of its longest turn; "short" is the one turn of that form.
    """
    made = []
    for name, topic in sorted(read_templates().topics[language_of(locale)].items()):
        pieces = [_heard(at(State(notice_given=True), name, piece), locale) for piece in range(topic.pieces)]
        short = _heard(at(State(notice_given=True, length="short"), name), locale)
        made.append({
            "topic": name,
            "title": topic.title,
            "names": list(topic.names),
            "next": topic.follows,
            "full": {"pieces": topic.pieces, **_measured(pieces, locale), "longest": max(map(_seconds, pieces))},
            "short": _measured([short], locale),
            "sources": list(topic.sources),
            "reviewed": topic.reviewed,
        })  # fmt: skip
    return made


def table(made: Sequence[dict[str, Any]]) -> Table:
    """`made` for people to read: the whole topic, then its short form; seconds are of listening."""
    shown = Table(
        "topic", "pieces", "grade", "words", "s", "longest s", "short: grade", "words", "s", "reviewed", "sources"
    )
    for row in made:
        full, short = row["full"], row["short"]
        figures = (
            full["pieces"], full["grade"], full["words"], full["seconds"], full["longest"],
            short["grade"], short["words"], short["seconds"],
        )  # fmt: skip
        shown.add_row(row["topic"], *map(str, figures), row["reviewed"], ", ".join(row["sources"]))
    return shown


def _heard(state: State, locale: str) -> str:
    reply, after = say("conversation/topic", state)
    return speak(reply, after, locale).text


def _measured(turns: Sequence[str], locale: str) -> dict[str, Any]:
    text = " ".join(turns)
    return {
        "grade": round(difficulty(text, language_of(locale)), 1),
        "words": len(words(text)),
        "seconds": sum(map(_seconds, turns)),
    }


def _seconds(text: str) -> int:
    return round(len(words(text)) / WORDS_A_SECOND)

"""The state diagram of the dialogue in Mermaid, drawn from the walk: what the code does, not what somebody drew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from skill.authoring.data import TEMPLATES, DataError
from skill.authoring.walk import Transition, walk
from skill.dialogue.net import QUESTIONS, SPEECH_SAMPLE
from skill.dialogue.waiting import LAST_WELL
from skill.turn import State

PAGE: Final = TEMPLATES.parent / "docs" / "dialogue.md"
_BEGIN: Final = "<!-- drawn by face-guide diagram -->\n"
_END: Final = "<!-- end of what was drawn -->\n"

_NAMES: Final = {
    "open": "What would you like to know?",
    "topic": "A topic",
    "steps": "Steps of the wait, no sign told",
    "called": "Have you called?",
    LAST_WELL: "When were they last as usual?",
    "alarm_steps": "Steps of the wait",
    "usual_1": "Is anything different today?",
    SPEECH_SAMPLE: "The test sentence",
}
_GROUPS: Final = {
    "onset": ("Onset questions", tuple(q for q in QUESTIONS if q.startswith("onset"))),
    "check": ("Stroke check", tuple(q for q in QUESTIONS if q.startswith("check") and q != SPEECH_SAMPLE)),
    "free": ("No question open", ("open", "topic", "steps")),
    "calm": ("No alarm", ("free", "usual_1", SPEECH_SAMPLE, "onset", "check")),
    "alarm": ("Alarm: the order opens every answer", ("called", LAST_WELL, "alarm_steps")),
}
_GATHERED: Final = {
    "anything told of someone": {
        "a broken sentence", "a time", "a topic about someone", "denials", "something about someone",
    },
    "other own words": {"alone", "call for me", "prognosis", "sick", "unanswered", "wait it out"},
    "any topic": {"a topic in free words", "sugar", "topic"},
    "a setting": {"faster", "full", "shorter", "slower"},
}  # fmt: skip
_MOST_NAMES: Final = 8
_CLOSED: Final = "[*]"
_AGAIN: Final = "not understood twice"

Edges = dict[str, dict[str, set[str]]]


def drawn() -> str:
    """The Mermaid text with the walk's figures above it; the same for the same code."""
    states = {transition.before for transition in walk()}
    kinds = {transition.said for transition in walk()}
    figures = (
        f"The walk meets {len(states):,} states under {len(kinds)} kinds of turn: {len(walk()):,} transitions. "
        "An arrow is labelled with the turns that take it; turns that stay where they are have none. "
        "An arrow from a frame holds for every state in it.\n"
    )
    return f"{figures}\n```mermaid\n" + "\n".join(_lines(_lifted(_edges(walk())))) + "\n```\n"


def page(text: str) -> str:
    """`text` with what is drawn in place of what was; raises DataError where the page has lost its marks."""
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise DataError(f"{PAGE}:1: the lines {_BEGIN.strip()!r} and {_END.strip()!r} are missing; put them back")
    return before + begin + drawn() + end + after


def _place(state: State) -> str:
    if state.question:
        return state.question
    if state.steps:
        return "alarm_steps" if state.alarm else "steps"
    return "topic" if state.last_template == "conversation/topic" else "open"


def _edges(transitions: Sequence[Transition]) -> Edges:
    """From each place to each other place the names of the turns that lead there."""
    sure: Edges = defaultdict(lambda: defaultdict(set))
    again: Edges = defaultdict(lambda: defaultdict(set))
    for one in transitions:
        start, end = _place(one.before), _CLOSED if one.reply.closes else _place(one.after)
        if start != end:
            (again if one.before.misses else sure)[start][end].add(one.said.name.replace("_", " "))
    for start, ends in again.items():
        for end, names in ends.items():
            if names - sure[start][end]:
                sure[start][end].add(_AGAIN)
    return sure


def _lifted(edges: Edges) -> Edges:
    """`edges` with those that all of a group share drawn once, from the group."""
    for group, (_, members) in _GROUPS.items():
        for end in sorted({end for member in members for end in edges[member]}):
            leaving = [member for member in members if member != end and not _within(end, member)]
            shared = set.intersection(*(edges[member][end] for member in leaving))
            edges[group][end] |= shared
            for member in leaving:
                edges[member][end] -= shared
    return edges


def _within(place: str, group: str) -> bool:
    return group in _GROUPS and place in _GROUPS[group][1]


def _lines(edges: Mapping[str, Mapping[str, set[str]]]) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "  [*] --> open"
    for group in ("calm", "alarm"):
        yield from _frame(group, "  ")
    for start in sorted(edges):
        for end in sorted(edges[start]):
            if edges[start][end]:
                yield f"  {start} --> {end}: {_label(edges[start][end])}"


def _label(names: set[str]) -> str:
    """`names` as a label that can be read: what hearing merely tells apart is said in one, and the rest is cut."""
    for title, gathered in _GATHERED.items():
        if names >= gathered:
            names = {*(names - gathered), title}
    listed = sorted(names)
    more = len(listed) - _MOST_NAMES
    return ", ".join(listed) if more <= 1 else f"{', '.join(listed[:_MOST_NAMES])} and {more} more"


def _frame(group: str, indent: str) -> Iterator[str]:
    title, members = _GROUPS[group]
    yield f'{indent}state "{title}" as {group} {{'
    for member in members:
        if member in _GROUPS:
            yield from _frame(member, f"{indent}  ")
        else:
            yield f'{indent}  state "{_NAMES.get(member, member.replace("_", " "))}" as {member}'
    yield f"{indent}}}"

"""What the rules hear: signs in the phrases of signs.yaml, and what the context of context.yaml makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from skill.hearing.heard import Heard, verdict_of
from skill.hearing.knowledge import Ears, Rule
from skill.hearing.lexicon import Span
from skill.hearing.words import BREAK, words
from skill.turn import Finding, Status, Verdict, Who

LONG: Final = 60
"""Words from which an utterance is a long tale: one sign in it must not drown."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules make of one text.

    `settled` means that there is nothing left for the trained ears to judge: it is empty, known by heart, or holds
    hardly a word but a sign or an everyday complaint. `quiet` means that it holds hardly a word but what is denied
    or made up; `opened` that it opens as a question or a command does. `told` and `text` are what the ears are to
    judge: "it's probably nothing" must not make them doubt what stands beside it.
    """

    heard: Heard
    settled: bool
    quiet: bool
    opened: bool
    told: Sequence[str]
    text: str


def by_rules(text: str, known: Ears) -> Ruled:
    """What the rules alone make of `text`: findings with their context, and whether that settles it."""
    said = words(text, known.spelling)
    spans = known.lexicon.spans(said)
    by_label: dict[str, list[Span]] = {}
    for span in spans:
        by_label.setdefault(span.label.partition(":")[0], []).append(span)
    courtesies = by_label.get("courtesy", [])
    people = _people(by_label, courtesies)
    marks = _marks(by_label, len(said))
    rules = _rules_at_work(by_label, known, people, marks)

    findings: list[Finding] = []
    lowered = False
    signs = [span for span in by_label.get("sign", []) if not _is_inner(span, by_label["sign"])]
    for span in signs:
        _, sign, alone = span.label.split(":")
        rule = next((rule for place, rule in rules if _reaches(rule, place, span, said, known)), None)
        status = rule.status if rule else Status.PRESENT
        lowered = lowered or bool(rule and rule.ceiling is Verdict.CLARIFY)
        findings.append(
            Finding(
                sign=sign,
                kind=known.signs[sign].kind,
                urgency=known.signs[sign].urgency,
                status=status,
                who=_who(span, people),
                words=" ".join(said[span.start : span.end]),
                ear="rules",
                alone=Verdict(alone),
            )
        )
    heard = Heard(
        findings=_sharpened(findings, marks),
        topic=_topic(by_label.get("topic", [])).partition(":")[0],
        telling="personal_question" in by_label or _topic(by_label.get("topic", [])).endswith(":personal"),
        broken=_is_broken(said, known),
        lowered=lowered,
        who=_who(None, people),
        person=_person(people),
        scenes=tuple(sorted({span.label.partition(":")[2] for span in by_label.get("scene", [])})),
        **_time(by_label.get("time", []), said),
    )
    by_heart = {span.label for span in by_label.get("known", []) if (span.start, span.end) == (0, len(said))}
    if "known:nobody" in by_heart:
        heard = replace(heard, findings=tuple(replace(f, status=Status.ASKED) for f in heard.findings))
    dropped = {at for span in by_label.get("minimiser", []) for at in range(span.start, span.end)}
    told = tuple(word for at, word in enumerate(said) if at not in dropped) or said
    opened = "rule:question_about" in {place.label for place, _ in rules} or any(
        span.start == 0 for span in by_label.get("opener", [])
    )
    present = any(finding.status is Status.PRESENT for finding in findings)
    at_work = {rule.status for _, rule in rules}
    plain = _share_told(said, spans, known) >= (PLAIN if verdict_of(heard) is Verdict.ESCALATE else HARDLY)
    return Ruled(
        heard,
        settled=not said or bool(by_heart) or (plain and present),
        quiet=plain and not present and (bool(findings) or bool(at_work & {Status.FICTION, Status.DENIED})),
        opened=opened,
        told=told,
        text=" ".join(told) if told != said else text,
    )


PLAIN: Final = 0.62
HARDLY: Final = 0.54
"""The shares of words that, when they all belong to the sign, leave nothing by which an alarm could be doubted, or by
which an everyday complaint or a denial could be one. From 0.5 to 0.85 were tried on the validation writers."""


_LEAVES_NO_DOUBT = frozenset({
    "not_denial", "sign", "mark", "self", "other", "noun", "scene", "time", "minimiser", "courtesy", "rule",
})  # fmt: skip


def _share_told(said: Sequence[str], spans: Sequence[Span], known: Ears) -> float:
    """The share of words that belong to signs, or say who, when and the like: the rest could turn its sense.

    In a long tale only the words next to a sign count: it must not drown.
    """
    covered = {
        at for span in spans if span.label.partition(":")[0] in _LEAVES_NO_DOUBT for at in range(span.start, span.end)
    }
    covered |= {at for at, word in enumerate(said) if word in known.leaning}
    signs = [span for span in spans if span.label.startswith("sign:")]
    places = [range(len(said))]
    if len(said) > LONG and signs:
        places = [range(max(span.start - _NEAR, 0), min(span.end + _NEAR, len(said))) for span in signs]
    return max(len(covered.intersection(place)) / max(len(place), 1) for place in places)


_NEAR = 2


_PEOPLE = ("self", "other", "noun")


def _people(by_label: dict[str, list[Span]], courtesies: Sequence[Span]) -> list[Span]:
    spoken_of = [span for key in _PEOPLE for span in by_label.get(key, [])]
    return sorted(
        (span for span in spoken_of if not any(courtesy.covers(span) for courtesy in courtesies)),
        key=lambda span: span.start,
    )


def _marks(by_label: dict[str, list[Span]], length: int) -> set[str]:
    """The marks that count: not those inside a rule's own words ("has not changed"), and a tag only at the end."""
    rules = by_label.get("rule", [])
    found = set()
    for span in by_label.get("mark", []):
        mark = span.label.partition(":")[2]
        if not any(rule.covers(span) for rule in rules) and (mark != _TAG or span.end == length):
            found.add(mark)
    return found


_TAG = "tag"


def _rules_at_work(
    by_label: dict[str, list[Span]], known: Ears, people: Sequence[Span], marks: set[str]
) -> list[tuple[Span, Rule]]:
    kinds = {span.label.partition(":")[0] for span in people}
    void = {span.label.partition(":")[2] for span in by_label.get("unless", [])}
    not_denials = by_label.get("not_denial", [])
    at_work = []
    for place in by_label.get("rule", []):
        name = place.label.partition(":")[2]
        rule = known.rules[name]
        if rule.status is Status.DENIED and any(other.meets(place) for other in not_denials):
            continue
        if name not in void and not rule.lifted_by & marks and not rule.not_with & kinds:
            at_work.append((place, rule))
    # What covers a sign's own words says more of it than what only stands near.
    return sorted(at_work, key=lambda pair: pair[1].direction != "covers")


def _reaches(rule: Rule, place: Span, sign: Span, said: Sequence[str], known: Ears) -> bool:
    if rule.direction == "anywhere":
        return True
    if rule.direction == "covers":
        return place.meets(sign)
    if rule.direction == "backward":
        between, in_order = said[sign.end : place.start], sign.end <= place.start
    elif rule.direction == "clause":
        first, last = sorted((place, sign), key=lambda span: span.start)
        between, in_order = said[first.end : last.start], True
    else:
        between = said[place.end : sign.start]
        # "is not breathing" denies nothing: there the "not" is part of the sign itself.
        may_overlap = rule.status is not Status.DENIED and place.start <= sign.start
        in_order = place.end <= sign.start or place.covers(sign) or may_overlap
    return in_order and len(between) <= rule.reach and not any(word in known.lexicon.clause_ends for word in between)


def _is_inner(span: Span, others: Sequence[Span]) -> bool:
    """Whether a longer phrase says more: of the same sign, or of any sign where this one is an everyday word."""
    _, sign, alone = span.label.split(":")
    return any(
        other.covers(span)
        and (other.start, other.end) != (span.start, span.end)
        and (other.label.split(":")[1] == sign or alone == Verdict.CLARIFY)
        for other in others
    )


def _sharpened(findings: Sequence[Finding], marks: set[str]) -> tuple[Finding, ...]:
    """An everyday word becomes enough beside a mark of sudden, one side, today, woke, changed, or another sign."""
    present = {f.sign for f in findings if f.status is Status.PRESENT and f.urgency == "emergency"}
    sharp = bool(marks - {"now"}) or len(present) > 1
    return tuple(
        replace(f, alone=Verdict.ESCALATE) if sharp and f.status is Status.PRESENT and f.urgency == "emergency" else f
        for f in findings
    )


def _who(sign: Span | None, people: Sequence[Span]) -> Who:
    before = [span for span in people if sign is None or span.start <= sign.end]
    nearest = before[-1] if before and sign is not None else next((s for s in people if s.label != "self"), None)
    nearest = nearest or (people[0] if people else None)
    if nearest is None:
        return Who.UNKNOWN
    return Who.SELF if nearest.label == "self" else Who.OTHER


def _person(people: Sequence[Span]) -> str:
    return next((span.label.partition(":")[2] for span in people if span.label.startswith("noun:")), "")


def _time(spans: Sequence[Span], said: Sequence[str]) -> dict[str, str]:
    """The time that says most: last well before woke before noticed; of one kind the longest."""
    best = max(
        spans, key=lambda span: (_TIMES.index(span.label.partition(":")[2]), span.end - span.start), default=None
    )
    if best is None:
        return {}
    return {"when": " ".join(said[best.start : best.end]), "since": best.label.partition(":")[2]}


_TIMES = ("noticed", "woke", "well")


def _topic(spans: Sequence[Span]) -> str:
    longest = max(spans, key=lambda span: (span.end - span.start, -span.start), default=None)
    return longest.label.partition(":")[2] if longest else ""


def _is_broken(said: Sequence[str], known: Ears) -> bool:
    """Words stuttered out or cut to letters may be slurred speech, and are asked about."""
    repeats = sum(1 for one, two in pairwise(said) if one == two != BREAK)
    letters = sum(1 for word in said if len(word) == 1 and word not in known.letters and word != BREAK)
    return repeats > 1 or letters > 2  # noqa: PLR2004  # one slip is everybody's

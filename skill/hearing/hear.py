"""What was heard: every string of a turn becomes findings, a topic, and whether somebody's state is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Protocol

from skill import built
from skill.hearing.judge import LONG, Judgement, judge
from skill.hearing.lexicon import Lexicon, Span
from skill.hearing.third_ear import NOTHING
from skill.hearing.words import BREAK, words
from skill.turn import Finding, Slot, Status, Verdict, Who


class Trained(Protocol):
    """The trained ears, as hearing asks them."""

    def __call__(self, said: Sequence[str], text: str, *, fired: bool) -> Judgement:
        """The judgement on `said`; `fired` says that a rule alone would escalate."""


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


@dataclass(frozen=True, slots=True)
class Heard:
    """What one turn told: findings, the topic asked about, and who is spoken of.

    `telling` means that somebody here tells how a person is, placed or not; `broken` that the sentence
    itself is damaged, which may be slurred speech. `lowered` is true where a context rule turned a sign
    down that must still be asked about. `scenes` are circumstances that change what follows the number.
    `asks` is the act that free text sounds like, where it tells of nobody. `when` is when it began, in the person's
    own words, and `since` what that time was: noticed, well or woke.
    """

    findings: tuple[Finding, ...] = ()
    topic: str = ""
    telling: bool = False
    broken: bool = False
    lowered: bool = False
    who: Who = Who.UNKNOWN
    person: str = ""
    scenes: tuple[str, ...] = ()
    when: str = ""
    since: str = ""
    asks: str = ""


@cache
def ears(language: str = "en") -> Ears:
    """The ears for `language`, loaded once from what was built."""
    data = built.load(f"hearing.{language}.json")
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


def hear(slots: Iterable[Slot], language: str = "en", trained: Trained = judge) -> Heard:
    """What the words and ids of `slots` tell, whatever intent they came with.

    `trained` are the ears beside the rules; only measurements give others.

    Every string is read, since Alexa hands over no transcript and may put a sign into any slot. An id
    counts as a sign only where the words of its slot were not understood otherwise: a slot that says
    "no droop" may well resolve to the droop.
    """
    slots = tuple(slots)
    known = ears(language)
    heard = _heard(f" {BREAK} ".join(slot.spoken for slot in slots), known, trained)
    understood = [finding for finding in heard.findings if finding.status is not Status.ASKED]
    told = set(known.signs) if understood else set()
    by_id = tuple(
        Finding(
            sign,
            known.signs[sign].kind,
            known.signs[sign].urgency,
            Status.PRESENT,
            heard.who,
            slot.spoken,
            "slot",
        )
        for slot in slots
        for sign in slot.ids
        if sign in known.signs and sign not in told
    )
    return replace(heard, findings=heard.findings + by_id) if by_id else heard


def verdict_of(heard: Heard) -> Verdict:
    """What `heard` comes to when nothing else is known: the one place that decides, for the dialogue and for people.

    Doubt is clarify, never inform; one present sign that is enough alone is escalate.
    """
    present = [finding for finding in heard.findings if finding.status is Status.PRESENT]
    if any(f.alone is Verdict.ESCALATE and f.urgency == "emergency" for f in present):
        return Verdict.ESCALATE
    if present or heard.telling or heard.broken or heard.lowered:
        return Verdict.CLARIFY
    return Verdict.INFORM


def _heard(text: str, known: Ears, trained: Trained) -> Heard:
    said = words(text)
    spans = known.lexicon.spans(said)
    by_label: dict[str, list[Span]] = {}
    for span in spans:
        by_label.setdefault(span.label.partition(":")[0], []).append(span)
    courtesies = by_label.get("courtesy", [])
    people = _people(by_label, courtesies)
    marks = _marks(by_label, len(said))
    rules = _rules_at_work(by_label, known, people, marks)

    findings: list[Finding] = []
    lowered = capped = False
    signs = [span for span in by_label.get("sign", []) if not _is_inner(span, by_label["sign"])]
    for span in signs:
        _, sign, alone = span.label.split(":")
        rule = next((rule for place, rule in rules if _reaches(rule, place, span, said, known)), None)
        status = rule.status if rule else Status.PRESENT
        lowered = lowered or bool(rule and rule.ceiling is Verdict.CLARIFY)
        capped = capped or bool(rule and rule.status in _CAPPING)
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
    ruled = Heard(
        findings=_sharpened(findings, marks),
        topic=_topic(by_label.get("topic", [])).partition(":")[0],
        telling="personal_question" in by_label or _topic(by_label.get("topic", [])).endswith(":personal"),
        broken=_is_broken(said),
        lowered=lowered,
        who=_who(None, people),
        person=_person(people),
        scenes=tuple(sorted({span.label.partition(":")[2] for span in by_label.get("scene", [])})),
        **_time(by_label.get("time", []), said),
    )
    if not said:
        return ruled
    by_heart = {span.label for span in by_label.get("known", []) if (span.start, span.end) == (0, len(said))}
    if "known:nobody" in by_heart:
        return replace(ruled, findings=tuple(replace(f, status=Status.ASKED) for f in ruled.findings))
    if by_heart:
        return ruled
    quiet = any(rule.status in _QUIET for _, rule in rules)
    if (findings or quiet) and _plainly(said, spans):
        return ruled
    told, text = _without_minimisers(said, text, by_label.get("minimiser", []))
    judged = trained(told, text, fired=verdict_of(ruled) is Verdict.ESCALATE)
    return _with_trained_ears(ruled, said, judged, known, capped=capped)


PLAIN: float = 0.54
"""The share of words that, when they all belong to the sign, leave nothing from which it could be doubted."""


def _without_minimisers(said: Sequence[str], text: str, minimisers: Sequence[Span]) -> tuple[Sequence[str], str]:
    """What the trained ears are to judge: "it's probably nothing" must not make them doubt what stands beside it."""
    dropped = {at for span in minimisers for at in range(span.start, span.end)}
    told = tuple(word for at, word in enumerate(said) if at not in dropped)
    return (told, " ".join(told)) if dropped and told else (said, text)


_QUIET = frozenset({Status.FICTION, Status.DENIED})
"""What a rule makes of a sign when nothing at all is wrong: then it may also settle a sentence without a sign."""

_LEAVES_NO_DOUBT = frozenset({
    "not_denial", "sign", "mark", "self", "other", "noun", "scene", "time", "topic", "minimiser", "courtesy", "rule",
})  # fmt: skip


def _plainly(said: Sequence[str], spans: Sequence[Span]) -> bool:
    """Whether a sign is told with hardly another word: who, when and fillers aside, nothing could turn its sense.

    In a long tale only the words next to the sign are looked at: it must not drown.
    """
    covered = {
        at for span in spans if span.label.partition(":")[0] in _LEAVES_NO_DOUBT for at in range(span.start, span.end)
    }
    signs = [span for span in spans if span.label.startswith("sign:")]
    if len(said) <= LONG or not signs:
        return len(covered) >= PLAIN * len(said)
    near = [range(max(span.start - _NEAR, 0), min(span.end + _NEAR, len(said))) for span in signs]
    return any(len(covered.intersection(words_near)) >= PLAIN * len(words_near) for words_near in near)


_NEAR = 2


_CAPPING = frozenset({Status.ASKED, Status.FICTION, Status.PAST, Status.USUAL, Status.EXPLAINED})


def _with_trained_ears(ruled: Heard, said: Sequence[str], judged: Judgement, known: Ears, *, capped: bool) -> Heard:
    """`ruled` with what the trained ears add: a sign in words that no rule knows, or doubt of one.

    Where they doubt a rule's sign it becomes a question, and an answer only where they are sure that nobody's
    state is told at all. Where a context rule has turned a sign down, they can lift it to a question at most, as
    that rule's ceiling says.
    """
    if judged.nobody and not ruled.telling and not ruled.lowered:
        asked = (replace(f, status=Status.ASKED) if f.status is Status.PRESENT else f for f in ruled.findings)
        return replace(_asking(ruled, judged), findings=tuple(asked))
    if verdict_of(ruled) is Verdict.ESCALATE:
        if not judged.doubtful:
            return ruled
        return replace(ruled, findings=tuple(replace(f, alone=Verdict.CLARIFY) for f in ruled.findings))
    told = judged.telling or judged.possible
    if judged.present and not capped:
        sign = judged.sign if judged.sign in known.signs else UNNAMED
        kind, urgency = known.signs[sign].kind, known.signs[sign].urgency
        finding = Finding(sign, kind, urgency, Status.PRESENT, ruled.who, " ".join(said), judged.ear)
        return replace(ruled, findings=(*ruled.findings, finding), telling=True)
    return replace(_asking(ruled, judged), telling=ruled.telling or told)


def _asking(ruled: Heard, judged: Judgement) -> Heard:
    """`ruled` with what the third ear takes it to ask for, where the rules found no topic."""
    topic = judged.asks.removeprefix("topic:") if judged.asks.startswith("topic:") else ""
    act = "" if topic or judged.asks == NOTHING else judged.asks
    return replace(ruled, topic=ruled.topic or topic, asks="" if ruled.topic else act)


UNNAMED = "stroke_named"
"""The sign that stands for "it may be a stroke" where it is not clear which sign was told."""


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


def _is_broken(said: Sequence[str]) -> bool:
    """Words stuttered out or cut to letters may be slurred speech, and are asked about."""
    repeats = sum(1 for one, two in pairwise(said) if one == two != BREAK)
    letters = sum(1 for word in said if len(word) == 1 and word not in {"a", "i", "o", BREAK})
    return repeats > 1 or letters > 2  # noqa: PLR2004  # one slip is everybody's

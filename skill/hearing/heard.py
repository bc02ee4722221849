"""What one turn told, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass

from skill.turn import Finding, Status, Verdict, Who


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

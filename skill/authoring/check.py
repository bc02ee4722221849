"""Every rule of sound and safety over everything that the skill can say, in every locale."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Final
from xml.etree import ElementTree as ET  # our own templates only

from skill.authoring.corpus import fingerprint
from skill.authoring.data import MODELS, TEMPLATES, Node, read
from skill.authoring.grade import difficulty, is_hard, sentences, words
from skill.authoring.hearing_data import read_signs
from skill.authoring.model_check import model_problems
from skill.authoring.sound import sound_of
from skill.authoring.templates import Templates, read_templates
from skill.dialogue.net import QUESTIONS
from skill.dialogue.saying import NO_ANSWER, REPROMPT, say
from skill.dialogue.topics import at
from skill.dialogue.waiting import LAST_WELL
from skill.hearing.hear import hear
from skill.hearing.heard import verdict_of
from skill.hearing.knowledge import signs
from skill.hearing.second_ear import WEIGHTS
from skill.places import language_of, languages, lines_for, locales
from skill.speaking.speak import speak
from skill.turn import KINDS, Reply, Slot, Spoken, State, Status, Verdict, Who

LOCALES: Final = (*locales(), *(f"{language}-XX" for language in languages()), "xx-XX")
"""Every locale with its own lines, and those without, which must speak of "your local emergency number"."""

MOST_CHARACTERS: Final = 8_000
"""Alexa refuses output speech and reprompts that are longer, tags included."""

TAGS: Final = frozenset({"speak", "break", "say-as", "sub", "prosody", "p", "s"})
"""The tags that every locale's voice takes."""

MOST_WORDS, MOST_WORDS_SHORT, MOST_WORDS_EMERGENCY, MOST_WORDS_SENTENCE = 60, 25, 45, 15
LEAST_WORDS_GRADED: Final = 25
"""Flesch and Kincaid say nothing of a single short sentence."""

LONGEST_BREAK, LONGEST_BREAKS = 10_000, 30_000

_PARTS = ("topics/", "check/ask_", "card/")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that can be said: the reply and state that lead to it, and the words."""

    locale: str
    reply: Reply
    state: State
    spoken: Spoken

    @property
    def place(self) -> str:
        """Where to mend it."""
        about = f" ({self.state.topic} {self.state.piece})" if self.state.topic else ""
        return f"speech_templates/{language_of(self.locale)}/{self.reply.template}.ssml.j2 in {self.locale}{about}"


def problems() -> Iterator[str]:
    """Each thing that is wrong with the data, with the place to mend; nothing when all is in order."""
    templates = read_templates()
    yield from _sources(templates)
    yield from _weights()
    yield from model_problems(templates.topics)
    for language in templates.topics:
        yield from _look_alikes(language)
        yield from _context_examples(language)
        for line in lines(templates, language):
            yield from (f"{line.place}: {problem}: {line.spoken.text!r}" for problem in rules_broken(line))


def rules_broken(line: Line) -> Iterator[str]:
    """Each rule of sound or safety that `line` breaks."""
    yield from _valid(line)
    yield from _sound(line)
    yield from _banned(line, _banned_words(language_of(line.locale)))


@cache
def _banned_words(language: str) -> Node:
    return read(TEMPLATES / language / "banned.yaml")


def lines(templates: Templates, language: str) -> Iterator[Line]:
    """Everything that can be said in every locale of `language`: each template in each state that it may meet."""
    names = sorted({name.partition("/")[2] for name in templates.sources})
    for name in names:
        if name.startswith("_") or name.startswith(_PARTS):
            continue
        for state in _states(name, templates, language):
            closes = name in {"emergency/stop", "emergency/called", "emergency/no_phone"} or "goodbye" in name
            for question in _asked(name, state, closes=closes):
                reply, after = say(name, state, question=question, closes=closes)
                for locale in LOCALES:
                    if language_of(locale) == language:
                        yield Line(locale, reply, after, speak(reply, after, locale))


def _asked(name: str, state: State, *, closes: bool) -> tuple[str, ...]:
    """The questions that may be open after the template `name`."""
    if not state.alarm or closes or "step_" in name:
        return (state.question,)
    return ("called", LAST_WELL) if name == "emergency/handover" and not state.when else ("called",)


def _states(name: str, templates: Templates, language: str) -> Iterator[State]:
    sound = sound_of(language)
    people = (State(), State(who=Who.SELF), State(who=Who.OTHER), State(who=Who.OTHER, person=sound.noun))
    folder, _, short = name.partition("/")
    if name == "conversation/topic":
        for topic, known in templates.topics[language].items():
            for piece, length, given, alarm in product(
                range(known.pieces), ("full", "short"), (True, False), ("", "stroke")
            ):
                yield replace(
                    at(State(), topic, piece),
                    length=length,
                    notice_given=given,
                    alarm=alarm,
                    last_template="x",
                )
            for person, piece, length in product(people[2:], range(known.pieces), ("full", "short")):
                yield replace(at(person, topic, piece), length=length, signs=("other:face_numb",))
    elif name == "check/onset_topic":
        for topic, person in product(templates.topics[language], people):
            yield replace(at(person, topic), question="onset_1")
    elif folder == "check":
        rows = {"start": ("check_1", "usual_1"), "onset": ("onset_1", "onset_2", "usual_1")}.get(short, QUESTIONS)
        if short == "outcome":
            yield from (State(signs=(f"self:{sign}",)) for sign, known in signs().items() if known.urgency == "today")
        for person, question in product(people, rows):
            yield replace(person, question=question)
    elif short in KINDS:
        of_kind = [sign for sign, known in signs().items() if known.kind == short]
        scenes: tuple[tuple[str, ...], ...] = ((), ("driving",), ("child",), ("alone",))
        for person, sign, scene in product(people, of_kind, scenes):
            yield replace(person, alarm=short, alarm_sign=sign, scenes=scene)
    elif folder == "emergency":
        for person, alarm in product(people, ("stroke", "")):
            if alarm or short in _WITHOUT_ALARM:
                told = ("self:face_droop", "self:arm_weak", "self:speech_slurred") if alarm else ()
                question = "" if alarm else "onset_1"
                state = replace(person, alarm=alarm, signs=told, question=question, called=short == "called")
                yield state
                if short == "handover":
                    yield from (replace(state, when=sound.when, since=since) for since in ("well", "woke", "noticed"))
    else:
        for person, alarm, question in product(people, ("", "stroke"), ("", *QUESTIONS)):
            unmet = (alarm and (question or name in _NEVER_UNDER_ALARM)) or (question and name == "conversation/help")
            if not unmet:
                yield replace(person, alarm=alarm, question=question)


_WITHOUT_ALARM = (
    "alone",
    "unanswered",
    "sick",
    "prognosis",
    "wait_it_out",
    "call_for_me",
    "called",
    "handover",
    "no_phone",
    "step_1",
    "step_2",
    "step_3",
    "step_4",
)
_NEVER_UNDER_ALARM = (
    "conversation/launch", "conversation/fallback", "conversation/fresh_start", "conversation/goodbye",
    "conversation/goodbye_with_number",
    "conversation/corrected", "conversation/reprompt", "conversation/nothing_to_correct",
)  # fmt: skip


def _valid(line: Line) -> Iterator[str]:
    for ssml in filter(None, (line.spoken.ssml, line.spoken.reprompt_ssml)):
        if len(ssml) > MOST_CHARACTERS:
            yield f"longer than Alexa's {MOST_CHARACTERS} characters"
        root = ET.fromstring(ssml)  # noqa: S314
        strange = {element.tag for element in root.iter()} - TAGS
        if strange:
            yield f"uses {', '.join(sorted(strange))}, which not every locale takes"
        pauses = [int(element.get("time", "0ms").removesuffix("ms")) for element in root.iter("break")]
        if pauses and (max(pauses) > LONGEST_BREAK or sum(pauses) > LONGEST_BREAKS):
            yield "pauses for longer than 10 s at once or 30 s in all"


def _sound(line: Line) -> Iterator[str]:
    text, reply = line.spoken.text, line.reply
    lines_here = lines_for(line.locale, line.state.country)
    number = lines_here["emergency"]
    said = " ".join(number["dial"]) if number["digits"] else number["say"]
    language = language_of(line.locale)
    sound = sound_of(language)
    order = sound.order_for(said)
    ordered = any(part == order for part in re.split(r"(?<=[.?!])\s+", text))
    alarmed = reply.verdict is Verdict.ESCALATE and not line.state.called
    if alarmed and not text.startswith(order):
        yield f"an escalation opens with {order!r}"
    if ordered and not alarmed:
        yield f"{order!r} stands in escalations only"
    limit = MOST_WORDS_EMERGENCY if reply.template.startswith("emergency/") and alarmed else MOST_WORDS
    if len(words(text)) > limit:
        yield f"{len(words(text))} words, more than {limit}"
    if (
        reply.template == "conversation/topic"
        and line.state.length == "short"
        and line.state.piece == 0
        and not (alarmed or line.state.signs)
    ):
        body = text.partition(sound.if_new)[0]
        if len(words(body)) > MOST_WORDS_SHORT:
            yield f"the short form has {len(words(body))} words, more than {MOST_WORDS_SHORT}"
    for sentence in sentences(text):
        if len(words(sentence)) > MOST_WORDS_SENTENCE + (len(said.split()) - 1 if said in sentence else 0):
            yield f"a sentence of {len(words(sentence))} words: {sentence!r}"
    # "your local emergency number" weighs five times what "9 1 1" does; the words around it are the same.
    if number["dial"] and len(words(text)) >= LEAST_WORDS_GRADED and is_hard(text, language):
        yield f"reading {sound.measure} {difficulty(text, language):.1f}, where {sound.limit:.0f} is the limit"
    asks = text.endswith(("?", *sound.offers))
    if reply.template in {NO_ANSWER, REPROMPT}:
        return  # a reprompt: Alexa listens once more and then ends the session by itself
    if reply.closes and (asks or not text.endswith(".")):
        yield "the session closes here, so the last word is a full stop, no question"
    if not reply.closes and not asks:
        yield "the session stays open here, so it ends in a question or an offer"


def _banned(line: Line, banned: Node) -> Iterator[str]:
    for group, node in banned.entries():
        if group == "emergency_contractions" and not line.reply.template.startswith("emergency/"):
            continue
        said = re.findall(r"[^\W_]+(?:'[^\W_]+)*", line.spoken.text.casefold())
        text = f" {' '.join(said)} "
        for allowed in node.texts("except"):
            text = text.replace(f" {allowed} ", " ")
        for word in node.texts("words", needed=True):
            if f" {word} " in text:
                yield f"{word!r} is banned ({group})"


def _sources(templates: Templates) -> Iterator[str]:
    cited = {source for sources in templates.cited.values() for source in sources}
    for language, (name, key) in product(templates.topics, (("signs", "signs"), ("context", "rules"))):
        for _, node in read(MODELS / language / f"{name}.yaml").node(key).entries():
            cited |= set(node.texts("source"))
    for _, node in read(TEMPLATES / "locales.yaml").entries():
        cited |= set(node.texts("source"))
    listed = set(read(TEMPLATES / "sources.yaml").keys())
    for source in sorted(cited - listed):
        yield f"speech_templates/sources.yaml: {source!r} is cited but not listed; add it"
    for source in sorted(listed - cited):
        yield f"speech_templates/sources.yaml: {source!r} is cited nowhere; drop it or cite it"


def _weights() -> Iterator[str]:
    """The trained weights must come from the corpus as it stands: compares the hashes that they carry."""
    for path in sorted(path for name in ("linear", "transformer") for path in WEIGHTS.glob(f"*/{name}.json")):
        made_from, language = json.loads(path.read_text(encoding="utf-8")).get("corpus"), path.parent.name
        if made_from != fingerprint(language):
            yield f"weights/{language}/{path.name}: made from another corpus than corpus/{language}; run: make train"


def _look_alikes(language: str) -> Iterator[str]:
    path = MODELS / language / "signs.yaml"
    for sign, node in read_signs(path)[1].entries():
        for index, sentence in enumerate(node.texts("look_alikes")):
            heard = hear([Slot("words", sentence)], language)
            if verdict_of(heard) is Verdict.ESCALATE:
                shown = ", ".join(f"{f.sign} by {f.words!r}" for f in heard.findings)
                line = node.line_of("look_alikes", index)
                yield f"{language}/{path.name}:{line}: {sentence!r} must stay quiet for {sign}: {shown}"


def _context_examples(language: str) -> Iterator[str]:
    for name, node in read(MODELS / language / "context.yaml").node("rules").entries():
        for example in node.nodes("examples"):
            example.only("says", "sign", "becomes")
            said, sign = example.text("says"), example.text("sign")
            wanted = Status(example.text("becomes", choices=tuple(Status)))
            found = {f.status for f in hear([Slot("words", said)], language).findings if f.sign == sign}
            if found != {wanted}:
                place = f"{language}/context.yaml:{example.line}: {name}"
                yield f"{place}: {said!r} makes {sign} {sorted(found)}, not {wanted}"

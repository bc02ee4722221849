"""Amazon's published test cases, walked against the packaged skill and its store project as a reviewer would.

The cases are data, in deploy/store/certification.yaml; here stands how one is tried. A custom skill never gets the
words of a sample without a slot, so each sample is first heard by ears that know the model alone, and then each
request that can come of it is sent once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

from skill.alexa import last_resort
from skill.authoring.data import Node, read
from skill.authoring.deploy.listing import Result, listing_results
from skill.authoring.deploy.store import STORE
from skill.authoring.model_check import model_problems
from skill.authoring.models import LOCALES
from skill.authoring.templates import read_templates
from skill.places import language_of
from skill.simulator.ears import FALLBACK, Filled, Understood, ears, spoken_words
from skill.simulator.request import envelope, intent_request, launch_request
from skill.speaking.speak import plain

Handler = Callable[[Any, object], dict[str, Any]]

MOST_BYTES: Final = 24_000
MOST_SPEECH: Final = 8_000
"""Alexa refuses output speech that is longer, tags included."""


@dataclass
class Session:
    """A speaker in `locale` that talks to `handler`, and what it holds against the answers."""

    handler: Handler
    locale: str = "en-US"
    screen: bool = False
    attributes: dict[str, Any] | None = None
    problems: list[str] = field(default_factory=list)

    def speech(self, request: Mapping[str, Any], told: str) -> tuple[str, bool]:
        """The plain words that answer `request`, and whether the session stays open; `told` names it in a problem."""
        response = self.handler(envelope(request, self.locale, self.attributes, screen=self.screen), None)
        wrong, text = list(_answer_problems(response, self.locale)), ""
        body = response.get("response", {})
        if not wrong:
            text = plain(_body(body["outputSpeech"]["ssml"]))
        self.problems.extend(f"{self.locale}, {told}: {problem}" for problem in wrong)
        is_open = body.get("shouldEndSession") is False
        self.attributes = dict(response.get("sessionAttributes") or {}) if is_open else None
        return text, is_open

    def end(self, reason: str) -> None:
        """Tells the skill that the session has ended; it must not speak to that."""
        response = self.handler(
            envelope(
                {"type": "SessionEndedRequest", "reason": reason}, self.locale, self.attributes, screen=self.screen
            ),
            None,
        )
        if response.get("response", {}).keys() & {"outputSpeech", "reprompt", "card"}:
            self.problems.append(f"{self.locale}, ended by {reason}: it answers, though Alexa takes no speech any more")
        if "errorMessage" in response:
            self.problems.append(f"{self.locale}, ended by {reason}: {response['errorMessage']}")
        self.attributes = None


def certify(handler: Handler, project: Path) -> Iterator[Result]:
    """Each test case with what was wrong: the store's listing and models in `project`, then the skill behind `handler`.

    `project` is what `write_project` wrote. Raises DataError if certification.yaml can't be read.
    """
    data = read(STORE / "certification.yaml").only("listing", "fill", "spoken", "cases")
    made = json.loads((project / "skill-package" / "skill.json").read_text(encoding="utf-8"))["manifest"]
    models = {locale: _language_model(project, locale) for locale in LOCALES}
    yield from listing_results(made, data.node("listing"), project, models)
    yield _phrases(handler, made, models)
    for case in data.nodes("cases"):
        yield _case(handler, case.only("name", "locale", "screen", "turns"))
    for locale, model in models.items():
        yield _samples(handler, locale, model, data.node("fill").node(locale.partition("-")[0]))
    yield Result("the models break no rule of Alexa's", tuple(model_problems(read_templates().topics)))


@cache
def _spoken(locale: str, what: str) -> str:
    """The pattern of certification.yaml for `what`, in the language of `locale`."""
    return read(STORE / "certification.yaml").node("spoken").node(language_of(locale)).text(what)


def _samples(handler: Handler, locale: str, model: Mapping[str, Any], fill: Node) -> Result:
    """Every sample of every intent: it reaches its intent, and what comes of it is met with more than a Fallback."""
    session = Session(handler, locale)
    lost, _ = session.speech(intent_request(Understood(FALLBACK)), FALLBACK)
    values = {kind["name"]: kind["values"] for kind in model["types"]}
    for intent in model["intents"]:
        name = intent["name"]
        plain_samples = [sample for sample in intent["samples"] if "{" not in sample]
        for sample in plain_samples:
            reached = ears(locale).understood(sample, strict=True, elicits=False).intent
            if reached != name:
                session.problems.append(f"{locale}, {sample!r}: reaches {reached} in place of {name}")
        for understood in _requests(intent, values, fill, bare=bool(plain_samples) or not intent["samples"]):
            session.attributes = None
            said = " ".join([name, *(filled.value for filled in understood.slots.values())])
            text, _ = session.speech(intent_request(understood), said)
            if text == lost and name != FALLBACK:
                session.problems.append(f"{locale}, {said!r}: is answered as if nothing had been understood")
    return Result(f"every sample of every intent is answered in {locale}", tuple(session.problems))


def _requests(intent: Mapping[str, Any], values: Mapping[str, Any], fill: Node, *, bare: bool) -> Iterator[Understood]:
    if bare:
        yield Understood(intent["name"])
    for slot in intent.get("slots", ()):
        listed = values.get(slot["type"])
        if listed is None:
            yield Understood(intent["name"], {slot["name"]: Filled(fill.text(slot["name"]))})
        for value in listed or ():
            yield Understood(
                intent["name"], {slot["name"]: Filled(value["name"]["value"], (value["id"],), listed=True)}
            )


def _case(handler: Handler, case: Node) -> Result:
    session = Session(handler, case.text("locale", "en-US"), screen=case.flag("screen"))
    for turn in case.nodes("turns"):
        turn.only("launch", "says", "intent", "slots", "ended", "open", "has", "not", "begins")
        if "ended" in turn.keys():  # noqa: SIM118  # a Node is no dictionary
            session.end(turn.text("ended"))
            continue
        told, request = _request(turn, session.locale)
        text, is_open = session.speech(request, told)
        if turn.value("open") is not None and turn.flag("open") != is_open:
            session.problems.append(f"{told}: the session {'stays open' if is_open else 'closes'}")
        wanted = [(words, words in text) for words in turn.texts("has")]
        wanted += [(f"no {words}", words not in text) for words in turn.texts("not")]
        begins = turn.text("begins", "") if turn.value("begins") is not None else ""
        wanted.append((f"first {begins}", text.startswith(begins)))
        session.problems.extend(f"{told}: {words!r} is wanted of {text!r}" for words, holds in wanted if not holds)
    return Result(case.text("name"), tuple(session.problems))


def _request(turn: Node, locale: str) -> tuple[str, Mapping[str, Any]]:
    if turn.flag("launch"):
        return "launch", launch_request()
    if turn.value("says") is not None:
        says = turn.text("says")
        return repr(says), intent_request(ears(locale).understood(says, strict=True, elicits=False))
    name, slots = turn.text("intent"), turn.value("slots") or {}
    filled = {key: Filled(str(value), listed=key != "words") for key, value in dict(slots).items()}  # type: ignore[call-overload]
    return " ".join([name, *(one.value for one in filled.values())]), intent_request(Understood(name, filled))


def _phrases(handler: Handler, made: Mapping[str, Any], models: Mapping[str, Mapping[str, Any]]) -> Result:
    """Each example phrase: the first one opens the skill, the others are samples, and each has an answer of its own."""
    problems: list[str] = []
    for locale, text in made["publishingInformation"]["locales"].items():
        session = Session(handler, locale, problems=problems)
        samples = {spoken_words(s): i["name"] for i in models[locale]["intents"] for s in i["samples"]}
        lost, _ = session.speech(intent_request(Understood(FALLBACK)), FALLBACK)
        for index, phrase in enumerate(text["examplePhrases"]):
            invoked = re.fullmatch(_spoken(locale, "one_breath"), phrase.casefold())
            said = (invoked[3] or "") if invoked else phrase
            session.attributes = None
            if index == 0 and not invoked:
                problems.append(f"{locale}: the first phrase, {phrase!r}, does not open the skill by its name")
            if phrase[-1] not in ".?":
                problems.append(f"{locale}: {phrase!r} ends in neither a full stop nor a question mark")
            if invoked and invoked[2]:
                if invoked[2] != models[locale]["invocationName"]:
                    problems.append(f"{locale}: {phrase!r} opens another skill")
                continue
            intent = samples.get(spoken_words(said))
            if intent is None:
                problems.append(f"{locale}: {phrase!r} is no sample of the model")
            elif session.speech(intent_request(Understood(intent)), phrase)[0] == lost:
                problems.append(f"{locale}: {phrase!r} has no answer")
    return Result("every example phrase is a sample and has an answer", tuple(problems))


def _answer_problems(response: Mapping[str, Any], locale: str) -> Iterator[str]:
    """What Alexa, or somebody in front of the speaker, would hold against `response`."""
    if "errorMessage" in response:
        yield f"no answer: {response['errorMessage']}"
        return
    body = response.get("response", {})
    ssml, reprompt = _ssml(body), _ssml(body.get("reprompt", {}))
    if not ssml:
        yield "nothing is said"
        return
    for spoken in filter(None, (ssml, reprompt)):
        try:
            ET.fromstring(spoken)  # noqa: S314  # our own answer
        except ET.ParseError as error:
            yield f"the speech is no XML: {error}"
            return
        if len(spoken) > MOST_SPEECH:
            yield f"the speech has {len(spoken)} characters"
    if len(json.dumps(response).encode()) > MOST_BYTES:
        yield "the response is larger than 24 KB"
    text = plain(_body(ssml))
    if last_resort.sentence(locale) in text:
        yield "the last resort is spoken"
    yield from _ending_problems(text, body.get("shouldEndSession"), reprompt, locale)


def _ending_problems(text: str, closes: object, reprompt: str, locale: str) -> Iterator[str]:
    asks = text.endswith("?") or re.search(_spoken(locale, "offer"), text) is not None
    if not isinstance(closes, bool):
        yield "shouldEndSession is not set"
    elif closes and asks:
        yield f"the session closes on a question: {text!r}"
    elif not closes and not asks:
        yield f"the microphone is left open without a question: {text!r}"
    if closes is False and not reprompt:
        yield "nothing is said on silence"


def _ssml(holder: Mapping[str, Any]) -> str:
    return str(holder.get("outputSpeech", {}).get("ssml", ""))


def _body(ssml: str) -> str:
    return ssml.removeprefix("<speak>").removesuffix("</speak>")


def _language_model(project: Path, locale: str) -> Mapping[str, Any]:
    path = project / "skill-package" / "interactionModels" / "custom" / f"{locale}.json"
    model: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["interactionModel"]["languageModel"]
    return model

"""A conversation with the real handler: utterances in, one record a turn out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from skill.alexa.answer import Answer, answer
from skill.alexa.envelope import attributes_of, turn_of
from skill.aws_lambda import handler
from skill.dialogue.saying import NO_ANSWER
from skill.simulator.ears import Understood, ears
from skill.simulator.request import envelope, intent_request, launch_request
from skill.simulator.screen import Viewport
from skill.speaking.speak import plain
from skill.turn import Finding, Verdict

SILENCE = "(silence)"


@dataclass(frozen=True)
class Reprompt:
    """What silence would play: its words, its template, and what it comes to."""

    ssml: str
    template: str | None
    verdict: str


@dataclass
class Conversation:
    """One person at one speaker. A session opens by itself when the last one has closed.

    `handler` answers the request envelopes: the skill in this process, or one that runs elsewhere.
    """

    locale: str = "en-US"
    strict: bool = False
    screen: Viewport | None = None
    attributes: dict[str, Any] | None = None
    reprompt: Reprompt | None = None
    elicits: bool = False
    last: dict[str, Any] | None = None
    handler: Callable[[Any, object], dict[str, Any]] = handler
    request: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    shown: dict[str, Any] | None = None
    """The RenderDocument directive of the last turn, on a device with a screen: document and datasources."""

    def launch(self) -> dict[str, Any]:
        """The record of "open face guide", in a new session."""
        self._close()
        return self._turn(None, launch_request(), None)

    def say(self, utterance: str) -> dict[str, Any]:
        """The record of `utterance`; an empty one is what a Fallback without words would be."""
        if utterance.strip() == SILENCE and self.last is not None and self.last["session"] == "open":
            return self._silence()
        understood = ears(self.locale).understood(utterance, strict=self.strict, elicits=self.elicits)
        return self._turn(utterance, intent_request(understood), understood)

    def _silence(self) -> dict[str, Any]:
        """What the platform does on silence: it plays the reprompt, asks no skill, and ends the session."""
        last, played = self.last or {}, self.reprompt or Reprompt("", None, Verdict.INFORM)
        self._close()
        self.request = self.response = None
        self.last = {
            **last, "heard": SILENCE, "new_session": False, "intent": None, "slots": {}, "findings": [],
            "verdict": played.verdict, "template": played.template, "speech": plain(_body(played.ssml)),
            "ssml": played.ssml, "reprompt": None, "card": None, "session": "closed",
        }  # fmt: skip
        return self.last

    def _turn(self, utterance: str | None, request: Mapping[str, Any], understood: Understood | None) -> dict[str, Any]:
        event = envelope(request, self.locale, self.attributes, screen=self.screen is not None)
        if self.screen is not None:
            event["context"]["Viewport"] = self.screen.characteristics()
        new = self.attributes is None
        response = self.handler(event, None)
        self.request, self.response = event, response
        inside = _inside(event)
        spoken = response["response"]
        self.attributes = dict(response.get("sessionAttributes") or {})
        reprompt = spoken.get("reprompt", {}).get("outputSpeech", {}).get("ssml")
        self.reprompt = _reprompt(reprompt, inside)
        self.elicits = any(directive["type"] == "Dialog.ElicitSlot" for directive in spoken.get("directives") or ())
        shows = (one for one in spoken.get("directives") or () if "document" in one)
        self.shown = next(shows, None)
        closed = bool(spoken["shouldEndSession"])
        card = spoken.get("card")
        self.last = {
            "heard": utterance,
            "locale": self.locale,
            "new_session": new,
            "intent": understood.intent if understood else None,
            "slots": {
                name: {"value": filled.value, "ids": list(filled.ids)}
                for name, filled in (understood.slots.items() if understood else ())
            },
            "findings": [finding_record(f) for f in inside.heard.findings] if inside else [],
            "topic": topic_of(inside) if inside else None,
            "verdict": inside.reply.verdict.value if inside else Verdict.CLARIFY.value,
            "template": inside.reply.template if inside else None,
            "speech": plain(_body(spoken["outputSpeech"]["ssml"])),
            "ssml": spoken["outputSpeech"]["ssml"],
            "reprompt": plain(_body(reprompt)) if reprompt else None,
            "card": {"title": card["title"], "text": card["content"]} if card else None,
            "session": "closed" if closed else "open",
        }
        if closed:
            self._close()
        return self.last

    def _close(self) -> None:
        self.attributes, self.reprompt, self.elicits = None, None, False


def finding_record(finding: Finding) -> dict[str, Any]:
    """A finding as people and tests read it."""
    return {
        "sign": finding.sign,
        "kind": finding.kind,
        "urgency": finding.urgency,
        "status": finding.status.value,
        "who": finding.who.value,
        "words": finding.words,
        "ear": finding.ear,
    }


def topic_of(inside: Answer) -> str | None:
    """The topic that was answered or asked for, None for none."""
    told = inside.state.topic if inside.reply.template in {"conversation/topic", "check/onset_topic"} else ""
    return told or inside.heard.topic or None


def _inside(event: dict[str, Any]) -> Answer | None:
    """The same turn once more, seen from inside: the core is pure, so it says again what the handler did."""
    turn = turn_of(event)
    if turn is None:
        return None
    try:
        return answer(turn, attributes_of(event))
    except Exception:  # noqa: BLE001  # then the handler spoke the last resort, which has no inside
        return None


def _reprompt(ssml: str | None, inside: Answer | None) -> Reprompt | None:
    if not ssml:
        return None
    if inside is None:
        return Reprompt(ssml, None, Verdict.CLARIFY)
    asked = inside.reply.reprompt == NO_ANSWER
    return Reprompt(ssml, inside.reply.reprompt, Verdict.ESCALATE if asked else inside.reply.verdict)


def _body(ssml: str) -> str:
    return ssml.removeprefix("<speak>").removesuffix("</speak>")

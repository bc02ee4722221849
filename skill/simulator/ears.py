"""An utterance to an intent and its slots, by the generated model alone: what it can't place arrives without words.

These ears are honest, not good: only what the model can carry reaches the skill, as with Alexa. They say
nothing about how well Alexa's own recognition does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from skill import built
from skill.alexa.handler import ELICITED
from skill.dialogue.acts import intent_for
from skill.hearing.hear import hear
from skill.hearing.knowledge import ears as hearing_of
from skill.hearing.third_ear import asked
from skill.places import language_of
from skill.turn import Slot

FALLBACK: Final = "AMAZON.FallbackIntent"
_FREE: Final = "AMAZON.SearchQuery"
_NOT_SPOKEN = re.compile(r"[^\w' .-]+")


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot as Alexa fills it: the words, the ids that they resolved to, whether it is a list that was asked."""

    value: str
    ids: tuple[str, ...] = ()
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """What the ears made of an utterance."""

    intent: str
    slots: Mapping[str, Filled] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Carrier:
    intent: str
    before: tuple[str, ...]
    slot: str
    after: tuple[str, ...]
    type: str

    def taken(self, said: tuple[str, ...]) -> tuple[str, ...]:
        """The words that the slot takes out of `said`; empty where the carrier doesn't fit."""
        left, right = len(self.before), len(said) - len(self.after)
        if left < right and said[:left] == self.before and said[right:] == self.after:
            return said[left:right]
        return ()


@dataclass(frozen=True, slots=True)
class Ears:
    """One locale's model, ready to be listened with."""

    language: str
    exact: Mapping[tuple[str, ...], str]
    carriers: tuple[_Carrier, ...]
    values: Mapping[str, Mapping[tuple[str, ...], str]]

    def understood(self, utterance: str, *, strict: bool, elicits: bool) -> Understood:
        """What these ears make of `utterance`; a Fallback without words where nothing fits.

        An exact sample wins, then a list that knows the words. `elicits` says that the free-text slot is being
        elicited: then all other words arrive in it whole. Else the longest carrier takes them, without its own
        words. Ears that are not `strict` generalise as a trained model would: an impersonal question or command
        goes to the intent that it sounds like, and a first word that no sample knows stands where a carrier would.
        """
        said = spoken_words(utterance)
        if said in self.exact:
            return Understood(self.exact[said])
        carried = self._carried(said)
        if carried is not None and carried[0][0] == _KNOWN:
            return carried[1]
        if elicits and said:
            return Understood(ELICITED, {"words": Filled(" ".join(said))})
        alike = "" if strict else _alike(said, self.language)
        if alike:
            return Understood(alike)
        if carried is not None:
            return carried[1]
        rest = "" if strict else " ".join(said[1:])
        return Understood(ELICITED, {"words": Filled(rest)}) if rest else Understood(FALLBACK)

    def _carried(self, said: tuple[str, ...]) -> tuple[tuple[int, int], Understood] | None:
        best: tuple[tuple[int, int], Understood] | None = None
        for carrier in self.carriers:
            words = carrier.taken(said)
            if not words:
                continue
            known = self.values.get(carrier.type, {}).get(words)
            if known is None and not carrier.before + carrier.after:
                continue  # a list alone takes no words that it doesn't know, or nothing would ever fall back
            how = _KNOWN if known is not None else (1 if carrier.type == _FREE else 0)
            rank = (how, len(carrier.before) + len(carrier.after))
            if best is None or rank > best[0]:
                filled = Filled(" ".join(words), (known,) if known else (), carrier.type in self.values)
                best = (rank, Understood(carrier.intent, {carrier.slot: filled}))
        return best


_KNOWN = 2


def _alike(said: tuple[str, ...], language: str) -> str:
    """The intent that `said` sounds like; "" where that is not clear, or words that hearing needs would be lost."""
    text = " ".join(said)
    if hearing_of(language).personal & set(said) or hear([Slot("words", text)], language).findings:
        return ""
    opinion = asked(text, language)
    return intent_for(opinion.asks, language) if opinion else ""


def has_model(locale: str) -> bool:
    """Whether Alexa has a model of `locale`."""
    return (built.FOLDER / "models" / f"{locale}.json").is_file()


@cache
def ears(locale: str) -> Ears:
    """The ears of `locale`; those of another of its language for one that has no model."""
    language, folder = language_of(locale), built.FOLDER / "models"
    path = folder / f"{locale}.json"
    spare = min(folder.glob(f"{language}-*.json"))  # one model serves all locales of a language
    model = json.loads((path if path.is_file() else spare).read_text(encoding="utf-8"))
    language_model: Mapping[str, Any] = model["interactionModel"]["languageModel"]
    exact: dict[tuple[str, ...], str] = {}
    carriers: list[_Carrier] = []
    for intent in language_model["intents"]:
        types = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        exact.setdefault(spoken_words(own_words(intent["name"])), intent["name"])
        for sample in intent["samples"]:
            before, brace, rest = sample.partition("{")
            if not brace:
                exact.setdefault(spoken_words(sample), intent["name"])
                continue
            slot, _, after = rest.partition("}")
            carriers.append(_Carrier(intent["name"], spoken_words(before), slot, spoken_words(after), types[slot]))
    values = {
        kind["name"]: {
            spoken_words(form): value["id"]
            for value in kind["values"]
            for form in (value["name"]["value"], *value["name"]["synonyms"])
        }
        for kind in language_model["types"]
    }
    values["AMAZON.Country"] = dict.fromkeys(map(spoken_words, _countries(language)), "")
    return Ears(language, exact, tuple(carriers), values)


def _countries(language: str) -> list[str]:
    """Countries that AMAZON.Country would know in `language`; it gives no ids that we rely on."""
    listed = built.FOLDER / "models" / f"countries.{language}.txt"
    return listed.read_text(encoding="utf-8").replace("\n", " ").split(",")


def spoken_words(utterance: str) -> tuple[str, ...]:
    """The words of `utterance` as a recogniser writes them: lower case, no punctuation but apostrophes."""
    text = _NOT_SPOKEN.sub(" ", utterance.casefold().replace("’", "'"))  # noqa: RUF001
    return tuple(word for word in (part.strip(".-") for part in text.split()) if word)


def own_words(intent: str) -> str:
    """What a built-in hears without any sample: AMAZON.StopIntent "stop", AMAZON.StartOverIntent "start over"."""
    name = intent.removeprefix("AMAZON.").removesuffix("Intent")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold() if intent.startswith("AMAZON.") else intent

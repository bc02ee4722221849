"""intents.yaml, read and checked: each intent with its act, what it implies and how it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from hassil.expression import Sentence

from skill.authoring.data import MODELS, Node, read
from skill.authoring.phrases import expand, rules_of
from skill.dialogue.acts import ACTS
from skill.hearing.words import words
from skill.simulator.ears import own_words


@dataclass(frozen=True, slots=True)
class Intent:
    """One intent: `act` is what it means to the dialogue, `samples` what Alexa is trained with."""

    name: str
    act: str
    topic: str
    implies: str
    personal: bool
    samples: tuple[tuple[str, int], ...]
    node: Node
    rules: dict[str, Sentence]

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots that stand in its samples, each once."""
        return tuple(dict.fromkeys(s for text, _ in self.samples for s in _slots(text)))


@dataclass(frozen=True, slots=True)
class Intents:
    """A whole intents.yaml."""

    invocation: str
    prompt: str
    intents: tuple[Intent, ...]


def read_intents(language: str, topics: set[str]) -> Intents:
    """The intents of `language`; raises DataError for an unknown act or topic, or a template that is no grammar."""
    folder = MODELS / language
    root = read(folder / "intents.yaml").only("invocation", "prompt", "rules", "intents")
    rules = rules_of(root.node("rules"))
    found = [_intent(name, node, rules, topics) for name, node in root.node("intents").entries()]
    asked = read(folder / "topics.yaml").only("rules", "topics")
    rules = {**rules, **rules_of(asked.node("rules"))}
    for topic, node in asked.node("topics").entries():
        if topic not in topics:
            node.fail(f"{topic!r} has no template in speech_templates/{language}/topics")
        node.only("says", "asks")
        name = "".join(part.capitalize() for part in topic.split("_")) + "TopicIntent"
        found.append(
            Intent(name, "topic", topic, "", personal=False, samples=_samples(node, rules), node=node, rules=rules)
        )
    return Intents(root.text("invocation"), root.text("prompt"), tuple(found))


def _intent(name: str, node: Node, rules: dict[str, Sentence], topics: set[str]) -> Intent:
    node.only("act", "implies", "personal", "says", "asks")
    act, _, topic = node.text("act").partition(" ")
    if act not in ACTS:
        node.fail(f"{act!r} is none of {', '.join(sorted(ACTS))}", "act")
    if act == "topic" and topic not in topics:
        node.fail(f"{topic!r} has no template in the topics folder", "act")
    implies = node.text("implies", "")
    return Intent(name, act, topic, implies, node.flag("personal"), _samples(node, rules), node, rules)


def whole_utterances(intent: Intent, fillings: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Each way of saying `intent` as hearing compares words: its samples, and a built-in's own name.

    A slot is filled from `fillings`; a sample with a slot that has none there is left out.
    """
    yield " ".join(words(own_words(intent.name)))
    for sample, _ in intent.samples:
        slots = _slots(sample)
        for values in product(*(fillings.get(slot, ()) for slot in slots)):
            said = sample
            for slot, value in zip(slots, values, strict=True):
                said = said.replace(f"{{{slot}}}", value)
            yield " ".join(words(said))


def _samples(node: Node, rules: dict[str, Sentence]) -> tuple[tuple[str, int], ...]:
    samples: dict[str, int] = {}
    for key in ("says", "asks"):
        for index, phrase in enumerate(node.texts(key)):
            for sample in expand(phrase, rules, node, key):
                if sample:
                    samples.setdefault(sample, node.line_of(key, index))
    return tuple(samples.items())


def _slots(sample: str) -> list[str]:
    return [part.partition("}")[0] for part in sample.split("{")[1:]]

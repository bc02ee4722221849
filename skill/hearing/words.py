"""Text to words: the one way in which speech and data phrases are brought to the same form."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_CHARACTERS: Final = 8_000
"""What Alexa may send in one slot at the most; longer text is cut, so that time stays bounded."""

BREAK: Final = "|"
"""Stands between two texts of one turn: no phrase reaches across it."""

_WORD = re.compile(r"(?<!\w)'s\b|[^\W_]+(?:['’.-][^\W_]+)*['’]?|\|")  # noqa: RUF001
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'"})  # noqa: RUF001
_CANNOT = {"cannot", "can't", "cant", "couldn't", "couldnt", "cudnt", "canna", "cannae", "couldnae"}
_WILL_NOT = {"won't", "wont", "wouldn't", "wouldnt", "willnae", "winnae"}
_WHOLE = {
    "dont": ("do", "not"), "doesnt": ("does", "not"), "didnt": ("did", "not"), "isnt": ("is", "not"),
    "dinnae": ("do", "not"), "isnae": ("is", "not"), "ain't": ("is", "not"), "aint": ("is", "not"),
    "wasnt": ("was", "not"), "hasnt": ("has", "not"), "havent": ("have", "not"), "arent": ("are", "not"),
    "im": ("i", "am"), "ive": ("i", "have"), "gonna": ("going", "to"), "wanna": ("want", "to"),
    "hes": ("he", "'s"), "shes": ("she", "'s"), "thats": ("that", "'s"), "whats": ("what", "'s"),
}  # fmt: skip
_ENDINGS = {"'s": "'s", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "had"}


def words(text: str) -> tuple[str, ...]:
    """The words of `text`, lower case, with short forms taken apart: "She's" gives she, 's; "isn't" is, not.

    Can't, cannot and couldn't are one word, and so are won't and wouldn't: in the mouths of frightened
    people they are the sign itself. Anything that is no letter or digit of some alphabet is left out, so
    that emoji, control characters and lone surrogates do no harm.
    """
    cleaned = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).translate(_APOSTROPHES).casefold()
    found: list[str] = []
    for match in _WORD.findall(cleaned):
        word = match.strip(".-")
        if found and found[-1] == "can" and word == "not":
            found[-1] = "can't"
        elif word in _CANNOT:
            found.append("can't")
        elif word in _WILL_NOT:
            found.append("won't")
        elif word in _WHOLE:
            found.extend(_WHOLE[word])
        elif word.endswith("n't"):
            found.extend((word[:-3], "not"))
        else:
            found.extend(_parted(word))
    return tuple(found)


def _parted(word: str) -> tuple[str, ...]:
    head, mark, tail = word.partition("'")
    ending = _ENDINGS.get(mark + tail)
    if head and ending and word not in {"bell's", "bull's"}:
        return head, ending
    return (word.strip("'"),) if word.strip("'") and word != "'s" else (word,)

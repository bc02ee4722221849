"""The labelled corpus: reading it, its splits by writer, and near-twins across them."""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from skill.authoring.data import DataError, read

FOLDER: Final = Path(__file__).parent / "corpus"
"""A folder for each language: a file for each writer, splits.yaml, additions.txt, and asks with what is asked for."""

LABELS: Final = frozenset({
    "present", "vague", "personal_question", "question", "denied", "usual", "explained", "past", "benign", "fiction",
    "offtopic", "control",
})  # fmt: skip
TELLING: Final = frozenset({"present", "vague", "personal_question", "usual", "explained", "past", "denied"})
"""Labels under which somebody's state is told: those that clarify at the least, but for a plain denial."""

_SEED: Final = 7
_TWIN: Final = 0.75
_LETTERS: Final = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence of one writer with its label, its sign ("-" for none) and whose it is."""

    language: str
    writer: str
    label: str
    sign: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Splits:
    """Whose sentences are for what. Nothing was trained or tuned on `unseen`: every published figure comes from them.

    Thresholds are set on `validation`. `hard` are the unseen writers whose signs are short and oblique and whose other
    sentences are full of look-alikes; `speech` tells how each unseen writer speaks.
    """

    unseen: frozenset[str]
    validation: frozenset[str]
    hard: frozenset[str]
    speech: Mapping[str, str]


@cache
def splits(language: str) -> Splits:
    """The splits of the corpus of `language`."""
    node = read(FOLDER / language / "splits.yaml").only("unseen", "validation", "hard")
    unseen = node.node("unseen")
    return Splits(
        unseen=frozenset(unseen.keys()),
        validation=frozenset(node.texts("validation", needed=True)),
        hard=frozenset(node.texts("hard")),
        speech={writer: unseen.text(writer) for writer in unseen.keys()},  # noqa: SIM118
    )


@cache
def rows(language: str) -> tuple[Row, ...]:
    """The whole corpus of `language`; raises DataError at a line that is not of its form."""
    found = []
    for path in sorted((FOLDER / language).glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
                if row["label"] not in LABELS or not row["text"]:
                    raise DataError(f"{path.name}:{number}: label, sign, who and text are needed, parted by tabs")
                found.append(Row(language, path.stem, row["label"], row["sign"], row["who"], row["text"]))
    return tuple(found)


def learnt(language: str) -> list[Row]:
    """The training rows of `language`, and one in six of them once more with words before or after that change nothing.

    So that "it's probably nothing" beside a sign, or somebody's name, weighs nothing; the words are additions.txt.
    """
    additions = (FOLDER / language / "additions.txt").read_text(encoding="utf-8").splitlines()
    found = [row for row in rows(language) if split(row) == "train"]
    chosen = random.Random(_SEED)  # noqa: S311  # nothing secret hangs on it
    for row in chosen.sample(found, len(found) // 6):
        parts = [row.text, chosen.choice(additions)]
        chosen.shuffle(parts)
        found.append(replace(row, text=" ".join(parts)))
    return found


def asking(language: str) -> Iterator[tuple[str, str]]:
    """What people ask for in words that no intent knows: ("topic:NAME", an act, or "nothing") and the utterance."""
    for path in sorted((FOLDER / language / "asks").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            asks, _, text = line.partition("\t")
            yield asks, text


def split(row: Row) -> str:
    """The split of `row`, by its writer: train, validation or unseen."""
    of = splits(row.language)
    return "unseen" if row.writer in of.unseen else "validation" if row.writer in of.validation else "train"


def fingerprint(language: str) -> str:
    """A hash over all that the ears of `language` learn, with its labels; the weights carry it so that drift shows."""
    digest = hashlib.sha256()
    for row in learnt(language):
        digest.update(f"{row.writer}\t{row.label}\t{row.sign}\t{row.text}\n".encode())
    for asks, text in asking(language):
        digest.update(f"{asks}\t{text}\n".encode())
    return digest.hexdigest()


def near_twins(given: Iterable[Row]) -> Iterator[tuple[Row, Row, float]]:
    """Each unseen or validation row with a training row that is nearly the same (Jaccard over groups of letters)."""
    listed = list(given)
    holders: dict[str, list[int]] = {}
    bags = [_letters(row.text) for row in listed]
    for index, (row, bag) in enumerate(zip(listed, bags, strict=True)):
        if split(row) == "train":
            for group in bag:
                holders.setdefault(group, []).append(index)
    for row, bag in zip(listed, bags, strict=True):
        if split(row) == "train":
            continue
        shared: dict[int, int] = {}
        for group in bag:
            for index in holders.get(group, ()):
                shared[index] = shared.get(index, 0) + 1
        for index, count in shared.items():
            likeness = count / (len(bag) + len(bags[index]) - count)
            if likeness >= _TWIN:
                yield row, listed[index], likeness


def _letters(text: str) -> frozenset[str]:
    return frozenset(text[at : at + _LETTERS] for at in range(max(len(text) - _LETTERS + 1, 1)))

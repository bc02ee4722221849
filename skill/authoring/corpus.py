"""The labelled corpus: reading it, its splits by writer, and near-twins across them."""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from skill.authoring.data import DataError

FOLDER: Final = Path(__file__).parent / "corpus"

UNSEEN: Final = frozenset({
    "cornwall_teacher", "birmingham_taxi", "twelve_strangers_gasping", "three_in_the_morning", "fifty_strangers",
    "little_stories", "bus_and_surgery", "ordinary_day",
})  # fmt: skip
"""Writers that nothing was trained or tuned on: every published figure comes from them."""

VALIDATION: Final = frozenset({
    "aberdeen_widow", "swansea_coach", "polite_elders", "melbourne_student", "carers_short", "forty_idlers",
})  # fmt: skip
"""Writers that thresholds are set on."""

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

    writer: str
    label: str
    sign: str
    who: str
    text: str


@cache
def rows() -> tuple[Row, ...]:
    """The whole corpus; raises DataError at a line that is not of its form."""
    found = []
    for path in sorted(FOLDER.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
                if row["label"] not in LABELS or not row["text"]:
                    raise DataError(f"{path.name}:{number}: label, sign, who and text are needed, parted by tabs")
                found.append(Row(path.stem, row["label"], row["sign"], row["who"], row["text"]))
    return tuple(found)


def learnt() -> list[Row]:
    """The training rows, and one in six of them once more with words before or after that change nothing.

    So that "it's probably nothing" beside a sign, or somebody's name, weighs nothing; the words are additions.txt.
    """
    additions = (FOLDER / "additions.txt").read_text(encoding="utf-8").splitlines()
    found = [row for row in rows() if split(row) == "train"]
    chosen = random.Random(_SEED)  # noqa: S311  # nothing secret hangs on it
    for row in chosen.sample(found, len(found) // 6):
        parts = [row.text, chosen.choice(additions)]
        chosen.shuffle(parts)
        found.append(replace(row, text=" ".join(parts)))
    return found


def asking() -> Iterator[tuple[str, str]]:
    """What people ask for in words that no intent knows: ("topic:NAME", an act, or "nothing") and the utterance."""
    for path in sorted((FOLDER / "asks").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            asks, _, text = line.partition("\t")
            yield asks, text


def split(row: Row) -> str:
    """The split of `row`, by its writer: train, validation or unseen."""
    return "unseen" if row.writer in UNSEEN else "validation" if row.writer in VALIDATION else "train"


def fingerprint() -> str:
    """A hash over every sentence that the ears learn, with its label; the weights carry it so that drift shows."""
    digest = hashlib.sha256()
    for row in learnt():
        digest.update(f"{row.writer}\t{row.label}\t{row.sign}\t{row.text}\n".encode())
    for asks, text in asking():
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

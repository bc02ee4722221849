"""Trains the second ear's linear weights from the corpus of each language. `make train` runs it with scikit-learn."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, Final
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from skill.authoring.corpus import TELLING, Row, fingerprint, learnt
from skill.authoring.spelling import spelling_of
from skill.authoring.templates import languages
from skill.hearing.second_ear import WEIGHTS, features
from skill.hearing.words import words

BUCKETS: Final = 2**16
STRENGTH: Final = 20.0
"""The inverse of the regularisation, the best of 3, 10, 20, 30 on the validation writers."""


def train(language: str) -> None:
    """Writes linear.bin and linear.json of `language`, with the hash of the corpus that they come from."""
    used = learnt(language)
    table = matrix(used)
    signs = sorted({row.sign for row in used if row.label == "present"})
    present = np.array([row.label == "present" for row in used])
    telling = np.array([row.label in TELLING for row in used])
    print(f"{language}: {len(used)} sentences, {len(signs)} signs", flush=True)
    models = [_fit(table, present), _fit(table, telling)]
    coefficients = [model.coef_[0] for model in models]
    biases = [float(model.intercept_[0]) for model in models]
    print("the two odds are done; now the signs", flush=True)
    named = _fit(table[present], np.array([row.sign for row in used if row.label == "present"]))
    coefficients.extend(named.coef_)
    biases.extend(float(bias) for bias in named.intercept_)
    scales = [float(np.abs(row).max()) / 127 for row in coefficients]
    packed = np.stack([np.round(row / scale) for row, scale in zip(coefficients, scales, strict=True)], axis=1)
    folder = WEIGHTS / language
    folder.mkdir(exist_ok=True)
    (folder / "linear.bin").write_bytes(packed.astype(np.int8).tobytes())
    meta = {
        "corpus": fingerprint(language),
        "buckets": BUCKETS,
        "signs": list(named.classes_),
        "scales": scales,
        "biases": biases,
    }
    (folder / "linear.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")


def matrix(given: Sequence[Row]) -> Any:  # noqa: ANN401  # scipy ships no types
    """One row a sentence: its hashed features, each counted once, scaled to length one."""
    pointers: list[int] = [0]
    indices: list[int] = []
    values: list[float] = []
    for row in given:
        seen = set(features(words(row.text, spelling_of(row.language))))
        found = {crc32(feature.encode()) & (BUCKETS - 1) for feature in seen}
        indices.extend(found)
        values.extend([1 / np.sqrt(len(seen))] * len(found))
        pointers.append(len(indices))
    return csr_matrix((values, indices, pointers), shape=(len(given), BUCKETS))


def _fit(table: Any, wanted: Any) -> LogisticRegression:  # noqa: ANN401
    return LogisticRegression(C=STRENGTH, max_iter=400, class_weight="balanced").fit(table, wanted)


if __name__ == "__main__":
    for named in sys.argv[1:] or languages():
        train(named)

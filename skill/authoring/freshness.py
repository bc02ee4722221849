"""Whether what was built still fits the data folders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from skill import built

STAMP: Final = "stamp.json"

_ROOT: Final = Path(__file__).resolve().parents[2]


def is_stale() -> bool:
    """Whether skill/_built is missing or was made from other data than what stands in the folders now."""
    stamp = built.FOLDER / STAMP
    return not stamp.is_file() or json.loads(stamp.read_text(encoding="utf-8")).get("sources") != fingerprint()


def fingerprint() -> str:
    """A hash over every data file and over the code that compiles them."""
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    yield from sorted(path for path in (_ROOT / "interaction_models").glob("*/*.[yt]*"))
    yield from sorted(path for path in (_ROOT / "speech_templates").rglob("*") if path.is_file())
    yield from sorted((_ROOT / "skill" / "authoring").glob("*.py"))
    yield _ROOT / "skill" / "hearing" / "words.py"
    yield _ROOT / "skill" / "speaking" / "environment.py"

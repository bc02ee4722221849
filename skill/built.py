"""The compiled data folders, as `face-guide build` left them in skill/_built."""

from __future__ import annotations

import pickle
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parent / "_built"


@cache
def load(name: str) -> Any:  # noqa: ANN401  # a table is whatever its reader makes of it
    """The compiled table `name`, read once for all; raises FileNotFoundError with the cure if nothing was built.

    Pickled, which loads in half the time of JSON and, unlike marshal, under any Python: a function is packaged
    for another one than builds it.
    """
    path = FOLDER / f"{name}.pickle"
    if not path.is_file():
        raise FileNotFoundError(f"{path.name} is not built; run: face-guide build")
    return pickle.loads(path.read_bytes())  # noqa: S301  # our own build wrote it

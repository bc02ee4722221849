"""The compiled data folders, as `face-guide build` left them in skill/_built."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parent / "_built"


def load(name: str) -> Any:  # noqa: ANN401  # JSON is whatever its reader makes of it
    """The JSON value in the compiled file `name`; raises FileNotFoundError with the cure if nothing was built."""
    path = FOLDER / name
    if not path.is_file():
        raise FileNotFoundError(f"{path.name} is not built; run: face-guide build")
    return json.loads(path.read_text(encoding="utf-8"))

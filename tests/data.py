"""Sentences, conversations and envelopes that the tests read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent


def yaml(name: str) -> Any:
    reader = YAML(typ="safe")
    reader.version = (1, 2)
    return reader.load((HERE / name).read_text(encoding="utf-8"))


def envelopes() -> dict[str, dict[str, Any]]:
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / "envelopes").glob("*.json"))
    }

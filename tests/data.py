"""Sentences, conversations and envelopes that the tests read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent


def yaml(name: str) -> Any:
    return text_as_yaml((HERE / name).read_text(encoding="utf-8"))


def text_as_yaml(text: str) -> Any:
    reader = YAML(typ="safe")
    reader.version = (1, 2)
    return reader.load(text)


def envelopes() -> dict[str, dict[str, Any]]:
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / "envelopes").glob("*.json"))
    }

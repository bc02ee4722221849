from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from skill.authoring import data, hearing_data, intents, mirror, models, nlu, spelling, templates
from skill.authoring.build import build
from skill.authoring.data import MODELS, TEMPLATES
from skill.authoring.freshness import is_stale

Edit = Callable[[str, str, str], None]
"""Changes one place of one data file: its path, what stands there, what is to stand there."""

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("dev", deadline=None)
settings.register_profile("fuzz", deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_sessionstart() -> None:
    """Before any test module is read: the skill's entry point loads what was built as soon as it is imported."""
    if is_stale():
        build()


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Tests in tests/real need more than Python alone; the folder says so once for all of them."""
    for item in items:
        if "real" in item.path.parts:
            item.add_marker(pytest.mark.real)


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edit:
    """Copies the data folders, points the loaders at the copy, and changes one place of one file in it."""
    shutil.copytree(MODELS, tmp_path / "interaction_models", ignore=shutil.ignore_patterns("alexa"))
    shutil.copytree(TEMPLATES, tmp_path / "speech_templates")
    for module in (data, hearing_data, intents, mirror, models, nlu, spelling):
        monkeypatch.setattr(module, "MODELS", tmp_path / "interaction_models")
    for module in (mirror, templates):
        monkeypatch.setattr(module, "TEMPLATES", tmp_path / "speech_templates")

    def change(name: str, old: str, new: str) -> None:
        path = tmp_path / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change

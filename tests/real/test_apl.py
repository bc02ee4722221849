from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from skill.authoring.screens import FOLDER, photograph
from skill.speaking.speak import screen_document

HERE = Path(__file__).parent / "apl"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def linter() -> Path:
    """The linter with Alexa's schemas, installed beside its lock file."""
    if shutil.which("npm") is None:
        pytest.fail("Node is missing: on Debian or Ubuntu, apt install nodejs npm")
    subprocess.run(["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    return HERE / "lint.js"


def problems(linter: Path, document: Any, folder: Path) -> list[str]:
    path = folder / "document.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return subprocess.run(
        ["node", linter, path], capture_output=True, text=True, check=True, cwd=HERE
    ).stdout.splitlines()


def test_the_document_keeps_to_the_schemas_of_apl(linter: Path, tmp_path: Path) -> None:
    assert problems(linter, screen_document(), tmp_path) == []


def test_the_linter_sees_a_slip(linter: Path, tmp_path: Path) -> None:
    slipped = json.loads(json.dumps(screen_document()).replace('"fontWeight"', '"fontWait"'))
    assert any("fontWait" in problem for problem in problems(linter, slipped, tmp_path))


def test_the_screens_are_photographed(tmp_path: Path) -> None:
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        pytest.fail("Chromium is missing: on Debian or Ubuntu, apt install chromium")
    pictures = list(photograph(tmp_path))
    assert {picture.name for picture in pictures} == {path.name for path in FOLDER.glob("*.png")}
    assert all(picture.read_bytes().startswith(PNG) for picture in pictures)

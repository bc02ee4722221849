from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from skill.authoring.check import problems
from skill.cli import main
from skill.dialogue.acts import intents
from tests.data import yaml

ROOT = Path(__file__).parents[1]
HAZARDS = yaml("../safety/hazards.yaml")
FIELDS = {"cause", "harm", "severity", "likelihood", "control", "tests", "remains"}
SCALES = {
    "severity": {"catastrophic", "major", "moderate", "minor"},
    "likelihood": {"frequent", "probable", "occasional", "remote", "improbable"},
}


def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("hazard", HAZARDS)
def test_a_hazard_names_its_control_and_tests_that_exist(hazard: str) -> None:
    entry = HAZARDS[hazard]
    assert set(entry) == FIELDS
    for field, scale in SCALES.items():
        assert entry[field] in scale
    for test in entry["tests"]:
        path, _, name = test.partition("::")
        assert name in functions_of(path), test


def test_the_data_folders_break_no_rule_of_sound_or_safety() -> None:
    assert not list(problems())


def test_every_command_and_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [name for name in main.commands if name not in readme]
    settings = re.findall(
        r'"(FACE_GUIDE_\w+)"', "".join(p.read_text(encoding="utf-8") for p in (ROOT / "skill").rglob("*.py"))
    )
    assert settings
    assert not [name for name in settings if name not in readme]


def test_every_built_in_that_the_platform_expects_is_there() -> None:
    expected = [
        "Cancel",
        "Fallback",
        "Help",
        "NavigateHome",
        "Next",
        "No",
        "Previous",
        "Repeat",
        "StartOver",
        "Stop",
        "Yes",
    ]
    assert {f"AMAZON.{name}Intent" for name in expected} <= set(intents("en"))


def test_requirements_carry_hashes_and_no_address() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text


def test_nothing_that_was_built_is_in_git() -> None:
    done = subprocess.run(
        ["git", "ls-files", "skill/_built", ".venv"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import skill

SKILL = Path(skill.__file__).parent
CORE = ("skill.turn", "skill.hearing.hear", "skill.dialogue.step")
ROOMS = ("turn.py", "built.py", "places.py", "hearing", "dialogue", "speaking", "alexa")


def modules_after(imports: str) -> set[str]:
    code = f"import sys\n{imports}\nprint(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_the_core_knows_neither_alexa_nor_the_web_nor_templates() -> None:
    loaded = modules_after("\n".join(f"import {name}" for name in CORE))
    assert not loaded & {"ask_sdk_core", "ask_sdk_model", "flask", "jinja2", "ruamel", "hassil", "numpy"}


def test_the_deployed_skill_knows_no_build_time() -> None:
    code = "import skill.aws_lambda, sys; print('authoring' in ' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert not modules_after("import skill.aws_lambda") & {"ruamel", "hassil", "click", "rich", "flask"}


@pytest.mark.parametrize(
    ("room", "may"),
    [
        ("hearing", {"hearing"}),
        ("dialogue", {"dialogue", "hearing"}),
        ("speaking", {"speaking"}),
        ("alexa", {"alexa", "hearing", "dialogue", "speaking"}),
        ("web", {"web", "alexa"}),
    ],
)
def test_rooms_know_only_the_rooms_before_them(room: str, may: set[str]) -> None:
    known = may | {"turn", "built", "places"}
    for path in (SKILL / room).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("skill"):
                parts = node.module.split(".")
                named = {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
                assert named <= known, f"{path.name} imports {node.module}"


def sentences_in(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    errors = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Raise) for part in ast.walk(node)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in docs and id(node) not in errors and len(node.value.split()) > 2
    ]


def test_no_spoken_word_stands_in_python_but_the_last_resort() -> None:
    for room in ROOMS:
        for path in [SKILL / room] if room.endswith(".py") else sorted((SKILL / room).glob("*.py")):
            if path.name != "last_resort.py":
                found = [text for text in sentences_in(path) if "%s" not in text]
                assert not found, f"{path.name}: {found}"

"""The Dockerfile's own steps in empty environments, since a container engine is more than the tests can ask for."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import venv
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.data import envelopes
from tests.web.sending import addressed, encoded, signed
from tests.web.server import BIN, ROOT, running

DOCKERFILE = ROOT / "deploy/container/Dockerfile"


@dataclass
class Stage:
    """What a stage of the Dockerfile has come to: its files under `folder`, its Python, and what it declares."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    cwd: Path = Path()
    said: dict[str, str] = field(default_factory=dict)

    def at(self, path: str) -> Path:
        return self.folder / path.lstrip("/") if path.startswith("/") else self.cwd / path

    def run(self, command: str) -> None:
        """Runs it as the image does, but that pip may keep what it fetched for the next time."""
        path = f"{self.folder / 'python/bin'}:{os.environ['PATH']}"
        command = command.replace(" --no-cache-dir", "")
        subprocess.run(command, shell=True, check=True, cwd=self.cwd, env={**self.environment, "PATH": path})  # noqa: S602

    def copy(self, words: list[str], stages: dict[str, Stage]) -> None:
        other = stages[words.pop(0).removeprefix("--from=")] if words[0].startswith("--from=") else None
        *sources, target = words
        for source in sources:
            found = other.at(source) if other else ROOT / source
            into = self.at(target) / found.name if target.endswith("/") else self.at(target)
            into.parent.mkdir(parents=True, exist_ok=True)
            if found.is_dir():
                shutil.copytree(found, into, ignore=shutil.ignore_patterns("__pycache__", "_built"))
            else:
                shutil.copy(found, into)


def built(folder: Path) -> Stage:
    """The last stage, every COPY and RUN of all stages carried out."""
    stages: dict[str, Stage] = {}
    stage = Stage(folder)
    for line in DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        instruction, _, rest = line.strip().partition(" ")
        match instruction:
            case "FROM":
                stage = Stage(folder / str(len(stages)))
                stages[rest.partition(" AS ")[2] or "last"] = stage
                venv.create(stage.folder / "python", with_pip=True)
            case "WORKDIR":
                stage.cwd = stage.at(rest)
                stage.cwd.mkdir(parents=True)
            case "ENV":
                stage.environment |= dict(word.split("=", 1) for word in shlex.split(rest))
            case "COPY":
                stage.copy(rest.split(), stages)
            case "RUN":
                stage.run(rest)
            case "" | "#":
                pass
            case _:
                stage.said[instruction] = rest
    return stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return built(tmp_path_factory.mktemp("container"))


def test_the_image_s_steps_make_a_server_that_answers_is_healthy_and_stops_gracefully(
    stage: Stage, tmp_path: Path
) -> None:
    command = json.loads(stage.said["CMD"])
    python = stage.folder / "python/bin/python"
    command[0] = str(python.with_name(command[0]))
    check = json.loads(stage.said["HEALTHCHECK"].partition(" CMD ")[2])
    check[0] = str(python.with_name(check[0]))
    with running(tmp_path, command, cwd=stage.cwd, python=python, environment=stage.environment) as server:
        there = ["nsenter", "--preserve-credentials", "--user", "--net", "--target", str(server.process.pid)]
        assert subprocess.run([*there, *check], check=False).returncode == 0
        got = server.answer(signed(encoded(addressed(envelopes()["intent_describe"]))))
        assert got.status == 200
        assert json.loads(got.body)["response"]["outputSpeech"]["ssml"].startswith("<speak>Call ")
        server.process.terminate()
        assert server.process.wait(15) == 0
    assert subprocess.run(check, check=False, stderr=subprocess.DEVNULL).returncode != 0


def test_the_image_holds_what_it_runs_and_nothing_that_builds_or_tests(stage: Stage) -> None:
    listed = subprocess.run(
        [stage.folder / "python/bin/pip", "list", "--format", "json"], capture_output=True, text=True, check=True
    )
    names = {package["name"].lower() for package in json.loads(listed.stdout)}
    assert {"face-guide", "gunicorn", "flask-ask-sdk"} <= names
    assert not names & {"hassil", "hatchling", "pytest", "mypy", "ruff", "hypothesis", "ruamel.yaml"}
    assert stage.said["USER"] == "10001:10001"


def test_every_version_is_pinned() -> None:
    for line in DOCKERFILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("FROM"):
            assert line.split()[1].partition(":")[2][0].isdigit()
        if "pip install" in line:
            assert "--require-hashes" in line or "--no-deps" in line


def test_the_linter_and_the_schema_find_nothing() -> None:
    compose = DOCKERFILE.with_name("compose.yaml")
    subprocess.run([BIN / "hadolint", DOCKERFILE], check=True)
    subprocess.run([BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", compose], check=True)

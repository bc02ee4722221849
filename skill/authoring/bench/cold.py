"""Cold starts: a fresh process, imports and the first turn, from packages as AWS Lambda gets them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psutil

from skill.authoring.bench.spread import ratio, spread
from skill.authoring.data import ROOT

PEER: Final = Path(__file__).parent / "peer"
HANDLERS: Final = {"ours": "skill.aws_lambda", "hello world": "hello_world"}
ENVELOPES: Final = ROOT / "tests" / "envelopes"
FIRST_TURNS: Final = {"launch": "launch", "topic": "intent_about", "report of a sign": "intent_report_sign"}

_COLD: Final = """
import time
cpu, wall = time.process_time, time.perf_counter
start, began = cpu(), wall()
from {module} import handler
imported = cpu()
import json, sys
event = json.load(open({envelope!r}, encoding="utf-8"))
before, paused = cpu(), wall()
handler(event, None)
after, ended = cpu(), wall()
print(json.dumps({{
    "start": start * 1e3, "import": (imported - start) * 1e3, "turn": (after - before) * 1e3,
    "wall": (ended - began) * 1e3,
}}), flush=True)
sys.stdin.read()
"""
_IMPORT: Final = re.compile(r"import time:\s+(\d+) \|\s+\d+ \| ( *)(\S+)")


@dataclass(frozen=True, slots=True)
class Imported:
    """One import of a cold start, with what it imported in turn; microseconds, its own and the whole."""

    module: str
    own: int
    whole: int
    inner: tuple[Imported, ...]


def packaged(folder: Path, source: Path) -> Path:
    """A folder with the wheel of `source` and the locked requirements, bytecode included."""
    wheels = folder / "wheels"
    target = folder / "package"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    locked = ["--no-deps", "--require-hashes", "--requirement", str(ROOT / "requirements" / "lambda.txt")]
    _run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(source)])
    _run([*pip, "install", "--target", str(target), *locked])
    _run([*pip, "install", "--target", str(target), "--no-deps", *map(str, wheels.glob("*.whl"))])
    return target


def cold_starts(rounds: int, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Cold starts of ours and of the hello world, pair by pair: by kind of first turn, with and without bytecode.

    Milliseconds of CPU unless they are called wall: on a machine that does other work, only those are the skill's.
    `ratio` leaves out Python's own start, which is the same for both and would flatter us.
    """
    with TemporaryDirectory() as made:
        packages = {}
        for name, source in (("ours", ROOT), ("hello world", PEER)):
            progress(f"packaging {name}")
            packages[name] = packaged(Path(made) / name, source)
        results = {}
        for kind, envelope in FIRST_TURNS.items():
            progress(f"cold start: {kind}")
            results[kind] = _pairs(packages, envelope, rounds)
        progress("cold start: what each import costs")
        trees = {name: _imports(package, HANDLERS[name]) for name, package in packages.items()}
        progress("cold start: launch, package without bytecode")
        for package in packages.values():
            for cache in list(package.rglob("__pycache__")):
                shutil.rmtree(cache)
        results["launch, package without bytecode"] = _pairs(packages, FIRST_TURNS["launch"], rounds)
    return {"first_turns": results, "imports": {name: [asdict(one) for one in tree] for name, tree in trees.items()}}


def first_doubt(rounds: int, text: str) -> dict[str, float]:
    """Milliseconds of wall time for the first sentence that loads the third ear, where it is installed."""
    code = (
        "import sys, time; from skill.hearing.third_ear import asked; began = time.perf_counter(); "
        "assert asked(sys.argv[1], 'en'), 'the third ear is missing: make .venv/ready'; "
        "print((time.perf_counter() - began) * 1e3)"
    )
    return asdict(spread([float(_run([sys.executable, "-c", code, text]).stdout) for _ in range(rounds)]))


def _pairs(packages: Mapping[str, Path], envelope: str, rounds: int) -> dict[str, Any]:
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in packages}
    for number in range(rounds + 1):
        for name in list(packages)[:: 1 if number % 2 else -1]:
            code = _COLD.format(module=HANDLERS[name], envelope=str(ENVELOPES / f"{envelope}.json"))
            runs[name].append(_cold(packages[name], code))
    pairs = {name: given[1:] for name, given in runs.items()}  # the first fills the disk's cache
    shown = {
        name: {key: asdict(spread([run[key] for run in given])) for key in given[0]} for name, given in pairs.items()
    }
    cpu = [[run["import"] + run["turn"] for run in given] for given in pairs.values()]
    wall = [[run["wall"] for run in given] for given in pairs.values()]
    return {**shown, "ratio": asdict(ratio(*cpu)), "wall_ratio": asdict(ratio(*wall))}


def _cold(package: Path, code: str) -> dict[str, float]:
    """The figures that `code` prints, and the megabytes that its process holds when it has done so."""
    command, environment = _python(package, "-c", code)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise SystemExit("a cold start failed; its error stands above")
        held = psutil.Process(process.pid).memory_info().rss / 2**20
        process.communicate()
    return {**json.loads(line), "mb": held}


def _imports(package: Path, module: str) -> tuple[Imported, ...]:
    """The imports of `module` as a tree, each with the least time of seven runs: what is more is the machine's."""
    command, environment = _python(package, "-X", "importtime", "-c", f"import {module}")
    runs = [
        [found for line in _run(command, environment).stderr.splitlines() if (found := _IMPORT.fullmatch(line))]
        for _ in range(7)
    ]
    least: dict[tuple[str, str], int] = {}
    for found in chain.from_iterable(runs):
        least[found[2], found[3]] = min(int(found[1]), least.get((found[2], found[3]), int(found[1])))
    open_at: dict[int, list[Imported]] = {}
    for found in runs[0]:  # what was imported stands before what imported it, two spaces deeper
        depth, own = len(found[2]) // 2, least[found[2], found[3]]
        inner = tuple(open_at.pop(depth + 1, ()))
        whole = own + sum(one.whole for one in inner)
        open_at.setdefault(depth, []).append(Imported(found[3], own, whole, inner))
    return tuple(open_at[0])


def _python(package: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Python with `package` and the standard library alone on its path, leaving no bytecode: command, environment."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return [sys.executable, "-S", "-P", "-B", *arguments], {**environment, "PYTHONPATH": str(package)}


def _run(command: list[str], env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=env)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:5])} ... failed:\n{done.stderr[-2000:]}")
    return done

"""What the skill needs and costs on AWS Lambda, from service times measured under AWS's own emulator.

How many environments a rate of turns keeps busy is rate times mean duration (Little's law), but no fewer than a tenth
of the rate, since Lambda gives one environment at most ten requests a second (AWS Lambda Developer Guide, "Lambda
scaling behavior"). Cold starts stand next to those of the SDK's hello world, packaged the same way, in the same run.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from skill.authoring.bench.spread import Spread, ratio, spread
from skill.authoring.data import ROOT, read
from skill.authoring.deploy.emulator import Emulator, EmulatorError
from skill.authoring.deploy.lambda_package import HERE, LAMBDA, assemble, compile_in, contents, zipped
from skill.authoring.understanding import utterances
from skill.simulator.ears import Filled, Understood, ears
from skill.simulator.request import envelope, intent_request, launch_request

REPORT: Final = ROOT / "reports" / "capacity.html"
TEMPLATE: Final = ROOT / "deploy" / "lambda" / "template.yaml"
PRICES: Final = ROOT / "deploy" / "lambda" / "prices.yaml"
PEER: Final = ROOT / "skill" / "authoring" / "bench" / "peer" / "hello_world.py"

MOST_TIMES_THE_PEER: Final = 1.4
"""How many times the hello world's cold start that of the light package may take."""

RATES: Final = (1, 100, 10_000)
_TURNS: Final = 500
_PATIENCE: Final = 60
"""Seconds: on a busy machine a cold start may take longer than Lambda would wait."""
_DOUBT: Final = "he put the phone in the bread bin"
"""A sentence on which the first two ears leave doubt, so that the third one is loaded."""

_LINES: Final = (1, 10, 100, 1_000, 10_000, 100_000)


def write_capacity(rounds: int = 15, progress: Callable[[str], None] = lambda _: None) -> float:
    """Measures, writes reports/capacity.html and .json, and returns how many times the peer's our cold start surely is.

    It is that of the light package, and the low end of the interval, since a median alone wanders. Raises
    EmulatorError or PackageError if the package can't be made or run here.
    """
    with TemporaryDirectory() as made:
        figures = {**_measured(Path(made), rounds, progress), "prices": _prices()}
    figures["memory_mb"] = int(_memory())
    figures["needs"] = {
        name: [_need(rate, figures["turns"][name]["durations"], figures) for rate in RATES] for name in figures["turns"]
    }
    page = Environment(loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, autoescape=True)
    page.filters["comma"] = lambda value: f"{value:,.0f}"
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(
        page.get_template("capacity.html.j2").render(figures | {"plot": _plot(figures)}), encoding="utf-8"
    )
    REPORT.with_suffix(".json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return float(figures["cold"]["light"]["times_the_peer"]["low"])


def _measured(folder: Path, rounds: int, progress: Callable[[str], None]) -> dict[str, Any]:
    """Sizes of what is uploaded, and cold starts and durations of the same built for this machine."""
    sizes = {}
    for name, has_ear in (("light", False), ("whole", True)):
        progress(f"packaging for Lambda and for this machine: {name}")
        assemble(folder / "upload", LAMBDA, third_ear=has_ear)
        path = zipped(folder / "upload", folder / "upload.zip")
        sizes[name] = {"zip": path.stat().st_size, "unzipped": sum(large for _, large in contents(path).values())}
        assemble(folder / name, HERE, third_ear=has_ear)
    shutil.copytree(folder / "light", folder / "hello world", ignore=shutil.ignore_patterns("skill", "__pycache__"))
    shutil.copyfile(PEER, folder / "hello world" / "hello_world.py")
    compile_in(folder / "hello world", "hello_world")
    progress(f"{rounds} cold starts of each")
    cold = _cold(folder, rounds)
    turns = {name: _turns(folder / name, progress) for name in ("light", "whole")}
    return {"sizes": sizes, "cold": cold, "turns": turns, "machine": asdict(HERE), "target": asdict(LAMBDA)}


def _cold(folder: Path, rounds: int) -> dict[str, Any]:
    """Milliseconds from the start of the skill's process to its first answer, pair by pair with the hello world."""
    launch = envelope(launch_request(), "en-US", None, screen=False)
    first = {
        "hello world": ("hello world", "hello_world.handler", launch),
        "light": ("light", "skill.aws_lambda.handler", launch),
        "whole": ("whole", "skill.aws_lambda.handler", launch),
        "whole, third ear asked": ("whole", "skill.aws_lambda.handler", _event(_DOUBT)),
    }
    cpu: dict[str, list[float]] = {name: [] for name in first}
    wall: dict[str, list[float]] = {name: [] for name in first}
    for number in range(rounds + 1):
        for name in list(first)[:: 1 if number % 2 else -1]:
            package, handler, event = first[name]
            with Emulator(folder / package, handler, seconds=_PATIENCE) as emulator:
                began = time.perf_counter()
                _answered(emulator, event)
                wall[name].append((time.perf_counter() - began) * 1e3)
                cpu[name].append(emulator.cpu())
    peer = cpu["hello world"][1:]  # the first of each fills the disk's cache
    return {
        name: {
            "cpu": _shown(spread(cpu[name][1:])),
            "wall": _shown(spread(wall[name][1:])),
            "times_the_peer": _shown(ratio(cpu[name][1:], peer)),
        }
        for name in first
    }


def _turns(package: Path, progress: Callable[[str], None]) -> dict[str, Any]:
    """Milliseconds of processor time for each of many turns, and bytes answered: what people say, one at a time."""
    progress(f"{_TURNS} turns of {package.name}")
    durations, answered = [], 0
    with Emulator(package, seconds=_PATIENCE) as emulator:
        _answered(emulator, _event(_DOUBT))  # loads all that is ever loaded
        for event in _events():
            before = emulator.cpu()
            answered += len(json.dumps(_answered(emulator, event)).encode())
            durations.append(emulator.cpu() - before)
    return {"durations": durations, "spread": _shown(spread(durations)), "bytes": answered / len(durations)}


def _answered(emulator: Emulator, event: dict[str, Any]) -> dict[str, Any]:
    response = emulator.invoke(event)
    if "errorMessage" in response:
        raise EmulatorError(f"nothing to measure: {response['errorMessage']}")
    return response


def _events() -> Iterator[dict[str, Any]]:
    said = [utterance.text for utterance in utterances("en") if utterance.text]
    step = max(len(said) // _TURNS, 1)
    yield from (_event(text) for text in (said * _TURNS)[: step * _TURNS : step])


def _event(text: str) -> dict[str, Any]:
    understood = ears("en-US").understood(text, strict=True, elicits=True)
    if text == _DOUBT:
        understood = Understood("DescribeIntent", {"words": Filled(text)})
    return envelope(intent_request(understood), "en-US", None, screen=False)


def _need(rate: int, durations: Sequence[float], figures: dict[str, Any]) -> dict[str, float]:
    """What `rate` turns a second keep busy, and what a million and a month of them cost in dollars."""
    prices = figures["prices"]
    mean = sum(durations) / len(durations)
    billed = sum(map(math.ceil, durations)) / len(durations)
    out = max(turns["bytes"] for turns in figures["turns"].values())
    million = (
        prices["million_requests"]
        + billed * 1e3 * figures["memory_mb"] / 1024 * prices["gb_second"]
        + out * 1e6 / 1e9 * prices["gb_out"]
    )
    return {
        "rate": rate,
        "busy": rate * mean / 1e3,
        "environments": max(1, math.ceil(rate * mean / 1e3), math.ceil(rate / prices["turns_each"])),
        "million": million,
        "month": million * rate * 86_400 * 30 / 1e6,
    }


def _prices() -> dict[str, Any]:
    texts, counts = ("checked", "source"), ("environments", "environments_in_ten_seconds", "turns_each")
    dollars = ("million_requests", "gb_second", "gb_out")
    prices = read(PRICES).only(*texts, *dollars, *counts)
    return {
        **{key: prices.text(key) for key in texts},
        **{key: float(prices.text(key)) for key in dollars},
        **{key: prices.number(key) for key in counts},
    }


def _memory() -> str:
    """The function's memory in MB, out of the template's own text: its CloudFormation tags are no plain YAML."""
    found = re.search(r"MemorySize: (\d+)", TEMPLATE.read_text(encoding="utf-8"))
    assert found, "template.yaml names no MemorySize"
    return found[1]


def _plot(figures: dict[str, Any]) -> dict[str, Any]:
    """Points of the picture, both axes by powers of ten: 80 pixels a decade across, 40 up."""
    most = figures["prices"]["environments"]

    def across(rate: float) -> float:
        return 70 + 80 * math.log10(rate)

    def up(environments: float) -> float:
        return 290 - 40 * (math.log10(environments) + 3)

    lines = {
        name: [(across(rate), up(rate * sum(turns["durations"]) / len(turns["durations"]) / 1e3)) for rate in _LINES]
        for name, turns in figures["turns"].items()
    }
    needed = [(across(rate), up(max(1, rate / figures["prices"]["turns_each"]))) for rate in _LINES]
    return {
        "busy": lines,
        "needed": needed,
        "quota": up(most),
        "rates": [(across(rate), f"{rate:,}") for rate in _LINES],
        "counts": [(up(count), f"{count:,}") for count in (0.001, 0.01, 0.1, 1, 10, 100, 1_000, 10_000)],
    }


def _shown(given: Spread) -> dict[str, float]:
    return {key: round(value, 3) for key, value in asdict(given).items()}

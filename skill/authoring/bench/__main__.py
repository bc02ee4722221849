"""`make bench`: measures everything, shows its progress, and writes reports/bench.html and reports/bench.json."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any, Final

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Console
from rich.progress import Progress

from skill.authoring.bench import picture
from skill.authoring.bench.building import building
from skill.authoring.bench.cold import cold_starts, first_doubt
from skill.authoring.bench.hearing import by_length, by_size
from skill.authoring.bench.load import DOUBTFUL, memory, sessions
from skill.authoring.bench.turns import events, turns
from skill.authoring.data import ROOT

FOLDER: Final = ROOT / "reports"

TARGETS: Final = {"cold start": 1.4, "turn": 1.0}
"""How many times the hello world's cost ours may be."""


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--rounds", default=20, help="Pairs of cold starts.")
@click.option("--processes", default=5, help="Processes that measure turns.")
@click.option("--sentences", default=200, help="Sentences of each length for hearing.")
@click.option("--turns", "many", default=1_000_000, help="Turns of the memory run.")
def main(rounds: int, processes: int, sentences: int, many: int) -> None:
    """Measure everything next to its peer, interleaved, and write the report."""
    console = Console(stderr=True)
    load_before = os.getloadavg()

    def said(what: str) -> None:
        console.print(what, style="dim", highlight=False)

    figures: dict[str, Any] = {
        "cold": cold_starts(rounds, said),
        "turns": turns(processes, 400, said),
        "hearing": by_length(sentences, said),
        "lexicon": by_size(sentences, said),
        "session": sessions(1000),
        "building": building(said),
    }
    told = events()[DOUBTFUL]["request"]["intent"]["slots"]["words"]["value"]
    figures["third_ear_first_ms"] = first_doubt(5, told)
    with Progress(console=console) as shown:
        task = shown.add_task(f"memory over {many:,} turns", total=1.0)
        figures["memory"] = memory(many, lambda share: shown.update(task, completed=share))
    figures["machine"] = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": {"before": load_before, "after": os.getloadavg()},
    }
    click.echo(written(figures))


def written(figures: dict[str, Any]) -> Path:
    """The path of the page that shows `figures`, with the same as JSON beside it."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "bench.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
    page = FOLDER / "bench.html"
    page.write_text(
        pages.get_template("report.html.j2").render(figures, targets=TARGETS, picture=picture), encoding="utf-8"
    )
    return page


if __name__ == "__main__":
    main()

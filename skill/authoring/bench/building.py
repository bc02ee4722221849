"""What those who edit the data wait for: building, generating the models, and the checks, end to end."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from skill.authoring.data import ROOT

COMMANDS: Final = {
    "face-guide build": ("-m", "skill", "build"),
    "face-guide models --check": ("-m", "skill", "models", "--check"),
    "face-guide check": ("-m", "skill", "check"),
    "ruff check": ("-m", "ruff", "check", "--no-cache", "."),
    "mypy": ("-m", "mypy", "--cache-dir", "/dev/null"),
}


def building(progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Seconds of CPU and of wall time that each command takes, once, without a cache."""
    table = {}
    for name, arguments in COMMANDS.items():
        progress(name)
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT)
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        table[name] = {"cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, "wall": wall}
    return table

"""The real server process, started with the command of the README."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skill.alexa.handler import SKILL_ID as SETTING
from tests.web.authority import write
from tests.web.sending import SKILL_ID, Got, Sent, over
from tests.web.world import within

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
_PORT = ("--bind", "0.0.0.0:8000")
NEEDED = "the server's tests need Linux with user namespaces, unshare and mount (util-linux), or to be root"


@dataclass(frozen=True)
class Server:
    """A running server: its process, the socket it answers on, and what it logged."""

    process: subprocess.Popen[bytes]
    socket: Path
    log: Path

    def answer(self, request: Sent, patience: float = 10) -> Got:
        return over(self.socket, request, patience)

    def workers(self) -> list[int]:
        """The process ids of the workers, the oldest first."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split() if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def ready(self) -> bool:
        with contextlib.suppress(OSError):
            return self.answer(Sent(b"", [], "GET", "/readyz")).status == 200
        return False


def until(true: Any, seconds: float = 30) -> None:
    """Waits until `true()` holds; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.05)


def command(app: str = "skill.wsgi:app") -> list[str]:
    """What the README says to run."""
    return [str(BIN / "gunicorn"), "--config", str(ROOT / "deploy/container/gunicorn.conf.py"), app]


@contextlib.contextmanager
def running(
    folder: Path,
    run: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    python: Path = Path(sys.executable),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """The server that `run` starts, in a world of its own, until the end of the block."""
    assert shutil.which("unshare"), NEEDED
    write(folder)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    given = kept | {SETTING: SKILL_ID, "WEB_CONCURRENCY": "2", "HOME": str(folder)} | dict(environment or {})
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            within(folder, [*run, "--bind", f"unix:{folder / 'socket'}", *_PORT], cwd=cwd, python=python),
            stdout=log, stderr=log, cwd=ROOT, env={**given, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        server = Server(process, folder / "socket", folder / "log")
        try:
            until(lambda: server.ready() or process.poll() is not None)
            assert process.poll() is None, f"{NEEDED}\n{server.log.read_text(encoding='utf-8')}"
            yield server
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(30)

"""AWS's own Runtime Interface Emulator around a package: Lambda's loop, its time-out and its crashes, on this machine.

The program ships inside the wheel of aws-sam-cli, and awslambdaric is the client that Lambda's own Python runtime
holds. The package runs with the standard library and that client alone, so that what it lacks is missed here first.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from skill.authoring.data import ROOT

_PROGRAMS: Final = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64"}
_PATH: Final = "/2015-03-31/functions/function/invocations"
_PATIENCE: Final = 120


class EmulatorError(Exception):
    """The emulator is not there, or did not start; the text says what to do."""


class Emulator:
    """A package under the emulator, from `with` to the end of the block.

    The skill's process starts with the first request, as a cold start does.
    """

    def __init__(
        self,
        package: Path,
        handler: str = "skill.aws_lambda.handler",
        *,
        seconds: int = 7,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Takes the unzipped `package`, the handler's name, Lambda's time-out and more environment variables."""
        self._package = package
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(package),
            "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's disk is read-only
            "LAMBDA_TASK_ROOT": str(package),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(seconds),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
            **(environment or {}),
        }
        self._port, internal = _free_ports()
        self._log = package.parent / f"emulator-{self._port}.log"
        python = ROOT / ".venv-runtime" / "bin" / "python"
        self._command = [
            str(_program()), "--log-level", "error",
            "--runtime-interface-emulator-address", f"127.0.0.1:{self._port}",
            "--runtime-api-address", f"127.0.0.1:{internal}",
            str(python), "-m", "awslambdaric", handler,
        ]  # fmt: skip

    def __enter__(self) -> Self:
        """Starts the emulator and waits until it listens; raises EmulatorError if it never does."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self._package, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port)):
                return self
            time.sleep(0.005)
        self.__exit__(None, None, None)
        raise EmulatorError(f"the emulator did not start: {self.log()}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the emulator and the process that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(_PATIENCE)

    def invoke(self, event: object, context: object = None) -> dict[str, Any]:  # noqa: ARG002  # as Lambda calls it
        """What Lambda gives Alexa for `event`: the response, or an object with "errorMessage" where none came."""
        sent = urllib.request.Request(
            f"http://127.0.0.1:{self._port}{_PATH}", json.dumps(event).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(sent, timeout=_PATIENCE) as given:  # noqa: S310  # our own address
                text = given.read().decode()
        except urllib.error.HTTPError as refused:  # so does it tell that the process has died
            text = refused.read().decode()
        try:
            answer: dict[str, Any] = json.loads(text)
        except ValueError:
            return {"errorMessage": text}
        return answer

    def cpu(self) -> float:
        """Milliseconds of processor time that the skill's process has taken: on a busy machine only those are its own.

        Linux keeps them in nanoseconds (proc(5), "schedstat"); the process is the emulator's only child.
        """
        children = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        taken = (Path(f"/proc/{pid}/schedstat").read_text() for path in children for pid in path.read_text().split())
        return sum(int(text.split()[0]) for text in taken) / 1e6

    def log(self) -> str:
        """All that the runtime and the skill wrote, as CloudWatch would keep it."""
        return self._log.read_text(encoding="utf-8")


def _program() -> Path:
    name = _PROGRAMS.get(platform.machine(), "")
    found = [*ROOT.glob(f".venv-sam/lib/python*/site-packages/samcli/local/rapid/{name}")] if name else []
    if not found or not [*ROOT.glob(".venv-runtime/lib/python*/site-packages/awslambdaric")]:
        raise EmulatorError("AWS's emulator and runtime client are missing here; run: make .venv-sam/ready")
    found[0].chmod(0o755)
    return found[0]


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        for free in (one, two):
            free.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]

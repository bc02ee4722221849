"""A world of its own for the real server: Alexa's storage on this machine, and our authority among the roots.

The server is to be run as it is deployed, with no way in that only tests use. So its surroundings are changed
in place of it: in a network and a mount namespace of Linux, s3.amazonaws.com is the stand-in storage on
127.0.0.1:443, and certifi's file holds our root. The file system is read-only, as in the container. Nothing
outside the namespaces is touched.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

IFF_UP, SIOCSIFFLAGS, PR_SET_PDEATHSIG = 1, 0x8914, 1


def within(folder: Path, command: Sequence[str | Path], *, cwd: Path, python: Path) -> list[str]:
    """The command line that runs `command` from `cwd` in such a world, with what `folder` holds (`authority.write`).

    `python` is of the environment that the command runs in. Only `folder` and /dev/shm can be written to there.
    """
    return [
        *["unshare", "--map-root-user", "--net", "--mount", "--"],
        *[sys.executable, "-m", "tests.web.world", str(folder), str(cwd), str(python), *map(str, command)],
    ]


def _mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def main(folder: Path, cwd: str, python: str, command: list[str]) -> None:
    """Makes the world, starts the storage in it, and becomes `command`."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))
    hosts, bundle = folder / "hosts", folder / "bundle.pem"
    hosts.write_text("127.0.0.1 localhost s3.amazonaws.com\n", encoding="utf-8")
    _mount("--bind", hosts, "/etc/hosts")
    where = subprocess.run([python, "-m", "certifi"], capture_output=True, text=True, check=True).stdout.strip()
    bundle.write_bytes(Path(where).read_bytes() + (folder / "root.pem").read_bytes())
    _mount("--bind", bundle, where)
    _mount("--bind", folder, folder)
    _mount("--options", "remount,bind,ro", "/")
    if os.fork():
        os.chdir(cwd)
        del os.environ["PYTHONPATH"]
    else:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        command = [sys.executable, "-m", "tests.web.storage", str(folder), "443"]
    os.execvp(command[0], command)  # noqa: S606  # the process id that the caller holds is to be the command's


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:])

"""How much the service bears, beside the SDK's hello world behind the same server and the same verification.

Run with `make load`; writes reports/load.md. Requests are sent at fixed rates whether or not answers come (an
open loop), and a request's time counts from when it was due: a server that stalls can't hide what waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.data import envelopes
from tests.web.sending import Sent, addressed, encoded, signed
from tests.web.server import ROOT, Server, command, running

PEERS = {"Face Guide": "skill.wsgi:app", "hello world": "tests.web.hello:app"}
ASKED = [
    "launch", "intent_about", "intent_country", "intent_describe", "intent_help",
    "intent_list_slot", "intent_report_sign", "intent_stop", "intent_why_numb", "intent_yes",
]  # fmt: skip
RATES = (50, 100, 200, 300, 400, 600, 800, 1_200)
SECONDS = 5
OVERLOADS, HURRIED = 7, 2_000
OPEN = 200
"""Connections at most; what is due while all are taken waits for one, and its time runs."""
PATIENCE = 8.0
SOAK = 200_000
WARM = 10_000


@dataclass
class Run:
    """What came of the requests of one run; times in seconds."""

    times: list[float] = field(default_factory=list)
    errors: int = 0
    lasted: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.lasted

    def at(self, share: float) -> float:
        """The time in milliseconds that this share of the answers didn't exceed."""
        return sorted(self.times)[min(int(share * len(self.times)), len(self.times) - 1)] * 1_000


def requests() -> list[bytes]:
    """What people ask, signed just now."""
    return [_bytes(signed(encoded(addressed(envelope)))) for name, envelope in envelopes().items() if name in ASKED]


def _bytes(sent: Sent) -> bytes:
    headers = [("Host", "skill"), ("Content-Length", str(len(sent.body))), *sent.headers]
    return "\r\n".join(["POST /alexa HTTP/1.1", *(f"{n}: {v}" for n, v in headers), "", ""]).encode() + sent.body


class Client:
    """Connections to a server, kept and used again."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.places = asyncio.Semaphore(OPEN)

    async def ask(self, request: bytes) -> int:
        """The status of the answer."""
        async with self.places:
            reader, writer = self.idle.pop() if self.idle else await asyncio.open_unix_connection(self.server.socket)
            try:
                writer.write(request)
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))
            except BaseException:
                writer.close()
                raise
            self.idle.append((reader, writer))
            return int(head[9:12])

    def close(self) -> None:
        for _, writer in self.idle:
            writer.close()


async def paced(server: Server, rate: float) -> Run:
    """A run at `rate` requests a second, for so many seconds."""
    client, run, tasks = Client(server), Run(), []
    asked = itertools.cycle(requests())

    async def one(due: float) -> None:
        try:
            status = await asyncio.wait_for(client.ask(next(asked)), PATIENCE)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            status = 0
        if status == 200:
            run.times.append(time.perf_counter() - due)
        else:
            run.errors += 1

    begun = time.perf_counter()
    for number in range(int(rate * SECONDS)):
        due = begun + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*tasks)
    run.lasted = time.perf_counter() - begun
    client.close()
    return run


async def hurried(server: Server, count: int) -> Run:
    """A run of `count` requests, sixteen at a time and as fast as they are answered."""
    client, run, numbers = Client(server), Run(), iter(range(count))
    asked = itertools.cycle(requests())

    async def go_on() -> None:
        for _ in numbers:
            begun = time.perf_counter()
            status = await client.ask(next(asked))
            run.errors += status != 200
            run.times.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(go_on() for _ in range(16)))
    run.lasted = time.perf_counter() - begun
    client.close()
    return run


def memory(server: Server) -> float:
    """What the workers hold, in MB."""
    held = 0
    for pid in server.workers():
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        held += int(status.partition("VmRSS:")[2].split()[0])
    return held / 1_024


def computed(server: Server) -> float:
    """The seconds of a processor that the workers have used; what else the machine does hardly changes them."""
    used = 0
    for pid in server.workers():
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        used += int(after_name[11]) + int(after_name[12])
    return used / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def peers(folder: Path) -> Iterator[dict[str, Server]]:
    """Both servers, one worker each, so that the load has a core of its own."""
    with contextlib.ExitStack() as stack:
        started = {}
        for name, app in PEERS.items():
            (folder / name).mkdir()
            # As a module, so that the project's tests come before the `tests` that textstat installs.
            run = [sys.executable, "-m", "gunicorn", *command(app)[1:]]
            started[name] = stack.enter_context(running(folder / name, run, environment={"WEB_CONCURRENCY": "1"}))
        yield started


def report(servers: dict[str, Server], soak: int) -> Iterator[str]:
    """The lines of the report, as they are measured."""
    yield "# Load"
    yield ""
    yield f"One worker each, {len(ASKED)} kinds of signed request over kept connections, {SECONDS} s a rate, in turns."
    yield "Times in ms from when a request was due; errors are answers other than 200 and those after 8 s."
    yield ""
    yield "| offered/s | peer | answered/s | p50 | p99 | errors | memory MB |"
    yield "|---|---|---|---|---|---|---|"
    for server in servers.values():
        asyncio.run(hurried(server, HURRIED))
    for rate in RATES:
        for name, server in servers.items():
            run = asyncio.run(paced(server, rate))
            cells = [rate, name, f"{run.rate:.0f}", f"{run.at(0.5):.1f}", f"{run.at(0.99):.1f}", run.errors]
            yield f"| {' | '.join(map(str, cells))} | {memory(server):.0f} |"
    most: dict[str, list[float]] = {name: [] for name in servers}
    cost: dict[str, float] = dict.fromkeys(servers, 0.0)
    for _ in range(OVERLOADS):
        for name, server in servers.items():
            before = computed(server)
            most[name].append(asyncio.run(hurried(server, HURRIED)).rate)
            cost[name] += computed(server) - before
    yield ""
    yield f"As fast as they are answered, {OVERLOADS} runs of {HURRIED:,} in turns:"
    for name, rates in most.items():
        each = cost[name] / OVERLOADS / HURRIED * 1_000
        yield f"- {name}: {statistics.median(rates):.0f}/s in the median, {each:.2f} ms of a processor each"
    ours, theirs = map(statistics.median, most.values())
    yield f"**Throughput: {ours / theirs:.0%} of the hello world's.**"
    yield ""
    yield from _soaked(servers["Face Guide"], soak)


def _soaked(server: Server, soak: int) -> Iterator[str]:
    asyncio.run(hurried(server, WARM))
    before, errors, step = memory(server), 0, soak // 10
    held = []
    for _ in range(10):
        errors += asyncio.run(hurried(server, step)).errors
        held.append(memory(server))
    yield f"Memory over {soak:,} requests: {before:.1f} MB, then " + ", ".join(f"{mb:.1f}" for mb in held) + "."
    yield f"**Growth: {held[-1] / before - 1:+.1%}; errors: {errors}.**"


def main(arguments: Sequence[str]) -> None:
    """Measures, shows and writes the report; the number of requests to soak with may be given."""
    lines = []
    with tempfile.TemporaryDirectory() as folder, peers(Path(folder)) as servers:
        for line in report(servers, int(arguments[0]) if arguments else SOAK):
            print(line, flush=True)  # noqa: T201  # it takes minutes, and one wants to watch
            lines.append(line)
    path = ROOT / "reports/load.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

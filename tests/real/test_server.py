"""The real server process: every attack, what it logs, and how it lives through restarts and kills."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from skill.web.app import HEADERS
from skill.web.chains import WAITING
from tests.data import envelopes
from tests.web.sending import ATTACKS, LAUNCH, Got, Sent, addressed, encoded, sent, signed
from tests.web.server import Server, command, running, until

SAID = ("droop", "slurred", "face", "violets", "amzn1", "escalate", "clarify", "inform", "signature-256", "echo.api")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("server"), command()) as started:
        yield started


def launch() -> Sent:
    return signed(encoded(addressed(LAUNCH)))


def assert_answered(got: Got) -> None:
    assert got.status == 200
    assert json.loads(got.body)["response"]["outputSpeech"]["type"] == "SSML"


@pytest.mark.parametrize("name", ATTACKS)
def test_the_process_answers_every_sender_as_the_table_says(name: str, server: Server) -> None:
    case = ATTACKS[name]
    got = server.answer(sent(case))
    assert got.status == case["status"]
    assert not {name.lower() for name in got.headers} & {"x-powered-by", "via"}
    assert not any(mark in got.headers.get("Server", "") for mark in "0123456789/")
    if "server" not in case:
        assert {name: got.headers[name] for name in HEADERS} == HEADERS
    if got.status not in {200, 431} and "server" not in case:
        assert got.body == b""
    if got.status == 200:
        assert json.loads(got.body)["version"] == "1.0"


def test_the_log_is_json_and_holds_nothing_of_what_was_said(server: Server) -> None:
    before = len(server.lines())
    for envelope in envelopes().values():
        assert server.answer(signed(encoded(addressed(envelope)))).status == 200
    until(lambda: len(server.lines()) >= before + len(envelopes()))
    for line in server.lines():
        if line["event"] == "request":
            assert set(line) <= {"event", "level", "timestamp", "id", "route", "status", "reason", "ms", "version"}
        words = json.dumps({**line, "id": ""}).lower()
        assert not [said for said in SAID if said in words], line


def test_slow_fetches_hold_up_nobody_whose_chain_is_known(tmp_path: Path) -> None:
    with (
        running(tmp_path, command(), environment={"WEB_CONCURRENCY": "1"}) as server,
        ThreadPoolExecutor(2 * WAITING) as pool,
    ):
        assert_answered(server.answer(launch()))
        # The worker gives up four of them a second; a few answers are there before the last.
        slow = [
            pool.submit(server.answer, signed(encoded(addressed(LAUNCH)), f"slow-{number}"))
            for number in range(2 * WAITING)
        ]
        time.sleep(0.3)
        for _ in range(5):
            assert_answered(server.answer(launch()))
        assert not all(future.done() for future in slow)
        assert {future.result().status for future in slow} == {400}


def test_after_a_worker_is_killed_the_next_request_is_answered(server: Server) -> None:
    for _ in range(3):
        before = server.workers()
        os.kill(before[0], signal.SIGKILL)
        assert_answered(server.answer(launch()))
        until(lambda before=before: before[0] not in server.workers() and len(server.workers()) == len(before))


def test_a_graceful_restart_in_mid_run_loses_no_request(server: Server) -> None:
    old, body, statuses, going = set(server.workers()), launch(), list[int](), threading.Event()
    going.set()

    def run() -> None:
        while going.is_set():
            statuses.append(server.answer(body).status)

    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(run) for _ in range(4)]
        until(lambda: len(statuses) > 50)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: len(server.workers()) == len(old) and not old & set(server.workers()), 60)
        after = len(statuses)
        until(lambda: len(statuses) > after + 50)
        going.clear()
        for done in runs:
            done.result()
    assert set(statuses) == {200}


def test_a_stop_finishes_what_was_begun(tmp_path: Path) -> None:
    with running(tmp_path, command()) as server, ThreadPoolExecutor(1) as pool:
        # The chain that takes its time makes a request that is under way for a second.
        under_way = pool.submit(server.answer, signed(encoded(addressed(LAUNCH)), "slow"))
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        assert under_way.result().status == 400
        assert server.process.wait(15) == 0

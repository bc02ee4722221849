from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs

from skill.web.app import HEADERS
from tests.web.sending import ATTACKS, Got, inside, sent

ALONE = {name: case for name, case in ATTACKS.items() if "server" not in case}


def assert_answered_as_the_table_says(case: dict[str, Any], got: Got) -> None:
    assert got.status == case["status"]
    assert {name: got.headers[name] for name in HEADERS} == HEADERS
    if got.status == 200:
        assert json.loads(got.body)["version"] == "1.0"
    else:
        assert got.body == b""


@pytest.mark.parametrize("name", ALONE)
def test_every_sender_gets_the_status_in_the_table(name: str, app: Flask) -> None:
    with capture_logs() as logs:
        got = inside(app, sent(ALONE[name]))
    assert_answered_as_the_table_says(ALONE[name], got)
    [line] = logs
    assert (line["status"], line["reason"]) == (ALONE[name]["status"], ALONE[name].get("reason"))

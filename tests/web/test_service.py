from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_model import RequestEnvelope
from ask_sdk_runtime.exceptions import AskSdkException
from flask import Flask
from structlog.testing import capture_logs
from werkzeug.exceptions import BadRequest, InternalServerError

from skill.alexa import answer as answer_module
from skill.alexa.handler import SKILL_ID as SETTING
from skill.alexa.handler import skill
from skill.alexa.last_resort import SENTENCE
from skill.web.app import create_app
from skill.web.chains import Chains
from skill.web.log import discreet
from tests.data import envelopes
from tests.web.sending import LAUNCH, addressed, encoded, inside, signed

ENVELOPES = envelopes()
PRIVATE = "my mouth tastes of violets"


def broken(*_: object, **__: object) -> NoReturn:
    raise RuntimeError(PRIVATE)


def asked(app: Flask, envelope: dict[str, Any]) -> dict[str, Any]:
    got = inside(app, signed(encoded(addressed(envelope))))
    assert got.status == 200
    response: dict[str, Any] = json.loads(got.body)["response"]
    return response


@pytest.mark.parametrize("name", ENVELOPES)
def test_every_request_of_alexas_is_answered_as_on_lambda(name: str, app: Flask) -> None:
    from skill.aws_lambda import handler  # noqa: PLC0415

    assert asked(app, ENVELOPES[name]) == handler(ENVELOPES[name], None)["response"]


def test_a_sign_escalates(app: Flask) -> None:
    ssml = asked(app, ENVELOPES["intent_describe"])["outputSpeech"]["ssml"]
    assert ssml.startswith('<speak>Call <say-as interpret-as="digits">911</say-as> now.')


@pytest.mark.parametrize("name", ["hear", "act_of", "step", "speak"])
def test_whatever_breaks_a_person_hears_the_safe_sentence(
    name: str, app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(answer_module, name, broken)
    assert SENTENCE in asked(app, LAUNCH)["outputSpeech"]["ssml"]
    assert "last resort: RuntimeError" in caplog.text
    assert PRIVATE not in caplog.text
    assert inside(app, signed(b"{}")).status == 400
    assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/healthz").status_code == 200


@pytest.mark.parametrize("error", [RuntimeError, RecursionError, AskSdkException, InternalServerError, BadRequest])
def test_even_where_amazons_extension_breaks_and_nothing_of_it_is_logged(
    error: type[Exception], app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> NoReturn:
        raise error(PRIVATE)

    monkeypatch.setitem(app.view_functions, "alexa", fails)
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        assert SENTENCE in asked(app, LAUNCH)["outputSpeech"]["ssml"]
    assert [line["reason"] for line in logs] == [error.__name__]
    assert PRIVATE not in json.dumps(logs) + caplog.text


def test_what_the_sdk_cannot_read_gets_the_safe_sentence(serve: Callable[[CustomSkill], Flask]) -> None:
    plain = SkillBuilder().create()
    for change in ({"type": "Alexa.Tomorrow"}, {"type": "LaunchRequest", "locale": 7}):
        event = addressed(LAUNCH)
        event["request"] |= change
        with pytest.raises(Exception):  # noqa: B017, PT011  # whatever the SDK makes of it
            plain.invoke(plain.serializer.deserialize(json.dumps(event), RequestEnvelope), None)
        got = inside(serve(plain), signed(encoded(event)))
        assert got.status == 200
        assert SENTENCE in json.loads(got.body)["response"]["outputSpeech"]["ssml"]


def test_a_bug_in_the_verification_lets_nobody_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skill.web.app.check_signature", broken)
    got = inside(app, signed(encoded(addressed(LAUNCH))))
    assert (got.status, got.body) == (400, b"")


def test_the_log_holds_what_is_named_and_nothing_else(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        asked(app, ENVELOPES["intent_describe"])
    [line] = logs
    assert set(line) == {"event", "log_level", "id", "route", "status", "reason", "ms", "version"}
    assert not [record for record in caplog.records if record.name != "asyncio"]


def test_what_libraries_log_is_cut_to_what_cannot_hold_a_request() -> None:
    try:
        broken()
    except RuntimeError:
        failed = sys.exc_info()
    cut = discreet(None, "error", {"event": "Error handling request /alexa?violets", "exc_info": failed})
    assert cut == {"event": "Error handling request", "error": "RuntimeError"}
    assert discreet(None, "warning", {"event": f"Invalid request from ip=10.1.2.3: {PRIVATE}"}) == {
        "event": "Invalid request"
    }


def test_without_the_skills_id_the_service_does_not_start(chains: Chains) -> None:
    with pytest.raises(ValueError, match=SETTING):
        create_app(skill(), "", chains)


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment, timeout=60
    )


def test_no_setting_opens_the_deployed_service() -> None:
    wishes = ("ASK_SDK_VERIFY_SIGNATURE", "FLASK_ASK_SDK_VERIFY_SIGNATURE", "VERIFY", "FACE_GUIDE_VERIFY")
    others = ("FLASK_DEBUG", "DEBUG", "TESTING", "FACE_GUIDE_ELICIT", "PYTHONOPTIMIZE")
    code = (
        "from skill.wsgi import app\n"
        "sent = app.test_client().post('/alexa', json={'request': {'type': 'LaunchRequest'}})\n"
        "assert sent.status_code == 400, sent.status_code\n"
        "raise SystemExit(7)"
    )
    given = dict.fromkeys(wishes, "False") | dict.fromkeys(others, "1")
    done = run(code, **{SETTING: "amzn1.ask.skill.0"}, **given)
    assert done.returncode == 7, done.stderr
    done = run("import skill.wsgi")
    assert done.returncode == 1
    assert f"set {SETTING}" in done.stderr

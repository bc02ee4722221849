"""The web service: verified first, then handed to Amazon's extension; whatever breaks after that, a person hears."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final
from uuid import uuid4

import structlog
from ask_sdk_core.skill import CustomSkill
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, UnsupportedMediaType

from skill.alexa import last_resort
from skill.alexa.envelope import locale_of
from skill.alexa.handler import respond
from skill.web.amazon import SkillAdapter
from skill.web.chains import Chains
from skill.web.verification import Refused, chain_url, check_event, check_signature, event_of

MOST_BYTES: Final = 131_072
"""Of a request body; Alexa's own stay far below."""

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

VERSION: Final = version("face-guide")

_LOG: Final = structlog.get_logger("face_guide.web")


def create_app(
    skill: CustomSkill, skill_id: str, chains: Chains, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Flask:
    """A Flask application that answers Alexa's requests for `skill` at /alexa, and nobody else's.

    400 for what isn't verified or isn't a request, 405, 413 and 415 where they fit, all without a word on why;
    the log holds the reason. A verified request always gets a 200, with the last resort if all else fails.
    /healthz says that the process lives, /readyz that the skill answers. Raises ValueError if `skill_id` is
    empty, since any other skill's requests would then pass.
    """
    if not skill_id:
        raise ValueError("the skill's id is missing: set FACE_GUIDE_SKILL_ID to the id in the Alexa developer console")
    app = Flask(__name__, static_folder=None)
    app.logger.disabled = True  # the extension logs tracebacks, and they quote the request
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        ASK_SDK_VERIFY_SIGNATURE=False,  # done below, before anything is parsed
        ASK_SDK_VERIFY_TIMESTAMP=False,  # the same
    )
    SkillAdapter(skill=skill, skill_id=skill_id, app=app).register(app, "/alexa", "alexa")
    app.add_url_rule("/healthz", "healthz", _alive, methods=["GET"])
    app.add_url_rule("/readyz", "readyz", lambda: _ready(skill, skill_id), methods=["GET"])

    @app.before_request
    def verify() -> None:
        g.started, g.verified, g.reason = time.perf_counter(), False, None
        if request.endpoint == "alexa":
            _verify(chains, skill_id, now)
            g.verified = True

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        return _failure(error)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers.update(HEADERS)
        _LOG.info(
            "request",
            id=uuid4().hex,
            route=request.endpoint,
            status=response.status_code,
            reason=g.reason,
            ms=round((time.perf_counter() - g.started) * 1000, 2),
            version=VERSION,
        )
        return response

    return app


def _verify(chains: Chains, skill_id: str, now: Callable[[], datetime]) -> None:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    body = request.get_data()
    by = chains.signer(chain_url(request.headers.get("SignatureCertChainUrl", "")), now())
    check_signature(by, request.headers.get("Signature-256", ""), body)
    check_event(event_of(body), now(), skill_id)


def _failure(error: Exception) -> Response:
    """The last resort for a verified request; for any other a bare status, 400 where it isn't HTTP's own."""
    if g.verified:
        g.reason = type(error.__context__ or error).__name__
        spoken = last_resort.response(locale_of(request.get_json(silent=True)))
        return Response(json.dumps(spoken), mimetype="application/json")
    if isinstance(error, HTTPException):
        return Response(status=error.code, headers=[held for held in error.get_headers() if held[0] == "Allow"])
    g.reason = error.reason if isinstance(error, Refused) else type(error).__name__
    return Response(status=400 if request.endpoint == "alexa" else 500)


def _alive() -> Response:
    return Response("alive\n", mimetype="text/plain")


def _ready(skill: CustomSkill, skill_id: str) -> Response:
    application = {"application": {"applicationId": skill_id}}
    launch = {"request": {"type": "LaunchRequest", "locale": "en-US"}, "context": {"System": application}}
    if last_resort.SENTENCE in json.dumps(respond(skill, launch, None)):
        return Response("not ready\n", status=503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")

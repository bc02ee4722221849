"""The cases of attacks.yaml as requests, and the two ways to send them."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import http.client
import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from flask import Flask

from skill.web.app import MOST_BYTES
from tests.data import envelopes, yaml
from tests.web.authority import signing_key

SKILL_ID: Final = "amzn1.ask.skill.face-guide-tests"
ATTACKS: Final[Mapping[str, Mapping[str, Any]]] = yaml("web/attacks.yaml")
LAUNCH: Final = envelopes()["launch"]

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Sent:
    """A request, byte for byte."""

    body: bytes
    headers: Headers
    method: str = "POST"
    path: str = "/alexa"
    chunked: bool = False


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def url_of(chain: str) -> str:
    return f"https://s3.amazonaws.com/echo.api/{chain}.pem"


def addressed(envelope: Mapping[str, Any], *, age: float = 0, zone: int = 0, application: str | None = SKILL_ID) -> Any:
    """`envelope` as if Alexa had made it `age` seconds ago, for the skill `application`."""
    event = json.loads(json.dumps(envelope))
    made = dt.datetime.now(dt.timezone(dt.timedelta(hours=zone))) - dt.timedelta(seconds=age)
    stamp = made.isoformat(timespec="milliseconds")
    event["request"]["timestamp"] = stamp if zone else stamp.replace("+00:00", "Z")
    for holder in (event.get("session"), event.get("context", {}).get("System")):
        if isinstance(holder, dict):
            holder["application"] = {"applicationId": application}
    return event


def encoded(event: object) -> bytes:
    return json.dumps(event).encode()


def signature(body: bytes, key: rsa.RSAPrivateKey | None = None, hashed: Any = SHA256, pad: Any = None) -> str:
    made = (key or signing_key()).sign(body, pad or padding.PKCS1v15(), hashed())
    return base64.b64encode(made).decode()


def signed(body: bytes, chain: str = "valid") -> Sent:
    """`body` as Alexa would send it."""
    return Sent(
        body,
        [
            ("Content-Type", "application/json"),
            ("SignatureCertChainUrl", url_of(chain)),
            ("Signature-256", signature(body)),
        ],
    )


def sent(case: Mapping[str, Any]) -> Sent:
    """The request of a case in attacks.yaml."""
    body = _body(case)
    given = case.get("sign", "valid")
    headers = {
        "Content-Type": case.get("type", "application/json"),
        "SignatureCertChainUrl": case.get("url", url_of(case.get("chain", "valid"))),
        "Signature-256": SIGNATURES[given](body) if given in SIGNATURES else given,
    }
    if given == "blank":
        body += b" "
    dropped = case.get("drop")
    if dropped:
        for name in ["SignatureCertChainUrl", "Signature-256"] if dropped == "both" else [dropped]:
            del headers[name]
    if "rename" in case:
        old, new = case["rename"]
        headers[new] = headers.pop(old)
    listed = [(name, value) for name, value in headers.items() if value is not None]
    if "twice" in case:
        listed.append((case["twice"], headers[case["twice"]]))
    if "small" in case:
        listed = [(name.lower(), value) for name, value in listed]
    listed += [(name, value) for name, value in case.get("raw", [])]
    listed += [("X-Long", "x" * case["long"])] if "long" in case else []
    listed += [(f"X-{number}", "x") for number in range(case.get("many", 0))]
    return Sent(body, listed, case.get("method", "POST"), case.get("path", "/alexa"), case.get("chunked", False))


def inside(app: Flask, request: Sent) -> Got:
    """The answer of the application in this process."""
    response = app.test_client().open(request.path, method=request.method, headers=request.headers, data=request.body)
    return Got(response.status_code, response.headers, response.data)


def over(server: Path, request: Sent, patience: float = 10) -> Got:
    """The answer of the server process behind the socket `server`."""
    names = {name.lower() for name, _ in request.headers}
    headers = [("Host", "skill.example.org"), ("Connection", "close"), *request.headers]
    body = request.body
    if request.chunked:
        headers.append(("Transfer-Encoding", "chunked"))
        pieces = (body[start : start + 1_000] for start in range(0, len(body), 1_000))
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    elif not names & {"content-length", "transfer-encoding"}:
        headers.append(("Content-Length", str(len(body))))
    lines = [f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(patience)
        line.connect(str(server))
        with contextlib.suppress(
            BrokenPipeError, ConnectionResetError
        ):  # it has heard enough, and its answer is there to read
            line.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        response = http.client.HTTPResponse(line, method=request.method)
        response.begin()
        return Got(response.status, dict(response.getheaders()), response.read())


def _body(case: Mapping[str, Any]) -> bytes:
    event = addressed(
        LAUNCH, age=case.get("age", 0), zone=case.get("zone", 0), application=case.get("application", SKILL_ID)
    )
    for name, value in case.get("request", {}).items():
        event["request"][name] = value
        if value is None:
            del event["request"][name]
    if "context" in case:
        event["context"]["System"]["application"] = {"applicationId": case["context"]}
    if "body" in case:
        return str(case["body"]).encode()
    return BODIES[case["build"]](event) if "build" in case else encoded(event)


def _filled(event: Any, size: int) -> bytes:
    body = encoded(event)
    return body[:-1] + b" " * (size - len(body)) + b"}"


def _with(event: Any, member: bytes) -> bytes:
    return encoded(event)[:-1] + b", " + member + b"}"


def _slot(event: Any, value: object) -> bytes:
    intent = {"name": "DescribeIntent", "slots": {"words": {"name": "words", "value": value}}}
    return encoded({**event, "request": {**event["request"], "type": "IntentRequest", "intent": intent}})


def _nested(depth: int) -> object:
    value: object = "weak"
    for _ in range(depth):
        value = [value]
    return value


BODIES: Final[Mapping[str, Callable[[Any], bytes]]] = {
    "largest": lambda event: _filled(event, MOST_BYTES),
    "too_large": lambda event: _filled(event, MOST_BYTES + 1),
    "huge": lambda event: _filled(event, 10_000_000),
    "not_utf8": lambda event: _with(event, b'"words": "\xff\xfe"'),
    "utf16": lambda event: json.dumps(event).encode("utf-16"),
    "bom": lambda event: b"\xef\xbb\xbf" + encoded(event),
    "something_behind": lambda event: encoded(event) + b"{}",
    "brackets": lambda _: b"[" * 100_000,
    "objects": lambda _: b'{"a":' * 100_000,
    "fewer_objects": lambda _: b'{"a":' * 20_000,
    "twice": lambda event: _with(event, b'"request": {"type": "SessionEndedRequest"}'),
    "nan": lambda event: _with(event, b'"confidence": NaN'),
    "digits": lambda event: _with(event, b'"confidence": ' + b"1" * 5_000),
    "surrogate": lambda event: _slot(event, "my face \ud800 droops"),
    "nested_slots": lambda event: _slot(event, _nested(900)),
}

SIGNATURES: Final[Mapping[str, Callable[[bytes], str]]] = {
    "valid": signature,
    "blank": signature,
    "tampered": lambda body: signature(body.replace(b"LaunchRequest", b"launchRequest")),
    "other_key": lambda body: signature(body, rsa.generate_private_key(65_537, 2_048)),
    "sha1": lambda body: signature(body, hashed=SHA1),
    "pss": lambda body: signature(body, pad=padding.PSS(padding.MGF1(SHA256()), padding.PSS.MAX_LENGTH)),
    "junk_between": lambda body: "*".join(signature(body)),
}

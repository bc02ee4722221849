"""Whatever is sent, signed or not: a status of the table, nothing leaked, and to Alexa always an answer.

A thousand cases of each property in `make test-real`, 100,000 and more together in `make fuzz`.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from skill.alexa.handler import skill
from skill.web.app import HEADERS, MOST_BYTES, create_app
from skill.web.chains import Chains
from skill.web.verification import Refused, chain_url, roots, signer
from tests.data import envelopes
from tests.web.authority import authority
from tests.web.sending import SKILL_ID, Got, Sent, addressed, encoded, inside, signature, signed, url_of

LONG = settings.get_current_profile_name() == "fuzz"
CASES = 26_000 if LONG else 1_000
fuzzed = settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))

PLACES = {url_of("valid"): authority().chains["valid"], url_of("expired"): authority().chains["expired"]}


def fetch(url: str) -> bytes:
    if url not in PLACES:
        raise Refused("fetch")
    return PLACES[url]


APP = create_app(skill(), SKILL_ID, Chains(fetch, partial(signer, trusted=roots(authority().root.pem))))
ENVELOPES = list(envelopes().values())
FIELDS = {"event", "log_level", "id", "route", "status", "reason", "ms", "version"}
COUNT: Counter[int] = Counter()


@pytest.fixture(scope="module", autouse=True)
def _count(request: pytest.FixtureRequest) -> Iterator[None]:
    with capture_logs() as logs:
        yield
    assert {name for line in logs for name in line} == FIELDS
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{COUNT.total()} cases: " + ", ".join(f"{n} times {status}" for status, n in sorted(COUNT.items())))  # noqa: T201
    assert not LONG or COUNT.total() >= 100_000


printable = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60)
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40)
)
words = st.sampled_from(
    ["request", "type", "intent", "slots", "session", "attributes", "context", "System", "application", "value", "name"]
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.text(max_size=10), inner, max_size=5),
    max_leaves=12,
)


def paths(value: object, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield here
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield from paths(held, (*here, key))


@st.composite
def mutated(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
    """An envelope of Alexa's with up to three of its values replaced, dropped or put under another name."""
    event = json.loads(json.dumps(draw(st.sampled_from(ENVELOPES))))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(paths(event))[1:]))
        holder = event
        for key in path[:-1]:
            holder = holder[key]
        match draw(st.sampled_from(["replace", "drop", "rename", "wrap"])):
            case "drop":
                del holder[path[-1]]
            case "rename" if isinstance(holder, dict):
                holder[draw(words | st.text(max_size=10))] = holder.pop(path[-1])
            case "wrap":
                holder[path[-1]] = [holder[path[-1]]]
            case _:
                holder[path[-1]] = draw(values)
    return event


def answered(request: Sent) -> Got:
    got = inside(APP, request)
    COUNT[got.status] += 1
    assert got.status in {200, 400, 404, 405, 413, 415}
    assert {name: got.headers[name] for name in HEADERS} == HEADERS
    if got.status == 200 and request.path.rstrip("?") == "/alexa":
        response = json.loads(got.body)
        assert response["version"] == "1.0"
        assert isinstance(response["response"]["shouldEndSession"], bool)
        assert len(got.body) < 24_000
        if "outputSpeech" in response["response"]:
            assert ET.fromstring(response["response"]["outputSpeech"]["ssml"]).tag == "speak"
    elif got.status != 200:
        assert got.body == b""
    return got


@fuzzed
@given(
    st.sampled_from(["POST", "POST", "POST", "GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]),
    st.sampled_from(["/alexa", "/alexa", "/alexa", "/", "/healthz", "/alexa/", "/alexa?x=1"]),
    st.lists(
        st.tuples(
            st.sampled_from(["Content-Type", "SignatureCertChainUrl", "Signature-256", "Signature", "X-Forwarded-For"]),
            printable | st.just("application/json") | st.just(url_of("valid")) | st.just("application/json; charset=x"),
        ),
        max_size=6,
    ),
    st.binary(max_size=300) | values.map(encoded),
)
def test_nobody_gets_in_without_a_signature(
    method: str, path: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    got = answered(Sent(body, headers, method, path))
    assert got.status != 200 or path == "/healthz"


@fuzzed
@given(st.binary(max_size=400) | values.map(encoded) | st.text(max_size=200).map(str.encode))
def test_a_signature_alone_makes_no_request(body: bytes) -> None:
    assert answered(signed(body)).status == 400


@fuzzed
@given(mutated())
def test_alexa_is_always_answered(event: Any) -> None:
    if not isinstance(event.get("request"), dict):
        event["request"] = {}
    if not isinstance(event.get("context"), dict):
        event["context"] = {}
    if not isinstance(event["context"].get("System"), dict):
        event["context"]["System"] = {}
    body = encoded(addressed(event))
    assert answered(signed(body)).status == (200 if len(body) <= MOST_BYTES else 413)


@fuzzed
@given(
    st.builds(
        lambda scheme, rest: scheme + rest,
        st.sampled_from(["https://s3.amazonaws.com", "HTTPS://S3.amazonaws.com:443", "https://s3.amazonaws.com@x", ""]),
        st.lists(
            st.sampled_from(
                ["/", "echo.api", "..", ".", "valid.pem", "expired.pem", "%2e", "\\", "?", "#", ":", "@", "x"]
            ),
            max_size=9,
        ).map("".join),
    )
    | printable,
    st.none() | st.integers(0, 255) | printable,
    st.binary(max_size=3),
)
def test_only_alexas_own_signature_at_its_own_address_counts(url: str, damage: int | str | None, tail: bytes) -> None:
    body = encoded(addressed(ENVELOPES[0]))
    given_signature = signature(body)
    if isinstance(damage, str):
        given_signature = damage
    elif damage is not None:
        raw = bytearray(base64.b64decode(given_signature))
        raw[damage] ^= 1
        given_signature = base64.b64encode(raw).decode()
    headers = [
        ("Content-Type", "application/json"),
        ("SignatureCertChainUrl", url),
        ("Signature-256", given_signature),
    ]
    try:
        right = chain_url(url.strip()) == url_of("valid") and damage is None and tail == b""
    except Refused:
        right = False
    assert answered(Sent(body + tail, headers)).status == (200 if right else 400)

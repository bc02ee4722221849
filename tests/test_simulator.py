from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skill.simulator.conversation import SILENCE, Conversation
from skill.simulator.inside import LONGEST, Said, shown
from skill.simulator.screen import VIEWPORTS
from skill.simulator.server import HEADERS, MOST_BYTES, PAGE, TYPES, server
from skill.simulator.voice import Part, parts
from tests.data import HERE, yaml

FILES = {file.name: file.read_text(encoding="utf-8") for file in PAGE.values()}


def turn(words: str | None, **changed: Any) -> dict[str, Any]:
    return {"words": words, "locale": "en-US", "device": "speaker", "strict": False, "memory": None} | changed


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with server("127.0.0.1", 0, None) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening.server_address[1]
        listening.shutdown()


def asked(
    port: int, method: str, path: str, body: object = None, *, raw: bytes | None = None, **headers: str
) -> tuple[int, str, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sent = raw if raw is not None else json.dumps(body).encode()
    own = {"Host": f"127.0.0.1:{port}", "Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/json"}
    connection.request(method, path, sent if method == "POST" else None, own | headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text, response.headers


def test_digits_come_apart_breaks_become_silence_and_rates_are_kept() -> None:
    ssml = (
        '<speak><prosody rate="80%">Call <say-as interpret-as="digits">911</say-as> now.<break time="400ms"/> Then '
        'wait.</prosody><break time="1s"/><break time="10000ms"/> Call <sub alias="triple zero">000</sub>.</speak>'
    )
    assert parts(ssml) == (
        Part("Call 9 1 1 now.", 0.8, 400),
        Part("Then wait.", 0.8, 11_000),
        Part("Call triple zero.", 1.0, 0),
    )


@pytest.mark.parametrize(
    "path", sorted((HERE / "conversations").rglob("*.yaml")), ids=lambda path: "/".join(path.parts[-2:])
)
def test_the_page_hears_what_every_conversation_hears(path: Path) -> None:
    script = yaml(str(path.relative_to(HERE)))
    locale = script.get("locale", "en-US")
    conversation = Conversation(locale, screen=VIEWPORTS["small_round"])
    memory, silence = None, None
    if script.get("launch"):
        conversation.launch()
        answer = shown(Said(None, locale, "round", strict=False, memory=None), None)
        memory, silence = answer["memory"], answer["silence"]
    for said in script["turns"]:
        record = conversation.say(said["says"])
        if said["says"] == SILENCE:
            assert silence is not None
            assert silence["record"] == record
            memory, silence = None, None
            continue
        answer = shown(Said(said["says"], locale, "round", strict=False, memory=memory), None)
        assert answer["record"] == record
        assert " ".join(part["text"] for part in answer["parts"]) == record["speech"]
        memory, silence = answer["memory"], answer["silence"]


def test_the_number_is_one_word_away_in_an_escalation_and_counted_elsewhere() -> None:
    for locale in ("en-US", "en-GB", "en-AU", "en-IN", "en-NZ"):
        said = Said("her mouth is drooping", locale, "wide", strict=False, memory=None)
        assert shown(said, None)["sound"]["words_to_number"] == 1
    said = Said("why is my face numb", "en-US", "wide", strict=False, memory=None)
    sound = shown(said, lambda _text, _language: 3.21)["sound"]
    assert sound["words_to_number"] == 7
    assert sound["grade"] == 3.2


def test_a_turn_shows_the_request_the_response_and_the_state(port: int) -> None:
    status, text, _ = asked(port, "POST", "/turn", turn("her mouth is drooping", device="round"))
    assert status == 200
    answer = json.loads(text)
    assert answer["request"]["context"]["Viewport"]["shape"] == "ROUND"
    assert answer["response"]["sessionAttributes"] == answer["state"] == answer["memory"]["attributes"]
    assert answer["record"]["speech"].startswith("Call 9 1 1 now.")
    assert answer["silence"]["record"]["speech"].startswith("Call 9 1 1 now. I heard no answer.")


def texts(screen: list[dict[str, Any]]) -> list[str]:
    return [text for box in screen for text in (box["text"], *texts(box["inside"])) if text]


def test_the_screen_shows_the_number_and_the_words_only_where_there_is_one() -> None:
    for words, number in (("her mouth is drooping", ["911"]), ("who should i see", [])):
        for device in ("round", "wide"):
            answer = shown(Said(words, "en-US", device, strict=False, memory=None), None)
            assert [text.replace("\xa0", " ") for text in texts(answer["screen"])] == [
                *number,
                answer["record"]["speech"],
            ]
    assert shown(Said("who should i see", "en-US", "speaker", strict=False, memory=None), None)["screen"] == []


def test_the_page_is_small_and_brings_nothing_from_elsewhere() -> None:
    assert sum(len(text.encode()) for text in FILES.values()) < 100_000
    for name, text in FILES.items():
        assert not re.findall(r"(?:https?:)?//\w[\w.-]+\.\w+", text.replace("http://www.w3.org/2000/svg", "")), name
    page = FILES["page.html"]
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page)
    assert not [name for name, text in FILES.items() if "innerHTML" in text]


def test_the_page_says_first_that_it_cannot_call() -> None:
    words = re.sub(r"<[^>]+>|\s+", " ", FILES["page.html"].partition("<body>")[2])
    assert re.match(r" *Face Guide +A speaker to try. +In an emergency, use a phone: this page cannot call", words)


def test_each_file_of_the_page_comes_with_its_guards(port: int) -> None:
    assert {"/", "/page.js", "/page.css", "/icon.svg"} < set(PAGE)
    for path, file in PAGE.items():
        status, text, headers = asked(port, "GET", path)
        assert (status, text, headers["Content-Type"]) == (200, FILES[file.name], TYPES[file.suffix])
        assert all(headers[header] == value for header, value in HEADERS.items())
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "192.168.1.5:{port}", "", "[", "localhost.evil"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_name_that_is_not_ours_gets_nothing(port: int, host: str, method: str) -> None:
    host = host.format(port=port)
    path = "/" if method == "GET" else "/turn"
    status, text, _ = asked(port, method, path, turn("hello"), Host=host, Origin=f"http://{host}")
    assert status == 421
    assert "only under its own address" in text


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", ""]
)
def test_another_page_may_not_ask(port: int, origin: str) -> None:
    status, _, _ = asked(port, "POST", "/turn", turn("hello"), Origin=origin.format(port=port))
    assert status == 403


def test_both_names_of_this_computer_will_do(port: int) -> None:
    own = f"localhost:{port}"
    assert asked(port, "POST", "/turn", turn(None), Host=own, Origin=f"http://{own}")[0] == 200


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"\xff", 400),
        (b"[" * 50_000, 400),
        (json.dumps(turn("a") | {"more": 1}).encode(), 400),
        (json.dumps(turn("a" * (LONGEST + 1))).encode(), 400),
        (json.dumps(turn("a", device="fridge")).encode(), 400),
        (json.dumps(turn("a", device=["round"])).encode(), 400),
        (json.dumps(turn("a", locale=None)).encode(), 400),
        (json.dumps(turn("a", memory={"attributes": [], "elicits": True})).encode(), 400),
        (b" " * (MOST_BYTES + 1), 413),
    ],
)
def test_a_question_that_cannot_be_read_is_refused_with_the_reason(port: int, raw: bytes, status: int) -> None:
    got, text, _ = asked(port, "POST", "/turn", raw=raw)
    assert got == status
    assert text.strip()
    assert "Traceback" not in text


def test_only_json_and_only_with_its_length(port: int) -> None:
    assert asked(port, "POST", "/turn", turn("a"), **{"Content-Type": "text/plain"})[0] == 415
    assert asked(port, "POST", "/turn", turn("a"), **{"Transfer-Encoding": "chunked"})[0] == 411
    assert asked(port, "GET", "/../../pyproject.toml")[0] == 404
    assert asked(port, "GET", "/turn")[0] == 404


@pytest.mark.parametrize(
    "attributes",
    [
        {"version": 99},
        {"signs": {}},
        {"version": 1, "country": 7},
        {"version": 1, "country": ["x"]},
        {"a": "b" * 30_000},
    ],
)
def test_a_memory_that_was_meddled_with_gives_a_safe_answer(port: int, attributes: dict[str, Any]) -> None:
    memory = {"attributes": attributes, "elicits": False}
    status, text, _ = asked(port, "POST", "/turn", turn("who should i see", memory=memory))
    assert status == 200
    assert "call 9 1 1 now" in json.loads(text)["record"]["speech"]


def test_odd_words_do_no_harm(port: int) -> None:
    for words in ("\ud800", "<speak>&", "\x00", "🙂" * LONGEST, "a " * (LONGEST // 2), ""):
        status, text, _ = asked(port, "POST", "/turn", turn(words))
        assert status == 200
        assert json.loads(text)["record"]["heard"] == words


def serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skill", "serve", *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def test_it_does_not_start_where_others_could_connect_unless_told_so() -> None:
    for host in ("0.0.0.0", "192.168.1.5", "::", "my-computer"):  # noqa: S104  # refused, as it should be
        done = serve("--host", host)
        assert done.returncode == 2
        assert "--let-others-connect" in done.stderr


def test_a_port_that_is_taken_is_told_with_the_cure(port: int) -> None:
    done = serve("--port", str(port))
    assert done.returncode == 2
    assert "choose another with --port" in done.stderr

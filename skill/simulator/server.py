"""The page and the two things it asks for, a turn and a voice: served to this computer alone.

The standard library's server is enough: one person, a few files and two questions. What it lacks is here: it
answers only under names that mean this computer (against DNS rebinding), takes questions only from its own
page, and logs nothing.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from skill import built
from skill.places import languages, locales
from skill.simulator.ears import has_model
from skill.simulator.inside import Grade, Said, shown
from skill.simulator.voice import has_voice, parts, rendered

MOST_BYTES: Final = 200_000
"""Of a question: the longest utterance and the fullest session, several times over."""

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

FOLDER: Final = Path(__file__).parent / "page"
TYPES: Final[Mapping[str, str]] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
PAGE: Final[Mapping[str, Path]] = {
    "/" if file.name == "page.html" else f"/{file.name}": file for file in FOLDER.iterdir() if file.suffix in TYPES
}
"""The files of the page, by their path: nothing else is ever read for anybody."""

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; media-src blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class RefusedError(Exception):
    """A request that gets no answer: the status, and in plain words why and what to do."""

    def __init__(self, status: HTTPStatus, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answered:
    """A body and what it is."""

    body: bytes
    type: str = "application/json"


def answered(method: str, path: str, body: bytes, grade: Grade | None) -> Answered:
    """What the page gets for `method` and `path`; raises RefusedError for all that it never asks for."""
    match method, path:
        case "GET", "/settings":
            return _json(settings())
        case "GET", _ if path.startswith("/texts/") and path[7:].removesuffix(".json") in languages():
            return _json(built.load("page")[path[7:].removesuffix(".json")])
        case "GET", _ if path in PAGE:
            return Answered(PAGE[path].read_bytes(), TYPES[PAGE[path].suffix])
        case "POST", "/turn":
            with _said_plainly():
                said = Said.of(json.loads(body))
            return _json(shown(said, grade))
        case "POST", "/voice":
            if not has_voice():
                raise RefusedError(HTTPStatus.NOT_IMPLEMENTED, 'No voice is installed: pip install "face-guide[voice]"')
            with _said_plainly():
                voiced = parts(json.loads(body)["ssml"])
            return Answered(rendered(voiced), "audio/wav")
    raise RefusedError(HTTPStatus.NOT_FOUND, "There is nothing here. The page is at /.")


def settings() -> dict[str, Any]:
    """What can be chosen on the page: locales by their country, and whether a voice is installed here."""
    countries = {code: lines["country"] for code, lines in locales().items() if has_model(code)}
    return {"locales": countries, "voice": has_voice()}


def check_sender(headers: Message[str, str], method: str, listens: str) -> None:
    """Raises RefusedError unless the request came for this server and, if it is a question, from its own page.

    `listens` is the address that the server was told to listen on. A page elsewhere can have its own name resolve
    to this computer; the Host header still holds that name. Where others may connect, any numeric address is ours,
    since only a name can be made to point elsewhere.
    """
    host = headers.get("Host", "")
    name = _name(host)
    if name not in {*LOOPBACK, listens} and (is_loopback(listens) or not _is_address(name)):
        raise RefusedError(HTTPStatus.MISDIRECTED_REQUEST, "This server answers only under its own address.")
    if method == "POST" and headers.get("Origin") != f"http://{host}":
        raise RefusedError(HTTPStatus.FORBIDDEN, "Only this server's own page may ask.")
    if method == "POST" and headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON.")


def server(host: str, port: int, grade: Grade | None) -> ThreadingHTTPServer:
    """A server that listens on `host` and `port` (0: any free one). Raises OSError where it can't."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        address_family = _family(host)

        def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # the library's own types
            """Tells of anything but a tab that was closed before its answer came."""
            if not isinstance(sys.exception(), ConnectionError):
                super().handle_error(request, client_address)

    return Server((host, port), partial(Handler, listens=host, grade=grade))


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach `host`."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


class Handler(BaseHTTPRequestHandler):
    """HTTP around `answered`."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "FaceGuide", ""
    error_message_format, error_content_type = "%(message)s\n", "text/plain; charset=utf-8"
    timeout = 60

    def __init__(self, *given: Any, listens: str, grade: Grade | None) -> None:  # noqa: ANN401
        self.listens, self.grade = listens, grade
        super().__init__(*given)

    def do_GET(self) -> None:
        """Sends a file of the page, or what can be chosen on it."""
        self._answer()

    def do_POST(self) -> None:
        """Answers a turn, or voices one."""
        self._answer()

    def log_message(self, *_: object) -> None:
        """Logs nothing: what people say about their health is nobody else's."""

    def _answer(self) -> None:
        try:
            check_sender(self.headers, self.command, self.listens)
            sent = answered(self.command, urlsplit(self.path).path, self._body(), self.grade)
        except RefusedError as refused:
            self.close_connection = True
            self._send(refused.status, Answered(f"{refused}\n".encode(), "text/plain; charset=utf-8"))
        except Exception as error:  # noqa: BLE001  # the page says so; a traceback could hold what was said
            words = f"Something broke inside ({type(error).__name__}). In an emergency, use a phone.\n"
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, Answered(words.encode(), "text/plain; charset=utf-8"))
        else:
            self._send(HTTPStatus.OK, sent)

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            raise RefusedError(HTTPStatus.LENGTH_REQUIRED, "Say how long the question is, in Content-Length.")
        if int(length) > MOST_BYTES:
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is too long. Say it in fewer words.")
        return self.rfile.read(int(length))

    def _send(self, status: HTTPStatus, sent: Answered) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", sent.type)
        self.send_header("Content-Length", str(len(sent.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(sent.body)


def _json(value: object) -> Answered:
    return Answered(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace"))


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turns what is wrong with a question into an answer that says so."""
    try:
        yield
    except (ValueError, KeyError, TypeError, SyntaxError, RecursionError) as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"This question can't be read: {error}.") from error


def _name(host: str) -> str:
    """The name in a Host header, without its port; "" where there is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET

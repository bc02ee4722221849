"""A stand-in for Amazon's storage: the chains of a folder over TLS, well served and badly."""

from __future__ import annotations

import contextlib
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

BIG = 10_000_000


class Storage(ThreadingHTTPServer):
    """Serves until shut down; `asked` counts how often each path was fetched."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(("127.0.0.1", port), Shelf)
        self.folder = folder
        self.asked: dict[str, int] = {}
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "tls.pem")
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: clients that hang up are what is tested."""


class Shelf(BaseHTTPRequestHandler):
    """One fetch: /echo.api/NAME.pem is the chain NAME, or one of the ways to misbehave, which all end well at last."""

    server: Storage

    def do_GET(self) -> None:
        self.server.asked[self.path] = self.server.asked.get(self.path, 0) + 1
        name = self.path.removeprefix("/echo.api/").removesuffix(".pem")
        # "valid-7" is the chain "valid" at an address of its own.
        chain = self.server.folder / "chains" / name.partition("-")[0]
        valid = (self.server.folder / "chains" / "valid").read_bytes()
        if name == "redirect":
            self.send_response(302)
            self.send_header("Location", "/echo.api/valid.pem")
            self.end_headers()
        elif name == "big":
            self._send(valid + b"\n" * BIG)
        elif name == "big_unannounced":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(valid + b"\n" * BIG)
        elif name.startswith("slow"):
            time.sleep(60)
            self._send(valid)
        elif name == "dripping":
            self.send_response(200)
            self.end_headers()
            for byte in valid:
                self.wfile.write(bytes([byte]))
                time.sleep(0.2)
        elif name == "cut_short":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(valid)
        elif name == "failing":
            self.send_error(503)
        elif chain.is_file():
            self._send(chain.read_bytes())
        else:
            self.send_error(404)

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Storage]:
    """The storage on a port of its own, in a thread."""
    storage = Storage(folder, 0)
    threading.Thread(target=storage.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield storage
    finally:
        storage.shutdown()
        storage.server_close()


if __name__ == "__main__":
    Storage(Path(sys.argv[1]), int(sys.argv[2])).serve_forever()

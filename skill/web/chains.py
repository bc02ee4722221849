"""Alexa's certificate chains: fetched within limits, kept for a while, and never in another request's way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import certifi
import urllib3

from skill.web.verification import Refused, Signer, roots, signer

LONGEST_FETCH: Final = 3.0
"""Seconds for a whole fetch. Alexa waits eight for an answer (Alexa Skills Kit, "Request and response")."""

SILENCE: Final = 1.0
"""Seconds in which something must arrive."""

MOST_BYTES: Final = 65_536
"""Amazon's chain of four certificates is a tenth of that."""

FRESH: Final = 3_600.0
"""Seconds after which a chain is fetched anew, while the old one goes on serving."""

KEPT: Final = 86_400.0
"""Seconds for which a chain serves while it can't be fetched: storage that is down must not silence the skill."""

AGAIN: Final = 60.0
"""Seconds between tries to fetch a chain anew."""

MOST_KEPT: Final = 8
FETCHING: Final = 4
WAITING: Final = 8
"""Requests that may wait for a chain at once, of the threads that gunicorn.conf.py gives to a worker. The next
one is refused at once, so that threads stay free for requests whose chain is here."""


def fetcher(bundle: str) -> Callable[[str], bytes]:
    """A function that gives the bytes at an https URL and raises Refused on any answer but a plain, small 200.

    `bundle` is the file of certificates that the server's own must lead to. Redirects are not followed, and no
    proxy is taken from the environment.
    """
    patience = urllib3.Timeout(connect=SILENCE, read=SILENCE)
    pool = urllib3.PoolManager(ca_certs=bundle, timeout=patience, retries=False, maxsize=FETCHING)

    def fetch(url: str) -> bytes:
        deadline = time.monotonic() + LONGEST_FETCH
        body = b""
        try:
            with pool.request(
                "GET", url, headers={"Connection": "close"}, redirect=False, preload_content=False, decode_content=False
            ) as response:
                if response.status != 200:  # noqa: PLR2004  # OK
                    raise Refused("fetch")
                while part := response.read1(4_096):
                    body += part
                    if len(body) > MOST_BYTES or time.monotonic() > deadline:
                        raise Refused("fetch")
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Refused("fetch") from error
        return body

    return fetch


@dataclass(frozen=True, slots=True)
class _Kept:
    signer: Signer
    since: float
    again: float


class Chains:
    """The signers behind the URLs that requests name.

    `sound` makes a signer of a chain or raises Refused, and only what it lets through is kept: a sender who
    names URLs of his own can't push Alexa's out.
    """

    def __init__(
        self,
        fetch: Callable[[str], bytes],
        sound: Callable[[bytes, datetime], Signer],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch, self._sound, self._clock = fetch, sound, clock
        self._kept: dict[str, _Kept] = {}
        self._coming: dict[str, Future[Signer]] = {}
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(WAITING)
        self._pool = ThreadPoolExecutor(FETCHING, "chain")

    def signer(self, url: str, now: datetime) -> Signer:
        """The signer whose chain is at `url`; raises Refused where it isn't sound, or can't be had in time."""
        kept, at = self._kept.get(url), self._clock()
        if kept is None or at - kept.since > KEPT or not kept.signer.holds(now):
            return self._awaited(url, now)
        if at >= kept.again:
            with self._lock:
                if self._kept.get(url) is kept:
                    self._kept[url] = replace(kept, again=at + AGAIN)
            self._started(url, now)
        return kept.signer

    def _awaited(self, url: str, now: datetime) -> Signer:
        if not self._places.acquire(blocking=False):
            raise Refused("busy")
        try:
            return self._started(url, now).result(LONGEST_FETCH + SILENCE)
        except TimeoutError as error:
            raise Refused("fetch") from error
        finally:
            self._places.release()

    def _started(self, url: str, now: datetime) -> Future[Signer]:
        """The one fetch of `url` that is under way; whoever else needs it waits for the same."""
        with self._lock:
            coming = self._coming.get(url)
            if coming is None:
                coming = self._coming[url] = self._pool.submit(self._fetched, url, now)
                coming.add_done_callback(lambda _: self._coming.pop(url, None))
            return coming

    def _fetched(self, url: str, now: datetime) -> Signer:
        made = self._sound(self._fetch(url), now)
        at = self._clock()
        with self._lock:
            self._kept.pop(url, None)
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[url] = _Kept(made, at, at + FRESH)
        return made


def alexas_chains() -> Chains:
    """The chains as Alexa serves them, which end at any root of certifi's: none is pinned, since Amazon rotates."""
    bundle = certifi.where()
    return Chains(fetcher(bundle), partial(signer, trusted=roots(Path(bundle).read_bytes())))

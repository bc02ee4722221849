from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from skill.web import chains as chains_module
from skill.web.chains import AGAIN, FRESH, KEPT, MOST_KEPT, WAITING, Chains, fetcher
from skill.web.verification import Refused, Signer, roots, signer
from tests.web.authority import authority
from tests.web.sending import url_of
from tests.web.storage import Storage

NOW = dt.datetime.now(dt.UTC)
SOUND = partial(signer, trusted=roots(authority().root.pem))
VALID = authority().chains["valid"]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Shop:
    """A storage that can be closed, and that counts its customers."""

    def __init__(self) -> None:
        self.visits = 0
        self.open = threading.Event()
        self.open.set()
        self.down = False

    def __call__(self, _: str) -> bytes:
        self.visits += 1
        if not self.open.wait(10):
            raise AssertionError("nobody opened")
        if self.down:
            raise Refused("fetch")
        return VALID


def settled(chains: Chains) -> None:
    """Waits until nothing is being fetched."""
    for coming in list(chains._coming.values()):  # noqa: SLF001  # nobody else needs to know
        coming.exception(10)
    time.sleep(0.05)


def test_a_chain_is_fetched_once() -> None:
    shop = Shop()
    chains = Chains(shop, SOUND)
    for _ in range(5):
        assert isinstance(chains.signer(url_of("valid"), NOW), Signer)
    assert shop.visits == 1


def test_many_who_need_the_same_chain_wait_for_one_fetch() -> None:
    shop = Shop()
    shop.open.clear()
    chains = Chains(shop, SOUND)
    with ThreadPoolExecutor(WAITING) as pool:
        coming = [pool.submit(chains.signer, url_of("valid"), NOW) for _ in range(WAITING)]
        time.sleep(0.2)
        shop.open.set()
        assert len({id(future.result().key) for future in coming}) == 1
    assert shop.visits == 1


def test_whoever_comes_when_all_places_to_wait_are_taken_is_refused_at_once_and_known_chains_go_on() -> None:
    shop = Shop()
    chains = Chains(shop, SOUND)
    chains.signer(url_of("valid"), NOW)
    shop.open.clear()
    with ThreadPoolExecutor(WAITING) as pool:
        coming = [pool.submit(chains.signer, url_of(f"slow-{number}"), NOW) for number in range(WAITING)]
        time.sleep(0.2)
        with pytest.raises(Refused, match="busy"):
            chains.signer(url_of("one-more"), NOW)
        assert isinstance(chains.signer(url_of("valid"), NOW), Signer)
        assert not any(future.done() for future in coming)
        shop.open.set()
        for future in coming:
            future.result()
    assert isinstance(chains.signer(url_of("one-more"), NOW), Signer)


def test_a_fetch_that_never_ends_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains_module, "LONGEST_FETCH", 0.1)
    monkeypatch.setattr(chains_module, "SILENCE", 0.1)
    shop = Shop()
    shop.open.clear()
    chains = Chains(shop, SOUND)
    with pytest.raises(Refused, match="fetch"):
        chains.signer(url_of("valid"), NOW)
    shop.open.set()
    settled(chains)
    assert isinstance(chains.signer(url_of("valid"), NOW), Signer)


def test_an_old_chain_goes_on_serving_while_it_is_fetched_anew() -> None:
    shop, clock = Shop(), Clock()
    chains = Chains(shop, SOUND, clock)
    first = chains.signer(url_of("valid"), NOW)
    clock.now += FRESH + 1
    assert chains.signer(url_of("valid"), NOW) is first
    settled(chains)
    assert shop.visits == 2
    assert chains.signer(url_of("valid"), NOW) is not first


def test_storage_that_is_down_is_asked_once_a_minute_and_silences_nobody_for_a_day() -> None:
    shop, clock = Shop(), Clock()
    chains = Chains(shop, SOUND, clock)
    chains.signer(url_of("valid"), NOW)
    shop.down = True
    clock.now += FRESH + 1
    for _ in range(10):
        assert chains.signer(url_of("valid"), NOW)
        settled(chains)
    assert shop.visits == 2
    clock.now += AGAIN + 1
    assert chains.signer(url_of("valid"), NOW)
    settled(chains)
    assert shop.visits == 3
    clock.now = KEPT + 1
    with pytest.raises(Refused, match="fetch"):
        chains.signer(url_of("valid"), NOW)


def test_a_kept_chain_does_not_outlive_its_certificates() -> None:
    chains = Chains(Shop(), SOUND)
    chains.signer(url_of("valid"), NOW)
    for days in (-365, 365):
        with pytest.raises(Refused, match="chain"):
            chains.signer(url_of("valid"), NOW + dt.timedelta(days=days))


def test_only_sound_chains_are_kept_and_only_a_few() -> None:
    fetched: list[str] = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        return b"junk" if "junk" in url else VALID

    chains = Chains(fetch, SOUND)
    chains.signer(url_of("valid"), NOW)
    for number in range(3 * MOST_KEPT):
        with pytest.raises(Refused, match="chain"):
            chains.signer(url_of(f"junk-{number}"), NOW)
    chains.signer(url_of("valid"), NOW)
    assert fetched.count(url_of("valid")) == 1
    for number in range(MOST_KEPT):
        chains.signer(url_of(f"valid-{number}"), NOW)
    chains.signer(url_of("valid"), NOW)
    assert fetched.count(url_of("valid")) == 2


@pytest.mark.parametrize(
    "chain", ["redirect", "big", "big_unannounced", "slow", "dripping", "cut_short", "failing", "no"]
)
def test_fetching_has_limits(chain: str, fetch: Callable[[str], bytes]) -> None:
    with pytest.raises(Refused, match="fetch"):
        fetch(url_of(chain))


def test_the_storage_must_show_a_certificate_that_is_trusted(storage: Storage) -> None:
    with pytest.raises(Refused, match="fetch"):
        fetcher(str(storage.folder / "stranger.pem"))(f"https://localhost:{storage.server_port}/echo.api/valid.pem")


def test_nothing_in_the_environment_diverts_a_fetch(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    fetch = fetcher(str(storage.folder / "root.pem"))
    assert fetch(f"https://localhost:{storage.server_port}/echo.api/valid.pem") == VALID

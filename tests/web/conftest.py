from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from ask_sdk_core.skill import CustomSkill
from flask import Flask

from skill.alexa.handler import skill
from skill.web.app import create_app
from skill.web.chains import Chains, fetcher
from skill.web.verification import roots, signer
from tests.web.authority import write
from tests.web.sending import SKILL_ID
from tests.web.storage import Storage, serving


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    folder = tmp_path_factory.mktemp("storage")
    write(folder)
    with serving(folder) as served:
        yield served


@pytest.fixture(scope="session")
def fetch(storage: Storage) -> Callable[[str], bytes]:
    """The real fetching, but for the address."""
    fetched = fetcher(str(storage.folder / "root.pem"))
    return lambda url: fetched(url.replace("s3.amazonaws.com", f"localhost:{storage.server_port}"))


@pytest.fixture(scope="session")
def chains(storage: Storage, fetch: Callable[[str], bytes]) -> Chains:
    return Chains(fetch, partial(signer, trusted=roots((storage.folder / "root.pem").read_bytes())))


@pytest.fixture(scope="session")
def serve(chains: Chains) -> Callable[[CustomSkill], Flask]:
    return lambda made: create_app(made, SKILL_ID, chains)


@pytest.fixture(scope="session")
def app(serve: Callable[[CustomSkill], Flask]) -> Flask:
    return serve(skill())

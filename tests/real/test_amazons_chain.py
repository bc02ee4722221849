"""A chain that Alexa once signed with, as `alexa-verifier` recorded it, against the roots of today."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import tarfile
from pathlib import Path

import certifi
import pytest

from skill.web.verification import Refused, Signer, roots, signer

PACKAGE, MEMBER = "alexa-verifier@4.0.0", "package/test/mocks/echo-api-cert-12.cer"
VALID = dt.datetime(2023, 6, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    if not shutil.which("npm"):
        pytest.fail("npm is missing: it comes with Node (on Debian or Ubuntu, apt install npm)")
    folder = tmp_path_factory.mktemp("recorded")
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    [archive] = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        member = packed.extractfile(MEMBER)
        assert member is not None
        return member.read()


def test_the_policy_takes_what_amazon_really_served_while_it_was_valid(chain: bytes) -> None:
    trusted = roots(Path(certifi.where()).read_bytes())
    found = signer(chain, VALID, trusted)
    assert isinstance(found, Signer)
    assert found.key.key_size == 2048
    assert found.not_before.date() == dt.date(2023, 3, 16)
    assert found.not_after.date() == dt.date(2023, 12, 23)
    with pytest.raises(Refused, match="chain"):
        signer(chain, dt.datetime.now(dt.UTC), trusted)

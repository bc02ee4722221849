"""Amazon's Flask extension on every OpenSSL 3, and the day on which our stand-ins may go."""

from __future__ import annotations

import subprocess
import sys

import pytest

# What upstream reads of the library, in its own words: the version is all that it trips over.
PRETEND = """
import cffi, sys
real = cffi.FFI.string
def string(self, data, *rest):
    said = real(self, data, *rest)
    return b"OpenSSL {version} 27 Jan 2026" if said.startswith(b"OpenSSL ") else said
cffi.FFI.string = string
"""


def imported(code: str, version: str = "") -> subprocess.CompletedProcess[str]:
    pretend = PRETEND.format(version=version) if version else ""
    return subprocess.run([sys.executable, "-c", pretend + code], capture_output=True, text=True, check=False)


class StillBrokenError(Exception):
    """Upstream can't read the version; nothing else is wrong."""


@pytest.mark.xfail(strict=True, raises=StillBrokenError, reason="once upstream imports, drop the stand-ins")
def test_upstream_imports_by_itself_on_openssl_3_0_19() -> None:
    done = imported("import flask_ask_sdk.skill_adapter", "3.0.19")
    if "LibraryNotFoundError: Error detecting the version of libcrypto" in done.stderr:
        raise StillBrokenError
    assert not done.returncode, done.stderr


def test_that_failure_is_the_version_and_nothing_else() -> None:
    done = imported("import flask_ask_sdk.skill_adapter", "3.0.9")
    assert not done.returncode, done.stderr


@pytest.mark.parametrize("version", ["", "3.0.9", "3.0.10", "3.0.19", "3.5.4", "3.5.10", "3.10.0"])
def test_ours_imports_whatever_the_version_and_leaves_no_stand_in(version: str) -> None:
    left = "sorted(name for name in sys.modules if name.partition('.')[0] in ('certvalidator', 'oscrypto'))"
    done = imported(f"import sys; from skill.web.amazon import SkillAdapter; print({left})", version)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_check_that_is_kept_out_fails_loudly_if_anyone_uses_it() -> None:
    code = (
        "from skill.web.amazon import SkillAdapter\n"
        "from ask_sdk_webservice_support.verifier import RequestVerifier\n"
        "RequestVerifier()._validate_cert_chain(b'-----BEGIN X-----\\nAAAA\\n-----END X-----')"
    )
    done = imported(code)
    assert "signatures are checked in skill.web.verification" in done.stderr

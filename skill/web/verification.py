"""Whether a request came from Alexa, was meant for this skill, and is fresh; pure, on the raw bytes.

The rules are those of "Host a Custom Skill as a Web Service", Verify that the request was sent by Alexa
(developer.amazon.com). Where they leave room, less is let through: a certificate's URL holds no query, no
percent and no user, since Amazon's never did.
"""

from __future__ import annotations

import base64
import binascii
import json
import posixpath
import re
import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from skill.alexa.envelope import application_id

SIGNER: Final = "echo-api.amazon.com"
"""The name that Alexa's signing certificate must hold."""

SHORTEST_KEY: Final = 2_048
"""Bits of the signing key; the verifier asks that of the keys above it only."""

TOLERANCE: Final = timedelta(seconds=150)

_URL: Final = re.compile(r"(?i:https://s3\.amazonaws\.com)(?::443)?(/[A-Za-z0-9._~/-]{1,200})")


class Refused(Exception):  # noqa: N818  # it is an outcome, not a fault
    """The request isn't answered. `reason` is one word for the log; the sender never learns it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that a trusted chain speaks for, and from when until when every certificate of the chain holds."""

    key: RSAPublicKey
    not_before: datetime
    not_after: datetime

    def holds(self, now: datetime) -> bool:
        """Whether the whole chain is valid at `now`."""
        return self.not_before <= now <= self.not_after


def roots(pem: bytes) -> Store:
    """The certificates that a chain may end at, from a bundle such as certifi's."""
    with warnings.catch_warnings():
        # Some old roots have serial numbers that are not allowed today; they are trusted all the same.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return Store(x509.load_pem_x509_certificates(pem))


def chain_url(given: str) -> str:
    """The one spelling of a URL that Alexa may name for its certificates; raises Refused for any other URL.

    The scheme and host in any case, port 443 or none, and a path that is under /echo.api/ once normalised.
    """
    match = _URL.fullmatch(given)
    path = posixpath.normpath(match[1]) if match else ""
    if not path.startswith("/echo.api/"):
        raise Refused("url")
    return f"https://s3.amazonaws.com{path}"


def signer(pem: bytes, now: datetime, trusted: Store) -> Signer:
    """The signer whose certificate stands first in the chain `pem`; raises Refused unless all of it is sound.

    Each certificate must be valid at `now`, lead to a root in `trusted`, and the first must be an RSA key's,
    be for Alexa's name and be allowed to sign.
    """
    try:
        leaf, *others = x509.load_pem_x509_certificates(pem)
        verifier = PolicyBuilder().store(trusted).time(now).build_server_verifier(x509.DNSName(SIGNER))
        chain = verifier.verify(leaf, others)
        usages = [held.value for held in leaf.extensions if isinstance(held.value, x509.KeyUsage)]
        key = leaf.public_key()
    except (ValueError, VerificationError) as error:
        raise Refused("chain") from error
    may_sign = all(usage.digital_signature for usage in usages)
    if not may_sign or not isinstance(key, RSAPublicKey) or key.key_size < SHORTEST_KEY:
        raise Refused("chain")
    return Signer(key, max(c.not_valid_before_utc for c in chain), min(c.not_valid_after_utc for c in chain))


def check_signature(by: Signer, signature: str, body: bytes) -> None:
    """Raises Refused unless `signature` (base64) is the signer's, by RSA PKCS#1 v1.5 with SHA-256, over `body`."""
    try:
        by.key.verify(base64.b64decode(signature, validate=True), body, PKCS1v15(), SHA256())
    except (binascii.Error, ValueError, InvalidSignature) as error:
        raise Refused("signature") from error


def event_of(body: bytes) -> dict[str, Any]:
    """The JSON object that `body` is; raises Refused for all else.

    A name given twice and a NaN are refused too: readers differ on them, and what was checked must be what
    is answered (RFC 8259, section 4).
    """
    try:
        event = json.loads(body.decode("utf-8"), object_pairs_hook=_unambiguous, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused("body") from error
    if not isinstance(event, dict):
        raise Refused("body")
    return event


def check_event(event: dict[str, Any], now: datetime, skill_id: str) -> None:
    """Raises Refused unless the request in `event` was made within 150 seconds of `now`, for the skill `skill_id`."""
    request = event.get("request")
    try:
        made = datetime.fromisoformat(request["timestamp"] if isinstance(request, dict) else "")
        fresh = abs(now - made) <= TOLERANCE
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Refused("timestamp") from error
    if not fresh:
        raise Refused("timestamp")
    if application_id(event) != skill_id:
        raise Refused("application")


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    together = dict(pairs)
    if len(together) != len(pairs):
        raise ValueError("a name is given twice")
    return together


def _no_number(_: str) -> NoReturn:
    raise ValueError("not a number of JSON's")

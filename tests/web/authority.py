"""A certificate authority of our own, and every chain that a sender might try."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ALEXA = "echo-api.amazon.com"
STORAGE = "s3.amazonaws.com"
DAY = dt.timedelta(days=1)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Holder:
    """A certificate, its key, and the names of those above it."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@cache
def signing_key() -> rsa.RSAPrivateKey:
    """Alexa's key, as far as the tests go; one for all chains, so that only the chain is at fault."""
    return rsa.generate_private_key(65_537, 2_048)


def issued(  # noqa: PLR0913  # everything that may be wrong with a certificate
    name: str,
    by: Holder | None,
    *,
    key: Key | None = None,
    ca: bool = False,
    names: Sequence[str] = (),
    life: tuple[int, int] = (-30, 30),
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    signs: bool = True,
) -> Holder:
    """A certificate for `name`, issued by `by` or by itself, valid from and to `life` days from today."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today + life[0] * DAY)
        .not_valid_after(today + life[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((by.key if by else key).public_key()), critical=False
        )
        .add_extension(
            x509.KeyUsage(signs and not ca, False, not signs, False, False, ca, ca, False, False),  # noqa: FBT003
            critical=True,
        )
    )
    if not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
        )
    return Holder(builder.sign(by.key if by else key, hashes.SHA256()), key)


@dataclass(frozen=True)
class Authority:
    """What is trusted, what the storage shows for its TLS, and the chains by name."""

    root: Holder
    stranger: Holder
    tls: Holder
    chains: Mapping[str, bytes]


@cache
def authority() -> Authority:
    """The authority of this test run."""
    root = issued("Root", None, ca=True)
    between = issued("Between", root, ca=True)
    stranger = issued("Root", None, ca=True)
    expired_between = issued("Between", root, key=between.key, ca=True, life=(-60, -1))
    key, names = signing_key(), [ALEXA]
    leaf = issued(ALEXA, between, key=key, names=names)
    no_ca = issued("No CA", between, names=["example.org"])

    def leaf_by(holder: Holder, name: str = ALEXA, **changes: object) -> bytes:
        given = {"key": key, "names": names, **changes}
        return issued(name, holder, **given).pem  # type: ignore[arg-type]

    above = between.pem
    chains = {
        "valid": leaf.pem + above,
        "with_root": leaf.pem + above + root.pem,
        "with_strangers": leaf.pem + stranger.pem + above,
        "expired": leaf_by(between, life=(-30, -1)) + above,
        "not_yet_valid": leaf_by(between, life=(1, 30)) + above,
        "wrong_name": leaf_by(between, names=["echo-api.amazon.com.example.org"]) + above,
        "only_common_name": leaf_by(between, names=[]) + above,
        "wrong_usage": leaf_by(between, usage=ExtendedKeyUsageOID.CLIENT_AUTH) + above,
        "may_not_sign": leaf_by(between, signs=False) + above,
        "self_signed": issued(ALEXA, None, key=key, names=names).pem,
        "no_intermediate": leaf.pem,
        "other_root": leaf_by(stranger),
        "other_root_included": leaf_by(stranger) + stranger.pem,
        "intermediate_expired": leaf.pem + expired_between.pem,
        "issued_by_no_authority": leaf_by(no_ca) + no_ca.pem + above,
        "authority_first": above + leaf.pem,
        "elliptic_key": issued(ALEXA, between, names=names).pem + above,
        "short_key": leaf_by(between, key=rsa.generate_private_key(65_537, 1_024)) + above,  # noqa: S505  # the point
        "empty": b"",
        "junk": b"-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n",
        "key_in_place": signing_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "not_text": bytes(range(256)),
    }
    return Authority(root, stranger, issued(STORAGE, root, names=[STORAGE, "localhost"]), chains)


def write(folder: Path) -> None:
    """Everything that the storage serves and the service trusts, as files in `folder`."""
    held = authority()
    (folder / "root.pem").write_bytes(held.root.pem)
    (folder / "stranger.pem").write_bytes(held.stranger.pem)
    (folder / "tls.pem").write_bytes(held.tls.pem + held.tls.key_pem)
    (folder / "chains").mkdir()
    for name, pem in held.chains.items():
        (folder / "chains" / name).write_bytes(pem)

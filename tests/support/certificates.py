"""Throw-away certificates: an authority of its own, and PKCS#12 files by it."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID

PASSPHRASE = "Mi-Ma#2026-绝密"
NAME = "王财务（华东精工制造有限公司）"
AUTHORITY = "华东数字证书认证中心 测试 CA"
START = datetime(2026, 1, 1, tzinfo=UTC)


def _named(common):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*names):
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{one: one in names for one in every})


def new_key(kind="rsa"):
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def make_certificate(
    key, name=NAME, start=START, days=365, usage=("digital_signature",), authority=None
):
    """One by that authority (certificate, key), or one that vouches for itself."""
    issuer, by = (_named(name), key) if authority is None else (authority[0].subject, authority[1])
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )
    if usage is not None:
        builder = builder.add_extension(_usage(*usage), critical=True)
    return builder.sign(by, hashes.SHA256())


def make_authority():
    key = new_key("ec")
    usage = ("key_cert_sign", "crl_sign")
    return make_certificate(key, AUTHORITY, START - timedelta(days=900), 9000, usage), key


def make_p12(kind="rsa", passphrase=PASSPHRASE, authority=None, **how):
    """The bytes of a PKCS#12 file."""
    authority = authority or make_authority()
    key = new_key(kind)
    certificate = make_certificate(key, authority=authority, **how)
    return sealed(key, certificate, [authority[0]], passphrase)


def sealed(key, certificate, chain, passphrase=PASSPHRASE):
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"key", key, certificate, chain, lock)

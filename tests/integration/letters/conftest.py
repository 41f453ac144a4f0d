"""A mail server, with and without secrets."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.support.mail import Box, serve


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def certified(tmp_path, monkeypatch):
    """A server's TLS context for 127.0.0.1, which this machine trusts for as long as the test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, secret = tmp_path / "server.pem", tmp_path / "server.key"
    public.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, secret)
    return context


def password_checker(server, session, envelope, mechanism, auth_data):
    return AuthResult(success=auth_data.password == b"secret-1", handled=False)


@pytest.fixture
def start(box):
    """A running server: `start(auth_required=True)`; gives its address for `hand_over`."""
    running = []

    def run(**options):
        controller, server = serve(box, **options)
        running.append(controller)
        return server

    yield run
    for controller in running:
        controller.stop()


@pytest.fixture
def server(start):
    return start()

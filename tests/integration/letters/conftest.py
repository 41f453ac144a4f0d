"""Letters that were issued, and a mail server with and without secrets."""

import ssl
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.access.approvals import Decision, Verdict
from app.agreements import cancelling, notices, prospects, service
from app.agreements.cancelling import CancelRow, RequestCancel
from app.agreements.fields import AgreementFields
from app.core.money import Money
from app.letters.setup import Setup, save_setup
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


SETUP = Setup(
    "华精财函",
    "王会计",
    "021-58001234",
    "cw@huadong.example",
    smtp_host="127.0.0.1",
    sender="cw@huadong.example",
)


@pytest.fixture
def form(founded, people, make_account):
    """An approved request whose letters are issued: form number, and the letters'."""
    save_setup(founded, people.cfo, SETUP)
    fields = AgreementFields(
        account_number=make_account().number,
        payee_name="国网上海市电力公司",
        starts_on=date(2026, 1, 1),
        amount=Money.parse("500"),
        first_debit_on=date(2026, 1, 20),
    )
    number = service.register(founded, people.clerk, fields)
    with founded.read() as work:
        row = service.find_agreement(work, number)
        ticks = {one.code: one.value for one in prospects.checklist_of(work, row)}
    command = RequestCancel(
        (CancelRow(number, 1, ticks),), "改为人工付款", date(2026, 3, 31), "clerk", typed=number
    )
    asked = cancelling.request(founded, people.clerk, command)
    verdict = Verdict(asked.approval_id, Decision.APPROVE, "同意", 1)
    cancelling.decide(founded, people.supervisor, verdict)
    return asked.form_no, notices.issue_letters(founded, people.clerk, asked.form_no).numbers

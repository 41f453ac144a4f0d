"""Handing a mail to a real server: what is known of it afterwards, and what is not."""

from dataclasses import replace

import pytest

from app.letters.post import Server, hand_over
from app.letters.setup import Security
from app.letters.states import MailState
from tests.integration.letters.conftest import password_checker

MESSAGE = b"Subject: hi\r\n\r\n.first\r\nlast\r\n"


def handed(server, message=MESSAGE):
    return hand_over(server, "cw@huadong.example", "bank@icbc.example", message)


def test_that_an_accepted_mail_is_sent_as_it_was_written(server, box):  # D5.2
    assert handed(server).state is MailState.SENT
    assert box.raw == [MESSAGE]


def test_that_the_server_s_words_are_kept(server, box):
    assert handed(server).said == "250 2.0.0 accepted"


@pytest.mark.parametrize(
    ("said", "retry"),
    [("550 5.1.1 no such mailbox", False), ("451 4.7.1 try again later", True)],
)
def test_that_a_refused_recipient_certainly_did_not_get_it(server, box, said, retry):  # D5.2
    box.recipient_says = said
    found = handed(server)
    assert (found.state, found.retry) == (MailState.FAILED, retry)
    assert said in found.said
    assert box.raw == []


@pytest.mark.parametrize(
    ("said", "retry"), [("554 5.7.1 looks like spam", False), ("452 4.3.1 disk full", True)]
)
def test_that_a_refused_content_certainly_did_not_arrive(server, box, said, retry):
    box.content_says = said
    found = handed(server)
    assert (found.state, found.retry) == (MailState.FAILED, retry)


def test_that_a_cut_before_the_content_is_a_failure(server, box):
    box.cut = "envelope"
    found = handed(server)
    assert (found.state, found.retry) == (MailState.FAILED, True)


def test_that_a_cut_after_the_content_is_unknown(server, box):  # D5.2
    box.cut = "content"
    found = handed(server)
    assert found.state is MailState.UNKNOWN
    assert len(box.raw) == 1


def test_that_silence_after_the_content_is_unknown(server, box):  # D5.2
    box.silent = True
    found = handed(replace(server, timeout=0.3))
    assert found.state is MailState.UNKNOWN
    assert "超时" in found.said


def test_that_a_server_that_is_not_there_is_named(start, box):
    server = start()
    nobody = Server("127.0.0.1", 1, Security.NONE, timeout=1.0)
    found = handed(nobody)
    assert (found.state, found.retry) == (MailState.FAILED, True)
    assert "127.0.0.1:1" in found.said
    assert handed(server).state is MailState.SENT


@pytest.fixture
def guarded(start, certified):
    """A server that speaks STARTTLS and wants a password."""
    server = start(
        tls_context=certified,
        require_starttls=True,
        authenticator=password_checker,
        auth_required=True,
    )
    return replace(server, security=Security.STARTTLS, user="cw")


def test_that_a_wrong_password_is_told_and_not_tried_again(guarded, box):  # D5.2
    wrong = handed(replace(guarded, password="secret-2"))
    assert (wrong.state, wrong.retry) == (MailState.FAILED, False)
    assert "用户名或密码" in wrong.said
    assert box.raw == []


def test_that_starttls_and_the_right_password_lead_to_the_box(guarded, box):  # D5.2
    assert handed(replace(guarded, password="secret-1")).state is MailState.SENT
    assert box.raw == [MESSAGE]


def test_that_tls_from_the_first_byte_leads_to_the_box(start, certified, box):
    server = replace(start(ssl_context=certified), security=Security.TLS)
    assert handed(server).state is MailState.SENT


def test_that_a_certificate_nobody_vouches_for_is_refused(  # D5.2
    start, certified, box, monkeypatch
):
    monkeypatch.delenv("SSL_CERT_FILE")
    found = handed(replace(start(ssl_context=certified), security=Security.TLS))
    assert found.state is MailState.FAILED
    assert box.raw == []


def test_that_a_server_without_encryption_gets_no_mail_that_asked_for_it(server, box):
    for security in (Security.STARTTLS, Security.TLS):
        found = handed(replace(server, security=security, timeout=1.0))
        assert found.state is MailState.FAILED
    assert box.raw == []

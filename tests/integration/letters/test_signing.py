"""Letters signed with a certificate: once, by who may, with nothing secret left behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DatabaseError

from app.access.errors import Denied
from app.access.people import EndRole, end_role
from app.access.rights import Role
from app.agreements import letter_view, notices, proving, sending
from app.agreements.invariants import examine
from app.agreements.sending import Mail
from app.audit.model import AuditEntry
from app.audit.queries import ACT_LABELS
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.audit.verify import verify
from app.core.errors import NotFound
from app.documents.errors import BadCredential, MissingGlyph
from app.documents.preview import page_count, page_text
from app.documents.signing import check_signature
from app.letters import signing
from app.letters.errors import NotToSign
from app.letters.issuing import find_letter
from app.letters.model import LetterSignature
from app.storage.kept import kept
from tests.support.certificates import (
    AUTHORITY,
    NAME,
    PASSPHRASE,
    START,
    make_authority,
    make_certificate,
    new_key,
    sealed,
)


@pytest.fixture(scope="module")
def secret():
    """The private key that signs."""
    return new_key("ec")


@pytest.fixture(scope="module")
def p12(secret):
    authority = make_authority()
    certificate = make_certificate(secret, authority=authority)
    return sealed(secret, certificate, [authority[0]])


@pytest.fixture
def key(founded, people, p12):
    return signing.open_credential(founded, people.cfo, p12, PASSPHRASE)


def original(db, number):
    with db.read() as work:
        return kept(work, find_letter(work, number).file_hash)


def given(db, people, number):
    return letter_view.letter_file(db, people.clerk, number)[1]


def slot(db, people):
    return letter_view.letter_slots(db, people.clerk)[0]


def broken(db):
    with db.read() as work:
        return {one.code: one.broken for one in examine(work)}


def signatures(db):
    with db.read() as work:
        return work.session.scalar(select(func.count()).select_from(LetterSignature))


def test_that_an_approver_signs_an_issued_letter(founded, people, form, key):  # D5.2
    first = form[1][0]
    before = original(founded, first)
    signing.sign_letter(founded, people.supervisor, first, key)
    after = given(founded, people, first)
    assert after.startswith(before)
    assert len(after) > len(before)
    assert original(founded, first) == before
    report = check_signature(after)
    assert (report.sound, report.card.name) == (True, NAME)
    with founded.read() as work:
        assert report.at == work.now
    assert broken(founded)["A6"] == ()


def test_that_the_page_tells_who_signed_with_whose_certificate(  # D5.2
    founded, people, form, key
):
    assert slot(founded, people).signature is None
    signing.sign_letter(founded, people.supervisor, form[1][0], key)
    found = slot(founded, people).signature
    assert (found.signer, found.issuer, found.serial) == (NAME, AUTHORITY, key.card.serial)
    assert found.valid_until == START + timedelta(days=365)
    with founded.read() as work:
        assert found.at == work.now
    assert found.by


def test_that_the_trail_tells_it_of_every_agreement_of_the_letter(  # D5.4
    founded, people, form, key
):
    signing.sign_letter(founded, people.supervisor, form[1][0], key)
    with founded.read() as work:
        letter = find_letter(work, form[1][0])
        rows = list(
            work.session.scalars(select(AuditEntry).where(AuditEntry.act == "letter.signed"))
        )
        [row] = work.session.scalars(select(LetterSignature))
        assert [one.subject for one in rows] == [f"agreement:{one}" for one in letter.covers]
        for said in (letter.number, NAME, AUTHORITY, row.serial, row.file_hash):
            assert said in rows[0].after
    assert ACT_LABELS["letter.signed"] == "数字签章函件"
    assert verify(founded).ok


@pytest.mark.parametrize("who", ["clerk", "auditor", "admin"])
def test_that_who_does_not_approve_does_not_sign(  # D1.3
    founded, people, form, key, p12, who
):
    actor = getattr(people, who)
    with pytest.raises(Denied, match="对函件数字签章"):
        signing.sign_letter(founded, actor, form[1][0], key)
    with pytest.raises(Denied):
        signing.open_credential(founded, actor, p12, PASSPHRASE)
    with pytest.raises(Denied):
        signing.sign_letters(founded, actor, form[1], key)
    assert signatures(founded) == 0


def test_that_nothing_is_signed_twice_nor_once_it_is_void_nor_unknown(  # D5.2
    founded, people, form, key
):
    first, second = form[1]
    signing.sign_letter(founded, people.cfo, first, key)
    with pytest.raises(NotToSign, match="已签章，不再重复"):
        signing.sign_letter(founded, people.supervisor, first, key)
    notices.void_letter(founded, people.clerk, second, "户名有误")
    with pytest.raises(NotToSign, match="已作废"):
        signing.sign_letter(founded, people.cfo, second, key)
    with pytest.raises(NotFound, match="没有编号为"):
        signing.sign_letter(founded, people.cfo, "华精财函〔2026〕99号", key)
    assert signatures(founded) == 1


def test_that_a_certificate_that_expired_since_it_was_opened_does_not_sign(  # D5.2
    founded, people, form, key
):
    card = replace(key.card, valid_until=datetime(2026, 3, 1, tzinfo=UTC))
    with pytest.raises(BadCredential, match="过期"):
        signing.sign_letters(founded, people.cfo, form[1], replace(key, card=card))
    assert signatures(founded) == 0


def test_that_a_batch_signs_each_by_itself_and_may_be_stopped(founded, people, form, key):  # D5.2
    heard = []
    first, second = form[1]
    stopped = signing.sign_letters(
        founded, people.cfo, form[1], key, lambda *told: heard.append(told), lambda: bool(heard)
    )
    assert (stopped.numbers, stopped.failed, stopped.left) == ((first,), (), (second,))
    assert heard == [(1, 2)]
    rest = signing.sign_letters(founded, people.cfo, form[1], key)
    assert rest.numbers == (second,)
    assert [(one.number, type(one.refusal)) for one in rest.failed] == [(first, NotToSign)]


def test_that_a_right_lost_in_a_batch_keeps_what_was_signed(  # D1.3
    founded, people, form, key
):
    def lose(done, _total):
        if done == 1:
            end_role(founded, people.admin, EndRole("cfo", Role.CFO, "调岗"))

    first, second = form[1]
    done = signing.sign_letters(founded, people.cfo, form[1], key, lose)
    assert (done.numbers, done.left) == ((first,), ())
    assert [(one.number, type(one.refusal)) for one in done.failed] == [(second, Denied)]
    assert signatures(founded) == 1


def test_that_a_signer_s_name_without_a_glyph_signs_nothing(founded, people, form):  # D5.2
    authority, ours = make_authority(), new_key("ec")
    certificate = make_certificate(ours, "无字\U000f0000人", authority=authority)
    data = sealed(ours, certificate, [authority[0]])
    key = signing.open_credential(founded, people.cfo, data, PASSPHRASE)
    done = signing.sign_letters(founded, people.cfo, form[1], key)
    assert [type(one.refusal) for one in done.failed] == [MissingGlyph, MissingGlyph]
    assert signatures(founded) == 0


def test_that_the_mail_carries_the_signed_letter(founded, people, form, box, server, key):  # D5.2
    first = form[1][0]
    signing.sign_letter(founded, people.cfo, first, key)
    draft = sending.letter_mail(founded, people.clerk, first)
    mail = Mail(draft.about, "lijie@icbc.example", draft.subject, draft.body)
    sending.send(founded, people.clerk, mail, server, lambda _: None)
    [message] = box.messages
    letter, _ = [one.get_content() for one in message.iter_attachments()]
    assert letter == given(founded, people, first)
    assert check_signature(letter).sound


def test_that_one_letter_is_printed_byte_for_byte_and_many_with_their_marks(  # D5.2
    founded, people, form, key
):
    signing.sign_letters(founded, people.cfo, form[1], key)
    alone = letter_view.print_file(founded, people.clerk, form[1][:1])
    assert alone.data == given(founded, people, form[1][0])
    together = letter_view.print_file(founded, people.clerk, form[1])
    said = "".join(page_text(together.data, at) for at in range(page_count(together.data)))
    assert said.count("签名人：") == 2


def test_that_a_proof_is_signed_beside_its_code(founded, people, form, key):  # D5.4
    number = proving.issue_proof(founded, people.clerk, form[0])
    signing.sign_letter(founded, people.cfo, number, key)
    data = given(founded, people, number)
    assert check_signature(data).sound
    assert data.startswith(original(founded, number))


def test_that_what_is_signed_stays_as_it_was_written(founded, people, form, key):  # D5.4
    signing.sign_letter(founded, people.cfo, form[1][0], key)
    for change in ("UPDATE letter_signature SET signer = ''", "DELETE FROM letter_signature"):
        with pytest.raises(DatabaseError, match="letter_signature"), founded.write() as uow:
            uow.session.execute(text(change))
    assert signatures(founded) == 1


def test_that_a_signed_file_that_does_not_continue_its_letter_is_found(  # D5.4
    founded, people, form, key
):
    signing.sign_letter(founded, people.cfo, form[1][0], key)
    with founded.write() as uow:
        wrong = find_letter(uow, form[1][1])
        row = uow.session.scalars(select(LetterSignature)).one()
        values = {name: getattr(row, name) for name in ("file_hash", "signer", "issuer", "serial")}
        uow.session.add(
            LetterSignature(
                letter_id=wrong.id,
                valid_until=row.valid_until,
                signed_by=row.signed_by,
                signed_at=row.signed_at,
                **values,
            )
        )
        record(uow, SYSTEM_ACTOR, Event("test.made", "letter:1"))
        uow.commit()
    assert broken(founded)["A6"] == (form[1][1],)


def secrets_of(secret):
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    number = secret.private_numbers().private_value.to_bytes(32, "big")
    return (
        PASSPHRASE.encode(),
        PASSPHRASE.encode("utf-16-le"),
        number,
        number.hex().encode(),
        secret.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    )


def test_that_neither_file_nor_password_nor_key_is_left_anywhere(  # D5.2
    founded, people, form, key, p12, secret, caplog
):
    caplog.set_level(0)
    with pytest.raises(BadCredential):
        signing.open_credential(founded, people.cfo, p12, PASSPHRASE + "x")
    signing.sign_letters(founded, people.cfo, form[1], key)
    forbidden = (p12, *secrets_of(secret))
    with founded.read() as work:
        connection = work.session.connection()
        for name in inspect(connection).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                for value in row:
                    raw = (
                        bytes(value)
                        if isinstance(value, bytes | memoryview)
                        else str(value).encode()
                    )
                    assert not any(one in raw for one in forbidden), name
    if founded.engine.dialect.name == "sqlite":
        folder = Path(founded.engine.url.database).parent
        data = b"".join(one.read_bytes() for one in folder.iterdir() if one.is_file())
        assert NAME.encode() in data
        assert not any(one in data for one in forbidden)
    said = caplog.text.encode()
    assert not any(one in said for one in forbidden)

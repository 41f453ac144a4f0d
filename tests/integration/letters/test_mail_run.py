"""Many letters in one run: each with its own outcome, nothing twice, and it goes on where it was."""

from dataclasses import replace
from datetime import date

import pytest

from app.access.approvals import Decision, Verdict
from app.access.errors import Denied
from app.agreements import cancelling, mail_run, notices, prospects, sending, service
from app.agreements.cancelling import CancelRow, RequestCancel
from app.agreements.fields import AgreementFields
from app.agreements.letter_view import SlotState, letter_slots
from app.agreements.mail_run import Ended, Outcome
from app.agreements.sending import Mail
from app.core.money import Money
from app.letters.passwords import MailPasswords
from app.letters.post import Handed, Line, Server
from app.letters.setup import Security, save_setup
from app.letters.states import MailState
from tests.integration.letters.conftest import SETUP, password_checker

PAYEES = tuple(f"上海临江{what}有限公司" for what in ("供电", "供水", "燃气", "通信", "物业"))


@pytest.fixture
def letters(founded, people, make_account):
    """Six letters: one to the bank, five to payees."""
    save_setup(founded, people.cfo, SETUP)
    account = make_account()
    numbers = [
        service.register(
            founded,
            people.clerk,
            AgreementFields(
                account_number=account.number,
                payee_name=name,
                starts_on=date(2026, 1, 1),
                amount=Money.parse("500"),
                first_debit_on=date(2026, 1, 20),
            ),
        )
        for name in PAYEES
    ]
    rows = []
    with founded.read() as work:
        for number in numbers:
            row = service.find_agreement(work, number)
            ticks = {one.code: one.value for one in prospects.checklist_of(work, row)}
            rows.append(CancelRow(number, row.version, ticks))
    asked = cancelling.request(
        founded,
        people.clerk,
        RequestCancel(tuple(rows), "改为人工付款", date(2026, 3, 31), "clerk"),
    )
    verdict = Verdict(asked.approval_id, Decision.APPROVE, "同意", 1)
    cancelling.decide(founded, people.supervisor, verdict)
    return notices.issue_letters(founded, people.clerk, asked.form_no).numbers


@pytest.fixture
def mails(founded, people, letters):
    """Each with an address of its own."""
    drafts = sending.letter_mails(founded, people.clerk, letters)
    return [
        Mail(draft.about, f"to{place}@bank.example", draft.subject, draft.body, first=True)
        for place, draft in enumerate(drafts)
    ]


@pytest.fixture
def run(founded, people, server, mails):
    """Send them all: `run(cancelled=…)`; pauses end at once."""

    def go(some=None, to=server, who=None, passwords=None, **changes):
        return mail_run.send_run(
            founded,
            who or people.clerk,
            mails if some is None else some,
            to,
            lambda _: None,
            passwords or MailPasswords(),
            **changes,
        )

    return go


def outcomes(found):
    return [line.outcome for line in found.lines]


def states(db, people):
    return sorted(slot.state for slot in letter_slots(db, people.clerk))


def test_that_each_letter_goes_to_its_own_address(founded, people, run, box, letters):  # D5.2 D5.3
    told = []
    found = run(told=lambda done, every: told.append((done, every)))
    assert (outcomes(found), found.ended) == ([Outcome.SENT] * 6, None)
    assert [one["To"] for one in box.messages] == [f"to{n}@bank.example" for n in range(6)]
    assert [letters[n] in one["Subject"] for n, one in enumerate(box.messages)] == [True] * 6
    assert told == [(n, 6) for n in range(1, 7)]
    assert states(founded, people) == [SlotState.WAITING] * 6


def test_that_one_connection_serves_them_all(run, box, monkeypatch):  # D5.2
    opened = []
    real = Line._usable
    monkeypatch.setattr(Line, "_usable", lambda self: opened.append(real(self)) or opened[-1])
    run()
    assert len(box.raw) == 6
    assert opened[0] is None
    assert len({id(one) for one in opened[1:]}) == 1


def test_that_a_stopped_run_goes_on_with_what_is_left(run, box):  # D5.2
    done = []
    found = run(told=lambda *_: done.append(1), cancelled=lambda: len(done) >= 2)
    assert outcomes(found) == [Outcome.SENT] * 2 + [Outcome.LEFT] * 4
    assert found.ended is Ended.STOPPED
    again = run()
    assert outcomes(again) == [Outcome.PASSED] * 2 + [Outcome.SENT] * 4
    assert len(box.raw) == 6


def test_that_what_was_sent_meanwhile_is_not_sent_again(founded, people, run, box, mails, server):
    sending.send(founded, people.clerk, replace(mails[2], first=False), server, lambda _: None)
    found = run()
    assert outcomes(found)[2] is Outcome.PASSED
    assert len(box.raw) == 6


def test_that_an_address_that_is_refused_stops_no_other(run, box, mails):  # D5.2
    real = box.handle_RCPT

    async def pick(server, session, envelope, address, options):
        box.recipient_says = "550 no such box" if address.startswith("to3") else "250 OK"
        return await real(server, session, envelope, address, options)

    box.handle_RCPT = pick
    found = run()
    expected = [Outcome.SENT] * 6
    expected[3] = Outcome.FAILED
    assert outcomes(found) == expected
    assert "no such box" in found.lines[3].said
    assert found.ended is None


def test_that_two_letters_without_an_answer_end_the_run(founded, people, run, box):  # D5.2
    box.cut = "content"
    found = run()
    assert outcomes(found) == [Outcome.UNKNOWN] * 2 + [Outcome.LEFT] * 4
    assert found.ended is Ended.UNKNOWN
    assert states(founded, people) == sorted([SlotState.UNKNOWN] * 2 + [SlotState.READY] * 4)
    box.cut = ""
    again = run()
    # Of what may have arrived nothing is sent again by itself.
    assert outcomes(again) == [Outcome.PASSED] * 2 + [Outcome.SENT] * 4


def test_that_a_server_that_is_not_there_ends_the_run(run):  # D5.2
    found = run(to=Server("127.0.0.1", 9, Security.NONE, timeout=1.0))
    assert found.ended is Ended.LINE
    assert outcomes(found)[2:] == [Outcome.LEFT] * 4


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server stands on this machine
def test_that_a_password_that_is_refused_is_forgotten(start, run, mails, monkeypatch):  # D5.2
    guarded = start(authenticator=password_checker, auth_required=True, auth_require_tls=False)
    passwords = MailPasswords()
    passwords._session["cw@127.0.0.1"] = "wrong"
    monkeypatch.setattr("keyring.get_password", lambda *_: "wrong")
    monkeypatch.setattr("keyring.delete_password", lambda *_: None)
    monkeypatch.setattr("keyring.set_password", lambda *_: None)
    server = passwords.fill(replace(guarded, user="cw"))
    assert server.password == "wrong"
    found = run(to=server, passwords=passwords)
    assert found.ended is Ended.SIGN_IN
    assert outcomes(found) == [Outcome.FAILED] + [Outcome.LEFT] * 5
    assert passwords.fill(server).password == ""
    right = replace(server, password="secret-1")
    assert run(to=right, passwords=passwords).count(Outcome.SENT) == 6
    assert passwords.fill(server).password == "secret-1"


def test_that_only_who_manages_agreements_sends_a_run(people, run, box):  # D1.3
    with pytest.raises(Denied):
        run(who=people.auditor)
    assert box.raw == []


def test_that_an_accepted_mail_that_then_breaks_off_is_unknown_not_failed(founded, people, mails):
    """The rule behind: what a fake line says goes to the record as it was said."""

    class Broken:
        def post(self, *_):
            return Handed(MailState.UNKNOWN, "没有答复")

    handed = sending.send(
        founded,
        people.clerk,
        mails[0],
        Server("h", 1, Security.NONE),
        lambda _: None,
        Broken().post,
    )
    assert handed.state is MailState.UNKNOWN
    [slot] = [one for one in letter_slots(founded, people.clerk) if one.number == mails[0].about]
    assert slot.state is SlotState.UNKNOWN

"""技术支持工单: drafted from what is known, complete before it is sent, written once after it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.errors import Denied
from app.agreements.confirming import Scan
from app.audit.queries import of_subject
from app.core.errors import BadInput, Conflict, NotFound
from app.core.version import VERSION
from app.incidents.case_view import timeline
from app.incidents.evidence.keeping import (
    AddEvidence,
    Category,
    add_evidence,
    withdraw_evidence,
)
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.response_view import response
from app.incidents.states import EntryKind, Severity
from app.incidents.vendor.ticket_form import NO_ACCOUNT, NO_CODE, TicketFields, TicketState
from app.incidents.vendor.tickets import (
    SendTicket,
    TicketIncomplete,
    TicketSent,
    new_ticket,
    save_ticket,
    send_ticket,
    ticket_as_text,
    ticket_paper,
    tickets,
)
from app.payments import diagnosing
from app.payments.answers import BankAnswer, record_answer
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.payments.sending import write_attempt

LOG = "2026-03-02T02:00:00+00:00 ERROR app.sending 通讯超时".encode()


@pytest.fixture
def account(make_account):
    return make_account()


@pytest.fixture
def payment(people, channels, account, make_payment):
    return make_payment(account=account, made_by=people.clerk, due_on=date(2026, 3, 2)).number


@pytest.fixture
def number(founded, people, payment):
    return open_incident(
        founded, people.clerk, OpenIncident((), Severity.P1, "银企直连报错", payments=(payment,))
    )


@pytest.fixture
def proof(founded, people, number):
    scan = Scan("日志.log", LOG)
    return add_evidence(founded, people.clerk, AddEvidence(number, Category.LOG, scan))


@pytest.fixture
def whole(founded, people, number, proof):
    """A draft that lacks nothing."""
    made = new_ticket(founded, people.clerk, number)
    fields = replace(made, steps="点“提交银行”", phone="021-58880000")
    return save_ticket(founded, people.clerk, number, fields)


def send(db, actor, ticket, version=1, vendor="某某软件", theirs="CS-1024"):
    send_ticket(db, actor, SendTicket(ticket, vendor, theirs, version))


def test_that_a_ticket_is_filled_from_what_is_known(  # A1.3 B3.3
    founded, people, number, payment, account, proof
):
    line = payment_detail(founded, people.clerk, payment).line
    write_attempt(founded, people.clerk, payment, line.version, SystemFacts())
    record_answer(founded, people.clerk, BankAnswer(payment, "95", "待核查"))
    diagnosing.run(founded, people.clerk, SystemFacts(), [payment])
    found = new_ticket(founded, people.clerk, number)
    assert VERSION in found.software
    assert founded.dialect in found.software
    assert "银企直连报错" in found.symptom
    assert "\n" in found.symptom
    assert found.error_code == "95"
    assert found.evidence == (proof,)
    assert account.number[-4:] in found.accounts
    assert account.number not in found.accounts
    assert found.contact == people.clerk.name
    assert found.happened_at is not None
    # Only a person knows what was done.
    assert found.steps == ""


def test_that_an_incident_without_payments_says_so(founded, people):  # B3.3
    made = open_incident(
        founded, people.clerk, OpenIncident((), Severity.P2, "打不开", "登录页空白")
    )
    found = new_ticket(founded, people.clerk, made)
    assert (found.error_code, found.accounts) == (NO_CODE, NO_ACCOUNT)


def test_that_a_draft_is_kept_with_each_change(founded, people, number):  # B3.3
    first = save_ticket(founded, people.clerk, number, TicketFields(steps="点登录"))
    again = save_ticket(founded, people.clerk, number, TicketFields(steps="点提交"), first, 1)
    assert first == again == "GD-2026-0001"
    [line] = tickets(founded, people.auditor, number)
    assert (line.state, line.fields.steps, line.version) == (TicketState.DRAFT, "点提交", 2)
    assert "steps" not in {one.field for one in line.missing}
    with founded.read() as work:
        entry = of_subject(work, f"incident:{number}")[0]
    assert (entry.before, entry.after) == (
        {"steps": "点登录"},
        {"steps": "点提交", "ticket": first},
    )


def test_that_the_loser_of_a_race_is_told(founded, people, number):  # B3.3
    made = save_ticket(founded, people.clerk, number, TicketFields(steps="一"))
    save_ticket(founded, people.checker, number, TicketFields(steps="二"), made, 1)
    with pytest.raises(Conflict):
        save_ticket(founded, people.clerk, number, TicketFields(steps="三"), made, 1)


def test_that_an_incomplete_ticket_is_not_sent(founded, people, number):  # B3.3
    made = save_ticket(founded, people.clerk, number, TicketFields(steps="点登录"))
    with pytest.raises(TicketIncomplete) as refused:
        send(founded, people.clerk, made)
    assert "软件名称与版本" in refused.value.message
    assert "截图/日志" in refused.value.hint
    [line] = tickets(founded, people.clerk, number)
    assert line.state is TicketState.DRAFT


def test_that_sending_is_written_down_and_ends_all_changes(  # B3.3 B5.1
    founded, people, number, whole
):
    with pytest.raises(BadInput):
        send(founded, people.clerk, whole, vendor=" ")
    send(founded, people.clerk, whole)
    [line] = tickets(founded, people.clerk, number)
    assert (line.state, line.vendor_number, line.missing) == (TicketState.SENT, "CS-1024", ())
    entry = max(timeline(founded, people.clerk, number), key=lambda one: one.entry_id)
    assert entry.kind is EntryKind.CONTACT
    assert (whole in entry.text, "CS-1024" in entry.text) == (True, True)
    assert "某某软件" in entry.text + entry.what + entry.who
    with pytest.raises(TicketSent):
        save_ticket(founded, people.clerk, number, TicketFields(), whole, line.version)
    with pytest.raises(TicketSent):
        send(founded, people.clerk, whole, line.version)
    with pytest.raises(DBAPIError), founded.write() as uow:
        uow.session.execute(text("UPDATE support_ticket SET symptom = '另一个'"))
    with pytest.raises(DBAPIError), founded.write() as uow:
        uow.session.execute(text("DELETE FROM support_ticket"))


def test_that_a_sent_ticket_is_word_with_the_vendor(founded, people, number, whole):  # B3.3
    assert response(founded, people.clerk, number).standing.vendor_talks == 0
    send(founded, people.clerk, whole)
    assert response(founded, people.clerk, number).standing.vendor_talks == 1


def test_that_withdrawn_evidence_is_asked_for_again(founded, people, number, whole, proof):  # B3.3
    withdraw_evidence(founded, people.clerk, proof, "截错了")
    [line] = tickets(founded, people.clerk, number)
    assert [one.field for one in line.missing] == ["evidence"]
    with pytest.raises(TicketIncomplete):
        send(founded, people.clerk, whole)


def test_that_what_is_sent_holds_nothing_confidential(  # B3.3
    founded, people, number, payment, account, whole
):
    payee = payment_detail(founded, people.clerk, payment).line.payee
    [line] = tickets(founded, people.clerk, number)
    told = replace(
        line.fields,
        steps=f"付给{payee}，账号 {account.number}，password=abc12345",
        accounts=account.number,
    )
    save_ticket(founded, people.clerk, number, told, whole, 1)
    text = ticket_as_text(founded, people.auditor, whole)
    for secret in (payee, account.number, "abc12345"):
        assert secret not in text
    # Whom to call back must be known.
    assert "021-58880000" in text
    assert ticket_paper(founded, people.auditor, whole).data.startswith(b"%PDF-")


def test_that_only_who_deals_with_it_writes_a_ticket(founded, people, number, whole):  # B3.3
    with pytest.raises(Denied):
        save_ticket(founded, people.auditor, number, TicketFields())
    with pytest.raises(Denied):
        send(founded, people.auditor, whole)
    with pytest.raises(NotFound):
        ticket_as_text(founded, people.clerk, "GD-2026-0099")
    other = open_incident(founded, people.clerk, OpenIncident((), Severity.P3, "别的", "别的事"))
    with pytest.raises(NotFound):
        save_ticket(founded, people.clerk, other, TicketFields(), whole, 1)


def test_that_nothing_happens_in_the_future(founded, people, number, whole):  # B3.3
    [line] = tickets(founded, people.clerk, number)
    later = replace(line.fields, happened_at=founded.clock.now() + timedelta(hours=1))
    save_ticket(founded, people.clerk, number, later, whole, 1)
    [line] = tickets(founded, people.clerk, number)
    assert [one.field for one in line.missing] == ["happened_at"]

"""付款查询函: asked of each bank once, followed until every result is known."""

from datetime import date

import pytest

from app.agreements.letter_view import SlotState, letter_slots
from app.agreements.sending import record_dispatch
from app.audit.queries import AuditFilter, entries
from app.core.errors import BadInput, Conflict
from app.documents.preview import page_text
from app.incidents import acting_on
from app.incidents.bank_query import issue_queries, preview_queries
from app.incidents.case_view import incident_lines, timeline
from app.incidents.opening import OpenIncident, join_incident, open_incident
from app.incidents.states import Severity
from app.letters.dispatching import RecordDispatch
from app.letters.errors import LetterKnown, SetupMissing
from app.letters.setup import Setup, save_setup
from app.letters.states import Carrier, LetterKind
from app.payments import sending
from app.payments.answers import CheckResult, RecordCheck
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts
from tests.support.incidents import take_on


@pytest.fixture
def letters_set_up(founded, people):
    save_setup(founded, people.cfo, Setup("华精财函", "王会计", "021-58001234"))


@pytest.fixture
def account(channels, make_account):
    return make_account()


@pytest.fixture
def send(founded, people, make_payment, account):
    """A payment that was sent and of which nobody knows what became: `send(amount)`."""

    def made(**changes):
        row = make_payment(account=account, made_by=people.clerk, **changes)
        line = payment_detail(founded, people.clerk, row.number).line
        sending.write_attempt(founded, people.clerk, row.number, line.version, SystemFacts())
        return row.number

    return made


@pytest.fixture
def caused(founded, people, send):
    """An incident about one unknown payment, with its cause."""
    number = open_incident(
        founded, people.clerk, OpenIncident((), Severity.P1, "没有回执", payments=(send(),))
    )
    take_on(founded, people.clerk, number, "渠道报错")
    return number


def payments(db, people):
    [line] = incident_lines(db, people.clerk)
    return line.payments


def words(paper):
    pages = (page_text(paper.data, page) for page in range(paper.pages))
    return "".join("".join(pages).split())


def test_that_the_letter_names_day_amount_payee_and_account(  # B4.3
    founded, people, caused, letters_set_up
):
    [number] = payments(founded, people)
    paper = preview_queries(founded, people.clerk, caused, [number])
    said = words(paper)
    row = payment_detail(founded, people.clerk, number).line
    for part in (number, row.payee, "2026-03-02", "1,000.00", "壹仟元整"):
        assert part in said, part


def test_that_each_payment_is_asked_about_once(
    founded, people, caused, send, letters_set_up
):  # B4.1
    [number] = payments(founded, people)
    [first] = issue_queries(founded, people.clerk, caused, [number])
    with pytest.raises(LetterKnown, match=first[:4]):
        issue_queries(founded, people.clerk, caused, [number])
    other = send()
    join_incident(founded, people.clerk, caused, (), "又一笔", payments=(other,))
    [second] = issue_queries(founded, people.clerk, caused, [number, other])
    covers = {one.number: one.covers for one in letter_slots(founded, people.clerk)}
    assert covers == {first: (number,), second: (other,)}
    with founded.read() as work:
        told = entries(work, AuditFilter(act="letter.issued"))
    assert {one.subject for one in told} == {f"payment:{number}", f"payment:{other}"}
    assert any(first in one.text for one in timeline(founded, people.clerk, caused))


def test_that_it_is_answered_once_the_result_is_known(  # B4.2
    founded, people, caused, letters_set_up
):
    [number] = payments(founded, people)
    [letter] = issue_queries(founded, people.clerk, caused, [number])

    def slot():
        [found] = letter_slots(founded, people.clerk)
        return found

    assert (slot().kind, slot().state) == (LetterKind.BANK_QUERY, SlotState.READY)
    day = date(2026, 3, 2)
    record_dispatch(founded, people.clerk, RecordDispatch(letter, Carrier.COUNTER, day, "柜员 李"))
    assert slot().state is SlotState.WAITING
    check = RecordCheck(
        number, CheckResult.NOT_DEBITED, "李经理", founded.clock.now(), "书面答复未扣"
    )
    acting_on.bank_said(founded, people.clerk, caused, check)
    assert slot().state is SlotState.ANSWERED


def test_that_only_what_is_unknown_is_asked(  # B4.1
    founded, people, caused, make_payment, account, letters_set_up
):
    known = make_payment(account=account, made_by=people.clerk).number
    with pytest.raises(BadInput, match="不在"):
        issue_queries(founded, people.clerk, caused, [known])
    join_incident(founded, people.clerk, caused, (), "一并查看", payments=(known,))
    with pytest.raises(BadInput, match="没有待查询的结果"):
        issue_queries(founded, people.clerk, caused, [known])
    with pytest.raises(BadInput, match="选择"):
        issue_queries(founded, people.clerk, caused, [])


def test_that_nothing_is_asked_before_the_cause_or_without_a_letterhead(  # B1.1
    founded, people, send, caused
):
    [number] = payments(founded, people)
    with pytest.raises(SetupMissing):
        issue_queries(founded, people.clerk, caused, [number])
    other = open_incident(
        founded, people.clerk, OpenIncident((), Severity.P2, "另一件", payments=(send(),))
    )
    with pytest.raises(Conflict, match="尚未开放"):
        issue_queries(founded, people.clerk, other, [number])

"""Cancelling: asked by one, approved by another, over when the bank has confirmed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.access.approvals import Decision
from app.access.errors import Denied, FreshSignInNeeded, RemarkNeeded, SelfApproval
from app.access.inbox import waiting_for
from app.agreements import cancelling, prospects, service
from app.agreements.cancelling import RequestCancel
from app.agreements.errors import BadAgreement, NoConfirmation, NotCancellable
from app.agreements.model import Agreement, BankTerm, Cancellation, CancellationItem, Takeover
from app.agreements.queries import agreement_detail
from app.agreements.states import AgreementState, Answer, CancelState, ItemState, Method
from app.core.money import Money
from app.incidents.daily import daily_check
from app.letters.states import Party
from app.payments.diagnosis.facts import SystemFacts
from tests.integration.agreements.conftest import WISHED, row
from tests.support.rows import save


def state(db, number):
    with db.read() as work:
        return service.state_of(service.find_agreement(work, number), work.today)


def tasks(db, number):
    with db.read() as work:
        agreement = service.find_agreement(work, number)
        rows = work.session.scalars(
            select(Takeover).where(Takeover.agreement_id == agreement.id).order_by(Takeover.due_on)
        )
        return [(one.due_on, one.amount_minor, one.state) for one in rows]


def item(db, number):
    with db.read() as work:
        agreement = service.find_agreement(work, number)
        return work.session.scalars(
            select(CancellationItem)
            .where(CancellationItem.agreement_id == agreement.id)
            .order_by(CancellationItem.id.desc())
        ).first()


def test_that_it_is_cancelled_only_when_the_bank_has_confirmed(
    founded, registered, ask, decide, answer
):  # D4.3 D5.1
    number = registered()
    asked = ask(number)
    assert (asked.form_no, asked.taken, asked.left) == ("QK-2026-0001", (number,), ())
    assert state(founded, number) is AgreementState.CANCELLING
    assert decide(asked) is CancelState.APPROVED
    assert state(founded, number) is AgreementState.CANCELLING
    assert answer(number, said=Answer.PENDING) is AgreementState.CANCELLING
    assert answer(number, Party.SUPPLIER) is AgreementState.CANCELLING
    assert answer(number) is AgreementState.CANCELLED
    kept = item(founded, number)
    assert (kept.state, kept.open, kept.effective_on) == (
        ItemState.CONFIRMED,
        False,
        date(2026, 3, 16),
    )


def test_that_each_step_stands_in_the_agreements_trail(
    founded, people, registered, ask, decide, answer
):  # D4.4
    number = registered()
    decide(ask(number))
    answer(number)
    trace = agreement_detail(founded, people.clerk, number).trace
    assert [one.act for one in trace] == [
        "cancel.confirmed",
        "cancel.approved",
        "cancel.requested",
        "agreement.registered",
    ]
    assert trace[0].reason == "回执原件 1 份，存档 H-12"


@pytest.mark.parametrize("missing", [{"person": " "}, {"evidence": ""}, {"effective_on": None}])
def test_that_no_confirmation_counts_without_proof(
    founded, registered, ask, decide, answer, missing
):  # D5.6
    number = registered()
    decide(ask(number))
    with pytest.raises(NoConfirmation):
        answer(number, **missing)
    assert state(founded, number) is AgreementState.CANCELLING


def test_that_a_confirmation_is_not_from_the_future(registered, ask, decide, answer):  # D5.6
    number = registered()
    decide(ask(number))
    with pytest.raises(NoConfirmation, match="晚于今天"):
        answer(number, answered_on=date(2026, 3, 3))


def test_that_nothing_is_confirmed_before_it_was_approved(registered, ask, answer):  # D5.1
    number = registered()
    with pytest.raises(NoConfirmation, match="没有取消申请"):
        answer(number)
    ask(number)
    with pytest.raises(NoConfirmation, match="待审批"):
        answer(number)


def test_that_the_database_refuses_what_no_bank_confirmed(founded, registered, ask, decide):  # D5.1
    number = registered()
    decide(ask(number))
    with pytest.raises(DBAPIError, match="no bank has confirmed"), founded.write() as uow:
        uow.session.execute(text("UPDATE agreement SET state = 'CANCELLED'"))


@pytest.mark.parametrize(
    "act", ["UPDATE confirmation SET evidence = ''", "DELETE FROM confirmation"]
)
def test_that_a_confirmation_is_kept_as_it_was_written(
    founded, registered, ask, decide, answer, act
):  # D5.6
    number = registered()
    decide(ask(number))
    answer(number)
    with pytest.raises(DBAPIError, match="kept as it was written"), founded.write() as uow:
        uow.session.execute(text(act))


def test_that_the_suppliers_word_is_not_the_banks(founded, registered, ask, decide, answer):  # D5.1
    number = registered()
    decide(ask(number))
    answer(number, Party.SUPPLIER)
    with pytest.raises(DBAPIError, match="no bank has confirmed"), founded.write() as uow:
        uow.session.execute(text("UPDATE agreement SET state = 'CANCELLED'"))


def test_that_the_bank_may_refuse(founded, registered, ask, decide, answer):  # D5.5
    number = registered()
    decide(ask(number))
    assert answer(number, said=Answer.REFUSED) is AgreementState.ACTIVE
    assert item(founded, number).state == ItemState.REFUSED
    assert {one[2] for one in tasks(founded, number)} == {"VOID"}
    assert ask(number).form_no == "QK-2026-0002"


@pytest.mark.parametrize("decision", [Decision.RETURN, Decision.REJECT])
@pytest.mark.parametrize("suspended", [False, True])
def test_that_what_is_not_approved_is_as_it_was(
    founded, people, registered, ask, decide, decision, suspended
):  # D4.4
    number = registered()
    if suspended:
        service.suspend(founded, people.clerk, number, "有争议", 1)
    before = state(founded, number)
    decide(ask(number), decision, remark="先与供应商谈")
    assert state(founded, number) is before
    assert item(founded, number).state == ItemState.DROPPED
    assert {one[2] for one in tasks(founded, number)} == {"VOID"}


def test_that_refusing_needs_a_remark(registered, ask, decide):  # D4.4
    with pytest.raises(RemarkNeeded):
        decide(ask(registered()), Decision.REJECT, remark="")


def test_that_nobody_approves_their_own_request(
    founded, registered, add_person, sign_in_as, decide
):  # E4.4
    add_person("both", "孔主管", "MAKER", "SUPERVISOR")
    both, number = sign_in_as("both"), registered()
    command = RequestCancel((row(founded, number),), "改为人工", WISHED, "both", typed=number)
    asked = cancelling.request(founded, both, command)
    with pytest.raises(SelfApproval):
        decide(asked, who=both)


def test_that_it_waits_in_the_supervisors_waiting_for(founded, people, registered, ask):  # D4.4
    asked = ask(registered(), registered(customer_no="2"))
    [line] = waiting_for(founded, people.supervisor)
    assert (line.subject_no, line.title) == (
        asked.form_no,
        "取消自动扣款 国网上海市电力公司 等 2 份协议",
    )
    assert waiting_for(founded, people.checker) == []


@pytest.mark.parametrize("who", ["checker", "supervisor", "auditor"])
def test_that_only_the_clerk_asks(founded, people, registered, who):  # D1.3
    number = registered()
    command = RequestCancel((row(founded, number),), "改为人工", WISHED, "clerk", typed=number)
    with pytest.raises(Denied):
        cancelling.request(founded, getattr(people, who), command)


def test_that_each_row_of_a_batch_has_its_own_outcome(
    founded, people, registered, ask, clock
):  # D3.3 D2.4
    good = registered(customer_no="1")
    expired = registered(customer_no="2", ends_on=date(2026, 3, 1))
    changed, running = registered(customer_no="3"), registered(customer_no="4")
    rows = tuple(row(founded, number) for number in (good, expired, changed, running))
    service.suspend(founded, people.clerk, changed, "刚刚暂停", 1)
    ask(running)
    asked = ask(good, rows=rows, typed="")
    assert asked.taken == (good,)
    assert [(one.number, one.why[:12]) for one in asked.left] == [
        (expired, "当前为“已失效”，不需要再"[:12]),
        (changed, "已被 clerk 陈经办 于"[:12]),
        (running, "已被 clerk 陈经办 于"[:12]),
    ]


def test_that_a_batch_of_none_is_refused_with_every_reason(founded, registered, ask):  # D3.3
    first = registered(customer_no="1", ends_on=date(2026, 3, 1))
    second = registered(customer_no="2", ends_on=date(2026, 2, 1))
    with pytest.raises(NotCancellable, match=f"{first}.*{second}"):
        ask(first, second)
    with founded.read() as work:
        assert work.session.scalars(select(Cancellation)).all() == []


def test_that_what_was_not_looked_at_is_left_out(founded, registered, ask):  # D2.3
    number = registered()
    seen = row(founded, number)
    without = {code: value for code, value in seen.ticks.items() if code != "amount"}
    with pytest.raises(NotCancellable, match="“金额”尚未核对"):
        ask(number, rows=(replace(seen, ticks=without),))
    other = {**seen.ticks, "amount": "单笔上限 1.00"}
    with pytest.raises(NotCancellable, match="核对后已变化"):
        ask(number, rows=(replace(seen, ticks=other),))


def test_that_an_account_without_branch_is_named_with_its_cure(
    founded, make_account, registered, ask
):  # D5.2
    account = make_account(branch="")
    with pytest.raises(NotCancellable, match=r"没有登记开户行.*补登"):
        ask(registered(account_number=account.number))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": " "}, "取消原因"),
        ({"wished_on": date(2026, 3, 1)}, "早于今天"),
        ({"owner": "nobody"}, "人工付款的人员"),
    ],
)
def test_that_a_request_says_why_from_when_and_who_goes_on(registered, ask, changes, said):  # D4.2
    with pytest.raises(BadAgreement, match=said):
        ask(registered(), **changes)


def test_that_it_is_confirmed_twice(founded, people, registered, ask, clock):  # D4.1
    number = registered()
    clock.move_to(clock.now() + timedelta(hours=1))
    with pytest.raises(FreshSignInNeeded):
        ask(number, typed="XY-9999")
    assert ask(number, typed=f" {number} ").taken == (number,)


def test_that_a_batch_takes_the_password(founded, registered, ask, clock):  # D3.3
    numbers = [registered(customer_no=str(n)) for n in (1, 2)]
    clock.move_to(clock.now() + timedelta(hours=1))
    with pytest.raises(FreshSignInNeeded):
        ask(*numbers, typed=numbers[0])


def test_that_payments_by_hand_are_made_at_once(founded, registered, ask, decide, answer):  # E2.3
    number = registered(amount=Money.parse("3000"), ends_on=date(2026, 6, 30))
    ask(number)
    assert tasks(founded, number) == [
        (date(2026, 4, 20), 300_000, "OPEN"),
        (date(2026, 5, 20), 300_000, "OPEN"),
        (date(2026, 6, 20), 300_000, "OPEN"),
    ]


def test_that_who_pays_no_more_gets_no_tasks(founded, registered, ask):  # E2.3
    number = registered()
    ask(number, rows=(row(founded, number, Method.NONE),))
    assert tasks(founded, number) == []


def test_that_the_debits_in_the_gap_are_foreseen(founded, registered, ask):  # D4.2
    number = registered(first_debit_on=date(2026, 1, 10), notice_days=45, late_rate="0.0005")
    registered(payee_name="甲公司", customer_no="2")
    ask(number, wished_on=date(2026, 3, 2))
    kept = item(founded, number)
    # Ten working days of the bank from Monday, 2 March 2026.
    assert kept.expected_on == date(2026, 3, 16)
    assert kept.impact["in_flight"] == ["2026-03-10"]
    assert kept.impact["prevented"][:2] == ["2026-04-10", "2026-05-10"]
    assert kept.impact["notice_until"] == "2026-04-16"
    assert kept.impact["shared"] == ["XY-2026-0002"]


def test_that_one_agreement_is_asked_for_once(founded, people, registered, ask):  # D2.4
    number = registered()
    stale = row(founded, number)
    ask(number)
    with pytest.raises(NotCancellable, match="已被 clerk 陈经办"):
        ask(number, rows=(stale,))
    fresh = row(founded, number)
    with pytest.raises(NotCancellable, match="取消处理中"):
        ask(number, rows=(fresh,))


def test_that_a_cancelled_one_stays_cancelled(
    founded, people, registered, ask, decide, answer
):  # D2.4
    number = registered()
    decide(ask(number))
    answer(number)
    with pytest.raises(NotCancellable, match="已取消"):
        ask(number)
    with founded.read() as work:
        agreement = work.session.scalars(select(Agreement)).one()
    with pytest.raises(Exception, match="不能修改"):
        service.change(
            founded,
            people.clerk,
            number,
            agreement_detail(founded, people.clerk, number).fields,
            "再启用",
            agreement.version,
        )


def test_that_the_supplier_may_answer_after_the_bank(
    founded, registered, ask, decide, answer
):  # D5.3
    number = registered()
    decide(ask(number))
    answer(number)
    assert answer(number, Party.SUPPLIER) is AgreementState.CANCELLED


def told(db):
    return [(one.kind, one.subject) for one in daily_check(db, SystemFacts())]


def test_that_a_debit_near_is_told_until_the_bank_has_confirmed(
    founded, registered, ask, decide, answer, clock
):  # D3.4 D5.5
    number = registered(first_debit_on=date(2026, 1, 10))
    decide(ask(number, wished_on=date(2026, 3, 2)))
    assert ("cancel_debit_near", number) not in told(founded)
    clock.move_to(clock.now() + timedelta(days=3))
    assert ("cancel_debit_near", number) in told(founded)
    answer(number)
    assert ("cancel_debit_near", number) not in told(founded)


def test_that_a_silent_bank_is_told_after_its_day(
    founded, registered, ask, decide, answer, clock
):  # D5.5
    number = registered()
    decide(ask(number, wished_on=date(2026, 3, 2)))
    clock.move_to(clock.now() + timedelta(days=14))
    assert ("cancel_late", number) not in told(founded)
    clock.move_to(clock.now() + timedelta(days=1))
    assert ("cancel_late", number) in told(founded)
    answer(number)
    assert ("cancel_late", number) not in told(founded)


@pytest.mark.parametrize(
    ("bank", "ends"), [("工商银行", date(2026, 3, 9)), ("建设银行", date(2026, 3, 16))]
)
def test_that_a_bank_may_have_days_of_its_own(
    founded, make_account, registered, bank, ends
):  # D5.5
    """Five working days after Monday 2 March are 9 March, the usual ten are 16 March."""
    save(founded, "bank_term:工商银行", BankTerm(bank="工商银行", days=5))
    account = make_account(bank=bank)
    number = registered(account_number=account.number, first_debit_on=date(2026, 3, 10))
    with founded.read() as work:
        found = prospects.impact(work, service.find_agreement(work, number), work.today)
    assert found.expected_on == ends

"""One account over some days: what matches, what is left, and what must not have happened."""

from datetime import date, timedelta

import pytest

from app.access.errors import Denied
from app.core.errors import BadInput, NotFound
from app.payments.attempts import BankResult
from app.reconciliation.items import Kind, Sureness
from app.reconciliation.leftovers import AlarmKind, OpenKind
from app.reconciliation.reconciling import reconcile
from tests.integration.reconciliation.conftest import SINCE, UNTIL, row


def kinds(found):
    return [one.kind for one in found.alarms]


def test_that_what_was_paid_is_found_at_the_bank(sent, bring, look):  # E1.2
    payment = sent()
    bring(row(payment, text=f"{payment.number} 货款"))
    found = look()
    [match] = found.pairings
    assert (match.ours, match.kind, match.sureness) == (
        (f"{payment.number}/1",),
        Kind.REFERENCE,
        Sureness.SURE,
    )
    assert not any(found.open.values())
    assert found.alarms == ()


def test_that_what_is_left_falls_into_the_four_kinds(sent, bring, look):  # E1.2
    payment = sent()
    bring("2026-03-05,88.50,,,某客户,,货款,L2", "2026-03-06,,36.00,,,,网银服务费,L3")
    found = look()
    assert [one.minor for one in found.open[OpenKind.BANK_CREDIT_NOT_BOOKED]] == [8850]
    assert [one.minor for one in found.open[OpenKind.BANK_DEBIT_NOT_BOOKED]] == [-3600]
    assert [one.key for one in found.open[OpenKind.BOOK_CREDIT_NOT_AT_BANK]] == [
        f"{payment.number}/1"
    ]
    assert found.open[OpenKind.BOOK_DEBIT_NOT_AT_BANK] == []


def test_that_a_payment_that_was_executed_twice_is_told(sent, bring, look):  # E1.2 E3.2
    payment = sent()
    bring(
        row(payment, text=payment.number), row(payment, "2026-03-04", payment.number, serial="L2")
    )
    found = look()
    assert kinds(found) == [AlarmKind.EXECUTED_TWICE]
    assert found.alarms[0].ours == (f"{payment.number}/1",)


def test_that_a_payment_that_nobody_sent_is_told(account, make_payment, people, bring, look):
    payment = make_payment(account=account, made_by=people.clerk, stage="DRAFT")  # E1.4
    bring(row(payment))
    found = look()
    assert kinds(found) == [AlarmKind.EXECUTED_UNSENT]
    assert found.alarms[0].ours == (payment.number,)


def test_that_a_failure_that_was_paid_is_told(sent, bring, look):  # B4.2
    payment = sent(BankResult.FAILED)
    bring(row(payment))
    assert kinds(look()) == [AlarmKind.EXECUTED_FAILED]


def test_that_an_unknown_result_is_told_by_the_statement(sent, bring, look):  # B4.2
    payment = sent(BankResult.UNKNOWN)
    bring(row(payment))
    found = look()
    assert kinds(found) == [AlarmKind.RESULT_UNRECORDED]
    assert found.alarms[0].ours == (f"{payment.number}/1",)


def test_that_a_success_that_never_was_is_told_after_its_days(sent, bring, look):  # E1.2
    payment = sent()
    bring("2026-03-05,88.50,,,某客户,,货款,L2")
    found = look()
    assert kinds(found) == [AlarmKind.NEVER_EXECUTED]
    assert found.alarms[0].ours == (f"{payment.number}/1",)


def test_that_a_payment_is_not_missed_before_its_days_are_over(
    founded, people, account, sent, bring
):
    sent()
    bring("2026-03-05,88.50,,,某客户,,货款,L2")
    days = (SINCE, date(2026, 3, 2) + timedelta(days=10))
    assert reconcile(founded, people.clerk, account.number, *days).alarms == ()


def test_that_days_without_a_statement_are_not_reconciled(look):
    with pytest.raises(BadInput, match="没有导入流水"):
        look()


def test_that_an_unknown_account_and_turned_days_are_refused(founded, people):
    with pytest.raises(NotFound):
        reconcile(founded, people.clerk, "123", SINCE, UNTIL)
    with pytest.raises(BadInput, match="早于起始日"):
        reconcile(founded, people.clerk, "123", UNTIL, SINCE)


def test_that_only_who_works_with_statements_reconciles(people, look):
    with pytest.raises(Denied):
        look(people.admin)


def test_that_a_forbidden_debit_is_no_payment_of_ours(
    founded, people, account, bring, look
):  # E1.4
    from app.agreements import service
    from app.agreements.fields import AgreementFields
    from app.core.money import Money

    service.register(
        founded,
        people.clerk,
        AgreementFields(
            account_number=account.number,
            payee_name="上海临江供电有限公司",
            starts_on=date(2025, 1, 1),
            ends_on=date(2026, 2, 10),
            payee_account="31050161393600000123",
            amount=Money.parse("46300"),
            first_debit_on=date(2025, 1, 20),
        ),
    )
    bring("2026-03-02,,46300.00,,上海临江供电有限公司,31050161393600000123,代扣电费,L9")
    found = look()
    assert kinds(found) == [AlarmKind.DEBITED_CANCELLED]
    assert len(found.open[OpenKind.BANK_DEBIT_NOT_BOOKED]) == 1

"""R10 never falls silent: what came back leaves its account in doubt until it is called back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.errors import Refused
from app.payees.changes import AskChange, ConfirmChange
from app.payees.model import PayeeAccount
from app.payments import payee_cure
from app.payments.attempts import BankResult
from app.payments.states import Status
from tests.support.rows import save

LETTER = "6222009999888877776"  # from a letter; nobody was called


def returned(desk, payment, text="账户已销户，退汇"):
    desk.send(payment)
    desk.answer(payment, "7", "处理成功")
    desk.answer(payment, "", text, BankResult.RETURNED)


def data_of(desk, payment):
    seen = desk.detail(payment).fields
    return {
        "name": seen.payee_name,
        "account": seen.payee_account,
        "bank": seen.payee_bank,
        "cnaps": seen.payee_cnaps,
    }


def test_that_a_return_does_not_open_the_way_to_an_account_from_a_letter(
    desk, people, make_payee, make_payment, clock
):  # C3.4
    payment = make_payment(payee=make_payee(), made_by=people.clerk)
    returned(desk, payment)
    clock.move_to(clock.now() + timedelta(minutes=1))
    desk.edit(payment, payee_account=LETTER)
    with pytest.raises(Refused, match="R10"):
        desk.resume(payment)


def test_that_a_return_does_not_free_another_payment_to_a_new_account(
    desk, people, make_payee, make_payment
):  # C3.4
    payee = make_payee()
    payment = make_payment(payee=payee, made_by=people.clerk)
    fresh = make_payment(
        payee=payee, made_by=people.clerk, payee_account=LETTER, amount_minor=777_00
    )
    with pytest.raises(Refused, match="R10"):
        desk.send(fresh)
    returned(desk, payment)
    with pytest.raises(Refused, match="R10"):
        desk.send(fresh)


@pytest.fixture
def two_old_accounts(founded, make_payee, clock):
    """A payee with two accounts, both confirmed longer ago than R10 looks back."""
    payee = make_payee(account_number=None)
    old = clock.now() - timedelta(days=400)
    for number in ("6222001111222233334", "6222001111222235555"):
        row = PayeeAccount(payee_id=payee.id, number=number, confirmed=True, since=old)
        save(founded, f"payee:{payee.id}", row)
    return payee


def test_that_an_old_account_which_came_back_is_not_paid_again(
    desk, people, make_payment, two_old_accounts
):  # C3.4
    to = {
        "payee": two_old_accounts,
        "payee_account": "6222001111222233334",
        "payee_bank": "招商银行",
        "made_by": people.clerk,
    }
    returned(desk, make_payment(**to))
    with pytest.raises(Refused, match="R10"):
        desk.send(make_payment(**to, amount_minor=5_000_00))


def test_that_an_earlier_success_does_not_speak_for_an_account_that_came_back(
    desk, people, make_payment, two_old_accounts, clock
):  # C3.4
    to = {
        "payee": two_old_accounts,
        "payee_account": "6222001111222233334",
        "payee_bank": "招商银行",
        "made_by": people.clerk,
    }
    earlier = make_payment(**to)
    desk.send(earlier)
    desk.answer(earlier, "7", "处理成功")
    clock.move_to(clock.now() + timedelta(minutes=1))
    returned(desk, make_payment(**to, amount_minor=6_000_00))
    with pytest.raises(Refused, match="R10"):
        desk.send(make_payment(**to, amount_minor=5_000_00))


def test_that_a_doubted_account_counts_again_once_it_was_called_back(
    desk, people, founded, make_payee, make_payment, clock
):  # C3.5
    payee = make_payee()
    payment = make_payment(payee=payee, made_by=people.clerk)
    returned(desk, payment, "行号有误，退汇")
    clock.move_to(clock.now() + timedelta(minutes=1))
    with pytest.raises(Refused, match="R10"):
        desk.ask(payment)
    mine = data_of(desk, payment)
    command = AskChange(payee.id, mine, mine, "账户无误，重新核实", payment.number)
    asked = payee_cure.ask_change(founded, people.clerk, command)
    payee_cure.confirm_change(
        founded, people.checker, ConfirmChange(asked, payee.phone, "王会计", True)
    )
    with founded.read() as work:
        [account] = work.session.scalars(
            select(PayeeAccount).where(PayeeAccount.payee_id == payee.id)
        )
        assert (account.confirmed, account.doubted_at) == (True, None)
    desk.resume(payment)
    assert desk.status(payment) is Status.READY
    assert desk.send(payment) == 2


def test_that_a_new_account_is_confirmed_by_call_back_without_any_change(
    desk, people, founded, make_payee, make_payment
):  # C3.5
    payee = make_payee()
    payment = make_payment(payee=payee, made_by=people.clerk, payee_account=LETTER)
    with pytest.raises(Refused, match="R10"):
        desk.send(payment)
    mine = data_of(desk, payment)
    command = AskChange(payee.id, mine, mine, "合同所载账户，待核实", payment.number)
    asked = payee_cure.ask_change(founded, people.clerk, command)
    payee_cure.confirm_change(
        founded, people.checker, ConfirmChange(asked, payee.phone, "王会计", True)
    )
    assert desk.send(payment) == 1

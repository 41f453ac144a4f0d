"""A payment that came back proves nothing of the account it was sent to."""

from sqlalchemy import select

from app.payees.model import PayeeAccount
from app.payments.attempts import BankResult


def test_that_a_returned_payment_leaves_its_account_unconfirmed(
    desk, people, founded, make_payee, make_payment
):  # C3.4
    payee = make_payee(account_number=None)
    payment = make_payment(
        payee=payee,
        payee_account="6222000011112222333",
        payee_bank="招商银行",
        made_by=people.clerk,
    )
    desk.send(payment)
    desk.answer(payment, "7", "处理成功")
    desk.answer(payment, "", "账号有误，退汇", BankResult.RETURNED)
    with founded.read() as work:
        [account] = work.session.scalars(
            select(PayeeAccount).where(PayeeAccount.payee_id == payee.id)
        )
        assert account.confirmed is False

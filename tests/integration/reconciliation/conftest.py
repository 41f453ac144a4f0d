"""An account, what was sent from it, what the bank wrote, and what we booked."""

from datetime import date

import pytest

from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.money import Money
from app.payments import answers, sending
from app.payments.answers import BankAnswer
from app.payments.attempts import BankResult
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.reconciliation.model import JournalImport, JournalLine
from app.reconciliation.reconciling import keep_sure, reconcile
from app.statements.importing import preview, take_in

HEAD = "交易日期,收入,支出,余额,对方户名,对方账号,摘要,交易流水号"
SINCE, UNTIL = date(2026, 3, 1), date(2026, 3, 31)


@pytest.fixture
def account(channels, make_account):
    return make_account()


@pytest.fixture
def sent(founded, people, account, make_payment):
    """A payment that was handed to the bank; what the bank said, if anything."""

    def make(result=BankResult.SUCCEEDED, **values):
        payment = make_payment(account=account, made_by=people.clerk, **values)
        version = payment_detail(founded, people.clerk, payment.number).line.version
        sending.write_attempt(founded, people.clerk, payment.number, version, SystemFacts())
        if result is not None:
            answer = BankAnswer(payment.number, "", "", f"HD{payment.id:06d}", result)
            answers.record_answer(founded, people.clerk, answer)
        return payment

    return make


@pytest.fixture
def bring(founded, people, account, tmp_path):
    """Import lines of the account: `bring(row(payment), …)`."""
    serial = iter(range(100))

    def take(*rows):
        path = tmp_path / f"流水{next(serial)}.csv"
        path.write_text("\n".join((f"账号,{account.number}", HEAD, *rows)), encoding="gb18030")
        return take_in(founded, people.clerk, preview(founded, people.clerk, path), account.number)

    return take


@pytest.fixture
def book(founded, people, account):
    """Lines of our journal: `book((date, "记-1", "-100.00", "某公司", "付货款"), …, opening="0")`."""
    serial = iter(range(10_000))

    def write(*lines, opening=None):
        amounts = [Money.parse(line[2]).minor for line in lines]
        start = None if opening is None else Money.parse(opening).minor
        with founded.write() as uow:
            brought = JournalImport(
                account_id=account.id,
                file_name="日记账.xlsx",
                file_hash="0" * 64,
                since=min(line[0] for line in lines),
                until=max(line[0] for line in lines),
                opening_minor=start,
                closing_minor=None if start is None else start + sum(amounts),
                proof="no_balance" if start is None else "balanced",
                lines=len(lines),
                imported=len(lines),
                problems=[],
                imported_by=people.clerk.user_id,
                imported_at=uow.now,
            )
            uow.session.add(brought)
            uow.session.flush()
            for at, (line, minor) in enumerate(zip(lines, amounts, strict=True)):
                on, voucher, _, name, text = line
                uow.session.add(
                    JournalLine(
                        account_id=account.id,
                        booked_on=on,
                        amount_minor=minor,
                        currency="CNY",
                        voucher=voucher,
                        name=name,
                        text=text,
                        identity=f"{next(serial):064d}",
                        import_id=brought.id,
                        row=at + 2,
                    )
                )
            record(uow, SYSTEM_ACTOR, Event("test.made", "journal"))
            uow.commit()

    return write


def row(payment, on="2026-03-03", text="货款", amount=None, serial="L1"):
    out = amount or f"{payment.amount_minor / 100:.2f}"
    return f"{on},,{out},,{payment.payee_name},{payment.payee_account},{text},{serial}"


@pytest.fixture
def look(founded, people, account):
    return lambda who=None: reconcile(founded, who or people.clerk, account.number, SINCE, UNTIL)


@pytest.fixture
def run(founded, people, account):
    """Reconcile, and keep what is sure."""
    return lambda who=None: keep_sure(founded, who or people.clerk, account.number, SINCE, UNTIL)

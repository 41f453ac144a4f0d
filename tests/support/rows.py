"""Rows with sensible values, for tests that need a few payments and not the ways to make them."""

from datetime import date
from itertools import count

import pytest

PAYER_ACCOUNT = "6222020200112233445"


def save(db, subject, *rows):
    """Write the rows with a trail, as any act does; returns the first."""
    from app.audit.trail import SYSTEM_ACTOR, Event, record

    with db.write() as uow:
        uow.session.add_all(rows)
        uow.session.flush()
        record(uow, SYSTEM_ACTOR, Event("test.made", subject))
        uow.commit()
    return rows[0]


@pytest.fixture
def make_account(founded):
    """Makes a bank account of the company, with a balance of 1,000,000.00 unless told."""
    numbers = count(int(PAYER_ACCOUNT))

    def make(*, balance_minor=100_000_000, frozen_minor=0, **values):
        from app.accounts.model import AccountBalance, BankAccount

        now = founded.clock.now()
        given = {
            "number": str(next(numbers)),
            "name": "停付测试有限公司",
            "bank": "中国工商银行",
            "branch": "中国工商银行上海市张江支行",
            "cnaps": "102290023456",
            "currency": "CNY",
            "kind": "BASIC",
            "status": "NORMAL",
            "status_since": now,
            "default_channel": "HVPS",
        }
        account = save(founded, "account:new", BankAccount(**{**given, **values}))
        if balance_minor is not None:
            save(
                founded,
                f"account:{account.number}",
                AccountBalance(
                    account_id=account.id,
                    as_of=now,
                    book_minor=balance_minor,
                    frozen_minor=frozen_minor,
                    source="网银余额",
                    recorded_by="clerk 陈经办",
                    recorded_at=now,
                ),
            )
        return account

    return make


@pytest.fixture
def channels(founded):
    """The ways to the bank that every company begins with."""
    from app.accounts.service import add_default_channels
    from app.audit.trail import SYSTEM_ACTOR, Event, record

    with founded.write() as uow:
        add_default_channels(uow)
        record(uow, SYSTEM_ACTOR, Event("test.made", "channels"))
        uow.commit()


@pytest.fixture
def make_payee(founded):
    """Makes a payee with one confirmed account; `account_number=None` for none."""
    numbers = count(1)

    def make(*, account_number="auto", confirmed=True, **values):
        from app.payees.model import Payee, PayeeAccount

        number = next(numbers)
        name = values.get("name", f"收款测试{number}号有限公司")
        given = {
            "name": name,
            "pinyin": f"shou kuan ce shi {number} hao you xian gong si",
            "initials": f"skcs{number}hyxgs",
            "normal_name": name,
            "kind": "COMPANY",
            "phone": "021-50001234",
            "contact": "刘会计",
            "created_at": founded.clock.now(),
        }
        payee = save(founded, "payee:new", Payee(**{**given, **values}))
        if account_number is not None:
            if account_number == "auto":
                account_number = f"31001{number:011d}"
            save(
                founded,
                f"payee:{payee.id}",
                PayeeAccount(
                    payee_id=payee.id,
                    number=account_number,
                    bank="中国建设银行上海市分行",
                    cnaps="105290000012",
                    city="上海",
                    confirmed=confirmed,
                    since=founded.clock.now(),
                ),
            )
        return payee

    return make


@pytest.fixture
def make_payment(founded, make_account, make_payee):
    """Makes a payment of 1,000.00 that is ready to be sent, with account and payee where not
    given: `make_payment(account=a, payee=p, amount_minor=1, stage="DRAFT")`.
    """
    numbers = count(1)

    def make(*, account=None, payee=None, made_by=None, **values):
        from sqlalchemy import select

        from app.access.model import User
        from app.payees.model import PayeeAccount
        from app.payments.model import Payment

        account = account or make_account()
        payee = payee or make_payee()
        with founded.read() as work:
            known = work.session.scalar(
                select(PayeeAccount).where(PayeeAccount.payee_id == payee.id)
            )
            made_by = made_by or work.session.scalar(select(User.id).order_by(User.id))
        stage = values.get("stage", "READY")
        given = {
            "number": f"FK-20260302-{next(numbers):04d}",
            "account_id": account.id,
            "payee_id": payee.id,
            "payee_name": payee.name,
            "payee_account": known.number if known else "3100100000000001",
            "payee_bank": known.bank if known else "",
            "payee_cnaps": known.cnaps if known else "",
            "payee_city": known.city if known else "",
            "payee_kind": payee.kind,
            "amount_minor": 100_000,
            "currency": "CNY",
            "purpose": "货款",
            "channel": "HVPS",
            "due_on": date(2026, 3, 2),
            "stage": stage,
            "status": stage,
            "made_by": getattr(made_by, "user_id", made_by),
            "made_at": founded.clock.now(),
        }
        return save(founded, "payment:new", Payment(**{**given, **values}))

    return make

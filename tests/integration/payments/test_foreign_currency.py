"""Neither funds nor limits can be told in another currency, so such a payment never leaves."""

from datetime import date

import pytest

from app.accounts.service import add_default_channels
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.codes import StopReason
from app.core.money import Money
from app.payments import diagnosing, editing, sending
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.payments.editing import PaymentFields
from app.payments.errors import BadPayment, ResumeRefused
from app.payments.states import Status

SOUND = SystemFacts()


@pytest.fixture
def dollars(founded, people, make_account, make_payment):
    """1,000.00 USD to be paid from an account in yuan, over 大额支付系统 or another channel."""
    with founded.write() as uow:
        add_default_channels(uow)
        record(uow, SYSTEM_ACTOR, Event("test.made", "channels"))
        uow.commit()
    account = make_account(reserve_minor=100, single_limit_minor=100, daily_limit_minor=100)

    def make(channel="HVPS"):
        return make_payment(account=account, made_by=people.clerk, currency="USD", channel=channel)

    return make


@pytest.mark.parametrize("channel", ["HVPS", "BEPS"])
def test_a_payment_in_another_currency_than_its_account_is_not_sent(
    founded, people, dollars, channel
):  # A2.2
    payment = dollars(channel)
    with pytest.raises(ResumeRefused) as refused:
        sending.write_attempt(founded, people.clerk, payment.number, payment.version, SOUND)
    assert "本笔币种为 USD，付款账户币种为 CNY" in refused.value.message
    assert payment_detail(founded, people.clerk, payment.number).line.status is Status.READY


def test_its_diagnosis_names_the_currency_and_stops_it(founded, people, dollars):  # A2.2 B2.3
    payment = dollars()
    diagnosing.run(founded, people.clerk, SOUND, [payment.number])
    line = payment_detail(founded, people.clerk, payment.number).line
    assert (line.status, line.reasons) == (Status.STOPPED, (StopReason.OTHER,))


def test_that_another_currency_than_the_accounts_is_refused_at_entry(
    founded, people, make_account
):  # A1.2
    account = make_account()
    fields = PaymentFields(
        account_number=account.number,
        payee_name="上海华峰机械有限公司",
        payee_account="31050161393600001234",
        amount=Money.parse("100", "USD"),
        due_on=date(2026, 3, 2),
        channel="EBANK",
    )
    with pytest.raises(BadPayment, match="币种为 CNY"):
        editing.create(founded, people.clerk, fields)

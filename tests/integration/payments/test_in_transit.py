"""Money that left an account counts as gone until a balance shows it."""

from datetime import timedelta

import pytest

from app.accounts import service as accounts
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.money import Money
from app.payments import answers, sending
from app.payments.answers import BankAnswer
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.payments.errors import ResumeRefused
from app.payments.funds import funds_view
from app.payments.states import Stage

SOUND = SystemFacts()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def account(founded, people, make_account):
    """Holds 1,500.00, recorded at 10:00."""
    with founded.write() as uow:
        accounts.add_default_channels(uow)
        record(uow, SYSTEM_ACTOR, Event("test.made", "channels"))
        uow.commit()
    return make_account(balance_minor=150_000)


@pytest.fixture
def first_and_second(people, account, make_payment):
    """Two payments of 1,000.00, to different payees."""
    return [make_payment(account=account, made_by=people.clerk) for _ in range(2)]


def send(db, people, payment):
    version = payment_detail(db, people.clerk, payment.number).line.version
    return sending.write_attempt(db, people.clerk, payment.number, version, SOUND)


def succeed(db, people, payment):
    answer = BankAnswer(payment.number, "7", "处理成功")
    assert answers.record_answer(db, people.clerk, answer) is Stage.EXECUTED


def balance(db, people, account, book):
    accounts.record_balance(
        db,
        people.clerk,
        accounts.RecordBalance(
            account.number, Money.parse(book), Money(0), db.clock.now(), "网银余额"
        ),
    )


@pytest.fixture
def after_the_first(founded, people, clock, first_and_second):
    """The first payment was sent at 10:01 and executed at 10:02; the second one waits."""
    first, second = first_and_second
    clock.move_to(clock.now() + MINUTE)
    send(founded, people, first)
    clock.move_to(clock.now() + MINUTE)
    succeed(founded, people, first)
    return second


def test_what_is_on_its_way_is_not_spent_twice(
    founded, people, clock, first_and_second
):  # A2.1 A2.2
    first, second = first_and_second
    send(founded, people, first)
    # 1,500 − 1,000 in transit leaves 500.
    with pytest.raises(ResumeRefused, match=r"缺口 500\.00 元"):
        send(founded, people, second)


def test_what_was_executed_is_not_spent_again_before_a_balance_shows_it(
    founded, people, after_the_first
):  # A2.1 A2.2
    with pytest.raises(ResumeRefused, match=r"缺口 500\.00 元"):
        send(founded, people, after_the_first)
    [line] = funds_view(founded, people.clerk)
    assert (line.funds.in_transit, line.funds.available) == (Money(100_000), Money(50_000))


def test_a_newer_balance_shows_what_was_executed_and_it_counts_once(
    founded, people, clock, account, after_the_first
):  # A2.1
    clock.move_to(clock.now() + MINUTE)
    balance(founded, people, account, "999.99")
    with pytest.raises(ResumeRefused, match=r"缺口 0\.01 元"):
        send(founded, people, after_the_first)
    balance(founded, people, account, "1000.00")
    assert send(founded, people, after_the_first) == 1

"""A payment by hand: how it stands, when it is told of, what being late costs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agreements.takeover_rules import (
    DEAD,
    LATE,
    TaskKept,
    TaskState,
    late_fee,
    pay_by,
    shown_task,
    workdays_left,
)
from app.core.money import Money
from app.core.workdays import UnknownCalendar, Workdays
from app.payments.states import Stage

TODAY = date(2026, 3, 2)
OPEN, WAIVED, VOID = TaskKept.OPEN, TaskKept.WAIVED, TaskKept.VOID


class Unknown:
    """A calendar that nobody has imported."""

    def is_workday(self, day):
        raise UnknownCalendar(str(day))


@pytest.mark.parametrize(
    ("kept", "due_on", "stages", "state"),
    [
        (OPEN, TODAY, (), TaskState.TODO),
        (OPEN, date(2026, 3, 1), (), TaskState.OVERDUE),
        (OPEN, date(2026, 3, 1), (Stage.DRAFT,), TaskState.PAYING),
        (OPEN, TODAY, (Stage.VOIDED,), TaskState.TODO),
        (OPEN, TODAY, (Stage.REJECTED,), TaskState.TODO),
        (OPEN, TODAY, (Stage.FAILED,), TaskState.PAYING),
        (OPEN, TODAY, (Stage.RETURNED, Stage.VOIDED), TaskState.PAYING),
        (OPEN, TODAY, (Stage.EXECUTED,), TaskState.PAID),
        (WAIVED, date(2026, 3, 1), (), TaskState.WAIVED),
        (WAIVED, TODAY, (Stage.VOIDED,), TaskState.WAIVED),
        (WAIVED, TODAY, (Stage.EXECUTED,), TaskState.PAID),
        (VOID, TODAY, (Stage.DRAFT,), TaskState.WITHDRAWN),
    ],
)
def test_a_task_stands_as_its_day_and_payments_say(kept, due_on, stages, state):  # E2.3
    assert shown_task(kept, due_on, TODAY, stages) is state


@given(st.sampled_from([OPEN, WAIVED]), st.lists(st.sampled_from(list(Stage)), max_size=4))
def test_a_task_is_open_only_without_a_payment_that_may_leave(kept, stages):  # E2.3
    state = shown_task(kept, TODAY, TODAY, stages)
    alive = [one for one in stages if one not in DEAD]
    assert (state in {TaskState.PAYING, TaskState.PAID}) == bool(alive)


def test_what_is_due_on_a_holiday_is_paid_before_it():  # E2.4
    """8 March 2026 is a Sunday."""
    calendar = Workdays()
    assert pay_by(date(2026, 3, 8), calendar) == date(2026, 3, 6)
    assert workdays_left(date(2026, 3, 8), date(2026, 3, 5), calendar) == 1
    assert workdays_left(date(2026, 3, 8), date(2026, 3, 6), calendar) == 0
    assert workdays_left(date(2026, 3, 8), date(2026, 3, 7), calendar) == LATE


def test_days_are_counted_as_working_days():  # E2.4
    calendar = Workdays()
    assert workdays_left(date(2026, 3, 11), TODAY, calendar) == 7
    assert workdays_left(TODAY, TODAY, calendar) == 0
    assert workdays_left(date(2026, 2, 27), TODAY, calendar) == LATE


def test_beyond_the_calendar_plain_days_are_counted():  # E2.4
    assert workdays_left(date(2026, 3, 9), TODAY, Unknown()) == 7
    assert pay_by(date(2026, 3, 8), Unknown()) == date(2026, 3, 8)


def test_being_late_costs_the_agreed_rate_or_the_usual_one():  # E2.2
    amount = Money.parse("10000")
    agreed = late_fee(amount, "0.001", TODAY - timedelta(days=3), TODAY)
    assert (agreed.amount, agreed.usual) == (Money.parse("30"), False)
    usual = late_fee(amount, "", TODAY - timedelta(days=3), TODAY)
    assert (usual.amount, usual.rate, usual.usual) == (
        Money.parse("15"),
        Decimal("0.0005"),
        True,
    )
    assert late_fee(amount, "0", TODAY - timedelta(days=3), TODAY).amount == Money.zero()


def test_nobody_is_charged_in_time_or_for_what_nobody_knows():  # E2.2
    assert late_fee(Money.parse("10000"), "", TODAY, TODAY) is None
    assert late_fee(None, "0.001", TODAY - timedelta(days=3), TODAY) is None

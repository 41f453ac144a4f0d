"""人工付款任务: how a task stands, when it is reminded of, what being late costs. Values only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from app.core.money import Money
from app.core.workdays import UnknownCalendar
from app.payments.states import Stage

# domain.md §4.5: what is owed to a small firm costs 0.05 % a day where nothing else is agreed.
DEFAULT_LATE_RATE: Final = Decimal("0.0005")
# Requirement E2.4: working days before the day on which it must be paid.
REMIND_BEFORE: Final = (7, 3, 1, 0)
# Instead of the working days left.
LATE: Final = -1
# A payment that nobody can bring to life by an act of theirs.
DEAD: Final = frozenset({Stage.VOIDED, Stage.REJECTED})


class TaskKept(StrEnum):
    """What people made of a task. VOID: the agreement was given back, it is debited again."""

    OPEN = "OPEN"
    WAIVED = "WAIVED"
    VOID = "VOID"


class TaskState(StrEnum):
    """How a task is shown: what people made of it, what became of its payment, and the day."""

    OVERDUE = "OVERDUE"
    TODO = "TODO"
    PAYING = "PAYING"
    PAID = "PAID"
    WAIVED = "WAIVED"
    WITHDRAWN = "WITHDRAWN"


TASK_LABELS: Final[dict[TaskState, str]] = {
    TaskState.OVERDUE: "已逾期",
    TaskState.TODO: "待办",
    TaskState.PAYING: "已生成付款指令",
    TaskState.PAID: "已付款",
    TaskState.WAIVED: "不需支付",
    TaskState.WITHDRAWN: "已撤回",
}
# Where somebody still has to make a payment.
TO_PAY: Final = frozenset({TaskState.OVERDUE, TaskState.TODO})


class Calendar(Protocol):
    """What is asked of a calendar."""

    def is_workday(self, day: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class LateFee:
    """What being late has cost so far. usual: nobody agreed on a rate, the usual one was taken."""

    amount: Money
    rate: Decimal
    usual: bool


def shown_task(kept: TaskKept, due_on: date, today: date, stages: Collection[Stage]) -> TaskState:
    """The state on that day. stages: of the payments that the task ever led to.

    A success may come late, also after the payment was voided: it counts whatever else was done.
    """
    if kept is TaskKept.VOID:
        return TaskState.WITHDRAWN
    if Stage.EXECUTED in stages:
        return TaskState.PAID
    if any(stage not in DEAD for stage in stages):
        return TaskState.PAYING
    if kept is TaskKept.WAIVED:
        return TaskState.WAIVED
    return TaskState.OVERDUE if due_on < today else TaskState.TODO


def pay_by(due_on: date, calendar: Calendar) -> date:
    """The last day on which banks still pay in time: due_on, or the working day before it."""
    day = due_on
    try:
        while not calendar.is_workday(day):
            day -= timedelta(days=1)
    except UnknownCalendar:
        return due_on
    return day


def workdays_left(due_on: date, today: date, calendar: Calendar) -> int:
    """How many working days are left to pay in time; LATE once that day has passed.

    Beyond the known calendar plain days are counted: rather too early than not at all.
    """
    last = pay_by(due_on, calendar)
    if last < today:
        return LATE
    days = [today + timedelta(days=n) for n in range(1, (last - today).days + 1)]
    try:
        return sum(calendar.is_workday(day) for day in days)
    except UnknownCalendar:
        return len(days)


def late_fee(amount: Money | None, rate: str, due_on: date, today: date) -> LateFee | None:
    """What being late has cost; None in time, or where the amount is not known.

    rate: per day, as a decimal text; "" where the agreement names none.
    """
    days = (today - due_on).days
    if amount is None or days <= 0:
        return None
    daily = Decimal(rate) if rate else DEFAULT_LATE_RATE
    return LateFee(amount.times(daily * days), daily, not rate)

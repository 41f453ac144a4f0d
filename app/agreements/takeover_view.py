"""What the page of 人工付款任务 reads: every task, and what a payment for one begins with."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Row, select

from app.access.guard import Actor, reading
from app.access.model import User
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.accounts.reading import workdays
from app.agreements.cancel_view import Owner
from app.agreements.fields import BUSINESS_LABELS
from app.agreements.model import (
    Agreement,
    Cancellation,
    CancellationItem,
    Takeover,
    TakeoverPayment,
)
from app.agreements.states import ItemState, Method
from app.agreements.takeover_rules import (
    DEAD,
    LATE,
    REMIND_BEFORE,
    TO_PAY,
    LateFee,
    TaskKept,
    TaskState,
    late_fee,
    shown_task,
    workdays_left,
)
from app.agreements.takeovers import find_task, why_unpayable
from app.core.money import Money
from app.core.workdays import Workdays
from app.payees.model import Payee, PayeeAccount
from app.payments.editing import PaymentFields
from app.payments.model import Payment
from app.payments.states import STATUS_LABELS, Stage, Status
from app.storage.work import Database, ReadWork

_CANDIDATES: Final = 50
_NEAR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TaskPayment:
    """A payment of a task. live: it is the task's one; made: it was made from the task."""

    number: str
    stage: Stage
    status: Status
    amount: Money
    live: bool
    made: bool


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One payment that has to be made by hand.

    amount: None where nobody knows it; sure: it was agreed, else it is only likely. left: working
    days to pay in time, None while they are many. late: what being late has cost. unpayable: why no payment may be made yet;
    warning: what to look at before paying. letters: payee with pinyin, for searching.
    """

    id: int
    state: TaskState
    form_no: str
    agreement: str
    payee: str
    letters: str
    due_on: date
    left: int | None
    amount: Money | None
    sure: bool
    method: Method
    owner: str
    owner_name: str
    late: LateFee | None
    days_late: int
    payments: tuple[TaskPayment, ...]
    unpayable: str
    warning: str
    account: str
    business: str
    contract_no: str
    why: str
    changed_by: str
    changed_at: datetime | None
    version: int

    @property
    def payment(self) -> TaskPayment | None:
        """The task's one payment, unless it was voided."""
        return next((one for one in self.payments if one.live and one.stage not in DEAD), None)

    @property
    def is_near(self) -> bool:
        """Whether somebody should look at it now: a reminder of it has gone out, or it is late."""
        return self.state in TO_PAY and self.left is not None and self.left <= max(REMIND_BEFORE)

    @property
    def is_reminded(self) -> bool:
        """Whether today is a day on which it is told of; late ones are told of daily."""
        return self.is_near and (self.left in REMIND_BEFORE or self.left == LATE)

    @property
    def amount_text(self) -> str:
        """As lists write it: 1,200.00, 约 1,200.00 or 待定; what is paid once that is known."""
        if self.payment is not None:
            return self.payment.amount.named()
        if self.amount is None:
            return "待定"
        return self.amount.named() if self.sure else f"约 {self.amount.named()}"


@dataclass(frozen=True, slots=True)
class Begun:
    """What the form of a task's payment begins with; an amount of zero has to be typed."""

    fields: PaymentFields
    said: str


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A payment to the task's payee that no task has yet."""

    number: str
    status: Status
    amount: Money
    due_on: date
    purpose: str


def task_lines(db: Database, actor: Actor) -> list[TaskLine]:
    """Every task, what is to be paid first at the top. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        return lines_of(work)


def lines_of(work: ReadWork) -> list[TaskLine]:
    """The same inside a wider reading."""
    rows = work.session.execute(
        select(Takeover, CancellationItem, Cancellation.number, Agreement, BankAccount, Payee, User)
        .join(CancellationItem, CancellationItem.id == Takeover.item_id)
        .join(Cancellation, Cancellation.id == CancellationItem.cancellation_id)
        .join(Agreement, Agreement.id == Takeover.agreement_id)
        .join(BankAccount, BankAccount.id == Agreement.account_id)
        .join(Payee, Payee.id == Agreement.payee_id)
        .join(User, User.id == Takeover.owner_id)
    ).all()
    payments = _payments(work)
    order, calendar = list(TaskState), workdays(work)
    lines = [_line(work, row, payments.get(row[0].id, ()), calendar) for row in rows]
    return sorted(lines, key=lambda one: (order.index(one.state), one.due_on, one.id))


def to_pay(work: ReadWork) -> list[TaskLine]:
    """What somebody still has to pay by hand: its cancellation is approved."""
    return [one for one in lines_of(work) if one.state in TO_PAY and not one.unpayable]


def owners(db: Database, actor: Actor) -> tuple[Owner, ...]:
    """Who may be given a task. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        people = work.session.scalars(select(User).where(User.active).order_by(User.username))
        return tuple(Owner(one.username, one.name) for one in people)


def begin_payment(db: Database, actor: Actor, task: int) -> Begun:
    """What the form begins with; an amount that is only likely is said and not filled in.

    Raises NotFound, Denied.
    """
    with reading(db, actor, Right.PAYMENT_CREATE) as work:
        row = find_task(work, task)
        agreement = work.session.get_one(Agreement, row.agreement_id)
        payer = work.session.get_one(BankAccount, agreement.account_id)
        payee = work.session.get_one(Payee, agreement.payee_id)
        known = _account_of(work, agreement)
        amount, sure = _amount(row, agreement)
        business = BUSINESS_LABELS.get(agreement.business, "")
        fields = PaymentFields(
            account_number=payer.number,
            payee_name=agreement.payee_name,
            payee_account=known.number if known else agreement.payee_account,
            amount=amount if amount is not None and sure else Money.zero(row.currency),
            due_on=max(row.due_on, work.today),
            channel=payer.default_channel,
            payee_bank=known.bank if known else agreement.payee_bank,
            payee_cnaps=known.cnaps if known else agreement.payee_cnaps,
            payee_city=known.city if known else "",
            payee_kind=payee.kind,
            purpose=f"{business}{row.due_on:%Y年%m月}",
            summary=f"{agreement.number} 转人工付款",
            contract_no=agreement.contract_no,
        )
        return Begun(fields, _said(work, row, agreement))


def candidates(db: Database, actor: Actor, task: int) -> list[CandidateLine]:
    """Payments to the payee that may be the task's, the nearest by day first.

    Raises NotFound, Denied.
    """
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        row = find_task(work, task)
        agreement = work.session.get_one(Agreement, row.agreement_id)
        found = work.session.scalars(
            select(Payment)
            .where(
                Payment.payee_id == agreement.payee_id,
                Payment.currency == row.currency,
                Payment.stage.not_in([str(one) for one in DEAD]),
                Payment.id.not_in(select(TakeoverPayment.payment_id)),
            )
            .order_by(Payment.due_on.desc(), Payment.id.desc())
            .limit(_CANDIDATES)
        )
        lines = [
            CandidateLine(
                one.number,
                Status(one.status),
                Money(one.amount_minor, one.currency),
                one.due_on,
                one.purpose,
            )
            for one in found
        ]
        return sorted(lines, key=lambda one: abs((one.due_on - row.due_on).days))


def _line(
    work: ReadWork,
    found: Row[Takeover, CancellationItem, str, Agreement, BankAccount, Payee, User],
    payments: Sequence[TaskPayment],
    calendar: Workdays,
) -> TaskLine:
    row, item, form_no, agreement, account, payee, owner = found
    stages = [one.stage for one in payments]
    state = shown_task(TaskKept(row.state), row.due_on, work.today, stages)
    amount, sure = _amount(row, agreement)
    unpaid = state in TO_PAY or state is TaskState.PAYING
    late = late_fee(amount, agreement.late_rate, row.due_on, work.today) if unpaid else None
    near = row.due_on - work.today <= _NEAR
    waits = why_unpayable(work, row) if item.state == ItemState.WAITING and unpaid else ""
    return TaskLine(
        id=row.id,
        state=state,
        form_no=form_no,
        agreement=agreement.number,
        payee=agreement.payee_name,
        letters=f"{agreement.payee_name}\n{payee.pinyin}\n{payee.initials}",
        due_on=row.due_on,
        left=workdays_left(row.due_on, work.today, calendar) if near else None,
        amount=amount,
        sure=sure,
        method=Method(row.method),
        owner=owner.username,
        owner_name=owner.name,
        late=late,
        days_late=max(0, (work.today - row.due_on).days) if unpaid else 0,
        payments=tuple(payments),
        unpayable=waits,
        warning=_warning(state, ItemState(item.state), payments),
        account=f"{account.bank} {account.number}",
        business=BUSINESS_LABELS.get(agreement.business, agreement.business),
        contract_no=agreement.contract_no,
        why=row.why,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        version=row.version,
    )


def _warning(state: TaskState, item: ItemState, payments: Sequence[TaskPayment]) -> str:
    """What may be paid twice."""
    standing = [one for one in payments if one.stage not in DEAD]
    if state is TaskState.WITHDRAWN and standing:
        said = "、".join(f"{one.number}（{STATUS_LABELS[one.status]}）" for one in standing)
        return f"任务已撤回、银行继续自动扣款，而付款 {said} 仍在，请核实，防止重复付款。"
    if len(standing) > 1:
        numbers = "、".join(one.number for one in standing)
        return f"本任务有多笔付款 {numbers} 仍在或已付出，请核实是否重复付款。"
    if item is ItemState.DECIDED and state in TO_PAY | {TaskState.PAYING}:
        return "银行尚未确认终止，该期仍可能被自动扣款；付款前请先核对流水，防止重复付款。"
    return ""


def _payments(work: ReadWork) -> Mapping[int, Sequence[TaskPayment]]:
    found: dict[int, list[TaskPayment]] = defaultdict(list)
    rows = work.session.execute(
        select(TakeoverPayment, Payment)
        .join(Payment, Payment.id == TakeoverPayment.payment_id)
        .order_by(TakeoverPayment.id.desc())
    )
    for link, row in rows:
        found[link.takeover_id].append(
            TaskPayment(
                row.number,
                Stage(row.stage),
                Status(row.status),
                Money(row.amount_minor, row.currency),
                link.live,
                link.made,
            )
        )
    return found


def _amount(row: Takeover, agreement: Agreement) -> tuple[Money | None, bool]:
    """What has to be paid, and whether it was agreed: a guess is ours alone."""
    amount = Money.of(row.amount_minor, row.currency)
    return amount, amount is not None and agreement.amount_minor is not None


def _account_of(work: ReadWork, agreement: Agreement) -> PayeeAccount | None:
    """The payee's account: the agreement's own, else its one that was confirmed."""
    rows = work.session.scalars(
        select(PayeeAccount)
        .where(PayeeAccount.payee_id == agreement.payee_id)
        .order_by(PayeeAccount.confirmed.desc(), PayeeAccount.id)
    ).all()
    if agreement.payee_account:
        return next((one for one in rows if one.number == agreement.payee_account), None)
    return next((one for one in rows if one.confirmed), None)


def _said(work: ReadWork, row: Takeover, agreement: Agreement) -> str:
    amount, sure = _amount(row, agreement)
    parts = [f"{agreement.number} {row.due_on} 的人工付款。"]
    if amount is None:
        parts.append("金额未知，请按账单填写。")
    elif not sure:
        parts.append(f"金额未约定，按近期扣款估计约 {amount.named()}，请按账单填写。")
    item = work.session.get_one(CancellationItem, row.item_id)
    if item.state == ItemState.DECIDED:
        parts.append("银行尚未确认终止，请先核对该期是否已被扣款。")
    return "".join(parts)

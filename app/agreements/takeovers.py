"""人工付款任务: moved, left out, and paid, by one payment at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from app.access.guard import Act, Actor, acting, require
from app.access.model import User
from app.access.rights import Right
from app.agreements.errors import TaskChanged, TaskClosed
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
    TASK_LABELS,
    TO_PAY,
    TaskKept,
    TaskState,
    shown_task,
)
from app.audit.trail import Event
from app.core.clock import local_text
from app.core.errors import BadInput, NotFound
from app.payments.editing import PaymentFields, add_payment, find_payment
from app.payments.model import Payment
from app.payments.states import STATUS_LABELS, Stage, Status
from app.storage.work import Database, ReadWork

_PAID_BY: Final = (Method.TRANSFER, Method.CHEQUE)


@dataclass(frozen=True, slots=True)
class ChangeTask:
    """Another day, way or person (username) for a task as it was seen."""

    task: int
    due_on: date
    method: Method
    owner: str
    reason: str
    expected_version: int


@dataclass(frozen=True, slots=True)
class TellTask:
    """Something about a task as it was seen, with the reason for it."""

    task: int
    reason: str
    expected_version: int


@dataclass(frozen=True, slots=True)
class PayTask:
    """A new payment for a task as it was seen."""

    task: int
    fields: PaymentFields
    expected_version: int


@dataclass(frozen=True, slots=True)
class LinkTask:
    """A payment that exists, for a task as it was seen."""

    task: int
    payment_no: str
    expected_version: int


def change_task(db: Database, actor: Actor, command: ChangeTask) -> None:
    """Move a task that is still to be paid. Raises TaskChanged, TaskClosed, BadInput, Denied."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        task = _seen(act, command.task, command.expected_version)
        _expect_to_pay(act.uow, task)
        owner = act.uow.session.scalar(select(User).where(User.username == command.owner))
        if owner is None or not owner.active:
            raise BadInput("请选择办理付款的人员。")
        if command.method not in _PAID_BY:
            raise BadInput("请选择付款方式。", "不再付款的，请用“不需支付…”并写明原因。")
        if command.due_on != task.due_on and command.due_on < act.uow.today:
            raise BadInput(f"付款日 {command.due_on} 早于今天。", "请选择今天或以后的日期。")
        before = _values(act.uow, task)
        task.due_on, task.method, task.owner_id = command.due_on, command.method, owner.id
        after = _values(act.uow, task)
        changed = [key for key in after if after[key] != before[key]]
        if not changed:
            raise BadInput("没有任何修改。", "请修改后再保存。")
        _touch(act, task, command.reason)
        number = _agreement_no(act.uow, task)
        act.done(
            Event(
                "takeover.changed",
                f"agreement:{number}",
                before={"task": before["due_on"], **{key: before[key] for key in changed}},
                after={key: after[key] for key in changed},
                reason=task.why,
            )
        )


def waive_task(db: Database, actor: Actor, command: TellTask) -> None:
    """Nothing has to be paid for it. Raises TaskChanged, TaskClosed, BadInput, Denied."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        task = _seen(act, command.task, command.expected_version)
        _expect_to_pay(act.uow, task)
        task.state = TaskKept.WAIVED
        _touch(act, task, command.reason)
        act.done(_told(act.uow, "takeover.waived", task))


def reopen_task(db: Database, actor: Actor, command: TellTask) -> None:
    """It has to be paid all the same. Raises TaskChanged, TaskClosed, BadInput, Denied."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        task = _seen(act, command.task, command.expected_version)
        if task_state(act.uow, task) is not TaskState.WAIVED:
            raise _closed(act.uow, task)
        task.state = TaskKept.OPEN
        _touch(act, task, command.reason)
        act.done(_told(act.uow, "takeover.reopened", task))


def pay_task(db: Database, actor: Actor, command: PayTask) -> str:
    """Make the payment of a task; returns its number. Both stand in the database, or neither.

    Raises TaskChanged, TaskClosed, BadInput for another payee, what editing.create raises, Denied.
    """
    with acting(db, actor, Right.PAYMENT_CREATE) as act:
        require(act.uow, actor, Right.AGREEMENT_MANAGE)
        task = _seen(act, command.task, command.expected_version)
        _expect_payable(act.uow, task)
        payment = add_payment(act, command.fields)
        act.uow.session.flush()
        _link(act, task, payment, made=True)
        act.done(_told(act.uow, "takeover.paid", task, {"payment": payment.number}))
        return payment.number


def link_task(db: Database, actor: Actor, command: LinkTask) -> None:
    """Let a payment that exists be the task's. Raises TaskChanged, TaskClosed, BadInput, Denied."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        task = _seen(act, command.task, command.expected_version)
        _expect_payable(act.uow, task)
        payment = find_payment(act.uow, command.payment_no)
        if payment.stage in DEAD:
            label = STATUS_LABELS[Status(payment.status)]
            raise BadInput(f"{payment.number} 为“{label}”，不能关联。", "请选择有效的付款。")
        other = act.uow.session.scalar(
            select(TakeoverPayment).where(TakeoverPayment.payment_id == payment.id)
        )
        if other is not None:
            named = name_of_task(act.uow, act.uow.session.get_one(Takeover, other.takeover_id))
            raise BadInput(
                f"{payment.number} 已是“{named}”的付款。", "一笔付款只能对应一项任务，请另选。"
            )
        _link(act, task, payment, made=False)
        act.done(_told(act.uow, "takeover.linked", task, {"payment": payment.number}))


def unlink_task(db: Database, actor: Actor, command: TellTask) -> None:
    """Take back a link that somebody made by mistake; a payment made from the task stays its own.

    Raises TaskChanged, TaskClosed, BadInput, Denied.
    """
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        task = _seen(act, command.task, command.expected_version)
        link = live_link(act.uow, task)
        if link is None:
            raise TaskClosed(f"{name_of_task(act.uow, task)} 没有关联的付款。")
        number = act.uow.session.get_one(Payment, link.payment_id).number
        if link.made:
            raise TaskClosed(
                f"{number} 由本任务生成，不能取消关联。", "如不再支付，请在“付款管理”作废该付款。"
            )
        act.uow.session.delete(link)
        _touch(act, task, command.reason)
        act.done(_told(act.uow, "takeover.unlinked", task, {"payment": number}))


def find_task(work: ReadWork, task: int) -> Takeover:
    """The row. Raises NotFound."""
    row = work.session.get(Takeover, task)
    if row is None:
        raise NotFound("没有这项人工付款任务。")
    return row


def task_state(work: ReadWork, task: Takeover) -> TaskState:
    """How the task stands today."""
    stages = [Stage(one.stage) for one in payments_of(work, task)]
    return shown_task(TaskKept(task.state), task.due_on, work.today, stages)


def payments_of(work: ReadWork, task: Takeover) -> Sequence[Payment]:
    """Every payment that the task ever led to, the newest first."""
    return work.session.scalars(
        select(Payment)
        .join(TakeoverPayment, TakeoverPayment.payment_id == Payment.id)
        .where(TakeoverPayment.takeover_id == task.id)
        .order_by(TakeoverPayment.id.desc())
    ).all()


def live_link(work: ReadWork, task: Takeover) -> TakeoverPayment | None:
    """The link to the task's one payment, which may be voided since."""
    return work.session.scalar(
        select(TakeoverPayment).where(TakeoverPayment.takeover_id == task.id, TakeoverPayment.live)
    )


def name_of_task(work: ReadWork, task: Takeover) -> str:
    """What people call a task: the agreement and its day."""
    return f"{_agreement_no(work, task)} {task.due_on}"


def why_unpayable(work: ReadWork, task: Takeover) -> str:
    """Why no payment may be made for a task whose state would allow it; "" when it may."""
    item = work.session.get_one(CancellationItem, task.item_id)
    if item.state != ItemState.WAITING:
        return ""
    form = work.session.get_one(Cancellation, item.cancellation_id)
    return f"取消申请 {form.number} 尚未批准，该期仍由银行自动扣款。"


def _seen(act: Act, task: int, expected: int) -> Takeover:
    row = find_task(act.uow, task)
    if row.version != expected:
        at = "" if row.changed_at is None else f" 于 {local_text(row.changed_at, act.uow.tz)}"
        by = f"已被 {row.changed_by}{at} 修改" if row.changed_by else "已被他人修改"
        label = TASK_LABELS[task_state(act.uow, row)]
        raise TaskChanged(f"{name_of_task(act.uow, row)} {by}，现为“{label}”。")
    return row


def _expect_to_pay(work: ReadWork, task: Takeover) -> None:
    if task_state(work, task) not in TO_PAY:
        raise _closed(work, task)


def _expect_payable(work: ReadWork, task: Takeover) -> None:
    _expect_to_pay(work, task)
    why = why_unpayable(work, task)
    if why:
        raise TaskClosed(why, "请待申请批准后再办理，以免重复付款。")


def _closed(work: ReadWork, task: Takeover) -> TaskClosed:
    label = TASK_LABELS[task_state(work, task)]
    paid = "、".join(one.number for one in payments_of(work, task) if one.stage not in DEAD)
    more = f"（{paid}）" if paid else ""
    return TaskClosed(f"{name_of_task(work, task)} 当前为“{label}”{more}，不能办理。")


def _link(act: Act, task: Takeover, payment: Payment, *, made: bool) -> None:
    """Raises BadInput unless the payment is one to the agreement's payee in its currency."""
    agreement = act.uow.session.get_one(Agreement, task.agreement_id)
    if payment.payee_id != agreement.payee_id:
        raise BadInput(
            f"收款户名“{payment.payee_name}”与协议的收款单位“{agreement.payee_name}”不符。",
            "请核对收款户名；确需付给他人的，请另行录入付款，本任务用“不需支付…”说明。",
        )
    if payment.currency != task.currency:
        raise BadInput(f"任务的币种为 {task.currency}，付款为 {payment.currency}。")
    before = live_link(act.uow, task)
    if before is not None:
        # Voided, else nobody comes here: the database allows one live payment alone.
        before.live = False
        act.uow.session.flush()
    act.uow.session.add(
        TakeoverPayment(
            takeover_id=task.id,
            payment_id=payment.id,
            live=True,
            made=made,
            linked_by=act.person.label,
            linked_at=act.uow.now,
        )
    )
    task.changed_by, task.changed_at = act.person.label, act.uow.now
    task.why = ""
    act.uow.session.flush()


def _touch(act: Act, task: Takeover, reason: str) -> None:
    if not reason.strip():
        raise BadInput("请填写原因。", "原因将记入操作日志。")
    task.why = reason.strip()
    task.changed_by, task.changed_at = act.person.label, act.uow.now


def _told(work: ReadWork, what: str, task: Takeover, more: dict[str, Any] | None = None) -> Event:
    after = {"task": task.due_on.isoformat(), **(more or {})}
    return Event(what, f"agreement:{_agreement_no(work, task)}", after=after, reason=task.why)


def _agreement_no(work: ReadWork, task: Takeover) -> str:
    return work.session.get_one(Agreement, task.agreement_id).number


def _values(work: ReadWork, task: Takeover) -> dict[str, Any]:
    owner = work.session.get_one(User, task.owner_id)
    return {"due_on": task.due_on.isoformat(), "method": task.method, "owner": owner.label}

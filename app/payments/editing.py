"""Making, changing, submitting and approving payment instructions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from app.access import approvals
from app.access.approvals import ApprovalKind, Opening, RequestState, Verdict
from app.access.guard import Act, Actor, acting
from app.access.matrix import current_tiers
from app.access.rights import Right
from app.access.rules import levels_for
from app.accounts.model import BankAccount
from app.audit.last_change import last_change
from app.audit.trail import Event, record
from app.core.codes import clean_account
from app.core.errors import NotFound
from app.core.money import Money
from app.payees.registry import payee_for
from app.payments.cover import effective_holds, refresh
from app.payments.errors import BadPayment, NotEditable, PaymentChanged, PaymentHeld
from app.payments.holds import close_payment_holds
from app.payments.model import Hold, Payment, PaymentEditor
from app.payments.moves import end_resumption, to_stage
from app.payments.states import EDITABLE, STAGE_LABELS, Stage
from app.storage.numbers import daily
from app.storage.work import Database, ReadWork, UnitOfWork

_LONGEST_NAME = 60
_LONGEST_PURPOSE_BYTES = 62
_CHANGED = "付款内容已修改，原审批失效"


@dataclass(frozen=True, slots=True)
class PaymentFields:
    """What a person fills in; empty texts mean unknown. Lengths follow domain.md §2.1."""

    account_number: str
    payee_name: str
    payee_account: str
    amount: Money
    due_on: date
    channel: str
    payee_bank: str = ""
    payee_cnaps: str = ""
    payee_city: str = ""
    payee_kind: str = "COMPANY"
    purpose: str = ""
    summary: str = ""
    urgent: bool = False
    contract_no: str = ""
    invoice_no: str = ""
    order_no: str = ""
    client_ref: str | None = None


# A change of one of these after approval voids the approvals (design.md, invariant 4). Contract,
# order and invoice name the debt that is paid, by which a payment for the same one is found.
BINDING = (
    "account_number",
    "payee_name",
    "payee_account",
    "payee_bank",
    "payee_cnaps",
    "payee_kind",
    "amount",
    "contract_no",
    "invoice_no",
    "order_no",
)


def create(db: Database, actor: Actor, fields: PaymentFields) -> str:
    """The number of a new draft. Raises BadPayment or NotFound for an unknown account."""
    with acting(db, actor, Right.PAYMENT_CREATE) as act:
        payment = add_payment(act, fields)
        act.uow.commit()
        return payment.number


def add_payment(act: Act, fields: PaymentFields) -> Payment:
    """The same inside a wider act, which commits."""
    [number] = daily(act.uow, "FK", act.uow.today)
    payment = new_payment(act.uow, number, fields, act.person.user_id)
    act.uow.session.add(payment)
    refresh(act.uow, payment)
    act.audit(Event("payment.created", f"payment:{number}", after=as_values(fields)))
    return payment


def new_payment(uow: UnitOfWork, number: str, fields: PaymentFields, maker: int) -> Payment:
    """A payment row in DRAFT; the caller adds and refreshes it."""
    fields = checked(fields)
    account = _account_for(uow, fields)
    payment = Payment(
        number=number,
        client_ref=fields.client_ref or None,
        currency=fields.amount.currency,
        stage=Stage.DRAFT,
        status=Stage.DRAFT,
        made_by=maker,
        made_at=uow.now,
    )
    _fill(uow, payment, account, fields)
    return payment


def edit(
    db: Database,
    actor: Actor,
    number: str,
    fields: PaymentFields,
    reason: str,
    expected_version: int,
) -> None:
    """Change an instruction that has not gone to the bank.

    The editor counts as a maker from now on. A change of what is BINDING voids open and given
    approvals, any change an open resumption. Raises NotEditable, PaymentChanged, BadPayment.
    """
    with acting(db, actor, Right.PAYMENT_EDIT) as act:
        payment = find_payment(act.uow, number)
        expect_version(act.uow, payment, expected_version)
        apply_edit(act, payment, fields, reason)
        act.uow.commit()


def apply_edit(
    act: Act, payment: Payment, fields: PaymentFields, reason: str, editor: int | None = None
) -> None:
    """The same inside a wider act, which commits; editor: who counts as such, else the actor."""
    if payment.stage not in EDITABLE:
        raise NotEditable(
            f"{payment.number} 当前为“{STAGE_LABELS[Stage(payment.stage)]}”，不能修改。"
        )
    fields = checked(fields)
    if fields.amount.currency != payment.currency:
        raise BadPayment("不能修改币种。", "请作废本笔后重新录入。")
    before, after = as_values(fields_of(act.uow, payment)), as_values(fields)
    changed = {key for key in after if after[key] != before[key]}
    if not changed:
        raise BadPayment("没有任何修改。", "请修改后再保存。")
    _fill(act.uow, payment, _account_for(act.uow, fields), fields)
    payment.edited_by = act.person.user_id if editor is None else editor
    payment.edited_at = act.uow.now
    act.uow.session.merge(PaymentEditor(payment_id=payment.id, user_id=payment.edited_by))
    end_resumption(act.uow, payment, _CHANGED, act.person.label)
    barred = approvals.bar(act.uow, ApprovalKind.PAYMENT, payment.id, payment.edited_by)
    if changed & set(BINDING) or not barred:
        _void_approvals(act, payment)
    refresh(act.uow, payment)
    act.audit(
        Event(
            "payment.edited",
            f"payment:{payment.number}",
            before={key: before[key] for key in sorted(changed)},
            after={key: after[key] for key in sorted(changed)},
            reason=reason,
        )
    )


def void_payment(
    db: Database, actor: Actor, number: str, reason: str, expected_version: int
) -> None:
    """End an instruction that must not be paid."""
    with acting(db, actor, Right.PAYMENT_EDIT) as act:
        payment = find_payment(act.uow, number)
        expect_version(act.uow, payment, expected_version)
        if not reason.strip():
            raise BadPayment("请填写作废的原因。")
        to_stage(act.uow, payment, Stage.VOIDED, act.person.label)
        approvals.void(act.uow, ApprovalKind.PAYMENT, payment.id, "付款已作废")
        close_payment_holds(act.uow, payment, act.person.label, "付款已作废")
        refresh(act.uow, payment)
        act.done(Event("payment.voided", f"payment:{number}", reason=reason))


def submit(db: Database, actor: Actor, number: str, expected_version: int) -> int:
    """Put an instruction up for approval by the matrix; returns the approval request's id.

    Raises PaymentHeld while a hold is open over it.
    """
    with acting(db, actor, Right.PAYMENT_CREATE) as act:
        payment = find_payment(act.uow, number)
        expect_version(act.uow, payment, expected_version)
        refuse_if_held(act.uow, payment)
        to_stage(act.uow, payment, Stage.PENDING_REVIEW, act.person.label)
        amount = money_of(payment)
        request = approvals.open_request(
            act.uow,
            Opening(
                ApprovalKind.PAYMENT,
                payment.id,
                number,
                f"付款 {payment.payee_name}",
                amount,
                levels_for(current_tiers(act.uow), amount),
                makers_of(act.uow, payment) | {act.person.user_id},
            ),
            act.person.user_id,
        )
        refresh(act.uow, payment)
        act.done(Event("payment.submitted", f"payment:{number}"))
        return request.id


def decide(db: Database, actor: Actor, verdict: Verdict) -> Stage:
    """Decide on a payment's approval; returns its stage afterwards.

    Raises PaymentHeld while a hold is open over it, and what approvals.decide raises.
    """
    with acting(db, actor, Right.PAYMENT_APPROVE) as act:
        payment = act.uow.session.get_one(
            Payment,
            approvals.find_request(act.uow, verdict.request_id, ApprovalKind.PAYMENT).subject_id,
        )
        refuse_if_held(act.uow, payment)
        outcome = approvals.decide(act, verdict, ApprovalKind.PAYMENT)
        target = {
            RequestState.OPEN: Stage.PENDING_APPROVAL,
            RequestState.APPROVED: Stage.READY,
            RequestState.RETURNED: Stage.SENT_BACK,
            RequestState.REJECTED: Stage.REJECTED,
        }[outcome.state]
        if payment.stage != target:
            to_stage(act.uow, payment, target, act.person.label)
        refresh(act.uow, payment)
        act.done(
            Event(
                "payment.decided",
                f"payment:{payment.number}",
                after={
                    "decision": verdict.decision,
                    "level": outcome.level,
                    "on_behalf_of": outcome.on_behalf_of,
                    "stage": target,
                },
                reason=verdict.remark,
            )
        )
        return target


def checked(fields: PaymentFields) -> PaymentFields:
    """The fields, trimmed. Raises BadPayment naming the field."""
    name = fields.payee_name.strip()
    if not name:
        raise BadPayment("收款户名不能为空。", "请按开户许可证填写收款方全称。")
    if len(name) > _LONGEST_NAME:
        raise BadPayment(f"收款户名超过 {_LONGEST_NAME} 个字。")
    if fields.amount.minor <= 0:
        raise BadPayment("金额必须大于零。")
    if len(fields.purpose.encode("gb18030")) > _LONGEST_PURPOSE_BYTES:
        raise BadPayment(f"用途超过 {_LONGEST_PURPOSE_BYTES // 2} 个汉字。")
    return replace(fields, payee_name=name, payee_account=clean_account(fields.payee_account))


def refuse_if_held(work: ReadWork, payment: Payment) -> None:
    """Raises PaymentHeld when any hold in force lies over the payment, asked by scope."""
    holds = effective_holds(work, payment)
    if holds:
        raise PaymentHeld(held_message(holds[0], work))


def held_message(hold: Hold, work: ReadWork) -> str:
    at = hold.placed_at.astimezone(work.tz).strftime("%Y-%m-%d %H:%M")
    return f"该笔付款已被 {hold.placed_name} 于 {at} 暂停（{hold.number}），原因：{hold.text}。需先解除暂停。"


def makers_of(work: ReadWork, payment: Payment) -> frozenset[int]:
    """Who counts as maker: who made it and everybody who ever edited it."""
    editors = work.session.scalars(
        select(PaymentEditor.user_id).where(PaymentEditor.payment_id == payment.id)
    )
    return frozenset({payment.made_by, *editors})


def find_payment(work: ReadWork, number: str) -> Payment:
    """The payment row. Raises NotFound."""
    payment = work.session.scalar(select(Payment).where(Payment.number == number))
    if payment is None:
        raise NotFound(f"没有付款指令“{number}”。")
    return payment


def find_account(work: ReadWork, number: str) -> BankAccount:
    """The account row. Raises NotFound."""
    account = work.session.scalar(select(BankAccount).where(BankAccount.number == number))
    if account is None:
        raise NotFound(f"没有付款账户“{number}”。", "请核对账号，或请系统管理员登记该账户。")
    return account


def _account_for(work: ReadWork, fields: PaymentFields) -> BankAccount:
    account = find_account(work, fields.account_number)
    if account.currency != fields.amount.currency:
        raise BadPayment(
            f"付款账户 {account.number} 的币种为 {account.currency}，不能支付 {fields.amount.currency}。",
            "请选择同币种的付款账户，或更正币种。",
        )
    return account


def expect_version(work: ReadWork, payment: Payment, expected: int) -> None:
    """Raises PaymentChanged, naming who changed it, unless the row is as it was seen."""
    if payment.version != expected:
        raise PaymentChanged(f"{payment.number} {last_change(work, f'payment:{payment.number}')}")


def money_of(payment: Payment) -> Money:
    return Money(payment.amount_minor, payment.currency)


def fields_of(work: ReadWork, payment: Payment) -> PaymentFields:
    """The payment as a form shows it."""
    account = work.session.get_one(BankAccount, payment.account_id)
    return PaymentFields(
        account_number=account.number,
        payee_name=payment.payee_name,
        payee_account=payment.payee_account,
        amount=money_of(payment),
        due_on=payment.due_on,
        channel=payment.channel,
        payee_bank=payment.payee_bank,
        payee_cnaps=payment.payee_cnaps,
        payee_city=payment.payee_city,
        payee_kind=payment.payee_kind,
        purpose=payment.purpose,
        summary=payment.summary,
        urgent=payment.urgent,
        contract_no=payment.contract_no,
        invoice_no=payment.invoice_no,
        order_no=payment.order_no,
        client_ref=payment.client_ref,
    )


def as_values(fields: PaymentFields) -> dict[str, Any]:
    """The fields as the trail keeps them."""
    values = {name: getattr(fields, name) for name in PaymentFields.__dataclass_fields__}
    values["amount"] = fields.amount.decimal()
    values["due_on"] = fields.due_on.isoformat()
    return values


def put_back(uow: UnitOfWork, payment: Payment, values: Mapping[str, Any], by: str) -> None:
    """Give a payment the content again that it had, as as_values kept it; nobody's edit."""
    before = as_values(fields_of(uow, payment))
    changed = sorted(key for key in values if values[key] != before[key])
    if not changed:
        return
    amount = Money.parse(values["amount"], payment.currency)
    due_on = date.fromisoformat(values["due_on"])
    fields = PaymentFields(**{**values, "amount": amount, "due_on": due_on})
    _fill(uow, payment, find_account(uow, fields.account_number), fields)
    record(
        uow,
        by,
        Event(
            "payment.put_back",
            f"payment:{payment.number}",
            before={key: before[key] for key in changed},
            after={key: values[key] for key in changed},
        ),
    )


def _fill(uow: UnitOfWork, payment: Payment, account: BankAccount, fields: PaymentFields) -> None:
    payment.account_id = account.id
    payment.payee_id = payee_for(uow, fields.payee_name, fields.payee_kind).id
    payment.payee_name = fields.payee_name
    payment.payee_account = fields.payee_account
    payment.payee_bank = fields.payee_bank.strip()
    payment.payee_cnaps = fields.payee_cnaps.strip()
    payment.payee_city = fields.payee_city.strip()
    payment.payee_kind = fields.payee_kind
    payment.amount_minor = fields.amount.minor
    payment.purpose = fields.purpose.strip()
    payment.summary = fields.summary.strip()
    payment.channel = fields.channel
    payment.urgent = fields.urgent
    payment.due_on = fields.due_on
    payment.contract_no = fields.contract_no.strip()
    payment.invoice_no = fields.invoice_no.strip()
    payment.order_no = fields.order_no.strip()


def _void_approvals(act: Act, payment: Payment) -> None:
    approvals.void(act.uow, ApprovalKind.PAYMENT, payment.id, _CHANGED)
    if payment.stage in {Stage.PENDING_REVIEW, Stage.PENDING_APPROVAL, Stage.READY}:
        to_stage(act.uow, payment, Stage.DRAFT, act.person.label)

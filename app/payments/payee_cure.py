"""Putting a confirmed 收款信息变更 into the payment that it cures."""

from dataclasses import replace

from app.access.guard import Act, Actor
from app.payees.changes import AskChange, ConfirmChange, ask, confirm
from app.payees.model import Payee, PayeeChange
from app.payees.registry import find_payee, know_account
from app.payments.editing import apply_edit, fields_of, find_payment
from app.payments.errors import PaymentChanged
from app.payments.model import Payment
from app.storage.work import Database, ReadWork


def ask_change(db: Database, actor: Actor, command: AskChange) -> str:
    """The number of a new 收款信息变更单 for the payee of a payment.

    Raises PaymentChanged unless it speaks of that payee and of the data that the payment has now,
    and what payees.changes.ask raises.
    """
    return ask(db, actor, command, _fitting)


def confirm_change(db: Database, actor: Actor, command: ConfirmChange) -> None:
    """Record the call-back and, when it is accepted, change the payment that asked for it.

    The one who asked counts as the payment's last editor. Raises what payees.changes.confirm does.
    """
    confirm(db, actor, command, _apply)


def _apply(act: Act, change: PayeeChange) -> None:
    payment = _fitting(act.uow, change)
    if payment is None:
        return
    after = change.after
    fields = replace(
        fields_of(act.uow, payment),
        payee_name=after["name"],
        payee_account=after["account"],
        payee_bank=after["bank"],
        payee_cnaps=after["cnaps"],
    )
    known = find_payee(act.uow, after["name"])
    if change.after != change.before:
        apply_edit(act, payment, fields, f"{change.number} {change.reason}", editor=change.asked_by)
    if payment.payee_id == change.payee_id:
        return
    payee = act.uow.session.get_one(Payee, payment.payee_id)
    # The one who was called speaks for themselves and their new name, not for another payee.
    new = known is None
    know_account(act.uow, payee, after["account"], after["bank"], after["cnaps"], confirmed=new)


def _fitting(work: ReadWork, change: PayeeChange) -> Payment | None:
    """The payment that the change speaks of, while it speaks the truth of it."""
    if change.payment_no is None:
        return None
    payment = find_payment(work, change.payment_no)
    if payment.payee_id != change.payee_id:
        raise PaymentChanged(
            f"变更单的收款方不是 {payment.number} 的收款方，不能据此修改付款。",
            "请打开该笔付款重新申请变更。",
        )
    if change.before != _values(payment):
        raise PaymentChanged(
            f"{payment.number} 的收款信息与变更单所列的变更前资料不一致，变更单不能生效。",
            "请登记“核实未通过”，再按现有资料重新申请变更。",
        )
    return payment


def _values(payment: Payment) -> dict[str, str]:
    return {
        "name": payment.payee_name,
        "account": payment.payee_account,
        "bank": payment.payee_bank,
        "cnaps": payment.payee_cnaps,
    }

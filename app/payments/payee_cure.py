"""Putting a confirmed 收款信息变更 into the payment that it cures."""

from dataclasses import replace

from app.access.guard import Act, Actor
from app.payees.changes import ConfirmChange, confirm
from app.payees.model import Payee, PayeeChange
from app.payees.registry import know_account
from app.payments.editing import apply_edit, fields_of, find_payment
from app.storage.work import Database


def confirm_change(db: Database, actor: Actor, command: ConfirmChange) -> None:
    """Record the call-back and, when it is accepted, change the payment that asked for it.

    The one who asked counts as the payment's last editor. Raises what payees.changes.confirm does.
    """
    confirm(db, actor, command, _apply)


def _apply(act: Act, change: PayeeChange) -> None:
    if change.payment_no is None:
        return
    payment = find_payment(act.uow, change.payment_no)
    after = change.after
    fields = replace(
        fields_of(act.uow, payment),
        payee_name=after["name"],
        payee_account=after["account"],
        payee_bank=after["bank"],
        payee_cnaps=after["cnaps"],
    )
    apply_edit(act, payment, fields, f"{change.number} {change.reason}", editor=change.asked_by)
    payee = act.uow.session.get_one(Payee, payment.payee_id)
    know_account(act.uow, payee, after["account"], after["bank"], after["cnaps"], confirmed=True)

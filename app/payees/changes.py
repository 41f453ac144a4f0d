"""收款信息变更: asked by one person, called back on a known number and confirmed by another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from app.access.errors import AlreadyDecided, SelfApproval
from app.access.guard import Act, Actor, acting, require_fresh
from app.access.rights import Right
from app.audit.trail import Event
from app.core.codes import clean_account
from app.core.errors import BadInput, NotFound
from app.core.names import normalise_name
from app.payees.contacts import contact_by, contact_since, same_number, who_registers
from app.payees.model import Payee, PayeeChange
from app.payees.registry import know_account, known_account
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork


class ChangeState(StrEnum):
    ASKED = "ASKED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


CHANGE_LABELS: Final[dict[ChangeState, str]] = {
    ChangeState.ASKED: "待回拨核实",
    ChangeState.CONFIRMED: "已核实生效",
    ChangeState.REFUSED: "核实未通过",
}
FIELDS: Final[dict[str, str]] = {
    "name": "收款户名",
    "account": "收款账号",
    "bank": "开户行",
    "cnaps": "联行号",
}


@dataclass(frozen=True, slots=True)
class AskChange:
    """before/after: name, account, bank, cnaps as they are and as they shall be.

    They may be equal while the account is not confirmed: then the call-back confirms it.
    """

    payee_id: int
    before: Mapping[str, str]
    after: Mapping[str, str]
    reason: str
    payment_no: str | None = None


@dataclass(frozen=True, slots=True)
class ConfirmChange:
    """The call-back: which known number was called, who answered, and what came of it."""

    number: str
    called_number: str
    spoke_with: str
    accept: bool
    remark: str = ""


def ask(
    db: Database,
    actor: Actor,
    command: AskChange,
    check: Callable[[ReadWork, PayeeChange], object] | None = None,
) -> str:
    """The number of a new 收款信息变更单; check: what else must hold, asked before it is kept.

    Raises BadInput, NotFound.
    """
    with acting(db, actor, Right.PAYEE_CHANGE) as act:
        before, after = _asked(act.uow, command)
        change = PayeeChange(
            number=yearly(act.uow, "SX"),
            payee_id=command.payee_id,
            payment_no=command.payment_no,
            before=before,
            after=after,
            reason=command.reason.strip(),
            state=ChangeState.ASKED,
            asked_by=act.person.user_id,
            asked_at=act.uow.now,
        )
        act.uow.session.add(change)
        act.uow.session.flush()
        if check is not None:
            check(act.uow, change)
        act.done(
            Event(
                "payee.change_asked",
                _subject(change),
                before=before,
                after={**after, "form": change.number},
                reason=change.reason,
            )
        )
        return change.number


def confirm(
    db: Database,
    actor: Actor,
    command: ConfirmChange,
    apply: Callable[[Act, PayeeChange], None],
) -> None:
    """Record the call-back; `apply` puts an accepted change into effect in the same transaction.

    Raises SelfApproval for the person who asked, AlreadyDecided, FreshSignInNeeded, BadInput.
    """
    with acting(db, actor, Right.PAYEE_CONFIRM) as act:
        change = find_change(act.uow, command.number)
        if change.state != ChangeState.ASKED:
            raise AlreadyDecided(
                f"{change.number} {CHANGE_LABELS[ChangeState(change.state)]}，已由他人办理。"
            )
        if change.asked_by == act.person.user_id:
            raise SelfApproval("收款信息变更的申请人与核实人不能为同一人。")
        require_fresh(act.uow, act.person)
        payee = act.uow.session.get_one(Payee, change.payee_id)
        _check_call(act.uow, command, payee, change)
        _decide(act, change, command)
        if command.accept:
            new = change.after
            if normalise_name(new["name"]) == payee.normal_name:
                know_account(
                    act.uow, payee, new["account"], new["bank"], new["cnaps"], confirmed=True
                )
            apply(act, change)
        act.done(
            Event(
                "payee.changed" if command.accept else "payee.change_refused",
                _subject(change),
                before=change.before,
                after={
                    **change.after,
                    "form": change.number,
                    "called": change.called_number,
                    "spoke_with": change.spoke_with,
                },
                reason=change.remark or change.reason,
            )
        )


def _asked(work: ReadWork, command: AskChange) -> tuple[dict[str, str], dict[str, str]]:
    """The fields as they are and as they shall be."""
    if work.session.get(Payee, command.payee_id) is None:
        raise NotFound("没有该收款方。")
    after = {key: command.after.get(key, "").strip() for key in FIELDS}
    before = {key: command.before.get(key, "").strip() for key in FIELDS}
    if after == before and _is_confirmed(work, command.payee_id, before["account"]):
        raise BadInput("没有任何变更，且该账户已经核实。")
    if not after["name"]:
        raise BadInput("收款户名不能为空。")
    if not command.reason.strip():
        raise BadInput("请填写变更原因。")
    after["account"] = clean_account(after["account"])
    return before, after


def _is_confirmed(work: ReadWork, payee_id: int, number: str) -> bool:
    account = known_account(work, payee_id, number)
    return account is not None and account.confirmed


def find_change(work: ReadWork, number: str) -> PayeeChange:
    """The change's row. Raises NotFound."""
    row = work.session.scalar(select(PayeeChange).where(PayeeChange.number == number))
    if row is None:
        raise NotFound(f"没有收款信息变更单“{number}”。")
    return row


def _decide(act: Act, change: PayeeChange, command: ConfirmChange) -> None:
    change.called_number = command.called_number.strip()
    change.spoke_with = command.spoke_with.strip()
    change.remark = command.remark.strip()
    change.decided_by, change.decided_at = act.person.user_id, act.uow.now
    change.state = ChangeState.CONFIRMED if command.accept else ChangeState.REFUSED
    change.effective_on = act.uow.today if command.accept else None


def _check_call(work: ReadWork, command: ConfirmChange, payee: Payee, change: PayeeChange) -> None:
    if not command.accept:
        if not command.remark.strip():
            raise BadInput("核实未通过时请填写情况说明。")
        return
    if not command.called_number.strip() or not command.spoke_with.strip():
        raise BadInput(
            "请填写回拨电话和接听人。", "回拨须使用原先已知的联系电话，不能用变更函上的电话。"
        )
    if payee.phone and not same_number(command.called_number, payee.phone):
        raise BadInput(
            f"回拨电话与登记的联系电话 {payee.phone} 不一致。",
            f"请拨打登记电话核实；如登记电话已停用，请先由{who_registers()}核实并更新联系方式。",
        )
    _trust_number(work, payee, change)


def _trust_number(work: ReadWork, payee: Payee, change: PayeeChange) -> None:
    """A call proves something only on a number that the letter could not bring along."""
    if not payee.phone:
        raise BadInput(
            f"{payee.name} 没有登记联系电话，无法回拨核实。",
            f"请由{who_registers()}按合同等原有资料登记联系电话，再重新申请变更。",
        )
    since = contact_since(work, payee)
    if since is not None and since > change.asked_at:
        raise BadInput(
            f"登记电话 {payee.phone} 是申请变更之后才登记的，不能用于核实本单。",
            "请登记“核实未通过”，确认电话来源后重新申请变更。",
        )
    if contact_by(work, payee) == change.asked_by:
        raise BadInput(
            f"登记电话 {payee.phone} 由申请人本人登记，不能用于核实本单。",
            f"请由另一位{who_registers()}核实并登记联系电话。",
        )


def _subject(change: PayeeChange) -> str:
    return f"payment:{change.payment_no}" if change.payment_no else f"payee:{change.payee_id}"

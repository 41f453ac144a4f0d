"""The register of debit agreements: entered, changed, suspended, reinstated, debits noted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from app.access.guard import Act, Actor, acting, require_fresh
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.errors import (
    AgreementChanged,
    AgreementKnown,
    AgreementOver,
    BadAgreement,
    SamePerson,
)
from app.agreements.fields import FIELD_LABELS, AgreementFields, as_values, checked
from app.agreements.model import Agreement, AgreementDebit, Suspension
from app.agreements.states import (
    AGREEMENT_LABELS,
    AGREEMENT_MOVES,
    CHANGEABLE,
    AgreementState,
    shown_state,
)
from app.audit.last_change import last_change
from app.audit.trail import Event
from app.core.codes import clean_account
from app.core.errors import NotFound, Problem
from app.core.money import Money
from app.core.states import move
from app.payees.registry import payee_for
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork, UnitOfWork

_AMOUNTS = ("amount", "single_limit", "daily_limit", "monthly_limit")
# These have rows or columns of another kind.
_ELSEWHERE = frozenset({"account_number", "number", *_AMOUNTS})


@dataclass(frozen=True, slots=True)
class RecordDebit:
    """A debit that the bank made by an agreement. amount: as a positive sum."""

    number: str
    debited_on: date
    amount: Money
    reference: str = ""
    remark: str = ""


def register(db: Database, actor: Actor, fields: AgreementFields) -> str:
    """The number of a new agreement. Raises BadAgreement, AgreementKnown, NotFound, Denied."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        [agreement] = enter(act, [fields])
        act.done(
            Event(
                "agreement.registered",
                _subject(agreement),
                after=as_values(fields_of(act.uow, agreement)),
            )
        )
        return agreement.number


def enter(act: Act, many: Sequence[AgreementFields]) -> list[Agreement]:
    """New agreements inside a wider act, which tells of them and commits."""
    rows = []
    for given in many:
        fields = _sound(given)
        account = _account(act.uow, fields)
        known = find_same(act.uow, fields, account.id)
        if known is not None:
            raise AgreementKnown(f"该协议已登记为 {known.number}（{known.payee_name}）。")
        row = Agreement(
            number=fields.number or yearly(act.uow, "XY"),
            state=AgreementState.ACTIVE,
            made_by=act.person.user_id,
            made_at=act.uow.now,
        )
        _fill(act.uow, row, fields, account)
        act.uow.session.add(row)
        act.uow.session.flush()
        rows.append(row)
    return rows


def change(
    db: Database,
    actor: Actor,
    number: str,
    fields: AgreementFields,
    reason: str,
    expected_version: int,
) -> None:
    """Put other data into an agreement that is neither over nor being cancelled.

    Raises AgreementChanged, AgreementOver, BadAgreement, AgreementKnown.
    """
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        row = _find(act.uow, number, expected_version)
        state = state_of(row, act.uow.today)
        if state not in CHANGEABLE:
            raise AgreementOver(f"{number} 当前为“{AGREEMENT_LABELS[state]}”，不能修改。")
        if not reason.strip():
            raise BadAgreement("请填写修改原因。")
        fields = _sound(replace(fields, number=number))
        account = _account(act.uow, fields)
        known = find_same(act.uow, fields, account.id)
        if known is not None and known.id != row.id:
            raise AgreementKnown(f"协议号已用于 {known.number}（{known.payee_name}）。")
        before = as_values(fields_of(act.uow, row))
        _fill(act.uow, row, fields, account)
        after = as_values(fields_of(act.uow, row))
        changed = sorted(key for key in after if after[key] != before[key])
        if not changed:
            raise BadAgreement("没有任何修改。", "请修改后再保存。")
        act.done(
            Event(
                "agreement.changed",
                _subject(row),
                before={key: before[key] for key in changed},
                after={key: after[key] for key in changed},
                reason=reason.strip(),
            )
        )


def suspend(db: Database, actor: Actor, number: str, reason: str, expected_version: int) -> None:
    """Note that nothing is to be debited for the time being; what is owed stays owed."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        row = _find(act.uow, number, expected_version)
        _to(act, row, AgreementState.SUSPENDED, reason)
        act.uow.session.add(
            Suspension(
                agreement_id=row.id,
                from_on=act.uow.today,
                suspended_by=act.person.label,
                suspended_at=act.uow.now,
            )
        )
        act.done(Event("agreement.suspended", _subject(row), reason=reason.strip()))


def reinstate(db: Database, actor: Actor, number: str, reason: str, expected_version: int) -> None:
    """Let a suspended agreement debit again from today: a supervisor, and not who suspended it.

    Raises SamePerson, FreshSignInNeeded.
    """
    with acting(db, actor, Right.AGREEMENT_REINSTATE) as act:
        row = _find(act.uow, number, expected_version)
        if row.state_by == act.person.user_id:
            raise SamePerson(f"{number} 由您本人暂停，不能由您恢复。")
        require_fresh(act.uow, act.person)
        _to(act, row, AgreementState.ACTIVE, reason)
        for one in act.uow.session.scalars(
            select(Suspension).where(Suspension.agreement_id == row.id, Suspension.until.is_(None))
        ):
            one.until = act.uow.today
            one.ended_by, one.ended_at = act.person.label, act.uow.now
        act.done(Event("agreement.reinstated", _subject(row), reason=reason.strip()))


def record_debit(db: Database, actor: Actor, command: RecordDebit) -> None:
    """Note a debit that was found on the statement or a receipt. Raises BadAgreement, NotFound."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        row = find_agreement(act.uow, command.number)
        if command.amount.minor <= 0 or command.amount.currency != row.currency:
            raise BadAgreement(f"扣款金额必须大于零，币种为 {row.currency}。")
        if command.debited_on > act.uow.today:
            raise BadAgreement("扣款日不能晚于今天。")
        act.uow.session.add(
            AgreementDebit(
                agreement_id=row.id,
                debited_on=command.debited_on,
                amount_minor=command.amount.minor,
                reference=command.reference.strip(),
                remark=command.remark.strip(),
                recorded_by=act.person.label,
                recorded_at=act.uow.now,
            )
        )
        act.done(
            Event(
                "agreement.debit_recorded",
                _subject(row),
                after={
                    "on": command.debited_on.isoformat(),
                    "amount": command.amount.decimal(),
                    "reference": command.reference.strip(),
                },
                reason=command.remark.strip(),
            )
        )


def find_agreement(work: ReadWork, number: str) -> Agreement:
    """The agreement's row. Raises NotFound."""
    row = work.session.scalar(select(Agreement).where(Agreement.number == number))
    if row is None:
        raise NotFound(f"没有自动扣款协议“{number}”。")
    return row


def find_same(work: ReadWork, fields: AgreementFields, account_id: int) -> Agreement | None:
    """The agreement that goes by the same number of ours, of the bank or of the PBOC.

    Where none of them is given: the one of the same account, payee, customer number and business.
    """
    same = [
        Agreement.number == fields.number if fields.number else None,
        Agreement.pboc_no == fields.pboc_no if fields.pboc_no else None,
        and_(Agreement.account_id == account_id, Agreement.bank_no == fields.bank_no)
        if fields.bank_no
        else None,
    ]
    wanted = [one for one in same if one is not None] or [
        and_(
            Agreement.account_id == account_id,
            Agreement.payee_name == fields.payee_name,
            Agreement.customer_no == fields.customer_no,
            Agreement.business == fields.business,
            Agreement.state != AgreementState.CANCELLED,
        )
    ]
    return work.session.scalar(
        select(Agreement).where(or_(*wanted)).order_by(Agreement.id).limit(1)
    )


def state_of(row: Agreement, today: date) -> AgreementState:
    """The state of an agreement on that day."""
    return shown_state(AgreementState(row.state), row.starts_on, row.ends_on, today)


def fields_of(work: ReadWork, row: Agreement) -> AgreementFields:
    """The agreement as a form shows it."""
    account = work.session.get_one(BankAccount, row.account_id)
    plain: dict[str, Any] = {
        name: getattr(row, name)
        for name in AgreementFields.__dataclass_fields__
        if name not in _ELSEWHERE
    }
    amounts: dict[str, Any] = {
        name: Money.of(getattr(row, f"{name}_minor"), row.currency) for name in _AMOUNTS
    }
    return AgreementFields(account_number=account.number, number=row.number, **plain, **amounts)


def refusal(problems: Sequence[Problem]) -> BadAgreement:
    """All that is wrong with one agreement, as one refusal."""
    return BadAgreement(
        "；".join(f"{one.field}：{one.message.rstrip('。')}" for one in problems) + "。"
    )


def _sound(fields: AgreementFields) -> AgreementFields:
    fields, problems = checked(fields)
    if problems:
        raise refusal(problems)
    payee_account = clean_account(fields.payee_account) if fields.payee_account else ""
    return replace(
        fields, account_number=clean_account(fields.account_number), payee_account=payee_account
    )


def _account(work: ReadWork, fields: AgreementFields) -> BankAccount:
    account = work.session.scalar(
        select(BankAccount).where(BankAccount.number == fields.account_number)
    )
    if account is None:
        raise NotFound(
            f"没有付款账户“{fields.account_number}”。", "请核对账号，或请系统管理员登记该账户。"
        )
    if account.currency != fields.currency:
        raise BadAgreement(
            f"{FIELD_LABELS['account_number']}：{account.number} 的币种为 {account.currency}，"
            f"不是 {fields.currency}。"
        )
    return account


def _fill(uow: UnitOfWork, row: Agreement, fields: AgreementFields, account: BankAccount) -> None:
    row.account_id = account.id
    row.payee_id = payee_for(uow, fields.payee_name).id
    for name in AgreementFields.__dataclass_fields__:
        if name not in _ELSEWHERE:
            setattr(row, name, getattr(fields, name))
    for name in _AMOUNTS:
        money = getattr(fields, name)
        setattr(row, f"{name}_minor", None if money is None else money.minor)


def _find(work: ReadWork, number: str, expected_version: int) -> Agreement:
    row = find_agreement(work, number)
    if row.version != expected_version:
        raise AgreementChanged(f"{number} {last_change(work, _subject(row))}")
    return row


def _to(act: Act, row: Agreement, target: AgreementState, reason: str) -> None:
    if not reason.strip():
        raise BadAgreement("请填写原因。")
    row.state = move(
        row.number, state_of(row, act.uow.today), target, AGREEMENT_MOVES, AGREEMENT_LABELS
    )
    row.state_why, row.state_by = reason.strip(), act.person.user_id


def _subject(row: Agreement) -> str:
    return f"agreement:{row.number}"

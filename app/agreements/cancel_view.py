"""What the pages of a cancellation read: the agreements before it, and a request afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.access.approvals import find_request
from app.access.guard import Actor, reading
from app.access.model import User
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.cancelling import find_form, items_of
from app.agreements.flow import SeenRow
from app.agreements.impact import BankDays
from app.agreements.model import (
    Agreement,
    Cancellation,
    CancellationItem,
    Confirmation,
    Takeover,
)
from app.agreements.prospects import checklist_of, impact, why_not
from app.agreements.service import find_agreement
from app.agreements.states import Answer, CancelState, ItemState
from app.agreements.takeover_rules import TaskKept
from app.letters.states import Carrier, Party
from app.payments.detail import approval_line
from app.payments.records import ApprovalLine
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who may make payments by hand."""

    username: str
    name: str


@dataclass(frozen=True, slots=True)
class CancelSituation:
    rows: tuple[SeenRow, ...]
    owners: tuple[Owner, ...]


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What bank or supplier answered."""

    party: Party
    answer: Answer
    answered_on: date
    effective_on: date | None
    carrier: Carrier
    receipt_no: str
    person: str
    evidence: str
    recorded_by: str
    file_name: str = ""
    file_hash: str | None = None


@dataclass(frozen=True, slots=True)
class CancelItemLine:
    """One agreement of a request. tasks: how many payments by hand came of it.

    term: what the expected day was reckoned by; None where it was not kept.
    """

    number: str
    payee: str
    state: ItemState
    verified: tuple[dict[str, Any], ...]
    impact: dict[str, Any]
    expected_on: date | None
    effective_on: date | None
    tasks: int
    answers: tuple[AnswerLine, ...]
    term: BankDays | None


@dataclass(frozen=True, slots=True)
class CancelForm:
    """取消自动扣款申请单."""

    number: str
    state: CancelState
    reason: str
    wished_on: date
    notices: tuple[dict[str, Any], ...]
    requested_by: str
    requested_at: datetime
    decided_at: datetime | None
    closed_why: str
    items: tuple[CancelItemLine, ...]
    approval: ApprovalLine


def cancel_situation(
    db: Database, actor: Actor, numbers: Sequence[str], wished_on: date | None
) -> CancelSituation:
    """The agreements as they stand now, with what their end brings. Raises Denied, NotFound."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        wished = wished_on or work.today
        rows = tuple(_seen(work, find_agreement(work, one), wished) for one in numbers)
        people = work.session.scalars(select(User).where(User.active).order_by(User.username))
        return CancelSituation(rows, tuple(Owner(one.username, one.name) for one in people))


def cancel_form(db: Database, actor: Actor, form_no: str) -> CancelForm:
    """One request by its number. Raises Denied, NotFound."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        return form_of(work, form_no)


def form_of(work: ReadWork, form_no: str) -> CancelForm:
    """The same inside a wider reading. Raises NotFound."""
    return _form(work, find_form(work, form_no))


def cancel_forms_of(work: ReadWork, agreement: Agreement) -> tuple[CancelForm, ...]:
    """The requests that an agreement was part of, newest first."""
    rows = work.session.scalars(
        select(Cancellation)
        .join(CancellationItem, CancellationItem.cancellation_id == Cancellation.id)
        .where(CancellationItem.agreement_id == agreement.id)
        .order_by(Cancellation.id.desc())
    )
    return tuple(_form(work, row) for row in rows)


def _seen(work: ReadWork, agreement: Agreement, wished_on: date) -> SeenRow:
    account = work.session.get_one(BankAccount, agreement.account_id)
    return SeenRow(
        agreement.number,
        agreement.version,
        agreement.payee_name,
        account.branch or account.bank,
        checklist_of(work, agreement),
        why_not(work, agreement),
        impact(work, agreement, wished_on),
    )


def _form(work: ReadWork, row: Cancellation) -> CancelForm:
    approval = find_request(work, row.approval_id or 0)
    return CancelForm(
        row.number,
        CancelState(row.state),
        row.reason,
        row.wished_on,
        tuple(row.notices),
        work.session.get_one(User, row.requested_by).name,
        row.requested_at,
        row.decided_at,
        row.closed_why,
        tuple(_item(work, item) for item in items_of(work, row)),
        approval_line(work, approval),
    )


def _item(work: ReadWork, item: CancellationItem) -> CancelItemLine:
    agreement = work.session.get_one(Agreement, item.agreement_id)
    tasks = work.session.scalars(
        select(Takeover.id).where(Takeover.item_id == item.id, Takeover.state != TaskKept.VOID)
    ).all()
    answers = work.session.scalars(
        select(Confirmation).where(Confirmation.item_id == item.id).order_by(Confirmation.id.desc())
    )
    return CancelItemLine(
        agreement.number,
        agreement.payee_name,
        ItemState(item.state),
        tuple(item.verified),
        dict(item.impact),
        item.expected_on,
        item.effective_on,
        len(tasks),
        tuple(
            AnswerLine(
                Party(one.party),
                Answer(one.outcome),
                one.answered_on,
                one.effective_on,
                Carrier(one.carrier),
                one.receipt_no,
                one.person,
                one.evidence,
                one.recorded_by,
                one.file_name,
                one.file_hash,
            )
            for one in answers
        ),
        _term(work, item, agreement),
    )


def _term(work: ReadWork, item: CancellationItem, agreement: Agreement) -> BankDays | None:
    if item.bank_days is None:
        return None
    account = work.session.get_one(BankAccount, agreement.account_id)
    return BankDays(account.bank, item.bank_days, item.own_days)

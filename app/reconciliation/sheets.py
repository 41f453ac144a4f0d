"""余额调节表: drawn up from the rows, prepared by one, reviewed by another, then frozen."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select

from app.access.errors import Denied, SelfApproval
from app.access.guard import Act, Actor, acting, name_of, reading, require_fresh
from app.access.rights import ROLE_LABELS, Right, Role
from app.accounts.finding import find_account
from app.accounts.model import BankAccount
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.core.money import Money
from app.core.states import move
from app.reconciliation.balancing import OpenItem
from app.reconciliation.drawing import NOTHING_GIVEN, Drawn, Given, draw
from app.reconciliation.leftovers import OpenKind
from app.reconciliation.model import BalanceSheet
from app.reconciliation.states import SHEET_LABELS, SHEET_MOVES, SheetState
from app.storage.base import canonical_json
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork

_SERIES: Final = "YT"


@dataclass(frozen=True, slots=True)
class Prepare:
    """A table to be prepared. given: balances that a person states where no file tells them."""

    account: str
    on: date
    given: Given = NOTHING_GIVEN


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One table in a list."""

    number: str
    account: str
    on: date
    edition: int
    state: SheetState
    currency: str
    bank: int
    book: int
    prepared_by: str
    reviewed_by: str
    version: int


def drawn(db: Database, actor: Actor, command: Prepare) -> Drawn:
    """The table as it would be now; nothing is kept. Raises NotFound, BadInput, Denied."""
    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        return draw(work, find_account(work, command.account), command.on, command.given)


def prepare(db: Database, actor: Actor, command: Prepare) -> str:
    """Keep the table for the review; returns its number.

    Raises Denied for a cashier (domain.md §3.5b), Conflict where it does not balance, or one of
    that day is waiting or reviewed; what drawn raises.
    """
    with acting(db, actor, Right.SHEET_PREPARE) as act:
        if Role.CASHIER in act.person.roles:
            raise Denied(f"{ROLE_LABELS[Role.CASHIER]}不得编制余额调节表，请由会计编制。")
        if command.on > act.uow.today:
            raise BadInput(f"截止日 {command.on} 晚于今天。", "余额调节表按已经过去的日期编制。")
        account = find_account(act.uow, command.account)
        _check_free(act.uow, account, command.on)
        table = draw(act.uow, account, command.on, command.given)
        gap = table.figures.difference
        if gap:
            said = Money(gap, account.currency).display()
            raise Conflict(
                f"调节后两边相差 {said}，不能完成。",
                "\n".join(table.hints) or "请核对未达账项和两边余额。",
            )
        content = content_of(table)
        row = BalanceSheet(
            number=yearly(act.uow, _SERIES),
            account_id=account.id,
            as_of=command.on,
            edition=_editions(act.uow, account, command.on) + 1,
            state=SheetState.PREPARED,
            bank_minor=table.figures.bank,
            book_minor=table.figures.book,
            difference_minor=gap,
            content=content,
            content_hash=content_hash(content),
            prepared_by=act.person.user_id,
            prepared_at=act.uow.now,
        )
        act.uow.session.add(row)
        act.uow.session.flush()
        _done(act, row, "sheet.prepared", {"sha256": row.content_hash})
        return row.number


def review(db: Database, actor: Actor, number: str, expected_version: int, note: str = "") -> None:
    """Say that it is right: it is frozen from then on.

    Raises SelfApproval for who prepared it, FreshSignInNeeded, Conflict where it no longer follows
    from the rows, or somebody was faster; NotFound, Denied.
    """
    with acting(db, actor, Right.SHEET_REVIEW) as act:
        row = _mine_to_review(act, number, expected_version)
        require_fresh(act.uow, act.person)
        account = act.uow.session.get_one(BankAccount, row.account_id)
        given = Given(**row.content["given"])
        if content_hash(content_of(draw(act.uow, account, row.as_of, given))) != row.content_hash:
            raise Conflict(
                f"{number} 编制后流水、日记账或勾对有变动，表内数字已不是现在的结果。",
                "请退回，由编制人重新编制。",
            )
        _decide(act, row, SheetState.REVIEWED, "sheet.reviewed", note)


def send_back(db: Database, actor: Actor, number: str, expected_version: int, why: str) -> None:
    """Return it to who prepared it, who makes a further edition. Raises as review does."""
    if not why.strip():
        raise BadInput("请写明退回的理由。")
    with acting(db, actor, Right.SHEET_REVIEW) as act:
        row = _mine_to_review(act, number, expected_version)
        _decide(act, row, SheetState.SENT_BACK, "sheet.sent_back", why)


def void(db: Database, actor: Actor, number: str, expected_version: int, why: str) -> None:
    """Say that a reviewed one is wrong after all; it stays as it was, marked, and a further
    edition can be prepared. Raises BadInput without a reason, Conflict, SelfApproval, Denied.
    """
    if not why.strip():
        raise BadInput("请写明作废的理由。")
    with acting(db, actor, Right.SHEET_REVIEW) as act:
        row = _at_version(act.uow, number, expected_version)
        _not_own(act, row)
        require_fresh(act.uow, act.person)
        row.state = move(
            number, SheetState(row.state), SheetState.VOIDED, SHEET_MOVES, SHEET_LABELS
        )
        row.voided_by = act.person.user_id
        row.voided_at = act.uow.now
        row.voided_why = why.strip()
        act.uow.session.flush()
        _done(act, row, "sheet.voided", {"state": row.state}, why.strip())


def listing(db: Database, actor: Actor) -> list[SheetLine]:
    """All of them, the newest day first."""
    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        rows = work.session.execute(
            select(BalanceSheet, BankAccount)
            .join(BankAccount, BankAccount.id == BalanceSheet.account_id)
            .order_by(BalanceSheet.as_of.desc(), BalanceSheet.id.desc())
        )
        return [
            SheetLine(
                row.number,
                account.number,
                row.as_of,
                row.edition,
                SheetState(row.state),
                account.currency,
                row.bank_minor,
                row.book_minor,
                name_of(work, row.prepared_by),
                name_of(work, row.reviewed_by),
                row.version,
            )
            for row, account in rows
        ]


def content_of(table: Drawn) -> dict[str, Any]:
    """Everything on the table as plain values, in one canonical form."""
    return {
        "company": table.company,
        "bank": table.bank,
        "account": table.account,
        "currency": table.currency,
        "on": table.on.isoformat(),
        "given": {"bank": table.given.bank, "book": table.given.book},
        "figures": {"bank": table.figures.bank, "book": table.figures.book},
        "items": [
            {
                "kind": one.kind,
                "key": one.key,
                "on": one.on.isoformat(),
                "minor": one.minor,
                "name": one.name,
                "text": one.text,
                "reference": one.reference,
            }
            for one in table.items
        ],
        "hints": list(table.hints),
    }


def items_of(content: Mapping[str, Any]) -> list[OpenItem]:
    """The open items of a kept table."""
    return [
        OpenItem(
            OpenKind(one["kind"]),
            one["key"],
            date.fromisoformat(one["on"]),
            one["minor"],
            one["name"],
            one["text"],
            one["reference"],
        )
        for one in content["items"]
    ]


def content_hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def _editions(work: ReadWork, account: BankAccount, on: date) -> int:
    found = select(func.max(BalanceSheet.edition)).where(
        BalanceSheet.account_id == account.id, BalanceSheet.as_of == on
    )
    return work.session.scalar(found) or 0


def _check_free(work: ReadWork, account: BankAccount, on: date) -> None:
    row = work.session.scalar(
        select(BalanceSheet).where(
            BalanceSheet.account_id == account.id,
            BalanceSheet.as_of == on,
            BalanceSheet.state.in_([SheetState.PREPARED, SheetState.REVIEWED]),
        )
    )
    if row is not None:
        state = SHEET_LABELS[SheetState(row.state)]
        raise Conflict(
            f"{account.number} {on} 已有余额调节表 {row.number}（{state}）。",
            "需要重编的，请先由复核人退回或作废。",
        )


def _at_version(work: ReadWork, number: str, expected_version: int) -> BalanceSheet:
    row = work.session.scalar(select(BalanceSheet).where(BalanceSheet.number == number))
    if row is None:
        raise NotFound(f"没有余额调节表“{number}”。")
    if row.version != expected_version:
        raise Conflict(f"{number} 已被他人处理。", "请刷新后查看。")
    return row


def _mine_to_review(act: Act, number: str, expected_version: int) -> BalanceSheet:
    row = _at_version(act.uow, number, expected_version)
    _not_own(act, row)
    return row


def _not_own(act: Act, row: BalanceSheet) -> None:
    if row.prepared_by == act.person.user_id:
        raise SelfApproval("编制人不能复核自己编制的余额调节表。", "请由另一人复核。")


def _decide(act: Act, row: BalanceSheet, target: SheetState, event: str, note: str) -> None:
    row.state = move(row.number, SheetState(row.state), target, SHEET_MOVES, SHEET_LABELS)
    row.reviewed_by = act.person.user_id
    row.reviewed_at = act.uow.now
    row.review_note = note.strip()
    act.uow.session.flush()
    _done(act, row, event, {"state": row.state}, note.strip())


def _done(act: Act, row: BalanceSheet, event: str, after: Mapping[str, Any], why: str = "") -> None:
    told = {
        "on": row.as_of.isoformat(),
        "bank_minor": row.bank_minor,
        "book_minor": row.book_minor,
        **after,
    }
    act.done(Event(event, f"sheet:{row.number}", after=told, reason=why))

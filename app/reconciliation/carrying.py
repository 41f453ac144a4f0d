"""期初未达: what was open before the first day that statement and journal both cover."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.access.guard import Actor, acting, name_of, reading
from app.access.rights import Right
from app.accounts.finding import find_account
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.core.money import Money
from app.reconciliation.coverage import start_of
from app.reconciliation.held import taken
from app.reconciliation.keys import carried_key
from app.reconciliation.model import BalanceSheet, CarriedItem
from app.reconciliation.states import CARRIED_LABELS, CarriedSide, SheetState, Side
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class Carried:
    """One item as a person enters it. amount: money in is positive."""

    side: CarriedSide
    on: date
    amount: Money
    name: str = ""
    text: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """One item in the list. settled: whether it is in a live match."""

    id: int
    item: Carried
    settled: bool
    entered_by: str
    version: int


def enter_carried(db: Database, actor: Actor, number: str, item: Carried) -> int:
    """Enter an item of an account; returns its id.

    Raises BadInput for an amount of nothing or of another currency, a day that statement and
    journal cover themselves, or nothing that tells what it is; NotFound, Denied.
    """
    with acting(db, actor, Right.SHEET_PREPARE) as act:
        account = find_account(act.uow, number)
        if not item.amount.minor:
            raise BadInput("请填写金额。")
        if item.amount.currency != account.currency:
            raise BadInput(f"{number} 是 {account.currency} 账户。", "请按账户的币种填写金额。")
        if not (item.name.strip() or item.text.strip()):
            raise BadInput("请填写对方或摘要。")
        start = start_of(act.uow, account.id)
        if start is None or item.on >= start:
            said = "还没有同时导入流水和日记账" if start is None else f"{start} 起由导入的文件提供"
            raise BadInput(f"期初未达的日期须早于首个共同日期：{said}。", "请核对日期。")
        row = CarriedItem(
            account_id=account.id,
            side=item.side,
            booked_on=item.on,
            amount_minor=item.amount.minor,
            name=item.name.strip(),
            text=item.text.strip(),
            reference=item.reference.strip(),
            entered_by=act.person.user_id,
            entered_at=act.uow.now,
        )
        act.uow.session.add(row)
        act.uow.session.flush()
        act.done(Event("carried.entered", f"account:{number}", after=_said(row)))
        return row.id


def withdraw_carried(db: Database, actor: Actor, row_id: int, version: int, why: str) -> None:
    """Take an item back. Raises BadInput without a reason, Conflict where it is matched or a
    reviewed table holds it, NotFound, Denied.
    """
    if not why.strip():
        raise BadInput("请写明撤回的理由。")
    with acting(db, actor, Right.SHEET_PREPARE) as act:
        row = act.uow.session.get(CarriedItem, row_id)
        if row is None or row.withdrawn_at is not None:
            raise NotFound("该期初未达已不存在。", "请刷新后重试。")
        if row.version != version:
            raise Conflict("该期初未达已被他人修改。", "请刷新后查看。")
        if taken(act.uow, Side.BOOKS, [carried_key(row.id)]):
            raise Conflict("该期初未达已勾对，不能撤回。", "请先在“对账”撤销勾对。")
        sheet = act.uow.session.scalar(
            select(BalanceSheet)
            .where(
                BalanceSheet.account_id == row.account_id,
                BalanceSheet.state == SheetState.REVIEWED,
                BalanceSheet.prepared_at >= row.entered_at,
            )
            .limit(1)
        )
        if sheet is not None:
            raise Conflict(
                f"余额调节表 {sheet.number} 已复核，所列的期初未达不能撤回。", "须先作废该表。"
            )
        row.withdrawn_by, row.withdrawn_at = act.person.user_id, act.uow.now
        row.withdrawn_why = why.strip()
        act.uow.session.flush()
        act.done(
            Event("carried.withdrawn", f"carried:{row.id}", before=_said(row), reason=why.strip())
        )


def carried_lines(db: Database, actor: Actor, number: str) -> list[CarriedLine]:
    """The items of an account that stand, the oldest first. Raises NotFound, Denied."""
    with reading(db, actor, Right.RECONCILE_VIEW) as work:
        account = find_account(work, number)
        rows = work.session.scalars(
            select(CarriedItem)
            .where(CarriedItem.account_id == account.id, CarriedItem.withdrawn_at.is_(None))
            .order_by(CarriedItem.booked_on, CarriedItem.id)
        ).all()
        settled = taken(work, Side.BOOKS, [carried_key(row.id) for row in rows])
        return [_line(work, row, account.currency, settled) for row in rows]


def _line(work: ReadWork, row: CarriedItem, currency: str, settled: set[str]) -> CarriedLine:
    item = Carried(
        CarriedSide(row.side),
        row.booked_on,
        Money(row.amount_minor, currency),
        row.name,
        row.text,
        row.reference,
    )
    entered = name_of(work, row.entered_by)
    return CarriedLine(row.id, item, carried_key(row.id) in settled, entered, row.version)


def _said(row: CarriedItem) -> dict[str, str]:
    said = " ".join(filter(None, (row.name, row.text, row.reference)))
    amount = Money(row.amount_minor).display()
    label = CARRIED_LABELS[CarriedSide(row.side)]
    return {"on": row.booked_on.isoformat(), "does": f"{label} {amount} {said}"}

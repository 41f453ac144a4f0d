"""Layouts that people gave, kept by the headings of their files and used by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.access.guard import Actor, acting, name_of, reading
from app.access.rights import Right
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.statements.mapping import LONGEST_NAME, KnownLayout, lasting
from app.statements.model import StatementLayout
from app.statements.parsed import words
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """A remembered layout, and who gave it. version: as it was seen, for acts on it."""

    id: int
    known: KnownLayout
    made_by: str
    made_at: datetime
    version: int


def kept_layouts(work: ReadWork) -> tuple[KnownLayout, ...]:
    """Those that are used by themselves, the newest first."""
    return tuple(_known(row) for row in _rows(work))


def layout_lines(db: Database, actor: Actor) -> list[LayoutLine]:
    """The remembered layouts, the newest first. Raises Denied."""
    with reading(db, actor, Right.STATEMENT_IMPORT) as work:
        return [
            LayoutLine(row.id, _known(row), name_of(work, row.made_by), row.made_at, row.version)
            for row in _rows(work)
        ]


def remember(db: Database, actor: Actor, given: KnownLayout) -> KnownLayout:
    """Keep the layout for all files with its headings; it takes the place of an older one.

    Raises BadLayout where it is not fit for that, Denied.
    """
    with acting(db, actor, Right.STATEMENT_IMPORT) as act:
        known = lasting(given)
        row = act.uow.session.scalar(
            select(StatementLayout).where(StatementLayout.signature == known.signature)
        )
        before = {} if row is None or row.withdrawn_at is not None else _told(_known(row))
        if row is None:
            row = StatementLayout(signature=known.signature)
            act.uow.session.add(row)
        row.name = known.name
        row.headings = list(known.headings)
        row.columns = {field: list(places) for field, places in known.columns.items()}
        row.currency = known.currency
        row.made_by, row.made_at = act.person.user_id, act.uow.now
        row.withdrawn_at = None
        act.uow.session.flush()
        subject = f"statement_layout:{row.id}"
        act.done(Event("statement.layout_kept", subject, before=before, after=_told(known)))
        return known


def rename(db: Database, actor: Actor, layout_id: int, name: str, expected_version: int) -> None:
    """Call a layout otherwise. Raises BadInput for no name, Conflict, NotFound, Denied."""
    with acting(db, actor, Right.STATEMENT_IMPORT) as act:
        row = _find(act.uow, layout_id, expected_version)
        plain = words(name)
        if not plain or len(plain) > LONGEST_NAME:
            raise BadInput(f"名称应为 1 至 {LONGEST_NAME} 个字。", "例如“某某银行 企业网银明细”。")
        before, row.name = row.name, plain
        act.done(
            Event(
                "statement.layout_renamed",
                f"statement_layout:{row.id}",
                before={"name": before},
                after={"name": plain},
            )
        )


def withdraw(db: Database, actor: Actor, layout_id: int, expected_version: int) -> None:
    """Use a layout no more; what it read stays. Raises Conflict, NotFound, Denied."""
    with acting(db, actor, Right.STATEMENT_IMPORT) as act:
        row = _find(act.uow, layout_id, expected_version)
        row.withdrawn_at = act.uow.now
        act.done(
            Event(
                "statement.layout_withdrawn",
                f"statement_layout:{row.id}",
                before=_told(_known(row)),
            )
        )


def _rows(work: ReadWork) -> Sequence[StatementLayout]:
    return work.session.scalars(
        select(StatementLayout)
        .where(StatementLayout.withdrawn_at.is_(None))
        .order_by(StatementLayout.made_at.desc(), StatementLayout.id.desc())
    ).all()


def _find(work: ReadWork, layout_id: int, expected_version: int) -> StatementLayout:
    row = work.session.get(StatementLayout, layout_id)
    if row is None or row.withdrawn_at is not None:
        raise NotFound("这份列对应已被删除。", "请刷新列表；仍需要的，可以重新导入或指明。")
    if row.version != expected_version:
        raise Conflict(f"“{row.name}”刚刚被 {name_of(work, row.made_by)} 或其他人修改。")
    return row


def _known(row: StatementLayout) -> KnownLayout:
    columns = {field: tuple(places) for field, places in row.columns.items()}
    return KnownLayout(row.name, tuple(row.headings), columns, row.currency)


def _told(known: KnownLayout) -> dict[str, Any]:
    return {
        "name": known.name,
        "headings": list(known.headings),
        "columns": {field: list(places) for field, places in known.columns.items()},
        "currency": known.currency,
    }

"""reconcile: which bank lines are which of our payments, and what is left over."""

import argparse
from typing import Any

from app.access.guard import Actor, identify
from app.access.rights import Right
from app.cli.run import Answer
from app.cli.session import signed_in
from app.core.errors import BadInput
from app.core.money import Money
from app.reconciliation import sheets
from app.reconciliation.drawing import Drawn
from app.reconciliation.items import BankItem, OurItem, Sureness
from app.reconciliation.leftovers import ALARM_LABELS, NEXT_ACTS, OPEN_LABELS
from app.reconciliation.reconciling import Reconciliation, keep_sure, reconcile
from app.reconciliation.reporting import write_workbook
from app.reconciliation.sheets import Prepare
from app.storage.work import Database


def run(options: argparse.Namespace) -> Answer:
    """Match, keep what is sure where the person may, and tell; --workbook writes it down."""
    with signed_in(options) as (db, actor):
        with db.read() as work:
            may = Right.RECONCILE_MATCH in identify(work, actor).rights
        act = keep_sure if may and not options.look_only else reconcile
        found = act(db, actor, options.account, options.since, options.until)
        table = _table(db, actor, options)
        if options.workbook is not None:
            days = (options.since, options.until)
            write_workbook(db, actor, options.account, *days, options.workbook)
    left = any(found.open.values())
    return Answer(
        _document(found, table), _text(found, table), attention=bool(found.alarms or left)
    )


def _table(db: Database, actor: Actor, options: argparse.Namespace) -> Drawn | None:
    """The 余额调节表 of the last day; None where a side or a balance is missing."""
    try:
        with db.read() as work:
            on = min(options.until, work.today)
        return sheets.drawn(db, actor, Prepare(options.account, on))
    except BadInput:
        return None


def _document(found: Reconciliation, table: Drawn | None) -> dict[str, Any]:
    return {
        "account": found.account,
        "currency": found.currency,
        "period": [found.since.isoformat(), found.until.isoformat()],
        "matches": [
            {
                "id": one.id,
                "side": one.side,
                "lines": list(one.lines),
                "ours": list(one.ours),
                "kind": one.kind,
                "confidence": one.sureness,
                "why": "；".join(one.why),
            }
            for one in found.pairings
        ],
        "open": {
            kind: [_item(one, found.currency) for one in rows] for kind, rows in found.open.items()
        },
        "alarms": [
            {
                "kind": one.kind,
                "label": ALARM_LABELS[one.kind],
                "lines": list(one.lines),
                "ours": list(one.ours),
                "next_action": NEXT_ACTS[one.kind],
            }
            for one in found.alarms
        ],
        # Without a journal of ours there is no balance to compare with: unknown, not zero.
        "difference": None
        if table is None
        else Money(table.figures.difference, found.currency).decimal(),
    }


def _item(one: BankItem | OurItem, currency: str) -> dict[str, Any]:
    return {
        "id": one.key,
        "date": one.on.isoformat(),
        "amount": Money(one.minor, currency).decimal(),
        "name": one.name,
    }


def _text(found: Reconciliation, table: Drawn | None) -> str:
    sure = sum(one.sureness is Sureness.SURE for one in found.pairings)
    lines = [
        f"{found.account}　{found.since} – {found.until}　流水 {len(found.lines):,} 笔",
        f"匹配 {len(found.pairings):,} 组，其中确定 {sure:,} 组，其余请核对。",
    ]
    for kind, rows in found.open.items():
        total = Money(sum(abs(one.minor) for one in rows), found.currency)
        lines.append(f"{OPEN_LABELS[kind]}：{len(rows):,} 笔，{total.figure()}")
        lines += [
            f"  {one.on} {Money(one.minor, found.currency).display()} {one.name}" for one in rows
        ]
    for alarm in found.alarms:
        what = "、".join(map(str, (*alarm.lines, *alarm.ours)))
        lines.append(f"{ALARM_LABELS[alarm.kind]}：{what}。{NEXT_ACTS[alarm.kind]}。")
    lines.append(_balance(table, found.currency))
    return "\n".join(lines)


def _balance(table: Drawn | None, currency: str) -> str:
    if table is None:
        return "日记账或余额不全，余额调节表尚不能编制。"
    figures = table.figures
    said = (
        f"{table.on} 日记账余额 {Money(figures.book, currency).display()}，"
        f"对账单余额 {Money(figures.bank, currency).display()}，"
    )
    gap = figures.difference
    after = f"调节后相差 {Money(gap, currency).display()}" if gap else "调节后相符"
    return "\n".join((f"{said}{after}。", *table.hints))

"""reconcile: which bank lines are which of our payments, and what is left over."""

import argparse
from typing import Any

from app.cli.run import Answer
from app.cli.session import signed_in
from app.core.money import Money
from app.reconciliation.items import BankItem, OurItem, Sureness
from app.reconciliation.leftovers import ALARM_LABELS, NEXT_ACTS, OPEN_LABELS
from app.reconciliation.reconciling import Reconciliation, reconcile


def run(options: argparse.Namespace) -> Answer:
    """Match and tell; nothing is stored."""
    with signed_in(options) as (db, actor):
        found = reconcile(db, actor, options.account, options.since, options.until)
    left = any(found.open.values())
    return Answer(_document(found), _text(found), attention=bool(found.alarms or left))


def _document(found: Reconciliation) -> dict[str, Any]:
    return {
        "account": found.account,
        "currency": found.currency,
        "period": [found.since.isoformat(), found.until.isoformat()],
        "matches": [
            {
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
        "difference": None,
    }


def _item(one: BankItem | OurItem, currency: str) -> dict[str, Any]:
    return {
        "id": one.key,
        "date": one.on.isoformat(),
        "amount": Money(one.minor, currency).decimal(),
        "name": one.name,
    }


def _text(found: Reconciliation) -> str:
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
    lines.append("没有日记账，余额调节表尚不能编制。")
    return "\n".join(lines)

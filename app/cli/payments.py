"""payments import, list and diagnose."""

import argparse
from typing import Any

from app.access.guard import reading
from app.access.rights import Right
from app.cli.run import Answer
from app.cli.session import signed_in
from app.core.clock import local_text
from app.core.codes import REASON_LABELS
from app.core.errors import BadInput
from app.payments.lines import PaymentLine, lines
from app.payments.listing import PaymentFilter, PaymentList, Sort, SortKey
from app.payments.states import STATUS_LABELS, Status

_PAGE = 500


def bring(options: argparse.Namespace) -> Answer:
    """Take a file in: the sound rows, or none where one row is bad and the clerk said so."""
    from app.payments.importing import look, take_in
    from app.payments.intake.drafts import Defaults

    with signed_in(options) as (db, actor):
        defaults = Defaults(payer_account=options.account, due_on=options.due)
        seen = look(db, actor, options.file, defaults=defaults)
        wanted = bool(seen.drafts) and not (options.all_or_nothing and seen.problems)
        done = take_in(db, actor, seen) if wanted else None
    imported = done.imported if done else 0
    said = [f"导入 {imported} 笔，跳过 {len(seen.skipped)} 行，{len(seen.problems)} 处问题。"]
    said += [f"第 {s.row} 行：{s.reason}" for s in seen.skipped]
    said += [f"第 {p.row} 行 {p.field}：{p.message}" for p in seen.problems]
    return Answer(
        {
            "imported": imported,
            "skipped": [{"row": s.row, "reason": s.reason} for s in seen.skipped],
            "problems": [
                {"row": p.row, "field": p.field, "message": p.message} for p in seen.problems
            ],
            "first": done.first_number if done else None,
            "last": done.last_number if done else None,
            "stopped": done.held if done else 0,
        },
        "\n".join(said),
        attention=bool(seen.problems),
    )


def listing(options: argparse.Namespace) -> Answer:
    """The instructions, newest number last."""
    with signed_in(options) as (db, actor):
        statuses = frozenset(_status(text) for text in options.status)
        wanted = PaymentFilter(statuses=statuses, text=options.text)
        found = PaymentList(db, actor, wanted, Sort(SortKey.NUMBER, descending=False))
        total = found.total()
        ids = found.ids()[: options.limit or None]
        rows: list[PaymentLine] = []
        for start in range(0, len(ids), _PAGE):
            with reading(db, actor, Right.PAYMENT_VIEW) as work:
                rows.extend(lines(work, ids[start : start + _PAGE]))
    sums = {money.currency: money.decimal() for money in total.sums}
    foot = f"共 {total.count:,} 笔，合计 {' + '.join(money.figure() for money in total.sums) or '¥0.00'}"
    return Answer(
        {
            "payments": [_row(line) for line in rows],
            "count": total.count,
            "total": sums.get("CNY", next(iter(sums.values()), "0.00")),
            "totals": sums,
        },
        "\n".join([*(_text(line) for line in rows), foot]),
    )


def diagnose(options: argparse.Namespace) -> Answer:
    """All causes of one payment, stored with their time."""
    from app.incidents.selfcheck import system_facts
    from app.payments import diagnosing
    from app.payments.diagnosis.rule import SEVERITY_LABELS, Severity

    with signed_in(options) as (db, actor):
        run = diagnosing.run(db, actor, system_facts(db), [options.number])
        with db.read() as work:
            result = diagnosing.in_run(work, run.run_id, options.number)
    said = [f"{result.number} 诊断时间 {local_text(result.at, db.tz)}"]
    for cause in result.causes:
        said.append(
            f"{cause.rank}. [{SEVERITY_LABELS[cause.severity]}] "
            f"{REASON_LABELS[cause.reason]}：{cause.summary}"
        )
        said += [f"     {label}：{value}" for label, value in cause.evidence.items()]
        said += [f"   → {action.label}（{action.who}）" for action in cause.actions]
    if not result.causes:
        said.append("没有发现停付原因。")
    return Answer(
        {
            "number": result.number,
            "at": result.at.isoformat(),
            "findings": [
                {
                    "reason": cause.reason,
                    "severity": cause.severity,
                    "summary": cause.summary,
                    "evidence": cause.evidence,
                    "rule": cause.rule,
                    "next_actions": [
                        {"action": a.action, "label": a.label, "who": a.who} for a in cause.actions
                    ],
                }
                for cause in result.causes
            ],
            "stopped": list(run.newly_stopped),
        },
        "\n".join(said),
        attention=any(cause.severity is Severity.BLOCKING for cause in result.causes),
    )


def _row(line: PaymentLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "status": line.status,
        "amount": line.amount.decimal(),
        "currency": line.amount.currency,
        "payee": line.payee,
        "due_on": line.due_on.isoformat(),
        "holds": line.holds,
        "reasons": list(line.reasons),
    }


def _text(line: PaymentLine) -> str:
    reasons = "、".join(REASON_LABELS[reason] for reason in line.reasons)
    return (
        f"{line.number}  {STATUS_LABELS[line.status]}  {line.amount.figure():>18}  "
        f"{line.due_on}  {line.payee}  {reasons}"
    ).rstrip()


def _status(text: str) -> Status:
    by_label = {label: status for status, label in STATUS_LABELS.items()}
    if text.upper() in Status.__members__:
        return Status[text.upper()]
    if text in by_label:
        return by_label[text]
    raise BadInput(f"没有状态“{text}”。", "可用的状态：" + "、".join(Status.__members__))

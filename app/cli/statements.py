"""statement inspect and import."""

import argparse

from app.cli.files import with_password
from app.cli.run import Answer
from app.cli.session import signed_in
from app.core.money import minor_digits
from app.statements.parsed import PROOF_LABELS, Proof, StatementFile


def inspect(options: argparse.Namespace) -> Answer:
    """What a file holds and whether it proves itself; needs no database."""
    from app.statements.opening import open_statement
    from app.statements.report import document

    currency = options.currency.upper()
    minor_digits(currency)
    found = with_password(lambda key: open_statement(options.file, currency, password=key))
    proof = found.proof
    return Answer(
        document(found),
        _said(found, proof),
        attention=bool(found.all_problems) or proof is Proof.UNBALANCED,
    )


def bring(options: argparse.Namespace) -> Answer:
    """Take a statement in; what came in before is skipped and named."""
    from app.statements.importing import preview, take_in

    with signed_in(options) as (db, actor):
        seen = with_password(lambda key: preview(db, actor, options.file, password=key))
        done = take_in(db, actor, seen, options.account)
    problems = seen.file.all_problems
    said = [f"导入 {done.imported:,} 笔，跳过 {len(done.skipped):,} 行，{len(problems)} 处问题。"]
    said += [f"第 {p.row} 行 {p.field}：{p.message}" for p in problems]
    said += [f"终止或暂停后的扣款：{number}" for number in done.alarms]
    return Answer(
        {
            "imported": done.imported,
            "skipped": [{"row": s.row, "reason": s.reason} for s in done.skipped],
            "problems": [{"row": p.row, "field": p.field, "message": p.message} for p in problems],
            "alarms": list(done.alarms),
            "looks": list(done.looks),
        },
        "\n".join(said),
        attention=bool(problems or done.alarms),
    )


def _said(found: StatementFile, proof: Proof) -> str:
    lines = [f"{found.name}：{found.format}　{found.bank}　{PROOF_LABELS[proof]}"]
    lines += [
        f"账号 {one.number or '未写明'}　{one.holder}　{one.since or ''} – {one.until or ''}　"
        f"{len(one.lines):,} 笔，收入 {one.total_in.figure()}，支出 {one.total_out.figure()}"
        for one in found.statements
    ]
    lines += [
        f"第 {p.row} 行 {p.field}：{p.message}" if p.row else f"{p.field}：{p.message}"
        for p in found.all_problems
    ]
    lines += [*found.notes, f"跳过 {len(found.skipped):,} 行。"]
    return "\n".join(lines)

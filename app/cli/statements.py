"""statement inspect and import."""

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.files import with_password
from app.cli.run import Answer
from app.cli.session import signed_in
from app.core.clock import iso, local_text
from app.core.money import minor_digits
from app.statements.parsed import PROOF_LABELS, Proof, StatementFile

if TYPE_CHECKING:
    from app.statements.mapping import KnownLayout
    from app.statements.undoing import ImportLine


def inspect(options: argparse.Namespace) -> Answer:
    """What a file holds and whether it proves itself; needs no database."""
    from app.statements.opening import open_statement
    from app.statements.report import document

    currency = options.currency.upper()
    minor_digits(currency)
    layouts = [] if options.layout is None else [_layout(options)]
    found = with_password(
        lambda key: open_statement(options.file, currency, layouts=layouts, password=key)
    )
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
        chosen = None if options.layout is None else _layout(options)
        seen = with_password(
            lambda key: preview(db, actor, options.file, chosen=chosen, password=key)
        )
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


def imports(options: argparse.Namespace) -> Answer:
    """Which file brought what, the newest first."""
    from app.statements.undoing import import_lines

    with signed_in(options) as (db, actor):
        found = import_lines(db, actor, options.account)
    said = [_said_import(one) for one in found] or ["还没有导入过流水。"]
    return Answer(
        {"imports": [_import(one) for one in found], "count": len(found)}, "\n".join(said)
    )


def undo(options: argparse.Namespace) -> Answer:
    """Take an import back."""
    from app.statements.undoing import undo_import

    with signed_in(options) as (db, actor):
        done = undo_import(db, actor, options.id, options.reason)
    return Answer(
        {
            "id": options.id,
            "account": done.account,
            "file": done.file,
            "undone": done.lines,
            "agreement_debits": done.debits,
        },
        f"已撤销“{done.file}”的导入，{done.account} 的 {done.lines:,} 笔流水已撤回。",
    )


def _import(one: "ImportLine") -> dict[str, Any]:
    return {
        "id": one.id,
        "at": iso(one.at),
        "by": one.by,
        "file": one.file,
        "format": one.format,
        "bank": one.bank,
        "account": one.account,
        "currency": one.currency,
        "period": [str(day) if day else None for day in (one.since, one.until)],
        "imported": one.imported,
        "skipped": one.skipped,
        "proof": one.proof,
        "problems": one.problems,
        "undone": None
        if one.undone_at is None
        else {"at": iso(one.undone_at), "by": one.undone_by, "reason": one.undone_why},
    }


def _said_import(one: "ImportLine") -> str:
    undone = "" if one.undone_at is None else f"　已撤销（{one.undone_by}：{one.undone_why}）"
    return (
        f"{one.id}　{local_text(one.at)}　{one.by}　{one.file}　{one.account}　"
        f"{one.since or ''} – {one.until or ''}　新增 {one.imported:,}，跳过 {one.skipped:,}　"
        f"{PROOF_LABELS[one.proof]}{undone}"
    )


def _layout(options: argparse.Namespace) -> "KnownLayout":
    from app.statements.sharing import read_layout

    return read_layout(options.layout)


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

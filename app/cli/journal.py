"""journal inspect, import, imports, undo and template."""

import argparse

from app.cli.files import with_password
from app.cli.run import Answer
from app.cli.session import signed_in
from app.core.clock import iso, local_text
from app.core.errors import BadInput, Problem
from app.core.money import minor_digits
from app.reconciliation.journal.importing import LEFT_OUT, JournalPreview, preview, take_in
from app.reconciliation.journal.opening import read_journal
from app.reconciliation.journal.parsed import JournalFile
from app.reconciliation.journal.queries import journal_imports
from app.reconciliation.journal.report import document
from app.reconciliation.journal.template import write_template
from app.reconciliation.journal.undoing import undo
from app.statements.parsed import PROOF_LABELS, Proof


def inspect(options: argparse.Namespace) -> Answer:
    """What a journal holds and whether it proves itself; needs no database."""
    currency = options.currency.upper()
    minor_digits(currency)
    found = with_password(lambda key: read_journal(options.file, currency, key))
    return Answer(
        document(found),
        _said(found),
        attention=bool(found.all_problems) or found.proof is Proof.UNBALANCED,
    )


def bring(options: argparse.Namespace) -> Answer:
    """Take a journal in; what came in before is skipped and named."""
    with signed_in(options) as (db, actor):
        seen = with_password(lambda key: preview(db, actor, options.file, key))
        done = take_in(db, actor, seen, _accounts(seen, options.account, options.subject))
    problems = seen.file.all_problems
    said = [f"导入 {done.imported:,} 笔，跳过 {len(done.skipped):,} 行，{len(problems)} 处问题。"]
    said += _told(problems)
    said += [
        f"{one.account}：{one.first} 至 {one.last} 此前导入的 {one.count:,} 笔不在本文件中，"
        "账簿可能改过，请核对。"
        for one in done.gone
    ]
    return Answer(
        {
            "imported": done.imported,
            "imports": list(done.imports),
            "skipped": [{"row": s.row, "reason": s.reason} for s in done.skipped],
            "problems": [{"row": p.row, "field": p.field, "message": p.message} for p in problems],
            "gone": [
                {
                    "account": one.account,
                    "count": one.count,
                    "from": one.first.isoformat(),
                    "to": one.last.isoformat(),
                }
                for one in done.gone
            ],
        },
        "\n".join(said),
        attention=bool(problems or done.gone),
    )


def imports(options: argparse.Namespace) -> Answer:
    """Which file brought what, the newest first."""
    with signed_in(options) as (db, actor):
        found = journal_imports(db, actor, options.account)
    said = [
        f"{one.id}　{local_text(one.imported_at)}　{one.imported_by}　{one.file_name}　{one.account}　"
        f"{one.since} – {one.until}　新增 {one.imported:,}　{PROOF_LABELS[one.proof]}"
        + (f"　已撤销（{one.undone_by}：{one.undone_why}）" if one.undone_at else "")
        for one in found
    ]
    rows = [
        {
            "id": one.id,
            "at": iso(one.imported_at),
            "by": one.imported_by,
            "file": one.file_name,
            "account": one.account,
            "period": [one.since.isoformat(), one.until.isoformat()],
            "imported": one.imported,
            "proof": one.proof,
            "undone": None
            if one.undone_at is None
            else {"at": iso(one.undone_at), "by": one.undone_by, "reason": one.undone_why},
        }
        for one in found
    ]
    return Answer(
        {"imports": rows, "count": len(rows)}, "\n".join(said or ["还没有导入过日记账。"])
    )


def take_back(options: argparse.Namespace) -> Answer:
    """Take an import back, whole."""
    with signed_in(options) as (db, actor):
        count = undo(db, actor, options.id, options.reason)
    return Answer({"id": options.id, "undone": count}, f"已撤销导入，撤回 {count:,} 笔分录。")


def template(options: argparse.Namespace) -> Answer:
    """An empty journal to fill in."""
    write_template(options.file)
    return Answer({"file": str(options.file)}, f"已生成模板 {options.file}。")


def _accounts(seen: JournalPreview, number: str, subject: str) -> list[str]:
    """The account for each book: those named by the file, or the one that --subject picks.

    With --account only that account's books are taken. Raises BadInput.
    """
    books = [one for one in seen.file.books if one.lines]
    if not number:
        return [""] * len(seen.file.books)
    if subject:
        return [number if subject in one.title else LEFT_OUT for one in seen.file.books]
    if len(books) < 2:  # noqa: PLR2004 - one book, or none
        return [number] * len(seen.file.books)
    found = [number if named == number else LEFT_OUT for named in seen.accounts]
    if number not in found:
        titles = "、".join(one.title or "未写科目" for one in books)
        raise BadInput(
            f"文件有 {len(books)} 个科目（{titles}），都没有写明账号 {number}。",
            "请再用 --subject 指明要导入的科目。",
        )
    return found


def _said(found: JournalFile) -> str:
    lines = [f"{found.name}：{found.format}　{PROOF_LABELS[found.proof]}"]
    lines += [
        f"{one.title or '未写科目'}　{one.currency}　{one.since or ''} – {one.until or ''}　"
        f"{len(one.lines):,} 笔，借方 {one.total_in.figure()}，贷方 {one.total_out.figure()}，"
        f"{PROOF_LABELS[one.proof]}"
        for one in found.books
    ]
    lines += _told(found.all_problems)
    return "\n".join([*lines, *found.notes, f"跳过 {len(found.skipped):,} 行。"])


def _told(problems: tuple[Problem, ...]) -> list[str]:
    return [
        f"第 {p.row} 行 {p.field}：{p.message}" if p.row else f"{p.field}：{p.message}"
        for p in problems
    ]

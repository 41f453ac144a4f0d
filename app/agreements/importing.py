"""Agreements from a clerk's list: previewed with every bad row named, then taken in as one act."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.errors import BadAgreement
from app.agreements.fields import FIELD_LABELS, as_values
from app.agreements.intake import AgreementRow, read
from app.agreements.service import enter, fields_of, find_same
from app.audit.trail import Event
from app.core.errors import Problem
from app.payments.intake.drafts import Skipped
from app.storage.work import Database, ReadWork
from app.tabular.reader import file_hash, read_table


@dataclass(frozen=True, slots=True)
class AgreementPreview:
    """What a list would bring; nothing is stored yet. rows: the sound ones that are new."""

    path: Path
    file_hash: str
    rows: tuple[AgreementRow, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    unmapped: tuple[str, ...]


def look(db: Database, actor: Actor, path: Path) -> AgreementPreview:
    """Read a list and say what it would bring.

    Raises UnreadableTable, NoHeader, WrongUnit, MissingColumns (all BadInput) and Denied.
    """
    intake = read(read_table(path))
    with reading(db, actor, Right.AGREEMENT_MANAGE) as work:
        rows, problems, skipped = _sorted_out(work, intake.rows)
    return AgreementPreview(
        path,
        file_hash(path),
        tuple(rows),
        tuple(sorted([*intake.problems, *problems], key=lambda one: one.row or 0)),
        tuple(sorted([*intake.skipped, *skipped], key=lambda one: one.row)),
        intake.unmapped,
    )


def take_in(db: Database, actor: Actor, seen: AgreementPreview) -> list[str]:
    """The numbers of the agreements of a preview, now registered: all of them or none.

    Raises BadAgreement when there is nothing new, AgreementKnown for one that came in meanwhile.
    """
    if not seen.rows:
        raise BadAgreement("没有可以导入的新协议。", "请查看跳过和有问题的行。")
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        made = enter(act, [one.fields for one in seen.rows])
        act.audit(
            *(
                Event(
                    "agreement.registered",
                    f"agreement:{row.number}",
                    after=as_values(fields_of(act.uow, row)),
                )
                for row in made
            )
        )
        act.done(
            Event(
                "agreement.imported",
                f"file:{seen.path.name}",
                after={
                    "file": seen.path.name,
                    "sha256": seen.file_hash,
                    "imported": len(made),
                    "skipped": len(seen.skipped),
                    "problems": len(seen.problems),
                    "first": made[0].number,
                    "last": made[-1].number,
                },
            )
        )
        return [row.number for row in made]


def _sorted_out(
    work: ReadWork, rows: Sequence[AgreementRow]
) -> tuple[list[AgreementRow], list[Problem], list[Skipped]]:
    """The rows that are new; what is wrong with others; and those that are known already."""
    accounts = {row.number: row for row in work.session.scalars(select(BankAccount))}
    fresh: list[AgreementRow] = []
    problems: list[Problem] = []
    skipped: list[Skipped] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        fields = row.fields
        account = accounts.get(fields.account_number)
        if account is None:
            text = f"付款账户 {fields.account_number} 未登记，请核对账号或先登记该账户。"
            problems.append(Problem(row.row, FIELD_LABELS["account_number"], text))
            continue
        if account.currency != fields.currency:
            text = f"付款账户 {account.number} 的币种为 {account.currency}，不是 {fields.currency}，请核对。"
            problems.append(Problem(row.row, "币种", text))
            continue
        known = find_same(work, fields, account.id)
        if known is not None:
            skipped.append(Skipped(row.row, f"已登记为 {known.number}，不重复导入"))
            continue
        names = [
            ("number", fields.number),
            ("pboc_no", fields.pboc_no),
            ("bank_no", f"{account.number} {fields.bank_no}" if fields.bank_no else ""),
        ]
        twin = next(((n, v) for n, v in names if v and (n, v) in seen), None)
        if twin is not None:
            text = f"与第 {seen[twin]} 行相同，请改正或删去一行。"
            problems.append(Problem(row.row, FIELD_LABELS[twin[0]], text))
            continue
        seen.update({(name, value): row.row for name, value in names if value})
        fresh.append(row)
    return fresh, problems, skipped

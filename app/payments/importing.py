"""Payments from a clerk's file: previewed with every bad row named, then taken in as one act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import insert, select
from sqlalchemy.orm import InstrumentedAttribute

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.accounts.model import BankAccount, Channel
from app.audit.trail import Event
from app.core.errors import Problem
from app.core.money import Money
from app.core.names import normalise_name
from app.payees.model import Payee
from app.payees.registry import new_payee
from app.payments.cover import open_holds, refresh_under
from app.payments.errors import BadPayment
from app.payments.intake.aliases import Field
from app.payments.intake.drafts import Defaults, PaymentDraft, Skipped
from app.payments.intake.mapping import Recognition, recognise
from app.payments.intake.parse import apply
from app.payments.model import ColumnMapping, ImportBatch, Payment, SourceDocument
from app.payments.states import Stage
from app.storage.numbers import daily
from app.storage.work import Database, ReadWork, UnitOfWork
from app.tabular.model import Table
from app.tabular.reader import file_hash, read_table

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring: nothing is stored yet.

    drafts: the sound rows that are new; problems: rows that can't come in, with field and cure;
    skipped: rows that are no payments or are known already, with the reason.
    """

    path: Path
    file_hash: str
    recognition: Recognition
    drafts: tuple[PaymentDraft, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]

    @property
    def total(self) -> dict[str, Money]:
        sums: dict[str, Money] = {}
        for draft in self.drafts:
            sums[draft.currency] = sums.get(draft.currency, Money(0, draft.currency)) + draft.amount
        return sums


@dataclass(frozen=True, slots=True)
class Imported:
    """How an import ended; ids are those of the new payments."""

    imported: int
    first_number: str
    last_number: str
    ids: range
    held: int


def look(
    db: Database,
    actor: Actor,
    path: Path,
    *,
    defaults: Defaults | None = None,
    columns: Mapping[Field, int] | None = None,
) -> Preview:
    """Read a file and say what it would bring.

    columns: the clerk's own mapping, else the remembered one, else what the headings say.
    Raises UnreadableTable, NoHeader, WrongUnit, MissingColumns (all BadInput) and Denied.
    """
    table = read_table(path)
    recognition = recognise(table)
    if columns is not None:
        recognition = recognition.with_columns(columns)
    else:
        stored = remembered(db, actor, recognition.signature)
        if stored is not None:
            recognition = recognition.remembered(stored)
    return preview(db, actor, path, table, recognition, defaults or Defaults())


def preview(
    db: Database,
    actor: Actor,
    path: Path,
    table: Table,
    recognition: Recognition,
    defaults: Defaults,
) -> Preview:
    """The same for a table that was read already, as the mapping page does at every change."""
    intake = apply(table, recognition.mapping, defaults=defaults)
    with reading(db, actor, Right.PAYMENT_CREATE) as work:
        rows = work.session.execute(select(BankAccount.number, BankAccount.currency))
        accounts = {row.number: row.currency for row in rows}
        known = _known(work, Payment.fingerprint, [d.fingerprint for d in intake.drafts])
        references = _known(
            work, Payment.client_ref, [d.client_ref for d in intake.drafts if d.client_ref]
        )
    drafts, problems, skipped = [], list(intake.problems), list(intake.skipped)
    for draft in intake.drafts:
        if draft.fingerprint in known:
            skipped.append(Skipped(draft.row, f"已导入为 {known[draft.fingerprint]}，不重复导入"))
        elif draft.client_ref and draft.client_ref in references:
            number = references[draft.client_ref]
            problems.append(
                Problem(
                    draft.row, "业务参考号", f"参考号 {draft.client_ref} 已用于 {number}，请改号。"
                )
            )
        elif (fault := _account_fault(draft, accounts)) is not None:
            problems.append(fault)
        else:
            drafts.append(draft)
    return Preview(
        path,
        file_hash(path),
        recognition,
        tuple(drafts),
        tuple(sorted(problems, key=lambda p: p.row or 0)),
        tuple(sorted(skipped, key=lambda s: s.row)),
    )


def _account_fault(draft: PaymentDraft, accounts: Mapping[str, str]) -> Problem | None:
    """What is wrong with the paying account; accounts: number → currency."""
    number = draft.payer_account
    if number not in accounts:
        text = f"付款账户 {number} 未登记，请核对账号或先登记该账户。"
        return Problem(draft.row, "付款账号", text)
    if accounts[number] != draft.currency:
        text = (
            f"付款账户 {number} 的币种为 {accounts[number]}，不能支付 {draft.currency}，"
            "请改用同币种的付款账户，或更正币种。"
        )
        return Problem(draft.row, "币种", text)
    return None


def take_in(db: Database, actor: Actor, seen: Preview, *, remember: bool = True) -> Imported:
    """Store the sound rows of a preview as drafts, all or none.

    Rows that came in meanwhile from another desk are refused as a whole: look again.
    Raises BadPayment when nothing is new.
    """
    if not seen.drafts:
        raise BadPayment("没有可以导入的新付款。", "请查看跳过和有问题的行。")
    with acting(db, actor, Right.PAYMENT_CREATE) as act:
        uow = act.uow
        again = _known(uow, Payment.fingerprint, [d.fingerprint for d in seen.drafts])
        if again:
            raise BadPayment(
                f"其中 {len(again)} 行刚刚已由其他人导入。",
                "请重新选择文件，系统会自动跳过已导入的行。",
            )
        batch = ImportBatch(
            file_name=seen.path.name,
            file_hash=seen.file_hash,
            imported=len(seen.drafts),
            skipped=len(seen.skipped),
            by_id=act.person.user_id,
            at=uow.now,
        )
        uow.session.add(batch)
        uow.session.flush()
        numbers = daily(uow, "FK", uow.today, len(seen.drafts))
        rows = _rows(uow, seen.drafts, numbers, batch.id, act.person.user_id)
        for start in range(0, len(rows), _CHUNK * 4):
            uow.session.execute(
                insert(cast("sa.Table", Payment.__table__)), rows[start : start + _CHUNK * 4]
            )
        if remember:
            _remember(uow, seen.recognition, act.person.label)
        ids = _ids(uow, batch.id)
        held = _cover_new(uow)
        act.done(
            Event(
                "payment.imported",
                f"batch:{batch.id}",
                after={
                    "file": seen.path.name,
                    "sha256": seen.file_hash,
                    "imported": len(rows),
                    "skipped": len(seen.skipped),
                    "problems": len(seen.problems),
                    "first": numbers[0],
                    "last": numbers[-1],
                    "sums": {c: m.decimal() for c, m in sorted(seen.total.items())},
                },
            )
        )
        return Imported(len(rows), numbers[0], numbers[-1], ids, held)


def remembered(db: Database, actor: Actor, signature: str) -> dict[str, int] | None:
    """The mapping that somebody confirmed for files with this header."""
    with reading(db, actor, Right.PAYMENT_CREATE) as work:
        row = work.session.get(ColumnMapping, signature)
        return None if row is None else dict(row.mapping)


def _rows(
    uow: UnitOfWork, drafts: Sequence[PaymentDraft], numbers: Sequence[str], batch: int, maker: int
) -> list[dict[str, Any]]:
    accounts = {a.number: a for a in uow.session.scalars(select(BankAccount))}
    channels = {c.code: c.code for c in uow.session.scalars(select(Channel))}
    payees = _payees(uow, drafts)
    documents = _documents(uow, drafts)
    return [
        {
            "number": number,
            "client_ref": draft.client_ref or None,
            "fingerprint": draft.fingerprint,
            "batch_id": batch,
            "account_id": accounts[draft.payer_account].id,
            "payee_id": payees[normalise_name(draft.payee_name)],
            "payee_name": draft.payee_name,
            "payee_account": draft.payee_account,
            "payee_bank": draft.payee_bank,
            "payee_cnaps": draft.cnaps,
            "payee_city": draft.payee_city,
            "payee_kind": draft.payee_kind or "COMPANY",
            "amount_minor": draft.amount.minor,
            "currency": draft.currency,
            "purpose": draft.purpose,
            "summary": draft.summary,
            "channel": channels.get(draft.channel, accounts[draft.payer_account].default_channel),
            "urgent": draft.urgent,
            "due_on": draft.due_on,
            "contract_no": draft.contract_no,
            "invoice_no": draft.invoice_no,
            "order_no": draft.order_no,
            "document_id": documents.get(draft.row),
            "stage": Stage.DRAFT,
            "status": Stage.DRAFT,
            "hold_count": 0,
            "made_by": maker,
            "made_at": uow.now,
            "bank_code": "",
            "bank_text": "",
            "version": 1,
        }
        for draft, number in zip(drafts, numbers, strict=True)
    ]


def _payees(uow: UnitOfWork, drafts: Iterable[PaymentDraft]) -> dict[str, int]:
    """Ids by normal name, with payees registered that were never paid before."""
    names = {normalise_name(d.payee_name): d for d in drafts}
    found: dict[str, int] = {}
    wanted = list(names)
    for start in range(0, len(wanted), _CHUNK):
        rows = uow.session.execute(
            select(Payee.normal_name, Payee.id).where(
                Payee.normal_name.in_(wanted[start : start + _CHUNK])
            )
        )
        found.update((name, row_id) for name, row_id in rows)
    fresh = {}
    for name, draft in names.items():
        if name not in found:
            fresh[name] = new_payee(draft.payee_name, draft.payee_kind or "COMPANY")
            fresh[name].created_at = uow.now
    uow.session.add_all(fresh.values())
    uow.session.flush()
    found.update((name, payee.id) for name, payee in fresh.items())
    return found


def _documents(uow: UnitOfWork, drafts: Iterable[PaymentDraft]) -> dict[int, int]:
    """Ids of the source documents that the file tells of, by row."""
    made: dict[int, SourceDocument] = {}
    for draft in drafts:
        source = draft.source
        if source is None:
            continue
        number = source.document_no or draft.invoice_no or draft.contract_no or draft.order_no
        made[draft.row] = SourceDocument(
            kind=_document_kind(draft, number),
            number=number,
            payee_name=source.payee_name or draft.payee_name,
            payee_account=source.payee_account,
            amount_minor=(source.amount or draft.amount).minor,
            currency=draft.currency,
            due_on=None,
            order_no=draft.order_no,
        )
    uow.session.add_all(made.values())
    uow.session.flush()
    return {row: document.id for row, document in made.items()}


def _document_kind(draft: PaymentDraft, number: str) -> str:
    if number == draft.contract_no:
        return "合同"
    return "订单" if number == draft.order_no else "发票"


def _cover_new(uow: UnitOfWork) -> int:
    """Put new payments under the holds that are open; how many payments that stopped."""
    wide = [hold for hold in open_holds(uow) if hold.scope != "PAYMENT"]
    return len(refresh_under(uow, wide)) if wide else 0


def _ids(uow: UnitOfWork, batch: int) -> range:
    rows = uow.session.scalars(
        select(Payment.id).where(Payment.batch_id == batch).order_by(Payment.id)
    ).all()
    return range(rows[0], rows[-1] + 1)


def _remember(uow: UnitOfWork, recognition: Recognition, by: str) -> None:
    row = uow.session.get(ColumnMapping, recognition.signature)
    if row is None:
        row = ColumnMapping(signature=recognition.signature)
        uow.session.add(row)
    row.mapping = recognition.mapping.stored()
    row.saved_by, row.saved_at = by, uow.now
    uow.session.flush()


def _known(
    work: ReadWork, column: InstrumentedAttribute[str | None], values: Sequence[str]
) -> dict[str, str]:
    """Which of the values stand in the database already, with the payment's number."""
    found: dict[str, str] = {}
    for start in range(0, len(values), _CHUNK):
        rows = work.session.execute(
            select(column, Payment.number).where(column.in_(values[start : start + _CHUNK]))
        )
        found.update((value or "", number) for value, number in rows)
    return found

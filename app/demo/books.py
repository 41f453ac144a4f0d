"""A month of the demo company at its bank and in its books: mostly alike, as it is at every desk."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from app.accounts.finding import find_account
from app.demo.company import ICBC
from app.demo.days import Days
from app.demo.desk import Desk
from app.payments.states import AttemptState
from app.reconciliation.items import OurItem
from app.reconciliation.journal import importing as journal
from app.reconciliation.journal.importing import JournalPreview
from app.reconciliation.journal.parsed import Book, BookLine, JournalFile
from app.reconciliation.reading import sent_items
from app.reconciliation.reconciling import keep_sure
from app.statements import importing as statements
from app.statements.importing import StatementPreview
from app.statements.parsed import Proof, Statement, StatementFile, StatementLine

_DAYS: Final = 24
_OPENING: Final = 8_600_000_00
_CUSTOMERS: Final = (
    ("无锡天成食品机械有限公司", 186_400_00),
    ("宁波永安物流有限公司", 92_350_00),
    ("合肥明远电子科技有限公司", 268_000_00),
)
# Of these a bank writes our number, of the others its own.
_NUMBERED: Final = 3


def put_month(desk: Desk, days: Days) -> None:
    """Statement and journal of the last weeks of the basic account; what is sure is matched."""
    since, until = days.ago(_DAYS), days.ago(1)
    clerk = desk.as_("clerk")
    with desk.db.read() as work:
        account = find_account(work, ICBC)
        sent = sent_items(work, account.id, since, until)
    paid = [
        item
        for item, state in sent.values()
        if state is AttemptState.SUCCEEDED and since <= item.on <= until
    ]
    lines = _bank_lines(paid, since, until)
    statement = Statement(
        lines,
        number=ICBC,
        opening=_OPENING,
        closing=lines[-1].balance,
        since=since,
        until=until,
        proof=Proof.BALANCED,
    )
    file = StatementFile("工行对账单.xlsx", "XLSX", (statement,), "中国工商银行")
    path = Path(file.name)
    seen = StatementPreview(path, "1" * 64, file, (ICBC,), lambda _: file)
    statements.take_in(desk.db, clerk, seen)
    book = _book(paid, since, until)
    books = JournalPreview(Path("银行存款日记账.xlsx"), "2" * 64, book, (ICBC,))
    journal.take_in(desk.db, clerk, books)
    keep_sure(desk.db, clerk, ICBC, since, until)


def _bank_lines(paid: list[OurItem], since: date, until: date) -> tuple[StatementLine, ...]:
    """What the bank wrote: one payment twice, a fee, interest, customers, one nobody knows."""
    rows: list[StatementLine] = []
    for place, item in enumerate(paid[:-1]):
        numbered = place % _NUMBERED == 0
        line = StatementLine(
            0,
            item.on,
            item.minor,
            name=item.name,
            payee_account=item.payee_account,
            summary=f"货款 {item.key.partition('/')[0]}" if numbered else "货款",
            reference=f"GH{place:06d}",
        )
        rows.append(line)
        if place == 1:
            later = min(item.on + timedelta(days=1), until)
            rows.append(replace(line, on=later, reference=f"GH9{place:05d}"))
    for place, (name, minor) in enumerate(_CUSTOMERS):
        on = since + timedelta(days=4 + place * 7)
        rows.append(StatementLine(0, on, minor, name=name, summary="货款", reference=f"SK{place}"))
    rows.append(StatementLine(0, until, -36_00, summary="网银服务费", reference="FY0011"))
    rows.append(StatementLine(0, until, 1_284_50, summary="结息", reference="JX0011"))
    rows.append(StatementLine(0, until, 45_000_00, name="苏州瑞丰模具有限公司", reference="SK0091"))
    balance = _OPENING
    found = []
    for number, line in enumerate(sorted(rows, key=lambda one: one.on), 5):
        balance += line.minor
        found.append(replace(line, row=number, balance=balance))
    return tuple(found)


def _book(paid: list[OurItem], since: date, until: date) -> JournalFile:
    """What we booked: every payment, most customers, a cheque that is still out."""
    rows = [
        BookLine(
            0, item.on, item.minor, voucher=f"记-{place + 1}", name=item.name, summary="付货款"
        )
        for place, item in enumerate(paid)
    ]
    for place, (name, minor) in enumerate(_CUSTOMERS):
        on = since + timedelta(days=5 + place * 7)
        rows.append(BookLine(0, on, minor, voucher=f"记-9{place}", summary=f"收{name}货款"))
    rows.append(
        BookLine(
            0,
            until - timedelta(days=1),
            -58_600_00,
            voucher="记-98",
            name="上海博远包装材料有限公司",
            summary="开出转账支票",
            settlement="10203344",
        )
    )
    rows.append(
        BookLine(
            0, until, 120_000_00, voucher="记-99", name="南京汇通贸易有限公司", summary="送存支票"
        )
    )
    balance = _OPENING
    lines = []
    for number, line in enumerate(sorted(rows, key=lambda one: one.on), 5):
        balance += line.minor
        lines.append(replace(line, row=number, balance=balance))
    book = Book(
        tuple(lines),
        subject=f"1002 银行存款—工商银行 {ICBC}",
        number=ICBC,
        opening=_OPENING,
        closing=balance,
        since=since,
        until=until,
        proof=Proof.BALANCED,
    )
    return JournalFile("银行存款日记账.xlsx", "XLSX", (book,))

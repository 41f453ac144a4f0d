"""银行存款余额调节表 on paper: both sides side by side, every open item told."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from app.core.money import Money
from app.documents.balance_values import (
    KIND_LABELS,
    NOT_A_VOUCHER,
    TITLE,
    BalanceHead,
    BalanceSheet,
    OpenEntry,
    OpenKind,
    SheetState,
    Signed,
    edition_text,
    unit,
)
from app.documents.blocks import GREY, RED, Block, Cell, Document, Paragraph, Row, Style, Table
from app.documents.fonts import Face, FontBook
from app.documents.forms import (
    AMOUNT,
    CENTERED,
    LABEL,
    VALUE,
    date_text,
    head,
    headings,
    section,
    time_text,
    value,
)
from app.documents.writing import PdfResult, write_pdf

# So many of each kind stand within the sheet itself; more have a list of their own.
FEW: Final = 6
_SIDES: Final = (52, 31, 52, 31)
_VERDICT: Final = (24, 142)
_LIST: Final = (9, 20, 30, 30, 49, 29, 13)
_NAMES: Final = ("序号", "日期", "摘要", "凭证号/流水号", "对方", "金额", "天数")
_FINE: Final = VALUE.but(size=8.5, leading=11)
_FINE_AMOUNT: Final = AMOUNT.but(size=8.5, leading=11)
_ALARM: Final = VALUE.but(color=RED)
_BOLD: Final = VALUE.but(face=Face.HEAD)
_PAIRS: Final = (
    ("加", OpenKind.BANK_CREDIT_NOT_BOOKED, OpenKind.BOOK_DEBIT_NOT_AT_BANK),
    ("减", OpenKind.BANK_DEBIT_NOT_BOOKED, OpenKind.BOOK_CREDIT_NOT_AT_BANK),
)


def balance_sheet_pdf(sheet: BalanceSheet, book: FontBook | None = None) -> PdfResult:
    """The sheet as A4 pages. Raises CurrencyMismatch or MissingGlyph."""
    return write_pdf(balance_sheet_document(sheet), book)


def balance_sheet_document(sheet: BalanceSheet) -> Document:
    """The sheet before it is set, to be written alone or among others. Raises CurrencyMismatch."""
    told = sheet.head
    return Document(
        title=f"{TITLE} {told.account} {told.on.isoformat()}",
        company=told.company,
        blocks=tuple(_blocks(sheet)),
        footer=f"{edition_text(told)}  {told.account}  {told.on.isoformat()}  "
        f"打印：{told.printed_by} {time_text(told.printed_at)}",
        watermark=_watermark(told),
        keywords=tuple(filter(None, (told.number, told.account))),
    )


def _watermark(told: BalanceHead) -> str:
    if told.drill:
        return "演练"
    return "" if told.state is SheetState.REVIEWED else told.state.value


def _blocks(sheet: BalanceSheet) -> Iterator[Block]:
    told = sheet.head
    left, right = f"{date_text(told.on)}", f"单位：{unit(told.currency)}"
    yield from head(told.company, TITLE, left, right, drill=told.drill)
    yield _identity(told)
    inside = all(len(sheet.of_kind(kind)) <= FEW for kind in OpenKind)
    yield _sides(sheet, inside=inside)
    yield from _verdict(sheet)
    yield Paragraph(NOT_A_VOUCHER, _FINE.but(color=RED), before=4)
    yield _signatures(told)
    if not inside:
        yield Paragraph(
            "附：未达账项明细",
            VALUE.but(face=Face.HEAD, size=11, leading=18),
            before=8,
            keep_next=True,
        )
        for kind in OpenKind:
            items = sheet.of_kind(kind)
            if items:
                yield _listed(sheet, kind, items)


def _identity(told: BalanceHead) -> Table:
    rows = (
        ("编制单位", told.company, "编号、版次", edition_text(told)),
        ("开户行", told.bank, "状态", told.state.value),
        ("账号", told.account, "币种", told.currency),
    )
    return Table(
        (20, 72, 22, 52),
        tuple(
            Row((_name(left), value(first), _name(right), value(second)))
            for left, first, right, second in rows
        ),
        after=6,
    )


def _name(text: str) -> Cell:
    return Cell(text, LABEL, 1, GREY)


def _sides(sheet: BalanceSheet, *, inside: bool) -> Table:
    told, found = sheet.head, sheet.adjusted
    rows = [
        headings(("项目", "金额", "项目", "金额")),
        _both(("企业银行存款日记账余额", told.book), ("银行对账单余额", told.bank_balance), VALUE),
    ]
    for sign, ours, theirs in _PAIRS:
        names = [
            f"{sign}：{KIND_LABELS[kind]}{_count(found.counts[kind])}" for kind in (ours, theirs)
        ]
        rows.append(_both((names[0], found.totals[ours]), (names[1], found.totals[theirs]), VALUE))
        if inside:
            rows += _inside(sheet, ours, theirs)
    rows.append(_both(("调节后余额", found.book), ("调节后余额", found.bank), _BOLD, GREY))
    return Table(_SIDES, tuple(rows), heading=1)


def _count(count: int) -> str:
    return f"（{count}笔）" if count else ""


def _both(
    left: tuple[str, Money], right: tuple[str, Money], style: Style, fill: str | None = None
) -> Row:
    cells: list[Cell] = []
    for name, amount in (left, right):
        shown = style.but(align=AMOUNT.align, **_red(amount))
        cells += [Cell(name, style, 1, fill), Cell(amount.display(), shown, 1, fill)]
    return Row(tuple(cells))


def _red(amount: Money) -> dict[str, str]:
    return {"color": RED} if amount.minor < 0 else {}


def _inside(sheet: BalanceSheet, ours: OpenKind, theirs: OpenKind) -> Iterator[Row]:
    """The items themselves, below their sum."""
    for left, right in zip_longest(sheet.of_kind(ours), sheet.of_kind(theirs)):
        cells: list[Cell] = []
        for item in (left, right):
            cells += _item(sheet, item)
        yield Row(tuple(cells))


def _item(sheet: BalanceSheet, item: OpenEntry | None) -> tuple[Cell, Cell]:
    if item is None:
        return Cell("", _FINE), Cell("", _FINE)
    told = "  ".join(filter(None, (item.on.isoformat(), item.summary, item.reference, item.party)))
    days = (sheet.head.on - item.on).days
    late = f"（{days} 天）" if days > 0 else ""
    amount = Cell(item.amount.display(), _FINE_AMOUNT.but(**_red(item.amount)))
    return Cell(f"{told}{late}", _FINE), amount


def _verdict(sheet: BalanceSheet) -> Iterator[Block]:
    found = sheet.adjusted
    gap = found.difference
    if found.balanced:
        said = f"调节后余额相等，差额 {gap.display()}，平衡。"
        yield Table(_VERDICT, (Row((_name("核对结果"), value(said))),))
        return
    said = f"不平，差额（企业 − 银行）{gap.display()} {unit(gap.currency)}。未查明前不能完成。"
    rows = [Row((_name("核对结果"), value(said, 1, _ALARM.but(face=Face.HEAD))))]
    hints = "\n".join(f"{at}. {hint}" for at, hint in enumerate(sheet.head.hints, start=1))
    if hints:
        rows.append(Row((_name("差额查找方向"), value(hints, 1, _ALARM))))
    yield Table(_VERDICT, tuple(rows))


def _signatures(told: BalanceHead) -> Table:
    cells = (
        _signer("编制人", told.prepared),
        _signer("复核人", told.reviewed),
        f"财务主管：{told.supervisor}\n\n\n签名：",
        "日期：\n\n\n      年    月    日",
    )
    return Table(
        (1, 1, 1, 1),
        (Row(tuple(Cell(text, VALUE, top=True) for text in cells)),),
        before=6,
        together=True,
    )


def _signer(title: str, signed: Signed | None) -> str:
    name, at = (signed.name, time_text(signed.at)) if signed else ("", "")
    return f"{title}：{name}\n{at}\n\n签名："


def _listed(sheet: BalanceSheet, kind: OpenKind, items: Sequence[OpenEntry]) -> Table:
    total = sheet.adjusted.totals[kind]
    title = f"{KIND_LABELS[kind]}：{len(items)} 笔，合计 {total.display()}"
    rows = [section(title, len(_LIST)), headings(_NAMES)]
    rows += [_line(sheet, at, item) for at, item in enumerate(items, start=1)]
    rows.append(
        Row(
            (
                Cell("合计", LABEL, 5, GREY),
                Cell(total.display(), _FINE_AMOUNT.but(face=Face.HEAD, **_red(total)), 1, GREY),
                Cell("", _FINE, 1, GREY),
            )
        )
    )
    return Table(_LIST, tuple(rows), heading=2, before=4)


def _line(sheet: BalanceSheet, number: int, item: OpenEntry) -> Row:
    centred = CENTERED.but(size=8.5, leading=11)
    return Row(
        (
            value(str(number), 1, centred),
            value(item.on.isoformat(), 1, centred),
            value(item.summary, 1, _FINE),
            value(item.reference, 1, _FINE),
            value(item.party, 1, _FINE),
            value(item.amount.display(), 1, _FINE_AMOUNT.but(**_red(item.amount))),
            value(str((sheet.head.on - item.on).days), 1, centred),
        )
    )

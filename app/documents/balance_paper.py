"""银行存款余额调节表 on paper (domain.md §3.5b): both sides, the open items below, signatures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.core.money import Money
from app.documents.balance_values import KIND_LABELS, BalanceSheet, OpenKind, SheetState
from app.documents.blocks import (
    RED,
    Block,
    Cell,
    Document,
    Paragraph,
    Row,
    Style,
    Table,
)
from app.documents.fonts import Face, FontBook
from app.documents.forms import (
    AMOUNT,
    CENTERED,
    VALUE,
    date_text,
    head,
    headings,
    label,
    section,
    time_text,
    value,
)
from app.documents.writing import PdfResult, write_pdf

TITLE: Final = "银行存款余额调节表"
_BOLD: Final = AMOUNT.but(face=Face.HEAD)
_BAD: Final = _BOLD.but(color=RED)
_SMALL: Final = Style(size=8.5, leading=12)
_NOTE: Final = (
    "本表用于核对银行存款，不是记账依据，不得据此调整账面记录；未达账项待银行单据到达后入账。"
)
_NAMES: Final = ("序号", "日期", "对方", "摘要", "凭证号、流水号", "金额", "未达天数")
_WEIGHTS: Final = (10, 21, 38, 40, 28, 28, 14)


@dataclass(frozen=True, slots=True)
class BalancePaper:
    """The sheet as it is printed; voided: why it was voided, "" while it stands."""

    sheet: BalanceSheet
    voided: str = ""


def balance_paper_pdf(paper: BalancePaper, book: FontBook | None = None) -> PdfResult:
    """The table as A4 pages. Raises MissingGlyph."""
    return write_pdf(balance_document(paper), book)


def balance_document(paper: BalancePaper) -> Document:
    """The table before it is set."""
    top = paper.sheet.head
    stamp = "演练" if top.drill else ""
    if paper.voided:
        stamp = "作废"
    elif top.state is SheetState.DRAFT:
        stamp = "草稿"
    return Document(
        title=f"{TITLE} {top.number}".strip(),
        company=top.company,
        blocks=tuple(_blocks(paper)),
        footer=f"{TITLE} {top.number}  打印：{top.printed_by} {time_text(top.printed_at)}",
        watermark=stamp,
        margins=(16, 14, 16, 18),
    )


def _blocks(paper: BalancePaper) -> Iterator[Block]:
    top = paper.sheet.head
    left = f"截止日：{date_text(top.on)}"
    right = f"编号：{top.number or '—'}　第 {top.edition} 版　{top.state}"
    yield from head(top.company, TITLE, left, right, drill=top.drill)
    if paper.voided:
        yield Paragraph(f"本表已作废：{paper.voided}", VALUE.but(color=RED), after=4)
    yield Table(
        (20, 74, 20, 60),
        (
            Row((label("开户行"), value(top.bank), label("账号"), value(top.account))),
            Row(
                (
                    label("编制单位"),
                    value(top.company),
                    label("币种"),
                    value(f"{top.currency}　单位：元"),
                )
            ),
        ),
        after=6,
    )
    yield Table((52, 35, 52, 35), tuple(_sides(paper.sheet)), together=True)
    yield Paragraph(_NOTE, _SMALL, before=4, after=4)
    for hint in top.hints:
        yield Paragraph(f"· {hint}", _SMALL)
    for kind in OpenKind:
        yield from _items(paper.sheet, kind)
    yield _signers(paper.sheet)


def _sides(sheet: BalanceSheet) -> Iterator[Row]:
    after = sheet.adjusted
    sums = after.totals
    yield headings(("项目", "金额", "项目", "金额"))
    yield _side(
        "企业银行存款日记账余额", sheet.head.book, "银行对账单余额", sheet.head.bank_balance
    )
    yield _side(
        "加：银行已收、企业未收款",
        sums[OpenKind.BANK_CREDIT_NOT_BOOKED],
        "加：企业已收、银行未收款",
        sums[OpenKind.BOOK_DEBIT_NOT_AT_BANK],
    )
    yield _side(
        "减：银行已付、企业未付款",
        sums[OpenKind.BANK_DEBIT_NOT_BOOKED],
        "减：企业已付、银行未付款",
        sums[OpenKind.BOOK_CREDIT_NOT_AT_BANK],
    )
    yield _side("调节后余额", after.book, "调节后余额", after.bank, _BOLD)
    gap = after.difference
    said = "相符" if after.balanced else f"差额 {gap.display()}"
    yield Row((label("核对"), Cell(said, _BOLD if after.balanced else _BAD, 3)))


def _side(left: str, a: Money, right: str, b: Money, style: Style = AMOUNT) -> Row:
    return Row(
        (
            Cell(left, VALUE),
            Cell(a.display(), style),
            Cell(right, VALUE),
            Cell(b.display(), style),
        )
    )


def _items(sheet: BalanceSheet, kind: OpenKind) -> Iterator[Block]:
    items = sheet.of_kind(kind)
    if not items:
        return
    total = sheet.adjusted.totals[kind]
    title = f"{KIND_LABELS[kind]}　{len(items)} 笔　合计 {total.display()}"
    rows = [
        Row(
            (
                Cell(str(number), CENTERED),
                Cell(one.on.isoformat(), CENTERED),
                value(one.party),
                value(one.summary),
                value(one.reference),
                Cell(one.amount.display(), AMOUNT),
                Cell(str((sheet.head.on - one.on).days), CENTERED),
            )
        )
        for number, one in enumerate(items, 1)
    ]
    yield Table(
        _WEIGHTS,
        (section(title, len(_WEIGHTS)), headings(_NAMES), *rows),
        heading=2,
        before=6,
    )


def _signers(sheet: BalanceSheet) -> Table:
    top = sheet.head
    prepared = "" if top.prepared is None else f"{top.prepared.name}\n{time_text(top.prepared.at)}"
    reviewed = "" if top.reviewed is None else f"{top.reviewed.name}\n{time_text(top.reviewed.at)}"
    boxes = (
        Cell(f"编制人：{prepared}", VALUE, min_height=44, top=True),
        Cell(f"复核人：{reviewed}", VALUE, min_height=44, top=True),
        Cell(f"财务主管：{top.supervisor}", VALUE, min_height=44, top=True),
    )
    return Table((1, 1, 1), (Row(boxes),), before=8, together=True)

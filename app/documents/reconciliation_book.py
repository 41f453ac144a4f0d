"""The workbook of a reconciliation: eight sheets whose figures recompute (anchors.md, first 13)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from app.core.money import Money
from app.documents.atomic import replacing
from app.documents.balance_values import (
    KIND_LABELS,
    BalanceHead,
    OpenKind,
    adjusted,
    totals_of,
)
from app.documents.reconciliation_values import (
    MatchedPart,
    MatchRecord,
    ReconciliationBook,
)
from app.documents.sheet_writing import (
    Cell,
    Field,
    Formula,
    Heading,
    ListSheet,
    SheetWriter,
    Told,
    Written,
    summed,
)
from app.documents.workbook import SHEET_ROWS

BALANCE: Final = "余额调节表"
OPEN: Final = "未达账项"
# Where the figures of 余额调节表 stand.
BOOK_CELL, BANK_CELL = "B6", "D6"
KIND_CELLS: Final[dict[OpenKind, str]] = {
    OpenKind.BANK_CREDIT_NOT_BOOKED: "B7",
    OpenKind.BANK_DEBIT_NOT_BOOKED: "B8",
    OpenKind.BOOK_DEBIT_NOT_AT_BANK: "D7",
    OpenKind.BOOK_CREDIT_NOT_AT_BANK: "D8",
}
BOOK_ADJUSTED_CELL, BANK_ADJUSTED_CELL = "B9", "D9"
DIFFERENCE_CELL, CHECK_CELL = "B10", "D10"
_DAY_CELL: Final = f"'{BALANCE}'!$B$4"
_PAPER: Final = "本表只用于核对，不作为调整账面记录的依据；未达账项待银行单据到达后入账。"
_ROWS: Final = (
    (5, "企业银行存款日记账余额", "银行对账单余额"),
    (6, "加：银行已收、企业未收款", "加：企业已收、银行未收款"),
    (7, "减：银行已付、企业未付款", "减：企业已付、银行未付款"),
    (8, "调节后余额", "调节后余额"),
)


def write_reconciliation_book(
    target: Path,
    book: ReconciliationBook,
    told: Told | None = None,
    rows_per_sheet: int = SHEET_ROWS,
) -> None:
    """Write the workbook; told: called with the number of rows written so far.

    Raises ExportFailed, CellTooLong, CurrencyMismatch; the old file then stays as it was.
    """
    import xlsxwriter

    with replacing(target) as file:
        options = {"constant_memory": True, "in_memory": False, "strings_to_urls": False}
        made = xlsxwriter.Workbook(file, options)
        made.set_properties({"title": f"对账工作簿 {book.account}", "company": book.company})
        made.set_calc_mode("auto")
        writer = SheetWriter(made, book.currency, told, rows_per_sheet)
        first = writer.add(BALANCE)
        items = tuple(book.open_items)
        places: dict[str, Written] = {}
        for spec in _lists(book, items):
            places[spec.title] = writer.write_list(spec)
        _write_balance(writer, first, book, totals_of(items, book.currency), places[OPEN])
        first.activate()
        made.close()


def _write_balance(
    writer: SheetWriter,
    sheet: Any,
    book: ReconciliationBook,
    totals: dict[OpenKind, Money],
    places: Written,
) -> None:
    head = book.head
    for column, width in enumerate((34, 22, 34, 22)):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 28)
    writer.put(sheet, 0, 0, "银行存款余额调节表", writer.title)
    writer.put(sheet, 1, 0, f"编制单位：{book.company}", writer.small)
    writer.put(sheet, 1, 2, f"开户行：{book.bank}", writer.small)
    writer.put(sheet, 2, 0, f"账号：{book.account}", writer.small)
    writer.put(sheet, 2, 2, f"币种：{book.currency}　单位：元", writer.small)
    writer.put(sheet, 3, 0, "截止日", writer.small)
    writer.put(sheet, 3, 1, book.until, writer.day)
    writer.put(sheet, 3, 2, _state(head), writer.small)
    for column, title in enumerate(("项目", "金额", "项目", "金额")):
        writer.put(sheet, 4, column, title, writer.head)
    for (row, left, right), (a, b) in zip(_ROWS, _figures(book, totals, places), strict=True):
        money = writer.framed_total if row == _ROWS[-1][0] else writer.framed_money
        writer.put(sheet, row, 0, left, writer.framed)
        writer.put(sheet, row, 1, a, money)
        writer.put(sheet, row, 2, right, writer.framed)
        writer.put(sheet, row, 3, b, money)
    _write_check(writer, sheet, book)
    writer.put(sheet, 11, 0, _PAPER, writer.small)
    hints = () if head is None else head.hints
    for row, hint in enumerate(hints, 12):
        writer.put(sheet, row, 0, f"· {hint}", writer.small)
    foot = 13 + len(hints)
    for column, text in enumerate(_signers(head)):
        writer.put(sheet, foot, column, text, writer.framed)
    sheet.fit_to_pages(1, 1)


def _figures(
    book: ReconciliationBook, totals: dict[OpenKind, Money], places: Written
) -> Iterator[tuple[Cell, Cell]]:
    head = book.head
    unknown: Cell = "未知"
    yield (unknown, unknown) if head is None else (head.book, head.bank_balance)
    for left, right in (
        (OpenKind.BANK_CREDIT_NOT_BOOKED, OpenKind.BOOK_DEBIT_NOT_AT_BANK),
        (OpenKind.BANK_DEBIT_NOT_BOOKED, OpenKind.BOOK_CREDIT_NOT_AT_BANK),
    ):
        yield _sum(left, totals, places), _sum(right, totals, places)
    if head is None:
        yield unknown, unknown
    else:
        after = adjusted(head, book.open_items)
        yield Formula("=B6+B7-B8", after.book), Formula("=D6+D7-D8", after.bank)


def _sum(kind: OpenKind, totals: dict[OpenKind, Money], places: Written) -> Formula:
    ranges = zip(places.ranges("F"), places.ranges("A"), strict=True)
    parts = (f'SUMIFS({amounts},{kinds},"{KIND_LABELS[kind]}")' for amounts, kinds in ranges)
    return Formula(summed(parts), totals[kind])


def _write_check(writer: SheetWriter, sheet: Any, book: ReconciliationBook) -> None:
    head = book.head
    writer.put(sheet, 9, 0, "差额", writer.framed)
    writer.put(sheet, 9, 2, "核对", writer.framed)
    if head is None:
        writer.put(sheet, 9, 1, "未知", writer.framed)
        writer.put(sheet, 9, 3, "没有日记账或余额，尚不能调节", writer.framed)
        return
    gap = adjusted(head, book.open_items).difference
    writer.put(sheet, 9, 1, Formula("=ROUND(B9-D9,2)", gap), writer.framed_total)
    said = "平衡" if not gap.minor else f"不平，差额 {gap.display()}"
    check = '=IF(B10=0,"平衡","不平，差额 "&TEXT(B10,"#,##0.00"))'
    writer.put(sheet, 9, 3, Formula(check, said), writer.framed_total)


def _state(head: BalanceHead | None) -> str:
    return "" if head is None else f"{head.number}　第 {head.edition} 版　{head.state}".strip()


def _signers(head: BalanceHead | None) -> tuple[str, ...]:
    prepared = head.prepared.name if head and head.prepared else ""
    reviewed = head.reviewed.name if head and head.reviewed else ""
    return f"编制人：{prepared}", "", f"复核人：{reviewed}", "财务主管："


def _lists(book: ReconciliationBook, items: Sequence[Any]) -> Iterator[ListSheet]:
    note = f"{book.account}　{book.since} 至 {book.until}"
    yield ListSheet(
        "已执行核对",
        note,
        (
            Heading("付款编号", width=24),
            Heading("收款单位", width=30),
            Heading("付款金额", Field.MONEY, summed=True),
            Heading("银行金额", Field.MONEY, summed=True),
            Heading("相差", Field.MONEY, summed=True),
            Heading("银行记账日", Field.DATE, 12),
            Heading("流水号", width=22),
            Heading("结果", width=24),
        ),
        [
            (
                one.number,
                one.payee,
                one.amount,
                one.bank_amount,
                Formula(
                    '=IF(D{row}="","",C{row}-D{row})',
                    "" if one.bank_amount is None else one.amount - one.bank_amount,
                ),
                one.bank_on,
                one.line_reference,
                one.result,
            )
            for one in book.executed
        ],
    )
    yield ListSheet(
        OPEN,
        note,
        (
            Heading("类别", width=22),
            Heading("日期", Field.DATE, 12),
            Heading("对方", width=28),
            Heading("摘要", width=30),
            Heading("凭证号、流水号", width=20),
            Heading("金额", Field.MONEY, summed=True),
            Heading("未达天数", Field.COUNT, 10),
            Heading("下一步", width=30),
            Heading("账务建议", width=36),
        ),
        [
            (
                KIND_LABELS[one.kind],
                one.on,
                one.party,
                one.summary,
                one.reference,
                one.amount,
                Formula(f"={_DAY_CELL}-B{{row}}", (book.until - one.on).days),
                one.next_action,
                one.entry,
            )
            for one in items
        ],
    )
    yield ListSheet(
        "异常扣款",
        note,
        (
            Heading("异常", width=22),
            Heading("日期", Field.DATE, 12),
            Heading("对方", width=28),
            Heading("银行流水", width=20),
            Heading("单据", width=26),
            Heading("金额", Field.MONEY, summed=True),
            Heading("下一步", width=40),
        ),
        [
            (one.kind, one.on, one.party, one.lines, one.ours, one.amount, one.next_action)
            for one in book.alarms
        ],
    )
    yield ListSheet(
        "未执行",
        note,
        (
            Heading("付款编号", width=24),
            Heading("收款单位", width=30),
            Heading("金额", Field.MONEY, summed=True),
            Heading("日期", Field.DATE, 12),
            Heading("状态", width=16),
            Heading("说明", width=40),
        ),
        [
            (one.number, one.payee, one.amount, one.due_on, one.state, one.reason)
            for one in book.unexecuted
        ],
    )
    yield _matches(book, note)
    yield _imports(book, note)
    yield ListSheet(
        "操作记录",
        note,
        (
            Heading("序号", width=10),
            Heading("时间", Field.TIME, 20),
            Heading("操作人", width=18),
            Heading("操作", width=20),
            Heading("对象", width=26),
            Heading("原因", width=34),
            Heading("校验值", width=66),
        ),
        [
            (one.number, one.at, one.actor, one.act, one.subject, one.reason, one.hash)
            for one in book.trail
        ],
    )


def _matches(book: ReconciliationBook, note: str) -> ListSheet:
    return ListSheet(
        "匹配明细",
        note,
        (
            Heading("勾对编号", width=12),
            Heading("方式", width=12),
            Heading("把握", width=10),
            Heading("依据", width=36),
            Heading("银行流水", width=18),
            Heading("银行日期", Field.DATE, 12),
            Heading("银行户名", width=26),
            Heading("银行金额", Field.MONEY, summed=True),
            Heading("企业单号", width=24),
            Heading("企业日期", Field.DATE, 12),
            Heading("企业对方", width=26),
            Heading("企业金额", Field.MONEY, summed=True),
        ),
        [row for one in book.matches for row in _match_rows(one)],
    )


def _match_rows(one: MatchRecord) -> Iterator[tuple[Cell, ...]]:
    for at in range(max(len(one.lines), len(one.ours))):
        line = one.lines[at] if at < len(one.lines) else None
        item = one.ours[at] if at < len(one.ours) else None
        yield (one.match_id, one.kind, one.sureness, one.why, *_part(line), *_part(item))


def _part(part: MatchedPart | None) -> tuple[Cell, ...]:
    if part is None:
        return None, None, None, None
    return part.reference, part.on, part.party, part.amount


def _imports(book: ReconciliationBook, note: str) -> ListSheet:
    headings = (
        Heading("文件", width=34),
        Heading("SHA-256", width=66),
        Heading("自", Field.DATE, 12),
        Heading("至", Field.DATE, 12),
        Heading("期初余额", Field.MONEY),
        Heading("收入合计", Field.MONEY),
        Heading("支出合计", Field.MONEY),
        Heading("期末余额", Field.MONEY),
        Heading("期初＋收－支－期末", Field.MONEY, 18),
        Heading("笔数", Field.COUNT, 8),
        Heading("余额证明", width=12),
        Heading("问题", width=30),
        Heading("此前已有", Field.COUNT, 10),
        Heading("导入时间", Field.TIME, 20),
        Heading("导入人", width=12),
    )
    rows = []
    for one in book.imports:
        known = one.opening is not None and one.closing is not None
        gap: Money | str = ""
        if one.opening is not None and one.closing is not None:
            gap = one.opening + one.total_in - one.total_out - one.closing
        formula = Formula(
            '=IF(OR(E{row}="",H{row}=""),"",ROUND(E{row}+F{row}-G{row}-H{row},2))', gap
        )
        rows.append(
            (
                one.file,
                one.sha256,
                one.since,
                one.until,
                one.opening,
                one.total_in,
                one.total_out,
                one.closing,
                formula if known else None,
                one.lines,
                one.proof,
                one.problems,
                one.skipped,
                one.imported_at,
                one.imported_by,
            )
        )
    return ListSheet("导入证明", note, headings, rows)

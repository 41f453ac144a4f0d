"""LibreOffice computes the workbook anew; what it gets must be what we said."""

from dataclasses import replace

import openpyxl
import pytest

from app.core.money import Money
from app.documents.balance_values import KIND_LABELS, BalanceSheet, OpenKind
from app.documents.reconciliation_book import (
    BANK_ADJUSTED_CELL,
    BOOK_ADJUSTED_CELL,
    BOOK_CELL,
    CHECK_CELL,
    DIFFERENCE_CELL,
    KIND_CELLS,
    write_reconciliation_book,
)
from tests.support import office
from tests.support.reconciled import HEAD, ITEMS, many_items, reconciliation

FRONT = "余额调节表"
HOSTILE = '=HYPERLINK("http://x","y")'


def written(folder, rows_per_sheet=1_048_576, **changes):
    target = folder / "book.xlsx"
    write_reconciliation_book(target, reconciliation(**changes), rows_per_sheet=rows_per_sheet)
    return target


def figures(front):
    return {
        "book": front[BOOK_ADJUSTED_CELL].value,
        "bank": front[BANK_ADJUSTED_CELL].value,
        "difference": front[DIFFERENCE_CELL].value,
        "check": front[CHECK_CELL].value,
        **{kind: front[cell].value for kind, cell in KIND_CELLS.items()},
    }


def expected(head, items):
    found = BalanceSheet(head, tuple(items)).adjusted
    gap = found.difference
    return {
        "book": number(found.book),
        "bank": number(found.bank),
        "difference": number(gap),
        "check": "平衡" if found.balanced else f"不平，差额 {gap.display()}",
        **{kind: number(total) for kind, total in found.totals.items()},
    }


def number(amount):
    return pytest.approx(amount.minor / 100, abs=0.001)


def same(ours, theirs):
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return ours == pytest.approx(theirs, abs=1e-9)
    return ours == theirs


def test_that_it_computes_every_cell_to_what_we_wrote(tmp_path):  # E1.2
    odd = replace(HEAD, book=HEAD.book - Money(550), hints=("查手续费",))
    said = replace(ITEMS[0], summary=HOSTILE, party="@SUM(A1)", reference="310066865018800012345")
    path = written(tmp_path, 9, head=odd, open_items=(said, *ITEMS[1:], *many_items(11)))
    ours = openpyxl.load_workbook(path, data_only=True)
    theirs = office.recalculated(office.uncached(path))
    assert theirs.sheetnames == ours.sheetnames
    wrong = [
        (sheet.title, cell.coordinate, cell.value, theirs[sheet.title][cell.coordinate].value)
        for sheet in ours.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if not same(cell.value, theirs[sheet.title][cell.coordinate].value)
    ]
    assert wrong == []
    assert theirs["未达账项"]["D4"].value == HOSTILE


def test_that_a_changed_balance_or_item_changes_the_sheet(tmp_path):  # E1.2
    path = written(tmp_path)
    before = figures(office.recalculated(office.uncached(path))[FRONT])
    assert before == expected(HEAD, ITEMS)
    other = OpenKind.BOOK_CREDIT_NOT_AT_BANK
    cells = {
        FRONT: {BOOK_CELL: 3_256_480.25},
        "未达账项": {"F4": 130_000.5, "A5": KIND_LABELS[other]},
    }
    shown = office.recalculated(office.changed(path, cells))
    head = replace(HEAD, book=Money.parse("3,256,480.25"))
    items = [replace(ITEMS[0], amount=Money.parse("130,000.50")), replace(ITEMS[1], kind=other)]
    items += ITEMS[2:]
    assert figures(shown[FRONT]) == expected(head, items)
    assert figures(shown[FRONT])["check"].startswith("不平，差额 ")
    assert shown["未达账项"]["F2"].value == pytest.approx(266_863.6)


def test_that_what_the_filter_hides_leaves_the_totals_but_not_the_sheet(tmp_path):  # E1.2
    book = openpyxl.load_workbook(written(tmp_path))
    sheet = book["未达账项"]
    shown = KIND_LABELS[OpenKind.BANK_CREDIT_NOT_BOOKED]
    sheet.auto_filter.add_filter_column(0, [shown])
    for row in range(4, sheet.max_row + 1):
        sheet.row_dimensions[row].hidden = sheet[f"A{row}"].value != shown
    filtered = tmp_path / "filtered.xlsx"
    book.save(filtered)
    theirs = office.recalculated(filtered)
    assert theirs["未达账项"]["F2"].value == pytest.approx(129_204.36)
    assert figures(theirs[FRONT]) == expected(HEAD, ITEMS)

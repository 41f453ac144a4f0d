"""Tables that a person compares account numbers in: nothing in them is cut."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.resume.pieces import change_table
from ui.resume.short_table import breakable
from ui.resume.wizard import ResumePage

LONGEST = "12345678901234567890123456789012345"
NAME = "内蒙古自治区呼伦贝尔经济技术开发区精密机械制造股份有限公司"


def lines_of(table, row, column):
    """How many lines the cell's text takes in its column, without its padding."""
    metrics = table.fontMetrics()
    room = table.columnWidth(column) - metrics.height()
    text = breakable(table.rows().index(row, column).data())
    wrap = Qt.TextFlag.TextWordWrap
    tall = metrics.boundingRect(0, 0, room, 10_000, wrap, text)
    assert tall.width() <= room
    return round(tall.height() / metrics.lineSpacing())


def test_that_an_account_number_without_room_goes_on_in_the_next_line(qtbot):  # C2.3
    page = QWidget()
    qtbot.addWidget(page)
    change = {"field": "收款账号", "before": LONGEST, "after": LONGEST[::-1]}
    table = change_table("changes", [change], page)
    table.resize(420, 200)
    page.resize(420, 200)
    page.show()
    qtbot.waitExposed(page)
    line = table.fontMetrics().lineSpacing()
    qtbot.waitUntil(lambda: table.rowHeight(0) >= 2 * line)
    assert table.textElideMode() is Qt.TextElideMode.ElideNone
    assert lines_of(table, 0, 1) * line <= table.rowHeight(0)


@pytest.mark.parametrize("width", [1000, 1280])
def test_that_every_item_to_verify_is_readable_whole(  # C2.3
    qtbot, desk, people, show, channels, make_account, make_payment, stop, width
):
    account = make_account(name=NAME, number=LONGEST)
    payment = make_payment(made_by=people.clerk, account=account)
    stop(payment)
    context = desk(people.clerk)
    page = show(ResumePage(context), context, payment.number)
    page.resize(width, 800)
    table = page.verify.table
    line = table.fontMetrics().lineSpacing()

    def fits():
        cells = [(row, column) for row in range(7) for column in (1, 2)]
        return all(lines_of(table, *cell) * line <= table.rowHeight(cell[0]) for cell in cells)

    qtbot.waitUntil(fits)
    assert table.horizontalScrollBar().maximum() == 0
    assert table.verticalScrollBar().maximum() == 0

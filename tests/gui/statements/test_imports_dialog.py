"""导入记录 and the currency of an account, in the window."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.statements.importing import preview, take_in
from app.statements.undoing import import_lines, undo_import
from tests.gui.statements.test_mapping_dialog import click, only
from ui.payments.reason_dialog import ReasonDialog
from ui.statements.import_dialog import StatementDialog
from ui.statements.imports_dialog import ImportsDialog


@pytest.fixture
def brought(founded, people, account, plain, tmp_path):
    """Two imports, the later leaving out a line of the first."""
    take_in(founded, people.clerk, preview(founded, people.clerk, plain), account.number)
    later = tmp_path / "较晚.csv"
    text = plain.read_text(encoding="gb18030") + "\n2026-03-03,5.00,,65.00,某厂,货款"
    later.write_text(text, encoding="gb18030")
    take_in(founded, people.clerk, preview(founded, people.clerk, later), account.number)


def fact(dialog, name):
    return dialog.findChild(QLabel, f"statement.{name}").text()


def undo(qtbot, dialog, place, settle, why="选错了账户"):
    dialog.table.select_positions([place])
    click(qtbot, dialog.buttons["undo"], settle)
    asking = only(dialog, ReasonDialog)
    assert not asking._yes.isEnabled()
    asking._reason.setPlainText(why)
    click(qtbot, asking._yes, settle)
    return asking


def test_that_imports_are_listed_searched_and_undone(  # E1.3
    qtbot, founded, people, account, brought, page, settle
):
    shown = page()
    click(qtbot, shown.buttons["imports"], settle)
    dialog = only(shown, ImportsDialog)
    assert [one.file for one in dialog.table.all_rows()] == ["较晚.csv", "流水.csv"]
    assert not dialog.buttons["undo"].isEnabled()
    dialog.search.setText("较 晚")
    assert len(dialog.table.all_rows()) == 1
    dialog.search.setText("没有这样的")
    assert dialog.empty.text() == "没有符合条件的导入。"
    dialog.search.clear()
    dialog.table.sort_by("file")
    refused = undo(qtbot, dialog, 0, settle)
    assert "较晚.csv" in refused._banner.text()
    refused.reject()
    undo(qtbot, dialog, 1, settle)
    assert "已撤销“较晚.csv”" in dialog.banner.text()
    [later, first] = import_lines(founded, people.clerk)
    assert (later.undone_why, first.undone_at) == ("选错了账户", None)
    places = [one.undone_at is not None for one in dialog.table.all_rows()]
    dialog.table.select_positions([places.index(True)])
    assert dialog.buttons["undo"].toolTip() == "这次导入已被撤销。"


def test_that_who_may_not_import_undoes_nothing(  # C4.1
    qtbot, founded, people, brought, desk, settle
):
    dialog = ImportsDialog(desk(people.checker))
    qtbot.addWidget(dialog)
    dialog.show()
    settle()
    assert "没有“导入银行流水”权限" in dialog.banner.text()
    assert "权限" in dialog.buttons["undo"].toolTip()


def test_that_the_import_takes_the_currency_of_the_chosen_account(  # E1.3
    qtbot, founded, people, account, dollars, plain, page, settle
):
    shown = page()
    shown.open_file(str(plain))
    settle()
    dialog = only(shown, StatementDialog)
    assert fact(dialog, "currency") == "文件未写明，按所选账户"
    place = dialog.account.findData(dollars.number)
    assert dialog.account.itemText(place).endswith("USD")
    dialog.account.setCurrentIndex(place)
    dialog.account.activated.emit(place)
    settle()
    assert fact(dialog, "currency") == "USD（文件未写明，按所选账户）"
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    [line] = import_lines(founded, people.clerk)
    assert (line.currency, line.since) == ("USD", date(2026, 3, 1))


def test_that_rows_are_copied_with_their_headings(qtbot, qapp, people, brought, desk, settle):
    dialog = ImportsDialog(desk(people.clerk))
    qtbot.addWidget(dialog)
    dialog.show()
    settle()
    dialog.table.select_positions([0, 1])
    click(qtbot, dialog.findChild(QPushButton, "imports.copy"), settle)
    text = qapp.clipboard().text().splitlines()
    assert text[0].startswith("状态\t时间\t文件\t账户")
    assert "较晚.csv" in text[1]


def test_that_an_undone_import_is_seen_at_once(founded, people, brought, desk, qtbot, settle):
    context = desk(people.clerk)
    dialog = ImportsDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    settle()
    undo_import(founded, people.clerk, 2, "另一台电脑")
    context.changed.emit()
    settle()
    assert "另一台电脑" in dialog.table.model().index(0, 9).data()

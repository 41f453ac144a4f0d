"""列对应 in the window: an unknown file comes in, and the next one of its kind by itself."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel

from app.statements import layouts
from app.statements.mapping import KnownLayout
from app.statements.sharing import read_layout, written
from app.statements.sheets import sheets_of
from app.statements.undoing import import_lines
from tests.gui.statements.conftest import COLUMNS, HEADINGS, KNOWN
from ui.statements.import_dialog import StatementDialog
from ui.statements.layouts_dialog import LayoutsDialog, RenameDialog
from ui.statements.mapping_dialog import MappingDialog
from ui.widgets.banner import Severity


def only(parent, kind):
    [found] = [one for one in parent.findChildren(kind) if one.isVisible()]
    return found


def click(qtbot, button, settle):
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()
    settle()


def say(dialog, at, field):
    """Choose what a column is, as a click on its box does."""
    box = dialog.grid.box(at)
    box.setCurrentIndex(box.findData(field))
    box.activated.emit(box.currentIndex())


def wait_for_trial(qtbot, dialog, settle, count):
    qtbot.waitUntil(lambda: len(dialog.trial.table.all_rows()) == count)
    settle()


@pytest.fixture
def asked(page, foreign, settle):
    """The page, and the dialog that asks what the columns of an unknown file are."""
    shown = page()
    shown.open_file(str(foreign))
    settle()
    settle()
    return shown, only(shown, MappingDialog)


def test_that_an_unknown_file_comes_in_once_its_columns_are_told(  # E1.3
    qtbot, founded, people, account, asked, foreign, settle
):
    page, dialog = asked
    assert "没有交易日期和金额" in dialog.banner.text()
    assert not dialog.yes.isEnabled()
    assert "交易日期" in dialog.trial.proof.text()
    assert dialog.row.value() == 2
    for at, field in enumerate(("day", "expense", "income", "balance", "name")):
        say(dialog, at, field)
    wait_for_trial(qtbot, dialog, settle, 2)
    assert dialog.trial.proof.text() == "余额相符"
    model = dialog.trial.table.model()
    QAbstractItemModelTester(model)
    shown = [model.index(0, at).data() for at in range(model.columnCount())]
    assert shown[:7] == ["3", "2026-03-02", "", "1,000.00", "", "1,000.00", "甲公司"]
    right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    assert model.index(0, 3).data(Qt.ItemDataRole.TextAlignmentRole) == right
    dialog.name.setText("某某银行")
    click(qtbot, dialog.yes, settle)
    bringing = only(page, StatementDialog)
    assert "按记住的列对应“某某银行”" in bringing.findChild(QLabel, "statement.kind").text()
    bringing.account.setCurrentIndex(bringing.account.findData(account.number))
    click(qtbot, bringing.yes, settle)
    assert "已导入 2 笔交易" in page.banner.text()
    # The next file of the kind asks nothing.
    page.open_file(str(foreign))
    settle()
    again = only(page, StatementDialog)
    assert "2 笔交易" in again.findChild(QLabel, "statement.lines").text()


def test_that_a_broken_balance_is_told_while_columns_are_chosen(qtbot, asked, settle):  # E1.3
    _, dialog = asked
    for at, field in enumerate(("day", "income", "expense", "balance")):
        say(dialog, at, field)
    wait_for_trial(qtbot, dialog, settle, 2)
    qtbot.waitUntil(lambda: dialog.trial.proof.text() == "余额在第 4 行断开")
    say(dialog, 3, "")
    qtbot.waitUntil(lambda: dialog.trial.proof.text() == "文件没有可以核对的余额")
    say(dialog, 3, "day")
    qtbot.waitUntil(lambda: "只能是一列" in dialog.trial.proof.text())
    assert "只能是一列" in dialog.yes.toolTip()


def test_that_it_may_be_for_once(qtbot, founded, people, account, asked, settle):  # E1.3
    page, dialog = asked
    for at, field in enumerate(("day", "expense", "income")):
        say(dialog, at, field)
    dialog.name.clear()
    assert "名称" in dialog.yes.toolTip()
    dialog.keep.setChecked(False)
    click(qtbot, dialog.yes, settle)
    assert only(page, StatementDialog)
    assert layouts.layout_lines(founded, people.clerk) == []


def test_that_a_row_is_picked_as_heading_by_its_number(asked):  # E1.3
    _, dialog = asked
    dialog.grid.verticalHeader().sectionClicked.emit(0)
    assert dialog.row.value() == 1
    assert dialog.known().headings[:2] == ("Kontoauszug", "Februar")
    dialog.row.setValue(0)
    assert dialog.known().headings == ()
    assert not dialog.keep.isEnabled()


def test_that_a_known_header_is_overruled_from_the_import(  # E1.3
    qtbot, founded, people, account, page, plain, settle
):
    shown = page()
    shown.open_file(str(plain))
    settle()
    bringing = only(shown, StatementDialog)
    click(qtbot, bringing.remapping, settle)
    dialog = only(shown, MappingDialog)
    assert not dialog.banner.isVisible()
    columns = dict(dialog.grid.columns())
    assert columns["expense"] == (1,)
    say(dialog, 5, "remark")
    dialog.name.setText("改过的")
    click(qtbot, dialog.yes, settle)
    [line] = layouts.layout_lines(founded, people.clerk)
    assert (line.known.name, line.known.columns["remark"]) == ("改过的", (5,))
    assert "改过的" in only(shown, StatementDialog).findChild(QLabel, "statement.kind").text()


def test_that_a_layout_of_another_desk_is_read_here(qtbot, asked, tmp_path, settle):  # E1.3
    _, dialog = asked
    file = tmp_path / "layout.json"
    file.write_bytes(written(KnownLayout("别的", ("A", "B"), {"day": (0,), "amount": (1,)})))
    dialog.take_file(str(file))
    assert "表头与本文件不同" in dialog.banner.text()
    file.write_text("{", encoding="utf-8")
    dialog.take_file(str(file))
    assert "不是列对应文件" in dialog.banner.text()
    file.write_bytes(written(KNOWN))
    dialog.take_file(str(file))
    assert (dialog.grid.columns(), dialog.name.text()) == (COLUMNS, "某某银行")
    wait_for_trial(qtbot, dialog, settle, 2)


def test_that_each_worksheet_may_be_looked_at(qtbot, desk, people, tmp_path, settle):  # E1.3
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["说明"])
    sheet = book.create_sheet("Umsatz")
    for row in (HEADINGS, ("2026-03-02", None, 5, 5, "甲")):
        sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    dialog = MappingDialog(desk(people.clerk), path, sheets_of(path))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.sheet.isVisible()
    dialog.sheet.setCurrentIndex(1)
    dialog.sheet.activated.emit(1)
    assert dialog.known().headings == HEADINGS
    for at, field in enumerate(("day", "expense", "income")):
        say(dialog, at, field)
    wait_for_trial(qtbot, dialog, settle, 1)


def test_that_remembered_layouts_are_renamed_handed_on_and_deleted(  # E1.3
    qtbot, founded, people, desk, tmp_path, settle
):
    layouts.remember(founded, people.clerk, KNOWN)
    dialog = LayoutsDialog(desk(people.clerk))
    qtbot.addWidget(dialog)
    dialog.show()
    settle()
    assert not dialog.buttons["rename"].isEnabled()
    dialog.table.select_positions([0])
    [row] = dialog.table.selected_rows()
    model = dialog.table.model()
    assert model.index(0, 1).data().startswith("Buchungstag→交易日期，Soll→支出")
    target = tmp_path / "out.json"
    dialog.save_to(row, str(target))
    settle()
    assert read_layout(target) == KNOWN
    click(qtbot, dialog.buttons["rename"], settle)
    renaming = only(dialog, RenameDialog)
    renaming.name.setText("新名")
    click(qtbot, renaming.yes, settle)
    assert [one.known.name for one in dialog.table.all_rows()] == ["新名"]
    dialog.table.select_positions([0])
    click(qtbot, dialog.buttons["withdraw"], settle)
    from PySide6.QtWidgets import QMessageBox, QPushButton

    box = only(dialog, QMessageBox)
    click(qtbot, box.findChild(QPushButton, "confirm_yes"), settle)
    assert dialog.table.all_rows() == []
    assert dialog.empty.isVisible()
    dialog.take_file(str(target))
    settle()
    settle()
    assert [one.known.name for one in dialog.table.all_rows()] == ["某某银行"]
    target.write_bytes(b"\x00")
    dialog.take_file(str(target))
    settle()
    assert "不是列对应文件" in dialog.banner.text()
    assert dialog.banner.property("severity") != Severity.OK


def test_that_nothing_came_in_on_the_way(founded, people, asked):  # E1.3
    assert import_lines(founded, people.clerk) == []

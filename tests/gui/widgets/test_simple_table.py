from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.widgets.columns import Align, Column
from ui.widgets.simple_table import SimpleModel, SimpleTable


@dataclass(frozen=True)
class Item:
    key: str
    minor: int


COLUMNS = [
    Column[Item]("key", "名称", lambda item: item.key),
    Column[Item](
        "amount",
        "金额",
        lambda item: f"{item.minor / 100:,.2f}",
        align=Align.RIGHT,
        sort_value=lambda item: item.minor,
        tooltip=lambda item: f"{item.minor} 分",
    ),
]
ROWS = [Item("甲", 100_000), Item("乙", 99_900), Item("丙", -500)]


@pytest.fixture
def table(qtbot: QtBot) -> SimpleTable[Item]:
    made = SimpleTable[Item]("items", "明细", COLUMNS, lambda item: item.key)
    qtbot.addWidget(made)
    made.set_rows(ROWS)
    return made


def test_amounts_are_sorted_as_numbers_not_as_text(table: SimpleTable[Item]):
    table.sort_by("amount")
    assert [item.key for item in table.all_rows()] == ["丙", "乙", "甲"]
    table.sort_by("amount", descending=True)
    assert [item.key for item in table.all_rows()] == ["甲", "乙", "丙"]


def test_new_rows_come_in_the_order_chosen_before(table: SimpleTable[Item]):
    table.sort_by("amount")
    table.set_rows([*ROWS, Item("丁", 0)])
    assert [item.key for item in table.all_rows()] == ["丙", "丁", "乙", "甲"]


def test_a_selected_row_stays_selected_when_the_order_changes(table: SimpleTable[Item]):
    table.selectRow(0)
    table.sort_by("amount")
    assert table.selected_rows() == [Item("甲", 100_000)]
    assert table.current_row() == Item("甲", 100_000)


def test_a_column_without_a_sort_value_is_not_sorted_by_a_click(
    qtbot: QtBot, table: SimpleTable[Item]
):
    table.show()
    table.horizontalHeader().sectionClicked.emit(0)
    assert [item.key for item in table.all_rows()] == ["甲", "乙", "丙"]
    table.horizontalHeader().sectionClicked.emit(1)
    assert [item.key for item in table.all_rows()] == ["丙", "乙", "甲"]


def test_cells_say_their_alignment_and_their_tooltip(table: SimpleTable[Item]):
    index = table.model().index(0, 1)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    assert Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole)) == right
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "100000 分"


def test_one_cell_can_be_copied(table: SimpleTable[Item]):
    table.setCurrentIndex(table.model().index(0, 1))
    table.copy_cell()
    assert QApplication.clipboard().text() == "1,000.00"


def test_the_model_keeps_qts_rules(qtbot: QtBot):
    model: SimpleModel[Item] = SimpleModel(COLUMNS, lambda item: item.key, tickable=True)
    mode = QAbstractItemModelTester.FailureReportingMode.Warning
    tester = QAbstractItemModelTester(model, mode)
    model.replace(ROWS)
    model.sort(1, Qt.SortOrder.DescendingOrder)
    index = model.index(0, 0)
    assert model.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert model.ticked() == [Item("甲", 100_000)]
    model.replace([])
    assert tester.model() is model

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.errors import Refused
from ui.tasks import Tasks
from ui.theme import Tone
from ui.widgets.columns import PLACEHOLDER, Align, Column
from ui.widgets.paged_model import PagedModel
from ui.widgets.paged_table import MOST_SELECTED, PagedTable, TooManyRows, Totals


@dataclass(frozen=True)
class Line:
    number: int
    name: str
    amount: str = "1.00"


COLUMNS = [
    Column[Line]("number", "单号", lambda row: f"NO{row.number}", sort_key="number"),
    Column[Line]("name", "名称", lambda row: row.name, tone=lambda _: Tone.STOP),
    Column[Line]("amount", "金额", lambda row: row.amount, align=Align.RIGHT, sort_key="amount"),
]


@dataclass
class Source:
    """A list that remembers what it was asked for; page reads may be held back."""

    size: int
    first: int = 0
    name: str = "行"
    asked: list[tuple[int, int]] = field(default_factory=list)
    gate: threading.Event | None = None
    broken: bool = False

    def count(self) -> Totals:
        return Totals(self.size, f"合计 {self.size}")

    def page(self, start: int, size: int) -> Sequence[Line]:
        if self.gate is not None and start:
            self.gate.wait()
        if self.broken and start:
            raise OSError("gone")
        self.asked.append((start, size))
        end = min(start + size, self.size)
        return [Line(self.first + at, f"{self.name}{self.first + at}") for at in range(start, end)]


class Failures(list[BaseException]):
    pass


@pytest.fixture
def failures() -> Failures:
    return Failures()


@pytest.fixture
def table(qtbot: QtBot, tasks: Tasks, failures: Failures) -> PagedTable[Line]:
    made = PagedTable[Line](
        "lines", "明细", COLUMNS, lambda row: row.number, tasks, failures.append, tickable=True
    )
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def show(qtbot: QtBot, tasks: Tasks, table: PagedTable[Line], source: Source) -> None:
    with qtbot.waitSignal(table.totals_changed):
        table.set_source(source)
    settle(qtbot, tasks)


def settle(qtbot: QtBot, tasks: Tasks) -> None:
    QApplication.processEvents()
    qtbot.waitUntil(lambda: tasks.running() == ())
    QApplication.processEvents()


def cell(table: PagedTable[Line], row: int, column: int = 0) -> object:
    return table.model().index(row, column).data()


def test_a_million_rows_open_with_one_page(qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]):
    source = Source(1_000_000)
    show(qtbot, tasks, table, source)
    assert table.model().rowCount() == 1_000_000
    assert table.totals == Totals(1_000_000, "合计 1000000")
    assert source.asked == [(0, 100)]
    assert cell(table, 0) == "NO0"
    assert cell(table, 500_000) == PLACEHOLDER


def test_a_jump_reads_only_the_pages_that_are_seen(
    qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]
):
    source = Source(1_000_000)
    show(qtbot, tasks, table, source)
    for target in (100_000, 300_000, 700_010):
        table.verticalScrollBar().setValue(target)
    settle(qtbot, tasks)
    # 400 pixels hold fewer than 40 rows: 700,010 … 700,049 lie on one page.
    assert source.asked == [(0, 100), (700_000, 100)]
    assert cell(table, 700_010) == "NO700010"


def test_a_view_across_two_pages_reads_both(qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]):
    source = Source(10_000)
    show(qtbot, tasks, table, source)
    table.verticalScrollBar().setValue(5_095)
    settle(qtbot, tasks)
    assert sorted(source.asked) == [(0, 100), (5_000, 100), (5_100, 100)]


def test_a_page_already_read_is_not_read_again(qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]):
    source = Source(10_000)
    show(qtbot, tasks, table, source)
    for target in (5_000, 0, 5_000):
        table.verticalScrollBar().setValue(target)
        settle(qtbot, tasks)
    assert source.asked == [(0, 100), (5_000, 100)]


def test_rows_on_their_way_are_shown_as_dots(qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]):
    gate = threading.Event()
    source = Source(10_000, gate=gate)
    show(qtbot, tasks, table, source)
    table.verticalScrollBar().setValue(5_000)
    QApplication.processEvents()
    assert cell(table, 5_000) == PLACEHOLDER
    assert table.model().index(5_000, 1).data(Qt.ItemDataRole.ForegroundRole) is None
    gate.set()
    qtbot.waitUntil(lambda: cell(table, 5_000) == "NO5000")


def test_pages_far_from_the_eye_are_given_up(qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]):
    source = Source(100_000)
    show(qtbot, tasks, table, source)
    for page in range(1, 40):
        table.verticalScrollBar().setValue(page * 1_000)
        settle(qtbot, tasks)
    assert cell(table, 0) == PLACEHOLDER
    assert cell(table, 39_000) == "NO39000"


def test_the_scroll_bar_is_at_the_top_before_a_shorter_list_comes(
    qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]
):
    show(qtbot, tasks, table, Source(1_000_000))
    table.verticalScrollBar().setValue(900_000)
    settle(qtbot, tasks)
    at_reset: list[tuple[int, int]] = []
    model = table.model()
    model.modelAboutToBeReset.connect(
        lambda: at_reset.append((table.verticalScrollBar().value(), model.rowCount()))
    )
    show(qtbot, tasks, table, Source(3))
    assert at_reset == [(0, 1_000_000)]
    assert model.rowCount() == 3


def test_only_the_last_of_several_lists_is_shown(
    qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]
):
    for first in (1_000, 2_000, 3_000):
        table.set_source(Source(5, first))
    settle(qtbot, tasks)
    assert cell(table, 0) == "NO3000"


def test_a_refresh_keeps_place_and_selection(qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]):
    show(qtbot, tasks, table, Source(10_000))
    table.verticalScrollBar().setValue(5_000)
    settle(qtbot, tasks)
    table.selectRow(5_003)
    with qtbot.waitSignal(table.totals_changed):
        table.refresh(Source(10_000, name="新"))
    settle(qtbot, tasks)
    assert table.verticalScrollBar().value() == 5_000
    assert [row.name for row in table.selected_rows()] == ["新5003"]
    assert table.current_row() == Line(5_003, "新5003")


def test_a_selected_row_that_moved_stays_selected_by_its_id(
    qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]
):
    show(qtbot, tasks, table, Source(50))
    table.selectRow(7)
    show(qtbot, tasks, table, Source(50, first=5))
    assert [row.number for row in table.selected_rows()] == [7]
    assert table.selected_ranges() == [(2, 2)]


def test_an_empty_list_has_no_rows_and_asks_for_none(
    qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]
):
    source = Source(0)
    show(qtbot, tasks, table, source)
    assert table.model().rowCount() == 0
    assert source.asked == []


def test_a_page_that_fails_is_told_and_tried_again_when_seen_again(
    qtbot: QtBot, tasks: Tasks, table: PagedTable[Line], failures: Failures
):
    source = Source(10_000, broken=True)
    show(qtbot, tasks, table, source)
    table.verticalScrollBar().setValue(5_000)
    qtbot.waitUntil(lambda: len(failures) == 1)
    assert isinstance(failures[0], OSError)
    source.broken = False
    table.verticalScrollBar().setValue(5_001)
    settle(qtbot, tasks)
    assert cell(table, 5_001) == "NO5001"


def test_a_click_on_a_heading_asks_the_owner_to_sort(
    qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]
):
    show(qtbot, tasks, table, Source(3))
    asked: list[tuple[str, bool]] = []
    table.sort_requested.connect(lambda key, down: asked.append((key, down)))
    header = table.horizontalHeader()
    for column in (2, 2, 1, 0):
        at = header.sectionViewportPosition(column) + 20
        place = header.viewport().rect().center()
        place.setX(at)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked == [("amount", False), ("amount", True), ("number", False)]
    assert table.model().headerData(0, Qt.Orientation.Horizontal) == "单号 ↑"


def test_enter_opens_the_current_row(qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]):
    show(qtbot, tasks, table, Source(10))
    table.selectRow(4)
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [Line(4, "行4")]


def test_space_ticks_the_selected_rows_and_ticks_outlive_the_list(
    qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]
):
    show(qtbot, tasks, table, Source(10))
    table.select_positions([2, 3])
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert [row.number for row in table.ticked()] == [2, 3]
    show(qtbot, tasks, table, Source(10, first=3, name="新"))
    assert [row.name for row in table.ticked()] == ["行2", "新3"]
    checked = table.model().index(0, 0).data(Qt.ItemDataRole.CheckStateRole)
    assert Qt.CheckState(checked) is Qt.CheckState.Checked
    table.select_positions([0])
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert [row.number for row in table.ticked()] == [2]


def test_ctrl_c_copies_the_selected_rows_with_headings_also_those_not_loaded(
    qtbot: QtBot, tasks: Tasks, table: PagedTable[Line]
):
    show(qtbot, tasks, table, Source(10_000))
    table.select_positions([1, 7_001])
    table.horizontalHeader().setSectionHidden(2, True)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, tasks)
    copied = QApplication.clipboard().text()
    assert copied == "单号\t名称\nNO1\t行1\nNO7001\t行7001"


def test_more_rows_than_an_act_may_take_are_refused_aloud(
    qtbot: QtBot, tasks: Tasks, table: PagedTable[Line], failures: Failures
):
    show(qtbot, tasks, table, Source(MOST_SELECTED + 1))
    table.selectAll()
    taken: list[list[Line]] = []
    table.with_selected(taken.append)
    settle(qtbot, tasks)
    assert taken == []
    assert isinstance(failures[0], TooManyRows)
    assert isinstance(failures[0], Refused)
    assert "10,001" in failures[0].message


def test_columns_are_remembered_per_user(
    qtbot: QtBot, tasks: Tasks, failures: Failures, tmp_path: Path
):
    def make(user: str) -> PagedTable[Line]:
        table = PagedTable[Line](
            "lines", "明细", COLUMNS, lambda row: row.number, tasks, failures.append
        )
        qtbot.addWidget(table)
        path = str(tmp_path / "geometry.ini")
        table.remember(QSettings(path, QSettings.Format.IniFormat), user)
        return table

    first = make("li")
    first.horizontalHeader().resizeSection(1, 222)
    first.horizontalHeader().moveSection(0, 1)
    first.header_menu().actions()[2].setChecked(False)
    first.save_columns()
    again, other = make("li"), make("wang")
    assert again.horizontalHeader().sectionSize(1) == 222
    assert [column.key for column in again.visible_columns()] == ["name", "number"]
    assert [column.key for column in other.visible_columns()] == ["number", "name", "amount"]


def test_the_last_column_cannot_be_hidden(qtbot: QtBot, table: PagedTable[Line]):
    for place in (0, 1):
        table.header_menu().actions()[place].setChecked(False)
    assert [action.isEnabled() for action in table.header_menu().actions()] == [True, True, False]


def test_the_model_keeps_qts_rules_while_pages_come_and_go(
    qtbot: QtBot, tasks: Tasks, failures: Failures
):
    model: PagedModel[Line] = PagedModel(
        COLUMNS, lambda row: row.number, tasks, failures.append, tickable=True, page_size=10
    )
    mode = QAbstractItemModelTester.FailureReportingMode.Warning
    tester = QAbstractItemModelTester(model, mode)
    for size in (25, 3, 0, 40):
        with qtbot.waitSignal(model.totals_changed):
            model.open(Source(size))
        model.look_at(size - 5, size)
        settle(qtbot, tasks)
    model.tick([Line(1, "行1")])
    assert tester.model() is model
    assert failures == []


def test_a_row_can_be_replaced_in_the_ticks_by_its_newer_self(tasks: Tasks, failures: Failures):
    row = Line(1, "旧")
    model: PagedModel[Line] = PagedModel(COLUMNS, lambda one: one.number, tasks, failures.append)
    model.tick([row])
    model.freshen_ticks([replace(row, name="新"), Line(2, "不相干")])
    assert model.ticked() == [Line(1, "新")]

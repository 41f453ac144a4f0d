"""What the page 对账 shows: the picture by day, the two sides, and what stands between them."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSplitter, QTabWidget, QVBoxLayout, QWidget

from app.core.money import Money
from app.reconciliation.overview import AlarmRow, BankRow, Board, OurRow, PairRow
from app.reconciliation.states import Side
from ui.payments.looks import LookDelegate
from ui.reconciliation.chart import DayChart
from ui.reconciliation.looks import (
    alarm_columns,
    bank_columns,
    our_columns,
    pair_columns,
    pair_look,
)
from ui.theme import Tone, restyle, set_tone
from ui.widgets.simple_table import SimpleTable


class Desk(QFrame):
    """Shows one board; the chosen day of the picture narrows what is listed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._board: Board | None = None
        self._side, self._currency = Side.ORDERS, "CNY"
        self.said = QLabel(self)
        self.said.setObjectName("reconcile_said")
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sums = QLabel(self)
        self.sums.setObjectName("reconcile_sums")
        self.chart = DayChart(self)
        self.chart.day_chosen.connect(lambda _: self.fill())
        self._make_tables()
        self._lay_out()

    def show_board(self, board: Board | None, side: Side, currency: str) -> None:
        """Show these rows, or nothing; the chosen day stays chosen while it is among them."""
        self._board, self._side, self._currency = board, side, currency
        self.chart.set_days(() if board is None else board.days, currency)
        self.said.setText(self.chart.summary())
        self.fill()

    def fill(self) -> None:
        """List what is of the chosen day, or everything."""
        rows, day = self._board, self.chart.chosen
        if rows is None:
            for table in (self.bank, self.ours, self.proposals, self.kept, self.alarms):
                table.set_rows(())
        else:
            self.bank.set_rows(tuple(one for one in rows.lines if day in {None, one.item.on}))
            self.ours.set_rows(rows.ours)
            self.proposals.set_rows(tuple(one for one in rows.proposals if _of(one, day)))
            self.kept.set_rows(tuple(one for one in rows.kept if _of(one, day)))
            self.alarms.set_rows(rows.alarms)
        self._name_parts()

    def show_pairs(self) -> None:
        """Choose the lines and items of the chosen proposals on either side."""
        rows = self.proposals.selected_rows()
        lines = {key for row in rows for key in row.pairing.lines}
        ours = {key for row in rows for key in row.pairing.ours}
        _select(self.bank, [row.item.key in lines for row in self.bank.all_rows()])
        _select(self.ours, [row.item.key in ours for row in self.ours.all_rows()])

    def sum_up(self) -> None:
        """Say what the chosen rows add up to, and by how much they differ."""
        lines, ours = self.bank.selected_rows(), self.ours.selected_rows()
        if not lines and not ours:
            self.sums.setText(self.tr("选中两边的记录，可手工勾对；几笔对一笔也可以。"))
            set_tone(self.sums, Tone.MUTED)
            return
        bank = sum((row.money for row in lines), Money.zero(self._currency))
        mine = sum((row.money for row in ours), Money.zero(self._currency))
        text = self.tr("已选：银行 %1 笔 %2，企业 %3 笔 %4，相差 %5")
        values = (
            str(len(lines)),
            bank.display(),
            str(len(ours)),
            mine.display(),
            (bank - mine).display(),
        )
        for place, value in enumerate(values, 1):
            text = text.replace(f"%{place}", value)
        self.sums.setText(text)
        set_tone(self.sums, Tone.OK if bank == mine else Tone.WARN)

    def _name_parts(self) -> None:
        names = (
            (self.tr("建议 %1"), len(self.proposals.all_rows())),
            (self.tr("已勾对 %1"), len(self.kept.all_rows())),
            (self.tr("异常 %1"), len(self.alarms.all_rows())),
        )
        for place, (name, count) in enumerate(names):
            self.middle.setTabText(place, name.replace("%1", f"{count:,}" if count else ""))
        left = sum(not row.proposed for row in self.bank.all_rows())
        text = self.tr("银行流水　未勾对 %1 笔，其中 %2 笔没有建议")
        text = text.replace("%1", f"{len(self.bank.all_rows()):,}").replace("%2", f"{left:,}")
        self._bank_title.setText(text)
        said = self.tr("企业付款、扣款　未勾对 %1 笔")
        if self._side is Side.BOOKS:
            said = self.tr("日记账　未勾对 %1 笔")
        self._ours_title.setText(said.replace("%1", f"{len(self.ours.all_rows()):,}"))

    def _make_tables(self) -> None:
        self.bank: SimpleTable[BankRow] = SimpleTable(
            "reconcile_bank", self.tr("银行流水"), bank_columns(), lambda r: r.item.key
        )
        self.ours: SimpleTable[OurRow] = SimpleTable(
            "reconcile_ours", self.tr("企业记录"), our_columns(), lambda r: r.item.key
        )
        columns = pair_columns()
        self.proposals: SimpleTable[PairRow] = SimpleTable(
            "reconcile_proposals", self.tr("建议"), columns, lambda r: r.pairing.keys
        )
        self.kept: SimpleTable[PairRow] = SimpleTable(
            "reconcile_kept", self.tr("已勾对"), columns, lambda r: r.pairing.id
        )
        self.alarms: SimpleTable[AlarmRow] = SimpleTable(
            "reconcile_alarms", self.tr("异常"), alarm_columns(), lambda r: r.alarm
        )
        for table in (self.proposals, self.kept):
            table.setItemDelegateForColumn(0, LookDelegate(table, pair_look))

    def _lay_out(self) -> None:
        self._bank_title, self._ours_title = QLabel(self), QLabel(self)
        self.middle = QTabWidget(self)
        self.middle.setObjectName("reconcile_middle")
        self.middle.setDocumentMode(True)
        for table in (self.proposals, self.kept, self.alarms):
            self.middle.addTab(table, table.accessibleName())
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setObjectName("reconcile_split")
        split.setChildrenCollapsible(False)
        for title, part in (
            (self._bank_title, self.bank),
            (None, self.middle),
            (self._ours_title, self.ours),
        ):
            split.addWidget(_under(title, part))
        split.setSizes([3, 4, 3])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.said)
        column.addWidget(self.chart)
        column.addWidget(split, 1)
        column.addWidget(self.sums)


def _under(title: QLabel | None, part: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    if title is not None:
        restyle(title, "kind", "heading")
        column.addWidget(title)
    column.addWidget(part, 1)
    return box


def _select(table: SimpleTable[BankRow] | SimpleTable[OurRow], wanted: Sequence[bool]) -> None:
    places = [place for place, chosen in enumerate(wanted) if chosen]
    table.blockSignals(True)
    table.select_positions(places)
    table.blockSignals(False)
    if places:
        table.scrollTo(table.rows().index(places[0], 0))


def _of(row: PairRow, chosen: date | None) -> bool:
    return chosen is None or any(line.on == chosen for line in row.lines)

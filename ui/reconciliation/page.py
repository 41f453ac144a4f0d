"""对账: the bank on the left, ours on the right, proposals in the middle; keyboard only if wished."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.access.rights import RIGHT_LABELS, Right
from app.core.errors import BadInput
from app.core.money import Money
from app.reconciliation.leftovers import AlarmKind
from app.reconciliation.overview import (
    AccountDays,
    AlarmRow,
    BankRow,
    Board,
    OurRow,
    PairRow,
    account_days,
    board,
)
from app.reconciliation.reconciling import Reconciliation, reconcile
from app.reconciliation.states import SIDE_LABELS, Side
from ui import messages
from ui.context import Context
from ui.payments.looks import LookDelegate
from ui.reconciliation.acts import ReconcileActs
from ui.reconciliation.chart import DayChart
from ui.reconciliation.looks import (
    alarm_columns,
    bank_columns,
    our_columns,
    pair_columns,
    pair_look,
)
from ui.reconciliation.rules_dialog import RulesDialog
from ui.tasks import Progress
from ui.theme import Tone, restyle, set_tone
from ui.widgets.banner import Banner
from ui.widgets.date_field import DateField
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.simple_table import SimpleTable

_Found = tuple[Reconciliation, Board]
_PAGES_OF: Final = {
    AlarmKind.DEBITED_CANCELLED: "watch",
}


class ReconcilePage(QWidget):
    """One account over some days, on one side: payments and debits, or the journal."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reconcile")
        self._context = context
        self._found: Reconciliation | None = None
        self._board: Board | None = None
        self._accounts: dict[str, AccountDays] = {}
        self._next_row = 0
        self.banner = Banner("reconcile_banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.acts = ReconcileActs(context, self, self.banner)
        self.buttons: dict[str, QPushButton] = {}
        self._make_choices()
        self._make_tables()
        self._lay_out()
        self._make_keys()
        self._offer()
        self.reload()

    # --- what is shown --------------------------------------------------------------------

    @property
    def side(self) -> Side:
        return Side(str(self.side_choice.currentData()))

    def account(self) -> str:
        return str(self.account_choice.currentData() or "")

    def days(self) -> tuple[date, date]:
        """The days chosen. Raises BadInput where one is missing."""
        since, until = self.since.chosen(), self.until.chosen()
        if since is None or until is None:
            raise BadInput(self.tr("请填写起止日期。"))
        return since, until

    def reload(self) -> None:
        """Read accounts, then the account's days again; what is chosen stays so."""
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "accounts"),
            lambda _: account_days(db, actor),
            self._show_accounts,
            self._failed,
            owner=self,
        )

    def show_argument(self, argument: object) -> None:
        """Show the account of that number."""
        place = self.account_choice.findData(str(argument or ""))
        if place >= 0:
            self.account_choice.setCurrentIndex(place)

    def look(self) -> None:
        """Hold bank and books against each other again."""
        number = self.account()
        if not number:
            return
        try:
            since, until = self.days()
        except BadInput as problem:
            self._failed(problem)
            return
        db, actor, side = self._context.db, self._context.actor, self.side

        def work(_: Progress) -> _Found:
            found = reconcile(db, actor, number, since, until)
            return found, board(found, side)

        self._say(self.tr("正在核对…"))
        self._context.tasks.start_latest(
            (id(self), "look"), work, self._show, self._not_found, owner=self
        )

    def _show_accounts(self, rows: Sequence[AccountDays]) -> None:
        known = self.account()
        self._accounts = {one.number: one for one in rows}
        self.account_choice.blockSignals(True)
        self.account_choice.clear()
        for one in rows:
            self.account_choice.addItem(one.label, one.number)
        place = self.account_choice.findData(known)
        self.account_choice.setCurrentIndex(max(0, place))
        self.account_choice.blockSignals(False)
        if place < 0 or not self.since.text() or not self.until.text():
            self._take_account()
        else:
            self.look()

    def _take_account(self) -> None:
        """Show the month of the account's last line."""
        chosen = self._accounts.get(self.account())
        if chosen is None or chosen.month is None:
            self._show_empty()
            return
        for field, day in zip((self.since, self.until), chosen.month, strict=True):
            field.blockSignals(True)
            field.set_date(day)
            field.blockSignals(False)
        self.look()

    def _show_empty(self) -> None:
        self._found = self._board = None
        self._stack.setCurrentWidget(self.empty)
        self.empty.show_state(
            self.tr("该账户还没有银行流水。导入对账单后，系统逐笔与付款、扣款和日记账核对。"),
            self.tr("导入银行流水…"),
        )
        self._offer()

    def _not_found(self, error: BaseException) -> None:
        self._found = self._board = None
        self._fill()
        self._failed(error)

    def _show(self, found: _Found) -> None:
        self._found, self._board = found
        self._stack.setCurrentWidget(self.desk)
        self._fill()

    def _fill(self) -> None:
        rows = self._board
        day = self.chart.chosen
        self.chart.set_days(() if rows is None else rows.days, self._currency())
        self._say(self.chart.summary())
        lines = () if rows is None else tuple(one for one in rows.lines if _on(one.item.on, day))
        self.bank.set_rows(lines)
        self.ours.set_rows(() if rows is None else rows.ours)
        proposals = () if rows is None else tuple(one for one in rows.proposals if _of(one, day))
        self.proposals.set_rows(proposals)
        self.kept.set_rows(() if rows is None else tuple(one for one in rows.kept if _of(one, day)))
        self.alarms.set_rows(() if rows is None else rows.alarms)
        self._name_tabs()
        self._select_next()
        self._offer()

    def _name_tabs(self) -> None:
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
        self.bank_title.setText(text)
        said = self.tr("企业付款、扣款　未勾对 %1 笔")
        if self.side is Side.BOOKS:
            said = self.tr("日记账　未勾对 %1 笔")
        self.ours_title.setText(said.replace("%1", f"{len(self.ours.all_rows()):,}"))

    def _currency(self) -> str:
        return "CNY" if self._found is None else self._found.currency

    def _say(self, text: str) -> None:
        self.said.setText(text)

    # --- what is chosen -------------------------------------------------------------------

    def _select_next(self) -> None:
        """After an act, the proposal that took the place of the one decided."""
        count = len(self.proposals.all_rows())
        if count and self._next_row:
            self.proposals.selectRow(min(self._next_row, count - 1))
        self._next_row = 0

    def _pair_chosen(self) -> None:
        """Show where the lines and items of the chosen proposals stand on either side."""
        rows = self.proposals.selected_rows()
        lines = {key for row in rows for key in row.pairing.lines}
        ours = {key for row in rows for key in row.pairing.ours}
        _select(self.bank, [row.item.key in lines for row in self.bank.all_rows()])
        _select(self.ours, [row.item.key in ours for row in self.ours.all_rows()])
        self._offer()

    def _offer(self) -> None:
        may = self._context.may(Right.RECONCILE_MATCH)
        rights = self.tr("您没有“%1”权限。").replace("%1", RIGHT_LABELS[Right.RECONCILE_MATCH])
        proposals = self.proposals.selected_rows()
        kept = self.kept.selected_rows()
        lines, ours = self.bank.selected_rows(), self.ours.selected_rows()
        reasons = {
            "run": "" if self._found else self.tr("请先导入该期间的银行流水。"),
            "accept": "" if proposals else self.tr("请先在“建议”中选择。"),
            "refuse": "" if len(proposals) == 1 else self.tr("请先在“建议”中选择一条。"),
            "pair": "" if len(lines) + len(ours) > 1 else self.tr("请在两边选择同一笔的记录。"),
            "undo": "" if kept else self.tr("请先在“已勾对”中选择。"),
        }
        for name, why in reasons.items():
            button = self.buttons[name]
            button.setEnabled(may and not why)
            button.setToolTip(why if may else rights)
        importing = self._context.may(Right.STATEMENT_IMPORT)
        self.buttons["import"].setEnabled(importing)
        for name in ("sheet", "workbook", "rules"):
            self.buttons[name].setEnabled(self._found is not None)
        restyle(self.buttons["accept"], "kind", "primary" if proposals else "")
        self._sum_up(lines, ours)

    def _sum_up(self, lines: Sequence[BankRow], ours: Sequence[OurRow]) -> None:
        """What the chosen rows add up to, and by how much they differ."""
        if not lines and not ours:
            self.sums.setText(self.tr("选中两边的记录，可手工勾对；几笔对一笔也可以。"))
            set_tone(self.sums, Tone.MUTED)
            return
        currency = self._currency()
        bank = sum((row.money for row in lines), Money.zero(currency))
        mine = sum((row.money for row in ours), Money.zero(currency))
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

    # --- acts -----------------------------------------------------------------------------

    def run(self) -> None:
        """Keep what is sure."""
        if self._found is not None:
            self.acts.run(self._found)

    def accept(self) -> None:
        self._remember_place()
        if self._found is not None:
            self.acts.accept(self._found.account, self.proposals.selected_rows())

    def refuse(self) -> None:
        self._remember_place()
        rows = self.proposals.selected_rows()
        if self._found is not None and len(rows) == 1:
            self.acts.refuse(self._found.account, rows[0])

    def pair(self) -> None:
        if self._found is not None:
            self.acts.pair(
                self._found.account,
                self.side,
                self.bank.selected_rows(),
                self.ours.selected_rows(),
            )

    def undo(self) -> None:
        self.acts.undo(self.kept.selected_rows())

    def sheet(self) -> None:
        """Go to the 余额调节表 of the account at the last day."""
        if self._found is not None:
            self._context.navigate.emit("sheets", (self._found.account, self._found.until))

    def workbook(self) -> None:
        if self._found is not None:
            self.acts.ask_workbook(self._found)

    def rules(self) -> RulesDialog | None:
        """The clerk's rules; from the chosen line of the bank a new one may be written."""
        if self._found is None:
            return None
        found = self._found
        dialog = RulesDialog(
            self._context,
            found.account,
            (found.since, found.until),
            [row.item for row in self.ours.all_rows()],
            self,
        )
        dialog.open()
        chosen = self.bank.selected_rows()
        if len(chosen) == 1 and not self.proposals.selected_rows():
            dialog.new(chosen[0].item)
        return dialog

    def _remember_place(self) -> None:
        self._next_row = max(0, self.proposals.currentIndex().row())

    def _open_alarm(self, row: AlarmRow) -> None:
        """Go to where the next step is taken."""
        page = _PAGES_OF.get(row.alarm.kind, "payments")
        number = row.alarm.ours[0].partition("/")[0] if row.alarm.ours else None
        self._context.navigate.emit(page, number)

    # --- how it is put together -----------------------------------------------------------

    def _make_choices(self) -> None:
        today = self._context.db.clock.now().astimezone(self._context.db.tz).date()
        self.account_choice = QComboBox(self)
        self.account_choice.setObjectName("reconcile_account")
        self.account_choice.setAccessibleName(self.tr("账户"))
        self.account_choice.setMinimumContentsLength(26)
        self.since = DateField("reconcile_since", self.tr("起始日"), today, self)
        self.until = DateField("reconcile_until", self.tr("截止日"), today, self)
        self.side_choice = QComboBox(self)
        self.side_choice.setObjectName("reconcile_side")
        self.side_choice.setAccessibleName(self.tr("与什么核对"))
        for side, label in SIDE_LABELS.items():
            self.side_choice.addItem(self.tr("与%1核对").replace("%1", label), str(side))
        self.account_choice.currentIndexChanged.connect(lambda _: self._take_account())
        self.side_choice.currentIndexChanged.connect(lambda _: self.look())
        for field in (self.since, self.until):
            field.editingFinished.connect(self._look_at_days)

    def _look_at_days(self) -> None:
        """Look again where the days are others than those that are shown."""
        found = self._found
        shown = None if found is None else (found.since, found.until)
        try:
            wanted = self.days()
        except BadInput as problem:
            self._failed(problem)
            return
        if shown != wanted:
            self.banner.clear()
            self.look()

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
        self.proposals.selection_changed.connect(self._pair_chosen)
        self.proposals.opened.connect(lambda _: self.accept())
        self.alarms.opened.connect(self._open_alarm)
        for chosen in (self.bank, self.ours, self.kept):
            chosen.selection_changed.connect(self._offer)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addLayout(self._choices())
        bar = FlowLayout()
        for name, text, act in self._button_list():
            bar.addWidget(self._button(name, text, act))
        column.addLayout(bar)
        self.said = QLabel(self)
        self.said.setObjectName("reconcile_said")
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.chart = DayChart(self)
        self.chart.day_chosen.connect(lambda _: self._fill())
        self.desk = QFrame(self)
        self._lay_out_desk()
        self.empty = EmptyState("reconcile_empty", self)
        self.empty.acted.connect(self.acts.ask_statement)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.desk)
        self._stack.addWidget(self.empty)
        column.addWidget(self._stack, 1)

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.account_choice, 2)
        row.addWidget(self.since)
        row.addWidget(QLabel("–", self))
        row.addWidget(self.until)
        row.addWidget(self.side_choice)
        row.addStretch(1)
        return row

    def _button_list(self) -> tuple[tuple[str, str, Callable[[], object]], ...]:
        return (
            ("import", self.tr("导入银行流水…"), self.acts.ask_statement),
            ("journal", self.tr("导入日记账…"), self.acts.ask_journal),
            ("run", self.tr("自动勾对(&R)"), self.run),
            ("accept", self.tr("采纳建议(&A)"), self.accept),
            ("refuse", self.tr("不是同一笔(&N)"), self.refuse),
            ("pair", self.tr("手工勾对(&M)…"), self.pair),
            ("undo", self.tr("撤销勾对(&U)…"), self.undo),
            ("sheet", self.tr("余额调节表(&B)"), self.sheet),
            ("workbook", self.tr("导出工作簿…"), self.workbook),
            ("rules", self.tr("规则…"), self.rules),
            ("imports", self.tr("导入记录…"), self.acts.show_imports),
        )

    def _button(self, name: str, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"reconcile_{name}")
        button.setAccessibleName(text.partition("(&")[0])
        button.clicked.connect(lambda _=False: act())
        self.buttons[name] = button
        return button

    def _lay_out_desk(self) -> None:
        self.bank_title, self.ours_title = QLabel(self), QLabel(self)
        self.sums = QLabel(self)
        self.sums.setObjectName("reconcile_sums")
        self.middle = QTabWidget(self)
        self.middle.setObjectName("reconcile_middle")
        self.middle.setDocumentMode(True)
        for table in (self.proposals, self.kept, self.alarms):
            self.middle.addTab(table, table.accessibleName())
        split = QSplitter(Qt.Orientation.Horizontal, self.desk)
        split.setObjectName("reconcile_split")
        split.setChildrenCollapsible(False)
        for title, part in (
            (self.bank_title, self.bank),
            (None, self.middle),
            (self.ours_title, self.ours),
        ):
            split.addWidget(_under(title, part))
        split.setSizes([3, 4, 3])
        column = QVBoxLayout(self.desk)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.said)
        column.addWidget(self.chart)
        column.addWidget(split, 1)
        column.addWidget(self.sums)

    def _make_keys(self) -> None:
        keys: tuple[tuple[QKeySequence | Qt.Key, Callable[[], object], QWidget], ...] = (
            (Qt.Key.Key_F5, self.reload, self),
            (Qt.Key.Key_F9, self.run, self),
            (Qt.Key.Key_Space, self.accept, self.proposals),
            (Qt.Key.Key_Delete, self.refuse, self.proposals),
            (Qt.Key.Key_Delete, self.undo, self.kept),
            (Qt.Key.Key_Return, self.pair, self.ours),
        )
        for key, act, owner in keys:
            shortcut = QShortcut(
                QKeySequence(key), owner, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            shortcut.activated.connect(act)


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


def _on(day: date, chosen: date | None) -> bool:
    return chosen is None or day == chosen


def _of(row: PairRow, chosen: date | None) -> bool:
    return chosen is None or any(line.on == chosen for line in row.lines)

"""对账: the bank on the left, ours on the right, proposals in the middle; keyboard only if wished."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.access.rights import Right
from app.core.errors import BadInput
from app.reconciliation.leftovers import AlarmKind
from app.reconciliation.overview import (
    AccountDays,
    AlarmRow,
    Board,
    account_days,
    board,
)
from app.reconciliation.reconciling import Reconciliation, reconcile
from app.reconciliation.states import SIDE_LABELS, Side
from ui import messages
from ui.context import Context
from ui.reconciliation.acts import ReconcileActs
from ui.reconciliation.desk import Desk
from ui.reconciliation.rules_dialog import RulesDialog
from ui.tasks import Progress
from ui.theme import restyle
from ui.widgets.banner import Banner
from ui.widgets.date_field import DateField
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow_layout import FlowLayout

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
        self._make_desk()
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

        self.desk.said.setText(self.tr("正在核对…"))
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
        currency = "CNY" if self._found is None else self._found.currency
        self.desk.show_board(self._board, self.side, currency)
        self._select_next()
        self._offer()

    # --- what is chosen -------------------------------------------------------------------

    def _select_next(self) -> None:
        """After an act, the proposal that took the place of the one decided."""
        count = len(self.proposals.all_rows())
        if count and self._next_row:
            self.proposals.selectRow(min(self._next_row, count - 1))
        self._next_row = 0

    def _pair_chosen(self) -> None:
        self.desk.show_pairs()
        self._offer()

    def _offer(self) -> None:
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
            self._allow(name, Right.RECONCILE_MATCH, why)
        chosen = lines or self.alarms.selected_rows()
        pick = self.tr("请先选择一条银行流水，或“异常”中的一条。")
        self._allow("incident", Right.INCIDENT_HANDLE, "" if chosen else pick)
        self.buttons["import"].setEnabled(self._context.may(Right.STATEMENT_IMPORT))
        for name in ("sheet", "workbook", "rules"):
            self.buttons[name].setEnabled(self._found is not None)
        restyle(self.buttons["accept"], "kind", "primary" if proposals else "")
        self.desk.sum_up()

    def _allow(self, name: str, right: Right, why: str) -> None:
        """Let a button be used by who has the right, or say why not."""
        why = self._context.why_denied(right) or why
        self.buttons[name].setEnabled(not why)
        self.buttons[name].setToolTip(why)

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

    def incident(self) -> None:
        """Open an incident for the chosen alarm, or else for the chosen lines of the bank."""
        alarms = self.alarms.selected_rows() if self.alarms.isVisible() else []
        self.acts.ask_incident(alarms, self.bank.selected_rows())

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

    def _make_desk(self) -> None:
        self.desk = Desk(self)
        self.bank, self.ours, self.chart = self.desk.bank, self.desk.ours, self.desk.chart
        self.proposals, self.kept, self.alarms = (
            self.desk.proposals,
            self.desk.kept,
            self.desk.alarms,
        )
        self.middle, self.said, self.sums = self.desk.middle, self.desk.said, self.desk.sums
        self.proposals.selection_changed.connect(self._pair_chosen)
        self.proposals.opened.connect(lambda _: self.accept())
        self.alarms.opened.connect(self._open_alarm)
        for chosen in (self.bank, self.ours, self.kept, self.alarms):
            chosen.selection_changed.connect(self._offer)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addLayout(self._choices())
        bar = FlowLayout()
        for name, text, act in self._button_list():
            bar.addWidget(self._button(name, text, act))
        column.addLayout(bar)
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
            ("incident", self.tr("转应急事件…"), self.incident),
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

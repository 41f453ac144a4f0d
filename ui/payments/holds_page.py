"""暂停令台账: every stop that was placed, by whom, why, and how it ended."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.access.rights import Right
from app.accounts.choices import PayingChoices, paying_choices
from app.core.codes import REASON_LABELS
from app.payments.detail import hold_ledger
from app.payments.holds import Release
from app.payments.reach import lift_preview
from app.payments.records import HoldLine
from app.payments.states import HOLD_STATE_LABELS, SCOPE_LABELS, HoldScope, HoldState
from ui import messages
from ui.context import Context
from ui.payments.filter_place import FilterPlace
from ui.payments.hold_dialog import HoldDialog
from ui.payments.hold_ledger import hold_columns, hold_facts, matching
from ui.payments.hold_lift import lift_dialog
from ui.payments.looks import HOLD_LOOKS, LookDelegate
from ui.theme import restyle
from ui.widgets.banner import Banner, Severity
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_fields import ChoiceFilter, DateRangeFilter, TextFilter
from ui.widgets.key_values import KeyValues
from ui.widgets.multi_choice import Choice
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab, StatusTabs

_ALL = "ALL"


class HoldsPage(QWidget):
    """The ledger with its states as tabs, a filter, the detail, and the request to lift."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("holds")
        self._context = context
        self._ledger: tuple[HoldLine, ...] = ()
        self._wanted = ""
        self._banner = Banner("holds_banner", self)
        self._failed = messages.presenter(self, self._banner)
        self._make_bar()
        self._make_filter()
        self._make_table()
        self._lay_out()
        for keys, act in (
            (QKeySequence(Qt.Key.Key_F5), self.reload),
            (QKeySequence(QKeySequence.StandardKey.Find), self.filter.focus_find),
        ):
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self._chosen()
        self.reload()

    def reload(self) -> None:
        """Read the ledger again; the chosen row stays chosen."""
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "ledger"),
            lambda _: hold_ledger(db, actor),
            self._show,
            self._failed,
            owner=self,
        )
        self.filter.read_saved()

    def show_argument(self, argument: object) -> None:
        """Go to the hold of that number."""
        self._wanted = str(argument)
        self._tabs.select(_ALL)
        self.filter.reset()
        self.reload()

    def _make_bar(self) -> None:
        self._new = QPushButton(self.tr("暂停付款…"), self)
        self._new.setObjectName("holds_new")
        self._new.clicked.connect(self.place)
        self._lift = QPushButton(self.tr("申请解除"), self)
        self._lift.setObjectName("holds_lift")
        self._lift.clicked.connect(self.ask_lift)
        self._payments = QPushButton(self.tr("查看付款"), self)
        self._payments.setObjectName("holds_payments")
        self._payments.clicked.connect(self._show_payment)
        self._refresh = QPushButton(self.tr("刷新"), self)
        self._refresh.setObjectName("holds_refresh")
        self._refresh.setToolTip("F5")
        self._refresh.clicked.connect(self.reload)
        for button in (self._new, self._lift, self._payments, self._refresh):
            button.setAccessibleName(button.text())

    def _make_filter(self) -> None:
        self._tabs = StatusTabs("holds_tabs", self)
        self._tabs.set_tabs(self._tab_list(()))
        self._tabs.chosen.connect(self._refill)
        self.filter = FilterPlace(
            self._context,
            self._banner,
            "holds",
            (
                TextFilter("text", self.tr("查找"), self.tr("令号、对象、说明、设置人")),
                ChoiceFilter(
                    "scope",
                    self.tr("范围"),
                    tuple(Choice(scope, SCOPE_LABELS[scope]) for scope in HoldScope),
                ),
                ChoiceFilter(
                    "reason",
                    self.tr("原因"),
                    tuple(Choice(one, label) for one, label in REASON_LABELS.items()),
                ),
                DateRangeFilter("placed", self.tr("设置日期")),
            ),
            self,
        )
        self.filter.changed.connect(self._refill)

    def _make_table(self) -> None:
        self.table: SimpleTable[HoldLine] = SimpleTable(
            "holds_table", self.tr("暂停令台账"), hold_columns(), lambda row: row.number
        )
        self.table.setItemDelegateForColumn(0, LookDelegate(self.table))
        self.table.current_changed.connect(self._chosen)
        self.table.selection_changed.connect(self._chosen)
        self.table.opened.connect(self._show_payment)
        self._empty = EmptyState("holds_empty", self)
        self._empty.acted.connect(self.filter.reset)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._facts = KeyValues("holds_facts", parent=self)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        for button in (self._new, self._lift, self._payments, self._refresh):
            bar.addWidget(button)
        bar.addStretch(1)
        self._side = QWidget(self)
        self._side.setObjectName("holds_side")
        self._side.setMinimumWidth(self.fontMetrics().height() * 16)
        beside = QVBoxLayout(self._side)
        beside.addWidget(self._facts)
        beside.addStretch(1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self._stack)
        split.addWidget(self._side)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.addLayout(bar)
        column.addWidget(self._tabs)
        column.addWidget(self.filter)
        column.addWidget(self._banner)
        column.addWidget(split, 1)

    def _tab_list(self, ledger: Sequence[HoldLine]) -> list[StatusTab]:
        count = dict.fromkeys(HoldState, 0)
        for hold in ledger:
            count[hold.state] += 1
        return [
            StatusTab(_ALL, self.tr("全部"), len(ledger)),
            *(
                StatusTab(
                    state,
                    HOLD_STATE_LABELS[state],
                    count[state],
                    tone=HOLD_LOOKS[state][1],
                )
                for state in HoldState
            ),
        ]

    def _show(self, ledger: Sequence[HoldLine]) -> None:
        self._ledger = tuple(ledger)
        self._tabs.set_tabs(self._tab_list(ledger))
        self._refill()

    def _refill(self, _: object = None) -> None:
        tab = self._tabs.current()
        rows = [
            hold
            for hold in self._ledger
            if tab in {_ALL, hold.state} and matching(hold, self.filter.values, self._context.db.tz)
        ]
        self.table.set_rows(rows)
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        if self._ledger:
            text = self.tr("没有符合条件的暂停令。")
            self._empty.show_state(text, self.tr("清除筛选条件"))
        else:
            self._empty.show_state(self.tr("还没有暂停令。需要拦截付款时，点击上方“暂停付款”。"))
        places = [at for at, row in enumerate(self.table.all_rows()) if row.number == self._wanted]
        if places:
            self._wanted = ""
            self.table.setCurrentIndex(self.table.rows().index(places[0], 0))
        self._chosen()

    def _chosen(self, _: object = None) -> None:
        hold = self._one()
        # Without a choice the list has the whole width.
        self._side.setVisible(hold is not None)
        if hold is not None:
            self._facts.set_lines(hold_facts(hold))
        why = self._why_no_lift(hold)
        self._lift.setEnabled(not why)
        self._lift.setToolTip(why)
        restyle(self._lift, "kind", "" if why else "primary")
        may = self._context.may(Right.HOLD_PLACE_WIDE)
        self._new.setEnabled(may)
        self._new.setToolTip("" if may else self.tr("您没有暂停账户、收款方或全公司付款的权限。"))
        self._payments.setEnabled(hold is not None)
        self._payments.setToolTip("" if hold is not None else self.tr("请先选择一条暂停令。"))

    def _one(self) -> HoldLine | None:
        rows = self.table.selected_rows()
        return rows[0] if rows else None

    def _why_no_lift(self, hold: HoldLine | None) -> str:
        if not self._context.may(Right.HOLD_LIFT_REQUEST):
            return self.tr("您没有“申请解除暂停”权限。")
        if hold is None:
            return self.tr("请先选择一条暂停令。")
        if hold.scope is HoldScope.PAYMENT:
            return self.tr("单笔停付请从“恢复付款”办理。")
        if hold.state is not HoldState.OPEN:
            return self.tr("该暂停令%1，不能申请解除。").replace("%1", hold.state_label)
        return ""

    def place(self) -> None:
        """Open the dialog that stops a wider scope."""
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "choices"),
            lambda _: paying_choices(db, actor),
            self._open_hold,
            self._failed,
            owner=self,
        )

    def _open_hold(self, choices: PayingChoices) -> None:
        dialog = HoldDialog(self._context, choices, HoldScope.COMPANY, None, self)
        dialog.placed.connect(self._placed)
        dialog.open()

    def _placed(self, number: str, count: int) -> None:
        text = self.tr("暂停令 %1 已生效，新停付 %2 笔。")
        self._wanted = number
        self._banner.show_message(
            Severity.OK, text.replace("%1", number).replace("%2", f"{count:,}")
        )

    def ask_lift(self) -> None:
        """Show what the lifting would release, and ask for the reason."""
        hold = self._one()
        if hold is None:
            return
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "lift"),
            lambda _: (hold, lift_preview(db, actor, hold.number)),
            self._open_lift,
            self._failed,
            owner=self,
        )

    def _open_lift(self, found: tuple[HoldLine, list[Release]]) -> None:
        dialog = lift_dialog(self._context, *found, self)
        dialog.succeeded.connect(self._lift_asked)
        dialog.open()

    def _lift_asked(self) -> None:
        self._banner.show_message(
            Severity.OK,
            self.tr("解除申请已提交，等待审批；批准前付款仍被拦截。"),
            action=self.tr("查看待办"),
            on_action=lambda: self._context.navigate.emit("inbox", None),
        )

    def _show_payment(self, _: object = None) -> None:
        hold = self._one()
        if hold is None:
            return
        single = hold.scope is HoldScope.PAYMENT
        self._context.navigate.emit("payments", hold.scope_label if single else hold)

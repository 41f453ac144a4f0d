"""自动扣款: every debit agreement, found, looked at and acted upon."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.access.rights import RIGHT_LABELS, Right
from app.accounts.choices import AccountChoice, paying_choices
from app.agreements.fields import BUSINESS_LABELS
from app.agreements.queries import (
    AgreementDetail,
    AgreementLine,
    agreement_detail,
    agreement_lines,
)
from app.agreements.states import AGREEMENT_LABELS, CHANGEABLE, AgreementState
from ui import messages
from ui.agreements.confirmation_dialog import ConfirmationDialog
from ui.agreements.dialogs import DebitDialog, reinstate_dialog, suspend_dialog
from ui.agreements.form import AgreementForm
from ui.agreements.import_dialog import ImportDialog
from ui.agreements.looks import AGREEMENT_LOOKS, agreement_columns, look_of, matching
from ui.agreements.side import AgreementSide
from ui.context import Context
from ui.payments.filter_place import FilterPlace
from ui.payments.looks import LookDelegate
from ui.theme import restyle
from ui.widgets.banner import Banner, Severity
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_fields import ChoiceFilter, DateRangeFilter, Filter, TextFilter
from ui.widgets.multi_choice import Choice
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab, StatusTabs

_ALL = "ALL"
_SUSPENDABLE = frozenset({AgreementState.PENDING, AgreementState.ACTIVE})
# The supplier may answer after the bank.
_ANSWERED = frozenset({AgreementState.CANCELLING, AgreementState.CANCELLED})
_KINDS = {"reinstate": "primary", "cancel": "danger", "answer": "primary"}


class AgreementsPage(QWidget):
    """The register with its states as tabs, a filter, and the chosen agreement at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("agreements")
        self.setAcceptDrops(True)
        self._context = context
        self._register: tuple[AgreementLine, ...] = ()
        self._accounts: tuple[AccountChoice, ...] = ()
        self._wanted: frozenset[str] = frozenset()
        self.banner = Banner("agreements_banner", self)
        self._failed = messages.presenter(self, self.banner)
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
        """Read the register again; the chosen rows stay chosen."""
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "register"),
            lambda _: (agreement_lines(db, actor), paying_choices(db, actor).accounts),
            self._show,
            self._failed,
            owner=self,
        )
        self.filter.read_saved()

    def show_argument(self, argument: object) -> None:
        """Go to the agreement of that number."""
        self._wanted = frozenset({str(argument)})
        self.tabs.select(_ALL)
        self.filter.reset()
        self.reload()

    def add(self) -> AgreementForm:
        """Enter a new agreement."""
        return self._open_form(None)

    def import_file(self, path: str = "") -> ImportDialog:
        """Open the import, with a file that was dropped on the page if there is one."""
        dialog = ImportDialog(self._context, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.imported.connect(self._imported)
        dialog.open()
        if path:
            dialog.open_file(path)
        return dialog

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self._context.may(Right.AGREEMENT_MANAGE):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.import_file(files[0])

    def _make_bar(self) -> None:
        self.buttons = {
            "add": self._button("add", self.tr("登记协议…"), self.add),
            "import": self._button("import", self.tr("导入…"), self.import_file),
            "change": self._button("change", self.tr("修改…"), self._change),
            "debit": self._button("debit", self.tr("登记扣款…"), self._debit),
            "suspend": self._button("suspend", self.tr("暂停…"), self._suspend),
            "reinstate": self._button("reinstate", self.tr("恢复扣款…"), self._reinstate),
            "cancel": self._button("cancel", self.tr("取消自动扣款…"), self._cancel),
            "answer": self._button("answer", self.tr("登记答复…"), self._answer),
            "refresh": self._button("refresh", self.tr("刷新"), self.reload),
        }
        self.buttons["refresh"].setToolTip("F5")

    def _button(self, name: str, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"agreements_{name}")
        button.setAccessibleName(text)
        button.clicked.connect(lambda _=False: act())
        return button

    def _make_filter(self) -> None:
        self.tabs = StatusTabs("agreements_tabs", self)
        self.tabs.set_tabs(self._tab_list(()))
        self.tabs.chosen.connect(self._refill)
        self.filter = FilterPlace(self._context, self.banner, "agreements", self._fields(()), self)
        self.filter.changed.connect(self._refill)

    def _fields(self, accounts: Sequence[AccountChoice]) -> tuple[Filter, ...]:
        return (
            TextFilter("text", self.tr("查找"), self.tr("协议号、收款单位、拼音、账号、户号")),
            ChoiceFilter(
                "account",
                self.tr("付款账户"),
                tuple(Choice(one.number, one.label) for one in accounts),
            ),
            ChoiceFilter(
                "business",
                self.tr("业务种类"),
                tuple(Choice(code, label) for code, label in BUSINESS_LABELS.items()),
            ),
            DateRangeFilter("next", self.tr("下次扣款日")),
        )

    def _make_table(self) -> None:
        self.table: SimpleTable[AgreementLine] = SimpleTable(
            "agreements_table", self.tr("自动扣款协议"), agreement_columns(), lambda r: r.number
        )
        self.table.setItemDelegateForColumn(0, LookDelegate(self.table, look_of))
        self.table.current_changed.connect(self._chosen)
        self.table.selection_changed.connect(self._chosen)
        self.table.opened.connect(lambda _: self._change())
        self._empty = EmptyState("agreements_empty", self)
        self._empty.acted.connect(self._empty_acted)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.side = AgreementSide(self._context, self.banner, self)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        for button in self.buttons.values():
            bar.addWidget(button)
        bar.addStretch(1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self._stack)
        split.addWidget(self.side)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        column = QVBoxLayout(self)
        column.addLayout(bar)
        column.addWidget(self.tabs)
        column.addWidget(self.filter)
        column.addWidget(self.banner)
        column.addWidget(split, 1)

    def _tab_list(self, register: Sequence[AgreementLine]) -> list[StatusTab]:
        count = dict.fromkeys(AgreementState, 0)
        for line in register:
            count[line.state] += 1
        unit = self.tr("%1 份")
        return [
            StatusTab(_ALL, self.tr("全部"), len(register), unit=unit),
            *(
                StatusTab(
                    state,
                    AGREEMENT_LABELS[state],
                    count[state],
                    tone=AGREEMENT_LOOKS[state][1],
                    unit=unit,
                )
                for state in AgreementState
            ),
        ]

    def _show(self, found: tuple[list[AgreementLine], tuple[AccountChoice, ...]]) -> None:
        register, self._accounts = found
        self._register = tuple(register)
        self.filter.set_fields(self._fields(self._accounts))
        self.tabs.set_tabs(self._tab_list(register))
        self._refill()

    def _refill(self, _: object = None) -> None:
        tab = self.tabs.current()
        rows = [
            line
            for line in self._register
            if tab in {_ALL, line.state} and matching(line, self.filter.values)
        ]
        self.table.set_rows(rows)
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        if self._register:
            self._empty.show_state(self.tr("没有符合条件的协议。"), self.tr("清除筛选条件"))
        elif self._context.may(Right.AGREEMENT_MANAGE):
            self._empty.show_state(
                self.tr("还没有自动扣款协议。从 Excel 清单导入，或点击“登记协议”逐份录入。"),
                self.tr("导入协议清单"),
            )
        else:
            self._empty.show_state(self.tr("还没有自动扣款协议。由经办登记或导入。"))
        self._go_to_wanted()
        self._chosen()

    def _go_to_wanted(self) -> None:
        rows = self.table.all_rows()
        places = [at for at, row in enumerate(rows) if row.number in self._wanted]
        if places:
            self._wanted = frozenset()
            self.table.setCurrentIndex(self.table.rows().index(places[0], 0))
            self.table.select_positions(places)

    def _empty_acted(self) -> None:
        if self._register:
            self.tabs.select(_ALL)
            self.filter.reset()
            self._refill()
        else:
            self.import_file()

    def _one(self) -> AgreementLine | None:
        rows = self.table.selected_rows()
        return rows[0] if len(rows) == 1 else None

    def _chosen(self, _: object = None) -> None:
        line = self._one()
        # Without a choice the list has the whole width.
        self.side.setVisible(line is not None)
        if line is not None:
            self.side.show_number(line.number)
        manage, again = Right.AGREEMENT_MANAGE, Right.AGREEMENT_REINSTATE
        self._offer("add", self._denied(manage))
        self._offer("import", self._denied(manage))
        self._offer("change", self._why_not(line, manage, CHANGEABLE))
        self._offer("debit", self._why_not(line, manage, frozenset(AgreementState)))
        self._offer("suspend", self._why_not(line, manage, _SUSPENDABLE))
        suspended = frozenset({AgreementState.SUSPENDED})
        self._offer("reinstate", self._why_not(line, again, suspended))
        self._offer("answer", self._why_not(line, manage, _ANSWERED))
        self._offer("cancel", self._why_not_cancel())

    def _offer(self, name: str, why: str) -> None:
        button = self.buttons[name]
        button.setEnabled(not why)
        button.setToolTip(why)
        restyle(button, "kind", _KINDS.get(name, "") if not why else "")

    def _denied(self, right: Right) -> str:
        if self._context.may(right):
            return ""
        return self.tr("您没有“%1”权限。").replace("%1", RIGHT_LABELS[right])

    def _why_not(
        self, line: AgreementLine | None, right: Right, states: frozenset[AgreementState]
    ) -> str:
        denied = self._denied(right)
        if denied:
            return denied
        if line is None:
            return self.tr("请先选择一份协议。")
        if line.state not in states:
            text = self.tr("%1 当前为“%2”，不能办理。").replace("%1", line.number)
            return text.replace("%2", AGREEMENT_LABELS[line.state])
        return ""

    def _why_not_cancel(self) -> str:
        denied = self._denied(Right.AGREEMENT_MANAGE)
        rows = self.table.selected_rows()
        if denied or not rows:
            return denied or self.tr("请先选择一份或多份协议。")
        if not any(row.state in CHANGEABLE for row in rows):
            return self.tr("所选协议已取消、已失效或正在取消，不需要再申请。")
        return ""

    def _cancel(self) -> None:
        numbers = tuple(row.number for row in self.table.selected_rows())
        self._context.navigate.emit("cancel", numbers)

    def _answer(self) -> None:
        line = self._one()
        if line is not None:
            said = f"{line.payee}　{line.bank_no}　{line.branch}"
            dialog = ConfirmationDialog(self._context, (line.number,), said, self)
            text = self.tr("%1 的答复已登记。")
            dialog.recorded.connect(lambda number: self._done(number, text))
            dialog.open()

    def _change(self) -> None:
        line = self._one()
        if line is None or not self.buttons["change"].isEnabled():
            return
        db, actor, number = self._context.db, self._context.actor, line.number
        self._context.tasks.start_latest(
            (id(self), "form"),
            lambda _: agreement_detail(db, actor, number),
            self._open_change,
            self._failed,
            owner=self,
        )

    def _open_change(self, detail: AgreementDetail) -> None:
        self._open_form(detail)

    def _open_form(self, detail: AgreementDetail | None) -> AgreementForm:
        form = AgreementForm(self._context, self._accounts, detail, self)
        text = self.tr("协议 %1 已修改。") if detail else self.tr("协议 %1 已登记。")
        form.saved.connect(lambda number: self._done(number, text))
        form.open()
        return form

    def _debit(self) -> None:
        line = self._one()
        if line is not None:
            dialog = DebitDialog(self._context, line, self)
            text = self.tr("%1 的扣款已登记。")
            dialog.recorded.connect(lambda number: self._done(number, text))
            dialog.open()

    def _suspend(self) -> None:
        line = self._one()
        if line is not None:
            text = self.tr("协议 %1 已暂停；请同时通知银行和收款单位停止扣款。")
            dialog = suspend_dialog(self._context, line, self)
            dialog.succeeded.connect(lambda: self._done(line.number, text))
            dialog.open()

    def _reinstate(self) -> None:
        line = self._one()
        if line is not None:
            text = self.tr("协议 %1 已恢复。")
            reinstate_dialog(self._context, line, self, lambda: self._done(line.number, text))

    def _imported(self, numbers: list[str]) -> None:
        text = self.tr("已导入 %1 份协议。").replace("%1", f"{len(numbers):,}")
        self._wanted = frozenset(numbers)
        self.banner.show_message(Severity.OK, text)

    def _done(self, number: str, text: str) -> None:
        self._wanted = frozenset({number})
        self.banner.show_message(Severity.OK, text.replace("%1", number))

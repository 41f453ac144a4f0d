"""自动扣款: every debit agreement, found, looked at and acted upon."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.access.rights import Right
from app.accounts.choices import AccountChoice, paying_choices
from app.agreements.exporting import export_agreements
from app.agreements.fields import BUSINESS_LABELS
from app.agreements.queries import (
    AgreementDetail,
    AgreementLine,
    agreement_detail,
    agreement_lines,
)
from app.agreements.states import AGREEMENT_LABELS, CHANGEABLE, AgreementState
from ui.agreements.confirmation_dialog import ConfirmationDialog
from ui.agreements.dialogs import DebitDialog, reinstate_dialog, suspend_dialog
from ui.agreements.form import AgreementForm
from ui.agreements.import_dialog import ImportDialog
from ui.agreements.looks import AGREEMENT_LOOKS, agreement_columns, look_of, matching
from ui.agreements.side import AgreementSide
from ui.context import Context
from ui.payments.export_dialog import ExportDialog
from ui.payments.looks import LookDelegate
from ui.payments.register_page import RegisterPage
from ui.theme import restyle
from ui.widgets.banner import Severity
from ui.widgets.file_asking import local_files
from ui.widgets.filter_fields import ChoiceFilter, DateRangeFilter, Filter, TextFilter
from ui.widgets.multi_choice import Choice
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab

_SUSPENDABLE: Final = frozenset({AgreementState.PENDING, AgreementState.ACTIVE})
# The supplier may answer after the bank.
_ANSWERED: Final = frozenset({AgreementState.CANCELLING, AgreementState.CANCELLED})
_KINDS: Final = {"reinstate": "primary", "cancel": "danger", "answer": "primary"}


class AgreementsPage(RegisterPage[AgreementLine]):
    """The register by state, with the chosen agreement at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "agreements", Right.AGREEMENT_MANAGE, parent)
        self.setAcceptDrops(True)
        self._accounts: tuple[AccountChoice, ...] = ()
        self._make_buttons()
        table: SimpleTable[AgreementLine] = SimpleTable(
            "agreements_table", self.tr("自动扣款协议"), agreement_columns(), lambda r: r.number
        )
        table.setItemDelegateForColumn(0, LookDelegate(table, look_of))
        table.opened.connect(lambda _: self.one(self._change)())
        self.register_side = AgreementSide(context, self.banner, self)
        self.assemble(table, self._fields(()), self.register_side)

    @override
    def reload(self) -> None:
        """Read the register again, and the accounts to choose from; the chosen rows stay chosen."""
        super().reload()
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "accounts"),
            lambda _: paying_choices(db, actor).accounts,
            self._show_accounts,
            self._failed,
            owner=self,
        )

    @override
    def rows_now(self) -> Sequence[AgreementLine]:
        return agreement_lines(self._context.db, self._context.actor)

    @override
    def tab_list(self, rows: Sequence[AgreementLine]) -> list[StatusTab]:
        return self.state_tabs(rows, AGREEMENT_LABELS, AGREEMENT_LOOKS, self.tr("%1 份"))

    @override
    def tab_of(self, row: AgreementLine) -> str:
        return row.state

    @override
    def fits(self, row: AgreementLine, values: Any) -> bool:
        return matching(row, values)

    @override
    def is_wanted(self, row: AgreementLine, wanted: str) -> bool:
        return row.number in wanted.split("\n")

    @override
    def say_empty(self) -> tuple[str, str]:
        if self._context.may(Right.AGREEMENT_MANAGE):
            text = self.tr("还没有自动扣款协议。从 Excel 清单导入，或点击“登记协议”逐份录入。")
            return text, self.tr("导入协议清单")
        return self.tr("还没有自动扣款协议。由经办登记或导入。"), ""

    @override
    def act_on_empty(self) -> None:
        self.import_file()

    @override
    def show_chosen(self, row: AgreementLine | None, rows: Sequence[AgreementLine]) -> None:
        if row is not None:
            self.register_side.show_number(row.number)
        self.offer("add", "")
        self.offer("import", "")
        self.offer("change", self._why_not(row, CHANGEABLE))
        self.offer("debit", self._why_not(row, frozenset(AgreementState)))
        self.offer("suspend", self._why_not(row, _SUSPENDABLE))
        suspended = frozenset({AgreementState.SUSPENDED})
        self.offer("reinstate", self._why_not(row, suspended), right=Right.AGREEMENT_REINSTATE)
        self.offer("answer", self._why_not(row, _ANSWERED))
        self.offer("cancel", self._why_not_cancel(rows))
        nothing = "" if self.table.all_rows() else self.tr("列表中没有可以导出的协议。")
        self.offer("export", nothing, right=Right.AGREEMENT_EXPORT)
        for name, button in self.buttons.items():
            restyle(button, "kind", _KINDS.get(name, "") if button.isEnabled() else "")

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
        files = local_files(event.mimeData())
        if files:
            self.import_file(files[0])

    def _make_buttons(self) -> None:
        self.button("add", self.tr("登记协议…"), self.add)
        self.button("import", self.tr("导入…"), self.import_file)
        self.button("change", self.tr("修改…"), self.one(self._change))
        self.button("debit", self.tr("登记扣款…"), self.one(self._debit))
        self.button("suspend", self.tr("暂停…"), self.one(self._suspend))
        self.button("reinstate", self.tr("恢复扣款…"), self.one(self._reinstate))
        self.button("cancel", self.tr("取消自动扣款…"), self.many(self._cancel))
        self.button("answer", self.tr("登记答复…"), self.one(self._answer))
        self.button("export", self.tr("导出…"), self._export)
        self.button("refresh", self.tr("刷新"), self.reload).setToolTip("F5")

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

    def _show_accounts(self, accounts: tuple[AccountChoice, ...]) -> None:
        self._accounts = accounts
        self.filter.set_fields(self._fields(accounts))

    def _why_not(self, line: AgreementLine | None, states: frozenset[AgreementState]) -> str:
        if line is None:
            return self.tr("请先选择一份协议。")
        if line.state not in states:
            text = self.tr("%1 当前为“%2”，不能办理。").replace("%1", line.number)
            return text.replace("%2", AGREEMENT_LABELS[line.state])
        return ""

    def _why_not_cancel(self, rows: Sequence[AgreementLine]) -> str:
        if not rows:
            return self.tr("请先选择一份或多份协议。")
        if not any(row.state in CHANGEABLE for row in rows):
            return self.tr("所选协议已取消、已失效或正在取消，不需要再申请。")
        return ""

    def _cancel(self, rows: Sequence[AgreementLine]) -> None:
        self._context.navigate.emit("cancel", tuple(row.number for row in rows))

    def _export(self) -> None:
        """Write what is shown, or of it what is chosen where that is more than one."""
        chosen = self.table.selected_rows()
        rows = chosen if len(chosen) > 1 else self.table.all_rows()
        numbers = [row.number for row in rows]
        columns = [column.key for column in self.table.visible_columns()]
        db, actor = self._context.db, self._context.actor
        ExportDialog(
            self._context,
            self,
            self.banner,
            "agreements_export_file",
            self.tr("导出自动扣款协议"),
            self.tr("自动扣款协议"),
            lambda path, told, stop: export_agreements(
                db, actor, path, numbers, columns, told, stop
            ),
        ).open()

    def _answer(self, line: AgreementLine) -> None:
        said = f"{line.payee}　{line.bank_no}　{line.branch}"
        dialog = ConfirmationDialog(self._context, (line.number,), said, self)
        text = self.tr("%1 的答复已登记。")
        dialog.recorded.connect(lambda number: self._done(number, text))
        dialog.open()

    def _change(self, line: AgreementLine) -> None:
        if not self.buttons["change"].isEnabled():
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

    def _debit(self, line: AgreementLine) -> None:
        dialog = DebitDialog(self._context, line, self)
        text = self.tr("%1 的扣款已登记。")
        dialog.recorded.connect(lambda number: self._done(number, text))
        dialog.open()

    def _suspend(self, line: AgreementLine) -> None:
        text = self.tr("协议 %1 已暂停；请同时通知银行和收款单位停止扣款。")
        dialog = suspend_dialog(self._context, line, self)
        dialog.succeeded.connect(lambda: self._done(line.number, text))
        dialog.open()

    def _reinstate(self, line: AgreementLine) -> None:
        text = self.tr("协议 %1 已恢复。")
        reinstate_dialog(self._context, line, self, lambda: self._done(line.number, text))

    def _imported(self, numbers: list[str]) -> None:
        text = self.tr("已导入 %1 份协议。").replace("%1", f"{len(numbers):,}")
        self.want("\n".join(numbers))
        self.banner.show_message(Severity.OK, text)

    def _done(self, number: str, text: str) -> None:
        self.want(number)
        self.banner.show_message(Severity.OK, text.replace("%1", number))

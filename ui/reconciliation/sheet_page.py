"""余额调节表: every table drawn up, by state; the chosen one at the right as it will be printed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.core.money import Money
from app.reconciliation import sheets
from app.reconciliation.overview import AccountDays, account_days
from app.reconciliation.papers import sheet_pdf
from app.reconciliation.sheets import SheetLine
from app.reconciliation.states import SHEET_LABELS, SheetState
from ui.admin.identity import with_fresh_identity
from ui.context import Context
from ui.payments.looks import LookDelegate
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.register_page import RegisterPage
from ui.reconciliation.looks import SHEET_LOOKS, sheet_columns, sheet_look, tr
from ui.reconciliation.sheet_dialogs import PrepareDialog, ReviewDialog
from ui.resume.sheet_dialog import SheetDialog
from ui.widgets.filter_fields import TextFilter
from ui.widgets.key_values import KeyValue, KeyValues
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab


class SheetPage(RegisterPage[SheetLine]):
    """The tables; prepared by one, reviewed by another."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "sheets", Right.SHEET_PREPARE, parent)
        self._accounts: list[AccountDays] = []
        self._asked: tuple[str, date] | None = None
        self.button("prepare", self.tr("编制…"), self.prepare)
        self.button("look", self.tr("预览、打印…"), self.one(self._preview))
        self.button("review", self.tr("复核…"), self.one(self._review))
        self.button("back", self.tr("退回…"), self.one(self._send_back))
        self.button("void", self.tr("作废…"), self.one(self._void))
        self.button("refresh", self.tr("刷新"), self.reload).setToolTip("F5")
        table: SimpleTable[SheetLine] = SimpleTable(
            "sheets_table", self.tr("余额调节表"), sheet_columns(), lambda r: r.number
        )
        table.setItemDelegateForColumn(0, LookDelegate(table, sheet_look))
        table.opened.connect(lambda _: self.one(self._preview)())
        self.facts = KeyValues("sheets_facts", parent=self)
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.addWidget(self.facts)
        column.addStretch(1)
        side.setMinimumWidth(self.fontMetrics().height() * 18)
        fields = (TextFilter("text", self.tr("查找"), self.tr("编号、账号、编制人")),)
        self.assemble(table, fields, side)

    @override
    def show_argument(self, argument: object) -> None:
        """A number, or (account, day) to prepare one for."""
        if isinstance(argument, tuple):
            self._asked = argument
            super().show_argument(None)
        else:
            super().show_argument(argument)

    @override
    def rows_now(self) -> Sequence[SheetLine]:
        db, actor = self._context.db, self._context.actor
        self._accounts = [one for one in account_days(db, actor) if one.last]
        return sheets.listing(db, actor)

    @override
    def tab_list(self, rows: Sequence[SheetLine]) -> list[StatusTab]:
        return self.state_tabs(rows, SHEET_LABELS, SHEET_LOOKS, self.tr("%1 份"))

    @override
    def tab_of(self, row: SheetLine) -> str:
        return row.state

    @override
    def fits(self, row: SheetLine, values: Any) -> bool:
        wanted = "".join(str(values.get("text", "")).split()).casefold()
        said = (row.number, row.account, row.prepared_by, row.reviewed_by, str(row.on))
        return not wanted or any(wanted in one.casefold() for one in said)

    @override
    def is_wanted(self, row: SheetLine, wanted: str) -> bool:
        return wanted == row.number

    @override
    def say_empty(self) -> tuple[str, str]:
        text = self.tr("还没有余额调节表。导入银行流水和日记账并勾对后，在这里编制。")
        return text, self.tr("编制…")

    @override
    def act_on_empty(self) -> None:
        self.prepare()

    @override
    def show_chosen(self, row: SheetLine | None, rows: Sequence[SheetLine]) -> None:
        if row is not None:
            self.facts.set_lines(_facts(row))
        none = self.tr("请先选择一份余额调节表。")
        waiting = row is not None and row.state is SheetState.PREPARED
        why = "" if waiting else (none if row is None else self.tr("该表不在待复核。"))
        self.offer("prepare", "")
        self.offer("look", "" if row else none, free=True)
        self.offer("review", why, right=Right.SHEET_REVIEW)
        self.offer("back", why, right=Right.SHEET_REVIEW)
        reviewed = row is not None and row.state is SheetState.REVIEWED
        why = "" if reviewed else self.tr("只有已复核的表可以作废。")
        self.offer("void", why, right=Right.SHEET_REVIEW)
        self.stand_out("review" if waiting else "prepare" if row is None else "look")
        if self._asked is not None:
            asked, self._asked = self._asked, None
            self.prepare(*asked)

    def prepare(self, account: str = "", on: date | None = None) -> PrepareDialog:
        """Ask for account and day; show what the table comes to."""
        dialog = PrepareDialog(self._context, self._accounts, account, on, self)
        dialog.prepared.connect(self._prepared)
        dialog.open()
        return dialog

    def _prepared(self, number: str) -> None:
        self._wanted = number
        self.reload()

    def _preview(self, row: SheetLine) -> None:
        db, actor = self._context.db, self._context.actor
        SheetDialog(
            self._context,
            tr("余额调节表 %1").replace("%1", row.number),
            lambda: sheet_pdf(db, actor, row.number),
            self,
        ).open()

    def _review(self, row: SheetLine) -> None:
        def then() -> None:
            ReviewDialog(self._context, row, back=False, parent=self).open()

        with_fresh_identity(self, self._context, then)

    def _send_back(self, row: SheetLine) -> None:
        ReviewDialog(self._context, row, back=True, parent=self).open()

    def _void(self, row: SheetLine) -> None:
        db, actor = self._context.db, self._context.actor

        def then() -> None:
            ReasonDialog(
                self._context,
                tr("作废余额调节表"),
                tr("%1 已复核。作废后原表保留并标明作废，可重新编制下一版。").replace(
                    "%1", row.number
                ),
                lambda why: sheets.void(db, actor, row.number, row.version, why),
                yes=tr("作废"),
                parent=self,
            ).open()

        with_fresh_identity(self, self._context, then)


def _facts(row: SheetLine) -> list[KeyValue]:
    return [
        KeyValue("number", tr("编号"), row.number),
        KeyValue("state", tr("状态"), SHEET_LABELS[row.state]),
        KeyValue("on", tr("截止日"), str(row.on)),
        KeyValue("account", tr("账号"), row.account),
        KeyValue("book", tr("日记账余额"), Money(row.book, row.currency).figure()),
        KeyValue("bank", tr("对账单余额"), Money(row.bank, row.currency).figure()),
        KeyValue("prepared", tr("编制人"), row.prepared_by),
        KeyValue("reviewed", tr("复核人"), row.reviewed_by or "—"),
        KeyValue("edition", tr("版次"), str(row.edition)),
    ]

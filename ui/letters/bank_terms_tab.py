"""银行办理天数: how long each bank takes to end an authorisation, and its change."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QSpinBox, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.agreements.bank_terms import MOST_DAYS, BankTermLine, SetBankTerm, set_bank_term
from app.agreements.prospects import USUAL_BANK_DAYS
from app.core.clock import local_text
from ui.admin.frame import TableOrEmpty, row_of
from ui.context import Context
from ui.letters.looks import tr
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.simple_table import SimpleTable


class BankTermsTab(QWidget):
    """Every bank of our accounts; emits `changed` with the bank whose number was set."""

    changed = Signal(str)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("bank_terms")
        self._context = context
        said = self.tr(
            "银行从收到函件到终止授权的工作日数，用于推算预计终止日和过渡期内仍会发生的扣款。"
            "没有设置的银行按 %1 个工作日；修改只影响今后的申请和送达。"
        ).replace("%1", str(USUAL_BANK_DAYS))
        self.table: SimpleTable[BankTermLine] = SimpleTable(
            "bank_terms.table", self.tr("银行办理天数"), _columns(), lambda r: r.bank
        )
        self.table.opened.connect(self._open)
        self.table.current_changed.connect(self._judge)
        self.table.selection_changed.connect(self._judge)
        empty = self.tr("没有登记银行账户。请先在“账户与渠道”登记账户和开户银行。")
        self._stack = TableOrEmpty(self.table, empty, self)
        self.edit = self._button()
        column = QVBoxLayout(self)
        column.addWidget(note("bank_terms.said", said, self, Tone.MUTED))
        column.addWidget(self._stack, 1)
        column.addLayout(row_of(self.edit))
        self._judge()

    def show_lines(self, rows: Sequence[BankTermLine]) -> None:
        """Show these banks; the chosen one stays chosen."""
        self._stack.show_rows(rows)
        self._judge()

    def change(self) -> "BankTermDialog | None":
        """Set the number of the chosen bank."""
        rows = self.table.selected_rows()
        if len(rows) != 1:
            return None
        dialog = BankTermDialog(self._context, rows[0], self)
        dialog.changed.connect(self.changed)
        dialog.open()
        return dialog

    def _open(self, _: object) -> None:
        if self.edit.isEnabled():
            self.change()

    def _button(self) -> QPushButton:
        made = QPushButton(self.tr("修改天数…"), self)
        made.setObjectName("bank_terms.edit")
        made.setAccessibleName(self.tr("修改天数"))
        made.clicked.connect(lambda _=False: self.change())
        return made

    def _judge(self, _: object = None) -> None:
        none = "" if len(self.table.selected_rows()) == 1 else self.tr("请先选择一家银行。")
        why = self._context.why_denied(Right.RULE_CHANGE) or none
        self.edit.setEnabled(not why)
        self.edit.setToolTip(why)


class BankTermDialog(FormDialog):
    """Sets one bank's number, or gives it the usual one again."""

    changed = Signal(str)

    def __init__(self, context: Context, line: BankTermLine, parent: QWidget) -> None:
        super().__init__(context, "bank_terms_form", parent)
        self.entitle(self.tr("办理天数 %1").replace("%1", line.bank), self.tr("保存(&S)"))
        self._line = line
        self.usual = QCheckBox(
            self.tr("按默认的 %1 个工作日").replace("%1", str(USUAL_BANK_DAYS)), self
        )
        self.usual.setObjectName("bank_terms_form.usual")
        self.days = QSpinBox(self)
        self.days.setObjectName("bank_terms_form.days")
        self.days.setAccessibleName(self.tr("办理天数（工作日）"))
        self.days.setRange(1, MOST_DAYS)
        self.days.setValue(line.days)
        self.fields.addRow(self.tr("办理天数（工作日）"), self.days)
        self.fields.addRow("", self.usual)
        self.usual.toggled.connect(self.days.setDisabled)
        self.usual.setVisible(line.own)
        asked = self.tr("如：银行公告、客户经理答复的日期和姓名")
        self.reason = self.area("reason", self.tr("依据"), asked)
        self.days.setFocus()
        self.days.selectAll()

    @override
    def start(self) -> None:
        days = None if self.usual.isChecked() else self.days.value()
        command = SetBankTerm(self._line.bank, days, self.reason.toPlainText(), self._line.version)
        self.run(
            lambda db, actor: set_bank_term(db, actor, command),
            lambda _: self.changed.emit(command.bank),
        )


def _columns() -> tuple[Column[BankTermLine], ...]:
    return (
        Column("bank", tr("银行"), lambda r: r.bank, sort_value=lambda r: r.bank, chars=28),
        Column(
            "days",
            tr("工作日"),
            lambda r: str(r.days),
            align=Align.RIGHT,
            sort_value=lambda r: r.days,
            chars=8,
        ),
        Column(
            "own",
            tr("来源"),
            lambda r: tr("本行设置") if r.own else tr("默认"),
            tone=lambda r: Tone.ACCENT if r.own else Tone.MUTED,
            chars=10,
        ),
        Column("accounts", tr("账户数"), lambda r: str(r.accounts), align=Align.RIGHT, chars=8),
        Column("reason", tr("依据"), lambda r: r.reason, chars=34),
        Column("by", tr("设置人"), lambda r: r.changed_by, chars=16),
        Column(
            "at",
            tr("设置时间"),
            lambda r: "" if r.changed_at is None else local_text(r.changed_at),
            chars=18,
        ),
    )

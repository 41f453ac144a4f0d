"""回拨核实: the second person calls the known number and says what came of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QWidget
from typing_extensions import override

from app.payees.changes import FIELDS, ConfirmChange
from app.payees.contacts import contact_card_of_change
from app.payments.payee_cure import confirm_change
from app.payments.records import ChangeLine
from ui.admin.identity import with_fresh_identity
from ui.context import Context
from ui.resume.contact_dialog import PhoneNote
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import change_table
from ui.widgets.banner import Severity


class CallBackDialog(FormDialog):
    """Emits the number of the change once it is decided."""

    decided = Signal(str)

    def __init__(self, context: Context, change: ChangeLine, parent: QWidget | None = None) -> None:
        super().__init__(context, "call_back", parent)
        self.entitle(
            self.tr("回拨核实 %1").replace("%1", change.number), self.tr("登记核实结果(&S)")
        )
        self._change = change
        rows = [
            {"field": title, "before": change.before[key], "after": change.after[key]}
            for key, title in FIELDS.items()
        ]
        self.said("payee", self.tr("收款方"), f"{change.payee}　{change.payment_no}")
        self.said("asked", self.tr("申请"), f"{change.asked_by}　{change.reason}")
        self.fields.addRow(change_table("call_back.changes", rows, self))
        self.phone = PhoneNote(
            context,
            "call_back",
            change.known_phone,
            lambda db, actor: contact_card_of_change(db, actor, change.number),
            self.tr("%1。必须拨打系统中登记的电话，不能使用变更函、邮件或来电中给出的号码。"),
            self,
        )
        self.fields.addRow(self.tr("登记电话"), self.phone)
        self.called = self.line("called", self.tr("实际拨打号码"), "", change.known_phone)
        self.spoke = self.line("spoke", self.tr("接听人"), "", self.tr("姓名、职务"))
        self.fields.addRow(self.tr("核实结果"), self._choice())
        self.remark = self.area("remark", self.tr("情况说明"), self.tr("核实未通过时必填"))
        self.called.setFocus()

    @override
    def start(self) -> None:
        if not self.accepted_one.isChecked() and not self.refused_one.isChecked():
            self.banner.show_message(
                Severity.WARN, self.tr("请选择核实结果。"), self.tr("通过或未通过。")
            )
            return
        with_fresh_identity(self, self.context, self._confirm)

    def _confirm(self) -> None:
        command = ConfirmChange(
            self._change.number,
            self.called.text(),
            self.spoke.text(),
            self.accepted_one.isChecked(),
            self.remark.toPlainText(),
        )
        self.run(
            lambda db, actor: confirm_change(db, actor, command),
            lambda _: self.decided.emit(command.number),
        )

    def _choice(self) -> QWidget:
        box = QWidget(self)
        self.accepted_one = QRadioButton(self.tr("核实通过，变更生效(&Y)"), box)
        self.accepted_one.setObjectName("call_back.accept")
        self.refused_one = QRadioButton(self.tr("核实未通过(&X)"), box)
        self.refused_one.setObjectName("call_back.refuse")
        group = QButtonGroup(box)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self.accepted_one, self.refused_one):
            button.setAccessibleName(button.text())
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        return box

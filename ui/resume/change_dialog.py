"""Asking for a 收款信息变更: old beside new, and why."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget
from typing_extensions import override

from app.payees.changes import FIELDS, AskChange
from app.payees.contacts import contact_card
from app.payments import payee_cure
from app.payments.records import PaymentDetail
from ui.context import Context
from ui.resume.contact_dialog import PhoneNote
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.theme import Tone


class ChangeDialog(FormDialog):
    """Emits the number of the new 收款信息变更单."""

    asked = Signal(str)

    def __init__(
        self, context: Context, detail: PaymentDetail, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "change", parent)
        self.entitle(
            self.tr("收款信息变更 %1").replace("%1", detail.line.number), self.tr("提交变更(&S)")
        )
        self._detail = detail
        fields = detail.fields
        self._before = {
            "name": fields.payee_name,
            "account": fields.payee_account,
            "bank": fields.payee_bank,
            "cnaps": fields.payee_cnaps,
        }
        self._after: dict[str, QLineEdit] = {}
        self.fields.addRow(self._grid())
        same = self.tr("资料没有变化、只需重新核实账户的，不改内容直接提交。")
        self.fields.addRow(note("change.same", same, self, Tone.MUTED))
        self.reason = self.area(
            "reason", self.tr("变更原因"), self.tr("例如：供应商来函更换开户行")
        )
        payee_id = detail.payee_id
        self.phone = PhoneNote(
            context,
            "change",
            detail.payee_phone,
            lambda db, actor: contact_card(db, actor, payee_id),
            self.tr("提交后须由另一人拨打登记电话 %1 回拨核实，核实通过后才会写入付款。"),
            self,
        )
        self.fields.addRow(self.phone)
        self._after["name"].setFocus()

    @override
    def start(self) -> None:
        after = {key: field.text() for key, field in self._after.items()}
        command = AskChange(
            self._detail.payee_id,
            self._before,
            after,
            self.reason.toPlainText(),
            self._detail.line.number,
        )
        self.run(
            lambda db, actor: payee_cure.ask_change(db, actor, command),
            self.asked.emit,
        )

    def _grid(self) -> QWidget:
        box = QWidget(self)
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for place, title in enumerate((self.tr("项目"), self.tr("原内容"), self.tr("新内容"))):
            head = QLabel(title, box)
            head.setProperty("kind", "muted")
            grid.addWidget(head, 0, place)
        for row, (key, title) in enumerate(FIELDS.items(), start=1):
            label = QLabel(title, box)
            old = note(f"change.old.{key}", self._before[key] or "—", box)
            new = QLineEdit(self._before[key], box)
            new.setObjectName(f"change.new.{key}")
            new.setAccessibleName(self.tr("新%1").replace("%1", title))
            label.setBuddy(new)
            self._after[key] = new
            for place, widget in enumerate((label, old, new)):
                grid.addWidget(widget, row, place)
        return box

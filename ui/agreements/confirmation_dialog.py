"""登记答复: what bank or supplier said of a cancellation, and what proves it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget
from typing_extensions import override

from app.agreements.confirming import RecordConfirmation, record_confirmation
from app.agreements.queries import AgreementLine
from app.agreements.states import (
    ANSWER_LABELS,
    CARRIER_LABELS,
    PARTY_LABELS,
    Answer,
    Carrier,
    Party,
)
from app.core.clock import business_date
from app.core.errors import BadInput
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.theme import Tone
from ui.widgets.date_field import DateField


class ConfirmationDialog(FormDialog):
    """Emits the agreement's number once the answer is kept."""

    recorded = Signal(str)

    def __init__(
        self, context: Context, line: AgreementLine, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "agreements_answer", parent)
        self.entitle(self.tr("登记答复 %1").replace("%1", line.number), self.tr("登记(&S)"))
        self._line = line
        today = business_date(context.db.clock.now(), context.db.tz)
        self.said("payee", self.tr("协议"), f"{line.payee}　{line.bank_no}　{line.branch}")
        self.party = self._choice("party", self.tr("答复方"), PARTY_LABELS)
        self.answer = self._choice("answer", self.tr("答复"), ANSWER_LABELS)
        for box in (self.party, self.answer):
            box.activated.connect(self._explain)
        self.consequence = note("agreements_answer.consequence", "", self, Tone.MUTED)
        self.fields.addRow("", self.consequence)
        self.day = self._day("on", self.tr("答复日期"), today)
        self.day.set_date(today)
        self.effective = self._day("effective", self.tr("终止生效日"), today)
        self.carrier = self._choice("carrier", self.tr("方式"), CARRIER_LABELS)
        self.person = self.line("person", self.tr("答复人"), "", self.tr("姓名、网点或部门、电话"))
        self.receipt = self.line("receipt", self.tr("回执编号"))
        self.evidence = self.area(
            "evidence", self.tr("依据"), self.tr("回执原件存档号、盖章回函、录音编号等")
        )
        self._explain()
        self.party.setFocus()

    @override
    def start(self) -> None:
        command = self._command()
        self.run(
            lambda db, actor: record_confirmation(db, actor, command),
            lambda _: self.recorded.emit(command.number),
        )

    def _command(self) -> RecordConfirmation:
        day = self.day.chosen()
        if day is None:
            raise BadInput(self.tr("请填写答复日期。"))
        return RecordConfirmation(
            self._line.number,
            Party(self.party.currentData()),
            Answer(self.answer.currentData()),
            day,
            Carrier(self.carrier.currentData()),
            self.person.text(),
            self.evidence.toPlainText(),
            self.receipt.text(),
            self.effective.chosen(),
        )

    def _explain(self) -> None:
        said = self.tr("只作记录；协议是否取消，以银行的答复为准。")
        if self.party.currentData() == Party.BANK:
            said = {
                Answer.TERMINATED: self.tr("登记后协议转为“已取消”；终止生效日和依据必填。"),
                Answer.PENDING: self.tr("登记后仍为“取消处理中”，继续跟进。"),
                Answer.REFUSED: self.tr("登记后协议恢复为申请前的状态，银行可以继续扣款。"),
            }[Answer(self.answer.currentData())]
        self.consequence.setText(said)

    def _day(self, name: str, title: str, today: date) -> DateField:
        field = DateField(f"agreements_answer.{name}", title, today, self)
        field.setPlaceholderText("")
        self.fields.addRow(title, field)
        return field

    def _choice(self, name: str, title: str, labels: Mapping[Any, str]) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"agreements_answer.{name}")
        box.setAccessibleName(title)
        for code, label in labels.items():
            box.addItem(label, str(code))
        self.fields.addRow(title, box)
        return box

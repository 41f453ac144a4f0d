"""登记答复: what bank or supplier said of a cancellation, and what proves it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget
from typing_extensions import override

from app.access.guard import Actor
from app.agreements.confirming import RecordConfirmation, record_confirmations, scan_from
from app.agreements.states import ANSWER_LABELS, Answer
from app.core.clock import business_date
from app.core.errors import BadInput
from app.letters.states import CARRIER_LABELS, PARTY_LABELS, Carrier, Party
from app.statements.importing import look_again
from app.storage.work import Database
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.theme import Tone
from ui.widgets.date_field import DateField
from ui.widgets.file_asking import ask_open


class ConfirmationDialog(FormDialog):
    """One answer for all agreements that it speaks of; emits their numbers once it is kept.

    said: what they are. party: who answers, where that is known.
    """

    recorded = Signal(str)

    def __init__(
        self,
        context: Context,
        numbers: Sequence[str],
        said: str,
        parent: QWidget | None = None,
        *,
        party: Party | None = None,
    ) -> None:
        super().__init__(context, "agreements_answer", parent)
        self._numbers, self._path = tuple(numbers), ""
        names = "、".join(numbers)
        self.entitle(self.tr("登记答复 %1").replace("%1", names), self.tr("登记(&S)"))
        today = business_date(context.db.clock.now(), context.db.tz)
        self.said("payee", self.tr("协议"), said)
        labels = PARTY_LABELS if party is None else {party: PARTY_LABELS[party]}
        self.party = self._choice("party", self.tr("答复方"), labels)
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
        self.scan = QPushButton(self.tr("选择回执扫描件…"), self)
        self.scan.setObjectName("agreements_answer.scan")
        self.scan.setAccessibleName(self.tr("选择回执扫描件"))
        self.scan.clicked.connect(self._ask_scan)
        self.fields.addRow(self.tr("扫描件"), self.scan)
        self._explain()
        self.party.setFocus()

    @override
    def start(self) -> None:
        command, numbers, path = self._command(), self._numbers, self._path

        def record(db: Database, actor: Actor) -> object:
            scan = scan_from(Path(path)) if path else None
            commands = [replace(command, number=one, scan=scan) for one in numbers]
            states = record_confirmations(db, actor, commands)
            # What came in since the end, before the bank told of it.
            look_again(db, actor.label)
            return states

        self.run(record, lambda _: self.recorded.emit("、".join(numbers)))

    def choose_scan(self, path: str) -> None:
        """Let this file go along with the answer."""
        self._path = path
        self.scan.setText(Path(path).name)

    def _ask_scan(self) -> None:
        ask_open(
            self,
            "agreements_answer.ask",
            self.tr("选择回执扫描件"),
            [self.tr("扫描件 (*.pdf *.png *.jpg *.jpeg)"), self.tr("所有文件 (*)")],
            self.choose_scan,
        )

    def _command(self) -> RecordConfirmation:
        day = self.day.chosen()
        if day is None:
            raise BadInput(self.tr("请填写答复日期。"))
        return RecordConfirmation(
            self._numbers[0],
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

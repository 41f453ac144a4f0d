"""登记答复: what bank or supplier said of a cancellation, and what proves it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.access.guard import Actor
from app.agreements.confirming import RecordConfirmation, record_confirmations
from app.agreements.states import ANSWER_LABELS, Answer
from app.letters.states import PARTY_LABELS, Carrier, Party
from app.statements.importing import look_again
from app.storage.work import Database
from ui.agreements.answer_form import AnswerForm
from ui.context import Context
from ui.resume.pieces import note
from ui.theme import Tone


class ConfirmationDialog(AnswerForm):
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
        self._numbers = tuple(numbers)
        names = "、".join(numbers)
        self.entitle(self.tr("登记答复 %1").replace("%1", names), self.tr("登记(&S)"))
        self.said("payee", self.tr("协议"), said)
        labels = PARTY_LABELS if party is None else {party: PARTY_LABELS[party]}
        self.party = self.choice("party", self.tr("答复方"), labels)
        self.answer = self.choice("answer", self.tr("答复"), ANSWER_LABELS)
        for box in (self.party, self.answer):
            box.activated.connect(self._explain)
        self.consequence = note("agreements_answer.consequence", "", self, Tone.MUTED)
        self.fields.addRow("", self.consequence)
        self.add_day()
        self.effective = self.date_field("effective", self.tr("终止生效日"), self.today)
        self.add_proof()
        self._explain()
        self.party.setFocus()

    @override
    def start(self) -> None:
        command, numbers = self._command(), self._numbers

        def record(db: Database, actor: Actor) -> object:
            scan = self.read_scan()
            commands = [replace(command, number=one, scan=scan) for one in numbers]
            states = record_confirmations(db, actor, commands)
            # What came in since the end, before the bank told of it.
            look_again(db, actor.label)
            return states

        self.run(record, lambda _: self.recorded.emit("、".join(numbers)))

    def _command(self) -> RecordConfirmation:
        return RecordConfirmation(
            self._numbers[0],
            Party(self.party.currentData()),
            Answer(self.answer.currentData()),
            self.answered_on(),
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

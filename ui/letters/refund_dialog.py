"""登记答复 to a 追回函: what bank or payee says of the money, and what proves it."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.access.guard import Actor
from app.agreements.letter_view import LetterSlot
from app.agreements.refunding import RecordRefund, record_refund
from app.agreements.states import REFUND_LABELS, RefundAnswer
from app.letters.states import PARTY_LABELS, Carrier
from app.storage.work import Database
from ui.agreements.answer_form import AnswerForm
from ui.context import Context
from ui.resume.pieces import note
from ui.theme import Tone


class RefundDialog(AnswerForm):
    """Emits the letter's number once the answer is kept."""

    recorded = Signal(str)

    def __init__(self, context: Context, slot: LetterSlot, parent: QWidget | None = None) -> None:
        super().__init__(context, "letters_refund", parent)
        self._slot = slot
        title = self.tr("登记追回函的答复 %1").replace("%1", slot.number)
        self.entitle(title, self.tr("登记(&S)"))
        self.said("party", PARTY_LABELS[slot.party], slot.addressee)
        self.said("hits", self.tr("所追扣款"), "、".join(slot.hits))
        self.answer = self.choice("answer", self.tr("答复"), REFUND_LABELS)
        self.answer.activated.connect(self._explain)
        self.consequence = note("letters_refund.consequence", "", self, Tone.MUTED)
        self.fields.addRow("", self.consequence)
        self.add_day()
        self.promised = self.date_field("promised", self.tr("预计退回日"), self.today)
        self.add_proof()
        self._explain()
        self.answer.setFocus()

    @override
    def start(self) -> None:
        command = RecordRefund(
            self._slot.number,
            RefundAnswer(self.answer.currentData()),
            self.answered_on(),
            Carrier(self.carrier.currentData()),
            self.person.text(),
            self.evidence.toPlainText(),
            self.receipt.text(),
            self.promised.chosen(),
        )

        def record(db: Database, actor: Actor) -> RefundAnswer:
            return record_refund(db, actor, replace(command, scan=self.read_scan()))

        self.run(record, lambda _: self.recorded.emit(self._slot.number))

    def _explain(self) -> None:
        answer = RefundAnswer(self.answer.currentData())
        self.fields.setRowVisible(self.promised, answer is RefundAnswer.AGREED)
        self.consequence.setText(
            {
                RefundAnswer.REFUNDED: self.tr(
                    "只登记对方的说法；款项到账后，请在“扣款监控”点“登记追回…”。"
                ),
                RefundAnswer.AGREED: self.tr("到预计退回日仍未追回的，重新列入催办。"),
                RefundAnswer.REFUSED: self.tr("不再催办该函；该笔扣款仍未追回，继续提醒。"),
            }[answer]
        )

"""登记送达 and 催办: what happened outside the program, kept with its proof."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget
from typing_extensions import override

from app.agreements import sending
from app.agreements.letter_view import LetterSlot
from app.core.clock import business_date
from app.core.errors import BadInput
from app.letters.dispatching import RecordDispatch
from app.letters.states import CARRIER_LABELS, Carrier
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.widgets.date_field import DateField

_GIVEN = (Carrier.COUNTER, Carrier.COURIER, Carrier.FAX, Carrier.MAIL)
_ASKED = (Carrier.PHONE, Carrier.MAIL, Carrier.FAX, Carrier.COUNTER, Carrier.COURIER)


class DispatchDialog(FormDialog):
    """Emits the letter's number once it is kept. chase: a reminder instead of the letter itself."""

    recorded = Signal(str)

    def __init__(
        self,
        context: Context,
        slot: LetterSlot,
        parent: QWidget | None = None,
        *,
        chase: bool = False,
    ) -> None:
        super().__init__(context, "letters_dispatch", parent)
        title = self.tr("登记催办 %1") if chase else self.tr("登记送达 %1")
        self.entitle(title.replace("%1", slot.number), self.tr("登记(&S)"))
        self._slot, self._chase = slot, chase
        self.said("addressee", self.tr("收件单位"), slot.addressee)
        self.carrier = self._carriers(_ASKED if chase else _GIVEN)
        today = business_date(context.db.clock.now(), context.db.tz)
        self.day = DateField("letters_dispatch.on", self.tr("日期"), today, self)
        self.day.set_date(today)
        self.fields.addRow(self.tr("日期"), self.day)
        whom = self.tr("对方经办人、电话") if chase else self.tr("签收人姓名、传真号或地址")
        self.recipient = self.line("recipient", self.tr("接收人"), "", whom)
        self.tracking = self.line("tracking", self.tr("快递单号"))
        asked = self.tr("对方的说法、承诺办结的日期") if chase else self.tr("签收情况、存档号")
        self.remark = self.area("remark", self.tr("说明"), asked)
        self.carrier.activated.connect(self._fit)
        self._fit()
        self.recipient.setFocus()

    @override
    def start(self) -> None:
        day = self.day.chosen()
        if day is None:
            raise BadInput(self.tr("请填写日期。"))
        command = RecordDispatch(
            self._slot.number,
            Carrier(self.carrier.currentData()),
            day,
            self.recipient.text(),
            self.tracking.text() if self.tracking.isEnabled() else "",
            self.remark.toPlainText(),
            self._chase,
        )
        self.run(
            lambda db, actor: sending.record_dispatch(db, actor, command),
            lambda _: self.recorded.emit(self._slot.number),
        )

    def _carriers(self, offered: Sequence[Carrier]) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName("letters_dispatch.carrier")
        box.setAccessibleName(self.tr("方式"))
        for one in offered:
            box.addItem(CARRIER_LABELS[one], str(one))
        self.fields.addRow(self.tr("方式"), box)
        return box

    def _fit(self) -> None:
        self.tracking.setEnabled(self.carrier.currentData() == Carrier.COURIER)

"""One card for each thing that stands in the way, with its ways out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.clock import local_text
from app.payments.cures import Cure, cures_for
from app.payments.records import ChangeLine, HoldLine
from app.payments.resume_view import LiveCause
from ui.payments.causes_view import CauseCard
from ui.resume.pieces import note, tr
from ui.theme import Tone, set_tone
from ui.widgets.icons import IconLabel

CURE_TEXTS = {
    Cure.PAYEE: lambda: tr("变更或回拨核实收款信息…"),
    Cure.EDIT: lambda: tr("修改付款账户、渠道或金额…"),
    Cure.FUNDS: lambda: tr("登记账户余额"),
    Cure.RULE: lambda: tr("调整规则与限额"),
    Cure.BANK: lambda: tr("登记银行结果或核实"),
    Cure.PEOPLE: lambda: tr("查看用户与权限"),
}


class CureCard(QWidget):
    """A cause with its evidence, buttons for its cures, and a field for a waiver."""

    wanted = Signal(object)
    waived = Signal(str, str)

    def __init__(self, live: LiveCause, waiver: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.code = live.cause.rule
        name = f"resume.cure.{live.cause.rank}"
        self.setObjectName(name)
        # The stops among the causes have no card: the cards are numbered among themselves.
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        place = len(parent.findChildren(CureCard, options=direct))
        self._card = CauseCard(name, live.cause, 2, self, number=place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._card)
        inside = self._card.layout()
        if inside is None:
            raise TypeError("the card has no layout")
        inside.addWidget(self._buttons(live, name))
        if live.blocks and live.waivable:
            inside.addWidget(self._waiver(live, waiver, name))

    def _buttons(self, live: LiveCause, name: str) -> QWidget:
        bar = QWidget(self._card)
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        said = tr("阻断恢复") if live.blocks else tr("不影响恢复")
        state = note(f"{name}.state", said, bar, Tone.STOP if live.blocks else Tone.MUTED)
        state.setWordWrap(False)
        row.addWidget(state)
        for cure in cures_for(live.cause.reason):
            button = QPushButton(CURE_TEXTS[cure](), bar)
            button.setObjectName(f"{name}.{cure}")
            button.setAccessibleName(button.text())
            button.clicked.connect(lambda _=False, cure=cure: self.wanted.emit(cure))
            row.addWidget(button)
        row.addStretch(1)
        return bar

    def _waiver(self, live: LiveCause, waiver: str, name: str) -> QWidget:
        bar = QWidget(self._card)
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        field = QLineEdit(waiver, bar)
        field.setObjectName(f"{name}.waiver")
        field.setAccessibleName(tr("豁免“%1”的理由").replace("%1", live.title))
        field.setPlaceholderText(tr("如需豁免，请写明理由，由审批人决定"))
        field.textChanged.connect(lambda text: self.waived.emit(self.code, text))
        label = QLabel(tr("豁免“%1”的理由").replace("%1", live.title), bar)
        label.setBuddy(field)
        row.addWidget(label)
        row.addWidget(field, 1)
        return bar


class NoticeCard(QFrame):
    """Something else in the way, with at most one button."""

    acted = Signal()

    def __init__(
        self, name: str, icon: str, tone: Tone, text: str, action: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("kind", "card")
        self.setAccessibleName(text)
        picture = IconLabel(f"{name}.icon", self)
        picture.set_icon(icon, tone)
        row = QHBoxLayout(self)
        row.addWidget(picture)
        row.addWidget(note(f"{name}.text", text, self, tone), 1)
        if action:
            button = QPushButton(action, self)
            button.setObjectName(f"{name}.action")
            button.setAccessibleName(action)
            button.clicked.connect(self.acted)
            row.addWidget(button)


def wide_hold_card(hold: HoldLine, parent: QWidget) -> NoticeCard:
    """A hold on a wider scope: only its own procedure lifts it."""
    text = tr("%1暂停 %2 未解除：%3（%4，%5）。须先在暂停令台账申请解除。")
    for mark, value in (
        ("%1", hold.scope_text),
        ("%2", hold.number),
        ("%3", hold.text),
        ("%4", hold.placed_by),
        ("%5", local_text(hold.placed_at)),
    ):
        text = text.replace(mark, value)
    name = f"resume.hold.{hold.number}"
    return NoticeCard(name, "pause-circle-line", Tone.PAUSED, text, tr("到暂停令台账"), parent)


def change_card(change: ChangeLine, parent: QWidget) -> NoticeCard:
    """A 收款信息变更单 that waits for its call-back."""
    text = (
        tr("收款信息变更单 %1 等待回拨核实：由 %2 提交，须由另一人核实后生效。")
        .replace("%1", change.number)
        .replace("%2", change.asked_by)
    )
    name = f"resume.change.{change.number}"
    return NoticeCard(name, "phone-line", Tone.WARN, text, tr("查看变更单"), parent)


def tone_of(label: QLabel, bad: bool) -> None:
    """Warn or reassure."""
    set_tone(label, Tone.STOP if bad else Tone.OK)

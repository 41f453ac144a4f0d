"""Why a payment stands still: every cause with its evidence and who does what next."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.clock import local_text
from app.core.codes import REASON_LABELS
from app.payments.diagnosing import Cause, Diagnosis
from app.payments.diagnosis.rule import SEVERITY_LABELS
from app.payments.records import HoldLine
from app.payments.states import HOLDING
from ui.payments.looks import SEVERITY_LOOKS
from ui.theme import Tone, set_tone
from ui.widgets.icons import IconLabel
from ui.widgets.key_values import KeyValue, KeyValues


class CausesView(QWidget):
    """The causes of one diagnosis, then the holds in force; earlier diagnoses can be chosen."""

    chosen = Signal(int)

    def __init__(self, name: str, pairs: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.pairs = pairs
        self._diagnoses: tuple[Diagnosis, ...] = ()
        self._when = QComboBox(self)
        self._when.setObjectName(f"{name}_when")
        self._when.setAccessibleName(self.tr("诊断时间"))
        self._when.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._when.setMinimumContentsLength(20)
        self._when.activated.connect(self._choose)
        self._head = QLabel(self.tr("诊断时间"), self)
        self._head.setBuddy(self._when)
        self._old = QLabel(self)
        self._old.setObjectName(f"{name}_old")
        self._old.setWordWrap(True)
        set_tone(self._old, Tone.WARN)
        self._holds = _Cards(f"{name}_holds", self)
        self._causes = _Cards(f"{name}_causes", self)
        self._heading = QLabel(self)
        self._heading.setObjectName(f"{name}_holds_heading")
        self._heading.setProperty("kind", "title")
        row = QHBoxLayout()
        row.addWidget(self._head)
        row.addWidget(self._when, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._old)
        column.addWidget(self._causes)
        column.addWidget(self._heading)
        column.addWidget(self._holds)
        column.addStretch(1)

    def show_stops(self, holds: Sequence[HoldLine], diagnoses: Sequence[Diagnosis]) -> None:
        """Show what holds the payment and the newest diagnosis, or the one chosen before."""
        at = self._when.currentIndex()
        kept = self._diagnoses[at].at if 0 < at < len(self._diagnoses) else None
        self._diagnoses = tuple(diagnoses)
        holding = [hold for hold in holds if hold.state in HOLDING]
        self._holds.fill([_hold_card(self, hold) for hold in holding])
        self._heading.setVisible(bool(holding))
        text = self.tr("正在拦截本笔的暂停令（%1）").replace("%1", str(len(holding)))
        self._heading.setText(text)
        self._when.clear()
        self._when.addItems([f"{local_text(one.at)}　{one.by}" for one in diagnoses])
        places = [place for place, one in enumerate(diagnoses) if one.at == kept]
        for part in (self._when, self._head):
            part.setVisible(bool(diagnoses))
        self._choose(places[0] if places else 0)

    def shown(self) -> Diagnosis | None:
        """The diagnosis whose causes are shown."""
        at = self._when.currentIndex()
        return self._diagnoses[at] if 0 <= at < len(self._diagnoses) else None

    def _choose(self, place: int) -> None:
        if not self._diagnoses:
            self._old.setVisible(False)
            said = QLabel(self.tr("没有已记录的停付原因。点击“诊断停付原因”可以随时诊断。"), self)
            said.setObjectName(f"{self.objectName()}_none")
            said.setWordWrap(True)
            self._causes.fill([said])
            return
        self._when.setCurrentIndex(place)
        one = self._diagnoses[place]
        self._old.setVisible(place > 0)
        text = self.tr("这是 %1 当时查明的情况，不是最新诊断。")
        self._old.setText(text.replace("%1", local_text(one.at)))
        if one.causes:
            self._causes.fill(
                [CauseCard(self.objectName(), cause, self.pairs, self) for cause in one.causes]
            )
        else:
            self._causes.fill([QLabel(self.tr("当时没有发现任何原因。"), self)])
        self.chosen.emit(place)


class _Cards(QWidget):
    """Cards below each other, replaced as a whole."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def fill(self, cards: Sequence[QWidget]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for card in cards:
            self._column.addWidget(card)
        self.setVisible(bool(cards))


class CauseCard(QFrame):
    """One cause: severity with icon, summary, evidence, and what to do next.

    number: its place among those shown, where that is not its rank among all.
    """

    def __init__(
        self, name: str, cause: Cause, pairs: int, parent: QWidget, *, number: int = 0
    ) -> None:
        super().__init__(parent)
        place = number or cause.rank
        own = f"{name}_cause_{cause.rank}"
        self.setObjectName(own)
        self.setProperty("kind", "card")
        self.setAccessibleName(f"{place} {REASON_LABELS[cause.reason]} {cause.summary}")
        look, tone = SEVERITY_LOOKS[cause.severity]
        picture = IconLabel(f"{own}_icon", self)
        picture.set_icon(look, tone)
        title = _label(
            f"{own}_title",
            f"{place}. {SEVERITY_LABELS[cause.severity]} · {REASON_LABELS[cause.reason]}",
            self,
        )
        title.setProperty("kind", "title")
        set_tone(title, tone)
        row = QHBoxLayout()
        row.addWidget(picture)
        row.addWidget(title, 1)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(_label(f"{own}_summary", cause.summary, self))
        if cause.evidence:
            facts = KeyValues(f"{own}_evidence", pairs, self)
            facts.set_lines(
                [
                    KeyValue(str(at), key, value)
                    for at, (key, value) in enumerate(cause.evidence.items())
                ]
            )
            column.addWidget(facts)
        if cause.actions:
            head = QLabel(self.tr("下一步可以"), self)
            set_tone(head, Tone.MUTED)
            column.addWidget(head)
        for at, action in enumerate(cause.actions):
            # Words only: an arrow in the colour of links would be clicked on.
            text = self.tr("· %1（%2）").replace("%1", action.label)
            column.addWidget(_label(f"{own}_action_{at}", text.replace("%2", action.who), self))


def _hold_card(view: CausesView, hold: HoldLine) -> QFrame:
    card = QFrame(view)
    card.setObjectName(f"{view.objectName()}_hold_{hold.number}")
    card.setProperty("kind", "card")
    facts = KeyValues(f"{view.objectName()}_hold_{hold.number}_facts", view.pairs, card)
    until = hold.until.isoformat() if hold.until else view.tr("解除为止")
    facts.set_lines(
        [
            KeyValue("number", view.tr("暂停令"), f"{hold.number}　{hold.state_label}", bold=True),
            KeyValue("scope", view.tr("范围"), hold.scope_text),
            KeyValue("reason", view.tr("原因"), f"{hold.reason_label}　{hold.text}", Tone.STOP),
            KeyValue("by", view.tr("设置人"), f"{hold.placed_by}　{local_text(hold.placed_at)}"),
            KeyValue("until", view.tr("有效至"), until),
        ]
    )
    QVBoxLayout(card).addWidget(facts)
    return card


def _label(name: str, text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label

"""处理原因: every cause found now, its evidence, its ways out, and what still blocks."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.payees.changes import ChangeState
from app.payments.flow import ResumeDraft, Step, may_leave
from app.payments.records import PaymentDetail
from app.payments.resume_view import Situation
from app.payments.rule_ledger import RuleChangeLine
from app.payments.states import HoldScope
from ui.resume.cause_cards import CureCard, change_card, tone_of, wide_hold_card
from ui.resume.pieces import note
from ui.resume.rule_panel import RulePanel
from ui.theme import Tone
from ui.widgets.icons import icon


class CureStep(QWidget):
    """Emits what the user wants done; the wizard does it.

    wanted: (Cure). link: (page, argument). waivers: (check → why). rule_change: (number).
    """

    diagnose_wanted = Signal()
    wanted = Signal(object)
    link = Signal(str, object)
    waivers_changed = Signal(dict)
    rule_change_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resume.cure")
        self._waivers: dict[str, str] = {}
        self._shown: tuple[object, ...] | None = None
        self._left = QLabel(self)
        self._left.setObjectName("resume.cure.left")
        self._left.setWordWrap(True)
        self.again = QPushButton(icon("refresh-line"), self.tr("重新诊断(&R)"), self)
        self.again.setObjectName("resume.cure.again")
        self.again.setAccessibleName(self.tr("重新诊断"))
        self.again.clicked.connect(self.diagnose_wanted)
        top = QHBoxLayout()
        top.addWidget(self._left, 1)
        top.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        self.rules = RulePanel(self)
        self.rules.rule_change_changed.connect(self.rule_change_changed)
        self.rules.waived.connect(self._waive)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("resume.cure.scroll")
        self._scroll.setAccessibleName(self.tr("停付原因"))
        self._scroll.setWidgetResizable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.rules)

    def show_draft(
        self,
        draft: ResumeDraft,
        now: Situation,
        detail: PaymentDetail,
        rule_changes: Sequence[RuleChangeLine],
    ) -> None:
        """Show the causes; cards are made anew only when something in them differs."""
        self._waivers = dict(draft.waivers)
        shown = (now.causes, now.holds, detail.changes)
        if shown != self._shown:
            self._shown = shown
            self._fill(draft, now, detail)
        self.rules.show_choice(draft, now, rule_changes)
        self.show_left(draft)

    def show_left(self, draft: ResumeDraft) -> None:
        """What still keeps the payment, in one line for each."""
        left = may_leave(Step.CURE, draft)
        text = self.tr("没有阻断恢复的原因，可以继续。")
        if left:
            listed = "\n".join(f"· {one.message}" for one in left)
            text = self.tr("仍有 %1 项阻断恢复：").replace("%1", str(len(left))) + f"\n{listed}"
        self._left.setText(text)
        tone_of(self._left, bool(left))

    def set_busy(self, busy: bool) -> None:
        self.again.setEnabled(not busy)
        self.again.setText(self.tr("正在诊断…") if busy else self.tr("重新诊断(&R)"))

    def _fill(self, draft: ResumeDraft, now: Situation, detail: PaymentDetail) -> None:
        body = QWidget(self._scroll)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, self.fontMetrics().height() // 2, 0)
        for hold in now.holds:
            if hold.scope is HoldScope.PAYMENT:
                text = self.tr("本笔停付 %1：%2　%3（%4）。恢复获批后解除。")
                for mark, value in (
                    ("%1", hold.number),
                    ("%2", hold.reason_label),
                    ("%3", hold.text),
                    ("%4", hold.placed_by),
                ):
                    text = text.replace(mark, value)
                column.addWidget(note(f"resume.stop.{hold.number}", text, body, Tone.MUTED))
                continue
            wide = wide_hold_card(hold, body)
            wide.acted.connect(lambda number=hold.number: self.link.emit("holds", number))
            column.addWidget(wide)
        for change in detail.changes:
            if change.state is ChangeState.ASKED:
                waiting = change_card(change, body)
                waiting.acted.connect(
                    lambda number=change.number: self.link.emit("payee_changes", number)
                )
                column.addWidget(waiting)
        others = [live for live in now.causes if not live.hold]
        for live in others:
            card = CureCard(live, draft.waivers.get(live.cause.rule, ""), body)
            card.wanted.connect(self.wanted)
            card.waived.connect(self._waive)
            column.addWidget(card)
        if not others:
            text = self.tr("除停付本身外，没有发现其他原因。")
            column.addWidget(note("resume.cure.none", text, body, Tone.OK))
        column.addStretch(1)
        self._scroll.setWidget(body)

    def _waive(self, code: str, why: str) -> None:
        self._waivers[code] = why
        if not why:
            del self._waivers[code]
        self.waivers_changed.emit(dict(self._waivers))

"""What was stopped by a rule: the rule change that cures it, or a waiver (C3.3)."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QLineEdit, QWidget

from app.core.clock import local_text
from app.payments.flow import RULE_STOP, ResumeDraft
from app.payments.resume_view import Situation
from app.payments.rule_ledger import RuleChangeLine
from ui.resume.pieces import heading, note
from ui.theme import Tone


class RulePanel(QFrame):
    """Hidden unless a rule stopped the payment or a rule change was chosen already."""

    rule_change_changed = Signal(str)
    waived = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resume.rules")
        self.setProperty("kind", "card")
        self._loading = False
        self._change = QComboBox(self)
        self._change.setObjectName("resume.rules.change")
        self._change.setAccessibleName(self.tr("关联规则变更"))
        self._change.activated.connect(self._chosen)
        self._why = QLineEdit(self)
        self._why.setObjectName("resume.rules.why")
        self._why.setAccessibleName(self.tr("豁免理由"))
        self._why.setPlaceholderText(self.tr("或写明为何可以豁免该规则，由审批人决定"))
        self._why.textChanged.connect(self._typed)
        form = QFormLayout(self)
        form.addRow(heading(self.tr("本笔因风控规则或限额停付"), self))
        form.addRow(
            note(
                "resume.rules.said",
                self.tr(
                    "须关联停付后对该规则的变更（在“规则与限额”办理），或说明豁免理由并由审批人决定。"
                ),
                self,
                Tone.MUTED,
            )
        )
        form.addRow(self.tr("规则变更(&G)"), self._change)
        form.addRow(self.tr("豁免理由(&W)"), self._why)

    def show_choice(
        self, draft: ResumeDraft, now: Situation, changes: Sequence[RuleChangeLine]
    ) -> None:
        """Offer the changes of the rule since the stop, newest first, and what was typed."""
        self.setVisible(bool(now.seen.ruled))
        self._loading = True
        self._change.clear()
        self._change.addItem(self.tr("（不关联）"), "")
        for line in changes:
            if line.number not in now.seen.answering:
                continue
            text = (
                f"{line.number}　{line.title}：{line.before} → {line.after}　{local_text(line.at)}"
            )
            self._change.addItem(text, line.number)
        self._change.setCurrentIndex(max(0, self._change.findData(draft.rule_change_no)))
        why = draft.waivers.get(RULE_STOP, "")
        if self._why.text() != why:
            self._why.setText(why)
        self._loading = False

    def _chosen(self) -> None:
        self.rule_change_changed.emit(str(self._change.currentData()))

    def _typed(self, text: str) -> None:
        if not self._loading:
            self.waived.emit(RULE_STOP, text)

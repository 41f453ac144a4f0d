"""逐条核对: each item beside its source document, ticked one by one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.payments.flow import ResumeDraft, Step, may_leave
from app.payments.records import PaymentDetail
from app.payments.resume_view import Situation
from app.payments.verification import Item
from ui.resume.pieces import note, tr
from ui.resume.short_table import ShortTable
from ui.theme import Tone, set_tone
from ui.widgets.columns import Column


class VerifyStep(QWidget):
    """Emits the ticks (item → value) whenever they change."""

    ticked = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resume.verify")
        self._loading = False
        self._said = note(
            "resume.verify.said",
            self.tr(
                "请逐项与来源单据核对，确认无误后在“已核对”打勾（空格键）。全部打勾后才能继续。"
            ),
            self,
        )
        self._document = QLabel(self)
        self._document.setObjectName("resume.verify.document")
        self._document.setWordWrap(True)
        self.table: ShortTable[Item] = ShortTable(
            "resume.verify.table",
            self.tr("核对清单"),
            (
                Column("label", self.tr("已核对"), lambda r: r.label, chars=20),
                Column("ours", self.tr("付款指令"), lambda r: r.ours or "—", chars=34),
                Column("source", self.tr("来源单据"), lambda r: r.source or "—", chars=34),
                Column("differs", self.tr("对比"), difference_text, tone=difference_tone, chars=14),
            ),
            lambda r: r.code,
            tickable=True,
            parent=self,
        )
        self.table.share(("ours", "source"))
        self.table.ticks_changed.connect(self._tell)
        self._count = QLabel(self)
        self._count.setObjectName("resume.verify.count")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._said)
        column.addWidget(self._document)
        column.addWidget(self.table)
        column.addWidget(self._count)
        column.addStretch(1)

    def show_draft(self, draft: ResumeDraft, now: Situation, detail: PaymentDetail) -> None:
        """Show the items as they are now; a tick stays only on an unchanged value."""
        self._loading = True
        self.table.set_rows(now.seen.items)
        model = self.table.rows()
        model.clear_ticks()
        model.tick([item for item in now.seen.items if draft.is_ticked(item)])
        self._loading = False
        document = detail.document
        if document is None:
            text = self.tr("没有关联的来源单据：请按纸质合同、订单或发票核对。")
        else:
            text = self.tr("来源单据：%1").replace("%1", f"{document.kind} {document.number}")
        self._document.setText(text)
        set_tone(self._document, Tone.WARN if document is None else Tone.MUTED)
        self.show_count(draft)

    def _tell(self) -> None:
        if not self._loading:
            self.ticked.emit({item.code: item.ours for item in self.table.ticked()})

    def show_count(self, draft: ResumeDraft) -> None:
        """How many items are ticked."""
        left, total = len(may_leave(Step.VERIFY, draft)), len(draft.seen.items)
        text = self.tr("已核对 %1 / %2 项")
        self._count.setText(text.replace("%1", str(total - left)).replace("%2", str(total)))
        set_tone(self._count, Tone.WARN if left else Tone.OK)


def difference_text(item: Item) -> str:
    """Whether the item agrees with its source, in words."""
    if item.differs is None:
        return tr("— 无单据可比")
    return tr("✕ 不一致") if item.differs else tr("✓ 一致")


def difference_tone(item: Item) -> Tone:
    if item.differs is None:
        return Tone.MUTED
    return Tone.STOP if item.differs else Tone.OK

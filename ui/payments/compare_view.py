"""The instruction beside its source document, differences marked."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.payments.records import DocumentLine
from ui.payments.detail_sections import Compared
from ui.theme import Tone, set_tone
from ui.widgets.icons import IconLabel


class CompareView(QWidget):
    """A line for each figure: instruction, document, and whether they agree."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._head = QLabel(self)
        self._head.setObjectName(f"{name}_head")
        self._head.setWordWrap(True)
        self._body = QWidget(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._head)
        self._column.addWidget(self._body)

    def show_comparison(self, document: DocumentLine | None, lines: Sequence[Compared]) -> None:
        """Show these; without a document, say so."""
        self._body.hide()
        self._body.deleteLater()
        self._body = QWidget(self)
        self._column.addWidget(self._body)
        self._body.setVisible(bool(lines))
        if document is None:
            self._head.setText(self.tr("没有关联的原始单据，请人工核对合同或发票。"))
            set_tone(self._head, Tone.MUTED)
            return
        wrong = [one for one in lines if one.same is False]
        named = f"{document.kind} {document.number}".strip()
        text = self.tr("与%1有 %2 处不一致") if wrong else self.tr("与%1一致")
        self._head.setText(text.replace("%1", f"“{named}”").replace("%2", str(len(wrong))))
        set_tone(self._head, Tone.STOP if wrong else Tone.OK)
        self._fill(lines)

    def _fill(self, lines: Sequence[Compared]) -> None:
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(3, 1)
        for column, title in enumerate(("", "", self.tr("付款指令"), self.tr("原始单据"))):
            head = QLabel(title, self._body)
            set_tone(head, Tone.MUTED)
            grid.addWidget(head, 0, column)
        for row, one in enumerate(lines, 1):
            self._row(grid, row, one)

    def _row(self, grid: QGridLayout, row: int, one: Compared) -> None:
        name = f"{self.objectName()}_{one.key}"
        look, tone, said = {
            True: ("check-line", Tone.OK, self.tr("一致")),
            False: ("error-warning-line", Tone.STOP, self.tr("不一致")),
            None: ("question-line", Tone.MUTED, self.tr("单据未列")),
        }[one.same]
        picture = IconLabel(f"{name}_icon", self._body)
        picture.set_icon(look, tone)
        picture.setToolTip(said)
        texts = (one.label, one.ours, one.theirs or self.tr("（单据未列）"))
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(picture, row, 0, top)
        for column, text in enumerate(texts, 1):
            label = QLabel(text, self._body)
            label.setObjectName(f"{name}_{('label', 'ours', 'theirs')[column - 1]}")
            label.setWordWrap(column > 1)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAccessibleName(f"{one.label} {text} {said}")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_tone(label, Tone.STOP if one.same is False and column > 1 else Tone.NORMAL)
            grid.addWidget(label, row, column, top)

"""添加附件: what the files are, before they are kept."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget
from typing_extensions import override

from app.agreements.attaching import PAPER_LABELS, Added, PaperKind, add_papers
from ui.agreements.file_sources import Source, named, readers
from ui.context import Context
from ui.resume.form_dialog import FormDialog


class AttachDialog(FormDialog):
    """One kind and one note for all chosen files; emits what became of them."""

    added = Signal(object)

    def __init__(
        self,
        context: Context,
        number: str,
        files: Sequence[Source],
        kind: PaperKind,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "agreements_attach", parent)
        self._number, self._files = number, tuple(files)
        self.entitle(self.tr("添加附件 %1").replace("%1", number), self.tr("添加(&S)"))
        self.said("files", self.tr("文件"), named(files))
        self.category = QComboBox(self)
        self.category.setObjectName("agreements_attach.category")
        self.category.setAccessibleName(self.tr("种类"))
        for code, label in PAPER_LABELS.items():
            self.category.addItem(label, str(code))
        self.category.setCurrentIndex(self.category.findData(str(kind)))
        self.fields.addRow(self.tr("种类"), self.category)
        self.note = self.line("note", self.tr("说明"), "", self.tr("如：2025 年续签，原件存行政部"))
        self.category.setFocus()

    @override
    def start(self) -> None:
        kind, note = PaperKind(self.category.currentData()), self.note.text()
        number = self._number
        files = readers(self._files)

        def done(found: Added) -> None:
            self.added.emit(found)

        self.run(lambda db, actor: add_papers(db, actor, number, kind, files, note), done)

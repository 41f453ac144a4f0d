"""添加证据: what the files are; and a captured window, for the incident that it belongs to."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.agreements.attaching import Added
from app.core.errors import BadInput
from app.incidents.case_view import IncidentLine, incident_lines
from app.incidents.evidence.keeping import CATEGORY_LABELS, Category, add_files
from app.incidents.states import IncidentState
from ui.agreements.file_sources import Source, named, readers
from ui.context import Context
from ui.incidents.dialogs import choice
from ui.resume.form_dialog import FormDialog

# What each name says.
_BY_NAME: Final = ""


class EvidenceDialog(FormDialog):
    """One category and one note for all chosen files; emits what became of them."""

    added = Signal(object)

    def __init__(
        self,
        context: Context,
        number: str,
        files: Sequence[Source],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "evidence_add", parent)
        self.number, self._files = number, tuple(files)
        self.entitle(self.tr("添加证据 %1").replace("%1", number).strip(), self.tr("添加(&S)"))
        self.said("files", self.tr("文件"), named(files))
        pairs = [(_BY_NAME, self.tr("按文件类型自动归类"))]
        pairs += [(str(one), label) for one, label in CATEGORY_LABELS.items()]
        self.category = choice(self, "category", self.tr("类别"), pairs)
        self.fields.addRow(self.tr("类别"), self.category)
        self.note = self.line("note", self.tr("说明"), "", self.tr("如 网银报错画面，10:05"))

    @override
    def start(self) -> None:
        if not self.number:
            raise BadInput(self.tr("请选择应急事件。"))
        code = str(self.category.currentData())
        category = Category(code) if code else None
        number, note = self.number, self.note.text()
        files = readers(self._files)

        def done(found: Added) -> None:
            self.added.emit(found)

        self.run(lambda db, actor: add_files(db, actor, number, category, files, note), done)


class CaptureDialog(EvidenceDialog):
    """A picture of the window for one of the open incidents."""

    def __init__(self, context: Context, picture: Source, parent: QWidget | None = None) -> None:
        super().__init__(context, "", [picture], parent)
        self.setWindowTitle(self.tr("截图存证"))
        self.incident = choice(self, "incident", self.tr("应急事件"), ())
        self.fields.insertRow(0, self.tr("应急事件*"), self.incident)
        self.category.setCurrentIndex(self.category.findData(str(Category.SCREENSHOT)))
        db, actor = context.db, context.actor
        context.read(lambda _: incident_lines(db, actor), self._show, self.refused)

    @override
    def start(self) -> None:
        self.number = str(self.incident.currentData() or "")
        super().start()

    def _show(self, found: list[IncidentLine]) -> None:
        for one in found:
            if one.state is not IncidentState.CLOSED:
                self.incident.addItem(f"{one.number}　{one.title}", one.number)
        if not self.incident.count():
            self.refused(BadInput(self.tr("没有未关闭的应急事件。"), self.tr("请先新建应急事件。")))

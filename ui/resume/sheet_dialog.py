"""A paper of the house, looked at: turn pages, print, save."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from app.documents.writing import PdfResult
from app.payments.papers import resume_sheet
from ui import messages
from ui.context import Context
from ui.resume.pieces import tr
from ui.tasks import Progress
from ui.theme import restyle
from ui.widgets.banner import Severity
from ui.widgets.pdf_view import PdfView


class SheetDialog(QDialog):
    """Makes the paper off the window's thread and shows it; note: what is said over it."""

    def __init__(
        self,
        context: Context,
        title: str,
        make: Callable[[], PdfResult],
        parent: QWidget | None = None,
        note: str = "",
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._title = title
        self._make = make
        self._note = note
        self.view = PdfView(context.tasks, "sheet.view", self)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.view)
        line = self.fontMetrics().height()
        self.resize(line * 52, line * 42)
        self._start()

    def add_act(self, name: str, text: str, run: Callable[[], object]) -> QPushButton:
        """A button under the paper for what follows a look at it."""
        made = QPushButton(text, self)
        made.setObjectName(f"sheet_{name}")
        made.clicked.connect(lambda _=False: run())
        restyle(made, "kind", "primary")
        self._column.addWidget(made, 0, Qt.AlignmentFlag.AlignRight)
        return made

    def _start(self) -> None:
        make = self._make

        def work(_: Progress) -> PdfResult:
            return make()

        self._context.read(
            work, self._made, messages.presenter(self, self.view.banner), self._title
        )

    def _made(self, paper: PdfResult) -> None:
        self.view.open(paper.data, f"{self._title}.pdf")
        if self._note:
            self.view.banner.show_message(Severity.INFO, self._note)


def show_resume_sheet(context: Context, parent: QWidget | None, form_no: str) -> SheetDialog:
    """Open the 恢复付款审批单 of that number."""
    db, actor = context.db, context.actor
    dialog = SheetDialog(
        context,
        tr("恢复付款审批单 %1").replace("%1", form_no),
        lambda: resume_sheet(db, actor, form_no),
        parent,
    )
    dialog.open()
    return dialog

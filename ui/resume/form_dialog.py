"""A short form behind one act: stays open with what was typed when the act is refused."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.access.guard import Actor
from app.core.errors import BadInput
from app.storage.work import Database
from ui import messages
from ui.context import Context
from ui.payments.running import start_act
from ui.tasks import Progress
from ui.theme import restyle
from ui.widgets.banner import Banner

T = TypeVar("T")


class FormDialog(QDialog):
    """Fields over 确定 and 取消; a second press while the act runs does nothing."""

    def __init__(self, context: Context, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.context = context
        self._busy = False
        self.banner = Banner(f"{name}.banner", self)
        self.refused = messages.presenter(self, self.banner)
        self.fields = QFormLayout()
        self.fields.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.fields.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self.yes = QPushButton(self)
        self.yes.setObjectName(f"{name}.yes")
        self.yes.setDefault(True)
        restyle(self.yes, "kind", "primary")
        self.buttons = QDialogButtonBox(self)
        self.buttons.addButton(self.yes, QDialogButtonBox.ButtonRole.AcceptRole)
        self._no = self.buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        self._no.setObjectName(f"{name}.no")
        # Enter must never throw away what was typed, also while the other button is disabled.
        self._no.setAutoDefault(False)
        self.buttons.accepted.connect(self.submit)
        self.buttons.rejected.connect(self.reject)
        self.column = QVBoxLayout(self)
        self.column.addWidget(self.banner)
        self.column.addLayout(self.fields)
        self.column.addStretch(1)
        self.column.addWidget(self.buttons)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0" * 76))

    def entitle(self, title: str, yes: str) -> None:
        """Name the window, and what its button does; yes: with its key, as in 登记(&S)."""
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.yes.setText(yes)
        self.yes.setAccessibleName(yes.partition("(&")[0])

    def submit(self) -> None:
        """Start the act; where a field can't be read, say so and stay open."""
        try:
            self.start()
        except BadInput as problem:
            self.refused(problem)

    def start(self) -> None:
        """Read the fields and run the act; a form overrides it. Raises BadInput."""
        raise NotImplementedError

    def run(self, act: Callable[[Database, Actor], T], done: Callable[[T], None]) -> None:
        """Do the act off the window's thread; then close, and give `done` what came of it."""
        if self._busy:
            return
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> T:
            return act(db, actor)

        def finished(found: T) -> None:
            self._set_busy(False)
            self.accept()
            done(found)

        def failed(error: BaseException) -> None:
            self._set_busy(False)
            self.refused(error)

        self.banner.clear()
        self._set_busy(True)
        start_act(self.context, self, work, finished, failed, self.windowTitle())

    def line(self, name: str, label: str, value: str = "", placeholder: str = "") -> QLineEdit:
        """A field of one line in the form."""
        edit = QLineEdit(value, self)
        edit.setObjectName(f"{self.objectName()}.{name}")
        edit.setAccessibleName(label)
        edit.setPlaceholderText(placeholder)
        self.fields.addRow(label, edit)
        return edit

    def area(self, name: str, label: str, placeholder: str = "") -> QPlainTextEdit:
        """A field of several lines in the form; Tab leaves it."""
        edit = QPlainTextEdit(self)
        edit.setObjectName(f"{self.objectName()}.{name}")
        edit.setAccessibleName(label)
        edit.setPlaceholderText(placeholder)
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(edit.fontMetrics().height() * 4)
        self.fields.addRow(label, edit)
        return edit

    def said(self, name: str, label: str, value: str) -> QLabel:
        """A text in the form that can't be changed."""
        text = QLabel(value or "—", self)
        text.setObjectName(f"{self.objectName()}.{name}")
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.fields.addRow(label, text)
        return text

    @override
    def event(self, event: QEvent) -> bool:
        answer = super().event(event)
        # Asked first: after other events the dialog may be gone.
        if event.type() == QEvent.Type.LayoutRequest:
            self._grow()
        return answer

    @override
    def reject(self) -> None:
        if not self._busy:
            super().reject()

    def _grow(self) -> None:
        """Take the height that wrapped texts need once they changed, a refusal in the banner too."""
        wanted = self.column.totalHeightForWidth(self.width())
        if wanted > self.height():
            self.resize(self.width(), wanted)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.yes.setEnabled(not busy)
        self._no.setEnabled(not busy)

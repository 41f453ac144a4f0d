"""A dialog of labelled fields with one act at its end."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.errors import Refused
from ui import messages
from ui.context import Acted, Context
from ui.tasks import Progress
from ui.theme import restyle
from ui.widgets.banner import Banner

Work = Callable[[], Any]


class FormDialog(QDialog):
    """Closes when the act is done; a refusal stays with everything that was typed.

    collect: reads the fields and gives the act, which is then done off the window's thread.
    """

    def __init__(
        self,
        context: Context,
        name: str,
        title: str,
        collect: Callable[[], Work],
        parent: QWidget | None = None,
        *,
        intro: str = "",
        accept_text: str = "",
        danger: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._collect = collect
        self._busy = False
        self._done: Callable[[Any], None] | None = None
        self.banner = Banner(f"{name}.banner", self)
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._ok = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setObjectName(f"{name}.ok")
        self._ok_text = accept_text or self.tr("保存(&S)")
        self._ok.setText(self._ok_text)
        if danger:
            self._ok.setDefault(False)
            self._ok.setAutoDefault(False)
            restyle(self._ok, "kind", "danger")
        self._cancel = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self._cancel.setObjectName(f"{name}.cancel")
        self._cancel.setText(self.tr("取消"))
        self._buttons.accepted.connect(self.submit)
        self._buttons.rejected.connect(self.reject)
        for button in self._buttons.buttons():
            button.setIcon(QIcon())
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        if intro:
            said = QLabel(intro, self)
            said.setObjectName(f"{name}.intro")
            said.setWordWrap(True)
            column.addWidget(said)
        column.addLayout(self.form)
        column.addStretch(1)
        column.addWidget(self._buttons)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("宽") * 34)

    def then(self, done: Callable[[Any], None]) -> "FormDialog":
        """Call this with the act's result once the dialog has closed."""
        self._done = done
        return self

    def line(self, key: str, title: str, text: str = "", hint: str = "") -> QLineEdit:
        """A line of text in the form."""
        made = QLineEdit(text, self)
        made.setPlaceholderText(hint)
        self._add(made, key, title)
        return made

    def text(self, key: str, title: str, hint: str = "") -> QPlainTextEdit:
        """Several lines of text in the form."""
        made = QPlainTextEdit(self)
        made.setPlaceholderText(hint)
        made.setTabChangesFocus(True)
        made.setFixedHeight(self.fontMetrics().lineSpacing() * 4)
        self._add(made, key, title)
        return made

    def choice(
        self, key: str, title: str, choices: list[tuple[str, str]], current: str = ""
    ) -> QComboBox:
        """A choice in the form: (value, label) each."""
        made = QComboBox(self)
        for value, label in choices:
            made.addItem(label, value)
        at = made.findData(current)
        made.setCurrentIndex(max(at, 0))
        self._add(made, key, title)
        return made

    def field(self, widget: QWidget, title: str) -> None:
        """A field of the caller's own making."""
        self.form.addRow(title, widget)

    def submit(self) -> None:
        """Do the act; nothing is done while a field can't be read."""
        if self._busy:
            return
        try:
            act = self._collect()
        except Refused as error:
            messages.present(self, error, self.banner)
            return

        def work(_: Progress) -> Any:
            return act()

        self.banner.clear()
        self._set_busy(True)
        counted = self._context.counted(work)
        self._context.tasks.start(counted, self._finished, self._refused, owner=self)

    @override
    def reject(self) -> None:
        if not self._busy:
            super().reject()

    def _finished(self, acted: Acted[Any]) -> None:
        self._busy = False
        done = self._done
        context = self._context
        self.accept()
        if done is not None:
            done(acted.result)
        context.tell(acted)

    def _refused(self, error: BaseException) -> None:
        self._set_busy(False)
        messages.present(self, error, self.banner)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._ok.setEnabled(not busy)
        self._cancel.setEnabled(not busy)
        self._ok.setText(self.tr("正在保存…") if busy else self._ok_text)

    def _add(self, widget: QWidget, key: str, title: str) -> None:
        widget.setObjectName(f"{self.objectName()}.{key}")
        widget.setAccessibleName(title)
        self.form.addRow(title, widget)

"""Asks for a reason before something that can't be undone."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui import messages
from ui.context import Context
from ui.payments.running import start_act
from ui.theme import restyle
from ui.widgets.banner import Banner


class ReasonDialog(QDialog):
    """Runs the act with the reason; stays open with its text when the act is refused."""

    succeeded = Signal()

    def __init__(
        self,
        context: Context,
        title: str,
        text: str,
        act: Callable[[str], object],
        *,
        yes: str,
        extra: QWidget | None = None,
        danger: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("payments_reason")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._act = act
        self._banner = Banner("payments_reason_banner", self)
        said = QLabel(text, self)
        said.setObjectName("payments_reason_said")
        said.setWordWrap(True)
        self._reason = QPlainTextEdit(self)
        self._reason.setObjectName("payments_reason_text")
        self._reason.setAccessibleName(self.tr("原因"))
        self._reason.setTabChangesFocus(True)
        self._reason.setPlaceholderText(self.tr("请写明原因，将记入操作日志"))
        self._reason.setMaximumHeight(self.fontMetrics().height() * 6)
        self._reason.textChanged.connect(self._judge)
        self._buttons = QDialogButtonBox(self)
        self._yes = QPushButton(yes, self)
        self._yes.setObjectName("payments_reason_yes")
        self._yes.setAccessibleName(yes)
        restyle(self._yes, "kind", "danger" if danger else "primary")
        self._buttons.addButton(self._yes, QDialogButtonBox.ButtonRole.AcceptRole)
        no = self._buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        no.setObjectName("payments_reason_no")
        self._buttons.accepted.connect(self._run)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self._banner)
        column.addWidget(said)
        if extra is not None:
            column.addWidget(extra, 1)
        label = QLabel(self.tr("原因（必填）"), self)
        label.setBuddy(self._reason)
        column.addWidget(label)
        column.addWidget(self._reason)
        column.addWidget(self._buttons)
        self.setMinimumWidth(
            self.fontMetrics().horizontalAdvance("0") * (70 if extra is None else 110)
        )
        self._reason.setFocus()
        self._judge()

    def _judge(self) -> None:
        given = bool(self._reason.toPlainText().strip())
        self._yes.setEnabled(given)
        self._yes.setToolTip("" if given else self.tr("请先填写原因"))

    def _run(self) -> None:
        reason = self._reason.toPlainText().strip()
        self._yes.setEnabled(False)
        start_act(self._context, self, lambda _: self._act(reason), self._done, self._refused)

    def _done(self, _: object) -> None:
        self.succeeded.emit()
        self.accept()

    def _refused(self, error: BaseException) -> None:
        self._judge()
        messages.present(self, error, self._banner)

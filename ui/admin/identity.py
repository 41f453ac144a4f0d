"""Asks for the password again before an approval."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.sign_in import confirm_identity
from ui import messages
from ui.context import Context
from ui.tasks import Progress
from ui.widgets.banner import Banner


class IdentityDialog(QDialog):
    """Closes once the password was proved; then `then` is called."""

    def __init__(
        self, context: Context, then: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("identity")
        self.setAccessibleName(self.tr("确认身份"))
        self.setWindowTitle(self.tr("确认身份"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._then = then
        self._busy = False
        self._banner = Banner("identity.banner", self)
        actor = context.actor
        who = QLabel(
            self.tr("审批前请由本人输入登录密码：%1（%2）")
            .replace("%1", actor.name)
            .replace("%2", actor.username),
            self,
        )
        who.setObjectName("identity.who")
        who.setWordWrap(True)
        self.password = QLineEdit(self)
        self.password.setObjectName("identity.password")
        self.password.setAccessibleName(self.tr("登录密码"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(self.tr("登录密码"))
        self.password.textChanged.connect(self._show_state)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._confirm = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._confirm.setObjectName("identity.confirm")
        self._confirm.setText(self.tr("确认(&O)"))
        self._cancel = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self._cancel.setObjectName("identity.cancel")
        self._cancel.setText(self.tr("取消"))
        self._buttons.accepted.connect(self.confirm)
        self._buttons.rejected.connect(self.reject)
        for button in self._buttons.buttons():
            button.setIcon(QIcon())
        column = QVBoxLayout(self)
        for widget in (self._banner, who, self.password, self._buttons):
            column.addWidget(widget)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("审") * 26)
        self.password.setFocus()
        self._show_state()

    def confirm(self) -> None:
        """Prove the password; a wrong one leaves the dialog open with the reason."""
        if self._busy or not self.password.text():
            return
        db, actor, password = self._context.db, self._context.actor, self.password.text()

        def work(_: Progress) -> None:
            confirm_identity(db, actor, password)

        self._set_busy(True)
        # Not an act of the context: nothing that a view shows has changed.
        self._context.tasks.start(work, self._proved, self._refused, owner=self)

    @override
    def reject(self) -> None:
        if not self._busy:
            super().reject()

    def _proved(self, _: None) -> None:
        self._busy = False
        then = self._then
        self.accept()
        then()

    def _refused(self, error: BaseException) -> None:
        self._set_busy(False)
        self.password.selectAll()
        self.password.setFocus()
        messages.present(self, error, self._banner)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.password.setEnabled(not busy)
        self._cancel.setEnabled(not busy)
        self._show_state()

    def _show_state(self) -> None:
        self._confirm.setEnabled(not self._busy and bool(self.password.text()))
        text = QCoreApplication.translate("IdentityDialog", "正在核实…")
        self._confirm.setText(text if self._busy else self.tr("确认(&O)"))


def with_fresh_identity(
    parent: QWidget | None, context: Context, then: Callable[[], None]
) -> IdentityDialog:
    """Ask for the password without blocking, and call `then` when it was proved.

    Nothing is called when the user cancels. Returns the open dialog.
    """
    dialog = IdentityDialog(context, then, parent)
    dialog.open()
    return dialog

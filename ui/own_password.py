"""Changing one's own password while signed in."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.sign_in import change_password
from ui import messages
from ui.context import Context
from ui.new_password import NewPassword, PasswordLine
from ui.tasks import Progress
from ui.widgets.banner import Banner


class OwnPasswordDialog(QDialog):
    """Closes once the new password is stored."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("own_password")
        self.setWindowTitle(self.tr("修改密码"))
        self.setAccessibleName(self.tr("修改密码"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._busy = False
        self.banner = Banner("own_password.banner", self)
        self.old = PasswordLine("own_password.old", self.tr("原密码"), self)
        self.old.textChanged.connect(self._show_state)
        self.fields = NewPassword("own_password.new", self)
        self.fields.set_username(context.actor.username)
        self.fields.changed.connect(self._show_state)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("保存(&S)"))
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setObjectName("own_password.save")
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("取消"))
        for button in self._buttons.buttons():
            button.setIcon(QIcon())
        self._buttons.accepted.connect(self.save)
        self._buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(self.tr("原密码"), self.old)
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addLayout(form)
        column.addWidget(self.fields)
        column.addWidget(self._buttons)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("密") * 30)
        self._show_state()

    def save(self) -> None:
        """Store the new password."""
        if self._busy or self.fields.problem():
            return
        db, actor = self._context.db, self._context.actor
        old, new = self.old.text(), self.fields.password()

        def work(_: Progress) -> None:
            change_password(db, actor, old, new)

        self._busy = True
        self._show_state()
        self._context.tasks.start(work, self._done, self._refused, owner=self)

    @override
    def reject(self) -> None:
        if not self._busy:
            super().reject()

    def _done(self, _: None) -> None:
        self._busy = False
        parent = self.parentWidget()
        text = self.tr("密码已修改，下次登录请使用新密码。")
        self.accept()
        messages.inform(parent, text)

    def _refused(self, error: BaseException) -> None:
        self._busy = False
        self._show_state()
        messages.present(self, error, self.banner)

    def _show_state(self) -> None:
        ready = not self._busy and bool(self.old.text()) and not self.fields.problem()
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)

"""文件密码: for a statement that the bank locked."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from app.core.errors import BadInput
from app.statements.locked import PasswordNeeded, WrongPassword
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.theme import Tone


class FilePasswordDialog(FormDialog):
    """Emits what was typed; the password is kept nowhere."""

    given = Signal(str)

    def __init__(
        self, context: Context, asked: PasswordNeeded, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "file_password", parent)
        self.entitle(self.tr("文件密码"), self.tr("打开(&O)"))
        tone = Tone.STOP if isinstance(asked, WrongPassword) else Tone.NORMAL
        self.fields.addRow(note("file_password.why", asked.message, self, tone))
        self.fields.addRow(note("file_password.hint", asked.hint, self, Tone.MUTED))
        self.password = self.line("password", self.tr("密码*"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setFocus()

    @override
    def start(self) -> None:
        typed = self.password.text()
        if not typed:
            raise BadInput(self.tr("请填写文件密码。"))
        self.accept()
        self.given.emit(typed)

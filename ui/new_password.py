"""A new password typed twice, with what it still lacks said while it is typed."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QWidget
from typing_extensions import override

from app.access.errors import WeakPassword
from app.access.rules import check_password
from ui.theme import restyle


class PasswordLine(QLineEdit):
    """A hidden line that tells when Caps Lock seems to be on."""

    caps_changed = Signal(bool)

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._caps = False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        # Qt can't be asked for the key's state: a letter in the wrong case gives it away.
        if event.key() == Qt.Key.Key_CapsLock and self._caps:
            self._tell(False)
        text = event.text()
        if len(text) == 1 and text.isascii() and text.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._tell(text.isupper() != shifted)

    def _tell(self, on: bool) -> None:
        if on != self._caps:
            self._caps = on
            self.caps_changed.emit(on)


class NewPassword(QWidget):
    """Two lines and the rules; `changed` whenever the answer of `problem` may have changed."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._username = ""
        self.first = PasswordLine(f"{name}.first", self.tr("新密码"), self)
        self.again = PasswordLine(f"{name}.again", self.tr("再次输入新密码"), self)
        self._rules = QLabel(self)
        self._rules.setObjectName(f"{name}.rules")
        self._rules.setAccessibleName(self.tr("密码要求"))
        self._rules.setWordWrap(True)
        self._rules.setMinimumHeight(self._rules.fontMetrics().lineSpacing() * 2)
        for line in (self.first, self.again):
            line.textChanged.connect(self._judge)
        self.setFocusProxy(self.first)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("新密码"), self.first)
        form.addRow(self.tr("再次输入"), self.again)
        form.addRow("", self._rules)
        self._judge()

    def set_username(self, username: str) -> None:
        """The name that the password must not contain."""
        self._username = username.strip()
        self._judge()

    def password(self) -> str:
        return self.first.text()

    def problem(self) -> str:
        """What is still wrong; empty when the password may be used."""
        try:
            # An empty name would be found in every password.
            check_password(self._username or "\x00", self.first.text())
        except WeakPassword as error:
            return error.message
        return "" if self.first.text() == self.again.text() else self.tr("两次输入不一致。")

    def said(self) -> str:
        """What stands below the lines."""
        return self._rules.text()

    def _judge(self) -> None:
        rules = QCoreApplication.translate(
            "NewPassword", "至少 10 位，同时包含字母和数字，不能包含用户名。"
        )
        problem = self.problem()
        if not self.first.text():
            text, kind = rules, "muted"
        elif problem:
            text, kind = problem, "problem"
        else:
            text, kind = self.tr("密码符合要求。"), "muted"
        self._rules.setText(text)
        restyle(self._rules, "kind", kind)
        self.changed.emit()

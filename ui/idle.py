"""Locks the window after minutes without input; what was typed stays behind the lock."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from ui import messages
from ui.context import Context
from ui.fonts import scaled
from ui.new_password import PasswordLine
from ui.tasks import Progress
from ui.widgets.banner import Banner
from ui.widgets.icons import IconLabel

_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.InputMethod,
        QEvent.Type.TouchBegin,
    }
)


class IdleWatch(QObject):
    """Emits `idle` once nothing was typed, clicked or scrolled for that many milliseconds."""

    idle = Signal()

    def __init__(self, milliseconds: int, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=milliseconds, singleShot=True)
        self._timer.timeout.connect(self.idle)

    def start(self) -> None:
        """Begin to watch; starts anew when already watching."""
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self._timer.start()

    def stop(self) -> None:
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._timer.stop()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT and self._timer.isActive():
            self._timer.start()
        return False


class LockPage(QWidget):
    """Covers the window until the same person proves the password, or another signs in."""

    unlocked = Signal()
    other_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lock")
        self.setAccessibleName(self.tr("窗口已锁定"))
        self._context = context
        self._busy = False
        self._banner = Banner("lock.banner", self)
        picture = IconLabel("lock.icon", self, lines=3)
        picture.set_icon("lock-line")
        title = QLabel(self.tr("窗口已锁定"), self)
        title.setObjectName("lock.title")
        title.setFont(scaled(title.font(), 1.5, bold=True))
        actor = context.actor
        who = QLabel(
            self.tr("%1（%2）长时间未操作。输入密码继续，已填写的内容仍在。")
            .replace("%1", actor.name)
            .replace("%2", actor.username),
            self,
        )
        who.setObjectName("lock.who")
        who.setWordWrap(True)
        who.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.password = PasswordLine("lock.password", self.tr("登录密码"), self)
        self.password.setPlaceholderText(self.tr("登录密码"))
        self.password.returnPressed.connect(self.unlock)
        self._unlock = QPushButton(self.tr("解锁(&U)"), self)
        self._unlock.setObjectName("lock.unlock")
        self._unlock.setAccessibleName(self.tr("解锁"))
        self._unlock.setProperty("kind", "primary")
        self._unlock.clicked.connect(self.unlock)
        other = QPushButton(self.tr("换人登录（未保存的内容将丢失）"), self)
        other.setObjectName("lock.other")
        other.setAccessibleName(other.text())
        other.setProperty("kind", "link")
        other.clicked.connect(self.other_wanted)
        self._assemble([self._banner, picture, title, who, self.password, self._unlock, other])

    def enter(self) -> None:
        """Make ready for the person who comes back."""
        self.password.clear()
        self._banner.clear()
        self.password.setFocus()

    def unlock(self) -> None:
        """Prove the password; a wrong one is told and the window stays locked."""
        if self._busy or not self.password.text():
            return
        from app.access.sign_in import confirm_identity

        db, actor, password = self._context.db, self._context.actor, self.password.text()

        def work(_: Progress) -> None:
            confirm_identity(db, actor, password)

        self._set_busy(True)
        self._context.tasks.start(work, self._proved, self._refused, owner=self)

    def _proved(self, _: None) -> None:
        self._set_busy(False)
        self.password.clear()
        self.unlocked.emit()

    def _refused(self, error: BaseException) -> None:
        self._set_busy(False)
        self.password.selectAll()
        self.password.setFocus()
        messages.present(self, error, self._banner)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.password.setEnabled(not busy)
        self._unlock.setEnabled(not busy)

    def _assemble(self, widgets: list[QWidget]) -> None:
        box = QWidget(self)
        # One width for all: a label that wraps needs to know its own.
        box.setFixedWidth(self.fontMetrics().horizontalAdvance("锁") * 30)
        inner = QVBoxLayout(box)
        inner.setSpacing(self.fontMetrics().height() // 2)
        for widget in widgets:
            centred = widget.objectName() in {"lock.icon", "lock.title", "lock.other"}
            where = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag(0)
            inner.addWidget(widget, 0, where)
        column = QVBoxLayout(self)
        column.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(box)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)


def hide_dialogs(window: QWidget) -> Callable[[], None]:
    """Hide the window's open dialogs with what was typed; the answer shows them again."""
    hidden = [
        dialog
        for dialog in window.findChildren(QDialog)
        if dialog.isWindow() and dialog.isVisible()
    ]
    for dialog in hidden:
        dialog.setVisible(False)

    def show() -> None:
        for dialog in hidden:
            if isValid(dialog):  # it may have closed when its work was done
                dialog.setVisible(True)

    return show

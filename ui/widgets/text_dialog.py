"""A text looked at: it can be searched and copied, not changed."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QKeySequence, QShortcut, QTextDocument
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ui import messages
from ui.context import Context
from ui.tasks import Progress
from ui.widgets.banner import Banner, Severity


class TextDialog(QDialog):
    """Reads the text off the window's thread; Enter goes to the next place of what is sought."""

    def __init__(
        self,
        context: Context,
        title: str,
        read: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("text")
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.banner = Banner("text.banner", self)
        self.sought = QLineEdit(self)
        self.sought.setObjectName("text.sought")
        self.sought.setAccessibleName(self.tr("查找"))
        self.sought.setPlaceholderText(self.tr("查找，回车看下一处"))
        self.sought.returnPressed.connect(self.find_next)
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("text.text")
        self.text.setAccessibleName(title)
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        bar = QHBoxLayout()
        bar.addWidget(self.sought, 1)
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addLayout(bar)
        column.addWidget(self.text, 1)
        line = self.fontMetrics().height()
        self.resize(line * 52, line * 36)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.sought.setFocus)

        def work(_: Progress) -> str:
            return read()

        context.read(work, self.text.setPlainText, messages.presenter(self, self.banner), title)

    def find_next(self) -> None:
        """Go to the next place, from the end on to the beginning."""
        wanted = self.sought.text()
        if not wanted or self.text.find(wanted):
            return
        cursor = self.text.textCursor()
        cursor.movePosition(cursor.MoveOperation.Start)
        self.text.setTextCursor(cursor)
        if not self.text.find(wanted, QTextDocument.FindFlag(0)):
            self.banner.show_message(Severity.INFO, self.tr("没有找到“%1”。").replace("%1", wanted))

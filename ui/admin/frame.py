"""What all pages of administration have: a head, a banner, buttons, and reading in the background."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.access.rights import Right
from ui import messages
from ui.context import Acted, Context
from ui.fonts import scaled
from ui.tasks import Progress
from ui.widgets.banner import Banner, Severity
from ui.widgets.empty_state import EmptyState
from ui.widgets.icons import icon
from ui.widgets.simple_table import SimpleTable

T = TypeVar("T")


class AdminPage(QWidget):
    """A page that is filled by `reload()`, also by F5; the newest reading wins."""

    def __init__(self, context: Context, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.context = context
        self._head = QLabel(self)
        self._head.setObjectName(f"{name}.title")
        self._head.setFont(scaled(self.font(), 1.35, bold=True))
        self._hint = QLabel(self)
        self._hint.setObjectName(f"{name}.hint")
        self._hint.setProperty("kind", "muted")
        self._hint.setWordWrap(True)
        self._busy = QLabel(self)
        self._busy.setObjectName(f"{name}.busy")
        self._busy.setProperty("kind", "muted")
        self.banner = Banner(f"{name}.banner", self)
        self._tools = QHBoxLayout()
        gap = self.fontMetrics().height() // 2
        top = QHBoxLayout()
        top.addWidget(self._head)
        top.addWidget(self._busy)
        top.addStretch(1)
        top.addLayout(self._tools)
        self.body = QVBoxLayout()
        self.body.setSpacing(gap)
        column = QVBoxLayout(self)
        column.setContentsMargins(gap * 2, gap, gap * 2, gap)
        column.setSpacing(gap)
        column.addLayout(top)
        column.addWidget(self._hint)
        column.addWidget(self.banner)
        column.addLayout(self.body, 1)
        again = QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self)
        again.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        again.activated.connect(self.reload)

    def set_head(self, title: str, hint: str) -> None:
        """Name the page and say what it is for."""
        self.setAccessibleName(title)
        self._head.setText(title)
        self._hint.setText(hint)

    def reload(self) -> None:
        """Read everything anew; each page says what that is."""
        raise NotImplementedError

    def tool(
        self,
        key: str,
        text: str,
        picture: str,
        act: Callable[[], object],
        *,
        right: Right | None = None,
        primary: bool = False,
    ) -> QPushButton:
        """A button of the page, hidden from people who may not use it."""
        button = self.button(key, text, picture, act, right=right)
        if primary:
            button.setProperty("kind", "primary")
            # The theme's grey can't be seen on the accent's ground.
            button.setIcon(QIcon())
        self._tools.addWidget(button)
        return button

    def button(
        self,
        key: str,
        text: str,
        picture: str,
        act: Callable[[], object],
        *,
        right: Right | None = None,
    ) -> QPushButton:
        """A button that the page puts where it belongs."""
        made = QPushButton(icon(picture), text, self)
        made.setObjectName(f"{self.objectName()}.{key}")
        made.setAccessibleName(text)
        made.clicked.connect(lambda _=False: act())
        made.setVisible(right is None or self.context.may(right))
        return made

    def read(self, work: Callable[[Progress], T], show: Callable[[T], None]) -> None:
        """Read in the background; an older reading of this page is dropped."""

        def done(answer: T) -> None:
            self._busy.clear()
            show(answer)

        self._busy.setText(self.tr("正在读取…"))
        self.context.tasks.start_latest((id(self), "read"), work, done, self.failed, owner=self)

    def act(self, work: Callable[[Progress], object], said: str = "") -> None:
        """Do something in the background; afterwards every view reloads."""

        def done(acted: Acted[object]) -> None:
            if said:
                self.say(said)
            self.context.tell(acted)

        self.context.tasks.start(self.context.counted(work), done, self.failed, owner=self)

    def say(self, text: str, remedy: str = "") -> None:
        """Tell that something went well."""
        self.banner.show_message(Severity.OK, text, remedy)

    def failed(self, error: BaseException) -> None:
        self._busy.clear()
        messages.present(self, error, self.banner)


class TableOrEmpty(QStackedWidget):
    """A table, or a sentence that says what to do while it has no rows."""

    def __init__(self, table: SimpleTable[Any], text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = table
        self._empty = EmptyState(f"{table.objectName()}.empty", self)
        self._empty.show_state(text)
        self.addWidget(table)
        self.addWidget(self._empty)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows, or the sentence."""
        self._table.set_rows(rows)
        self.setCurrentWidget(self._table if rows else self._empty)


def section(text: str, parent: QWidget) -> QLabel:
    """The heading of a part of a page."""
    label = QLabel(text, parent)
    label.setProperty("kind", "title")
    return label


def row_of(*widgets: QWidget) -> QHBoxLayout:
    """The widgets side by side, at the left."""
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def enable_with_row(table: SimpleTable[Any], buttons: Sequence[QPushButton]) -> None:
    """Let the buttons be used only while the table has a current row."""

    def show() -> None:
        chosen = table.current_row() is not None
        for button in buttons:
            button.setEnabled(chosen)

    table.current_changed.connect(show)
    table.selection_changed.connect(show)
    show()

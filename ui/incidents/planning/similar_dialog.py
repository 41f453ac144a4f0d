"""类似事件: what was done before in a case like this one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.incidents.planning.past import Similar, similar
from ui import messages
from ui.context import Context
from ui.incidents.looks import tr
from ui.incidents.planning.looks import similar_columns
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.simple_table import SimpleTable


class SimilarDialog(QDialog):
    """The most alike first; Enter goes to one."""

    def __init__(self, context: Context, number: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = tr("与 %1 类似的事件").replace("%1", number)
        self.setObjectName("similar")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self.banner = Banner("similar_banner", self)
        self.table: SimpleTable[Similar] = SimpleTable(
            "similar_table", title, similar_columns(), lambda r: r.number
        )
        self.table.opened.connect(self._go)
        self.table.selection_changed.connect(self._offer)
        self.empty = EmptyState("similar_empty", self)
        self.empty.show_state(
            tr("没有类似的事件。原因、诊断发现、银行、渠道或描述相近的会列在这里。")
        )
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.table)
        self.go = QPushButton(tr("查看处置"), self)
        self.go.setObjectName("similar_go")
        self.go.clicked.connect(lambda _=False: self._go(self.table.current_row()))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.addButton(self.go, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        column.addWidget(buttons)
        line = self.fontMetrics().height()
        self.resize(line * 62, line * 26)
        self._offer()
        db, actor = context.db, context.actor
        context.read(
            lambda _: similar(db, actor, number),
            self._show,
            messages.presenter(self, self.banner),
            title,
        )

    def _show(self, found: list[Similar]) -> None:
        self.table.set_rows(found)
        self._stack.setCurrentWidget(self.table if found else self.empty)
        self._offer()

    def _offer(self, _: object = None) -> None:
        self.go.setEnabled(self.table.current_row() is not None)

    def _go(self, row: Similar | None) -> None:
        if row is not None:
            self.accept()
            self._context.navigate.emit("response", row.number)

"""The first rows of a file as they stand, and over each column what it is."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableView, QWidget
from typing_extensions import override

from app.statements.mapping import FIELD_LABELS, Columns
from app.tabular.header import SEARCHED_ROWS
from app.tabular.model import Row, Table
from ui.theme import Tone, brush, restyle, tint
from ui.widgets.columns import _NO_PARENT, Index

# The dialog is for people: what is wider is cut here and told by the caller.
MOST_COLUMNS: Final = 60
_CHARS: Final = 14
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)


class _Rows(QAbstractTableModel):
    """The cells as text; the row of headings stands out, what is above it steps back."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: Sequence[Row] = ()
        self._width = 0
        self._heading = 0
        self._bold = QFont()
        self._bold.setBold(True)

    def show(self, rows: Sequence[Row], width: int) -> None:
        self.beginResetModel()
        self._rows, self._width = rows, width
        self.endResetModel()

    def set_heading(self, number: int) -> None:
        self._heading = number
        if self._rows and self._width:
            last = self.index(len(self._rows) - 1, self._width - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def number_of(self, place: int) -> int:
        """The row's number in the file."""
        return self._rows[place].number

    @override
    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._width

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role in {_DISPLAY, int(Qt.ItemDataRole.ToolTipRole)}:
            return " ".join(row.cell(index.column()).split())
        heading = row.number == self._heading
        if role == int(Qt.ItemDataRole.BackgroundRole) and heading:
            return tint(Tone.ACCENT)
        if role == int(Qt.ItemDataRole.FontRole) and heading:
            return self._bold
        if role == int(Qt.ItemDataRole.ForegroundRole) and row.number < self._heading:
            return brush(Tone.MUTED)
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if role != _DISPLAY or orientation is Qt.Orientation.Horizontal:
            return None
        return str(self._rows[section].number) if section < len(self._rows) else None


class _FieldHeader(QHeaderView):
    """A box over each column, which moves with it."""

    chosen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("mapping.header")
        self.boxes: list[QComboBox] = []
        self.setSectionsMovable(False)
        self.setSectionsClickable(False)
        self.sectionResized.connect(self.place)

    def make(self, count: int) -> None:
        for box in self.boxes:
            box.deleteLater()
        self.boxes = [self._box(at) for at in range(count)]
        self.place()

    def place(self) -> None:
        """Put each box over its column."""
        for at, box in enumerate(self.boxes):
            left, width = self.sectionViewportPosition(at), self.sectionSize(at)
            box.setGeometry(left + 1, 1, max(1, width - 3), self.height() - 2)
            box.show()

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        tall = max((box.sizeHint().height() for box in self.boxes), default=hint.height())
        return QSize(hint.width(), tall + 4)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def _box(self, at: int) -> QComboBox:
        box = QComboBox(self.viewport())
        box.setObjectName(f"mapping.column_{at}")
        box.setAccessibleName(self.tr("第 %1 列是").replace("%1", str(at + 1)))
        box.setMaxVisibleItems(len(FIELD_LABELS) + 1)
        box.addItem(self.tr("（不用）"), "")
        for field, label in FIELD_LABELS.items():
            box.addItem(label, field)
        box.activated.connect(self.chosen)
        return box


class MappingGrid(QTableView):
    """Emits `changed` when somebody says what a column is, `heading_picked` with a row's number."""

    changed = Signal()
    heading_picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mapping.grid")
        self.setAccessibleName(self.tr("文件的前几行"))
        self._rows = _Rows(self)
        self._fields = _FieldHeader(self)
        self.setHorizontalHeader(self._fields)
        self.setModel(self._rows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        line = self.fontMetrics().height()
        down = self.verticalHeader()
        down.setDefaultSectionSize(line + line * 2 // 5)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setSectionsClickable(True)
        down.setToolTip(self.tr("点击行号，把该行作为表头"))
        down.sectionClicked.connect(self._pick)
        self._fields.chosen.connect(self._told)
        self.horizontalScrollBar().valueChanged.connect(self._fields.place)

    def show_table(self, table: Table) -> None:
        """Show the first rows of a table, with a box over each of its columns."""
        rows = table.rows[:SEARCHED_ROWS]
        width = min(max((len(row.cells) for row in rows), default=0), MOST_COLUMNS)
        self._rows.show(rows, width)
        self._fields.make(width)
        figure, line = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().height()
        for at in range(width):
            longest = max((len(row.cell(at)) for row in rows), default=0)
            chars = min(max(_CHARS, longest + 2), 2 * _CHARS)
            self._fields.resizeSection(at, chars * figure + 2 * line)
        self._fields.place()
        self.updateGeometries()

    def set_heading(self, number: int) -> None:
        """Let the row of that number stand out as headings."""
        self._rows.set_heading(number)

    def set_columns(self, columns: Columns) -> None:
        """Show what the columns are, without a signal."""
        said = {at: field for field, places in columns.items() for at in places}
        for at, box in enumerate(self._fields.boxes):
            box.setCurrentIndex(max(0, box.findData(said.get(at, ""))))
        self._dress()

    def columns(self) -> Mapping[str, tuple[int, ...]]:
        """Field → its columns, as the boxes say."""
        found: dict[str, tuple[int, ...]] = {}
        for at, box in enumerate(self._fields.boxes):
            field = str(box.currentData())
            if field:
                found[field] = (*found.get(field, ()), at)
        return found

    def box(self, at: int) -> QComboBox:
        """The box over that column."""
        return self._fields.boxes[at]

    def _told(self) -> None:
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        for box in self._fields.boxes:
            restyle(box, "tone", str(Tone.NORMAL if box.currentData() else Tone.MUTED))

    def _pick(self, place: int) -> None:
        self.heading_picked.emit(self._rows.number_of(place))

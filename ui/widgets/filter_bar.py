"""The filters above a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton, QVBoxLayout, QWidget

from ui.widgets.filter_fields import FieldEditor, Filter, make_editor
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.icons import icon

DEBOUNCE_MS = 250


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A set of values that the user gave a name."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


class FilterBar(QWidget):
    """Emits the values that filter something, a moment after the last keystroke."""

    changed = Signal(object)
    save_requested = Signal(str, object)
    delete_requested = Signal(str)
    applied = Signal(str)

    def __init__(
        self, name: str, fields: Sequence[Filter], today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("筛选条件"))
        self.fields = tuple(fields)
        self._editors: dict[str, FieldEditor] = {}
        self._saved: tuple[SavedFilter, ...] = ()
        self._told: dict[str, Any] = {}
        self._later = QTimer(self, interval=DEBOUNCE_MS, singleShot=True)
        self._later.timeout.connect(self.apply_now)
        gap = self.fontMetrics().height() // 2
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap // 2)
        controls, self._chips = QWidget(self), QWidget(self)
        self._flow, self._chip_flow = FlowLayout(controls, gap), FlowLayout(self._chips, gap // 2)
        column.addWidget(controls)
        column.addWidget(self._chips)
        for one in fields:
            editor = make_editor(name, one, today, self)
            editor.edited.connect(self._edited)
            self._editors[one.key] = editor
            self._flow.addWidget(editor)
        self._reset = self._button("reset", self.tr("重置"), "refresh-line")
        self._reset.clicked.connect(self.reset)
        self._keep = self._button("saved", self.tr("常用筛选"), "star-line")
        self._keep.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._keep.setMenu(QMenu(self))
        self._keep.menu().setObjectName(f"{name}_saved_menu")
        self._keep.menu().aboutToShow.connect(self._fill_menu)
        self._show_active()

    def values(self) -> dict[str, Any]:
        """The active filters by key. Raises BadInput while a field can't be read."""
        found = {key: editor.value() for key, editor in self._editors.items()}
        return {key: value for key, value in found.items() if value is not None}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Fill in exactly these and tell at once."""
        for key, editor in self._editors.items():
            editor.set_value(values.get(key))
        self.apply_now()

    def reset(self) -> None:
        """Filter by nothing."""
        self.set_values({})

    def set_saved(self, saved: Sequence[SavedFilter]) -> None:
        self._saved = tuple(saved)

    def apply_saved(self, name: str) -> None:
        """Fill in the filter saved under that name. Raises KeyError when there is none."""
        self.set_values({one.name: one.values for one in self._saved}[name])
        self.applied.emit(name)

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        next(iter(self._editors.values())).setFocus()

    def apply_now(self) -> None:
        """Tell the values now, unless a field can't be read or nothing has changed."""
        self._later.stop()
        if any(editor.problem() for editor in self._editors.values()):
            return  # the field itself shows what is wrong; the list keeps its last filter
        values = self.values()
        self._show_active()
        if values != self._told:
            self._told = values
            self.changed.emit(values)

    def ask_name(self) -> QInputDialog:
        """Ask under which name to save the present filter."""
        ask = QInputDialog(self)
        ask.setObjectName(f"{self.objectName()}_name")
        ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ask.setWindowTitle(self.tr("保存筛选条件"))
        ask.setLabelText(self.tr("名称"))
        ask.textValueSelected.connect(self._save)
        ask.open()
        return ask

    def _save(self, name: str) -> None:
        if name.strip():
            self.save_requested.emit(name.strip(), self.values())

    def _edited(self) -> None:
        self._later.start()

    def _button(self, part: str, text: str, picture: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"{self.objectName()}_{part}")
        button.setAccessibleName(text)
        button.setText(text)
        button.setIcon(icon(picture))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._flow.addWidget(button)
        return button

    def _fill_menu(self) -> None:
        menu = self._keep.menu()
        menu.clear()
        for one in self._saved:
            apply = menu.addAction(one.name)
            apply.setObjectName(f"{self.objectName()}_apply_{one.name}")
            apply.triggered.connect(lambda _=False, name=one.name: self.apply_saved(name))
        if self._saved:
            menu.addSeparator()
            remove = menu.addMenu(self.tr("删除"))
            for one in self._saved:
                action = remove.addAction(one.name)
                action.setObjectName(f"{self.objectName()}_delete_{one.name}")
                action.triggered.connect(
                    lambda _=False, name=one.name: self.delete_requested.emit(name)
                )
        save = menu.addAction(self.tr("保存当前条件…"))
        save.setObjectName(f"{self.objectName()}_save")
        save.setEnabled(bool(self._told))
        save.triggered.connect(self.ask_name)

    def _show_active(self) -> None:
        while (item := self._chip_flow.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        active = {key: one for key, one in self._editors.items() if one.value() is not None}
        for key, editor in active.items():
            chip = self._chip(key, f"{editor.title}：{editor.said()}")
            self._chip_flow.addWidget(chip)
            chip.show()
        self._chips.setVisible(bool(active))
        self._reset.setEnabled(bool(active))

    def _chip(self, key: str, text: str) -> QToolButton:
        chip = QToolButton(self._chips)
        chip.setObjectName(f"{self.objectName()}_chip_{key}")
        chip.setProperty("kind", "chip")
        chip.setText(f"{text}  ×")
        chip.setToolTip(self.tr("取消此条件"))
        chip.setAccessibleName(self.tr("取消条件 %1").replace("%1", text))
        chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        chip.clicked.connect(lambda: self._drop(key))
        return chip

    def _drop(self, key: str) -> None:
        self._editors[key].set_value(None)
        self.apply_now()

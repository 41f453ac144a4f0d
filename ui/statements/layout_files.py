"""Asking for the file in which a layout is handed on."""

from collections.abc import Callable

from PySide6.QtWidgets import QFileDialog, QWidget

from app.statements.sharing import SUFFIX
from ui.statements.looks import tr
from ui.widgets.file_asking import ask_open, ask_save


def ask_layout(parent: QWidget, chosen: Callable[[str], object]) -> QFileDialog:
    """Ask for a layout to read."""
    return ask_open(parent, "layout_ask", tr("选择列对应文件"), _filters(), chosen)


def ask_layout_target(
    parent: QWidget, proposed: str, chosen: Callable[[str], object]
) -> QFileDialog:
    """Ask where to write a layout."""
    title = tr("导出列对应")
    return ask_save(
        parent, "layout_save", title, _filters(), chosen, proposed=proposed, suffix=SUFFIX
    )


def _filters() -> list[str]:
    return [tr("列对应 (*.json)"), tr("所有文件 (*)")]

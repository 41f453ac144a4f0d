"""Asks for a file to open or to save, without blocking, and takes those that were dropped."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_open(
    parent: QWidget, name: str, title: str, filters: Sequence[str], chosen: Callable[[str], object]
) -> QFileDialog:
    """Ask for one file that is there; `chosen` is called with its path."""
    ask = QFileDialog(parent, title)
    ask.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _open(ask, name, filters, chosen)


def ask_open_many(
    parent: QWidget,
    name: str,
    title: str,
    filters: Sequence[str],
    chosen: Callable[[list[str]], object],
) -> QFileDialog:
    """Ask for one or several files that are there; `chosen` is called with their paths."""
    ask = QFileDialog(parent, title)
    ask.setFileMode(QFileDialog.FileMode.ExistingFiles)
    ask.filesSelected.connect(chosen)
    return _ask(ask, name, filters)


def ask_save(
    parent: QWidget,
    name: str,
    title: str,
    filters: Sequence[str],
    chosen: Callable[[str], object],
    *,
    proposed: str,
    suffix: str,
) -> QFileDialog:
    """Ask where to save; proposed: the name without its suffix."""
    ask = QFileDialog(parent, title)
    ask.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    ask.setDefaultSuffix(suffix)
    ask.selectFile(proposed)
    return _open(ask, name, filters, chosen)


def _open(
    ask: QFileDialog, name: str, filters: Sequence[str], chosen: Callable[[str], object]
) -> QFileDialog:
    ask.fileSelected.connect(chosen)
    return _ask(ask, name, filters)


def _ask(ask: QFileDialog, name: str, filters: Sequence[str]) -> QFileDialog:
    ask.setObjectName(name)
    ask.setNameFilters(list(filters))
    ask.finished.connect(ask.deleteLater)
    ask.open()
    return ask


def local_files(mime: QMimeData) -> list[str]:
    """The files on this machine that were dropped or copied."""
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]

"""What the import knows so far: the file, its columns, and what it would bring."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.payments import importing
from app.payments.importing import Preview
from app.payments.intake import Defaults, Field, Recognition, recognise
from app.payments.intake.parse import MissingColumns
from app.tabular.model import Table
from app.tabular.reader import read_table
from ui.context import Context
from ui.tasks import Progress


@dataclass(frozen=True)
class Opened:
    """A file that was read, and what its headings say."""

    path: Path
    table: Table
    recognition: Recognition


class ImportReading(QObject):
    """Reads off the window's thread; the newest question alone is answered."""

    opened = Signal(object)
    previewed = Signal(object)
    incomplete = Signal(str)
    failed = Signal(object)
    busy = Signal(bool)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.file: Opened | None = None
        self.defaults = Defaults()
        self.preview: Preview | None = None

    def open(self, path: Path, sheet: str | None = None) -> None:
        """Read the file, with the mapping that somebody confirmed for its headings."""
        db, actor = self._context.db, self._context.actor

        def work(_: Progress) -> Opened:
            table = read_table(path, sheet=sheet)
            recognition = recognise(table)
            kept = importing.remembered(db, actor, recognition.signature)
            if kept is not None:
                recognition = recognition.remembered(kept)
            return Opened(path, table, recognition)

        self.busy.emit(True)
        self._context.tasks.start_latest(
            (id(self), "open"), work, self._read, self._not_read, owner=self
        )

    def map_columns(self, columns: Mapping[Field, int]) -> None:
        """Use these columns from now on."""
        assert self.file is not None
        recognition = self.file.recognition.with_columns(columns)
        self.file = replace(self.file, recognition=recognition)
        self.look()

    def use_defaults(self, defaults: Defaults) -> None:
        """Fill blank cells with these from now on."""
        self.defaults = defaults
        self.look()

    def look(self) -> None:
        """Ask what the file would bring with these columns and defaults."""
        file, defaults = self.file, self.defaults
        if file is None:
            return
        db, actor = self._context.db, self._context.actor
        self.preview = None
        self.busy.emit(True)
        self._context.tasks.start_latest(
            (id(self), "look"),
            lambda _: importing.preview(
                db, actor, file.path, file.table, file.recognition, defaults
            ),
            self._looked,
            self._not_looked,
            owner=self,
        )

    def _read(self, file: Opened) -> None:
        self.busy.emit(False)
        self.file = file
        self.opened.emit(file)
        self.look()

    def _not_read(self, error: BaseException) -> None:
        self.busy.emit(False)
        self.failed.emit(error)

    def _looked(self, preview: Preview) -> None:
        self.busy.emit(False)
        self.preview = preview
        self.previewed.emit(preview)

    def _not_looked(self, error: BaseException) -> None:
        self.busy.emit(False)
        if isinstance(error, MissingColumns):
            self.incomplete.emit(f"{error.message}{error.hint}")
        else:
            self.failed.emit(error)


def nothing_new(preview: Preview) -> bool:
    """Whether the file brings nothing: all of it came before, or is no payment, or is wrong."""
    return not preview.drafts

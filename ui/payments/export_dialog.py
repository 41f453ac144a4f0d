"""Asks where to, and writes the list there."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.clock import business_date
from ui import messages
from ui.context import Context
from ui.payments.running import RunDialog, run_long
from ui.tasks import Progress
from ui.widgets.banner import Banner, Severity

# Writes the file, telling its progress and asking whether to stop; gives how many rows.
Write = Callable[[Path, Progress, Callable[[], bool]], int]


class ExportDialog(QObject):
    """One export: file name, progress with 取消, and where the file lies.

    title: of the question; stem: the file's name before the day.
    """

    def __init__(
        self,
        context: Context,
        owner: QWidget,
        banner: Banner,
        name: str,
        title: str,
        stem: str,
        write: Write,
    ) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._banner = banner
        self._name, self._title, self._stem = name, title, stem
        self._write = write

    def open(self) -> QFileDialog:
        """Ask for the file."""
        ask = QFileDialog(self._owner, self._title)
        ask.setObjectName(self._name)
        ask.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        ask.setNameFilters([self.tr("Excel 工作簿 (*.xlsx)"), self.tr("CSV 文件 (*.csv)")])
        ask.setDefaultSuffix("xlsx")
        ask.filterSelected.connect(
            lambda chosen: ask.setDefaultSuffix("csv" if "csv" in chosen else "xlsx")
        )
        db = self._context.db
        today = business_date(db.clock.now(), db.tz)
        ask.selectFile(f"{self._stem}-{today.isoformat()}")
        ask.fileSelected.connect(self.write)
        ask.finished.connect(ask.deleteLater)
        ask.open()
        return ask

    def write(self, target: str) -> None:
        """Write the file."""
        path = Path(target)

        def work(dialog: RunDialog, progress: Progress) -> int:
            return self._write(path, progress, dialog.cancelled)

        def done(rows: int) -> None:
            text = self.tr("已导出 %1 行到 %2。")
            self._banner.show_message(
                Severity.OK,
                text.replace("%1", f"{rows:,}").replace("%2", path.name),
                str(path.parent),
                action=self.tr("打开所在文件夹"),
                on_action=lambda: _show_folder(path.parent),
            )

        run_long(
            self._context,
            self._owner,
            self.tr("正在导出"),
            work,
            done,
            messages.presenter(self._owner, self._banner),
            changes=False,
        )


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

"""Asks where to, and writes the list there."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.clock import business_date
from app.payments.exporting import export_payments
from app.payments.listing import PaymentList
from ui import messages
from ui.context import Context
from ui.payments.running import RunDialog, run_long
from ui.tasks import Progress
from ui.widgets.banner import Banner, Severity


class ExportDialog(QObject):
    """One export: file name, progress with 取消, and where the file lies."""

    def __init__(
        self,
        context: Context,
        owner: QWidget,
        banner: Banner,
        wanted: PaymentList | Sequence[int],
    ) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._banner = banner
        self._wanted = wanted

    def open(self) -> QFileDialog:
        """Ask for the file."""
        ask = QFileDialog(self._owner, self.tr("导出付款清单"))
        ask.setObjectName("payments_export_file")
        ask.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        ask.setNameFilters([self.tr("Excel 工作簿 (*.xlsx)"), self.tr("CSV 文件 (*.csv)")])
        ask.setDefaultSuffix("xlsx")
        ask.filterSelected.connect(
            lambda chosen: ask.setDefaultSuffix("csv" if "csv" in chosen else "xlsx")
        )
        db = self._context.db
        today = business_date(db.clock.now(), db.tz)
        ask.selectFile(self.tr("付款清单-%1").replace("%1", today.isoformat()))
        ask.fileSelected.connect(self.write)
        ask.finished.connect(ask.deleteLater)
        ask.open()
        return ask

    def write(self, target: str) -> None:
        """Write the file."""
        context, path = self._context, Path(target)

        def work(dialog: RunDialog, progress: Progress) -> int:
            return export_payments(
                context.db, context.actor, path, self._wanted, progress, dialog.cancelled
            )

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
            context,
            self._owner,
            self.tr("正在导出"),
            work,
            done,
            messages.presenter(self._owner, self._banner),
            changes=False,
        )


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

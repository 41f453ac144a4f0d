"""解除止付操作日志: searched by day, person, payment and text; printed and exported."""

from datetime import date
from pathlib import Path

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.clock import business_date, local_text
from app.documents.release_log import ReleaseEntry
from app.payments.papers import release_log_sheet, release_log_workbook
from app.payments.release_log import LogFilter, releases
from ui import messages
from ui.context import Context
from ui.payments.looks import money_text
from ui.resume.pieces import tr
from ui.resume.sheet_dialog import SheetDialog, show_resume_sheet
from ui.tasks import Progress
from ui.widgets.banner import Banner, Severity
from ui.widgets.columns import Align, Column
from ui.widgets.date_field import DateField
from ui.widgets.empty_state import EmptyState
from ui.widgets.icons import icon
from ui.widgets.simple_table import SimpleTable

_FORM = "HF-"


class ReleaseLogPage(QWidget):
    """Starts with the present month; Enter shows the paper behind a line."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("release_log")
        self._context = context
        today = business_date(context.db.clock.now(), context.db.tz)
        self._month = (today.replace(day=1), today)
        self.banner = Banner("release_log.banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.since = DateField("release_log.since", self.tr("起始日"), today, self)
        self.since.set_date(self._month[0])
        self.until = DateField("release_log.until", self.tr("截止日"), today, self)
        self.until.set_date(today)
        self.person = self._field("person", self.tr("人员"), self.tr("办理人或审批人"))
        self.payment = self._field("payment", self.tr("指令号"), "FK-")
        self.text = self._field("text", self.tr("内容"), self.tr("收款方、原因、修改、单号"))
        for day in (self.since, self.until):
            day.date_changed.connect(self.reload)
        self._print = QPushButton(icon("printer-line"), self.tr("预览、打印(&P)…"), self)
        self._print.setObjectName("release_log.print")
        self._print.setAccessibleName(self.tr("预览、打印或保存为 PDF"))
        self._print.clicked.connect(self.preview)
        self._export = QPushButton(icon("file-excel-2-line"), self.tr("导出 Excel(&E)…"), self)
        self._export.setObjectName("release_log.export")
        self._export.setAccessibleName(self.tr("导出 Excel"))
        self._export.clicked.connect(self._ask_where)
        self.table: SimpleTable[ReleaseEntry] = SimpleTable(
            "release_log.table",
            self.tr("解除止付操作日志"),
            _columns(),
            lambda r: (r.log_no, r.payment_no),
            parent=self,
        )
        self.table.opened.connect(self._open)
        self.empty = EmptyState("release_log.empty", self)
        self.empty.acted.connect(self.clear_filter)
        self._count = QLabel(self)
        self._count.setObjectName("release_log.count")
        refresh = QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self)
        refresh.activated.connect(self.reload)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.text.setFocus)
        self._lay_out()
        self.reload()

    def reload(self) -> None:
        """Search again."""
        if self.since.problem() or self.until.problem():
            return
        db, actor, wanted = self._context.db, self._context.actor, self.wanted()

        def work(_: Progress) -> list[ReleaseEntry]:
            return releases(db, actor, wanted)

        key = (id(self), "log")
        self._context.tasks.start_latest(key, work, self._show, self._failed, owner=self)

    def wanted(self) -> LogFilter:
        """What stands in the fields; an open day is as far as there is."""
        return LogFilter(
            self.since.chosen() or date(2000, 1, 1),
            self.until.chosen() or self._month[1],
            self.person.text(),
            self.payment.text(),
            self.text.text(),
        )

    def clear_filter(self) -> None:
        """Show the present month again."""
        for field in (self.person, self.payment, self.text):
            field.clear()
        self.since.set_date(self._month[0])
        self.until.set_date(self._month[1])

    def preview(self) -> SheetDialog:
        """Show the log as a paper, to be printed or saved."""
        db, actor, wanted = self._context.db, self._context.actor, self.wanted()
        dialog = SheetDialog(
            self._context,
            self.tr("解除止付操作日志 %1 至 %2")
            .replace("%1", wanted.since.isoformat())
            .replace("%2", wanted.until.isoformat()),
            lambda: release_log_sheet(db, actor, wanted),
            self,
        )
        dialog.open()
        return dialog

    def export_to(self, path: str) -> None:
        """Write the log as a workbook, off the window's thread."""
        db, actor, wanted = self._context.db, self._context.actor, self.wanted()
        target = Path(path)

        def work(_: Progress) -> int:
            return release_log_workbook(db, actor, wanted, target)

        def done(count: int) -> None:
            self._export.setEnabled(True)
            text = self.tr("已导出 %1 笔到 %2").replace("%1", str(count))
            self.banner.show_message(Severity.OK, text.replace("%2", path))

        def failed(error: BaseException) -> None:
            self._export.setEnabled(True)
            self._failed(error)

        self._export.setEnabled(False)
        self._context.tasks.start(work, done, failed, label=self.tr("导出"), owner=self)

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, self.tr("导出 Excel"))
        dialog.setObjectName("release_log.save_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Excel (*.xlsx)")
        dialog.setDefaultSuffix("xlsx")
        wanted = self.wanted()
        dialog.selectFile(f"解除止付操作日志 {wanted.since}—{wanted.until}.xlsx")
        dialog.fileSelected.connect(self.export_to)
        dialog.open()

    def _open(self, row: object) -> None:
        if isinstance(row, ReleaseEntry) and row.sheet_no.startswith(_FORM):
            show_resume_sheet(self._context, self, row.sheet_no)
        elif isinstance(row, ReleaseEntry):
            self._context.navigate.emit("holds", row.sheet_no)

    def _show(self, found: list[ReleaseEntry]) -> None:
        self.table.set_rows(found)
        self._parts.setCurrentIndex(0 if found else 1)
        text = self.tr("这段时间没有符合条件的解除止付。")
        self.empty.show_state(text, self.tr("恢复默认条件"), "file-list-3-line")
        text = self.tr("共 %1 笔；按回车查看审批单").replace("%1", f"{len(found):,}")
        self._count.setText(text)
        for button in (self._print, self._export):
            button.setEnabled(bool(found))

    def _field(self, name: str, title: str, example: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(f"release_log.{name}")
        field.setAccessibleName(title)
        field.setPlaceholderText(example)
        field.setClearButtonEnabled(True)
        field.textChanged.connect(self.reload)
        return field

    def _lay_out(self) -> None:
        line = self.fontMetrics().height()
        filters = QHBoxLayout()
        for title, field, share in (
            (self.tr("日期"), self.since, 2),
            (self.tr("至"), self.until, 2),
            (self.tr("人员"), self.person, 2),
            (self.tr("指令号"), self.payment, 3),
            (self.tr("内容"), self.text, 3),
        ):
            label = QLabel(title, self)
            label.setBuddy(field)
            filters.addWidget(label)
            filters.addWidget(field, share)
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self._print)
        foot.addWidget(self._export)
        self._parts = QStackedWidget(self)
        self._parts.addWidget(self.table)
        self._parts.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(line, line, line, line)
        column.addWidget(self.banner)
        column.addLayout(filters)
        column.addWidget(self._parts, 1)
        column.addLayout(foot)


def _columns() -> tuple[Column[ReleaseEntry], ...]:
    return (
        Column("at", tr("时间"), lambda r: local_text(r.at), sort_value=lambda r: r.at, chars=16),
        Column("person", tr("人员"), lambda r: r.person, sort_value=lambda r: r.person, chars=16),
        Column("payment", tr("指令号"), lambda r: r.payment_no, chars=18),
        Column("payee", tr("收款方"), lambda r: r.payee, sort_value=lambda r: r.payee, chars=24),
        Column(
            "amount",
            tr("金额"),
            lambda r: money_text(r.amount),
            align=Align.RIGHT,
            sort_value=lambda r: r.amount.minor,
            chars=14,
        ),
        Column("reason", tr("停付原因"), lambda r: r.hold_reason, chars=24),
        Column("changes", tr("修改内容"), lambda r: r.changes, chars=36),
        Column("approvals", tr("审批"), lambda r: r.approvals, chars=28),
        Column("sheet", tr("审批单号"), lambda r: r.sheet_no, chars=14),
        Column("log", tr("系统日志号"), lambda r: r.log_no, chars=20),
        Column("machine", tr("机器"), lambda r: r.machine, chars=14),
    )

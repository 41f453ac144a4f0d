"""日志查看: the program's own log, by level, time and words; lines are copied, kept or looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QWidget,
)
from typing_extensions import override

from app.access.rights import Right
from app.core import paths
from app.core.errors import BadInput
from app.incidents.case_view import IncidentLine, incident_lines
from app.incidents.states import IncidentState
from app.incidents.vendor.error_codes import codes_in
from app.incidents.vendor.log_lines import LogFilter, LogLine, as_text
from app.incidents.vendor.log_reading import LogPage as Found
from app.incidents.vendor.log_reading import export_lines, keep_lines, look_at_log
from ui.admin.clock_field import ClockField
from ui.admin.frame import AdminPage, row_of
from ui.context import Context
from ui.incidents.looks import tr
from ui.incidents.vendor.codes_dialog import CodesDialog
from ui.incidents.vendor.looks import log_columns
from ui.tasks import Progress
from ui.widgets.banner import Severity
from ui.widgets.file_asking import ask_save
from ui.widgets.simple_table import SimpleTable

_AROUND: Final = timedelta(minutes=30)
_GRAVE: Final = frozenset({"CRITICAL", "ERROR"})
_WARNED: Final = _GRAVE | {"WARNING"}


@dataclass(frozen=True, slots=True)
class LogWanted:
    """The log around the stop of an incident."""

    incident: str
    around: datetime


@dataclass(frozen=True, slots=True)
class _Read:
    page: Found
    incidents: list[IncidentLine]


class LogPage(AdminPage):
    """Filters above, lines in the middle, the chosen line whole below."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "logs", parent)
        self.set_head(
            tr("日志查看"),
            tr("本机程序的日志，最近的在上。从文件末尾分段读取，只查看，不改动日志。"),
        )
        self._incident = ""
        self._make_filter()
        self._make_lines()
        self._make_tools()
        self._lay_out()
        self._chosen()
        self.reload()

    @override
    def reload(self) -> None:
        try:
            wanted = self.wanted()
        except BadInput as problem:
            self.failed(problem)
            return
        db, actor, file = self.context.db, self.context.actor, paths.log_file()
        sees = self.context.may(Right.INCIDENT_VIEW)

        def work(progress: Progress) -> _Read:
            page = look_at_log(db, actor, file, wanted, progress=progress)
            return _Read(page, incident_lines(db, actor) if sees else [])

        self.read(work, self._show)

    def show_argument(self, argument: object) -> None:
        """Show the log around an incident's stop."""
        if isinstance(argument, LogWanted):
            self._incident = argument.incident
            self.since.set_instant(argument.around - _AROUND)
            self.until.set_instant(argument.around + _AROUND)
        self.reload()

    def wanted(self) -> LogFilter:
        """What is asked for. Raises BadInput for a time that can't be read."""
        levels = self.level.currentData()
        since, until = self.since.chosen(), self.until.chosen()
        if since is not None and until is not None and until <= since:
            raise BadInput(tr("结束时间须晚于开始时间。"), tr("请核对时间范围。"))
        return LogFilter(frozenset(str(levels).split()), since, until, self.text.text())

    def _make_filter(self) -> None:
        self.level = QComboBox(self)
        self.level.setObjectName("logs.level")
        self.level.setAccessibleName(tr("级别"))
        for text, levels in (
            (tr("全部级别"), frozenset[str]()),
            (tr("警告及以上"), _WARNED),
            (tr("错误及以上"), _GRAVE),
        ):
            self.level.addItem(text, " ".join(sorted(levels)))
        self.level.currentIndexChanged.connect(lambda _: self.reload())
        zone = self.context.db.tz
        self.since = ClockField("logs.since", tr("开始时间"), zone, None, self)
        self.until = ClockField("logs.until", tr("结束时间"), zone, None, self)
        example = "2026-03-02 10:00"
        self.since.setPlaceholderText(tr("从何时起，如 %1").replace("%1", example))
        self.until.setPlaceholderText(tr("到何时止，如 %1").replace("%1", example))
        self.text = QLineEdit(self)
        self.text.setObjectName("logs.text")
        self.text.setAccessibleName(tr("查找"))
        self.text.setPlaceholderText(tr("指令号、错误代码、错误编号或文字"))
        self.text.setClearButtonEnabled(True)
        for edit in (self.since, self.until, self.text):
            edit.returnPressed.connect(self.reload)
        self.look = QPushButton(tr("查找"), self)
        self.look.setObjectName("logs.look")
        self.look.clicked.connect(lambda _=False: self.reload())
        self.clear = QPushButton(tr("清除条件"), self)
        self.clear.setObjectName("logs.clear")
        self.clear.clicked.connect(lambda _=False: self._clear())
        self.count = QLabel(self)
        self.count.setObjectName("logs.count")

    def _make_lines(self) -> None:
        self.table: SimpleTable[LogLine] = SimpleTable(
            "logs.table", tr("日志"), log_columns(), lambda r: (r.file, r.start)
        )
        self.table.selection_changed.connect(self._chosen)
        self.table.current_changed.connect(lambda _: self._chosen())
        self.table.opened.connect(lambda _=None: self._codes())
        self.whole = QPlainTextEdit(self)
        self.whole.setObjectName("logs.whole")
        self.whole.setAccessibleName(tr("所选日志全文"))
        self.whole.setReadOnly(True)
        self.whole.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))

    def _make_tools(self) -> None:
        self.incident = QComboBox(self)
        self.incident.setObjectName("logs.incident")
        self.incident.setAccessibleName(tr("应急事件"))
        self.incident.setMinimumContentsLength(28)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.incident.setSizeAdjustPolicy(policy)
        self.incident.setVisible(self.context.may(Right.INCIDENT_HANDLE))
        self.acts = [
            self.button(key, text, picture, act, right=right)
            for key, text, picture, act, right in (
                ("copy", tr("复制"), "file-copy-line", self._copy, None),
                ("export", tr("导出所选…"), "download-line", self._export, None),
                ("codes", tr("查错误代码"), "search-line", self._codes, None),
                ("keep", tr("保存为证据"), "attachment-line", self._keep, Right.INCIDENT_HANDLE),
            )
        ]

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        for widget, stretch in (
            (self.level, 0),
            (self.since, 2),
            (QLabel(tr("至"), self), 0),
            (self.until, 2),
            (self.text, 3),
            (self.look, 0),
            (self.clear, 0),
        ):
            filters.addWidget(widget, stretch)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.table)
        split.addWidget(self.whole)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        self.body.addLayout(filters)
        self.body.addWidget(self.count)
        self.body.addWidget(split, 1)
        self.body.addLayout(row_of(*self.acts, self.incident))

    def _show(self, found: _Read) -> None:
        page = found.page
        self.table.set_rows(page.lines)
        text = tr("共 %1 条").replace("%1", f"{len(page.lines):,}")
        if page.more:
            text = tr("只显示最近 %1 条，请缩小时间范围或加上条件").replace(
                "%1", f"{len(page.lines):,}"
            )
        self.count.setText(text)
        if page.troubles:
            self.banner.show_message(Severity.WARN, "\n".join(page.troubles))
        self._show_incidents(found.incidents)
        if page.lines and self.table.current_row() is None:
            self.table.setCurrentIndex(self.table.rows().index(0, 0))
            self.table.select_positions([0])
        self._chosen()

    def _show_incidents(self, found: Sequence[IncidentLine]) -> None:
        wanted = self._incident or str(self.incident.currentData() or "")
        self.incident.clear()
        for one in found:
            if one.state is not IncidentState.CLOSED:
                self.incident.addItem(f"{one.number} {one.title}", one.number)
        self.incident.setCurrentIndex(max(0, self.incident.findData(wanted)))
        self._incident = ""

    def _selected(self) -> list[LogLine]:
        row = self.table.current_row()
        return self.table.selected_rows() or ([] if row is None else [row])

    def _chosen(self) -> None:
        lines = self._selected()
        self.whole.setPlainText(as_text(lines[:50]))
        none = "" if lines else tr("请先选择日志行。")
        for button in self.acts:
            button.setEnabled(not none)
            button.setToolTip(none)
        keep = self.acts[-1]
        if not none and self.incident.count() == 0:
            keep.setEnabled(False)
            keep.setToolTip(tr("没有未关闭的应急事件。"))

    def _clear(self) -> None:
        for edit in (self.since, self.until, self.text):
            edit.clear()
        self.level.setCurrentIndex(0)
        self.reload()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._selected()))
        self.say(tr("所选日志已复制。"))

    def _export(self) -> None:
        ask_save(
            self,
            "logs.file",
            tr("导出日志"),
            ["LOG (*.log)"],
            self.export_to,
            proposed=tr("日志"),
            suffix="log",
        )

    def export_to(self, path: str) -> None:
        """Write the chosen lines to this file."""
        lines = self._selected()
        self.context.read(
            lambda _: export_lines(Path(path), lines),
            lambda _: self.say(
                tr("已导出 %1 条到 %2。").replace("%1", str(len(lines))).replace("%2", path)
            ),
            self.failed,
        )

    def _keep(self) -> None:
        number, lines = str(self.incident.currentData() or ""), self._selected()
        db, actor = self.context.db, self.context.actor

        def said(made: str) -> None:
            self.say(tr("已保存为 %1 的证据 %2。").replace("%1", number).replace("%2", made))

        self.context.act(lambda _: keep_lines(db, actor, number, lines), said, self.failed)

    def _codes(self) -> None:
        CodesDialog(self, codes_in("\n".join(one.text for one in self._selected()))).open()

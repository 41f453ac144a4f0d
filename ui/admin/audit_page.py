"""操作日志: filter, read, verify and export the trail."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QSplitter, QWidget
from typing_extensions import override

from app.access.keeping import export_trail, verify_trail
from app.access.rights import Right
from app.access.trail import TrailList
from app.audit.queries import ACT_LABELS, AuditFilter, AuditLine
from app.audit.verify import Verdict
from app.core import paths
from app.core.clock import local_seconds
from ui.admin.frame import AdminPage
from ui.admin.trail_detail import TrailDetail
from ui.admin.trail_words import subject_text
from ui.cancelling import offer_cancel
from ui.context import Acted, Context
from ui.payments.filter_place import FilterPlace
from ui.tasks import Progress, Task
from ui.theme import Tone
from ui.widgets.banner import Severity
from ui.widgets.columns import Align, Column
from ui.widgets.filter_fields import DateRangeFilter, TextFilter
from ui.widgets.paged_model import Totals
from ui.widgets.paged_table import PagedTable

_BAD = frozenset({"access.denied", "access.sign_in_failed", "access.locked_out"})


class _Source:
    """The trail as the paged table reads it."""

    def __init__(self, trail: TrailList) -> None:
        self._trail = trail

    def count(self) -> Totals:
        return Totals(self._trail.total())

    def page(self, start: int, size: int) -> Sequence[AuditLine]:
        return self._trail.page(start, size)


class AuditPage(AdminPage):
    """The newest entries first; the chosen one is shown whole beside the list."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "audit", parent)
        self.set_head(
            self.tr("操作日志"),
            self.tr("每一步操作都记在这里，只增不改，前后条目以校验值相连。"),
        )
        self._wanted = AuditFilter()
        self._running: Task[Any] | None = None
        self._verify = self.tool(
            "verify",
            self.tr("验证完整性"),
            "shield-check-line",
            self.verify,
            right=Right.AUDIT_VERIFY,
        )
        self._export = self.tool("export", self.tr("导出…"), "download-line", self.choose_file)
        self.filters = FilterPlace(
            context,
            self.banner,
            "audit",
            [
                TextFilter("text", self.tr("查找"), self.tr("对象、原因或内容")),
                TextFilter("actor", self.tr("人员"), self.tr("用户名或姓名")),
                DateRangeFilter("day", self.tr("日期")),
            ],
            self,
        )
        self.filters.changed.connect(self._filter)
        self.acts = QComboBox(self)
        self.acts.setObjectName("audit.act")
        self.acts.setAccessibleName(self.tr("操作"))
        self.acts.addItem(self.tr("全部操作"), "")
        for code, label in sorted(ACT_LABELS.items(), key=lambda one: one[1]):
            self.acts.addItem(label, code)
        self.acts.currentIndexChanged.connect(self._filter_again)
        self.table: PagedTable[AuditLine] = PagedTable(
            "audit.table",
            self.tr("操作日志"),
            self._columns(),
            lambda line: line.seq,
            context.tasks,
            self.failed,
            parent=self,
        )
        self.detail = TrailDetail(context.db.tz, self)
        self.table.current_changed.connect(self.detail.show_line)
        self._count = QLabel(self)
        self._count.setObjectName("audit.count")
        self._count.setProperty("kind", "muted")
        self.table.totals_changed.connect(self._show_totals)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.table)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        above = QHBoxLayout()
        above.addWidget(self.acts, 0, Qt.AlignmentFlag.AlignTop)
        above.addWidget(self.filters, 1)
        self.body.addLayout(above)
        self.body.addWidget(split, 1)
        self.body.addWidget(self._count)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.filters.focus_find)
        self.filters.read_saved()
        self.table.set_source(self._source())

    @override
    def reload(self) -> None:
        if self._running is not None and self._running.cancelled:
            self._end()
            self.banner.clear()
        self.table.refresh(self._source())

    def show_argument(self, argument: object) -> None:
        """Show only what was done to one subject ("payment:FK-…")."""
        if isinstance(argument, str):
            self.filters.set_values({"text": argument})

    def verify(self) -> None:
        """Check every hash and link off the window's thread."""
        if self._running is not None and not self._running.cancelled:
            return
        db, actor = self.context.db, self.context.actor

        def work(progress: Progress) -> Verdict:
            return verify_trail(db, actor, paths.home(), progress)

        self._begin(self.context.counted(work), self._verified, self.tr("验证操作日志"))

    def choose_file(self) -> QFileDialog:
        """Ask where the export shall go."""
        ask = QFileDialog(self, self.tr("导出操作日志"))
        ask.setObjectName("audit.choose")
        ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ask.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        ask.setDefaultSuffix("jsonl")
        ask.selectFile(self.tr("操作日志.jsonl"))
        ask.fileSelected.connect(self.export_to)
        ask.open()
        return ask

    def export_to(self, path: str) -> None:
        """Write the whole trail into that file."""
        db, actor = self.context.db, self.context.actor

        def work(progress: Progress) -> int:
            return export_trail(db, actor, Path(path), progress)

        def done(entries: int) -> None:
            self._end()
            said = self.tr("已导出 %1 条到 %2").replace("%1", f"{entries:,}")
            self.say(said.replace("%2", path), self.tr("该文件可以单独验证，请妥善保存。"))

        self._begin(work, done, self.tr("导出操作日志"))

    def _begin(self, work: Any, done: Any, label: str) -> None:
        self._set_busy(True)
        self.banner.show_message(Severity.INFO, self.tr("正在%1…").replace("%1", label))
        self._running = self.context.tasks.start(
            work, done, self._stopped, label=label, owner=self, progress=self._progress
        )
        offer_cancel(self._running)

    def _progress(self, done: int, total: int) -> None:
        percent = done * 100 // max(1, total)
        self.banner.show_message(
            Severity.INFO, self.tr("已处理 %1%").replace("%1", str(percent), 1)
        )

    def _verified(self, acted: Acted[Verdict]) -> None:
        self._end()
        verdict = acted.result
        if verdict.ok:
            said = self.tr("操作日志完整，共 %1 条，未发现改动。")
            self.say(said.replace("%1", f"{verdict.entries:,}"))
        else:
            broken = verdict.first_broken
            at, why = (broken.entry, broken.why) if broken else ("?", "")
            said = self.tr("操作日志被改动：第 %1 条。%2").replace("%1", str(at))
            self.banner.show_message(
                Severity.STOP,
                said.replace("%2", why),
                self.tr("请立即停止录入，保留现场并报告内审；用最近一次验证通过的备份核对。"),
            )
        self.context.tell(acted)

    def _stopped(self, error: BaseException) -> None:
        self._end()
        self.failed(error)

    def _end(self) -> None:
        self._running = None
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        self._verify.setEnabled(not busy)
        self._export.setEnabled(not busy)

    def _filter_again(self) -> None:
        self._filter(self.filters.values)

    def _filter(self, values: Mapping[str, Any]) -> None:
        low, high = values.get("day") or (None, None)
        zone = self.context.db.tz
        self._wanted = AuditFilter(
            actor=values.get("actor", ""),
            act=str(self.acts.currentData() or ""),
            text=values.get("text", ""),
            since=None if low is None else datetime.combine(low, time(), zone),
            until=None
            if high is None
            else datetime.combine(high + timedelta(days=1), time(), zone),
        )
        self.table.set_source(self._source())

    def _source(self) -> _Source:
        return _Source(TrailList(self.context.db, self.context.actor, self._wanted))

    def _show_totals(self, totals: Totals) -> None:
        text = self.tr("共 %1 条").replace("%1", f"{totals.count:,}")
        none = self.tr("没有符合条件的记录，请放宽筛选条件。")
        self._count.setText(text if totals.count else none)

    def _columns(self) -> list[Column[AuditLine]]:
        zone = self.context.db.tz
        return [
            Column("seq", self.tr("序号"), lambda x: str(x.seq), Align.RIGHT, chars=7),
            Column("at", self.tr("时间"), lambda x: local_seconds(x.at, zone), chars=19),
            Column("actor", self.tr("人员"), lambda x: x.actor, chars=18),
            Column(
                "act",
                self.tr("操作"),
                lambda x: x.label,
                tone=lambda x: Tone.STOP if x.act in _BAD else Tone.NORMAL,
                chars=18,
            ),
            Column(
                "subject",
                self.tr("对象"),
                lambda x: subject_text(x.subject),
                tooltip=lambda x: x.subject,
                chars=30,
            ),
            Column("reason", self.tr("原因"), lambda x: x.reason, chars=24),
        ]

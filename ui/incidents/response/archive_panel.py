"""记录归档: evidence, conclusion, 复盘 with its measures, and the report until it is sealed."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QTabWidget, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.documents.writing import PdfResult
from app.incidents import cases
from app.incidents.closing import reporting
from app.incidents.closing.packing import write_package
from app.incidents.closing.reporting import REPORT_LABELS, ReportLine
from app.incidents.closing.reviewing import MeasureLine, measure_lines
from app.incidents.evidence.keeping import (
    EvidenceLine,
    evidence_lines,
)
from app.incidents.response_view import Response
from app.incidents.states import ReportState, Step, TaskState
from ui.admin.identity import with_fresh_identity
from ui.context import Context
from ui.incidents.evidence.tab import EvidenceTab
from ui.incidents.looks import tr
from ui.incidents.response.archive_dialogs import EndMeasureDialog, MeasureDialog, ReviewDialog
from ui.incidents.response.archive_looks import (
    measure_columns,
    report_columns,
)
from ui.incidents.response.looks import left_columns
from ui.incidents.response.panel import StepPanel
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.running import run_long
from ui.resume.sheet_dialog import SheetDialog
from ui.widgets.file_asking import ask_save
from ui.widgets.simple_table import SimpleTable


@dataclass(frozen=True, slots=True)
class _Papers:
    evidence: list[EvidenceLine]
    measures: list[MeasureLine]
    reports: list[ReportLine]


class ArchivePanel(StepPanel):
    """What is still open, evidence, measures and reports, each in a list of its own."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, Step.ARCHIVE, parent)
        for name, text, run in (
            ("resolve", tr("解决…"), self._resolve),
            ("review", tr("复盘…"), self._review),
            ("measure", tr("增加措施…"), self._measure),
            ("end_measure", tr("办结措施…"), self._end_measure),
            ("preview", tr("预览报告"), self._preview),
            ("prepare", tr("编制报告"), self._prepare),
            ("check", tr("复核报告"), lambda: self._sign(reporting.review_report, tr("复核"))),
            ("approve", tr("批准报告"), lambda: self._sign(reporting.approve_report, tr("批准"))),
            ("package", tr("导出证据包…"), self._package),
            ("record", tr("查看完整记录"), self._record),
        ):
            self.act(name, text, run)
        self.left: SimpleTable[tuple[str, str]] = SimpleTable(
            "response_left", tr("未了结事项"), left_columns(), lambda r: r[0]
        )
        self.evidence = EvidenceTab(context)
        self.evidence.said.connect(self.said)
        self.measures: SimpleTable[MeasureLine] = SimpleTable(
            "response_measures", tr("改进措施"), measure_columns(), lambda r: r.measure_id
        )
        self.reports: SimpleTable[ReportLine] = SimpleTable(
            "response_reports", tr("处理报告"), report_columns(), lambda r: r.edition
        )
        self.reports.opened.connect(lambda _=None: self._open_report())
        self.lists = QTabWidget(self)
        self.lists.setObjectName("response_lists")
        self.lists.setDocumentMode(True)
        for part, title in (
            (self.left, tr("未了结事项")),
            (self.evidence, tr("证据")),
            (self.measures, tr("改进措施")),
            (self.reports, tr("处理报告")),
        ):
            self.lists.addTab(part, title)
        for table in (self.left, self.measures, self.reports):
            table.selection_changed.connect(self._chosen)
        self.body.addWidget(self.lists, 1)

    @override
    def fill(self, found: Response) -> None:
        self.left.set_rows(found.left or [(tr("没有未了结的事项。"), "")])
        self._chosen()
        self.evidence.show_incident(found.line.number, self.why_not(Right.INCIDENT_HANDLE))
        db, actor, number = self.context.db, self.context.actor, found.line.number

        def work(_: object) -> _Papers:
            return _Papers(
                evidence_lines(db, actor, number),
                measure_lines(db, actor, number),
                reporting.report_lines(db, actor, number),
            )

        self.context.tasks.start_latest(
            (id(self), "papers"), work, self._show_papers, self.failed.emit, owner=self
        )

    def _show_papers(self, found: _Papers) -> None:
        self.evidence.show_rows(found.evidence)
        self.measures.set_rows(found.measures)
        self.reports.set_rows(found.reports)
        for place, (title, count) in enumerate(
            (
                (tr("证据"), len(found.evidence)),
                (tr("改进措施"), len(found.measures)),
                (tr("处理报告"), len(found.reports)),
            ),
            start=1,
        ):
            self.lists.setTabText(place, f"{title} {count}" if count else title)
        self._chosen()

    def _chosen(self, _: object = None) -> None:
        found = self.found
        if found is None:
            return
        standing = found.standing
        pending = tr("请先定因。") if not standing.caused else ""
        done = tr("事件已解决。") if standing.resolved else ""
        self.offer("resolve", done or pending or (found.left[0][0] if found.left else ""))
        self.offer("review")
        self.offer("measure")
        measure = self.measures.current_row()
        open_one = measure is not None and measure.state is TaskState.OPEN
        self.offer("end_measure", "" if open_one else tr("请先选择一项办理中的措施。"))
        unresolved = "" if standing.resolved else tr("请先解决事件，再编制报告。")
        unreviewed = "" if standing.reviewed else tr("请先填写复盘。")
        self.offer("prepare", unresolved or unreviewed)
        newest = self._newest()
        self.offer("check", _why(newest, ReportState.PREPARED))
        self.offer("approve", _why(newest, ReportState.REVIEWED), Right.INCIDENT_CLOSE)
        self.acts["package"].setEnabled(standing.reported)
        self.acts["package"].setToolTip("" if standing.reported else tr("报告批准后才能导出。"))

    def _newest(self) -> ReportLine | None:
        live = [one for one in self.reports.all_rows() if one.state is not ReportState.REPLACED]
        return max(live, key=lambda one: one.edition, default=None)

    def _record(self) -> None:
        self.context.navigate.emit("incidents", self.number())

    def _resolve(self) -> None:
        if self.found is None:
            return
        line, context = self.found.line, self.context
        text = tr("%1 已解决？请写明处理结论，由另一位主管审核后关闭。")
        dialog = ReasonDialog(
            context,
            tr("解决"),
            text.replace("%1", line.number),
            lambda said: cases.resolve(context.db, context.actor, line.number, said, line.version),
            yes=tr("解决"),
            danger=False,
            parent=self,
        )
        said = tr("%1 已解决。").replace("%1", line.number)
        dialog.succeeded.connect(lambda: self.said.emit(said))
        dialog.open()

    def _review(self) -> None:
        dialog = ReviewDialog(self.context, self.number(), self)
        dialog.written.connect(lambda: self.said.emit(tr("复盘已保存。")))
        dialog.open()

    def _measure(self) -> None:
        dialog = MeasureDialog(self.context, self.number(), self)
        dialog.written.connect(lambda: self.said.emit(tr("改进措施已增加。")))
        dialog.open()

    def _end_measure(self) -> None:
        row = self.measures.current_row()
        if row is not None:
            dialog = EndMeasureDialog(self.context, row, self)
            dialog.written.connect(lambda: self.said.emit(tr("改进措施已办结。")))
            dialog.open()

    def _preview(self) -> None:
        context, number = self.context, self.number()
        title = tr("处理报告 %1（预览）").replace("%1", number)
        SheetDialog(
            context,
            title,
            lambda: reporting.preview_report(context.db, context.actor, number),
            self,
            tr("这是按现在的记录生成的预览，不存档。"),
        ).open()

    def _open_report(self) -> None:
        row = self.reports.current_row()
        if row is None:
            return
        context, number, edition = self.context, self.number(), row.edition
        title = tr("处理报告 %1 第 %2 版").replace("%1", number).replace("%2", str(edition))

        def make() -> PdfResult:
            data = reporting.report_file(context.db, context.actor, number, edition)
            return PdfResult(data, 0, "")

        SheetDialog(context, title, make, self).open()

    def _prepare(self) -> None:
        number = self.number()
        self.start(
            lambda db, actor: reporting.prepare_report(db, actor, number),
            tr("处理报告已编制，请另一人复核。"),
        )
        self.lists.setCurrentWidget(self.reports)

    def _sign(self, act: reporting.Sign, word: str) -> None:
        row = self._newest()
        if row is None:
            return
        number, edition, version = self.number(), row.edition, row.version

        def go() -> None:
            self.start(
                lambda db, actor: act(db, actor, number, edition, version),
                tr("处理报告已%1。").replace("%1", word),
            )

        with_fresh_identity(self, self.context, go)

    def _package(self) -> None:
        context, number = self.context, self.number()

        def save(path: str) -> None:
            run_long(
                context,
                self,
                tr("导出证据包"),
                lambda dialog, progress: write_package(
                    context.db,
                    context.actor,
                    number,
                    Path(path),
                    progress=progress,
                    cancelled=dialog.cancelled,
                ),
                lambda count: self.said.emit(
                    tr("证据包已写入 %1，共 %2 个文件。")
                    .replace("%1", path)
                    .replace("%2", str(count))
                ),
                self.failed.emit,
            )

        ask_save(
            self,
            "response_package",
            tr("导出证据包"),
            ["ZIP (*.zip)"],
            save,
            proposed=tr("%1 证据包").replace("%1", number),
            suffix="zip",
        )


def _why(newest: ReportLine | None, wanted: ReportState) -> str:
    if newest is None:
        return tr("还没有编制处理报告。")
    if newest.state is not wanted:
        return tr("处理报告现为“%1”。").replace("%1", REPORT_LABELS[newest.state])
    return ""

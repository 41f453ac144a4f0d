"""自诊断: one click looks at everything; what it means, what to do, and how it was before."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.access.rights import Right
from app.documents.writing import PdfResult
from app.incidents.selfcheck import (
    Check,
    Diagnosed,
    Outside,
    RunLine,
    diagnose,
    selfcheck_lines,
    step_titles,
)
from app.incidents.selfcheck.papers import (
    UNNUMBERED,
    as_text,
    kind_label,
    selfcheck_sheet,
    sheet_of,
    verdict_of,
)
from ui.admin.frame import AdminPage, section
from ui.cancelling import offer_cancel
from ui.context import Acted, Context
from ui.fonts import scaled
from ui.incidents.selfcheck_looks import (
    ALL,
    STATE_LOOKS,
    TODO,
    RunRow,
    check_columns,
    check_facts,
    in_order,
    look_of_check,
    look_of_run,
    run_columns,
    tabs_of,
    trend,
    under,
    worst,
)
from ui.payments.looks import LookDelegate
from ui.resume.sheet_dialog import SheetDialog
from ui.tasks import Progress, Task
from ui.theme import set_tone
from ui.widgets.banner import Severity
from ui.widgets.empty_state import EmptyState
from ui.widgets.icons import IconLabel
from ui.widgets.key_values import KeyValues
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTabs


class SelfcheckPage(AdminPage):
    """The checks of one run at the left; at the right the chosen check, and the earlier runs."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "selfcheck", parent)
        self.set_head(
            self.tr("自诊断"),
            self.tr(
                "逐项检查数据库、数据、程序、备份和外部连接，只查看，不改动数据。"
                "快速检查几秒钟；全面检查另外逐页读数据库、核对全部存档文件、试恢复备份、连接邮件服务器。"
            ),
        )
        self._task: Task[Acted[Diagnosed]] | None = None
        self._line: RunLine | None = None
        self._wanted = ""
        self._make_tools()
        self._make_running()
        self._make_verdict()
        self._make_results()
        self._make_side()
        self._lay_out()
        self._show_line(None)
        self._show_running()
        self.reload()

    @override
    def reload(self) -> None:
        if self._task is not None and self._task.cancelled:
            self._ended()
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> list[RunLine]:
            return selfcheck_lines(db, actor)

        self.read(work, self._show_runs)

    def show_argument(self, argument: object) -> None:
        """Show the run of that number."""
        self._wanted = "" if argument is None else str(argument)
        self.reload()

    def make(self, *, thorough: bool) -> None:
        """Look at everything now."""
        if self._task is not None:
            return
        db, actor = self.context.db, self.context.actor
        # Only this thread may ask the system for printers.
        names = QPrinterInfo.availablePrinterNames()
        outside = Outside(printers=lambda: names)

        def work(progress: Progress) -> Diagnosed:
            return diagnose(db, actor, thorough=thorough, outside=outside, progress=progress)

        self.banner.clear()
        self._step(0, len(self._titles))
        self._task = self.context.tasks.start(
            self.context.counted(work),
            self._made,
            self._not_made,
            label=self.tr("自诊断"),
            owner=self,
            progress=self._step,
        )
        offer_cancel(self._task)
        self._show_running()

    def cancel(self) -> None:
        """End the run after the check under way; nothing is kept of it."""
        if self._task is not None:
            self._task.cancel()
            self._ended()
            self.banner.show_message(Severity.INFO, self.tr("已取消，没有保存结果。"))

    def show_sheet(self) -> SheetDialog | None:
        """The shown run as a paper, to be printed or saved."""
        line = self._line
        if line is None:
            return None
        context = self.context

        def paper() -> PdfResult:
            if line.number:
                return selfcheck_sheet(context.db, context.actor, line.number)
            now = context.db.clock.now()
            return sheet_of(line, context.card, context.actor.name, now)

        title = self.tr("自诊断报告 %1").replace("%1", line.number or UNNUMBERED)
        dialog = SheetDialog(context, title, paper, self)
        dialog.open()
        return dialog

    def copy(self) -> None:
        """Put the shown run on the clipboard, to be sent to whoever helps."""
        if self._line is not None:
            QGuiApplication.clipboard().setText(as_text(self._line))
            self.say(self.tr("结果已复制，可以粘贴到邮件或聊天窗口发给技术支持。"))

    # --- parts --------------------------------------------------------------------------------

    def _make_tools(self) -> None:
        right = Right.SELFCHECK_RUN
        self._quick = self.tool(
            "quick",
            self.tr("一键自诊断"),
            "stethoscope-line",
            lambda: self.make(thorough=False),
            right=right,
            primary=True,
        )
        self._quick.setFont(scaled(self.font(), 1.25, bold=True))
        self._quick.setMinimumHeight(self.fontMetrics().height() * 9 // 4)
        self._quick.setToolTip(self.tr("快速检查全部项目，一般几秒钟"))
        self._full = self.tool(
            "full",
            self.tr("全面检查"),
            "search-eye-line",
            lambda: self.make(thorough=True),
            right=right,
        )
        self._full.setToolTip(self.tr("数据多时需要几分钟，期间可以继续工作"))
        self._print = self.tool(
            "print", self.tr("打印、另存 PDF…"), "printer-line", self.show_sheet
        )
        self._copy = self.tool("copy", self.tr("复制结果"), "file-copy-line", self.copy)

    def _make_running(self) -> None:
        self._titles = step_titles()
        self._bar = QProgressBar(self)
        self._bar.setObjectName("selfcheck.progress")
        self._bar.setAccessibleName(self.tr("进度"))
        self._bar.setMaximumWidth(self.fontMetrics().horizontalAdvance("诊") * 18)
        self._now = QLabel(self)
        self._now.setObjectName("selfcheck.now")
        self._cancel = QPushButton(self.tr("取消"), self)
        self._cancel.setObjectName("selfcheck.cancel")
        self._cancel.setAccessibleName(self.tr("取消自诊断"))
        self._cancel.clicked.connect(self.cancel)

    def _make_verdict(self) -> None:
        self._mark = IconLabel("selfcheck.mark", self, lines=1.6)
        self._verdict = QLabel(self)
        self._verdict.setObjectName("selfcheck.verdict")
        self._verdict.setWordWrap(True)
        self._verdict.setFont(scaled(self.font(), 1.1, bold=True))
        self._which = QLabel(self)
        self._which.setObjectName("selfcheck.which")
        self._which.setProperty("kind", "muted")

    def _make_results(self) -> None:
        self.tabs = StatusTabs("selfcheck.tabs", self)
        self.tabs.set_tabs(tabs_of(()))
        self.tabs.chosen.connect(lambda _: self._refill())
        self.table: SimpleTable[Check] = SimpleTable(
            "selfcheck.table", self.tr("检查结果"), check_columns(), lambda r: r.name
        )
        self.table.setItemDelegateForColumn(0, LookDelegate(self.table, look_of_check))
        self.table.current_changed.connect(lambda _: self._show_check())
        self._empty = EmptyState("selfcheck.empty", self)
        self._empty.acted.connect(self._empty_acted)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)

    def _make_side(self) -> None:
        self.facts = KeyValues("selfcheck.facts", parent=self)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.addWidget(self.facts)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("selfcheck.chosen")
        self._scroll.setAccessibleName(self.tr("所选检查"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(inside)
        self.runs: SimpleTable[RunRow] = SimpleTable(
            "selfcheck.runs", self.tr("历次自诊断"), run_columns(), lambda r: r.line.number
        )
        self.runs.setItemDelegateForColumn(0, LookDelegate(self.runs, look_of_run))
        self.runs.selection_changed.connect(self._run_chosen)
        self._side = QSplitter(Qt.Orientation.Vertical, self)
        earlier = QWidget(self)
        column = QVBoxLayout(earlier)
        column.setContentsMargins(0, self.fontMetrics().height() // 2, 0, 0)
        column.addWidget(section(self.tr("历次自诊断"), earlier))
        column.addWidget(self.runs)
        self._side.addWidget(self._scroll)
        self._side.addWidget(earlier)
        self._side.setChildrenCollapsible(False)
        line = self.fontMetrics().height()
        # What is said of a check, its cure above all, is to be read without scrolling.
        self._side.setSizes([line * 18, line * 9])
        self._side.setMinimumWidth(self.fontMetrics().height() * 20)

    def _lay_out(self) -> None:
        running = QHBoxLayout()
        running.addWidget(self._bar)
        running.addWidget(self._now, 1)
        running.addWidget(self._cancel)
        verdict = QHBoxLayout()
        verdict.addWidget(self._mark)
        verdict.addWidget(self._verdict, 1)
        verdict.addWidget(self._which)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self._stack)
        split.addWidget(self._side)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        self.body.addLayout(running)
        self.body.addLayout(verdict)
        self.body.addWidget(self.tabs)
        self.body.addWidget(split, 1)

    # --- what is shown ------------------------------------------------------------------------

    def _show_runs(self, lines: Sequence[RunLine]) -> None:
        self.runs.blockSignals(True)
        self.runs.set_rows(trend(lines))
        self.runs.blockSignals(False)
        wanted, self._wanted = self._wanted, ""
        named = next((line for line in lines if line.number == wanted), None)
        if named is not None:
            self._show_line(named)
        elif self._line is None:
            self._show_line(lines[0] if lines else None)
        self._mark_run()

    def _mark_run(self) -> None:
        """Let the list of runs show which one is looked at."""
        shown = None if self._line is None else self._line.number
        places = [at for at, row in enumerate(self.runs.all_rows()) if row.line.number == shown]
        self.runs.blockSignals(True)
        self.runs.select_positions(places)
        self.runs.blockSignals(False)

    def _run_chosen(self) -> None:
        rows = self.runs.selected_rows()
        if len(rows) == 1 and (self._line is None or rows[0].line.number != self._line.number):
            self._show_line(rows[0].line)

    def _show_line(self, line: RunLine | None) -> None:
        self._line = line
        for part in (self._mark, self._verdict, self._which, self.tabs, self._side):
            part.setVisible(line is not None)
        for button in (self._print, self._copy):
            button.setEnabled(line is not None)
            button.setToolTip("" if line else self.tr("还没有做过自诊断。"))
        if line is not None:
            self._show_verdict(line)
            self.tabs.set_tabs(tabs_of(line.checks))
            self.tabs.select(TODO if not line.ok else ALL)
        self._refill()

    def _show_verdict(self, line: RunLine) -> None:
        icon, tone = STATE_LOOKS[worst(line.checks)]
        self._mark.set_icon(icon, tone)
        self._verdict.setText(verdict_of(line))
        set_tone(self._verdict, tone)
        said = (line.number or UNNUMBERED, kind_label(line.thorough), line.made_by)
        self._which.setText("　".join(said))

    def _refill(self) -> None:
        line, tab = self._line, self.tabs.current()
        checks = [] if line is None else [one for one in line.checks if under(tab, one)]
        self.table.set_rows(in_order(checks))
        self._stack.setCurrentWidget(self.table if checks else self._empty)
        if line is None:
            text = self.tr("还没有做过自诊断。软件报错、付款异常、升级前后，都可以先自诊断。")
            self._empty.show_state(text, self.tr("一键自诊断"), "stethoscope-line")
        else:
            text = self.tr("这一类没有需要处理的事项。")
            self._empty.show_state(text, self.tr("查看全部"), "checkbox-circle-line")
        if checks:
            self.table.setCurrentIndex(self.table.rows().index(0, 0))
            self.table.select_positions([0])
        self._show_check()

    def _show_check(self) -> None:
        row = self.table.current_row() if self._stack.currentWidget() is self.table else None
        self._scroll.setVisible(row is not None)
        if row is not None:
            self.facts.set_lines(check_facts(row))

    def _empty_acted(self) -> None:
        if self._line is None:
            self.make(thorough=False)
        else:
            self.tabs.select(ALL)
            self._refill()

    # --- a run --------------------------------------------------------------------------------

    def _step(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        text = self.tr("正在检查：%1（%2 / %3）").replace("%1", self._titles[done])
        self._now.setText(text.replace("%2", str(done + 1)).replace("%3", str(total)))

    def _made(self, acted: Acted[Diagnosed]) -> None:
        self._ended()
        made = acted.result
        self._show_line(made.line)
        if made.trouble is not None:
            said = self.tr("结果没有存档：%1").replace("%1", made.trouble.message)
            remedy = self.tr("请立即打印、另存或复制结果。") + made.trouble.hint
            self.banner.show_message(Severity.WARN, said, remedy)
        elif made.line.ok:
            self.say(self.tr("自诊断完成，没有发现异常。"))
        else:
            said = self.tr("自诊断完成，发现 %1 项异常，请按“处理办法”逐项处理。")
            count = str(len(made.line.broken))
            self.banner.show_message(Severity.WARN, said.replace("%1", count))
        self.context.tell(acted)

    def _not_made(self, error: BaseException) -> None:
        self._ended()
        self.failed(error)

    def _ended(self) -> None:
        self._task = None
        self._show_running()

    def _show_running(self) -> None:
        running = self._task is not None
        for part in (self._bar, self._now, self._cancel):
            part.setVisible(running)
        for button in (self._quick, self._full):
            button.setEnabled(not running)

"""The panels of the first two steps: 定因, 查账户与软件."""

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.access.rights import Right
from app.core import paths
from app.core.clock import local_text
from app.incidents import acting_on, checklist
from app.incidents.causes_view import FindingGroup
from app.incidents.checklist_items import CheckItem
from app.incidents.response_view import CheckView, Response
from app.incidents.states import IncidentState, Step
from app.incidents.vendor.error_codes import entries_of_finding
from app.payments import diagnosing
from ui.context import Context
from ui.incidents.dialogs import CauseDialog
from ui.incidents.looks import tr
from ui.incidents.planning.similar_dialog import SimilarDialog
from ui.incidents.response.dialogs import (
    ResultDialog,
)
from ui.incidents.response.looks import (
    change_columns,
    check_columns,
    finding_columns,
    finding_evidence,
)
from ui.incidents.response.panel import StepPanel
from ui.incidents.vendor.codes_dialog import CodesDialog
from ui.payments.running import run_long
from ui.widgets.key_values import KeyValues
from ui.widgets.simple_table import SimpleTable


class CausePanel(StepPanel):
    """定因: every finding with its evidence, and what was changed around the stop."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, Step.CAUSE, parent)
        self._stop = ""
        self.act("diagnose", tr("诊断涉及的付款"), self._diagnose)
        self.act("cause", tr("定因…"), self._cause)
        self.act("similar", tr("类似事件…"), self._similar)
        self.act("selfcheck", tr("自诊断"), lambda: context.navigate.emit("selfcheck", None))
        self.act("codes", tr("错误代码…"), self._codes)
        self.findings: SimpleTable[FindingGroup] = SimpleTable(
            "response_findings", tr("诊断发现"), finding_columns(), lambda r: (r.rule, r.reason)
        )
        self.findings.current_changed.connect(self._show_evidence)
        self.evidence = KeyValues("response_evidence", 2, self)
        self.changes = SimpleTable(
            "response_changes",
            tr("停付前后的变更"),
            change_columns(lambda: self._stop),
            lambda r: r.seq,
        )
        self._found_head = self.head("")
        self.body.addWidget(self.findings, 3)
        self.body.addWidget(self.evidence)
        self._changes_head = self.head("")
        self.body.addWidget(self.changes, 2)

    @override
    def fill(self, found: Response) -> None:
        self._stop = local_text(found.stopped_at)
        self.findings.set_rows(found.findings)
        self.changes.set_rows(found.changes)
        self._found_head.setText(_found_text(found))
        text = tr("停付前后 24 小时的权限、策略、账户、渠道变更：%1 项（停付时间 %2）")
        text = text.replace("%1", str(len(found.changes))).replace("%2", self._stop)
        self._changes_head.setText(text)
        self._show_evidence()
        none = "" if found.line.payments else tr("事件没有涉及付款指令。")
        self.offer("diagnose", none, Right.DIAGNOSIS_RUN)
        resolved = found.line.state is IncidentState.RESOLVED
        self.offer("cause", tr("事件已解决，请先退回处理。") if resolved else self.locked())

    def _show_evidence(self, _: object = None) -> None:
        rows = self.findings.selected_rows() or self.findings.all_rows()
        self.evidence.set_lines(finding_evidence(rows[0] if rows else None))

    def _codes(self) -> None:
        row = self.findings.current_row()
        found = [] if row is None else entries_of_finding(row.reason, row.example)
        CodesDialog(self, found).open()

    def _diagnose(self) -> None:
        if self.found is None:
            return
        context, numbers = self.context, list(self.found.line.payments)
        run_long(
            context,
            self,
            tr("诊断付款"),
            lambda dialog, progress: diagnosing.run(
                context.db,
                context.actor,
                context.system_facts(),
                numbers,
                dialog.check(progress),
            ),
            lambda made: self.said.emit(
                tr("已诊断 %1 笔，发现 %2 项原因。")
                .replace("%1", str(made.payments))
                .replace("%2", str(made.causes))
            ),
            self.failed.emit,
        )

    def _similar(self) -> None:
        SimilarDialog(self.context, self.number(), self).open()

    def _cause(self) -> None:
        if self.found is None:
            return
        dialog = CauseDialog(self.context, self.found.line, self)
        dialog.written.connect(lambda number: self.said.emit(_replace(tr("%1 已定因。"), number)))
        dialog.open()


class CheckPanel(StepPanel):
    """查账户与软件: the checklist, and the backup before anything is repaired."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, Step.CHECK, parent)
        self.act("run", tr("运行检查"), self._run)
        self.act("result", tr("登记结果…"), self._result)
        self.act("backup", tr("故障快照备份"), self._backup)
        self.act("balance", tr("登记余额"), lambda: context.navigate.emit("accounts", None))
        self.checks: SimpleTable[CheckView] = SimpleTable(
            "response_checks", tr("账户与软件状态检查"), check_columns(), lambda r: r.item.code
        )
        self.checks.opened.connect(lambda _=None: self._result())
        self.checks.selection_changed.connect(self._chosen)
        self._backups = self.head("")
        self.body.addWidget(self.checks, 1)

    @override
    def fill(self, found: Response) -> None:
        self.checks.set_rows(found.checks)
        self._backups.setText(_backup_text(found))
        self._chosen()

    def _chosen(self, _: object = None) -> None:
        if self.found is None:
            return
        self.offer("run", self.locked())
        none = "" if self.checks.current_row() else tr("请先选择一项检查。")
        self.offer("result", self.locked() or none)
        self.offer("backup", self.locked())

    def _run(self) -> None:
        context, number = self.context, self.number()
        self.start(
            lambda db, actor: checklist.run_checks(db, actor, number, context.system_facts()),
            tr("自动检查已完成，其余各项请人工检查后登记。"),
        )

    def _result(self) -> None:
        row = self.checks.current_row()
        if row is None or self.found is None:
            return
        self._open_result(row.item)

    def _open_result(self, item: CheckItem) -> None:
        dialog = ResultDialog(self.context, self.number(), item, self)
        dialog.written.connect(lambda: self.said.emit(_replace(tr("“%1”已登记。"), item.title)))
        dialog.open()

    def _backup(self) -> None:
        context, number = self.context, self.number()
        run_long(
            context,
            self,
            tr("故障快照备份"),
            lambda dialog, progress: acting_on.back_up(
                context.db,
                context.actor,
                number,
                paths.backup_folder(),
                progress,
                dialog.cancelled,
            ),
            lambda made: self.said.emit(_replace(tr("备份已完成：%1"), str(made.path))),
            self.failed.emit,
        )


def _found_text(found: Response) -> str:
    if not found.line.payments:
        return tr("事件没有涉及付款指令，请根据证据定因。")
    text = tr("诊断发现 %1 项原因").replace("%1", str(len(found.findings)))
    if found.undiagnosed:
        text += tr("，%1 笔尚未诊断").replace("%1", str(found.undiagnosed))
    return text


def _backup_text(found: Response) -> str:
    if not found.backups:
        return tr("还没有故障快照备份。修复前必须先备份。")
    last = found.backups[0]
    text = tr("故障快照备份：%1　%2　%3")
    return text.replace("%1", local_text(last.at)).replace("%2", last.by).replace("%3", last.path)


def _replace(text: str, value: str) -> str:
    return text.replace("%1", value)

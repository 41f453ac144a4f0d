"""The panels of the five steps."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.accounts.choices import PayingChoices, paying_choices
from app.core import paths
from app.core.clock import business_date, local_text
from app.incidents import acting_on, bank_query, checklist
from app.incidents.at_risk import AtRisk
from app.incidents.causes_view import FindingGroup
from app.incidents.checklist_items import CheckItem
from app.incidents.response_view import CheckView, Response
from app.incidents.states import IncidentState, Outside, Step, TaskState
from app.incidents.tasks import TaskLine
from app.incidents.vendor.error_codes import entries_of_finding
from app.payments import diagnosing
from app.payments.detail import payment_detail
from app.payments.records import HoldLine, PaymentDetail
from app.payments.states import HoldScope, Status
from ui.context import Context
from ui.incidents.dialogs import CauseDialog
from ui.incidents.looks import tr
from ui.incidents.planning.similar_dialog import SimilarDialog
from ui.incidents.response.dialogs import (
    EndTaskDialog,
    PaperDialog,
    ResultDialog,
    TalkDialog,
    TaskDialog,
)
from ui.incidents.response.looks import (
    change_columns,
    check_columns,
    finding_columns,
    finding_evidence,
    hold_columns,
    risk_columns,
    risk_facts,
    task_columns,
)
from ui.incidents.response.panel import StepPanel
from ui.incidents.vendor.codes_dialog import CodesDialog
from ui.payments.hold_dialog import HoldDialog
from ui.payments.running import run_long, start_act
from ui.resume.bank_dialogs import CheckDialog
from ui.resume.sheet_dialog import SheetDialog
from ui.widgets.key_values import KeyValues
from ui.widgets.simple_table import SimpleTable

_UNKNOWN = frozenset({Status.SUBMITTED, Status.BANK_PROCESSING, Status.UNKNOWN})


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


class BankPanel(StepPanel):
    """联系银行: each payment's result, sub-tasks with their papers, and holds until it is clear."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, Step.BANK, parent)
        self._choices: PayingChoices | None = None
        self.act("check", tr("登记银行核实…"), self._check)
        self.act("letter", tr("付款查询函…"), self._letter)
        self.act("talk", tr("登记联系记录…"), lambda: open_talk(self, Outside.BANK))
        self.act("hold", tr("暂停付款…"), self._hold)
        self.act("task", tr("新建子任务…"), self._task)
        self.act("paper", tr("登记材料…"), self._paper)
        self.act("end", tr("办结子任务…"), self._end)
        self.act("open", tr("查看付款"), self._open)
        self.payments: SimpleTable[AtRisk] = SimpleTable(
            "response_payments", tr("涉及付款"), risk_columns(), lambda r: r.number
        )
        self.tasks: SimpleTable[TaskLine] = SimpleTable(
            "response_tasks", tr("子任务"), task_columns(self._today), lambda r: r.task_id
        )
        self.holds: SimpleTable[HoldLine] = SimpleTable(
            "response_holds", tr("暂停令"), hold_columns(), lambda r: r.number
        )
        self.payments.opened.connect(lambda _=None: self._open())
        for table in (self.payments, self.tasks):
            table.selection_changed.connect(self._chosen)
        self.facts = KeyValues("response_risk", 2, self)
        self.body.addWidget(self.facts)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.payments)
        split.addWidget(self.tasks)
        split.addWidget(self.holds)
        split.setStretchFactor(0, 1)
        split.setChildrenCollapsible(False)
        self.body.addWidget(split, 1)

    @override
    def fill(self, found: Response) -> None:
        self.facts.set_lines(risk_facts(found))
        self.payments.set_rows(found.impact.payments)
        self.tasks.set_rows(found.tasks)
        self.holds.set_rows(found.holds)
        self._chosen()

    def _chosen(self, _: object = None) -> None:
        if self.found is None:
            return
        locked = self.locked()
        row, task = self.payments.current_row(), self.tasks.current_row()
        pick = tr("请先在上面选择一笔付款。") if row is None else ""
        settled = tr("该笔付款没有待核实的银行结果。")
        sure = settled if row is not None and row.status not in _UNKNOWN else ""
        self.offer("check", locked or pick or sure, Right.BANK_ANSWER_RECORD)
        unknown = tr("没有待向银行查询结果的付款。") if not self._to_ask() else ""
        self.offer("letter", locked or unknown)
        self.offer("talk")
        self.offer("hold", "", Right.HOLD_PLACE)
        self.offer("task", locked)
        none = tr("请先选择一个办理中的子任务。")
        open_task = task is not None and task.state is TaskState.OPEN
        for name in ("paper", "end"):
            self.offer(name, "" if open_task else none)
        self.acts["open"].setEnabled(row is not None)

    def _today(self) -> date:
        return business_date(self.context.db.clock.now(), self.context.db.tz)

    def _open(self) -> None:
        row = self.payments.current_row()
        if row is not None:
            self.context.navigate.emit("payments", row.number)

    def _check(self) -> None:
        row = self.payments.current_row()
        if row is None:
            return
        context = self.context
        context.read(
            lambda _: payment_detail(context.db, context.actor, row.number),
            self._ask_check,
            self.failed.emit,
        )

    def _ask_check(self, detail: PaymentDetail) -> None:
        number = self.number()
        dialog = CheckDialog(
            self.context,
            detail,
            self,
            lambda db, actor, command: acting_on.bank_said(db, actor, number, command),
        )
        dialog.recorded.connect(
            lambda one: self.said.emit(_replace(tr("%1 的银行答复已登记。"), one))
        )
        dialog.open()

    def _to_ask(self) -> list[str]:
        """The chosen payments whose result is unknown; all such while none of them is chosen."""
        chosen = self.payments.selected_rows()
        wanted = [one.number for one in chosen if one.status in _UNKNOWN]
        every = (one.number for one in self.payments.all_rows() if one.status in _UNKNOWN)
        return wanted or list(every)

    def _letter(self) -> None:
        context, number, payments = self.context, self.number(), self._to_ask()
        dialog = SheetDialog(
            context,
            tr("付款查询函（%1 笔）").replace("%1", str(len(payments))),
            lambda: bank_query.preview_queries(context.db, context.actor, number, payments),
            self,
            tr("这是预览，尚未编号。点“生成函件”后编号存档，再到“函件”打印、发送、催办。"),
        )
        dialog.add_act("issue", tr("生成函件"), lambda: self._issue(dialog, payments))
        dialog.open()

    def _issue(self, dialog: SheetDialog, payments: list[str]) -> None:
        dialog.accept()
        number = self.number()

        def made(numbers: list[str]) -> None:
            text = tr("%1 已生成，请到“函件”打印、发送。")
            self.said.emit(_replace(text, "、".join(numbers)))

        db, actor = self.context.db, self.context.actor
        start_act(
            self.context,
            self,
            lambda _: bank_query.issue_queries(db, actor, number, payments),
            made,
            self.failed.emit,
        )

    def _hold(self) -> None:
        context = self.context
        context.read(
            lambda _: paying_choices(context.db, context.actor), self._ask_hold, self.failed.emit
        )

    def _ask_hold(self, choices: PayingChoices) -> None:
        number = self.number()
        dialog = HoldDialog(
            self.context,
            choices,
            HoldScope.ACCOUNT,
            None,
            self,
            lambda db, actor, command: acting_on.hold_because(db, actor, number, command),
        )
        text = tr("暂停令 %1 已生效，停住 %2 笔，并已关联本事件。")
        dialog.placed.connect(
            lambda hold, count: self.said.emit(_replace(text, hold).replace("%2", str(count)))
        )
        dialog.open()

    def _task(self) -> None:
        row = self.payments.current_row()
        dialog = TaskDialog(self.context, self.number(), "" if row is None else row.number, self)
        dialog.written.connect(lambda: self.said.emit(tr("子任务已建立。")))
        dialog.open()

    def _paper(self) -> None:
        task = self.tasks.current_row()
        if task is not None:
            dialog = PaperDialog(self.context, task, self)
            dialog.written.connect(lambda: self.said.emit(tr("材料已登记。")))
            dialog.open()

    def _end(self) -> None:
        task = self.tasks.current_row()
        if task is not None:
            dialog = EndTaskDialog(self.context, task, self)
            dialog.written.connect(lambda: self.said.emit(tr("子任务已办结。")))
            dialog.open()


def open_talk(panel: StepPanel, party: Outside) -> None:
    """Ask what was said with whom, and keep it."""
    dialog = TalkDialog(panel.context, panel.number(), party, panel)
    dialog.written.connect(lambda: panel.said.emit(tr("联系记录已登记。")))
    dialog.open()


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

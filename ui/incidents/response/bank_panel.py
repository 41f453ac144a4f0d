"""联系银行: each payment's result, the letter that asks for it, sub-tasks and holds."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.accounts.choices import PayingChoices, paying_choices
from app.core.clock import business_date
from app.incidents import acting_on, bank_query
from app.incidents.at_risk import AtRisk
from app.incidents.response_view import Response
from app.incidents.states import Outside, Step, TaskState
from app.incidents.tasks import TaskLine
from app.payments.detail import payment_detail
from app.payments.records import HoldLine, PaymentDetail
from app.payments.states import UNDECIDED_STATUSES, HoldScope
from ui.context import Context
from ui.incidents.looks import tr
from ui.incidents.response.dialogs import EndTaskDialog, PaperDialog, TaskDialog
from ui.incidents.response.looks import hold_columns, risk_columns, risk_facts, task_columns
from ui.incidents.response.panel import StepPanel
from ui.payments.hold_dialog import HoldDialog
from ui.payments.running import start_act
from ui.resume.bank_dialogs import CheckDialog
from ui.resume.sheet_dialog import SheetDialog
from ui.widgets.key_values import KeyValues
from ui.widgets.simple_table import SimpleTable


class BankPanel(StepPanel):
    """联系银行: each payment's result, sub-tasks with their papers, and holds until it is clear."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, Step.BANK, parent)
        self.act("check", tr("登记银行核实…"), self._check)
        self.act("letter", tr("付款查询函…"), self._letter)
        self.act("talk", tr("登记联系记录…"), lambda: self.talk(Outside.BANK))
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
        sure = settled if row is not None and row.status not in UNDECIDED_STATUSES else ""
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
            lambda one: self.said.emit(_replaced(tr("%1 的银行答复已登记。"), one))
        )
        dialog.open()

    def _to_ask(self) -> list[str]:
        """The chosen payments whose result is unknown; all such while none of them is chosen."""
        chosen = self.payments.selected_rows()
        wanted = [one.number for one in chosen if one.status in UNDECIDED_STATUSES]
        every = (one.number for one in self.payments.all_rows() if one.status in UNDECIDED_STATUSES)
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
            self.said.emit(_replaced(text, "、".join(numbers)))

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
            lambda hold, count: self.said.emit(_replaced(text, hold).replace("%2", str(count)))
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


def _replaced(text: str, value: str) -> str:
    return text.replace("%1", value)

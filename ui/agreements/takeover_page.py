"""人工付款任务: what has to be paid by hand since nothing debits it, until it is paid."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.accounts.choices import PayingChoices, paying_choices
from app.agreements import takeovers
from app.agreements.cancel_view import Owner
from app.agreements.takeover_rules import TASK_LABELS, TO_PAY, TaskState
from app.agreements.takeover_view import (
    Begun,
    CandidateLine,
    TaskLine,
    begin_payment,
    candidates,
    owners,
    task_lines,
)
from app.agreements.takeovers import PayTask, TellTask
from app.payments.editing import PaymentFields
from ui.agreements.takeover_dialogs import ChangeTaskDialog, LinkTaskDialog
from ui.agreements.takeover_looks import TASK_LOOKS, facts, look_of, matching, task_columns
from ui.context import Context
from ui.payments.form import Beginning, PaymentForm
from ui.payments.looks import LookDelegate
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.register_page import RegisterPage
from ui.widgets.banner import Severity
from ui.widgets.filter_fields import ChoiceFilter, DateRangeFilter, Filter, TextFilter
from ui.widgets.key_values import KeyValues
from ui.widgets.multi_choice import Choice
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab


class TakeoverPage(RegisterPage[TaskLine]):
    """The tasks by state; everything about the chosen one at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "takeovers", Right.AGREEMENT_MANAGE, parent)
        self._make_buttons()
        table: SimpleTable[TaskLine] = SimpleTable(
            "takeovers_table", self.tr("人工付款任务"), task_columns(), lambda r: r.id
        )
        table.setItemDelegateForColumn(0, LookDelegate(table, look_of))
        self.facts = KeyValues("takeovers_facts", parent=self)
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.addWidget(self.facts)
        column.addStretch(1)
        side = QScrollArea(self)
        side.setObjectName("takeovers_side")
        side.setWidgetResizable(True)
        side.setWidget(inner)
        side.setMinimumWidth(self.fontMetrics().height() * 21)
        self.assemble(table, self._fields(()), side)

    @override
    def rows_now(self) -> Sequence[TaskLine]:
        return task_lines(self._context.db, self._context.actor)

    @override
    def tab_list(self, rows: Sequence[TaskLine]) -> list[StatusTab]:
        return self.state_tabs(rows, TASK_LABELS, TASK_LOOKS, self.tr("%1 项"))

    @override
    def tab_of(self, row: TaskLine) -> str:
        return row.state

    @override
    def fits(self, row: TaskLine, values: Any) -> bool:
        return matching(row, values)

    @override
    def is_wanted(self, row: TaskLine, wanted: str) -> bool:
        return wanted in {row.agreement, row.form_no, str(row.id)}

    @override
    def say_empty(self) -> tuple[str, str]:
        text = self.tr(
            "没有人工付款任务。申请取消自动扣款并选择今后的付款方式后，每一期自动成为一项任务。"
        )
        return text, self.tr("前往自动扣款")

    @override
    def act_on_empty(self) -> None:
        self._context.navigate.emit("agreements", None)

    @override
    def show_chosen(self, row: TaskLine | None, rows: Sequence[TaskLine]) -> None:
        if row is not None:
            self.facts.set_lines(facts(row))
        payable = self._why_not(row, TO_PAY) or (row.unpayable if row is not None else "")
        both = Right.PAYMENT_CREATE if not self._context.may(Right.PAYMENT_CREATE) else None
        self.offer("pay", payable, right=both)
        self.offer("link", payable)
        self.offer("change", self._why_not(row, TO_PAY))
        waived = row is not None and row.state is TaskState.WAIVED
        self.offer("waive", self._why_not(row, TO_PAY))
        self.offer("reopen", self._why_not(row, {TaskState.WAIVED}))
        self.offer("unlink", self._why_not_unlink(row))
        paid = row is not None and bool(row.payments)
        self.offer("show", "" if paid else self.tr("该任务没有付款指令。"), free=True)
        self.buttons["waive"].setVisible(not waived)
        self.buttons["reopen"].setVisible(waived)
        self.buttons["unlink"].setVisible(not self._why_not_unlink(row))
        self.stand_out("pay")

    @override
    def _show(self, found: Sequence[TaskLine]) -> None:
        super()._show(found)
        people = {row.owner: row.owner_name for row in found}
        choices = tuple(Choice(key, name) for key, name in sorted(people.items()))
        self.filter.set_fields(self._fields(choices))

    def _fields(self, people: tuple[Choice, ...]) -> tuple[Filter, ...]:
        return (
            TextFilter("text", self.tr("查找"), self.tr("收款单位（拼音）、协议、申请单、指令号")),
            ChoiceFilter("owner", self.tr("负责人"), people),
            DateRangeFilter("due", self.tr("付款日")),
        )

    def _make_buttons(self) -> None:
        self.button("pay", self.tr("生成付款指令…"), self.one(self._pay))
        self.button("link", self.tr("关联已有付款…"), self.one(self._ask_link))
        self.button("change", self.tr("调整…"), self.one(self._ask_change)).setToolTip("")
        self.button("waive", self.tr("不需支付…"), self.one(self._waive))
        self.button("reopen", self.tr("恢复待办…"), self.one(self._reopen))
        self.button("unlink", self.tr("取消关联…"), self.one(self._unlink))
        self.button("show", self.tr("查看付款"), self.one(self._show_payment))
        self.button("refresh", self.tr("刷新"), self.reload).setToolTip("F5")

    def _why_not(self, row: TaskLine | None, states: Any) -> str:
        if row is None:
            return self.tr("请先选择一项任务。")
        if row.state not in states:
            return self.tr("该任务当前为“%1”，不能办理。").replace("%1", TASK_LABELS[row.state])
        return ""

    def _why_not_unlink(self, row: TaskLine | None) -> str:
        one = None if row is None else row.payment
        if one is None:
            return self.tr("该任务没有关联的付款。")
        return self.tr("由本任务生成的付款请在“付款管理”作废。") if one.made else ""

    def _pay(self, row: TaskLine) -> None:
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start(
            lambda _: (begin_payment(db, actor, row.id), paying_choices(db, actor)),
            lambda found: self._open_form(row, *found),
            self._failed,
            owner=self,
        )

    def _open_form(self, row: TaskLine, begun: Begun, choices: PayingChoices) -> None:
        db, actor = self._context.db, self._context.actor

        def store(fields: PaymentFields) -> str:
            return takeovers.pay_task(db, actor, PayTask(row.id, fields, row.version))

        title = self.tr("人工付款 %1　%2").replace("%1", row.agreement)
        beginning = Beginning(title.replace("%2", str(row.due_on)), begun.said, begun.fields, store)
        form = PaymentForm(self._context, choices, None, self, beginning)
        form.saved.connect(self._paid)
        form.open()

    def _paid(self, number: str) -> None:
        said = self.tr("已生成付款指令 %1（草稿），请在“付款管理”提交审批。")
        self.banner.show_message(Severity.OK, said.replace("%1", number))

    def _ask_link(self, row: TaskLine) -> None:
        db, actor = self._context.db, self._context.actor

        def show(found: list[CandidateLine]) -> None:
            dialog = LinkTaskDialog(self._context, row, found, self)
            said = self.tr("已关联付款 %1。")
            dialog.linked.connect(lambda number: self._tell(said.replace("%1", number)))
            dialog.open()

        self._context.tasks.start(
            lambda _: candidates(db, actor, row.id), show, self._failed, owner=self
        )

    def _ask_change(self, row: TaskLine) -> None:
        db, actor = self._context.db, self._context.actor

        def show(people: tuple[Owner, ...]) -> None:
            dialog = ChangeTaskDialog(self._context, row, people, self)
            dialog.changed.connect(lambda: self._tell(self.tr("任务已调整。")))
            dialog.open()

        self._context.tasks.start(lambda _: owners(db, actor), show, self._failed, owner=self)

    def _waive(self, row: TaskLine) -> None:
        text = self.tr("%1 %2 的付款不再需要？请写明原因，如已并入其他账单、服务已终止。")
        self._reasoned(
            row, self.tr("不需支付"), text, takeovers.waive_task, self.tr("已记为不需支付。")
        )

    def _reopen(self, row: TaskLine) -> None:
        text = self.tr("%1 %2 仍须人工付款？任务将回到待办。")
        self._reasoned(
            row, self.tr("恢复待办"), text, takeovers.reopen_task, self.tr("任务已恢复为待办。")
        )

    def _unlink(self, row: TaskLine) -> None:
        text = self.tr("取消 %1 %2 与付款的关联？付款本身不受影响，任务将回到待办。")
        self._reasoned(
            row, self.tr("取消关联"), text, takeovers.unlink_task, self.tr("已取消关联。")
        )

    def _reasoned(
        self, row: TaskLine, yes: str, text: str, act: Callable[..., object], said: str
    ) -> None:
        def run(reason: str) -> object:
            command = TellTask(row.id, reason, row.version)
            return act(self._context.db, self._context.actor, command)

        text = text.replace("%1", row.payee).replace("%2", str(row.due_on))
        dialog = ReasonDialog(self._context, yes, text, run, yes=yes, danger=False, parent=self)
        dialog.succeeded.connect(lambda: self._tell(said))
        dialog.open()

    def _show_payment(self, row: TaskLine) -> None:
        newest = row.payment or row.payments[0]
        self._context.navigate.emit("payments", newest.number)

    def _tell(self, text: str) -> None:
        self.banner.show_message(Severity.OK, text)

"""The acts on one payment by hand: move it, and link what was paid already."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget
from typing_extensions import override

from app.agreements import takeovers
from app.agreements.cancel_view import Owner
from app.agreements.states import METHOD_LABELS, Method
from app.agreements.takeover_view import CandidateLine, TaskLine
from app.agreements.takeovers import ChangeTask, LinkTask
from app.core.clock import business_date
from app.core.errors import BadInput
from app.payments.states import STATUS_LABELS
from ui.context import Context
from ui.payments.looks import STATUS_LOOKS, money_text
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.date_field import DateField
from ui.widgets.simple_table import SimpleTable


class ChangeTaskDialog(FormDialog):
    """Emits once the task is moved."""

    changed = Signal()

    def __init__(
        self, context: Context, line: TaskLine, people: Sequence[Owner], parent: QWidget
    ) -> None:
        super().__init__(context, "takeovers_change", parent)
        title = self.tr("调整人工付款 %1").replace("%1", line.agreement)
        self.entitle(title, self.tr("保存(&S)"))
        self._line = line
        self.said("payee", self.tr("收款单位"), line.payee)
        today = business_date(context.db.clock.now(), context.db.tz)
        self.day = DateField("takeovers_change.due", self.tr("付款日"), today, self)
        self.day.setPlaceholderText("")
        self.day.set_date(line.due_on)
        self.fields.addRow(self.tr("付款日"), self.day)
        self.method = self._combo("method", self.tr("付款方式"))
        for one in (Method.TRANSFER, Method.CHEQUE):
            self.method.addItem(METHOD_LABELS[one], str(one))
        self.method.setCurrentIndex(self.method.findData(str(line.method)))
        self.owner = self._combo("owner", self.tr("负责人"))
        for person in people:
            self.owner.addItem(f"{person.name}（{person.username}）", person.username)
        self.owner.setCurrentIndex(self.owner.findData(line.owner))
        self.reason = self.area("reason", self.tr("原因"), self.tr("请写明原因，将记入操作日志"))
        said = self.tr("已发给收款单位的函件中的付款计划不会随之改变，调整后请另行告知对方。")
        self.fields.addRow(note("takeovers_change.said", said, self, Tone.MUTED))
        self.day.setFocus()

    @override
    def start(self) -> None:
        day = self.day.chosen()
        if day is None:
            raise BadInput(self.tr("请填写付款日。"))
        command = ChangeTask(
            self._line.id,
            day,
            Method(self.method.currentData()),
            str(self.owner.currentData() or ""),
            self.reason.toPlainText(),
            self._line.version,
        )
        self.run(
            lambda db, actor: takeovers.change_task(db, actor, command),
            lambda _: self.changed.emit(),
        )

    def _combo(self, name: str, title: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"takeovers_change.{name}")
        box.setAccessibleName(title)
        self.fields.addRow(title, box)
        return box


class LinkTaskDialog(FormDialog):
    """The payee's payments that no task has yet; emits the number of the linked one."""

    linked = Signal(str)

    def __init__(
        self, context: Context, line: TaskLine, found: Sequence[CandidateLine], parent: QWidget
    ) -> None:
        super().__init__(context, "takeovers_link", parent)
        title = self.tr("关联已有付款 %1").replace("%1", line.agreement)
        self.entitle(title, self.tr("关联(&S)"))
        self._line = line
        self.said("task", self.tr("任务"), f"{line.payee}　{line.due_on}　{line.amount_text}")
        self.table: SimpleTable[CandidateLine] = SimpleTable(
            "takeovers_link.table", self.tr("该收款单位的付款"), _columns(self), lambda r: r.number
        )
        self.table.setMinimumHeight(self.fontMetrics().height() * 12)
        self.table.set_rows(found)
        none = self.tr("该收款单位没有可关联的付款；已作废、已驳回和已关联的不列出。")
        self.column.insertWidget(2, self.table, 1)
        self.empty = note("takeovers_link.empty", none, self, Tone.MUTED)
        self.column.insertWidget(3, self.empty)
        self.table.setVisible(bool(found))
        self.empty.setVisible(not found)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0" * 110))
        self.yes.setVisible(bool(found))

    @override
    def start(self) -> None:
        rows = self.table.selected_rows()
        if len(rows) != 1:
            raise BadInput(self.tr("请选择一笔付款。"))
        command = LinkTask(self._line.id, rows[0].number, self._line.version)
        self.run(
            lambda db, actor: takeovers.link_task(db, actor, command),
            lambda _: self.linked.emit(command.payment_no),
        )


def _columns(dialog: QWidget) -> tuple[Column[CandidateLine], ...]:
    return (
        Column("number", dialog.tr("指令号"), lambda r: r.number, chars=18),
        Column(
            "status",
            dialog.tr("状态"),
            lambda r: STATUS_LABELS[r.status],
            tone=lambda r: STATUS_LOOKS[r.status][1],
            chars=12,
        ),
        Column(
            "amount",
            dialog.tr("金额"),
            lambda r: money_text(r.amount),
            align=Align.RIGHT,
            sort_value=lambda r: r.amount.minor,
            chars=14,
        ),
        Column("due", dialog.tr("计划付款日"), lambda r: str(r.due_on), chars=11),
        Column("purpose", dialog.tr("用途"), lambda r: r.purpose, chars=30),
    )

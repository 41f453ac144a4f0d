"""应急事件: every incident by state; its facts and everything that happened at the right."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.guard import Actor
from app.access.rights import Right
from app.incidents import cases
from app.incidents.case_view import Happening, IncidentLine, incident_lines, timeline
from app.incidents.states import (
    INCIDENT_LABELS,
    INCIDENT_MOVES,
    SEVERITY_LABELS,
    Cause,
    IncidentState,
    Outside,
)
from app.storage.work import Database
from ui.context import Context
from ui.incidents.dialogs import CauseDialog, OpenDialog, SeverityDialog, WriteDialog
from ui.incidents.looks import (
    INCIDENT_LOOKS,
    entries,
    facts,
    incident_columns,
    look_of,
    matching,
)
from ui.incidents.response.dialogs import TalkDialog
from ui.payments.looks import LookDelegate
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.register_page import RegisterPage
from ui.payments.running import start_act
from ui.widgets.banner import Severity as Mood
from ui.widgets.filter_fields import ChoiceFilter, TextFilter
from ui.widgets.key_values import KeyValues
from ui.widgets.multi_choice import Choice
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab
from ui.widgets.timeline import Timeline

_Move = Callable[[Database, Actor, str, str, int], None]
_MOVES: Final[dict[str, tuple[IncidentState, _Move]]] = {
    "verify": (IncidentState.VERIFYING, cases.to_verify),
    "resolve": (IncidentState.RESOLVED, cases.resolve),
    "back": (IncidentState.IN_PROGRESS, cases.back_to_work),
    "close": (IncidentState.CLOSED, cases.close),
}


class IncidentsPage(RegisterPage[IncidentLine]):
    """The acts follow the incident's way: take over, find the cause, resolve, close."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "incidents", Right.INCIDENT_HANDLE, parent)
        self._make_buttons()
        table: SimpleTable[IncidentLine] = SimpleTable(
            "incidents_table", self.tr("应急事件"), incident_columns(), lambda r: r.number
        )
        table.setItemDelegateForColumn(0, LookDelegate(table, look_of))
        table.opened.connect(self.one(self._respond))
        fields = (
            TextFilter("text", self.tr("查找"), self.tr("编号、事件、负责人、协议、异常扣款")),
            ChoiceFilter(
                "severity",
                self.tr("等级"),
                tuple(Choice(str(one), label) for one, label in SEVERITY_LABELS.items()),
            ),
        )
        self.assemble(table, fields, self._make_side())

    @override
    def rows_now(self) -> Sequence[IncidentLine]:
        return incident_lines(self._context.db, self._context.actor)

    @override
    def tab_list(self, rows: Sequence[IncidentLine]) -> list[StatusTab]:
        return self.state_tabs(rows, INCIDENT_LABELS, INCIDENT_LOOKS, self.tr("%1 件"))

    @override
    def tab_of(self, row: IncidentLine) -> str:
        return row.state

    @override
    def fits(self, row: IncidentLine, values: Any) -> bool:
        return matching(row, values)

    @override
    def is_wanted(self, row: IncidentLine, wanted: str) -> bool:
        return wanted == row.number or wanted in (*row.hits, *row.payments)

    @override
    def say_empty(self) -> tuple[str, str]:
        text = self.tr(
            "没有应急事件。付款停止时，在“付款管理”选中后点“转应急事件”；终止后的扣款，在“扣款监控”选中后转入。"
        )
        return text, self.tr("新建事件…")

    @override
    def act_on_empty(self) -> None:
        self._new()

    @override
    def show_chosen(self, row: IncidentLine | None, rows: Sequence[IncidentLine]) -> None:
        if row is not None:
            self.facts.set_lines(facts(row))
            self._read_timeline(row)
        closed = row is not None and row.state is IncidentState.CLOSED
        none = self.tr("请先选择一个事件。") if row is None else ""
        over = self.tr("事件已关闭，不能再修改。") if closed else ""
        resolved = row is not None and row.state is IncidentState.RESOLVED
        back_first = self.tr("事件已解决，请先退回处理。") if resolved else ""
        mine = row is not None and row.owner == self._context.actor.name
        self.offer("take", none or over or (self.tr("已由您负责。") if mine else ""))
        self.offer("write", none or over)
        self.offer("talk", none or over)
        self.offer("cause", none or over or back_first)
        self.offer("severity", none or over or back_first)
        for name, (target, _) in _MOVES.items():
            right = Right.INCIDENT_CLOSE if target is IncidentState.CLOSED else None
            self.offer(name, none or self._why_not(row, target), right=right)
        self.offer("new", "")
        self.offer("respond", none, free=True)
        no_hits = self.tr("事件没有涉及异常扣款。") if row is not None and not row.hits else ""
        self.offer("hits", none or no_hits, free=True)
        self.stand_out(_following(row))

    def _make_buttons(self) -> None:
        self.button("new", self.tr("新建事件…"), self._new)
        self.button("respond", self.tr("处置"), self.one(self._respond))
        self.button("take", self.tr("接手"), self.one(self._take))
        self.button("write", self.tr("记录…"), self.one(self._write))
        self.button("talk", self.tr("联系记录…"), self.one(self._talk))
        self.button("cause", self.tr("定因…"), self.one(self._cause))
        self.button("severity", self.tr("调整等级…"), self.one(self._severity))
        self.button("verify", self.tr("待核实…"), self.one(lambda row: self._move(row, "verify")))
        self.button("resolve", self.tr("解决…"), self.one(lambda row: self._move(row, "resolve")))
        self.button("back", self.tr("退回处理…"), self.one(lambda row: self._move(row, "back")))
        self.button("close", self.tr("关闭…"), self.one(lambda row: self._move(row, "close")))
        self.button("hits", self.tr("查看异常扣款"), self.one(self._to_hits))
        self.button("refresh", self.tr("刷新"), self.reload).setToolTip("F5")

    def _make_side(self) -> QWidget:
        self.facts = KeyValues("incidents_facts", parent=self)
        self.timeline = Timeline("incidents_timeline", self)
        known, passage = QWidget(self), QWidget(self)
        column = QVBoxLayout(known)
        column.addWidget(self.facts)
        column.addStretch(1)
        QVBoxLayout(passage).addWidget(self.timeline)
        side = QTabWidget(self)
        side.setObjectName("incidents_side")
        side.setDocumentMode(True)
        side.addTab(passage, self.tr("经过"))
        side.addTab(known, self.tr("事件信息"))
        side.setMinimumWidth(self.fontMetrics().height() * 22)
        return side

    def _read_timeline(self, row: IncidentLine) -> None:
        db, actor = self._context.db, self._context.actor

        def show(found: list[Happening]) -> None:
            self.timeline.set_entries(entries(found))

        self._context.tasks.start_latest(
            (id(self), "timeline"),
            lambda _: timeline(db, actor, row.number),
            show,
            self._failed,
            owner=self,
        )

    def _why_not(self, row: IncidentLine | None, target: IncidentState) -> str:
        if row is not None and target not in INCIDENT_MOVES[row.state]:
            text = self.tr("该事件当前为“%1”，不能办理。")
            return text.replace("%1", INCIDENT_LABELS[row.state])
        if row is not None and target is IncidentState.RESOLVED:
            if row.cause is Cause.PENDING:
                return self.tr("请先定因。")
            if row.settled < len(row.hits):
                text = self.tr("还有 %1 笔扣款未追回、未排除。")
                return text.replace("%1", str(len(row.hits) - row.settled))
        return ""

    def _take(self, row: IncidentLine) -> None:
        db, actor = self._context.db, self._context.actor
        start_act(
            self._context,
            self,
            lambda _: cases.take_over(db, actor, row.number, row.version),
            lambda _: self._say(self.tr("%1 由您负责。"), row.number),
            self._failed,
        )

    def _write(self, row: IncidentLine) -> None:
        dialog = WriteDialog(self._context, row, self)
        dialog.written.connect(lambda number: self._say(self.tr("%1 已记录。"), number))
        dialog.open()

    def _talk(self, row: IncidentLine) -> None:
        dialog = TalkDialog(self._context, row.number, Outside.BANK, self)
        dialog.written.connect(lambda: self._say(self.tr("%1 的联系记录已登记。"), row.number))
        dialog.open()

    def _cause(self, row: IncidentLine) -> None:
        dialog = CauseDialog(self._context, row, self)
        dialog.written.connect(lambda number: self._say(self.tr("%1 的原因已保存。"), number))
        dialog.open()

    def _severity(self, row: IncidentLine) -> None:
        dialog = SeverityDialog(self._context, row, self)
        dialog.written.connect(lambda number: self._say(self.tr("%1 的等级已调整。"), number))
        dialog.open()

    def _move(self, row: IncidentLine, name: str) -> None:
        target, act = _MOVES[name]
        asked = {
            "verify": self.tr("%1 转为待核实？请写明已采取的措施和待核实的内容。"),
            "resolve": self.tr("%1 已解决？请写明处理结论，由另一位主管审核后关闭。"),
            "back": self.tr("把 %1 退回处理？请写明原因。"),
            "close": self.tr("关闭 %1？关闭后不能再修改，请写明审核意见。"),
        }[name]
        label = INCIDENT_LABELS[target]
        dialog = ReasonDialog(
            self._context,
            label,
            asked.replace("%1", row.number),
            lambda text: act(self._context.db, self._context.actor, row.number, text, row.version),
            yes=label,
            danger=name == "close",
            parent=self,
        )
        said = self.tr("%1 已变为“%2”。").replace("%2", label)
        dialog.succeeded.connect(lambda: self._say(said, row.number))
        dialog.open()

    def _new(self) -> None:
        dialog = OpenDialog(self._context, (), (), self)
        dialog.opened.connect(lambda number: self._say(self.tr("%1 已建立，请接手处置。"), number))
        dialog.open()

    def _respond(self, row: IncidentLine) -> None:
        self._context.navigate.emit("response", row.number)

    def _to_hits(self, row: IncidentLine) -> None:
        self._context.navigate.emit("watch", row.hits[0])

    def _say(self, text: str, number: str) -> None:
        self.want(number)
        self.banner.show_message(Mood.OK, text.replace("%1", number))


def _following(row: IncidentLine | None) -> str:
    """The button of what comes next."""
    match row:
        case None:
            return ""
        case IncidentLine(state=IncidentState.OPEN):
            return "take"
        case IncidentLine(state=IncidentState.RESOLVED):
            return "close"
        case _:
            return "respond"

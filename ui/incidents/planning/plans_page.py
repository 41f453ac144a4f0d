"""应急预案: what to do at each step for a cause, with owner, day of review and every edition."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.core.clock import local_text
from app.incidents.planning import plans
from app.incidents.planning.plans import PlanLine
from app.incidents.states import STEP_LABELS
from ui.context import Context
from ui.incidents.looks import tr
from ui.incidents.planning.plan_dialog import PlanDialog
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.register_page import ALL, RegisterPage
from ui.payments.running import start_act
from ui.resume.sheet_dialog import SheetDialog
from ui.theme import Tone
from ui.widgets.banner import Severity
from ui.widgets.columns import Align, Column
from ui.widgets.filter_fields import TextFilter
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab
from ui.widgets.timeline import Entry, Timeline

_USED, _DUE, _UNUSED = "USED", "DUE", "UNUSED"


class PlansPage(RegisterPage[PlanLine]):
    """The newest edition of each plan; what it says, and its editions, at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "plans", Right.TEMPLATE_EDIT, parent)
        self.button("new", self.tr("制定预案…"), lambda: self._open(None))
        self.button("change", self.tr("修改…"), self.one(self._open))
        self.button("print", self.tr("预览、打印…"), self.one(self._print))
        self.button("stop", self.tr("停用…"), self.one(self._stop))
        self.button("shipped", self.tr("采用内置预案"), self._adopt)
        self.button("refresh", self.tr("刷新"), self.reload).setToolTip("F5")
        table: SimpleTable[PlanLine] = SimpleTable(
            "plans_table", self.tr("应急预案"), _columns(), lambda r: r.number
        )
        table.opened.connect(self.one(self._print))
        self.said = Timeline("plans_said", self)
        side = QWidget(self)
        QVBoxLayout(side).addWidget(self.said)
        side.setMinimumWidth(self.fontMetrics().height() * 24)
        fields = (TextFilter("text", self.tr("查找"), self.tr("编号、名称、原因、要做的事")),)
        self.assemble(table, fields, side)

    @override
    def rows_now(self) -> Sequence[PlanLine]:
        return plans.plan_lines(self._context.db, self._context.actor)

    @override
    def tab_list(self, rows: Sequence[PlanLine]) -> list[StatusTab]:
        count = {
            one: sum(self.tab_of(row) == one for row in rows) for one in (_USED, _DUE, _UNUSED)
        }
        unit = self.tr("%1 项")
        return [
            StatusTab(ALL, self.tr("全部"), len(rows), unit=unit),
            StatusTab(_USED, self.tr("有效"), count[_USED], tone=Tone.OK, unit=unit),
            StatusTab(_DUE, self.tr("待复审"), count[_DUE], tone=Tone.STOP, unit=unit),
            StatusTab(_UNUSED, self.tr("已停用"), count[_UNUSED], tone=Tone.MUTED, unit=unit),
        ]

    @override
    def tab_of(self, row: PlanLine) -> str:
        return _UNUSED if not row.active else _DUE if row.due else _USED

    @override
    def fits(self, row: PlanLine, values: Any) -> bool:
        wanted = str(values.get("text", "")).strip().casefold()
        todo = (one for found in row.todo.values() for one in found)
        said = (row.number, row.title, row.cause_label, row.owner, *todo)
        return not wanted or any(wanted in one.casefold() for one in said)

    @override
    def is_wanted(self, row: PlanLine, wanted: str) -> bool:
        return row.number == wanted

    @override
    def say_empty(self) -> tuple[str, str]:
        text = self.tr(
            "还没有应急预案。预案按原因写明每一步要做的事；处置事件时，相应步骤上方会列出。"
        )
        return text, self.tr("采用内置预案")

    @override
    def act_on_empty(self) -> None:
        self._adopt()

    @override
    def show_chosen(self, row: PlanLine | None, rows: Sequence[PlanLine]) -> None:
        if row is not None:
            self.said.set_entries(_entries(row))
        none = self.tr("请先选择一项预案。") if row is None else ""
        gone = self.tr("该预案已停用，修改后重新生效。") if row and not row.active else ""
        self.offer("new", "")
        self.offer("shipped", "")
        self.offer("change", none)
        self.offer("print", none, free=True)
        self.offer("stop", none or gone)
        self.stand_out("change" if row is not None and row.due else "")

    def _open(self, row: PlanLine | None) -> None:
        dialog = PlanDialog(self._context, row, self)
        dialog.written.connect(self._written)
        dialog.open()

    def _print(self, row: PlanLine) -> None:
        context = self._context
        title = self.tr("应急预案 %1").replace("%1", row.number)
        SheetDialog(
            context,
            title,
            lambda: plans.plan_sheet(context.db, context.actor, row.number, row.edition),
            self,
        ).open()

    def _stop(self, row: PlanLine) -> None:
        context = self._context
        dialog = ReasonDialog(
            context,
            self.tr("停用预案"),
            self.tr("停用 %1？处置事件时不再列出；各版仍可查看。").replace("%1", row.number),
            lambda why: plans.stop_plan(context.db, context.actor, row.number, row.edition, why),
            yes=self.tr("停用"),
            parent=self,
        )
        dialog.succeeded.connect(lambda: self._written(row.number))
        dialog.open()

    def _adopt(self) -> None:
        db, actor = self._context.db, self._context.actor

        def adopted(numbers: list[str]) -> None:
            text = self.tr("已采用 %1 项内置预案，责任人暂为您，请逐项核对后修改。")
            self.banner.show_message(Severity.OK, text.replace("%1", str(len(numbers))))

        start_act(
            self._context, self, lambda _: plans.adopt_shipped(db, actor), adopted, self._failed
        )

    def _written(self, number: str) -> None:
        self.want(number)
        self.banner.show_message(Severity.OK, self.tr("%1 已保存。").replace("%1", number))


def _columns() -> tuple[Column[PlanLine], ...]:
    return (
        Column("state", tr("状态"), _state, tone=_tone, chars=8),
        Column("number", tr("编号"), lambda r: r.number, chars=14),
        Column("title", tr("名称"), lambda r: r.title, chars=24),
        Column("cause", tr("适用原因"), lambda r: r.cause_label, chars=16),
        Column("edition", tr("版次"), lambda r: f"{r.edition}", align=Align.RIGHT, chars=6),
        Column("owner", tr("责任人"), lambda r: r.owner, chars=9),
        Column(
            "review",
            tr("下次复审"),
            lambda r: r.review_on.isoformat(),
            tone=lambda r: Tone.STOP if r.due else Tone.NORMAL,
            chars=11,
        ),
        Column("made", tr("制定"), lambda r: f"{local_text(r.made_at)} {r.made_by}", chars=24),
        Column("reason", tr("原因"), lambda r: r.reason, chars=24),
    )


def _state(row: PlanLine) -> str:
    return tr("已停用") if not row.active else tr("待复审") if row.due else tr("有效")


def _tone(row: PlanLine) -> Tone:
    return Tone.MUTED if not row.active else Tone.STOP if row.due else Tone.OK


def _entries(row: PlanLine) -> list[Entry]:
    """What to do, step by step."""
    found = [
        Entry("", "", label, _numbered(row.todo[step]), "list-check-2", Tone.ACCENT)
        for step, label in STEP_LABELS.items()
        if row.todo.get(step)
    ]
    if row.message:
        found.append(Entry("", "", tr("通报用语"), row.message, "notification-3-line", Tone.MUTED))
    return found


def _numbered(todo: Iterable[str]) -> str:
    return "\n".join(f"{place}. {one}" for place, one in enumerate(todo, start=1))

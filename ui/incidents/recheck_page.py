"""状态核查: does what should have stopped stand still; made by one person, signed by another."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.core.clock import local_text
from app.incidents.recheck import RecheckLine, make_recheck, recheck_lines, sign_recheck
from ui.admin.identity import with_fresh_identity
from ui.context import Context
from ui.incidents.looks import tr
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.register_page import ALL, RegisterPage
from ui.payments.running import start_act
from ui.theme import Tone
from ui.widgets.banner import Severity
from ui.widgets.columns import Align, Column
from ui.widgets.filter_fields import TextFilter
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab
from ui.widgets.timeline import Entry, Timeline

_OPEN, _SIGNED = "OPEN", "SIGNED"


class RecheckPage(RegisterPage[RecheckLine]):
    """Every recheck, the newest first, which is the trend; what was found at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "recheck", Right.AGREEMENT_VIEW, parent)
        self.button("make", self.tr("立即核查"), self.make)
        self.button("sign", self.tr("签字…"), self.one(self._sign))
        self.button("refresh", self.tr("刷新"), self.reload).setToolTip("F5")
        table: SimpleTable[RecheckLine] = SimpleTable(
            "recheck_table", self.tr("状态核查"), _columns(), lambda r: r.number
        )
        self.found = Timeline("recheck_found", self)
        side = QWidget(self)
        QVBoxLayout(side).addWidget(self.found)
        side.setMinimumWidth(self.fontMetrics().height() * 26)
        fields = (TextFilter("text", self.tr("查找"), self.tr("编号、人员、内容")),)
        self.assemble(table, fields, side)

    @override
    def rows_now(self) -> Sequence[RecheckLine]:
        return recheck_lines(self._context.db, self._context.actor)

    @override
    def tab_list(self, rows: Sequence[RecheckLine]) -> list[StatusTab]:
        signed = sum(row.signed_at is not None for row in rows)
        unit = self.tr("%1 次")
        return [
            StatusTab(ALL, self.tr("全部"), len(rows), unit=unit),
            StatusTab(_OPEN, self.tr("待签字"), len(rows) - signed, tone=Tone.WARN, unit=unit),
            StatusTab(_SIGNED, self.tr("已签字"), signed, tone=Tone.OK, unit=unit),
        ]

    @override
    def tab_of(self, row: RecheckLine) -> str:
        return _OPEN if row.signed_at is None else _SIGNED

    @override
    def fits(self, row: RecheckLine, values: Any) -> bool:
        wanted = str(values.get("text", "")).strip()
        said = (row.number, row.made_by, row.signed_by, row.remark, *(i.detail for i in row.items))
        return not wanted or any(wanted in one for one in said)

    @override
    def is_wanted(self, row: RecheckLine, wanted: str) -> bool:
        return row.number == wanted

    @override
    def say_empty(self) -> tuple[str, str]:
        text = self.tr("还没有做过核查。系统逐项核对协议、银行和收款单位的确认、流水与软件状态。")
        return text, self.tr("立即核查")

    @override
    def act_on_empty(self) -> None:
        self.make()

    @override
    def show_chosen(self, row: RecheckLine | None, rows: Sequence[RecheckLine]) -> None:
        if row is not None:
            self.found.set_entries(_entries(row))
        self.offer("make", "")
        why = self.tr("请先选择一次核查。") if row is None else ""
        if row is not None and row.signed_at is not None:
            why = (
                self.tr("%1 已由 %2 签字。").replace("%1", row.number).replace("%2", row.signed_by)
            )
        self.offer("sign", why, right=Right.CANCEL_APPROVE)
        self.stand_out("make" if row is None else "sign")

    def make(self) -> None:
        """Look at everything now."""
        context = self._context

        def work(_: object) -> str:
            return make_recheck(context.db, context.actor, context.system_facts())

        start_act(context, self, work, self._made, self._failed)

    def _made(self, number: str) -> None:
        self.want(number)
        said = self.tr("核查 %1 已完成，请由另一位主管签字。").replace("%1", number)
        self.banner.show_message(Severity.OK, said)

    def _sign(self, row: RecheckLine) -> None:
        def act(remark: str) -> None:
            sign_recheck(self._context.db, self._context.actor, row.number, remark, row.version)

        def ask() -> None:
            text = self.tr("为核查 %1 签字（%2 项待处理）？请写明处理意见。")
            text = text.replace("%1", row.number).replace("%2", str(row.attention))
            dialog = ReasonDialog(
                self._context,
                self.tr("签字"),
                text,
                act,
                yes=self.tr("签字"),
                danger=False,
                parent=self,
            )
            said = self.tr("%1 已签字。").replace("%1", row.number)
            dialog.succeeded.connect(lambda: self.banner.show_message(Severity.OK, said))
            dialog.open()

        with_fresh_identity(self, self._context, ask)


def _columns() -> tuple[Column[RecheckLine], ...]:
    return (
        Column("number", tr("编号"), lambda r: r.number, sort_value=lambda r: r.number, chars=14),
        Column(
            "at",
            tr("核查时间"),
            lambda r: local_text(r.made_at),
            sort_value=lambda r: r.made_at,
            chars=17,
        ),
        Column(
            "attention",
            tr("待处理"),
            lambda r: tr("%1 项").replace("%1", str(r.attention)) if r.attention else tr("无"),
            align=Align.RIGHT,
            tone=lambda r: Tone.STOP if r.attention else Tone.OK,
            sort_value=lambda r: r.attention,
            chars=9,
        ),
        Column("by", tr("核查人"), lambda r: r.made_by, chars=10),
        Column("signed", tr("签字"), lambda r: r.signed_by or tr("待签字"), chars=10),
        Column("when", tr("签字时间"), lambda r: local_text(r.signed_at), chars=17),
        Column("remark", tr("处理意见"), lambda r: r.remark, chars=30),
    )


def _entries(row: RecheckLine) -> list[Entry]:
    """What wants attention first."""
    found = [
        Entry(
            local_text(row.made_at),
            row.made_by,
            item.title,
            item.detail,
            "checkbox-circle-line" if item.ok else "error-warning-line",
            Tone.OK if item.ok else Tone.STOP,
        )
        for item in sorted(row.items, key=lambda one: one.ok)
    ]
    if row.signed_at is not None:
        what = tr("已签字")
        found.append(
            Entry(
                local_text(row.signed_at),
                row.signed_by,
                what,
                row.remark,
                "quill-pen-line",
                Tone.OK,
            )
        )
    return found

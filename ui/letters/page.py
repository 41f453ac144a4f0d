"""函件: every letter, about an end or about money to come back, from its making to its answer."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.agreements.letter_view import SLOT_LABELS, LetterSlot, SlotState, letter_slots
from app.letters.states import PARTY_LABELS
from ui.context import Context
from ui.letters.acts import LetterActs
from ui.letters.looks import (
    SLOT_LOOKS,
    card,
    letter_columns,
    look_of,
    matching,
    way,
    why_not_sign,
)
from ui.payments.looks import LookDelegate
from ui.payments.register_page import RegisterPage
from ui.widgets.filter_fields import ChoiceFilter, TextFilter
from ui.widgets.key_values import KeyValues
from ui.widgets.multi_choice import Choice
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab
from ui.widgets.timeline import Timeline

_OUT: Final = frozenset({SlotState.WAITING, SlotState.LATE})
_MAILABLE: Final = frozenset({SlotState.READY, SlotState.UNKNOWN})
# What comes next for a letter: its button stands out.
_NEXT: Final = {
    SlotState.MISSING: "issue",
    SlotState.READY: "mail",
    SlotState.UNKNOWN: "settle",
    SlotState.WAITING: "answer",
    SlotState.LATE: "chase",
    SlotState.ANSWERED: "",
    SlotState.CLOSED: "",
}


class LettersPage(RegisterPage[LetterSlot]):
    """The letters by state, with the way of the chosen one at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "letters", Right.AGREEMENT_MANAGE, parent)
        self.acts = LetterActs(context, self, self.banner)
        self._make_buttons()
        table: SimpleTable[LetterSlot] = SimpleTable(
            "letters_table", self.tr("函件"), letter_columns(), lambda r: r.key
        )
        table.setItemDelegateForColumn(0, LookDelegate(table, look_of))
        table.opened.connect(lambda _: self.many(self.acts.preview)())
        fields = (
            TextFilter("text", self.tr("查找"), self.tr("文号、收件单位、申请单、协议、扣款编号")),
            ChoiceFilter(
                "party",
                self.tr("对象"),
                tuple(Choice(str(one), label) for one, label in PARTY_LABELS.items()),
            ),
        )
        self.assemble(table, fields, self._make_side())

    @override
    def rows_now(self) -> Sequence[LetterSlot]:
        return letter_slots(self._context.db, self._context.actor)

    @override
    def tab_list(self, rows: Sequence[LetterSlot]) -> list[StatusTab]:
        return self.state_tabs(rows, SLOT_LABELS, SLOT_LOOKS, self.tr("%1 份"))

    @override
    def tab_of(self, row: LetterSlot) -> str:
        return row.state

    @override
    def fits(self, row: LetterSlot, values: Any) -> bool:
        return matching(row, values)

    @override
    def is_wanted(self, row: LetterSlot, wanted: str) -> bool:
        return wanted in {row.subject, row.number, *row.hits}

    @override
    def say_empty(self) -> tuple[str, str]:
        text = self.tr(
            "还没有需要发出的函件。取消自动扣款的申请批准后，函件会列在这里；追回函在“扣款监控”生成。"
        )
        return text, self.tr("去自动扣款")

    @override
    def act_on_empty(self) -> None:
        self._context.navigate.emit("agreements", None)

    @override
    def show_chosen(self, row: LetterSlot | None, rows: Sequence[LetterSlot]) -> None:
        if row is not None:
            self.card.set_lines(card(row))
            self.way.set_entries(way(row))
        self.offer("issue", "" if self._to_issue() else self.tr("所选函件都已生成。"))
        self.offer("preview", "" if rows else self.tr("请先选择函件。"), free=True)
        self.offer("sign", why_not_sign(rows), right=Right.LETTER_SIGN)
        self.offer("mail", self._why_not(row, _MAILABLE))
        self.offer("mail_many", "" if self._to_mail() else self.tr("没有待发出的函件。"))
        self.offer("dispatch", self._why_not(row, _MAILABLE | _OUT))
        self.offer("settle", self._why_not(row, frozenset({SlotState.UNKNOWN})))
        self.offer("chase", self._why_not(row, _OUT))
        self.offer("answer", self._why_not_answered(row))
        self.offer("tell", self._why_no_form(row))
        self.offer("prove", self._why_no_form(row))
        self.offer("void", self._why_not(row, frozenset({SlotState.READY})))
        self.stand_out("issue" if row is None else _NEXT[row.state])

    def _make_buttons(self) -> None:
        acts = self.acts
        self.button("issue", self.tr("生成函件"), lambda: acts.issue(self._to_issue()))
        self.button("preview", self.tr("预览、打印…"), self.many(acts.preview))
        self.button("sign", self.tr("数字签章…"), self.many(acts.sign))
        self.button("mail", self.tr("发送邮件…"), self.one(acts.mail))
        self.button("mail_many", self.tr("批量发送…"), lambda: acts.mail_many(self._to_mail()))
        self.button("dispatch", self.tr("登记送达…"), self.one(acts.dispatch))
        self.button("settle", self.tr("核实已送达…"), self.one(acts.settle))
        self.button(
            "chase", self.tr("登记催办…"), self.one(lambda slot: acts.dispatch(slot, chase=True))
        )
        self.button("answer", self.tr("登记答复…"), self.one(acts.answer))
        self.button("tell", self.tr("通知部门…"), self.one(acts.tell_departments))
        self.button("prove", self.tr("操作证明"), self.one(acts.prove))
        self.button("void", self.tr("作废…"), self.one(acts.void))
        self.button("refresh", self.tr("刷新"), self.reload).setToolTip("F5")

    def _make_side(self) -> QWidget:
        self.card = KeyValues("letters_card", parent=self)
        self.way = Timeline("letters_way", self)
        facts, passage = QWidget(self), QWidget(self)
        column = QVBoxLayout(facts)
        column.addWidget(self.card)
        column.addStretch(1)
        QVBoxLayout(passage).addWidget(self.way)
        side = QTabWidget(self)
        side.setObjectName("letters_side")
        side.setDocumentMode(True)
        side.addTab(passage, self.tr("送达经过"))
        side.addTab(facts, self.tr("函件信息"))
        side.setMinimumWidth(self.fontMetrics().height() * 18)
        return side

    def _to_issue(self) -> list[LetterSlot]:
        """What is to be issued of the chosen rows; of all while none is chosen."""
        rows = self.table.selected_rows() or list(self._rows)
        return [slot for slot in rows if slot.state is SlotState.MISSING]

    def _to_mail(self) -> list[LetterSlot]:
        """What is to be sent of the chosen rows; of all while none is chosen."""
        rows = self.table.selected_rows() or list(self._rows)
        return [slot for slot in rows if slot.state is SlotState.READY]

    def _why_not_answered(self, slot: LetterSlot | None) -> str:
        if slot is not None and slot.asks:
            return self.tr("请在应急事件的“联系银行”一步，逐笔登记银行核实的结果。")
        # A promise is an answer, and another one follows it.
        promised = slot is not None and bool(slot.answers) and slot.answers[-1].promised_on
        return "" if promised else self._why_not(slot, _OUT | _MAILABLE)

    def _why_no_form(self, slot: LetterSlot | None) -> str:
        if slot is None:
            return self.tr("请先选择一份函件。")
        if slot.asks:
            return self.tr("付款查询函没有取消申请单。")
        return self.tr("追回函没有取消申请单。") if slot.disputes else ""

    def _why_not(self, slot: LetterSlot | None, states: frozenset[SlotState]) -> str:
        if slot is None:
            return self.tr("请先选择一份函件。")
        if slot.state not in states:
            text = self.tr("该函件当前为“%1”，不能办理。")
            return text.replace("%1", SLOT_LABELS[slot.state])
        return ""

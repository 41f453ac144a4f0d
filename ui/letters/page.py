"""函件: every letter that approved cancellations call for, from its making to its answer."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.access.rights import RIGHT_LABELS, Right
from app.agreements.letter_view import SLOT_LABELS, LetterSlot, SlotState, letter_slots
from app.letters.states import PARTY_LABELS
from ui import messages
from ui.context import Context
from ui.letters.acts import LetterActs
from ui.letters.looks import SLOT_LOOKS, card, letter_columns, look_of, matching, way
from ui.payments.filter_place import FilterPlace
from ui.payments.looks import LookDelegate
from ui.theme import restyle
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_fields import ChoiceFilter, TextFilter
from ui.widgets.key_values import KeyValues
from ui.widgets.multi_choice import Choice
from ui.widgets.simple_table import SimpleTable
from ui.widgets.status_tabs import StatusTab, StatusTabs
from ui.widgets.timeline import Timeline

_ALL = "ALL"
_OUT = frozenset({SlotState.WAITING, SlotState.LATE})
_MAILABLE = frozenset({SlotState.READY, SlotState.UNKNOWN})
# What comes next for a letter: its button stands out.
_NEXT = {
    SlotState.MISSING: "issue",
    SlotState.READY: "mail",
    SlotState.UNKNOWN: "settle",
    SlotState.WAITING: "answer",
    SlotState.LATE: "chase",
}


class LettersPage(QWidget):
    """The letters with their states as tabs, a filter, and the chosen letter at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("letters")
        self._context = context
        self._slots: tuple[LetterSlot, ...] = ()
        self._wanted = ""
        self.banner = Banner("letters_banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.acts = LetterActs(context, self, self.banner)
        self._make_bar()
        self._make_filter()
        self._make_table()
        self._make_side()
        self._lay_out()
        for keys, act in (
            (QKeySequence(Qt.Key.Key_F5), self.reload),
            (QKeySequence(QKeySequence.StandardKey.Find), self.filter.focus_find),
        ):
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self._chosen()
        self.reload()

    def reload(self) -> None:
        """Read the letters again; the chosen rows stay chosen."""
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "letters"),
            lambda _: letter_slots(db, actor),
            self._show,
            self._failed,
            owner=self,
        )
        self.filter.read_saved()

    def show_argument(self, argument: object) -> None:
        """Go to the letters of that request, or to the letter of that number."""
        self._wanted = str(argument)
        self.tabs.select(_ALL)
        self.filter.reset()
        self.reload()

    def _make_bar(self) -> None:
        one, many = self._one_act, self._many_act
        self.buttons = {
            "issue": self._button("issue", self.tr("生成函件"), self._issue),
            "preview": self._button("preview", self.tr("预览、打印…"), many(self.acts.preview)),
            "mail": self._button("mail", self.tr("发送邮件…"), one(self.acts.mail)),
            "dispatch": self._button("dispatch", self.tr("登记送达…"), one(self.acts.dispatch)),
            "settle": self._button("settle", self.tr("核实已送达…"), one(self.acts.settle)),
            "chase": self._button("chase", self.tr("登记催办…"), one(self._chase)),
            "answer": self._button("answer", self.tr("登记答复…"), one(self.acts.answer)),
            "prove": self._button("prove", self.tr("操作证明"), one(self.acts.prove)),
            "void": self._button("void", self.tr("作废…"), one(self.acts.void)),
            "refresh": self._button("refresh", self.tr("刷新"), self.reload),
        }
        self.buttons["refresh"].setToolTip("F5")

    def _button(self, name: str, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"letters_{name}")
        button.setAccessibleName(text)
        button.clicked.connect(lambda _=False: act())
        return button

    def _make_filter(self) -> None:
        self.tabs = StatusTabs("letters_tabs", self)
        self.tabs.set_tabs(self._tab_list())
        self.tabs.chosen.connect(self._refill)
        fields = (
            TextFilter("text", self.tr("查找"), self.tr("文号、收件单位、申请单、协议编号")),
            ChoiceFilter(
                "party",
                self.tr("对象"),
                tuple(Choice(str(one), label) for one, label in PARTY_LABELS.items()),
            ),
        )
        self.filter = FilterPlace(self._context, self.banner, "letters", fields, self)
        self.filter.changed.connect(self._refill)

    def _make_table(self) -> None:
        self.table: SimpleTable[LetterSlot] = SimpleTable(
            "letters_table", self.tr("函件"), letter_columns(), lambda r: r.key
        )
        self.table.setItemDelegateForColumn(0, LookDelegate(self.table, look_of))
        self.table.current_changed.connect(self._chosen)
        self.table.selection_changed.connect(self._chosen)
        self.table.opened.connect(lambda _: self._many_act(self.acts.preview)())
        self._empty = EmptyState("letters_empty", self)
        self._empty.acted.connect(self._empty_acted)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)

    def _make_side(self) -> None:
        self.card = KeyValues("letters_card", parent=self)
        self.way = Timeline("letters_way", self)
        facts = QWidget(self)
        column = QVBoxLayout(facts)
        column.addWidget(self.card)
        column.addStretch(1)
        self.side = QTabWidget(self)
        self.side.setObjectName("letters_side")
        self.side.setDocumentMode(True)
        passage = QWidget(self)
        QVBoxLayout(passage).addWidget(self.way)
        self.side.addTab(passage, self.tr("送达经过"))
        self.side.addTab(facts, self.tr("函件信息"))
        self.side.setMinimumWidth(self.fontMetrics().height() * 18)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        for button in self.buttons.values():
            bar.addWidget(button)
        bar.addStretch(1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self._stack)
        split.addWidget(self.side)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        column = QVBoxLayout(self)
        column.addLayout(bar)
        column.addWidget(self.tabs)
        column.addWidget(self.filter)
        column.addWidget(self.banner)
        column.addWidget(split, 1)

    def _tab_list(self) -> list[StatusTab]:
        count = dict.fromkeys(SlotState, 0)
        for slot in self._slots:
            count[slot.state] += 1
        unit = self.tr("%1 份")
        return [
            StatusTab(_ALL, self.tr("全部"), len(self._slots), unit=unit),
            *(
                StatusTab(one, SLOT_LABELS[one], count[one], tone=SLOT_LOOKS[one][1], unit=unit)
                for one in SlotState
            ),
        ]

    def _show(self, found: list[LetterSlot]) -> None:
        self._slots = tuple(found)
        self.tabs.set_tabs(self._tab_list())
        self._refill()

    def _refill(self, _: object = None) -> None:
        tab = self.tabs.current()
        rows = [
            slot
            for slot in self._slots
            if tab in {_ALL, slot.state} and matching(slot, self.filter.values)
        ]
        self.table.set_rows(rows)
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        if self._slots:
            self._empty.show_state(self.tr("没有符合条件的函件。"), self.tr("清除筛选条件"))
        else:
            self._empty.show_state(
                self.tr("还没有需要发出的函件。取消自动扣款的申请批准后，函件会列在这里。"),
                self.tr("去自动扣款"),
            )
        self._go_to_wanted()
        self._chosen()

    def _go_to_wanted(self) -> None:
        rows = self.table.all_rows()
        fits = [at for at, row in enumerate(rows) if self._wanted in {row.form_no, row.number}]
        if self._wanted and fits:
            self._wanted = ""
            self.table.setCurrentIndex(self.table.rows().index(fits[0], 0))
            self.table.select_positions(fits)

    def _empty_acted(self) -> None:
        if self._slots:
            self.tabs.select(_ALL)
            self.filter.reset()
            self._refill()
        else:
            self._context.navigate.emit("agreements", None)

    def _one(self) -> LetterSlot | None:
        rows = self.table.selected_rows()
        return rows[0] if len(rows) == 1 else None

    def _one_act(self, act: Callable[[LetterSlot], object]) -> Callable[[], None]:
        def run() -> None:
            slot = self._one()
            if slot is not None:
                act(slot)

        return run

    def _many_act(self, act: Callable[[Sequence[LetterSlot]], object]) -> Callable[[], None]:
        def run() -> None:
            rows = self.table.selected_rows()
            if rows:
                act(rows)

        return run

    def _issue(self) -> None:
        self.acts.issue(self._to_issue())

    def _chase(self, slot: LetterSlot) -> None:
        self.acts.dispatch(slot, chase=True)

    def _to_issue(self) -> list[LetterSlot]:
        """What is to be issued of the chosen rows; of all while none is chosen."""
        rows = self.table.selected_rows() or list(self._slots)
        return [slot for slot in rows if slot.state is SlotState.MISSING]

    def _chosen(self, _: object = None) -> None:
        slot = self._one()
        self.side.setVisible(slot is not None)
        if slot is not None:
            self.card.set_lines(card(slot))
            self.way.set_entries(way(slot))
        self._offer("issue", "" if self._to_issue() else self.tr("所选函件都已生成。"))
        chosen = self.table.selected_rows()
        self._offer("preview", "" if chosen else self.tr("请先选择函件。"), free=True)
        wait = frozenset({SlotState.UNKNOWN})
        self._offer("mail", self._why_not(slot, _MAILABLE))
        self._offer("dispatch", self._why_not(slot, _MAILABLE | _OUT))
        self._offer("settle", self._why_not(slot, wait))
        self._offer("chase", self._why_not(slot, _OUT))
        self._offer("answer", self._why_not(slot, _OUT | _MAILABLE))
        self._offer("prove", "" if slot else self.tr("请先选择一份函件。"))
        self._offer("void", self._why_not(slot, frozenset({SlotState.READY})))
        following = None if slot is None else _NEXT.get(slot.state)
        for name, button in self.buttons.items():
            stands_out = button.isEnabled() and (
                name == following or (not slot and name == "issue")
            )
            restyle(button, "kind", "primary" if stands_out else "")

    def _offer(self, name: str, why: str, *, free: bool = False) -> None:
        if not free and not self._context.may(Right.AGREEMENT_MANAGE):
            why = self.tr("您没有“%1”权限。").replace("%1", RIGHT_LABELS[Right.AGREEMENT_MANAGE])
        self.buttons[name].setEnabled(not why)
        self.buttons[name].setToolTip(why)

    def _why_not(self, slot: LetterSlot | None, states: frozenset[SlotState]) -> str:
        if slot is None:
            return self.tr("请先选择一份函件。")
        if slot.state not in states:
            text = self.tr("该函件当前为“%1”，不能办理。")
            return text.replace("%1", SLOT_LABELS[slot.state])
        return ""

"""The later steps of 取消自动扣款: why and how it goes on, the last look, and what became of it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.agreements.cancel_view import CancelForm, Owner
from app.agreements.cancelling import Left
from app.agreements.flow import CancelDraft, SeenRow
from app.agreements.states import CANCEL_LABELS, ITEM_LABELS, METHOD_LABELS, Method
from app.core.clock import local_text
from app.letters.states import CARRIER_LABELS
from ui.agreements.looks import tr
from ui.resume.pieces import approval_entries, heading, note
from ui.resume.short_table import ShortTable
from ui.theme import Tone
from ui.widgets.columns import Column
from ui.widgets.key_values import KeyValue, KeyValues
from ui.widgets.timeline import Timeline


class PlanStep(QWidget):
    """Emits the fields that changed (name → value)."""

    typed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cancel.plan")
        self._loading = False
        self.reason = QPlainTextEdit(self)
        self.reason.setObjectName("cancel.plan.reason")
        self.reason.setAccessibleName(self.tr("取消原因"))
        self.reason.setPlaceholderText(self.tr("例如：更换供应商、改为对账后付款"))
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(self.fontMetrics().height() * 4)
        self.reason.textChanged.connect(self._tell)
        self.method = self._combo("method", self.tr("付款方式"))
        for one in Method:
            self.method.addItem(METHOD_LABELS[one], str(one))
        self.owner = self._combo("owner", self.tr("办理人员"))
        self.to_bank = self._combo("to_bank", self.tr("通知银行"))
        self.to_supplier = self._combo("to_supplier", self.tr("通知收款单位"))
        for box in (self.to_bank, self.to_supplier):
            for carrier, label in CARRIER_LABELS.items():
                box.addItem(label, str(carrier))
        self.departments = QLineEdit(self)
        self.departments.setObjectName("cancel.plan.departments")
        self.departments.setAccessibleName(self.tr("通知部门"))
        self.departments.textChanged.connect(self._tell)
        self.said = note("cancel.plan.said", "", self, Tone.MUTED)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("取消原因*"), self.reason)
        form.addRow(self.tr("今后付款方式"), self.method)
        form.addRow(self.tr("付款办理人员*"), self.owner)
        form.addRow("", self.said)
        form.addRow(self.tr("通知银行"), self.to_bank)
        form.addRow(self.tr("通知收款单位"), self.to_supplier)
        form.addRow(self.tr("通知部门"), self.departments)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addStretch(1)

    def show_draft(self, draft: CancelDraft, owners: Sequence[Owner]) -> None:
        """Show what was typed."""
        self._loading = True
        if self.reason.toPlainText() != draft.reason:
            self.reason.setPlainText(draft.reason)
        if self.owner.count() != len(owners) + 1:
            self.owner.clear()
            self.owner.addItem(self.tr("请选择"), "")
            for one in owners:
                self.owner.addItem(f"{one.name}（{one.username}）", one.username)
        method = draft.method_of(draft.numbers[0]) if draft.numbers else Method.TRANSFER
        for box, value in (
            (self.owner, draft.owner),
            (self.method, method),
            (self.to_bank, draft.to_bank),
            (self.to_supplier, draft.to_supplier),
        ):
            box.setCurrentIndex(max(0, box.findData(str(value))))
        if self.departments.text() != draft.departments:
            self.departments.setText(draft.departments)
        self._loading = False
        count = sum(len(row.impact.prevented) for row in draft.eligible)
        text = self.tr("提交后为今后一年生成 %1 项人工付款任务。").replace("%1", str(count))
        self.said.setText(self.tr("不生成付款任务。") if method is Method.NONE else text)

    def _combo(self, name: str, title: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"cancel.plan.{name}")
        box.setAccessibleName(title)
        box.activated.connect(self._tell)
        return box

    def _tell(self, _: object = None) -> None:
        if not self._loading:
            self.typed.emit(
                {
                    "reason": self.reason.toPlainText(),
                    "owner": str(self.owner.currentData() or ""),
                    "method": str(self.method.currentData()),
                    "to_bank": str(self.to_bank.currentData()),
                    "to_supplier": str(self.to_supplier.currentData()),
                    "departments": self.departments.text(),
                }
            )


class ConfirmStep(QWidget):
    """Emits what was typed to confirm."""

    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cancel.confirm")
        self.facts = KeyValues("cancel.confirm.facts", parent=self)
        self.said = note("cancel.confirm.said", "", self, Tone.WARN)
        self.line = QLineEdit(self)
        self.line.setObjectName("cancel.confirm.typed")
        self.line.setAccessibleName(self.tr("再次输入协议编号"))
        self.line.textChanged.connect(self.typed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.facts)
        column.addWidget(self.said)
        column.addWidget(self.line)
        column.addStretch(1)

    def show_draft(self, draft: CancelDraft) -> None:
        """Show what will be asked for."""
        rows = draft.eligible
        banks = sorted({row.bank for row in rows})
        gap = sum(len(row.impact.in_flight) for row in rows)
        self.facts.set_lines(
            [
                KeyValue("rows", tr("取消协议"), _names(rows), bold=True),
                KeyValue("wished", tr("期望终止日"), str(draft.wished_on or "")),
                KeyValue("reason", tr("取消原因"), draft.reason),
                KeyValue("method", tr("今后付款"), METHOD_LABELS[_method(draft)]),
                KeyValue("banks", tr("须通知的银行"), "、".join(banks)),
                KeyValue(
                    "payees", tr("须通知的收款单位"), "、".join(sorted({r.payee for r in rows}))
                ),
                KeyValue("gap", tr("终止前仍会扣款"), tr("%1 次").replace("%1", str(gap))),
            ]
        )
        one = len(rows) == 1
        text = self.tr(
            "提交后协议转为“取消处理中”；银行书面确认终止前，协议不算取消，仍可能被扣款。"
        )
        ask = self.tr("请再次输入协议编号确认。") if one else self.tr("提交时须输入登录密码确认。")
        self.said.setText(f"{text}\n{ask}")
        self.line.setVisible(one)
        self.line.setPlaceholderText(rows[0].number if one else "")
        if self.line.text() != draft.typed:
            self.line.setText(draft.typed)


class DoneStep(QWidget):
    """The request as it was submitted, each row's outcome, and who decides next."""

    register_wanted = Signal()
    sheet_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cancel.done")
        self.facts = KeyValues("cancel.done.facts", parent=self)
        self.left = note("cancel.done.left", "", self, Tone.WARN)
        self.table: ShortTable[tuple[str, str, str]] = ShortTable(
            "cancel.done.table",
            self.tr("各协议办理结果"),
            (
                Column("number", self.tr("协议编号"), lambda r: r[0], chars=14),
                Column("payee", self.tr("收款单位"), lambda r: r[1], chars=30),
                Column("state", self.tr("结果"), lambda r: r[2], chars=24),
            ),
            lambda r: r[0],
            parent=self,
        )
        self.table.share(("payee", "state"))
        self.steps = Timeline("cancel.done.steps", self)
        back = QPushButton(self.tr("回到自动扣款(&L)"), self)
        back.setObjectName("cancel.done.back")
        back.setAccessibleName(self.tr("回到自动扣款"))
        back.clicked.connect(self.register_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.facts)
        column.addWidget(self.left)
        column.addWidget(self.table)
        column.addWidget(heading(self.tr("审批进度"), self))
        column.addWidget(self.steps, 1)
        self.sheet = QPushButton(self.tr("预览、打印申请单(&P)…"), self)
        self.sheet.setObjectName("cancel.done.sheet")
        self.sheet.setAccessibleName(self.tr("预览、打印申请单"))
        self.sheet.clicked.connect(
            lambda _=False: self.sheet_wanted.emit(self.facts.value("number"))
        )
        row = QHBoxLayout()
        row.addWidget(self.sheet)
        row.addWidget(back)
        row.addStretch(1)
        column.addLayout(row)

    def show_form(self, form: CancelForm, left: Sequence[Left]) -> None:
        """Show the request."""
        self.facts.set_lines(
            [
                KeyValue("number", tr("申请单号"), form.number, bold=True),
                KeyValue("state", tr("状态"), CANCEL_LABELS[form.state], bold=True),
                KeyValue("reason", tr("取消原因"), form.reason),
                KeyValue("wished", tr("期望终止日"), str(form.wished_on)),
                KeyValue(
                    "asked", tr("申请"), f"{form.requested_by}　{local_text(form.requested_at)}"
                ),
            ]
        )
        self.table.set_rows([(one.number, one.payee, ITEM_LABELS[one.state]) for one in form.items])
        self.left.setText("\n".join(f"{one.number} 未提交：{one.why}" for one in left))
        self.left.setVisible(bool(left))
        self.steps.set_entries(approval_entries(form.approval))


def _names(rows: Sequence[SeenRow]) -> str:
    return "；".join(f"{row.number} {row.payee}" for row in rows)


def _method(draft: CancelDraft) -> Method:
    rows = draft.eligible
    return draft.method_of(rows[0].number) if rows else Method.TRANSFER


def notices_of(draft: CancelDraft) -> list[dict[str, Any]]:
    """Whom the request tells: each bank, each payee and the departments, once."""
    banks = dict.fromkeys(row.bank for row in draft.eligible)
    payees = dict.fromkeys(row.payee for row in draft.eligible)
    found: list[dict[str, Any]] = [
        {"party": "BANK", "name": name, "carrier": str(draft.to_bank)} for name in banks
    ]
    found += [
        {"party": "SUPPLIER", "name": name, "carrier": str(draft.to_supplier)} for name in payees
    ]
    if draft.departments.strip():
        found.append({"party": "INTERNAL", "name": draft.departments.strip(), "carrier": "SYSTEM"})
    return found

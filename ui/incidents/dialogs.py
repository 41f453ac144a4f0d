"""The forms of an incident: opening it, writing to its timeline, its cause and its severity."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget
from typing_extensions import override

from app.core.errors import BadInput
from app.incidents import cases
from app.incidents.case_view import IncidentLine
from app.incidents.cases import Written
from app.incidents.opening import OpenIncident, join_incident, open_incident
from app.incidents.states import (
    CAUSE_LABELS,
    SEVERITY_LABELS,
    UNRESOLVED,
    Cause,
    Severity,
)
from ui.admin.clock_field import ClockField
from ui.context import Context
from ui.resume.form_dialog import FormDialog

_NAMED: Final = 8


class OpenDialog(FormDialog):
    """转应急事件: one of its own for debits, payments or bank lines, or part of one that is open.

    lines: id and words of each bank line. Without anything it is opened by hand, with a name.
    """

    opened = Signal(str)

    def __init__(
        self,
        context: Context,
        hits: Sequence[str],
        incidents: Sequence[IncidentLine],
        parent: QWidget | None = None,
        payments: Sequence[str] = (),
        lines: Mapping[int, str] | None = None,
    ) -> None:
        super().__init__(context, "incident_open", parent)
        self.entitle(self.tr("转应急事件"), self.tr("建立(&S)"))
        self._hits, self._payments = tuple(hits), tuple(payments)
        self._lines = dict(lines or {})
        if hits:
            self.said("hits", self.tr("异常扣款"), _named(hits))
        if payments:
            self.said("payments", self.tr("付款指令"), _named(payments))
        if self._lines:
            self.said("lines", self.tr("银行流水"), _named(list(self._lines.values())))
        required = "" if hits or payments or self._lines else "*"
        self.name = self.line(
            "name",
            self.tr("事件名称") + required,
            "",
            self.tr("如 网银无法登录") if required else self.tr("不填：按涉及的款项"),
        )
        self.target = choice(self, "target", self.tr("转入"), [("", self.tr("新建事件"))])
        for one in incidents:
            if one.state in UNRESOLVED:
                self.target.addItem(f"{one.number}　{one.title}", one.number)
        self.fields.addRow(self.tr("转入"), self.target)
        self.severity = choice(self, "severity", self.tr("等级"), _pairs(SEVERITY_LABELS))
        self.severity.setCurrentIndex(self.severity.findData(str(Severity.P2)))
        self.fields.addRow(self.tr("等级*"), self.severity)
        self.text = self.area(
            "text", self.tr("经过*"), self.tr("如何发现、涉及哪些款项、已经做了什么")
        )
        self.target.currentIndexChanged.connect(self._turned)

    @override
    def start(self) -> None:
        target = str(self.target.currentData())
        hits, payments, text = self._hits, self._payments, self.text.toPlainText()
        lines = tuple(self._lines)
        if target:
            self.run(
                lambda db, actor: join_incident(db, actor, target, hits, text, payments, lines),
                lambda _: self.opened.emit(target),
            )
            return
        severity = Severity(self.severity.currentData())
        command = OpenIncident(hits, severity, text, self.name.text(), payments, lines)
        self.run(lambda db, actor: open_incident(db, actor, command), self.opened.emit)

    def _turned(self) -> None:
        """The severity of one that exists is its own."""
        joining = bool(self.target.currentData())
        self.severity.setEnabled(not joining)
        self.name.setEnabled(not joining)
        self.yes.setText(self.tr("并入(&S)") if joining else self.tr("建立(&S)"))


class WriteDialog(FormDialog):
    """记录: what happened. What was said with whom is a contact, with a form of its own."""

    written = Signal(str)

    def __init__(self, context: Context, row: IncidentLine, parent: QWidget | None = None) -> None:
        super().__init__(context, "incident_write", parent)
        self.entitle(self.tr("记录 %1").replace("%1", row.number), self.tr("记录(&S)"))
        self._number = row.number
        title = self.tr("发生时间")
        now = context.db.clock.now()
        self.at = ClockField("incident_write.at", title, context.db.tz, now, self)
        self.fields.addRow(self.tr("发生时间*"), self.at)
        self.text = self.area("text", self.tr("内容*"), self.tr("发生了什么，做了什么，结果如何"))

    @override
    def start(self) -> None:
        line, number = Written(self.text.toPlainText(), self.at.instant()), self._number
        self.run(
            lambda db, actor: cases.write(db, actor, number, line),
            lambda _: self.written.emit(number),
        )


class CauseDialog(FormDialog):
    """定因: why it happened, with what shows it."""

    written = Signal(str)

    def __init__(self, context: Context, row: IncidentLine, parent: QWidget | None = None) -> None:
        super().__init__(context, "incident_cause", parent)
        self.entitle(self.tr("定因 %1").replace("%1", row.number), self.tr("保存(&S)"))
        self._row = row
        pairs = [("", self.tr("请选择")), *_pairs(CAUSE_LABELS)]
        self.cause = choice(self, "cause", self.tr("原因"), pairs)
        if row.cause is not Cause.PENDING:
            self.cause.setCurrentIndex(self.cause.findData(str(row.cause)))
        self.fields.addRow(self.tr("原因*"), self.cause)
        self.why = self.area(
            "why", self.tr("依据*"), self.tr("依据的流水、回执、通话，由谁在何时核实")
        )
        self.why.setPlainText(row.cause_why)

    @override
    def start(self) -> None:
        code = self.cause.currentData()
        if not code:
            raise BadInput(self.tr("请选择原因；尚不清楚的，选“待查”并写明已有的线索。"))
        row, why = self._row, self.why.toPlainText()
        self.run(
            lambda db, actor: cases.set_cause(db, actor, row.number, Cause(code), why, row.version),
            lambda _: self.written.emit(row.number),
        )


class SeverityDialog(FormDialog):
    """调整等级: with the reason for it."""

    written = Signal(str)

    def __init__(self, context: Context, row: IncidentLine, parent: QWidget | None = None) -> None:
        super().__init__(context, "incident_severity", parent)
        self.entitle(self.tr("调整等级 %1").replace("%1", row.number), self.tr("保存(&S)"))
        self._row = row
        self.severity = choice(self, "severity", self.tr("等级"), _pairs(SEVERITY_LABELS))
        self.severity.setCurrentIndex(self.severity.findData(str(row.severity)))
        self.fields.addRow(self.tr("等级*"), self.severity)
        self.why = self.area("why", self.tr("理由*"))

    @override
    def start(self) -> None:
        row, why = self._row, self.why.toPlainText()
        severity = Severity(self.severity.currentData())
        self.run(
            lambda db, actor: cases.set_severity(db, actor, row.number, severity, why, row.version),
            lambda _: self.written.emit(row.number),
        )


def _named(numbers: Sequence[str]) -> str:
    """The first of them; more than a few are counted."""
    more = f" … 共 {len(numbers):,} 笔" if len(numbers) > _NAMED else ""
    return "、".join(numbers[:_NAMED]) + more


def choice(
    parent: FormDialog, name: str, title: str, pairs: Iterable[tuple[str, str]]
) -> QComboBox:
    """A list to choose from."""
    made = QComboBox(parent)
    made.setObjectName(f"{parent.objectName()}.{name}")
    made.setAccessibleName(title)
    for code, label in pairs:
        made.addItem(label, str(code))
    return made


def _pairs(labels: dict[Severity, str] | dict[Cause, str]) -> list[tuple[str, str]]:
    return [(str(code), label) for code, label in labels.items()]

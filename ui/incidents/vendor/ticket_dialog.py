"""技术支持工单: filled in, looked at, copied, and sent once."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QWidget
from typing_extensions import override

from app.core.errors import BadInput
from app.incidents.evidence.keeping import CATEGORY_LABELS, EvidenceLine
from app.incidents.vendor.ticket_form import FIELD_LABELS, TicketFields, missing
from app.incidents.vendor.tickets import (
    SendTicket,
    TicketLine,
    choosable,
    new_ticket,
    save_ticket,
    send_ticket,
)
from ui.admin.clock_field import ClockField
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.theme import Tone, set_tone
from ui.widgets.banner import Severity


@dataclass(frozen=True, slots=True)
class _Begun:
    fields: TicketFields
    evidence: list[EvidenceLine]


class TicketDialog(FormDialog):
    """A draft: filled from what is known, or as it was saved."""

    written = Signal(str)

    def __init__(
        self,
        context: Context,
        number: str,
        known: TicketLine | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "ticket", parent)
        title = self.tr("技术支持工单")
        self.entitle(f"{title} {known.number}" if known else title, self.tr("保存(&S)"))
        self._number, self._known = number, known
        labels = FIELD_LABELS
        self.software = self.line("software", labels["software"])
        self.steps = self.area(
            "steps", labels["steps"], self.tr("先做了什么，再点了什么，到哪一步出错")
        )
        self.symptom = self.area(
            "symptom", labels["symptom"], self.tr("看到的现象，错误信息的原文")
        )
        self.error_code = self.line(
            "error_code", labels["error_code"], "", self.tr("没有代码的填“无”")
        )
        self.evidence = QListWidget(self)
        self.evidence.setObjectName("ticket.evidence")
        self.evidence.setAccessibleName(labels["evidence"])
        self.evidence.setFixedHeight(self.fontMetrics().height() * 4)
        self.fields.addRow(labels["evidence"], self.evidence)
        self.accounts = self.line("accounts", labels["accounts"], "", self.tr("只写末四位"))
        self.at = ClockField("ticket.at", labels["happened_at"], context.db.tz, None, self)
        self.fields.addRow(labels["happened_at"], self.at)
        self.contact = self.line("contact", labels["contact"])
        self.phone = self.line("phone", labels["phone"])
        self.wanted = self.area("wanted", labels["wanted"])
        self.left = QLabel(self)
        self.left.setObjectName("ticket.left")
        self.left.setWordWrap(True)
        self.left.setTextFormat(Qt.TextFormat.PlainText)
        self.fields.addRow(self.tr("还缺什么"), self.left)
        self._watch()
        self._read()

    def _watch(self) -> None:
        for edit in (self.software, self.error_code, self.accounts, self.contact, self.phone):
            edit.textChanged.connect(self._judge)
        for area in (self.steps, self.symptom, self.wanted):
            area.textChanged.connect(self._judge)
        self.at.textChanged.connect(self._judge)
        self.evidence.itemChanged.connect(self._judge)

    def _read(self) -> None:
        db, actor, number, known = self.context.db, self.context.actor, self._number, self._known

        def work(_: object) -> _Begun:
            fields = known.fields if known else new_ticket(db, actor, number)
            return _Begun(fields, choosable(db, actor, number))

        self.yes.setEnabled(False)
        self.context.read(work, self._show, self.refused)

    def _show(self, found: _Begun) -> None:
        fields = found.fields
        for name in ("software", "error_code", "accounts", "contact", "phone"):
            edit: QLineEdit = getattr(self, name)
            edit.setText(getattr(fields, name))
            edit.setCursorPosition(0)
        for name in ("steps", "symptom", "wanted"):
            getattr(self, name).setPlainText(getattr(fields, name))
        if fields.happened_at is not None:
            self.at.set_instant(fields.happened_at)
        for one in found.evidence:
            text = f"{one.number}　{CATEGORY_LABELS[one.category]}　{one.name}"
            item = QListWidgetItem(text, self.evidence)
            item.setData(Qt.ItemDataRole.UserRole, one.number)
            on = one.number in fields.evidence
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        if not found.evidence:
            none = QListWidgetItem(self.tr("本事件还没有证据"), self.evidence)
            none.setFlags(Qt.ItemFlag.NoItemFlags)
        self.yes.setEnabled(True)
        self._judge()

    def typed(self) -> TicketFields:
        """What stands in the form. Raises BadInput for a time that can't be read."""
        items = [self.evidence.item(at) for at in range(self.evidence.count())]
        return TicketFields(
            software=self.software.text(),
            steps=self.steps.toPlainText(),
            symptom=self.symptom.toPlainText(),
            error_code=self.error_code.text(),
            evidence=tuple(
                str(one.data(Qt.ItemDataRole.UserRole))
                for one in items
                if one.checkState() == Qt.CheckState.Checked
                and one.data(Qt.ItemDataRole.UserRole) is not None
            ),
            accounts=self.accounts.text(),
            happened_at=self.at.chosen(),
            contact=self.contact.text(),
            phone=self.phone.text(),
            wanted=self.wanted.toPlainText(),
        )

    def _judge(self, _: object = None) -> None:
        try:
            left = [one.text for one in missing(self.typed(), self.context.db.clock.now())]
        except BadInput as problem:
            left = [f"{problem.message}{problem.hint}"]
        self.left.setText("\n".join(left) or self.tr("已填齐，保存后可以提交。"))
        set_tone(self.left, Tone.WARN if left else Tone.OK)

    @override
    def start(self) -> None:
        fields, number, known = self.typed(), self._number, self._known
        ticket, version = (known.number, known.version) if known else ("", 0)
        self.run(
            lambda db, actor: save_ticket(db, actor, number, fields, ticket, version),
            self.written.emit,
        )


class SendDialog(FormDialog):
    """To whom a ticket was given, and under which number they deal with it."""

    written = Signal(str)

    def __init__(
        self, context: Context, ticket: TicketLine, text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "ticket_send", parent)
        self.entitle(self.tr("提交工单 %1").replace("%1", ticket.number), self.tr("登记已提交(&S)"))
        self._ticket = ticket
        self.body = self.area("body", self.tr("工单内容"))
        self.body.setFixedHeight(self.fontMetrics().height() * 16)
        self.body.setReadOnly(True)
        self.body.setPlainText(text)
        self.vendor = self.line("vendor", self.tr("供应商*"))
        self.theirs = self.line(
            "theirs", self.tr("供应商工单号"), "", self.tr("对方给的受理编号，可不填")
        )
        said = self.tr("请先把内容发给供应商，再登记。登记后工单内容不能再修改。")
        self.banner.show_message(Severity.INFO, said)

    @override
    def start(self) -> None:
        one = self._ticket
        command = SendTicket(one.number, self.vendor.text(), self.theirs.text(), one.version)
        self.run(
            lambda db, actor: send_ticket(db, actor, command),
            lambda _: self.written.emit(one.number),
        )

"""登记联系电话: the number on which a payee is called back, and what to say where there is none."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.guard import Actor
from app.access.rights import Right
from app.core.clock import local_text
from app.payees.contacts import (
    SOURCE_LABELS,
    ContactCard,
    ContactLine,
    ContactSource,
    RegisterContact,
    register_contact,
    who_registers,
)
from app.storage.work import Database
from ui import messages
from ui.admin.identity import with_fresh_identity
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.tasks import Progress
from ui.theme import Tone, set_tone
from ui.widgets.banner import Severity

Find = Callable[[Database, Actor], ContactCard]
_SHOWN = 5


class ContactDialog(FormDialog):
    """Emits the number once it is registered."""

    registered = Signal(str)

    def __init__(self, context: Context, card: ContactCard, parent: QWidget | None = None) -> None:
        super().__init__(context, "contact", parent)
        self.entitle(self.tr("登记联系电话"), self.tr("登记(&S)"))
        self._card = card
        self.said("payee", self.tr("收款方"), card.payee)
        now = "　".join(part for part in (card.phone, card.contact) if part)
        self.said("now", self.tr("现登记"), now or self.tr("未登记"))
        if card.history:
            lines = [self._line(one) for one in card.history[:_SHOWN]]
            self.said("history", self.tr("登记记录"), "\n".join(lines))
        self.phone = self.line(
            "phone", self.tr("电话"), "", self.tr("0512-85130348、0512-85130348转801 或手机号码")
        )
        self.contact = self.line("contact", self.tr("联系人"), card.contact, self.tr("姓名"))
        self.source = self._sources()
        self.reason = self.area(
            "reason",
            self.tr("依据"),
            self.tr("号码见于哪份资料，例如：采购合同 HT-HL-2026-07 第 12 条"),
        )
        self.fields.addRow(note("contact.warning", self._warning(), self, Tone.WARN))
        self.phone.setFocus()

    @override
    def start(self) -> None:
        if self.source.currentData() is None:
            self.banner.show_message(
                Severity.WARN,
                self.tr("请选择电话的来源。"),
                self.tr("只能取自合同、工商登记等原有资料，不能取自变更函或来电。"),
            )
            return
        with_fresh_identity(self, self.context, self._register)

    def _register(self) -> None:
        command = RegisterContact(
            self._card.payee_id,
            self.phone.text(),
            self.contact.text(),
            ContactSource(self.source.currentData()),
            self.reason.toPlainText(),
            self._card.version,
        )
        self.run(
            lambda db, actor: register_contact(db, actor, command),
            lambda _: self.registered.emit(command.phone.strip()),
        )

    def _sources(self) -> QComboBox:
        made = QComboBox(self)
        made.setObjectName("contact.source")
        made.setAccessibleName(self.tr("来源"))
        made.addItem(self.tr("请选择"), None)
        for source, label in SOURCE_LABELS.items():
            made.addItem(label, source.value)
        self.fields.addRow(self.tr("来源"), made)
        return made

    def _warning(self) -> str:
        text = self.tr(
            "以后的收款信息变更都按此电话回拨核实。号码只能取自合同、工商登记等原有资料，"
            "不能取自变更函、邮件或来电。"
        )
        if self._card.open_changes:
            late = self.tr(
                "\n%1 正在等待核实：变更提交之后才登记的电话，不能用来核实该变更，须重新提交。"
            )
            text += late.replace("%1", "、".join(self._card.open_changes))
        return text

    def _line(self, one: ContactLine) -> str:
        when = local_text(one.registered_at, self.context.db.tz)
        source = SOURCE_LABELS[one.source]
        return f"{when}　{one.phone}　{one.contact}　{source}　{one.registered_by}"


class PhoneNote(QWidget):
    """Says which number will be called; where there is none, lets it be registered or says by whom.

    find: reads the payee's card, off the window's thread; known: the sentence around the number.
    Emits `registered` with a new number.
    """

    registered = Signal(str)

    def __init__(
        self,
        context: Context,
        name: str,
        phone: str,
        find: Find,
        known: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._find = find
        self._known = known
        self._failed = messages.presenter(self)
        self.text = note(f"{name}.phone", "", self, Tone.WARN)
        self.button = QPushButton(self.tr("登记联系电话(&T)…"), self)
        self.button.setObjectName(f"{name}.register")
        self.button.setAccessibleName(self.tr("登记联系电话"))
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.register)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        column.addLayout(row)
        self.show_phone(phone)

    def show_phone(self, phone: str) -> None:
        """Say what follows from that number; empty for none."""
        may = self._context.may(Right.PAYEE_CONTACT)
        self.button.setVisible(not phone and may)
        said = self._known
        if not phone:
            said = self.tr("该收款方没有登记联系电话，无法回拨核实。%1再提交变更。")
            first = self.tr("请先从合同等原有资料登记电话，")
            other = self.tr("请先由%1从合同等原有资料登记电话，")
            said = said.replace("%1", first if may else other)
        self.text.setText(said.replace("%1", phone or who_registers()))
        set_tone(self.text, Tone.WARN if phone else Tone.STOP)

    def register(self) -> None:
        """Open the dialog on the payee as it is now."""
        context, find = self._context, self._find

        def work(_: Progress) -> ContactCard:
            return find(context.db, context.actor)

        context.tasks.start(work, self._open, self._failed, owner=self)

    def _open(self, card: ContactCard) -> None:
        dialog = ContactDialog(self._context, card, self)
        dialog.registered.connect(self.show_phone)
        dialog.registered.connect(self.registered)
        dialog.open()

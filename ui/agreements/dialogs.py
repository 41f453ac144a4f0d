"""The short acts on one agreement: note a debit, suspend, reinstate."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.agreements import service
from app.agreements.queries import AgreementLine
from app.agreements.service import RecordDebit
from app.core.clock import business_date
from app.core.errors import BadInput
from ui.admin.identity import with_fresh_identity
from ui.agreements.looks import next_text, tr
from ui.context import Context
from ui.payments.reason_dialog import ReasonDialog
from ui.resume.form_dialog import FormDialog
from ui.widgets.date_field import DateField
from ui.widgets.money_edit import MoneyEdit


class DebitDialog(FormDialog):
    """Notes a debit that was found on the statement or a receipt."""

    recorded = Signal(str)

    def __init__(
        self, context: Context, line: AgreementLine, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "agreements_debit", parent)
        self.entitle(self.tr("登记扣款 %1").replace("%1", line.number), self.tr("登记(&S)"))
        self._line = line
        self.said("payee", self.tr("收款单位"), line.payee)
        today = business_date(context.db.clock.now(), context.db.tz)
        self.day = DateField("agreements_debit.on", self.tr("扣款日"), today, self)
        self.day.set_date(today)
        self.fields.addRow(self.tr("扣款日"), self.day)
        currency = line.amount.currency if line.amount else "CNY"
        self.amount = MoneyEdit("agreements_debit.amount", self.tr("扣款金额"), currency, self)
        self.amount.set_money(line.amount)
        self.fields.addRow(self.tr("扣款金额"), self.amount)
        self.reference = self.line("reference", self.tr("银行流水号"))
        self.remark = self.line("remark", self.tr("说明"), "", self.tr("依据，如对账单页码"))
        self.amount.setFocus()

    @override
    def start(self) -> None:
        command = self._command()
        self.run(
            lambda db, actor: service.record_debit(db, actor, command),
            lambda _: self.recorded.emit(command.number),
        )

    def _command(self) -> RecordDebit:
        day, amount = self.day.chosen(), self.amount.money()
        if day is None or amount is None:
            raise BadInput(self.tr("请填写扣款日和扣款金额。"))
        return RecordDebit(
            self._line.number, day, amount, self.reference.text(), self.remark.text()
        )


def suspend_dialog(context: Context, line: AgreementLine, parent: QWidget) -> ReasonDialog:
    """Asks why nothing is to be debited for the time being."""
    text = tr(
        "暂停协议 %1（%2）？下次扣款日：%3。\n系统内的暂停不能阻止银行扣款，请同时通知银行和收款单位。"
    )
    return _reason_dialog(
        context,
        line,
        parent,
        tr("暂停自动扣款"),
        text.replace("%3", next_text(line)),
        tr("暂停"),
        lambda reason: service.suspend(
            context.db, context.actor, line.number, reason, line.version
        ),
    )


def reinstate_dialog(
    context: Context, line: AgreementLine, parent: QWidget, done: Callable[[], None]
) -> None:
    """Asks for the password, then why the agreement may debit again; `done` once it may."""

    def ask() -> None:
        dialog = _reason_dialog(
            context,
            line,
            parent,
            tr("恢复自动扣款"),
            tr("恢复协议 %1（%2）？恢复后银行可以继续按协议扣款。"),
            tr("恢复扣款"),
            lambda reason: service.reinstate(
                context.db, context.actor, line.number, reason, line.version
            ),
        )
        dialog.succeeded.connect(done)
        dialog.open()

    with_fresh_identity(parent, context, ask)


def _reason_dialog(
    context: Context,
    line: AgreementLine,
    parent: QWidget,
    title: str,
    text: str,
    yes: str,
    act: Callable[[str], object],
) -> ReasonDialog:
    said = text.replace("%1", line.number).replace("%2", line.payee)
    return ReasonDialog(context, title, said, act, yes=yes, danger=False, parent=parent)

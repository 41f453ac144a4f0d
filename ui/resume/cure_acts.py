"""What the buttons of the second step do."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.accounts.choices import PayingChoices, paying_choices
from app.payments import diagnosing
from app.payments.cures import Cure
from app.payments.flow import Seen
from app.payments.records import PaymentDetail
from app.payments.resume_view import situation
from ui import messages
from ui.context import Context
from ui.payments.form import PaymentForm
from ui.payments.running import start_act
from ui.resume.change_dialog import ChangeDialog
from ui.tasks import Progress
from ui.widgets.banner import Banner, Severity


class CureActs(QObject):
    """Opens the dialog or the page that a cure needs; `busy` while the diagnosis runs.

    diagnosed: what the database says after it (Seen).
    """

    busy = Signal(bool)
    diagnosed = Signal(object)

    def __init__(self, context: Context, owner: QWidget, banner: Banner) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._banner = banner
        self._failed = messages.presenter(owner, banner)

    def start(self, cure: Cure, detail: PaymentDetail) -> None:
        """Begin that cure of the payment."""
        navigate = self._context.navigate
        match cure:
            case Cure.PAYEE:
                self.change_payee(detail)
            case Cure.EDIT:
                self._edit(detail)
            case Cure.FUNDS:
                navigate.emit("accounts", detail.fields.account_number)
            case Cure.RULE:
                navigate.emit("rules", None)
            case Cure.BANK:
                navigate.emit("bank_result", detail.line.number)
            case Cure.PEOPLE:
                navigate.emit("people", None)

    def change_payee(self, detail: PaymentDetail) -> ChangeDialog:
        """Ask for a 收款信息变更."""
        dialog = ChangeDialog(self._context, detail, self._owner)
        dialog.asked.connect(self._asked)
        dialog.open()
        return dialog

    def diagnose(self, number: str) -> None:
        """Run the diagnosis again and keep what it finds."""
        context = self._context

        def work(_: Progress) -> Seen:
            db, actor, facts = context.db, context.actor, context.system_facts()
            diagnosing.run(db, actor, facts, [number])
            return situation(db, actor, number, facts).seen

        self.busy.emit(True)
        start_act(context, self._owner, work, self._diagnosed, self._not_diagnosed)

    def _diagnosed(self, seen: Seen) -> None:
        self.busy.emit(False)
        self.diagnosed.emit(seen)

    def _not_diagnosed(self, error: BaseException) -> None:
        self.busy.emit(False)
        self._failed(error)

    def _asked(self, number: str) -> None:
        text = self.tr("收款信息变更单 %1 已提交，等待另一人回拨核实。").replace("%1", number)
        self._banner.show_message(Severity.OK, text)

    def _edit(self, detail: PaymentDetail) -> None:
        context = self._context

        def work(_: Progress) -> PayingChoices:
            return paying_choices(context.db, context.actor)

        def show(choices: PayingChoices) -> None:
            form = PaymentForm(context, choices, detail, self._owner)
            form.saved.connect(self._edited)
            form.open()

        context.tasks.start(work, show, self._failed, owner=self._owner)

    def _edited(self, number: str) -> None:
        text = self.tr("%1 已修改；修改人不能再审批本笔。").replace("%1", number)
        self._banner.show_message(Severity.OK, text)

"""What the buttons do, for the list and for the page of one payment alike."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.accounts.choices import PayingChoices, paying_choices
from app.core.errors import Refused
from app.incidents.case_view import IncidentLine, incident_lines
from app.payees.contacts import ContactCard, contact_card
from app.payments import diagnosing, editing
from app.payments.detail import payment_detail
from app.payments.diagnosing import RunResult
from app.payments.exporting import export_payments
from app.payments.lines import PaymentLine
from app.payments.listing import PaymentList
from app.payments.offers import Offer
from app.payments.records import PaymentDetail
from app.payments.states import HoldScope
from ui import messages
from ui.context import Context
from ui.incidents.dialogs import OpenDialog
from ui.payments.export_dialog import ExportDialog
from ui.payments.form import PaymentForm
from ui.payments.hold_dialog import HoldDialog
from ui.payments.import_wizard import ImportWizard
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.running import RunDialog, run_long, start_act
from ui.resume.contact_dialog import ContactDialog
from ui.tasks import Progress
from ui.widgets.banner import Banner, Severity

_ONE_BY_ONE = 1
T = TypeVar("T")


class PaymentActs(QObject):
    """Starts acts on payments and says in the banner how they ended."""

    def __init__(
        self,
        context: Context,
        owner: QWidget,
        banner: Banner,
        listing: Callable[[], PaymentList] | None = None,
    ) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._banner = banner
        self._listing = listing
        self._failed = messages.presenter(owner, banner)
        self._busy = False

    def start(self, offer: Offer, chosen: Sequence[PaymentLine]) -> None:
        """Begin the act; a second press while one is running does nothing."""
        if self._busy:
            return
        self._banner.clear()
        one = chosen[0] if chosen else None
        match offer:
            case Offer.CREATE:
                self._with_choices(lambda choices: self._open_form(choices, None))
            case Offer.IMPORT:
                self.import_file()
            case Offer.DIAGNOSE:
                self.diagnose([line.number for line in chosen] or None)
            case Offer.HOLD_WIDE:
                self._open_hold(HoldScope.COMPANY, one)
            case Offer.EXPORT:
                self._export(chosen)
            case Offer.SUBMIT:
                self._submit(chosen)
            case Offer.INCIDENT:
                self._open_incident([line.number for line in chosen])
            case _ if one is not None:
                self._start_on(offer, one)

    def import_file(self, path: str = "") -> ImportWizard:
        """Open the import, with a file that was dropped on the window if there is one."""
        wizard = ImportWizard(self._context, self._owner)
        wizard.diagnose_wanted.connect(self.diagnose)
        wizard.open()
        if path:
            wizard.choose(path)
        return wizard

    def diagnose(self, numbers: Sequence[str] | None) -> None:
        """Diagnose these, or everything that stands still, with progress and 取消."""
        context = self._context

        def work(dialog: RunDialog, progress: Progress) -> RunResult:
            return diagnosing.run(
                context.db, context.actor, context.system_facts(), numbers, dialog.check(progress)
            )

        run_long(
            context, self._owner, self.tr("正在诊断停付原因"), work, self._diagnosed, self._failed
        )

    def _open_incident(self, numbers: Sequence[str]) -> None:
        """转应急事件, or into one that is being dealt with."""
        context = self._context

        def show(found: list[IncidentLine]) -> None:
            dialog = OpenDialog(context, (), found, self._owner, numbers)
            dialog.opened.connect(self._incident_opened)
            dialog.open()

        self._read(lambda _: incident_lines(context.db, context.actor), show)

    def _incident_opened(self, number: str) -> None:
        self._banner.show_message(
            Severity.OK,
            self.tr("已转入应急事件 %1。").replace("%1", number),
            action=self.tr("去处置"),
            on_action=lambda: self._context.navigate.emit("response", number),
        )

    def _start_on(self, offer: Offer, one: PaymentLine) -> None:
        match offer:
            case Offer.EDIT:
                self._with_detail(one.number, self._edit)
            case Offer.VOID:
                self._void(one)
            case Offer.HOLD:
                self._open_hold(HoldScope.PAYMENT, one)
            case Offer.RESUME:
                self._context.navigate.emit("resume", one.number)
            case Offer.BANK:
                self._context.navigate.emit("bank_result", one.number)
            case Offer.CONTACT:
                self._with_detail(one.number, self._contact)
            case _:
                raise ValueError(offer)

    def _diagnosed(self, result: RunResult) -> None:
        text = (
            self.tr("已诊断 %1 笔，共发现 %2 条原因。")
            .replace("%1", f"{result.payments:,}")
            .replace("%2", f"{result.causes:,}")
        )
        stopped = len(result.newly_stopped)
        more = self.tr("其中 %1 笔因存在阻断原因新停付：%2") if stopped else ""
        named = "、".join(result.newly_stopped[:3]) + ("…" if stopped > 3 else "")  # noqa: PLR2004
        remedy = more.replace("%1", str(stopped)).replace("%2", named)
        self._banner.show_message(Severity.WARN if stopped else Severity.OK, text, remedy)

    def _submit(self, chosen: Sequence[PaymentLine]) -> None:
        db, actor = self._context.db, self._context.actor

        def work(_: Progress) -> list[Refused]:
            refused: list[Refused] = []
            for line in chosen:
                try:
                    editing.submit(db, actor, line.number, line.version)
                except Refused as error:
                    if len(chosen) == _ONE_BY_ONE:
                        raise
                    refused.append(error)
            return refused

        def done(refused: list[Refused]) -> None:
            self._busy = False
            text = self.tr("已提交审批 %1 笔。").replace("%1", str(len(chosen) - len(refused)))
            if refused:
                text += self.tr("另有 %1 笔未能提交：").replace("%1", str(len(refused)))
                text += "；".join(error.message for error in refused[:3])
            kind = Severity.WARN if refused else Severity.OK
            self._banner.show_message(kind, text, refused[0].hint if refused else "")

        self._run(work, done)

    def _void(self, line: PaymentLine) -> None:
        db, actor = self._context.db, self._context.actor

        def void(reason: str) -> None:
            editing.void_payment(db, actor, line.number, reason, line.version)

        dialog = ReasonDialog(
            self._context,
            self.tr("作废付款 %1").replace("%1", line.number),
            self.tr("作废后不能恢复。%1，金额 %2。")
            .replace("%1", line.payee)
            .replace("%2", line.amount.display()),
            void,
            yes=self.tr("作废此笔"),
            parent=self._owner,
        )
        dialog.succeeded.connect(
            lambda: self._banner.show_message(
                Severity.OK, self.tr("%1 已作废。").replace("%1", line.number)
            )
        )
        dialog.open()

    def _edit(self, detail: PaymentDetail) -> None:
        self._with_choices(lambda choices: self._open_form(choices, detail))

    def _contact(self, detail: PaymentDetail) -> None:
        db, actor, payee = self._context.db, self._context.actor, detail.payee_id

        def open_dialog(card: ContactCard) -> None:
            dialog = ContactDialog(self._context, card, self._owner)
            dialog.registered.connect(self._registered)
            dialog.open()

        self._read(lambda _: contact_card(db, actor, payee), open_dialog)

    def _registered(self, phone: str) -> None:
        text = self.tr("已登记联系电话 %1。").replace("%1", phone)
        self._banner.show_message(Severity.OK, text)

    def _open_form(self, choices: PayingChoices, detail: PaymentDetail | None) -> None:
        form = PaymentForm(self._context, choices, detail, self._owner)
        form.saved.connect(self._saved)
        form.open()

    def _saved(self, number: str) -> None:
        self._banner.show_message(Severity.OK, self.tr("%1 已保存。").replace("%1", number))

    def _open_hold(self, scope: HoldScope, line: PaymentLine | None) -> None:
        def show(choices: PayingChoices) -> None:
            dialog = HoldDialog(self._context, choices, scope, line, self._owner)
            dialog.placed.connect(self._held)
            dialog.open()

        self._with_choices(show)

    def _held(self, number: str, count: int) -> None:
        text = self.tr("暂停令 %1 已生效，新停付 %2 笔。")
        text = text.replace("%1", number).replace("%2", f"{count:,}")
        self._banner.show_message(
            Severity.OK,
            text,
            action=self.tr("查看暂停令"),
            on_action=lambda: self._context.navigate.emit("holds", number),
        )

    def _export(self, chosen: Sequence[PaymentLine]) -> None:
        wanted: PaymentList | list[int]
        if self._listing is not None and len(chosen) <= 1:
            wanted = self._listing()
        else:
            wanted = [line.id for line in chosen]
        db, actor = self._context.db, self._context.actor
        ExportDialog(
            self._context,
            self._owner,
            self._banner,
            "payments_export_file",
            self.tr("导出付款清单"),
            self.tr("付款清单"),
            lambda path, told, stop: export_payments(db, actor, path, wanted, told, stop),
        ).open()

    def _with_choices(self, then: Callable[[PayingChoices], None]) -> None:
        db, actor = self._context.db, self._context.actor
        self._read(lambda _: paying_choices(db, actor), then)

    def _with_detail(self, number: str, then: Callable[[PaymentDetail], None]) -> None:
        db, actor = self._context.db, self._context.actor
        self._read(lambda _: payment_detail(db, actor, number), then)

    def _read(self, work: Callable[[Progress], T], then: Callable[[T], None]) -> None:
        self._busy = True

        def done(result: T) -> None:
            self._busy = False
            then(result)

        self._context.tasks.start(work, done, self._refused, owner=self)

    def _run(self, work: Callable[[Progress], T], done: Callable[[T], None]) -> None:
        self._busy = True
        start_act(self._context, self._owner, work, done, self._refused)

    def _refused(self, error: BaseException) -> None:
        self._busy = False
        self._failed(error)

"""What the page of letters can do with the chosen ones."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from app.agreements import letter_view, notices, proving, sending
from app.agreements.letter_view import LetterSlot, SlotState
from app.agreements.notices import Issued
from app.agreements.sending import MailDraft
from app.documents.writing import PdfResult
from app.letters.post import Handed, Server
from app.letters.states import MailState
from ui import messages
from ui.agreements.confirmation_dialog import ConfirmationDialog
from ui.context import Context
from ui.letters.batch_dialog import BatchMailDialog
from ui.letters.dispatch_dialog import DispatchDialog
from ui.letters.looks import may_be_signed, printed_note, tr
from ui.letters.mail_dialog import MailDialog
from ui.letters.refund_dialog import RefundDialog
from ui.letters.sign_dialog import SignDialog
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.running import RunDialog, run_long, start_act
from ui.resume.sheet_dialog import SheetDialog
from ui.tasks import Progress
from ui.widgets.banner import Banner, Severity

T = TypeVar("T")


class LetterActs:
    """Opens the dialogs of the page and says in its banner what came of them."""

    def __init__(self, context: Context, page: QWidget, banner: Banner) -> None:
        self._context = context
        self._page = page
        self._banner = banner
        self._failed = messages.presenter(page, banner)

    def issue(self, slots: Sequence[LetterSlot]) -> None:
        """Issue every letter that the chosen requests still call for."""
        forms = list(dict.fromkeys(slot.subject for slot in slots))
        db, actor = self._context.db, self._context.actor

        def work(dialog: RunDialog, progress: Progress) -> list[Issued]:
            done = []
            for form_no in forms:
                if dialog.cancelled():
                    break
                found = notices.issue_letters(db, actor, form_no, progress, dialog.cancelled)
                done.append(found)
            return done

        title = tr("正在生成函件")
        run_long(self._context, self._page, title, work, self._issued, self._failed)

    def preview(self, slots: Sequence[LetterSlot]) -> SheetDialog:
        """Look at the chosen letters; those that are issued as one file, to be printed."""
        db, actor = self._context.db, self._context.actor
        issued = [slot.number for slot in slots if slot.number]
        first = slots[0]

        def make() -> PdfResult:
            if issued:
                return letter_view.print_file(db, actor, issued)
            return notices.preview_letter(db, actor, first.subject, first.kind, first.addressee)

        title = "、".join(issued[:3]) if issued else tr("预览 %1").replace("%1", first.addressee)
        return self._sheet(title, make, printed_note(slots))

    def sign(self, slots: Sequence[LetterSlot]) -> SignDialog:
        """Sign the issued ones of the chosen letters with a certificate."""
        numbers = [slot.number for slot in slots if may_be_signed(slot)]
        dialog = SignDialog(self._context, numbers, len(slots) - len(numbers), self._page)
        dialog.signed.connect(self._say)
        dialog.open()
        return dialog

    def mail(self, slot: LetterSlot) -> None:
        """Send the letter by mail, after a look at what goes along."""
        db, actor = self._context.db, self._context.actor
        again = slot.state is SlotState.UNKNOWN
        self._open_mail(lambda: sending.letter_mail(db, actor, slot.number), again=again)

    def mail_many(self, slots: Sequence[LetterSlot]) -> None:
        """Send these letters one after another, after a look at their addresses."""
        db, actor = self._context.db, self._context.actor
        numbers = [slot.number for slot in slots]

        def work(_: Progress) -> tuple[list[MailDraft], Server]:
            return sending.letter_mails(db, actor, numbers), self._server()

        def show(found: tuple[list[MailDraft], Server]) -> None:
            BatchMailDialog(self._context, *found, self._page).open()

        self._context.tasks.start(work, show, self._failed, owner=self._page)

    def _open_mail(self, draft: Callable[[], MailDraft], *, again: bool) -> None:
        def work(_: Progress) -> tuple[MailDraft, Server]:
            return draft(), self._server()

        def show(found: tuple[MailDraft, Server]) -> None:
            dialog = MailDialog(self._context, *found, self._page, again=again)
            dialog.ended.connect(self._mailed)
            dialog.open()

        self._context.tasks.start(work, show, self._failed, owner=self._page)

    def _server(self) -> Server:
        """The mail server with the password that is known; the keyring may take its time."""
        server = sending.mail_server(self._context.db, self._context.actor)
        return self._context.mail_passwords.fill(server)

    def tell_departments(self, slot: LetterSlot) -> None:
        """Tell the departments of the letter's request by mail."""
        db, actor = self._context.db, self._context.actor
        self._open_mail(lambda: sending.form_mail(db, actor, slot.subject), again=False)

    def settle(self, slot: LetterSlot) -> None:
        """Keep that a mail of unknown fate has arrived."""
        open_mails = [one for one in slot.mails if one.state is not MailState.SENT]
        if not open_mails:
            return
        to = open_mails[-1].recipient
        said = tr("%1 发往 %2 的邮件是否送达不明。请与收件人核实，写明由谁、何时确认收到。")
        self._reason(
            tr("核实已送达"),
            said.replace("%1", slot.number).replace("%2", to),
            tr("确认已送达"),
            lambda why: sending.settle_mail(
                self._context.db, self._context.actor, slot.number, to, why
            ),
            tr("%1 已登记为送达。").replace("%1", slot.number),
            danger=False,
        )

    def dispatch(self, slot: LetterSlot, *, chase: bool = False) -> None:
        """Note how the letter went out, or that somebody was asked again."""
        dialog = DispatchDialog(self._context, slot, self._page, chase=chase)
        said = tr("%1 的催办已登记。") if chase else tr("%1 的送达已登记。")
        dialog.recorded.connect(lambda number: self._say(said.replace("%1", number)))
        dialog.open()

    def answer(self, slot: LetterSlot) -> None:
        """Note what came back, for everything of the letter at once."""
        dialog: RefundDialog | ConfirmationDialog
        if slot.disputes:
            dialog = RefundDialog(self._context, slot, self._page)
        else:
            dialog = ConfirmationDialog(
                self._context, slot.covers, slot.addressee, self._page, party=slot.party
            )
        said = tr("%1 的答复已登记。")
        dialog.recorded.connect(lambda number: self._say(said.replace("%1", number)))
        dialog.open()

    def void(self, slot: LetterSlot) -> None:
        """Let an issued letter not count."""
        said = tr("作废 %1？文号不再使用；需要的话可以重新生成一份。")
        if slot.disputes:
            said = tr("作废 %1？文号不再使用；需要的话在“扣款监控”重新生成。")
        if slot.asks:
            said = tr("作废 %1？文号不再使用；需要的话在应急事件中重新生成。")
        self._reason(
            tr("作废函件"),
            said.replace("%1", slot.number),
            tr("作废"),
            lambda why: notices.void_letter(
                self._context.db, self._context.actor, slot.number, why
            ),
            tr("%1 已作废。").replace("%1", slot.number),
        )

    def prove(self, slot: LetterSlot) -> None:
        """Issue a 取消操作证明 for the letter's request and show it."""
        db, actor = self._context.db, self._context.actor
        start_act(
            self._context,
            self._page,
            lambda _: proving.issue_proof(db, actor, slot.subject),
            self._proven,
            self._failed,
        )

    def _proven(self, number: str) -> None:
        db, actor = self._context.db, self._context.actor
        self._say(tr("取消操作证明 %1 已生成。").replace("%1", number))
        title = tr("取消操作证明 %1").replace("%1", number)
        self._sheet(title, lambda: letter_view.print_file(db, actor, [number]))

    def _issued(self, found: list[Issued]) -> None:
        count = sum(len(one.numbers) for one in found)
        failed = [bad for one in found for bad in one.failed]
        left = sum(one.left for one in found)
        text = tr("已生成 %1 份函件。").replace("%1", f"{count:,}")
        if left:
            text += tr("已停止，还有 %1 份未生成，再次点击“生成函件”继续。").replace(
                "%1", f"{left:,}"
            )
        if not failed:
            self._banner.show_message(Severity.WARN if left else Severity.OK, text)
            return
        why = "；".join(f"{one.addressee}：{one.refusal.message}" for one in failed)
        self._banner.show_message(
            Severity.WARN,
            text + tr("%1 份没有生成：").replace("%1", str(len(failed))) + why,
            failed[0].refusal.hint,
        )

    def _mailed(self, number: str, handed: Handed) -> None:
        if handed.state is MailState.SENT:
            self._say(tr("%1 已发送。").replace("%1", number))
            return
        self._banner.show_message(
            Severity.WARN,
            tr("%1 是否送达不明：%2").replace("%1", number).replace("%2", handed.said),
            tr("请向收件人核实。收到的，点“核实已送达”；未收到的，再发送一次。"),
        )

    def _reason(
        self,
        title: str,
        text: str,
        yes: str,
        act: Callable[[str], object],
        done: str,
        *,
        danger: bool = True,
    ) -> None:
        dialog = ReasonDialog(
            self._context, title, text, act, yes=yes, danger=danger, parent=self._page
        )
        dialog.succeeded.connect(lambda: self._say(done))
        dialog.open()

    def _sheet(self, title: str, make: Callable[[], PdfResult], note: str = "") -> SheetDialog:
        dialog = SheetDialog(self._context, title, make, self._page, note)
        dialog.open()
        return dialog

    def _say(self, text: str) -> None:
        self._banner.show_message(Severity.OK, text)

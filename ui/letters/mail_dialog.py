"""发送邮件: one letter to one address, with everything that goes along shown before."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.agreements import sending
from app.agreements.sending import Mail, MailDraft
from app.core.errors import BadInput
from app.letters.post import Handed, Server, Trouble
from app.letters.states import MailState
from ui.context import Context
from ui.letters.sign_in import SignIn
from ui.payments.running import RunDialog, run_long
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.tasks import Progress
from ui.theme import Tone
from ui.widgets.banner import Severity


class MailDialog(FormDialog):
    """Emits the paper's number once the mail is out, or its fate unknown, with what was said.

    server: with its password, where one is known.
    """

    ended = Signal(str, object)

    def __init__(
        self,
        context: Context,
        draft: MailDraft,
        server: Server,
        parent: QWidget | None = None,
        *,
        again: bool = False,
    ) -> None:
        super().__init__(context, "letters_mail", parent)
        self.entitle(self.tr("发送邮件 %1").replace("%1", draft.about), self.tr("发送(&S)"))
        self._draft, self._again = draft, again
        if again:
            said = self.tr("上一封是否送达不明。请先与收件人核实未收到，再发送。")
            self.fields.addRow(note("letters_mail.again", said, self, Tone.WARN))
        self.said("addressee", self.tr("收件单位"), draft.addressee)
        self.recipient = self.line(
            "recipient", self.tr("收件邮箱"), draft.recipient, "name@bank.com"
        )
        self.subject = self.line("subject", self.tr("主题"), draft.subject)
        self.body = self.area("body", self.tr("正文"))
        self.body.setPlainText(draft.body)
        self.body.setFixedHeight(self.body.fontMetrics().height() * 9)
        self.said("files", self.tr("附件"), "\n".join(draft.files))
        self.sign_in = SignIn(self, server)
        (self.recipient if not draft.recipient else self.yes).setFocus()

    @override
    def start(self) -> None:
        mail = Mail(
            self._draft.about,
            self.recipient.text().strip(),
            self.subject.text().strip(),
            self.body.toPlainText(),
            self._again,
        )
        if not mail.recipient:
            raise BadInput(self.tr("请填写收件邮箱。"))
        if not mail.subject:
            raise BadInput(self.tr("请填写主题。"))
        server = self.sign_in.server()
        db, actor, passwords = self.context.db, self.context.actor, self.context.mail_passwords

        def work(dialog: RunDialog, _: Progress) -> Handed:
            handed = sending.send(db, actor, mail, server, dialog.pause)
            passwords.learn(server, handed)
            return handed

        self.banner.clear()
        run_long(self.context, self, self.tr("正在发送邮件"), work, self._handed, self.refused)

    def _handed(self, handed: Handed) -> None:
        if handed.state is MailState.FAILED:
            hint = self.tr("邮件没有发出。请按提示处理后再次点击“发送”。")
            if handed.trouble is Trouble.SIGN_IN:
                hint = self.sign_in.refused()
            self.banner.show_message(Severity.STOP, handed.said, hint)
            return
        self.accept()
        self.ended.emit(self._draft.about, handed)

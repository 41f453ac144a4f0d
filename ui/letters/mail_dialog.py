"""发送邮件: one letter to one address, with everything that goes along shown before."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from app.agreements import sending
from app.agreements.sending import Mail, MailDraft
from app.core.errors import BadInput
from app.letters.post import Handed, Server
from app.letters.states import MailState
from ui.context import Context
from ui.payments.running import RunDialog, run_long
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.tasks import Progress
from ui.theme import Tone
from ui.widgets.banner import Severity


class MailDialog(FormDialog):
    """Emits the paper's number once the mail is out, or its fate unknown, with what was said."""

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
        self._draft, self._server, self._again = draft, server, again
        known = context.mail_passwords.known(server.user, server.host) if server.user else ""
        self._known = known
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
        self.password: QLineEdit | None = None
        if server.user and known is None:
            self.password = self.line("password", self.tr("邮箱密码"))
            self.password.setEchoMode(QLineEdit.EchoMode.Password)
            self.password.setPlaceholderText(server.user)
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
        server = self._with_password()
        db, actor = self.context.db, self.context.actor

        def work(dialog: RunDialog, _: Progress) -> Handed:
            return sending.send(db, actor, mail, server, dialog.pause)

        self.banner.clear()
        run_long(self.context, self, self.tr("正在发送邮件"), work, self._handed, self.refused)

    def _with_password(self) -> Server:
        server = self._server
        secret = self.password.text() if self.password is not None else self._known or ""
        if server.user and not secret:
            raise BadInput(self.tr("请填写邮箱密码。"))
        return Server(server.host, server.port, server.security, server.user, secret)

    def _handed(self, handed: Handed) -> None:
        if handed.state is MailState.FAILED:
            hint = self.tr("邮件没有发出。请按提示处理后再次点击“发送”。")
            self.banner.show_message(Severity.STOP, handed.said, hint)
            return
        if self.password is not None:
            server = self._server
            self.context.mail_passwords.keep(server.user, server.host, self.password.text())
        self.accept()
        self.ended.emit(self._draft.about, handed)

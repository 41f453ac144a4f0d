"""The mail server's password in a form: asked for only where none is known that the server takes."""

from dataclasses import replace

from PySide6.QtWidgets import QLineEdit

from app.core.errors import BadInput
from app.letters.post import Server
from ui.letters.looks import tr
from ui.resume.form_dialog import FormDialog


class SignIn:
    """A line of the form; hidden while the kept password is good enough."""

    def __init__(self, form: FormDialog, server: Server) -> None:
        self._form, self._server = form, server
        self.password = form.line("password", tr("邮箱密码"), "", server.user)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._asked = bool(server.user and not server.password)
        form.fields.setRowVisible(self.password, self._asked)

    def server(self) -> Server:
        """The server with its password. Raises BadInput where it is still to be typed."""
        if not self._asked:
            return self._server
        typed = self.password.text()
        if not typed:
            self.password.setFocus()
            raise BadInput(tr("请填写邮箱密码。"), tr("邮箱 %1").replace("%1", self._server.user))
        return replace(self._server, password=typed)

    def refused(self) -> str:
        """Ask for another one; returns what to tell."""
        self._server, self._asked = replace(self._server, password=""), True
        self._form.fields.setRowVisible(self.password, True)
        self.password.clear()
        self.password.setFocus()
        return tr(
            "原密码不再使用，请重新输入邮箱密码；有的邮箱须填写“授权码”。"
            "用户名有误的，请在“函件与邮件”中修改。"
        )

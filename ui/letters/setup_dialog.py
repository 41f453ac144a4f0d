"""修改设置: the head of letters and the mail server."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget
from typing_extensions import override

from app.letters.setup import SECURITY_LABELS, Security, Setup, save_setup
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.theme import Tone

_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


class SetupDialog(FormDialog):
    """Emits once the setting is kept."""

    saved = Signal()

    def __init__(self, context: Context, setup: Setup, parent: QWidget | None = None) -> None:
        super().__init__(context, "letter_setup_form", parent)
        self.entitle(self.tr("函件与邮件设置"), self.tr("保存(&S)"))
        self._version = setup.version
        self.word = self.line("word", self.tr("机关代字"), setup.word, self.tr("如：华精财函"))
        self.contact = self.line("contact", self.tr("联系人"), setup.contact)
        self.phone = self.line("phone", self.tr("联系电话"), setup.phone)
        self.email = self.line("email", self.tr("联系邮箱"), setup.email)
        self.days = self._number("days", self.tr("回复期限（工作日）"), 1, 60, setup.reply_days)
        said = self.tr("邮箱密码不保存在数据库中：首次发送时输入，由操作系统的密钥串保管。")
        self.fields.addRow(note("letter_setup_form.said", said, self, Tone.MUTED))
        self.host = self.line("host", self.tr("发件服务器"), setup.smtp_host, "smtp.example.com")
        self.security = QComboBox(self)
        self.security.setObjectName("letter_setup_form.security")
        self.security.setAccessibleName(self.tr("加密方式"))
        for code, label in SECURITY_LABELS.items():
            self.security.addItem(label, str(code))
        self.security.setCurrentIndex(self.security.findData(str(setup.smtp_security)))
        self.security.activated.connect(self._usual_port)
        self.fields.addRow(self.tr("加密方式"), self.security)
        self.port = self._number("port", self.tr("端口"), 1, 65535, setup.smtp_port)
        self.user = self.line("user", self.tr("用户名"), setup.smtp_user)
        self.from_address = self.line("sender", self.tr("发件邮箱"), setup.sender)
        self.word.setFocus()

    @override
    def start(self) -> None:
        setup = Setup(
            self.word.text(),
            self.contact.text(),
            self.phone.text(),
            self.email.text(),
            self.days.value(),
            self.host.text(),
            self.port.value(),
            str(self.security.currentData()),
            self.user.text(),
            self.from_address.text(),
            self._version,
        )
        self.run(lambda db, actor: save_setup(db, actor, setup), lambda _: self.saved.emit())

    def _usual_port(self) -> None:
        self.port.setValue(_PORTS[Security(self.security.currentData())])

    def _number(self, name: str, title: str, least: int, most: int, value: int) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName(f"letter_setup_form.{name}")
        box.setAccessibleName(title)
        box.setRange(least, most)
        box.setValue(value)
        self.fields.addRow(title, box)
        return box

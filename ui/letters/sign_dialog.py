"""数字签章: somebody's certificate, looked at first, on the chosen letters."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget
from typing_extensions import override

from app.core.clock import local_text
from app.core.errors import BadInput
from app.documents.credential import Credential, read_file
from app.letters import signing
from app.letters.signing import Signed
from ui.context import Context
from ui.payments.running import RunDialog, run_long
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.tasks import Progress
from ui.theme import Tone
from ui.widgets.banner import Severity
from ui.widgets.file_asking import ask_open

# So many numbers are named; of more the first ones and how many.
_NAMED = 3


class SignDialog(FormDialog):
    """Emits what was done as soon as every letter is signed; else it stays open with the rest.

    skipped: how many of the chosen ones can't be signed.
    """

    signed = Signal(str)

    def __init__(
        self, context: Context, numbers: Sequence[str], skipped: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "letters_sign", parent)
        self.entitle(self.tr("数字签章"), self.tr("签章(&S)"))
        self._numbers = tuple(numbers)
        self._path = ""
        self._key: Credential | None = None
        self._reading = False
        self.letters = self.said("letters", self.tr("函件"), self._named())
        if skipped:
            text = self.tr("所选的另外 %1 份尚未生成或已经签章，不在此列。")
            said = note("letters_sign.skipped", text.replace("%1", str(skipped)), self, Tone.MUTED)
            self.fields.addRow("", said)
        self.file = self._button("file", self.tr("选择证书文件…"), self._ask_file)
        self.fields.addRow(self.tr("证书文件"), self.file)
        self.password = QLineEdit(self)
        self.password.setObjectName("letters_sign.password")
        self.password.setAccessibleName(self.tr("证书密码"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.textEdited.connect(self._forget)
        self.password.returnPressed.connect(self._read_first)
        self.look = self._button("look", self.tr("读取证书(&R)"), self.read_certificate)
        row = QHBoxLayout()
        row.addWidget(self.password, 1)
        row.addWidget(self.look)
        self.fields.addRow(self.tr("证书密码"), row)
        self._add_card()
        self.file.setFocus()

    @override
    def start(self) -> None:
        key, numbers = self._key, self._numbers
        if key is None:
            raise BadInput(self.tr("请先读取证书，核对后再签章。"))
        db, actor = self.context.db, self.context.actor

        def work(dialog: RunDialog, progress: Progress) -> Signed:
            return signing.sign_letters(db, actor, numbers, key, progress, dialog.cancelled)

        self.banner.clear()
        title = self.tr("正在签章")
        run_long(self.context, self, title, work, self._ended, self.refused)

    @override
    def done(self, result: int) -> None:
        self.password.setText("")
        self._key = None
        super().done(result)

    def choose_file(self, path: str) -> None:
        """Sign with the certificate in this file."""
        self._path = path
        self.file.setText(Path(path).name)
        self._forget()
        self.password.setFocus()

    def read_certificate(self) -> None:
        """Open the file with the password and show whose certificate it is."""
        if not self._path:
            self.refused(BadInput(self.tr("请选择证书文件。"), self.tr("扩展名为 .pfx 或 .p12。")))
            return
        if self._reading:
            return
        db, actor = self.context.db, self.context.actor
        path, password = Path(self._path), self.password.text()

        def work(_: Progress) -> Credential:
            return signing.open_credential(db, actor, read_file(path), password)

        def found(key: Credential) -> None:
            self._reading = False
            # What was typed meanwhile is not what was read.
            if (Path(self._path), self.password.text()) == (path, password):
                self._show(key)

        def failed(error: BaseException) -> None:
            self._reading = False
            self.refused(error)

        self.banner.clear()
        self._reading = True
        self.context.tasks.start(work, found, failed, owner=self)

    def _show(self, key: Credential) -> None:
        self._key = key
        card, tz = key.card, self.context.db.tz
        span = f"{local_text(card.valid_from, tz)} — {local_text(card.valid_until, tz)}"
        for label, text in zip(
            self._card, (card.name, card.issuer, span, card.grouped_serial), strict=True
        ):
            label.setText(text)
        self.trust.setText(card.trust)
        self.yes.setEnabled(True)
        self.yes.setFocus()

    def _forget(self) -> None:
        """What is shown belongs to another file or password."""
        self._key = None
        for label in self._card:
            label.setText("—")
        self.trust.setText(self._kept_nowhere())
        self.yes.setEnabled(False)

    def _read_first(self) -> None:
        if self._key is None:
            self.read_certificate()

    def _ended(self, found: Signed) -> None:
        self._numbers = (*(one.number for one in found.failed), *found.left)
        said = self.tr("已签章 %1 份。").replace("%1", f"{len(found.numbers):,}")
        if not self._numbers:
            self.accept()
            self.signed.emit(said)
            return
        self.letters.setText(self._named())
        if found.left:
            said += self.tr("还有 %1 份未签章，再次点击“签章”继续。").replace(
                "%1", f"{len(found.left):,}"
            )
        said += "".join(f"\n{one.number}：{one.refusal.message}" for one in found.failed[:_NAMED])
        if len(found.failed) > _NAMED:
            said += self.tr("\n等 %1 份没有签章。").replace("%1", f"{len(found.failed):,}")
        hint = found.failed[0].refusal.hint if found.failed else ""
        self.banner.show_message(Severity.WARN, said, hint)

    def _ask_file(self) -> None:
        ask_open(
            self,
            "letters_sign.ask",
            self.tr("选择证书文件"),
            [self.tr("证书文件 (*.p12 *.pfx)"), self.tr("所有文件 (*)")],
            self.choose_file,
        )

    def _add_card(self) -> None:
        self._card: tuple[QLabel, ...] = (
            self.said("name", self.tr("证书主体"), ""),
            self.said("issuer", self.tr("签发者"), ""),
            self.said("span", self.tr("有效期"), ""),
            self.said("serial", self.tr("序列号"), ""),
        )
        self.trust = note("letters_sign.trust", self._kept_nowhere(), self, Tone.MUTED)
        self.fields.addRow("", self.trust)
        self.yes.setEnabled(False)

    def _button(self, name: str, text: str, act: object) -> QPushButton:
        made = QPushButton(text, self)
        made.setObjectName(f"letters_sign.{name}")
        made.setAccessibleName(text.partition("(&")[0])
        made.setAutoDefault(False)
        made.clicked.connect(act)
        return made

    def _kept_nowhere(self) -> str:
        return self.tr("证书文件和密码只用于本次签章，不保存。")

    def _named(self) -> str:
        first = "、".join(self._numbers[:_NAMED])
        if len(self._numbers) <= _NAMED:
            return first
        said = self.tr("%1 等 %2 份")
        return said.replace("%1", first).replace("%2", f"{len(self._numbers):,}")

"""函件与邮件: how letters are headed and worded, which server carries mail, how long banks take."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.access.rights import Right
from app.agreements.bank_terms import BankTermLine, bank_terms
from app.core.clock import local_text
from app.letters.kinds import KINDS
from app.letters.setup import SECURITY_LABELS, Setup, letter_setup
from app.letters.states import LETTER_LABELS, LetterKind
from app.letters.templates import Edition, SaveTemplate, editions, preview_template, save_template
from ui.admin.frame import AdminPage, row_of
from ui.context import Context
from ui.letters.bank_terms_tab import BankTermsTab
from ui.letters.looks import tr
from ui.letters.setup_dialog import SetupDialog
from ui.payments.reason_dialog import ReasonDialog
from ui.resume.sheet_dialog import SheetDialog
from ui.tasks import Progress
from ui.widgets.key_values import KeyValue, KeyValues

_Answer = tuple[Setup, dict[LetterKind, list[Edition]], list[BankTermLine] | None]


class LetterSetupPage(AdminPage):
    """The setting in one tab, a template's wording in another, the banks' days in the third."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "letter_setup", parent)
        self.set_head(
            self.tr("函件与邮件"),
            self.tr(
                "函件的代字、联系人、发件服务器和银行办理天数；函件模板每次修改都留存旧版，已发出的函件不变。"
            ),
        )
        self._setup = Setup()
        self._editions: dict[LetterKind, list[Edition]] = {}
        self.edit = self.tool(
            "edit",
            self.tr("修改设置…"),
            "settings-3-line",
            self.change,
            right=Right.LETTER_SETUP,
            primary=True,
        )
        self.facts = KeyValues("letter_setup.facts", parent=self)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("letter_setup.tabs")
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.addWidget(self.facts)
        column.addStretch(1)
        self.tabs.addTab(inside, self.tr("设置"))
        self.tabs.addTab(self._template_tab(), self.tr("函件模板"))
        self.terms = BankTermsTab(context, self)
        self.terms.changed.connect(self._term_set)
        self.tabs.addTab(self.terms, self.tr("银行办理天数"))
        self.body.addWidget(self.tabs, 1)
        self.reload()

    @override
    def reload(self) -> None:
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> _Answer:
            words = self.context.may(Right.AGREEMENT_VIEW)
            kinds = KINDS if words else {}
            templates = {kind: editions(db, actor, kind) for kind in kinds}
            return letter_setup(db, actor), templates, bank_terms(db, actor) if words else None

        self.read(work, self._show)

    def change(self) -> SetupDialog:
        """Change the setting."""
        dialog = SetupDialog(self.context, self._setup, self)
        dialog.saved.connect(lambda: self.say(self.tr("设置已保存。")))
        dialog.open()
        return dialog

    def preview(self) -> SheetDialog:
        """A letter of invented content in the wording as it stands in the editor."""
        db, actor, kind, text = self.context.db, self.context.actor, self._kind(), self._text()
        title = self.tr("预览模板：%1").replace("%1", LETTER_LABELS[kind])
        dialog = SheetDialog(
            self.context, title, lambda: preview_template(db, actor, kind, text), self
        )
        dialog.open()
        return dialog

    def save(self) -> ReasonDialog:
        """Keep the wording as a new edition, with the reason for it."""
        kind, text = self._kind(), self._text()
        newest = self._editions[kind][0].number

        def act(reason: str) -> object:
            command = SaveTemplate(kind, text, reason, newest)
            return save_template(self.context.db, self.context.actor, command)

        said = self.tr("保存“%1”的新版模板？今后的函件使用新版，已生成的函件不变。")
        dialog = ReasonDialog(
            self.context,
            self.tr("保存模板"),
            said.replace("%1", LETTER_LABELS[kind]),
            act,
            yes=self.tr("保存"),
            danger=False,
            parent=self,
        )
        dialog.succeeded.connect(self._saved)
        dialog.open()
        return dialog

    def _template_tab(self) -> QWidget:
        self.kind = QComboBox(self)
        self.kind.setObjectName("letter_setup.kind")
        self.kind.setAccessibleName(self.tr("函件种类"))
        for one in KINDS:
            self.kind.addItem(LETTER_LABELS[one], str(one))
        self.kind.activated.connect(self._show_kind)
        self.edition = QComboBox(self)
        self.edition.setObjectName("letter_setup.edition")
        self.edition.setAccessibleName(self.tr("版本"))
        self.edition.activated.connect(self._show_edition)
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("letter_setup.text")
        self.text.setAccessibleName(self.tr("模板内容"))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
        self.text.textChanged.connect(self._judge)
        self.help = QLabel(self)
        self.help.setObjectName("letter_setup.help")
        self.help.setWordWrap(True)
        self.help.setMargin(self.fontMetrics().height() // 2)
        self.help.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.help.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._preview = self.button("preview", self.tr("预览"), "file-search-line", self.preview)
        self._save = self.button(
            "save", self.tr("保存新版…"), "save-3-line", self.save, right=Right.TEMPLATE_EDIT
        )
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.text)
        split.addWidget(self.help)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        top = QHBoxLayout()
        for widget in (self.kind, self.edition):
            top.addWidget(widget)
        top.addStretch(1)
        column.addLayout(top)
        column.addWidget(split, 1)
        column.addLayout(row_of(self._preview, self._save))
        return inside

    def _show(self, answer: _Answer) -> None:
        self._setup, self._editions, terms = answer
        self.facts.set_lines(_facts(self._setup))
        self.tabs.setTabVisible(1, bool(self._editions))
        self.tabs.setTabVisible(2, terms is not None)
        self.terms.show_lines(terms or ())
        if self._editions and not self._changed():
            self._show_kind()

    def _show_kind(self) -> None:
        kind = self._kind()
        self.edition.clear()
        for one in self._editions[kind]:
            self.edition.addItem(_edition_text(one), one.number)
        known = KINDS[kind].known
        fields = "　".join(f"{{{one}}}" for one in known.fields)
        pieces = "　".join(f"[{one}]" for one in known.pieces)
        self.help.setText(
            self.tr(
                "每行一段，空行不计。\n# 标题\n@ 收件单位\n## 黑体小标题\n\n"
                "可用字段：\n%1\n\n可用内容（单独占一行）：\n%2"
            )
            .replace("%1", fields)
            .replace("%2", pieces)
        )
        self._show_edition()

    def _show_edition(self) -> None:
        found = next(
            one for one in self._editions[self._kind()] if one.number == self.edition.currentData()
        )
        self.text.setPlainText(found.text)
        self._judge()

    def _judge(self) -> None:
        self._save.setEnabled(self._changed())

    def _changed(self) -> bool:
        """Whether the editor holds something that no edition in force says."""
        newest = self._editions.get(self._kind(), [])[:1]
        return bool(newest) and self._text().strip() not in {"", newest[0].text.strip()}

    def _term_set(self, bank: str) -> None:
        self.say(self.tr("%1 的办理天数已保存。").replace("%1", bank))

    def _saved(self) -> None:
        self.say(self.tr("新版模板已保存。"))
        self.text.clear()

    def _kind(self) -> LetterKind:
        return LetterKind(self.kind.currentData())

    def _text(self) -> str:
        return self.text.toPlainText()


def _facts(setup: Setup) -> list[KeyValue]:
    server = f"{setup.smtp_host}:{setup.smtp_port}" if setup.smtp_host else ""
    security = {str(code): label for code, label in SECURITY_LABELS.items()}
    return [
        KeyValue("word", tr("机关代字"), setup.word, bold=True),
        KeyValue("contact", tr("联系人"), setup.contact),
        KeyValue("phone", tr("联系电话"), setup.phone),
        KeyValue("email", tr("联系邮箱"), setup.email),
        KeyValue("reply_days", tr("回复期限（工作日）"), str(setup.reply_days)),
        KeyValue("server", tr("发件服务器"), server),
        KeyValue("security", tr("加密方式"), security[setup.smtp_security] if server else ""),
        KeyValue("user", tr("用户名"), setup.smtp_user),
        KeyValue("sender", tr("发件邮箱"), setup.sender),
    ]


def _edition_text(one: Edition) -> str:
    if one.made_at is None:
        return tr("随软件提供的版本")
    text = tr("第 %1 版　%2　%3　%4")
    for mark, value in (
        ("%1", str(one.number)),
        ("%2", local_text(one.made_at)),
        ("%3", one.made_by),
        ("%4", one.reason),
    ):
        text = text.replace(mark, value)
    return text

"""导入银行存款日记账: what a file would bring, and into which accounts."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QScrollArea, QTabWidget, QWidget
from typing_extensions import override

from app.accounts.choices import AccountChoice
from app.core.errors import BadInput
from app.reconciliation.journal import importing
from app.reconciliation.journal.importing import LEFT_OUT, JournalPreview, JournalTaken
from app.reconciliation.journal.parsed import Book
from ui.context import Context
from ui.reconciliation.journal_tables import (
    LINES_SHOWN,
    book_table,
    line_table,
    problem_table,
    shown_lines,
    skipped_table,
    tr,
)
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.theme import Tone

_WIDTH = 152
_LINES = 9
_FEW_LINES = 5
_MOST_CHOICES = 3


class JournalDialog(FormDialog):
    """Emits what came of the import."""

    taken = Signal(object)

    def __init__(
        self,
        context: Context,
        seen: JournalPreview,
        accounts: Sequence[AccountChoice],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "journal", parent)
        self.entitle(self.tr("导入银行存款日记账"), self.tr("导入(&S)"))
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0" * _WIDTH))
        self._seen = seen
        self.said("file", self.tr("文件"), self._file_text())
        self._add_books()
        self.choices: dict[int, QComboBox] = {}
        self._accounts = self._place_of_choices()
        for at, (book, named) in enumerate(zip(seen.file.books, seen.accounts, strict=True)):
            if book.lines:
                self.choices[at] = self._choice(at, book, named, accounts)
        if seen.file.notes:
            self.fields.addRow(note("journal.notes", "\n".join(seen.file.notes), self, Tone.MUTED))
        if seen.file.all_problems:
            text = self.tr(
                "有问题的行不会导入；改正后可重新导入整个文件，已导入的不会重复。"
                "合计或余额不符时，分录仍会导入，请先与账簿核对。"
            )
            self.fields.addRow(note("journal.warning", text, self, Tone.WARN))
        self._add_tabs()
        self.yes.setEnabled(bool(self.choices))

    @override
    def start(self) -> None:
        chosen = [""] * len(self._seen.file.books)
        for at, combo in self.choices.items():
            chosen[at] = str(combo.currentData() or "")
            if not chosen[at]:
                combo.setFocus()
                title = self._seen.file.books[at].title or self._seen.path.name
                raise BadInput(
                    self.tr("请选择“%1”所属的账户。").replace("%1", title),
                    self.tr("文件没有写明账号，或账号未在本系统登记。"),
                )
        seen = self._seen
        self.run(lambda db, actor: importing.take_in(db, actor, seen, chosen), self.taken.emit)

    def _file_text(self) -> str:
        found = self._seen.file
        return "　".join(filter(None, (self._seen.path.name, found.format, found.encoding)))

    def _add_books(self) -> None:
        books = [one for one in self._seen.file.books if one.lines]
        if not books:
            text = self.tr("文件中没有可以导入的分录。请核对下面列出的行后重新导出。")
            self.fields.addRow(note("journal.nothing", text, self, Tone.STOP))
            return
        self.books = book_table(books, self)
        self.fields.addRow(self.books)

    def _choice(
        self, at: int, book: Book, named: str, accounts: Sequence[AccountChoice]
    ) -> QComboBox:
        """Where the lines of a book go; of several books one may be left out."""
        several = sum(bool(one.lines) for one in self._seen.file.books) > 1
        combo = QComboBox(self)
        combo.setObjectName(f"journal.account.{at}")
        title = book.title if several and book.title else self.tr("账户")
        combo.setAccessibleName(title)
        combo.addItem(self.tr("请选择"), "")
        for one in accounts:
            if one.currency == book.currency:
                combo.addItem(one.label, one.number)
        if several:
            combo.addItem(self.tr("不导入这个科目"), LEFT_OUT)
        combo.setCurrentIndex(max(0, combo.findData(named)))
        combo.activated.connect(lambda _: self._alike(at))
        label = self.fontMetrics().elidedText(
            title, Qt.TextElideMode.ElideMiddle, self.fontMetrics().horizontalAdvance("0" * 40)
        )
        self._accounts.addRow(f"{label}*", combo)
        return combo

    def _place_of_choices(self) -> QFormLayout:
        """The form itself; of many books a part of it that scrolls."""
        if sum(bool(one.lines) for one in self._seen.file.books) <= _MOST_CHOICES:
            return self.fields
        inside = QWidget(self)
        form = QFormLayout(inside)
        area = QScrollArea(self)
        area.setObjectName("journal.accounts")
        area.setAccessibleName(self.tr("各科目所属的账户"))
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setFixedHeight(self.fontMetrics().height() * 2 * _MOST_CHOICES)
        self.fields.addRow(area)
        return form

    def _alike(self, chosen: int) -> None:
        """Give the same account to books of the same 科目 that have none yet, as sheets by month."""
        books, number = self._seen.file.books, self.choices[chosen].currentData()
        for at, combo in self.choices.items():
            same = books[at].subject == books[chosen].subject != ""
            if same and not combo.currentData():
                combo.setCurrentIndex(max(0, combo.findData(number)))

    def _add_tabs(self) -> None:
        found = self._seen.file
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("journal.tabs")
        self.tabs.setAccessibleName(self.tr("文件内容"))
        problems = problem_table(found.all_problems, self)
        shown = shown_lines(found.books)
        title = self.tr("分录 %1").replace("%1", f"{len(found.lines):,}")
        if len(found.lines) > LINES_SHOWN:
            title += self.tr("（显示前 %1 笔）").replace("%1", f"{LINES_SHOWN:,}")
        self.tabs.addTab(line_table(shown, self), title)
        self.tabs.addTab(problems, self.tr("问题 %1").replace("%1", f"{len(found.all_problems):,}"))
        self.tabs.addTab(
            skipped_table(found.skipped, self),
            self.tr("跳过的行 %1").replace("%1", f"{len(found.skipped):,}"),
        )
        if found.all_problems:
            self.tabs.setCurrentWidget(problems)
        lines = _FEW_LINES if self._accounts is not self.fields else _LINES
        self.tabs.setMinimumHeight(self.fontMetrics().height() * 2 * lines)
        self.fields.addRow(self.tabs)


def taken_text(done: JournalTaken) -> str:
    """What came of an import, for a banner."""
    known = sum(importing.KNOWN in one.reason for one in done.skipped)
    text = tr("已导入 %1 笔分录").replace("%1", f"{done.imported:,}")
    if known:
        text += tr("，%1 笔此前已导入、没有重复保存").replace("%1", f"{known:,}")
    for one in done.gone:
        text += (
            tr("。%1 在 %2 至 %3 此前导入的 %4 笔不在本文件中，账簿可能改过，请核对")
            .replace("%1", one.account)
            .replace("%2", str(one.first))
            .replace("%3", str(one.last))
            .replace("%4", f"{one.count:,}")
        )
    return f"{text}。"

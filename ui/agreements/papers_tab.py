"""附件: the papers of the chosen agreement, added, looked at, saved and withdrawn."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.agreements.attaching import (
    PAPER_LABELS,
    Added,
    PaperKind,
    PaperLine,
    WithdrawPaper,
    paper_file,
    size_text,
    withdraw_paper,
)
from app.core.clock import local_text
from app.core.file_types import PICTURES, SUFFIXES, FileType
from ui import messages
from ui.agreements.attach_dialog import AttachDialog
from ui.agreements.file_sources import FromClipboard, FromFile, Source, copied, picture_name
from ui.agreements.file_view import look_at
from ui.agreements.looks import tr
from ui.context import Context
from ui.payments.reason_dialog import ReasonDialog
from ui.theme import Tone
from ui.widgets.banner import Banner, Severity
from ui.widgets.columns import Align, Column
from ui.widgets.empty_state import EmptyState
from ui.widgets.file_asking import ask_open_many, ask_save, local_files
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.pdf_pages import save
from ui.widgets.simple_table import SimpleTable

_SHOWN = PICTURES | {FileType.PDF}


class PapersTab(QWidget):
    """The list with its buttons; files may be dropped on it, a screenshot pasted into it."""

    def __init__(self, context: Context, banner: Banner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("agreements_papers_tab")
        self.setAcceptDrops(True)
        self._context = context
        self._banner = banner
        self._failed = messages.presenter(self, banner)
        self._number = ""
        self.buttons: dict[str, QPushButton] = {}
        self.table: SimpleTable[PaperLine] = SimpleTable(
            "agreements_papers", self.tr("附件"), _columns(), lambda r: r.paper_id, parent=self
        )
        self.table.selection_changed.connect(self._offer)
        self.table.opened.connect(self._open)
        self._none = EmptyState("agreements_no_papers", self)
        self._none.acted.connect(self.ask_files)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._bar())
        column.addWidget(self._stack, 1)
        self.show_papers("", ())

    def show_papers(self, number: str, papers: Sequence[PaperLine]) -> None:
        """Show the papers of the agreement of that number."""
        self._number = number
        self.table.set_rows(papers)
        self._stack.setCurrentWidget(self.table if papers else self._none)
        if self._context.may(Right.AGREEMENT_MANAGE):
            text = self.tr(
                "还没有附件。把协议文本、授权委托书、签约回单等文件拖到这里，"
                "或点击“添加…”；截图后可以直接粘贴（Ctrl+V）。"
            )
            self._none.show_state(text, self.tr("添加附件…"), "attachment-line")
        else:
            self._none.show_state(self.tr("还没有附件。由经办添加。"), "", "attachment-line")
        self._offer()

    def ask_files(self) -> QFileDialog:
        """Ask for one or several files."""
        endings = " ".join(f"*.{suffix}" for suffix in SUFFIXES)
        filters = [self.tr("附件 (%1)").replace("%1", endings), self.tr("所有文件 (*)")]
        return ask_open_many(
            self, "agreements_papers_ask", self.tr("选择附件"), filters, self.take_files
        )

    def take_files(self, paths: Sequence[str]) -> AttachDialog:
        """Ask what these files are, then keep them."""
        return self._attach([FromFile(Path(path)) for path in paths], PaperKind.TEXT)

    def paste(self) -> AttachDialog | None:
        """Take the screenshot, or the files, that were copied."""
        if not self._number or not self._context.may(Right.AGREEMENT_MANAGE):
            return None
        clock = self._context.db
        found = copied(picture_name(self.tr("截图"), clock.clock.now(), clock.tz))
        if not found:
            text = self.tr("剪贴板中没有图片。")
            hint = self.tr("请先截图（如 Win+Shift+S），再点击“粘贴截图”。")
            self._banner.show_message(Severity.WARN, text, hint)
            return None
        pictures = all(isinstance(one, FromClipboard) for one in found)
        return self._attach(found, PaperKind.SCREENSHOT if pictures else PaperKind.TEXT)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self._number and self.buttons["add"].isEnabled():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        files = local_files(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.take_files(files)

    def _bar(self) -> QWidget:
        bar = QWidget(self)
        flow = FlowLayout(bar, gap=max(3, self.fontMetrics().height() // 3))
        for name, text, act in (
            ("add", self.tr("添加…"), self.ask_files),
            ("paste", self.tr("粘贴截图"), self.paste),
            ("view", self.tr("查看"), self._on_one(self._open)),
            ("save", self.tr("另存为…"), self._on_one(self._save_as)),
            ("withdraw", self.tr("撤回…"), self._on_one(self._withdraw)),
        ):
            flow.addWidget(self._button(name, text, act))
        return bar

    def _button(self, name: str, text: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(text, self)
        made.setObjectName(f"agreements_papers_{name}")
        made.setAccessibleName(self.tr("附件：%1").replace("%1", text))
        made.clicked.connect(lambda _=False: act())
        self.buttons[name] = made
        return made

    def _on_one(self, act: Callable[[PaperLine], object]) -> Callable[[], None]:
        def run() -> None:
            rows = self.table.selected_rows()
            if len(rows) == 1:
                act(rows[0])

        return run

    def _offer(self) -> None:
        rows = self.table.selected_rows()
        row = rows[0] if len(rows) == 1 else None
        none = "" if row is not None else self.tr("请先选择一个附件。")
        manage = self._context.why_denied(Right.AGREEMENT_MANAGE)
        view, withdraw = none, manage or none
        if row is not None and row.type not in _SHOWN:
            view = self.tr("这类文件请另存为后用相应的程序打开。")
        if row is not None and row.withdrawn_at is not None:
            withdraw = self.tr("该附件已撤回。")
        for name, why in (
            ("add", manage),
            ("paste", manage),
            ("view", view),
            ("save", none),
            ("withdraw", withdraw),
        ):
            self.buttons[name].setEnabled(not why)
            self.buttons[name].setToolTip(why)

    def _attach(self, files: Sequence[Source], kind: PaperKind) -> AttachDialog:
        dialog = AttachDialog(self._context, self._number, files, kind, self)
        dialog.added.connect(self._say_added)
        dialog.open()
        return dialog

    def _say_added(self, added: Added) -> None:
        text = self.tr("已添加 %1 个附件。").replace("%1", str(len(added.names)))
        if not added.left:
            self._banner.show_message(Severity.OK, text)
            return
        left = self.tr("%1 个未添加：").replace("%1", str(len(added.left)))
        said = "\n".join(f"{name}　{why}" for name, why in added.left)
        self._banner.show_message(Severity.WARN, f"{text}{left}", said)

    def _open(self, row: PaperLine) -> None:
        db, actor, key = self._context.db, self._context.actor, row.paper_id
        if not look_at(
            self._context, row.type, row.name, lambda: paper_file(db, actor, key)[1], self
        ):
            self._save_as(row)

    def _save_as(self, row: PaperLine) -> None:
        stem, _, suffix = row.name.rpartition(".")
        ask_save(
            self,
            "agreements_papers_save_as",
            self.tr("附件另存为"),
            [f"{suffix.upper()} (*.{suffix})"],
            lambda path: self.save_to(row, path),
            proposed=stem,
            suffix=suffix,
        )

    def save_to(self, row: PaperLine, path: str) -> None:
        """Write the paper there."""
        db, actor, key = self._context.db, self._context.actor, row.paper_id

        def done(_: object) -> None:
            text = self.tr("已保存到 %1。").replace("%1", path)
            self._banner.show_message(Severity.OK, text)

        self._context.tasks.start(
            lambda _: save(paper_file(db, actor, key)[1], path), done, self._failed, owner=self
        )

    def _withdraw(self, row: PaperLine) -> None:
        db, actor = self._context.db, self._context.actor
        text = self.tr("撤回附件“%1”？撤回后仍保留在系统中，可以查看，但不再列入证明。")
        dialog = ReasonDialog(
            self._context,
            self.tr("撤回附件"),
            text.replace("%1", row.name),
            lambda why: withdraw_paper(db, actor, WithdrawPaper(row.paper_id, why)),
            yes=self.tr("撤回"),
            parent=self,
        )
        said = self.tr("附件“%1”已撤回。").replace("%1", row.name)
        dialog.succeeded.connect(lambda: self._banner.show_message(Severity.OK, said))
        dialog.open()


def _columns() -> tuple[Column[PaperLine], ...]:
    return (
        Column("category", tr("种类"), _category, tone=_tone, sort_value=_category, chars=13),
        Column(
            "name",
            tr("文件"),
            lambda r: r.name,
            tone=_tone,
            sort_value=lambda r: r.name,
            tooltip=_whole,
            chars=17,
        ),
        Column(
            "size",
            tr("大小"),
            lambda r: size_text(r.size),
            align=Align.RIGHT,
            sort_value=lambda r: r.size,
            chars=8,
        ),
        Column("by", tr("添加人"), lambda r: r.added_by, chars=10),
        Column(
            "at",
            tr("添加日"),
            lambda r: local_text(r.added_at).partition(" ")[0],
            sort_value=lambda r: r.added_at,
            tooltip=lambda r: local_text(r.added_at),
            chars=11,
        ),
        Column("note", tr("说明"), lambda r: r.note, chars=18),
        Column("why", tr("撤回"), _withdrawn, chars=24),
    )


def _category(row: PaperLine) -> str:
    label = PAPER_LABELS[row.category]
    return label if row.withdrawn_at is None else tr("已撤回：%1").replace("%1", label)


def _tone(row: PaperLine) -> Tone:
    return Tone.NORMAL if row.withdrawn_at is None else Tone.MUTED


def _withdrawn(row: PaperLine) -> str:
    if row.withdrawn_at is None:
        return ""
    return f"{row.why}（{row.withdrawn_by}，{local_text(row.withdrawn_at)}）"


def _whole(row: PaperLine) -> str:
    return f"{row.name}\n{tr('校验值（SHA-256）')} {row.hash}"

"""证据: the files of an incident, added, pasted, dropped, looked at, saved and withdrawn."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.agreements.attaching import Added
from app.core.file_types import PICTURES, SUFFIXES, FileType
from app.incidents.evidence.keeping import EvidenceLine, evidence_file, withdraw_evidence
from app.incidents.evidence.reading import readable
from ui import messages
from ui.agreements.file_sources import FromFile, Source, copied, picture_name
from ui.agreements.file_view import look_at
from ui.context import Context
from ui.incidents.evidence.dialogs import EvidenceDialog
from ui.incidents.looks import tr
from ui.incidents.response.archive_looks import evidence_columns
from ui.incidents.response.panel import offer
from ui.payments.reason_dialog import ReasonDialog
from ui.widgets.banner import Banner, Severity
from ui.widgets.file_asking import ask_open_many, ask_save, local_files
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.pdf_pages import save
from ui.widgets.simple_table import SimpleTable
from ui.widgets.text_dialog import TextDialog

_SHOWN = PICTURES | {FileType.PDF, FileType.TXT, FileType.EML}


class EvidenceTab(QWidget):
    """The list with its buttons. said: what was done; failed: what was refused."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("response_evidence_tab")
        self.setAcceptDrops(True)
        self._context = context
        self._number, self._why = "", ""
        self.buttons: dict[str, QPushButton] = {}
        self.banner = Banner("response_evidence_banner", self)
        self._refused = messages.presenter(self, self.banner)
        self.table: SimpleTable[EvidenceLine] = SimpleTable(
            "response_evidence_list", tr("证据"), evidence_columns(), lambda r: r.number
        )
        self.table.selection_changed.connect(self._offer)
        self.table.opened.connect(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._bar())
        column.addWidget(self.banner)
        column.addWidget(self.table, 1)
        paste = QShortcut(
            QKeySequence(QKeySequence.StandardKey.Paste),
            self,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        paste.activated.connect(self.paste)

    def show_incident(self, number: str, why: str) -> None:
        """Show the files of this incident once they are read; why: what keeps any from it."""
        if number != self._number:
            self.table.set_rows(())
        self._number, self._why = number, why
        self._offer()

    def show_rows(self, rows: Sequence[EvidenceLine]) -> None:
        """The files of the incident."""
        self.table.set_rows(rows)
        self._offer()

    def ask_files(self) -> None:
        """Ask for one or several files."""
        endings = " ".join(f"*.{suffix}" for suffix in SUFFIXES)
        filters = [tr("证据 (%1)").replace("%1", endings), tr("所有文件 (*)")]
        ask_open_many(self, "response_files", tr("添加证据"), filters, self.take_files)

    def take_files(self, paths: Sequence[str]) -> EvidenceDialog:
        """Ask what these files are, then keep them."""
        return self.take([FromFile(Path(one)) for one in paths])

    def take(self, sources: Sequence[Source]) -> EvidenceDialog:
        """Ask what these are, then keep them."""
        dialog = EvidenceDialog(self._context, self._number, sources, self)
        dialog.added.connect(self._added)
        dialog.open()
        return dialog

    def paste(self) -> EvidenceDialog | None:
        """Take the screenshot, or the files, that were copied."""
        if not self._number or self._why:
            return None
        db = self._context.db
        found = copied(picture_name(tr("截图"), db.clock.now(), db.tz))
        if found:
            return self.take(found)
        text, hint = tr("剪贴板中没有图片或文件。"), tr("请先截图（如 Win+Shift+S），再粘贴。")
        self.banner.show_message(Severity.WARN, text, hint)
        return None

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self.buttons["add"].isEnabled():
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
        acts: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("add", tr("添加…"), self.ask_files),
            ("paste", tr("粘贴截图"), self.paste),
            ("view", tr("查看"), self._on_one(self._view)),
            ("save", tr("另存为…"), self._on_one(self._save)),
            ("withdraw", tr("撤回…"), self._on_one(self._withdraw)),
        )
        for name, text, run in acts:
            made = QPushButton(text, bar)
            made.setObjectName(f"response_evidence_{name}")
            made.setAccessibleName(tr("证据：%1").replace("%1", text))
            made.clicked.connect(lambda _=False, run=run: run())
            self.buttons[name] = made
            flow.addWidget(made)
        return bar

    def _on_one(self, act: Callable[[EvidenceLine], object]) -> Callable[[], None]:
        def run() -> None:
            row = self.table.current_row()
            if row is not None:
                act(row)

        return run

    def _offer(self, _: object = None) -> None:
        row = self.table.current_row()
        none = tr("请先选择一份证据。") if row is None else ""
        gone = tr("该证据已撤回。") if row is not None and row.withdrawn_at else ""
        other = row is not None and row.type not in _SHOWN
        view = tr("这类文件请另存为后用相应的程序打开。") if other else ""
        for name, why in (
            ("add", self._why),
            ("paste", self._why),
            ("view", none or view),
            ("save", none),
            ("withdraw", self._why or none or gone),
        ):
            offer(self.buttons[name], why)

    def _added(self, found: Added) -> None:
        text = tr("已添加 %1 份证据。").replace("%1", str(len(found.names)))
        self.said.emit(text + "".join(f"\n{name}：{why}" for name, why in found.left))

    def _view(self, row: EvidenceLine) -> None:
        db, actor, number = self._context.db, self._context.actor, row.number
        title = f"{number} {row.name}"

        def data() -> bytes:
            return evidence_file(db, actor, number)[1]

        if look_at(self._context, row.type, title, data, self):
            return
        if row.type in _SHOWN:
            TextDialog(self._context, title, lambda: readable(row.name, data()), self).open()
        else:
            self._save(row)

    def _save(self, row: EvidenceLine) -> None:
        stem, _, suffix = row.name.rpartition(".")
        ask_save(
            self,
            "response_save",
            tr("另存证据"),
            [f"{suffix.upper()} (*.{suffix})"],
            lambda path: self.save_to(row, path),
            proposed=f"{row.number} {stem}",
            suffix=suffix,
        )

    def save_to(self, row: EvidenceLine, path: str) -> None:
        """Write the file there, whole or not at all."""
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start(
            lambda _: save(evidence_file(db, actor, row.number)[1], path),
            lambda _: self.said.emit(tr("已另存为 %1。").replace("%1", path)),
            self._refused,
            owner=self,
        )

    def _withdraw(self, row: EvidenceLine) -> None:
        context = self._context
        dialog = ReasonDialog(
            context,
            tr("撤回证据"),
            tr("撤回 %1？文件仍可查看，不再作为证据。").replace("%1", f"{row.number} {row.name}"),
            lambda why: withdraw_evidence(context.db, context.actor, row.number, why),
            yes=tr("撤回"),
            parent=self,
        )
        dialog.succeeded.connect(lambda: self.said.emit(tr("证据已撤回。")))
        dialog.open()

"""Bringing a statement in from wherever it is wished: file, password, columns, account."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from app.accounts.choices import AccountChoice, paying_choices
from app.core.errors import Refused
from app.statements import importing
from app.statements.columns import UnknownLayout
from app.statements.importing import StatementPreview, TakenIn
from app.statements.locked import PasswordNeeded
from app.statements.mapping import KnownLayout
from app.statements.sheets import Sheet, sheets_of
from app.tabular.header import NoHeader
from ui import messages
from ui.context import Context
from ui.statements.file_password import FilePasswordDialog
from ui.statements.import_dialog import StatementDialog
from ui.statements.looks import tr
from ui.statements.mapping_dialog import MappingDialog
from ui.tasks import Progress
from ui.widgets.banner import Severity
from ui.widgets.file_asking import ask_open

Failed = Callable[[BaseException], None]


def ask_statement(parent: QWidget, name: str, chosen: Callable[[str], object]) -> QFileDialog:
    """Ask for the file of a statement."""
    return ask_open(
        parent,
        name,
        tr("选择银行流水"),
        [
            tr("银行流水 (*.xlsx *.xls *.csv *.txt *.zip *.xml *.sta *.ofx *.qfx)"),
            tr("所有文件 (*)"),
        ],
        chosen,
    )


def start_import(
    context: Context,
    parent: QWidget,
    path: Path | str,
    on_taken: Callable[[TakenIn], object],
    *,
    failed: Failed | None = None,
    password: str | None = None,
) -> "StatementImporting":
    """Look at the file, ask what it does not tell, and take it in; then on_taken hears of it.

    failed: where refusals are shown, a message over `parent` by default.
    """
    one = StatementImporting(context, parent, Path(path), on_taken, failed, password)
    one.open()
    return one


def taken_text(found: TakenIn) -> tuple[Severity, str]:
    """What to say of an import that is done, and how loud."""
    text = tr("已导入 %1 笔交易，跳过 %2 行。")
    text = text.replace("%1", f"{found.imported:,}").replace("%2", f"{len(found.skipped):,}")
    if found.alarms:
        alarm = tr("发现 %1 笔终止或暂停后的扣款，请立即核实。")
        text += alarm.replace("%1", str(len(found.alarms)))
    if found.looks:
        look = tr("另有 %1 笔可疑，请看一看。")
        text += look.replace("%1", str(len(found.looks)))
    return (Severity.STOP if found.alarms else Severity.OK), text


class StatementImporting(QObject):
    """One file on its way in; lives as long as the widget that it was started from."""

    def __init__(
        self,
        context: Context,
        parent: QWidget,
        path: Path,
        on_taken: Callable[[TakenIn], object],
        failed: Failed | None,
        password: str | None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._parent = parent
        self._path = path
        self._on_taken = on_taken
        self._failed = failed or messages.presenter(parent)
        self._password = password
        self._chosen: KnownLayout | None = None

    def open(self) -> None:
        """Read the file off the window's thread; what it does not tell is asked for."""
        db, actor = self._context.db, self._context.actor
        path, chosen, password = self._path, self._chosen, self._password

        def work(_: Progress) -> tuple[StatementPreview, tuple[AccountChoice, ...]]:
            accounts = paying_choices(db, actor).accounts
            return importing.preview(db, actor, path, chosen=chosen, password=password), accounts

        self._context.tasks.start(work, self._show, self._not_read, owner=self)

    def _show(self, found: tuple[StatementPreview, tuple[AccountChoice, ...]]) -> None:
        dialog = StatementDialog(self._context, *found, self._parent)
        dialog.taken.connect(self._on_taken)
        dialog.remap.connect(self._map)
        dialog.open()

    def _not_read(self, error: BaseException) -> None:
        if isinstance(error, PasswordNeeded):
            asking = FilePasswordDialog(self._context, error, self._parent)
            asking.given.connect(self._unlock)
            asking.open()
        elif isinstance(error, UnknownLayout | NoHeader):
            self._map(error)
        else:
            self._failed(error)

    def _unlock(self, typed: str) -> None:
        self._password = typed
        self.open()

    def _map(self, why: Refused | None = None) -> None:
        path, password = self._path, self._password

        def work(_: Progress) -> list[Sheet]:
            return sheets_of(path, password)

        def show(sheets: Sequence[Sheet]) -> None:
            dialog = MappingDialog(self._context, path, sheets, why, self._parent)
            dialog.given.connect(self._mapped)
            dialog.open()

        self._context.tasks.start(work, show, self._failed, owner=self)

    def _mapped(self, known: KnownLayout) -> None:
        self._chosen = known
        self.open()

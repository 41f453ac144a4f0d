"""The way to the dialog: a file is asked for, read off the window's thread, and shown."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.accounts.choices import AccountChoice, paying_choices
from app.reconciliation.journal import importing
from app.reconciliation.journal.importing import JournalPreview, JournalTaken
from app.reconciliation.journal.template import FILE_NAME, write_template
from app.statements.locked import PasswordNeeded
from ui import messages
from ui.context import Context, Failed
from ui.reconciliation.journal_dialog import JournalDialog
from ui.reconciliation.journal_tables import tr
from ui.statements.file_password import FilePasswordDialog
from ui.tasks import Progress
from ui.widgets.file_asking import ask_open, ask_save

Taken = Callable[[JournalTaken], object]


def ask_journal(
    context: Context, parent: QWidget, on_taken: Taken, failed: Failed | None = None
) -> QFileDialog:
    """Ask for a journal, then look at it."""
    return ask_open(
        parent,
        "journal_ask",
        tr("选择银行存款日记账"),
        [tr("银行存款日记账 (*.xlsx *.xls *.csv *.tsv *.txt *.zip)"), tr("所有文件 (*)")],
        lambda path: start_journal_import(context, parent, path, on_taken, failed),
    )


def start_journal_import(
    context: Context,
    parent: QWidget,
    path: str,
    on_taken: Taken,
    failed: Failed | None = None,
    password: str | None = None,
) -> None:
    """Look at a journal, then ask whether to take it in; of a locked one ask its password.

    on_taken: called once it came in. failed: where a refusal is shown; a message box unless given.
    """
    db, actor = context.db, context.actor
    refused = failed or messages.presenter(parent)

    def work(_: Progress) -> tuple[JournalPreview, tuple[AccountChoice, ...]]:
        accounts = paying_choices(db, actor).accounts
        return importing.preview(db, actor, Path(path), password), accounts

    def show(found: tuple[JournalPreview, tuple[AccountChoice, ...]]) -> None:
        dialog = JournalDialog(context, *found, parent)
        dialog.taken.connect(on_taken)
        dialog.open()

    def not_read(error: BaseException) -> None:
        if not isinstance(error, PasswordNeeded):
            refused(error)
            return
        asking = FilePasswordDialog(context, error, parent)
        asking.given.connect(
            lambda typed: start_journal_import(context, parent, path, on_taken, failed, typed)
        )
        asking.open()

    label = tr("正在读取 %1").replace("%1", Path(path).name)
    context.tasks.start(work, show, not_read, label=label, owner=parent)


def ask_template(
    context: Context, parent: QWidget, done: Callable[[Path], object], failed: Failed | None = None
) -> QFileDialog:
    """Ask where to put the template, and write it there; done: called with its path."""
    refused = failed or messages.presenter(parent)

    def write(target: str) -> None:
        path = Path(target)

        def written(_: None) -> None:
            done(path)

        context.tasks.start(lambda _: write_template(path), written, refused, owner=parent)

    return ask_save(
        parent,
        "journal_template_ask",
        tr("保存日记账模板"),
        [tr("Excel 工作簿 (*.xlsx)")],
        write,
        proposed=tr(FILE_NAME),
        suffix="xlsx",
    )

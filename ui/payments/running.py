"""Acts of these pages: the window never waits, and a closed dialog loses no answer."""

import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from app.core.errors import Refused
from ui import messages
from ui.context import Acted, Context
from ui.tasks import Progress

T = TypeVar("T")
Told = Callable[[int, int], None]


class Stopped(Refused):
    """The user ended a long work before it was finished; nothing of it was kept."""

    code = "GEN-010"
    remedy = "没有保存任何结果，可以随时重新开始。"


def start_act(
    context: Context,
    owner: QWidget,
    work: Callable[[Progress], T],
    done: Callable[[T], None],
    failed: Callable[[BaseException], None],
    label: str = "",
    progress: Told | None = None,
) -> None:
    """Run an act; afterwards every page reloads, also when the owner was closed meanwhile."""

    def finished(acted: Acted[T]) -> None:
        if isValid(owner):
            done(acted.result)
        context.tell(acted)

    def refused(error: BaseException) -> None:
        if isValid(owner):
            failed(error)
        else:
            messages.present(None, error)

    counted = context.counted(work)
    context.tasks.start(counted, finished, refused, label=label, owner=context, progress=progress)


class RunDialog(QDialog):
    """Shows how far a long work is, and lets the user end it."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("payments_run")
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._cancelled = threading.Event()
        self._over = False
        self._text = QLabel(title, self)
        self._text.setObjectName("payments_run_text")
        self._bar = QProgressBar(self)
        self._bar.setObjectName("payments_run_bar")
        self._bar.setAccessibleName(title)
        self._bar.setRange(0, 0)
        self._cancel = QPushButton(self.tr("取消"), self)
        self._cancel.setObjectName("payments_run_cancel")
        self._cancel.setAccessibleName(self.tr("取消"))
        self._cancel.setAutoDefault(False)
        self._cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        column.addWidget(self._cancel, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0" * 60))

    def cancelled(self) -> bool:
        """Whether the work shall end; asked on the worker's thread."""
        return self._cancelled.is_set()

    def check(self, progress: Progress) -> Callable[[int, int], None]:
        """What the work calls with its progress. Raises Stopped once it was cancelled."""

        def tell(done: int, total: int) -> None:
            if self._cancelled.is_set():
                raise Stopped(self.tr("已取消。"))
            progress(done, total)

        return tell

    def pause(self, seconds: float) -> None:
        """Wait on the worker's thread. Raises Stopped once the work was cancelled."""
        if self._cancelled.wait(seconds):
            raise Stopped(self.tr("已停止重试。"), self.tr("此前的结果已保存，可以稍后再试。"))

    def told(self, done: int, total: int) -> None:
        """Show the progress."""
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(done)
        self._text.setText(
            self.tr("%1（%2 / %3）")
            .replace("%1", self.windowTitle())
            .replace("%2", f"{done:,}")
            .replace("%3", f"{total:,}")
        )

    def finish(self) -> None:
        """Close: the work is over."""
        self._over = True
        self.done(0)

    @override
    def reject(self) -> None:
        """The work may be done before it notices: its own answer says what became of it."""
        if self._over:
            super().reject()
            return
        self._cancelled.set()
        self._cancel.setEnabled(False)
        self._text.setText(self.tr("正在取消…"))


def run_long(
    context: Context,
    owner: QWidget,
    title: str,
    work: Callable[[RunDialog, Progress], T],
    done: Callable[[T], None],
    failed: Callable[[BaseException], None],
    *,
    changes: bool = True,
) -> RunDialog:
    """Run a long work behind a dialog with progress and 取消; changes: pages reload afterwards."""
    dialog = RunDialog(title, owner)

    def finished(result: T) -> None:
        dialog.finish()
        done(result)

    def refused(error: BaseException) -> None:
        dialog.finish()
        failed(error)

    def run(progress: Progress) -> T:
        return work(dialog, progress)

    if changes:
        start_act(context, owner, run, finished, refused, title, dialog.told)
    else:
        context.tasks.start(run, finished, refused, label=title, owner=owner, progress=dialog.told)
    dialog.open()
    return dialog

"""The foot of the main window: what runs, and how fresh the shown data is."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QStatusBar, QWidget

from app.core.clock import local_seconds
from ui.cancelling import may_cancel
from ui.tasks import Tasks
from ui.theme import Tone, set_tone


class StatusLine(QStatusBar):
    """Shows the work that has a name; only work that was offered for it can be ended."""

    cancelled = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setAccessibleName(self.tr("状态栏"))
        self._tasks = tasks
        self._running = QLabel(self)
        self._running.setObjectName("status.running")
        self._cancel = QPushButton(self.tr("取消"), self)
        self._cancel.setObjectName("status.cancel")
        self._cancel.setAccessibleName(self.tr("取消正在进行的任务"))
        self._cancel.setProperty("kind", "link")
        self._cancel.clicked.connect(self.cancel)
        self._fresh = QLabel(self)
        self._fresh.setObjectName("status.fresh")
        self._fresh.setProperty("kind", "muted")
        self.addWidget(self._running)
        self.addWidget(self._cancel)
        self.addPermanentWidget(self._fresh)
        tasks.busy_changed.connect(self.show_running)
        self.show_running()

    def show_running(self) -> None:
        """Name what runs now."""
        named = [t for t in self._tasks.running() if t.label and not t.cancelled]
        more = self.tr("（另有 %1 项）").replace("%1", str(len(named) - 1))
        text = self.tr("正在进行：%1").replace("%1", named[0].label) if named else ""
        self._running.setText(text + (more if len(named) > 1 else ""))
        self._cancel.setVisible(any(may_cancel(task) for task in named))

    def cancel(self) -> None:
        """End the newest work that can be ended."""
        for task in reversed(self._tasks.running()):
            if task.label and may_cancel(task):
                task.cancel()
                self.cancelled.emit()
                break
        self.show_running()

    def show_fresh(self, at: datetime) -> None:
        """The database answered at that instant."""
        set_tone(self._fresh, Tone.MUTED)
        self._fresh.setText(self.tr("数据更新于 %1").replace("%1", local_seconds(at)))

    def show_broken(self, message: str) -> None:
        """The database no longer answers."""
        set_tone(self._fresh, Tone.STOP)
        self._fresh.setText(self.tr("连接中断，正在重试：%1").replace("%1", message))

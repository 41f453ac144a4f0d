"""Slow work off the GUI thread, answered on it."""

import logging
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from ui.garbage import GarbageKeeper

T = TypeVar("T")
_log = logging.getLogger(__name__)
_THREADS = 4


class Cancelled(Exception):  # noqa: N818 - an answer, not a fault
    """Raised inside work that was cancelled, by Progress.check or by reporting progress."""


class Progress:
    """What the work tells of itself: progress(n, total); raises Cancelled once it is unwanted."""

    def __init__(self, tell: Callable[[int, int], None], cancelled: threading.Event) -> None:
        self._tell = tell
        self._cancelled = cancelled

    def __call__(self, n: int, total: int) -> None:
        self.check()
        self._tell(n, total)

    def check(self) -> None:
        """Raises Cancelled when nobody waits for this work any more."""
        if self._cancelled.is_set():
            raise Cancelled


class Task(Generic[T]):
    """One piece of work: cancel() drops its answer and ends it at its next progress report."""

    def __init__(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
        owner: QObject | None,
        *,
        label: str = "",
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.label = label
        self._work: Callable[[Progress], T] | None = work
        self._done: Callable[[T], None] | None = done
        self._failed: Callable[[BaseException], None] | None = failed
        self._progress = progress
        self._owner = owner
        self._cancelled = threading.Event()
        self._latest: tuple[int, int] | None = None
        self._lock = threading.Lock()
        self._answer: tuple[bool, Any] | None = None

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        self._cancelled.set()

    def run(self, post: Callable[["Task[Any]"], None]) -> None:
        """Do the work. Called on a worker's thread."""
        if not self.cancelled and self._work is not None:
            try:
                self._answer = (True, self._work(Progress(self._tell(post), self._cancelled)))
            except Cancelled:
                self.cancel()
            except BaseException as error:  # noqa: BLE001 - handed whole to `failed`
                self._answer = (False, error)
        post(self)

    def deliver(self) -> bool:
        """Hand over what there is, on the GUI thread; True when the work is over."""
        with self._lock:
            latest, self._latest = self._latest, None
        answer = self._answer
        wanted = not self.cancelled and (self._owner is None or isValid(self._owner))
        if answer is None and not self.cancelled:
            if wanted and latest is not None and self._progress is not None:
                self._progress(*latest)
            return False
        done, failed = self._done, self._failed
        # Widgets bound in these must be let go here, never on the worker's thread.
        self._work = self._done = self._failed = self._progress = self._answer = None
        if wanted and answer is not None and done is not None and failed is not None:
            succeeded, value = answer
            (done if succeeded else failed)(value)
        return True

    def _tell(self, post: Callable[["Task[Any]"], None]) -> Callable[[int, int], None]:
        def tell(n: int, total: int) -> None:
            with self._lock:
                waiting = self._latest is not None
                self._latest = (n, total)
            if not waiting:  # one event at a time: a fast loop must not flood the window
                post(self)

        return tell


class Tasks(QObject):
    """Runs work on a few threads and answers on the thread that made this object."""

    busy_changed = Signal(int)
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None, threads: int = _THREADS) -> None:
        super().__init__(parent)
        self.setObjectName("tasks")
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="task")
        self._running: dict[int, Task[Any]] = {}
        self._latest: dict[Hashable, Task[Any]] = {}
        self._closed = False
        self._garbage = GarbageKeeper(self)
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
        *,
        label: str = "",
        owner: QObject | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Task[T]:
        """Run `work` on another thread, then call `done` or `failed` on this one.

        Nothing is called once the owner is destroyed; without an owner, the object whose method
        `done` is counts as the owner. Raises RuntimeError after shutdown.
        """
        if self._closed:
            raise RuntimeError("work was started after shutdown")
        bound = getattr(done, "__self__", None)
        if owner is None and isinstance(bound, QObject):
            owner = bound
        task = Task(work, done, failed, owner, label=label, progress=progress)
        self._running[id(task)] = task
        self.busy_changed.emit(len(self._running))
        self._pool.submit(task.run, self._post)
        return task

    def start_latest(
        self,
        key: Hashable,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
        *,
        label: str = "",
        owner: QObject | None = None,
    ) -> Task[T]:
        """As start, but an older work of the same key is cancelled and its answer dropped."""
        older = self._latest.get(key)
        if older is not None:
            older.cancel()
        task = self.start(work, done, failed, label=label, owner=owner)
        self._latest[key] = task
        return task

    def running(self) -> tuple[Task[Any], ...]:
        return tuple(self._running.values())

    def shutdown(self) -> None:
        """Cancel everything and wait until every thread has ended; may be called twice."""
        self._closed = True
        for task in self._running.values():
            task.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for task in self._running.values():
            task.deliver()
        self._running.clear()
        self._latest.clear()
        self._garbage.stop()

    def _post(self, task: Task[Any]) -> None:
        if not self._closed:
            self._posted.emit(task)

    @Slot(object)
    def _deliver(self, task: Task[Any]) -> None:
        if id(task) not in self._running or not task.deliver():
            return
        del self._running[id(task)]
        for key in [key for key, latest in self._latest.items() if latest is task]:
            del self._latest[key]
        self.busy_changed.emit(len(self._running))

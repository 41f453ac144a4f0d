"""Widgets in reference cycles are destroyed on the window's thread only."""

import gc
import threading

from PySide6.QtWidgets import QWidget

from ui.garbage import GarbageKeeper
from ui.tasks import Tasks


class Cycle(QWidget):
    """Holds itself, as a lambda on one of its own signals does; tells where it ends."""

    def __init__(self, ended):
        super().__init__()
        self.me = self
        self.token = Token(ended)


class Token:
    def __init__(self, ended):
        self._ended = ended

    def __del__(self):
        self._ended.append(threading.current_thread() is threading.main_thread())


def fill():
    """Enough new objects for several collections."""
    return [[number] for number in range(50_000)]


def test_work_on_another_thread_collects_no_widget(qtbot, tasks):  # C5.1
    ended = []
    Cycle(ended)
    done = []
    tasks.start(lambda _: len(fill()), done.append, done.append)
    qtbot.waitUntil(lambda: done == [50_000])
    assert False not in ended
    keeper = GarbageKeeper()
    qtbot.waitUntil(lambda: (fill(), keeper.look(), ended == [True])[-1], timeout=20000)
    keeper.stop()


def test_python_collects_again_after_the_last_window(qapp):  # C5.1
    first, second = Tasks(), Tasks()
    assert not gc.isenabled()
    first.shutdown()
    first.shutdown()
    assert not gc.isenabled()
    second.shutdown()
    assert gc.isenabled()

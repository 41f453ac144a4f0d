import threading

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.tasks import Progress, Tasks


class Answers:
    def __init__(self) -> None:
        self.done: list[object] = []
        self.failed: list[BaseException] = []
        self.threads: list[int] = []

    def take(self, value: object) -> None:
        self.done.append(value)
        self.threads.append(threading.get_ident())

    def fail(self, error: BaseException) -> None:
        self.failed.append(error)
        self.threads.append(threading.get_ident())


@pytest.fixture
def answers() -> Answers:
    return Answers()


def test_work_is_done_elsewhere_and_answered_on_the_gui_thread(
    qtbot: QtBot, tasks: Tasks, answers: Answers
):
    tasks.start(lambda _: threading.get_ident(), answers.take, answers.fail)
    qtbot.waitUntil(lambda: len(answers.done) == 1)
    assert answers.done[0] != threading.get_ident()
    assert answers.threads == [threading.get_ident()]
    assert tasks.running() == ()


def test_a_failure_is_handed_over_whole_on_the_gui_thread(
    qtbot: QtBot, tasks: Tasks, answers: Answers
):
    error = ValueError("x")

    def work(_: Progress) -> None:
        raise error

    tasks.start(work, answers.take, answers.fail)
    qtbot.waitUntil(lambda: len(answers.failed) == 1)
    assert answers.failed == [error]
    assert answers.done == []
    assert answers.threads == [threading.get_ident()]


def test_the_last_progress_is_shown_and_none_after_the_answer(
    qtbot: QtBot, tasks: Tasks, answers: Answers
):
    seen: list[object] = []
    go_on = threading.Event()

    def work(progress: Progress) -> str:
        for n in range(1, 1001):
            progress(n, 1000)
        go_on.wait()
        return "end"

    def take(value: str) -> None:
        seen.append(value)

    tasks.start(work, take, answers.fail, progress=lambda n, total: seen.append((n, total)))
    qtbot.waitUntil(lambda: (1000, 1000) in seen)
    go_on.set()
    qtbot.waitUntil(lambda: "end" in seen)
    assert seen[-2:] == [(1000, 1000), "end"]


def test_cancelled_work_stops_at_its_next_report_and_answers_nothing(
    qtbot: QtBot, tasks: Tasks, answers: Answers
):
    started, cancelled, went_on = threading.Event(), threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        started.set()
        cancelled.wait()
        progress(1, 2)
        went_on.set()

    task = tasks.start(work, answers.take, answers.fail)
    started.wait()
    task.cancel()
    cancelled.set()
    qtbot.waitUntil(lambda: tasks.running() == ())
    tasks.shutdown()
    assert not went_on.is_set()
    assert (answers.done, answers.failed) == ([], [])


def test_only_the_latest_of_a_key_is_answered(qtbot: QtBot, tasks: Tasks, answers: Answers):
    first_may_end = threading.Event()

    def first(_: Progress) -> str:
        first_may_end.wait()
        return "first"

    tasks.start_latest("list", first, answers.take, answers.fail)
    tasks.start_latest("list", lambda _: "second", answers.take, answers.fail)
    tasks.start_latest("other", lambda _: "other", answers.take, answers.fail)
    qtbot.waitUntil(lambda: len(answers.done) == 2)
    first_may_end.set()
    qtbot.waitUntil(lambda: tasks.running() == ())
    assert sorted(map(str, answers.done)) == ["other", "second"]


def test_nothing_is_told_to_a_window_that_is_gone(qtbot: QtBot, tasks: Tasks, answers: Answers):
    may_end = threading.Event()
    label = QLabel()
    tasks.start(lambda _: may_end.wait(), label.setText, answers.fail)
    owner = QObject()
    tasks.start(lambda _: may_end.wait(), answers.take, answers.fail, owner=owner)
    label.deleteLater()
    owner.deleteLater()
    with qtbot.waitSignals([label.destroyed, owner.destroyed]):
        pass
    may_end.set()
    qtbot.waitUntil(lambda: tasks.running() == ())
    assert (answers.done, answers.failed) == ([], [])


def test_shutdown_waits_for_every_thread_and_refuses_new_work(qtbot: QtBot, answers: Answers):
    tasks = Tasks()
    before = {thread for thread in threading.enumerate() if thread.name.startswith("task")}

    def work(progress: Progress) -> None:
        while True:
            progress.check()

    for _ in range(8):
        tasks.start(work, answers.take, answers.fail)
    tasks.shutdown()
    after = {thread for thread in threading.enumerate() if thread.name.startswith("task")}
    assert after <= before
    assert tasks.running() == ()
    with pytest.raises(RuntimeError):
        tasks.start(work, answers.take, answers.fail)


def test_how_many_are_running_is_told(qtbot: QtBot, tasks: Tasks, answers: Answers):
    told: list[int] = []
    tasks.busy_changed.connect(told.append)
    tasks.start(lambda _: None, answers.take, answers.fail)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [1, 0]

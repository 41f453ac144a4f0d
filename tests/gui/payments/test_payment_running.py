import threading

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import delete

from ui.payments.import_wizard import ImportWizard
from ui.payments.running import Stopped, run_long, start_act


@pytest.fixture
def owner(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_cancelled_work_ends_and_says_that_nothing_was_kept(  # C3.1
    desk, people, owner, qtbot, ui
):
    gate, failures, results = threading.Event(), [], []

    def work(dialog, progress):
        tell = dialog.check(progress)
        tell(1, 10)
        gate.wait()
        tell(2, 10)
        return "done"

    dialog = run_long(desk(people.clerk), owner, "正在诊断", work, results.append, failures.append)
    said = ui.part(dialog, "payments_run_text")
    qtbot.waitUntil(lambda: said.text() == "正在诊断（1 / 10）")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert said.text() == "正在取消…"
    gate.set()
    qtbot.waitUntil(lambda: len(failures) == 1)
    assert isinstance(failures[0], Stopped)
    assert results == []


def test_a_work_that_was_done_before_the_cancel_says_so(desk, people, owner, qtbot):  # C3.1
    gate, failures, results = threading.Event(), [], []

    def work(_dialog, _progress):
        gate.wait()
        return 5

    context = desk(people.clerk)
    dialog = run_long(context, owner, "正在诊断", work, results.append, failures.append)
    dialog.reject()
    with qtbot.waitSignal(context.changed):
        gate.set()
    assert results == [5]
    assert failures == []


def test_pages_reload_although_the_dialog_of_the_act_is_gone(desk, people, owner, qtbot):  # C3.1
    gate, results = threading.Event(), []
    context, gone = desk(people.clerk), QWidget()

    def work(_progress):
        gate.wait()

    start_act(context, gone, work, results.append, results.append)
    delete(gone)
    with qtbot.waitSignal(context.changed):
        gate.set()
    assert results == []


def test_a_file_dropped_on_the_list_is_read(show_list, people, qtbot, tmp_path):  # C1.3
    file = tmp_path / "清单.csv"
    file.write_text("收款单位,收款账号,金额\n甲公司,6217001210000001,1.00\n", encoding="utf-8")
    page, _ = show_list(people.clerk)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    page.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    wizard = page.findChild(ImportWizard)
    qtbot.waitUntil(lambda: wizard.reading.file is not None)
    assert wizard.reading.file.path == file
    qtbot.waitUntil(lambda: not wizard._bar.isVisible())
    wizard.reject()

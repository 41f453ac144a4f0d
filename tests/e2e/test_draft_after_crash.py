"""The program is killed in the middle of the wizard; the next desk goes on where it stood."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess

from app.access.drafts import drafts_of
from app.payments.flow import Step
from app.payments.states import Status
from tests.e2e.deeds import import_payments, status, stop, write_list
from tests.e2e.seat import PATIENCE

PROGRAM = Path(__file__).with_name("abandoned_desk.py")


@pytest.fixture
def left_behind(qtbot, any_database_url, tmp_path):
    """Has another process come as far as the request, and kills it there: what it said."""
    process = QProcess()

    def leave(number, day):
        told = [any_database_url, str(tmp_path / "killed.ini"), number, day.isoformat()]
        process.start(sys.executable, [str(PROGRAM), *told])

        def said():
            return process.canReadLine() or process.state() is QProcess.ProcessState.NotRunning

        qtbot.waitUntil(said, timeout=PATIENCE)
        line = process.readLine().data().decode()
        assert line, process.readAllStandardError().data().decode()
        process.kill()
        qtbot.waitUntil(lambda: process.state() is QProcess.ProcessState.NotRunning)
        assert process.exitStatus() is QProcess.ExitStatus.CrashExit
        return line.split()

    yield leave
    process.kill()
    process.waitForFinished()


def test_after_a_kill_the_wizard_goes_on_at_its_step_with_its_ticks(  # C5.1 C2.2
    seat, company, founded, today, tmp_path, left_behind, promises
):
    boss = seat("supervisor")
    clerk = seat("clerk")
    path = write_list(tmp_path / "fukuan.csv", company.number, today)
    number = import_payments(clerk, path)[0]
    stop(boss, number, "发票户名待核")
    clerk.desk.close()
    day = today + timedelta(days=1)
    word, step, ticks = left_behind(number, day)
    assert (word, step) == ("kept", "request")
    assert int(ticks) > 0

    again = seat("clerk")
    offer = again.part("drafts.banner").text()
    assert f"上次有未完成的恢复付款 {number}" in offer
    again.press("drafts.banner_action")
    wizard = again.desk.main.pages.page("resume")
    again.wait(wizard.request.isVisible)
    again.settle()
    assert wizard.step() is Step.REQUEST
    assert len(wizard.verify.table.ticked()) == int(ticks)
    assert wizard.request.reason.toPlainText() == "已与供应商核对"
    assert wizard.request.measures.toPlainText() == "补录合同"
    assert wizard.request.planned.chosen() == day
    assert status(again, number) is Status.STOPPED

    # It is whole enough to be handed in, and then nothing is left to go on with.
    again.press("resume.next", wizard)
    again.wait(lambda: wizard.step() is Step.DONE)
    again.settle()
    assert drafts_of(founded, again.context.actor) == []
    promises()

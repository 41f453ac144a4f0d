"""应急预案 in the window."""

from app.incidents.planning.plans import plan_lines, shipped_plans
from app.incidents.states import Cause, Step
from ui.incidents.planning.plan_dialog import PlanDialog
from ui.incidents.planning.plans_page import PlansPage
from ui.payments.reason_dialog import ReasonDialog
from ui.resume.sheet_dialog import SheetDialog


def test_that_plans_are_adopted_changed_printed_and_stopped(  # B5.5 B6.2
    founded, people, show_page, settle
):
    page = show_page(PlansPage, people.supervisor)
    page._empty.acted.emit()
    settle()
    assert len(page.table.all_rows()) == len(shipped_plans())
    page.table.select_positions([0])
    assert page.said.entries()
    page.buttons["change"].click()
    settle()
    dialog = page.findChild(PlanDialog)
    dialog.todo[Step.CAUSE].setPlainText("先看公告\n再看日志")
    dialog.yes.click()
    settle()
    assert "原因" in dialog.banner.text()
    dialog.reason.setText("复审")
    dialog.yes.click()
    settle()
    changed = next(one for one in plan_lines(founded, people.clerk) if one.edition == 2)
    assert changed.todo[Step.CAUSE] == ("先看公告", "再看日志")
    page.buttons["print"].click()
    settle()
    assert page.findChild(SheetDialog).view._count == 1
    page.buttons["stop"].click()
    reason = page.findChild(ReasonDialog)
    reason._reason.setPlainText("合并到其他预案")
    reason._yes.click()
    settle()
    assert sum(not one.active for one in plan_lines(founded, people.clerk)) == 1


def test_that_a_new_plan_is_written(founded, people, show_page, settle):  # B6.2
    page = show_page(PlansPage, people.supervisor)
    page.buttons["new"].click()
    settle()
    dialog = page.findChild(PlanDialog)
    dialog.name.setText("重复付款应急预案")
    dialog.cause.setCurrentIndex(dialog.cause.findData(str(Cause.DUPLICATE)))
    dialog.todo[Step.BANK].setPlainText("要求退回重复的一笔")
    dialog.reason.setText("年度制定")
    dialog.yes.click()
    settle()
    [line] = plan_lines(founded, people.clerk)
    assert (line.cause, line.username) == (Cause.DUPLICATE, people.supervisor.username)


def test_that_a_clerk_only_reads_plans(people, show_page):
    page = show_page(PlansPage, people.clerk)
    assert not page.buttons["new"].isEnabled()

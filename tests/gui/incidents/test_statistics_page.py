"""事件统计 and 类似事件 in the window."""

from datetime import date

import pytest

from app.incidents.opening import OpenIncident, open_incident
from app.incidents.planning.statistics import By
from app.incidents.states import Severity, Step
from tests.support.incidents import take_on
from ui.incidents.planning.page import StatisticsPage
from ui.incidents.planning.similar_dialog import SimilarDialog
from ui.incidents.response.page import ResponsePage
from ui.widgets.bar_chart import Bar, BarChart


@pytest.fixture
def two(founded, people, channels, make_account, make_payment):
    """Two incidents of one cause."""
    account, numbers = make_account(), []
    for _ in range(2):
        payment = make_payment(account=account, made_by=people.clerk, due_on=date(2026, 2, 20))
        number = open_incident(
            founded, people.clerk, OpenIncident((), Severity.P2, "x", payments=(payment.number,))
        )
        take_on(founded, people.clerk, number, "报错")
        numbers.append(number)
    return numbers


def test_that_without_incidents_the_page_says_what_will_stand_there(show_page, people):
    page = show_page(StatisticsPage, people.auditor)
    assert page.empty.isVisible()


def test_that_table_and_picture_show_the_same(show_page, people, two):  # B5.3
    page = show_page(StatisticsPage, people.auditor)
    [row] = page.figures.all_rows()
    assert (row.label, row.count, row.unresolved) == ("银行接口异常", 2, 2)
    assert [(one.label, one.text) for one in page.counts.bars] == [("银行接口异常", "2")]
    page.by.setCurrentIndex(page.by.findData(str(By.MONTH)))
    assert [one.label for one in page.figures.all_rows()] == ["2026-03"]
    assert "共 2 件" in page.said.text()


def test_that_the_backlog_leads_to_the_incident(qtbot, show_page, people, two):  # F4.6
    page = show_page(StatisticsPage, people.clerk)
    page.tabs.setCurrentIndex(1)
    assert len(page.open.all_rows()) == 2
    assert page.ages.bars[0].text == "2"
    with qtbot.waitSignal(page._context.navigate) as gone:
        page.open.opened.emit(page.open.all_rows()[0])
    assert gone.args[0] == "response"


def test_that_a_similar_incident_is_shown_and_opened(  # B5.3
    qtbot, show_page, people, two, settle
):
    page = show_page(ResponsePage, people.clerk)
    page.show_argument(two[1])
    settle()
    page._go(Step.CAUSE)
    page.panels[Step.CAUSE].acts["similar"].click()
    settle()
    dialog = page.findChild(SimilarDialog)
    assert [one.number for one in dialog.table.all_rows()] == [two[0]]
    dialog.table.selectRow(0)
    with qtbot.waitSignal(page._context.navigate) as gone:
        dialog.go.click()
    assert gone.args == ["response", two[0]]


def test_that_a_picture_says_in_words_what_it_shows(qtbot):
    chart = BarChart("chart", "件数")
    qtbot.addWidget(chart)
    chart.set_bars([Bar("一月", 3, "3"), Bar("二月", None, "—")])
    chart.show()
    qtbot.waitExposed(chart)
    assert chart.accessibleDescription() == "一月 3；二月 —"

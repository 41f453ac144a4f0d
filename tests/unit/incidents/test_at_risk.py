"""What an incident puts at risk, and the papers that a sub-task asks for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadInput
from app.core.money import Money
from app.incidents.at_risk import at_risk, impact_of
from app.incidents.papers_wanted import Paper, PaperState, usual_papers, with_paper
from app.incidents.states import TaskKind
from app.payments.states import Status

TODAY = date(2026, 3, 12)


def risk(amount="10000", due=date(2026, 3, 2), status=Status.STOPPED, currency="CNY"):
    return at_risk("FK-1", "甲公司", Money.parse(amount, currency), due, status, TODAY, 5)


def test_that_being_late_costs_five_in_ten_thousand_a_day():  # B6.1 E2.2 domain 4.5
    one = risk()
    assert (one.days_late, one.fee, one.a_day) == (10, Money.parse("50"), Money.parse("5"))


@pytest.mark.parametrize("status", [Status.EXECUTED, Status.VOIDED, Status.REJECTED])
def test_that_what_is_over_costs_nothing_more(status):  # B6.1
    one = risk(status=status)
    assert one.over
    assert (one.fee.minor, one.a_day.minor) == (0, 0)


def test_that_what_is_due_later_is_not_late():
    one = risk(due=date(2026, 3, 20))
    assert (one.days_late, one.fee.minor) == (-8, 0)


def test_that_sums_are_by_currency_and_over_what_is_left():  # B6.1
    found = impact_of(
        [
            risk(),
            risk("20000", date(2026, 3, 20)),
            risk("99", status=Status.EXECUTED),
            risk("7", currency="USD"),
        ]
    )
    assert (found.open_count, found.late_count) == (3, 2)
    assert found.amounts == (Money.parse("30000"), Money.parse("7", "USD"))
    assert found.earliest == date(2026, 3, 2)


def test_that_nothing_at_risk_has_no_day():
    assert impact_of([]).earliest is None


def test_that_a_payment_abroad_asks_for_more():  # B4.6
    home, abroad = (usual_papers(TaskKind.AML, abroad=one) for one in (False, True))
    assert {one.name for one in abroad} - {one.name for one in home} == {
        "境外汇款申请书",
        "服务贸易税务备案表",
        "跨境业务人民币结算付款说明",
    }


names = st.sampled_from(["合同", "发票", "报关单"])


@given(st.lists(st.tuples(names, st.sampled_from(PaperState))))
def test_that_the_last_word_on_a_paper_counts(said):  # B4.6
    papers = ()
    for name, state in said:
        papers = with_paper(papers, name, state, TODAY)
    assert {one.name: one.state for one in papers} == dict(said)
    assert [Paper.from_stored(one.stored()) for one in papers] == list(papers)


def test_that_a_paper_has_a_name():
    with pytest.raises(BadInput):
        with_paper((), " ", PaperState.READY, TODAY)

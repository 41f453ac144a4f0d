"""Past incidents, compared and counted from the rows."""

from datetime import timedelta

import pytest

from app.access.errors import Denied
from app.incidents import cases
from app.incidents.closing.reviewing import Review, write_review
from app.incidents.opening import OpenIncident, open_incident
from app.incidents.planning import past
from app.incidents.states import Cause, IncidentState, Severity
from tests.support.incidents import take_on, version_of


@pytest.fixture
def account(channels, make_account):
    return make_account()


@pytest.fixture
def make(founded, people, make_payment, account, clock):
    """An incident about one payment, its cause set; resolved after so many hours, if ever."""

    def made(cause, hours=None):
        payment = make_payment(account=account, made_by=people.clerk)
        number = open_incident(
            founded, people.clerk, OpenIncident((), Severity.P2, "x", payments=(payment.number,))
        )
        take_on(founded, people.clerk, number, "报错", cause)
        if hours is not None:
            clock.move_to(clock.now() + timedelta(hours=hours))
            cases.resolve(
                founded, people.clerk, number, "已恢复", version_of(founded, people.clerk, number)
            )
        return number

    return made


def test_that_similar_incidents_come_with_what_was_learnt(founded, people, make):  # B5.3
    old = make(Cause.BANK_INTERFACE, 1)
    write_review(founded, people.clerk, old, Review("接口中断", "无备用", "", "", "先切渠道"))
    make(Cause.DUPLICATE)
    new = make(Cause.BANK_INTERFACE)
    found = past.similar(founded, people.auditor, new)
    assert found[0].number == old
    assert (found[0].lessons, found[0].state) == ("先切渠道", IncidentState.RESOLVED)
    assert "原因相同" in found[0].like.reasons
    assert new not in {one.number for one in found}


def test_that_cases_count_in_working_time(founded, people, make, account):  # F4.1 F4.6
    make(Cause.BANK_INTERFACE, 1)
    make(Cause.DUPLICATE)
    newest, oldest = past.cases(founded, people.auditor)
    assert (oldest.resolved, oldest.days) == (60, None)
    assert (newest.resolved, newest.days) == (None, 0)
    assert newest.owner == people.clerk.name
    assert newest.banks == (account.bank,)
    assert newest.channels


def test_that_who_sees_no_incidents_sees_no_figures(founded, people):
    with pytest.raises(Denied):
        past.cases(founded, people.admin)

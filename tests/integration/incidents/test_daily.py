"""The daily check: what waits too long is told, what is over ends by itself."""

from datetime import date, timedelta

import pytest

from app.access.people import GrantRole, grant_role
from app.access.rights import Role
from app.accounts import service as accounts
from app.accounts.service import ChannelState
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.codes import HoldCause, StopReason
from app.incidents.daily import daily_check
from app.payments import editing, holds, sending
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.payments.holds import PlaceHold
from app.payments.states import HoldScope, Status


@pytest.fixture
def channels(founded):
    with founded.write() as uow:
        accounts.add_default_channels(uow)
        record(uow, SYSTEM_ACTOR, Event("test.made", "channels"))
        uow.commit()


def kinds(db):
    return [(notice.kind, notice.subject) for notice in daily_check(db, SystemFacts())]


def test_that_a_quiet_day_has_nothing_to_tell(founded, people, channels):  # F1.5
    assert kinds(founded) == []


def test_that_a_silent_bank_is_told_after_the_limit_and_not_before(
    founded, people, channels, make_payment, clock
):  # F1.5
    payment = make_payment(made_by=people.clerk)
    sending.write_attempt(founded, people.clerk, payment.number, payment.version, SystemFacts())
    clock.move_to(clock.now() + timedelta(minutes=30))
    assert kinds(founded) == []
    clock.move_to(clock.now() + timedelta(minutes=1))
    assert kinds(founded) == [("unknown", payment.number)]


def test_that_an_approval_that_waits_over_a_day_is_told(
    founded, people, make_payment, clock
):  # B1.4
    draft = make_payment(stage="DRAFT", made_by=people.clerk)
    editing.submit(founded, people.clerk, draft.number, draft.version)
    clock.move_to(clock.now() + timedelta(hours=24, seconds=1))
    assert kinds(founded) == [("approval", draft.number)]


def test_that_a_hold_past_its_last_day_ends_and_is_told(
    founded, people, make_payment, clock
):  # A5.2
    payment = make_payment()
    hold = holds.place(
        founded,
        people.supervisor,
        PlaceHold(
            HoldScope.PAYEE, str(payment.payee_id), HoldCause.OTHER, "查", until=date(2026, 3, 2)
        ),
    )
    clock.move_to(clock.now() + timedelta(days=1))
    assert kinds(founded) == [("hold_expired", hold.number)]
    assert kinds(founded) == []


def test_that_a_right_about_to_run_out_is_told(founded, people):  # C4.3
    grant_role(
        founded,
        people.admin,
        GrantRole("clerk", Role.CHECKER, date(2026, 3, 1), date(2026, 4, 1), "代班"),
    )
    assert kinds(founded) == [("right", "陈经办")]


def test_that_a_certificate_near_its_end_is_told(founded, people, channels):  # A4.2
    accounts.set_channel(
        founded,
        people.admin,
        accounts.ChannelState("DIRECT", True, "", certificate_until=date(2026, 3, 30)),
    )
    assert kinds(founded) == [("certificate", "DIRECT")]


def test_that_what_can_not_leave_today_is_stopped_with_its_gap(
    founded, people, channels, make_account, make_payment
):  # A2.2
    account = make_account(balance_minor=150_000)
    due = make_payment(account=account, made_by=people.clerk, amount_minor=150_001)
    later = make_payment(
        account=account, made_by=people.clerk, amount_minor=150_002, due_on=date(2026, 3, 3)
    )
    assert kinds(founded) == [("stopped", due.number)]
    detail = payment_detail(founded, people.clerk, due.number)
    assert detail.line.reasons == (StopReason.INSUFFICIENT_FUNDS,)
    assert "缺口 0.01 元" in detail.holds[0].text
    assert payment_detail(founded, people.clerk, later.number).line.status is Status.READY
    assert kinds(founded) == []


def test_that_an_outage_of_the_bank_stops_nothing_by_itself(
    founded, people, channels, make_payment
):  # A2.2
    payment = make_payment(made_by=people.clerk)
    accounts.set_channel(founded, people.admin, ChannelState("HVPS", False, "前置机故障"))
    assert kinds(founded) == []
    assert payment_detail(founded, people.clerk, payment.number).line.status is Status.READY

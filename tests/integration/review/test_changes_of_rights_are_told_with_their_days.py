"""What changes a right or opens the gate is in the trail with old and new value."""

from datetime import date

from app.access.people import Delegate, GrantRole, delegate, end_delegation, grant_role
from app.access.queries import delegations
from app.access.rights import Role
from app.accounts.service import ChannelState, set_channel
from app.audit.queries import AuditFilter, entries


def newest(db, act):
    with db.read() as work:
        return next(iter(entries(work, AuditFilter(act=act))))


def test_that_a_post_is_told_with_the_days_on_which_it_holds(founded, people, desk):  # A3.1
    grant = GrantRole("auditor", Role.CFO, date(2026, 4, 1), date(2026, 4, 7), "代班")
    grant_role(founded, people.admin, grant)
    told = newest(founded, "right.changed")
    assert "CFO" in str(told.after)
    assert "2026-04-01" in str(told.after)
    assert "2026-04-07" in str(told.after)


def test_that_an_ended_delegation_is_told_with_what_it_lent(founded, people, desk):  # C4.2
    day = date(2026, 3, 2)
    delegate(founded, people.cfo, Delegate("cfo", "checker", Role.CFO, day, day, "出差"))
    [line] = delegations(founded, people.cfo)
    end_delegation(founded, people.cfo, line.id)
    told = newest(founded, "delegation.ended")
    assert "CFO" in str(told.before)
    assert "checker" in str(told.before)


def test_that_a_certificates_new_date_is_told(founded, people, desk):  # A4.2
    set_channel(founded, people.admin, ChannelState("HVPS", True, "换证", date(2030, 1, 1)))
    told = newest(founded, "channel.changed")
    assert "2030-01-01" in str(told.after)

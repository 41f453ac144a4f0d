"""Whoever stands in speaks with the giver's voice: the two do not decide two levels of one request."""

from datetime import date

import pytest

from app.access.approvals import Decision, Verdict
from app.access.errors import SelfApproval
from app.access.people import Delegate, delegate
from app.access.rights import Role
from app.payments import editing


def test_that_the_giver_does_not_decide_after_the_one_who_stood_in(
    desk, people, founded, add_person, sign_in_as, make_payment
):  # C4.2
    add_person("deputy", "何代办", "ACCOUNTANT")
    deputy = sign_in_as("deputy")
    day = date(2026, 3, 2)
    delegate(founded, people.cfo, Delegate("cfo", "deputy", Role.CFO, day, day, "出差"))
    # 100,000.00 takes two levels: 复核 and 财务主管.
    payment = make_payment(stage="DRAFT", made_by=people.clerk, amount_minor=10_000_000)
    asked = editing.submit(founded, people.clerk, payment.number, desk.detail(payment).line.version)
    editing.decide(founded, deputy, Verdict(asked, Decision.APPROVE, "", 1))
    with pytest.raises(SelfApproval):
        editing.decide(founded, people.cfo, Verdict(asked, Decision.APPROVE, "", 2))

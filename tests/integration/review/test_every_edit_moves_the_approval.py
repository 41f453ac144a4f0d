"""Whoever approves has the content before them that counts: each edit moves the open approval."""

import pytest

from app.access.approvals import Decision, Verdict
from app.access.errors import AlreadyDecided
from app.payments import editing


@pytest.fixture
def other(add_person, sign_in_as):
    add_person("other", "吴经办", "MAKER")
    return sign_in_as("other")


@pytest.fixture
def submitted(desk, people, founded, make_payment):
    def submit(**values):
        payment = make_payment(made_by=people.clerk, stage="DRAFT", status="DRAFT", **values)
        version = desk.detail(payment).line.version
        return payment, editing.submit(founded, people.clerk, payment.number, version)

    return submit


def approve(db, who, asked, version):
    return editing.decide(db, who, Verdict(asked, Decision.APPROVE, "同意", version))


def test_that_the_makers_own_edit_is_not_approved_unseen(desk, people, founded, submitted):  # C4.2
    payment, asked = submitted()
    desk.edit(payment, purpose="咨询费", channel="IBPS")
    with pytest.raises(AlreadyDecided, match="已修改"):
        approve(founded, people.checker, asked, 1)
    approve(founded, people.checker, asked, 2)


def test_that_another_editors_edit_is_not_approved_unseen(
    desk, people, founded, submitted, other
):  # C4.2
    payment, asked = submitted()
    desk.edit(payment, who=other, purpose="咨询费")
    with pytest.raises(AlreadyDecided, match="已修改"):
        approve(founded, people.checker, asked, 1)


def test_that_each_edit_counts(desk, people, founded, submitted):  # C4.2
    payment, asked = submitted()
    desk.edit(payment, purpose="咨询费")
    desk.edit(payment, purpose="货款")
    with pytest.raises(AlreadyDecided, match="已修改"):
        approve(founded, people.checker, asked, 2)
    approve(founded, people.checker, asked, 3)


def test_that_who_comes_late_is_told_who_was_first_also_after_an_edit(
    desk, people, founded, submitted, other
):  # C1.2
    payment, asked = submitted(amount_minor=30_000_000)
    desk.edit(payment, who=other, purpose="咨询费")
    approve(founded, people.checker, asked, 2)
    with pytest.raises(AlreadyDecided, match="周复核"):
        approve(founded, people.supervisor, asked, 2)


def test_that_an_edit_after_a_decision_is_told_as_such(
    desk, people, founded, submitted, other
):  # C1.2
    payment, asked = submitted(amount_minor=30_000_000)
    approve(founded, people.checker, asked, 1)
    desk.edit(payment, who=other, purpose="咨询费")
    with pytest.raises(AlreadyDecided, match="已修改"):
        approve(founded, people.supervisor, asked, 2)

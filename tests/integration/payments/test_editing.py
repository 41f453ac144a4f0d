"""Making, changing and approving payments: four eyes, levels by amount, approvals voided by edits."""

from dataclasses import replace
from datetime import date

import pytest

from app.access.approvals import Decision, Verdict
from app.access.errors import AlreadyDecided, Denied, FreshSignInNeeded, SelfApproval
from app.core.money import Money
from app.payments import editing
from app.payments.detail import payment_detail
from app.payments.editing import PaymentFields
from app.payments.errors import BadPayment, NotEditable, PaymentChanged
from app.payments.states import Stage, Status


@pytest.fixture
def fields(make_account):
    return PaymentFields(
        account_number=make_account().number,
        payee_name="上海华峰精密机械有限公司",
        payee_account="31050161393600000123",
        amount=Money.parse("30000"),
        due_on=date(2026, 3, 5),
        channel="EBANK",
        payee_bank="建设银行上海张江支行",
    )


@pytest.fixture
def draft(founded, people, fields):
    return editing.create(founded, people.clerk, fields)


def version(db, actor, number):
    return payment_detail(db, actor, number).line.version


def submitted(db, people, number):
    return editing.submit(db, people.clerk, number, version(db, people.clerk, number))


def test_that_numbers_run_by_day_without_gaps(founded, people, fields):  # C1.3
    numbers = [editing.create(founded, people.clerk, fields) for _ in range(3)]
    assert numbers == [f"FK-20260302-000{n}" for n in (1, 2, 3)]


def test_that_a_payment_of_50_000_needs_one_review_and_one_fen_more_needs_two(
    founded, people, fields
):  # C4.2
    for amount, stages in (
        ("50000.00", [Stage.READY]),
        ("50000.01", [Stage.PENDING_APPROVAL, Stage.READY]),
    ):
        number = editing.create(founded, people.clerk, replace(fields, amount=Money.parse(amount)))
        request = submitted(founded, people, number)
        reached = [
            editing.decide(founded, who, Verdict(request, Decision.APPROVE, "", seen))
            for who, seen in zip((people.checker, people.supervisor), (1, 2), strict=True)
            if seen <= len(stages)
        ]
        assert reached == stages


def test_that_the_maker_can_never_approve(founded, people, draft):  # C4.1
    request = submitted(founded, people, draft)
    with pytest.raises(Denied):
        editing.decide(founded, people.clerk, Verdict(request, Decision.APPROVE, "", 1))


def test_that_the_last_editor_counts_as_maker(founded, people, draft, fields):  # C4.1
    from app.access.people import GrantRole, grant_role
    from app.access.rights import Role

    grant_role(
        founded,
        people.admin,
        GrantRole("checker", Role.MAKER, date(2026, 3, 1), None, "临时顶岗"),
    )
    editing.edit(
        founded,
        people.checker,
        draft,
        replace(fields, amount=Money.parse("31000")),
        "改金额",
        version(founded, people.clerk, draft),
    )
    request = submitted(founded, people, draft)
    with pytest.raises(SelfApproval):
        editing.decide(founded, people.checker, Verdict(request, Decision.APPROVE, "", 1))


def test_that_an_edit_of_the_payee_account_voids_the_approval(
    founded, people, draft, fields
):  # C4.1
    request = submitted(founded, people, draft)
    editing.decide(founded, people.checker, Verdict(request, Decision.APPROVE, "", 1))
    editing.edit(
        founded,
        people.clerk,
        draft,
        replace(fields, payee_account="31050161393600000999"),
        "更正账号",
        version(founded, people.clerk, draft),
    )
    detail = payment_detail(founded, people.clerk, draft)
    assert detail.line.status is Status.DRAFT


def test_that_an_open_request_voided_by_an_edit_can_no_longer_be_decided(
    founded, people, draft, fields
):  # C4.1
    request = submitted(founded, people, draft)
    editing.edit(
        founded,
        people.clerk,
        draft,
        replace(fields, amount=Money.parse("1")),
        "更正",
        version(founded, people.clerk, draft),
    )
    with pytest.raises(AlreadyDecided) as told:
        editing.decide(founded, people.checker, Verdict(request, Decision.APPROVE, "", 1))
    assert "原审批失效" in told.value.message


def test_that_an_edit_of_the_purpose_keeps_the_approval(founded, people, draft, fields):  # C4.1
    request = submitted(founded, people, draft)
    editing.decide(founded, people.checker, Verdict(request, Decision.APPROVE, "", 1))
    editing.edit(
        founded,
        people.clerk,
        draft,
        replace(fields, purpose="货款"),
        "补用途",
        version(founded, people.clerk, draft),
    )
    assert payment_detail(founded, people.clerk, draft).line.status is Status.READY


def test_that_the_loser_of_two_edits_is_told_by_whom(founded, people, draft, fields):  # C5.1
    seen = version(founded, people.clerk, draft)
    editing.edit(founded, people.clerk, draft, replace(fields, purpose="货款"), "补用途", seen)
    with pytest.raises(PaymentChanged) as told:
        editing.edit(founded, people.clerk, draft, replace(fields, purpose="运费"), "补用途", seen)
    assert "陈经办" in told.value.message
    assert payment_detail(founded, people.clerk, draft).fields.purpose == "货款"


def test_that_an_approval_needs_a_password_proved_in_the_last_minutes(
    founded, people, draft, clock
):  # C4.1
    from datetime import timedelta

    request = submitted(founded, people, draft)
    clock.move_to(clock.now() + timedelta(minutes=5, seconds=1))
    with pytest.raises(FreshSignInNeeded):
        editing.decide(founded, people.checker, Verdict(request, Decision.APPROVE, "", 1))


def test_that_of_two_reviewers_only_the_first_decides(founded, people, draft):  # C4.4
    request = submitted(founded, people, draft)
    editing.decide(founded, people.supervisor, Verdict(request, Decision.APPROVE, "", 1))
    with pytest.raises(AlreadyDecided) as told:
        editing.decide(founded, people.checker, Verdict(request, Decision.REJECT, "不同意", 1))
    assert "王主管" in told.value.message
    assert payment_detail(founded, people.clerk, draft).line.status is Status.READY


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"payee_name": " "}, "户名"),
        ({"amount": Money(0)}, "金额"),
        ({"purpose": "货" * 32}, "用途"),
        ({"payee_name": "甲" * 61}, "户名"),
    ],
)
def test_that_a_bad_field_is_named(founded, people, fields, change, word):  # C3.4
    with pytest.raises(BadPayment) as refused:
        editing.create(founded, people.clerk, replace(fields, **change))
    assert word in refused.value.message


def test_that_what_is_at_the_bank_can_not_be_edited(founded, people, make_payment, fields):  # C3.1
    gone = make_payment(stage="SUBMITTED")
    with pytest.raises(NotEditable):
        editing.edit(founded, people.clerk, gone.number, fields, "改", gone.version)


def test_that_a_supervisor_may_not_enter_payments(founded, people, fields):  # E4.4
    with pytest.raises(Denied):
        editing.create(founded, people.supervisor, fields)
    with founded.read() as work:
        from sqlalchemy import select

        from app.audit.model import AuditEntry

        kept = work.session.scalars(
            select(AuditEntry).where(AuditEntry.act == "access.denied")
        ).all()
    assert [entry.actor for entry in kept] == ["supervisor 王主管"]

"""Resuming: verified item by item, one level above normal, gate tested again, nothing half done."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.access.approvals import Decision, Verdict
from app.access.errors import AlreadyDecided, Denied, RemarkNeeded, SelfApproval
from app.access.rights import Role
from app.accounts import service as accounts
from app.accounts.rules import AccountStatus
from app.core.codes import HoldCause, StopReason
from app.core.money import Money
from app.payees.changes import AskChange, ConfirmChange, ask
from app.payments import diagnosing, dry_runs, editing, holds, resuming
from app.payments.detail import payment_detail, resume_form
from app.payments.diagnosis.facts import SystemFacts
from app.payments.errors import (
    NotResumable,
    NotVerified,
    PaymentHeld,
    ResumeRefused,
    RuleChangeNeeded,
)
from app.payments.holds import PlaceHold
from app.payments.invariants import examine
from app.payments.payee_cure import confirm_change
from app.payments.resume_request import RequestResume
from app.payments.rule_changes import change_threshold
from app.payments.states import HoldScope, ResumeState, Status
from app.payments.verification import Tick, items

SOUND = SystemFacts()


@pytest.fixture
def channels(founded):
    from app.audit.trail import SYSTEM_ACTOR, Event, record

    with founded.write() as uow:
        accounts.add_default_channels(uow)
        record(uow, SYSTEM_ACTOR, Event("test.made", "channels"))
        uow.commit()


@pytest.fixture
def stopped(founded, people, channels, make_payment):
    """30,000.00, made by the clerk and stopped by the reviewer."""
    payment = make_payment(made_by=people.clerk, amount_minor=3_000_000)
    holds.place(
        founded,
        people.checker,
        PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.SUSPECTED_ERROR, "发票户名待核"),
    )
    return payment


def line(db, people, payment):
    return payment_detail(db, people.clerk, payment.number).line


def command(db, people, payment, **changes):
    """A wizard filled in as it should be."""
    from app.payments.editing import find_payment

    with db.read() as work:
        row = find_payment(work, payment.number)
        facts = dry_runs.facts_of(work, row, SOUND)
        ticks = tuple(Tick(item.code, item.ours, True) for item in items(facts))
    whole = RequestResume(
        number=payment.number,
        expected_version=line(db, people, payment).version,
        ticks=ticks,
        reason="核对无误",
        measures="已与供应商核对发票",
        planned_on=date(2026, 3, 3),
    )
    return replace(whole, **changes)


def request(db, people, payment, **changes):
    return resuming.request(db, people.clerk, command(db, people, payment, **changes), SOUND)


def approve(db, who, asked, version):
    return resuming.decide(
        db, who, Verdict(asked.approval_id, Decision.APPROVE, "", version), SOUND
    )


def test_that_resuming_needs_one_level_more_than_the_normal_payment(
    founded, people, stopped
):  # C4.1
    asked = request(founded, people, stopped)
    assert asked.levels == (Role.CHECKER, Role.SUPERVISOR)
    assert line(founded, people, stopped).status is Status.RESUME_PENDING


def test_the_whole_way_back_to_ready(founded, people, stopped):  # C3.2 C4.2 C5.2 C5.5
    asked = request(founded, people, stopped)
    assert approve(founded, people.checker, asked, 1).state is ResumeState.IN_APPROVAL
    done = approve(founded, people.supervisor, asked, 2)
    assert done.state is ResumeState.DONE
    after = line(founded, people, stopped)
    assert (after.status, after.holds, after.reasons) == (Status.READY, 0, ())
    # Planned for Tuesday; HVPS opens at 8:30 in Shanghai, which is 0:30 UTC.
    assert after.next_execution_at.isoformat() == "2026-03-03T00:30:00+00:00"
    form = resume_form(founded, people.clerk, done.form_no)
    assert [entry["ok"] for entry in form.review] == [True] * 5
    assert form.dry_run["ok"] is True
    with founded.read() as work:
        assert [p.code for p in examine(work) if not p.ok and p.code != "ready"] == []


@pytest.mark.parametrize("left_out", ["amount", "payee", "account", "due", "order", "payer"])
def test_that_every_item_must_be_ticked(founded, people, stopped, left_out):  # C2.2
    whole = command(founded, people, stopped)
    ticks = tuple(replace(t, ticked=t.ticked and t.code != left_out) for t in whole.ticks)
    with pytest.raises(NotVerified):
        resuming.request(founded, people.clerk, replace(whole, ticks=ticks), SOUND)
    assert line(founded, people, stopped).status is Status.STOPPED


def test_that_a_tick_on_an_old_value_does_not_count(founded, people, stopped):  # C2.3
    whole = command(founded, people, stopped)
    ticks = (replace(whole.ticks[0], ours="1.00"), *whole.ticks[1:])
    with pytest.raises(NotVerified) as refused:
        resuming.request(founded, people.clerk, replace(whole, ticks=ticks), SOUND)
    assert "金额" in refused.value.message


def test_that_the_maker_and_the_asker_can_not_approve(founded, people, stopped):  # C4.1
    from app.access.people import GrantRole, grant_role

    asked = request(founded, people, stopped)
    grant_role(
        founded,
        people.admin,
        GrantRole("clerk", Role.SUPERVISOR, date(2026, 3, 1), None, "代班"),
    )
    with pytest.raises(SelfApproval):
        approve(founded, people.clerk, asked, 1)


def test_that_one_person_can_not_pass_two_levels(founded, people, stopped):  # C4.2
    asked = request(founded, people, stopped)
    approve(founded, people.supervisor, asked, 1)
    with pytest.raises(SelfApproval):
        approve(founded, people.supervisor, asked, 2)


def test_that_a_refused_attempt_to_approve_is_kept_in_the_trail(founded, people, stopped):  # C4.5
    asked = request(founded, people, stopped)
    with pytest.raises(Denied):
        approve(founded, people.auditor, asked, 1)
    from app.audit.queries import AuditFilter, entries

    with founded.read() as work:
        [kept] = entries(work, AuditFilter(act="access.denied"))
    assert kept.actor == "auditor 孙内审"


def test_that_returning_needs_a_remark_and_leaves_the_payment_stopped(
    founded, people, stopped
):  # C4.4
    asked = request(founded, people, stopped)
    with pytest.raises(RemarkNeeded):
        resuming.decide(
            founded, people.checker, Verdict(asked.approval_id, Decision.RETURN, " ", 1), SOUND
        )
    back = Verdict(asked.approval_id, Decision.RETURN, "请补合同", 1)
    assert resuming.decide(founded, people.checker, back, SOUND).state is ResumeState.RETURNED
    assert line(founded, people, stopped).status is Status.STOPPED


def test_that_an_edit_after_the_request_voids_it(founded, people, stopped):  # C4.1
    asked = request(founded, people, stopped)
    detail = payment_detail(founded, people.clerk, stopped.number)
    editing.edit(
        founded,
        people.clerk,
        stopped.number,
        replace(detail.fields, amount=Money.parse("30001")),
        "改金额",
        detail.line.version,
    )
    with pytest.raises(AlreadyDecided):
        approve(founded, people.checker, asked, 1)
    form = resume_form(founded, people.clerk, asked.form_no)
    assert form.state is ResumeState.VOIDED
    assert line(founded, people, stopped).status is Status.STOPPED


def test_that_a_hold_placed_after_the_approval_refuses_the_resumption(
    founded, people, stopped
):  # A5.4
    asked = request(founded, people, stopped)
    approve(founded, people.checker, asked, 1)
    holds.place(
        founded,
        people.supervisor,
        PlaceHold(HoldScope.PAYEE, str(stopped.payee_id), HoldCause.RISK_CONTROL, "收款方被查"),
    )
    with pytest.raises(PaymentHeld):
        approve(founded, people.cfo, asked, 2)
    form = resume_form(founded, people.clerk, asked.form_no)
    assert form.state is ResumeState.IN_APPROVAL
    assert [step.decided for step in form.approval.steps] == [True, False]
    assert line(founded, people, stopped).holds == 2
    acts = [entry.act for entry in payment_detail(founded, people.clerk, stopped.number).trace]
    assert "resume.gate_refused" in acts


def test_that_the_gate_tests_the_cause_again_before_it_lets_go(founded, people, stopped):  # C5.3
    asked = request(founded, people, stopped)
    approve(founded, people.checker, asked, 1)
    [account] = {payment_detail(founded, people.clerk, stopped.number).fields.account_number}
    accounts.record_balance(
        founded,
        people.clerk,
        accounts.RecordBalance(
            account, Money.parse("29999.99"), Money(0), founded.clock.now(), "网银"
        ),
    )
    with pytest.raises(ResumeRefused) as refused:
        approve(founded, people.supervisor, asked, 2)
    assert "缺口 0.01 元" in refused.value.message
    assert line(founded, people, stopped).status is Status.RESUME_PENDING


def test_that_a_standing_cause_refuses_the_request(founded, people, stopped):  # C3.4
    detail = payment_detail(founded, people.clerk, stopped.number)
    accounts.set_status(
        founded, people.admin, detail.fields.account_number, AccountStatus.FROZEN, "法院冻结"
    )
    with pytest.raises(ResumeRefused) as refused:
        request(founded, people, stopped)
    assert "冻结" in refused.value.message


def test_that_a_stop_by_risk_control_needs_a_rule_change_or_a_waiver(
    founded, people, channels, make_payment
):  # C3.3
    payment = make_payment(made_by=people.clerk)
    holds.place(
        founded,
        people.checker,
        PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.RISK_CONTROL, "触发大额规则"),
    )
    with pytest.raises(RuleChangeNeeded):
        request(founded, people, payment)
    change = change_threshold(founded, people.cfo, "R04.first", "200000", "业务扩大")
    asked = request(founded, people, payment, rule_change_no=change)
    assert asked.form_no == "HF-2026-0001"
    assert resume_form(founded, people.clerk, asked.form_no).rule_change.startswith(change)


def test_that_a_check_which_nobody_may_waive_can_not_be_waived(founded, people, stopped):  # C3.3
    with pytest.raises(RuleChangeNeeded) as refused:
        request(founded, people, stopped, waivers={"holds.wide": "着急"})
    assert "不能豁免" in refused.value.message


def test_that_a_payment_that_runs_is_not_resumed(founded, people, channels, make_payment):  # C3.2
    payment = make_payment(made_by=people.clerk)
    with pytest.raises(NotResumable):
        request(founded, people, payment)


def test_a_payee_change_confirmed_by_call_back_cures_and_counts_as_an_edit(
    founded, people, stopped
):  # C3.5
    detail = payment_detail(founded, people.clerk, stopped.number)
    before = {
        "name": detail.fields.payee_name,
        "account": detail.fields.payee_account,
        "bank": detail.fields.payee_bank,
        "cnaps": detail.fields.payee_cnaps,
    }
    number = ask(
        founded,
        people.clerk,
        AskChange(
            detail.payee_id,
            before,
            {**before, "account": "31001999999999999"},
            "供应商换户",
            stopped.number,
        ),
    )
    with pytest.raises(Denied):
        confirm_change(founded, people.clerk, ConfirmChange(number, "021-50001234", "刘会计", True))
    confirm_change(founded, people.checker, ConfirmChange(number, "021-50001234", "刘会计", True))
    after = payment_detail(founded, people.clerk, stopped.number)
    assert after.fields.payee_account == "31001999999999999"
    assert after.edited_by == "陈经办"
    assert "payee.changed" in [entry.act for entry in after.trace]


def test_that_the_call_back_must_use_the_known_number(founded, people, stopped):  # C3.5
    from app.core.errors import BadInput

    detail = payment_detail(founded, people.clerk, stopped.number)
    before = {"name": detail.fields.payee_name, "account": detail.fields.payee_account}
    number = ask(
        founded,
        people.clerk,
        AskChange(
            detail.payee_id,
            before,
            {**before, "account": "31001999999999999"},
            "换户",
            stopped.number,
        ),
    )
    with pytest.raises(BadInput) as refused:
        confirm_change(founded, people.checker, ConfirmChange(number, "13800000000", "张三", True))
    assert "021-50001234" in refused.value.message


def test_that_a_diagnosis_stops_what_it_finds_and_is_kept_with_its_time(
    founded, people, channels, make_account, make_payment, clock
):  # A2.2 A3.2
    account = make_account(balance_minor=2_000_000, frozen_minor=500_000)
    payment = make_payment(account=account, made_by=people.clerk, amount_minor=3_000_000)
    result = diagnosing.run(founded, people.clerk, SOUND, [payment.number])
    assert result.newly_stopped == (payment.number,)
    after = line(founded, people, payment)
    assert after.reasons == (StopReason.INSUFFICIENT_FUNDS,)
    seen_at = clock.now()
    clock.move_to(seen_at + timedelta(days=1))
    accounts.record_balance(
        founded,
        people.clerk,
        accounts.RecordBalance(account.number, Money.parse("99999"), Money(0), clock.now(), "网银"),
    )
    diagnosing.run(founded, people.clerk, SOUND, [payment.number])
    old = payment_detail(founded, people.clerk, payment.number).diagnoses[-1]
    assert old.at == seen_at
    assert old.causes[0].evidence["缺口"] == "15,000.00 元"


def test_that_three_causes_are_all_found_at_once(
    founded, people, channels, make_account, make_payment
):  # A1.2 A2.2 A5.2
    account = make_account(balance_minor=100, status="DORMANT")
    payment = make_payment(account=account, made_by=people.clerk, payee_name="别的公司")
    holds.place(
        founded,
        people.checker,
        PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.OTHER, "待查"),
    )
    diagnosing.run(founded, people.clerk, SOUND, [payment.number])
    assert set(line(founded, people, payment).reasons) == {
        StopReason.MANUAL_PAUSE,
        StopReason.ACCOUNT_DORMANT,
        StopReason.INSUFFICIENT_FUNDS,
        StopReason.NAME_MISMATCH,
    }


def test_that_the_dry_run_moves_nothing_and_names_what_is_missing(founded, people, stopped):  # C5.3
    result = dry_runs.dry_run(founded, people.clerk, stopped.number, SOUND)
    assert [p.code for p in result.passages if not p.ok] == ["status"]
    assert payment_detail(founded, people.clerk, stopped.number).attempts == ()
    assert line(founded, people, stopped).status is Status.STOPPED

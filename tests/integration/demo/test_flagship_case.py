"""The manual's case: 86,400.00 with three causes, cured and resumed by the demo's own people."""

from datetime import date

import pytest
from sqlalchemy import select

from app.access.approvals import Decision, Verdict, find_request
from app.access.sign_in import sign_in
from app.accounts.service import RecordBalance, record_balance
from app.core.codes import StopReason
from app.core.money import Money
from app.demo.accounts import DEMO_PASSWORD
from app.demo.company import CCB
from app.demo.trouble import FLAGSHIP_INVOICE
from app.payees.changes import AskChange, ConfirmChange, ask
from app.payments import dry_runs, resume_request, resuming
from app.payments.diagnosis.facts import SystemFacts
from app.payments.diagnosis.rule import Severity, diagnose
from app.payments.errors import ResumeRefused
from app.payments.model import Payment
from app.payments.payee_cure import confirm_change
from app.payments.states import ResumeState, Status
from app.payments.verification import Tick, items

RIGHT, WRONG = "苏州恒力精密机械股份有限公司", "苏州恒立精密机械股份有限公司"


def flagship(db):
    with db.read() as work:
        return work.session.scalars(
            select(Payment).where(Payment.invoice_no == FLAGSHIP_INVOICE)
        ).one()


def blocking(db):
    with db.read() as work:
        facts = dry_runs.facts_of(work, work.session.get(Payment, flagship(db).id), SystemFacts())
    ranked = diagnose(facts)
    return {r.finding.reason for r in ranked if r.finding.severity is Severity.BLOCKING}


def ask_resume(db, clerk):
    payment = flagship(db)
    with db.read() as work:
        shown = items(dry_runs.facts_of(work, work.session.get(Payment, payment.id), SystemFacts()))
    return resuming.request(
        db,
        clerk,
        resume_request.RequestResume(
            number=payment.number,
            expected_version=payment.version,
            ticks=tuple(Tick(one.code, one.ours, True) for one in shown),
            reason="户名已更正，资金已到位",
            measures="回拨供应商财务核实户名",
            planned_on=date(2026, 3, 12),
        ),
        SystemFacts(),
    )


def cure_name(db, clerk, checker):
    payment = flagship(db)
    before = {
        "name": payment.payee_name,
        "account": payment.payee_account,
        "bank": payment.payee_bank,
        "cnaps": payment.payee_cnaps,
    }
    after = {**before, "name": RIGHT, "cnaps": "301305090568"}
    number = ask(db, clerk, AskChange(payment.payee_id, before, after, "户名误写", payment.number))
    confirm_change(db, checker, ConfirmChange(number, "0512-85130348", "陆建平", True))


def test_that_it_stands_still_for_three_reasons(demo):
    payment = flagship(demo)
    assert (payment.amount_minor, payment.payee_name) == (8_640_000, WRONG)
    assert payment.status == Status.STOPPED
    assert blocking(demo) == {
        StopReason.MANUAL_PAUSE,
        StopReason.NAME_MISMATCH,
        StopReason.INSUFFICIENT_FUNDS,
    }


def test_that_it_cannot_be_resumed_before_its_causes_are_cured(demo):  # C3.1
    with pytest.raises(ResumeRefused):
        ask_resume(demo, sign_in(demo, "clerk", DEMO_PASSWORD).actor)


def test_that_people_cure_and_resume_it(demo):  # C4.1
    who = {
        name: sign_in(demo, name, DEMO_PASSWORD).actor
        for name in ("clerk", "checker", "supervisor", "cfo")
    }
    cure_name(demo, who["clerk"], who["checker"])
    record_balance(
        demo,
        who["clerk"],
        RecordBalance(CCB, Money.parse("500000"), Money(0), demo.clock.now(), "网银余额"),
    )
    assert blocking(demo) == {StopReason.MANUAL_PAUSE}
    asked = ask_resume(demo, who["clerk"])
    for name in ("checker", "supervisor", "cfo"):
        with demo.read() as work:
            seen = find_request(work, asked.approval_id).version
        verdict = Verdict(asked.approval_id, Decision.APPROVE, "同意", seen)
        decided = resuming.decide(demo, who[name], verdict, SystemFacts())
    assert decided.state is ResumeState.DONE
    assert flagship(demo).status == Status.READY
    assert flagship(demo).payee_name == RIGHT

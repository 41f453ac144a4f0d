"""The demo company shows everything that the product is about, and breaks none of its promises."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.access.approvals import RequestState
from app.access.founding import company_card
from app.access.model import ApprovalRequest, SavedFilter
from app.access.sign_in import sign_in
from app.accounts.model import BankAccount, Channel, MaintenanceWindow
from app.accounts.reading import latest_balances
from app.audit.verify import verify
from app.core.clock import business_date
from app.core.cnaps import is_valid
from app.core.codes import StopReason
from app.demo.accounts import DEMO_ACCOUNTS
from app.demo.company import CCB, CMB
from app.demo.days import Days
from app.payees.model import Payee, PayeeAccount, PayeeChange
from app.payments.diagnosis.facts import SystemFacts
from app.payments.diagnosis.rule import Severity, diagnose
from app.payments.gather import gather
from app.payments.invariants import examine
from app.payments.model import HoldCover, Payment
from app.payments.states import Stage, Status

# Faults of software that a sound program can't show again: they stand in stored holds only.
STORED = {StopReason.SYSTEM_FAULT, StopReason.UPGRADE_INCOMPLETE}


def causes(db, wanted):
    with db.read() as work:
        payments = work.session.scalars(select(Payment).where(wanted)).all()
        return {
            payment.number: (
                diagnose(facts),
                [hold for hold in facts.holds if hold.system],
            )
            for payment, facts in gather(work, payments, SystemFacts())
        }


def test_that_it_is_a_drill_of_the_named_company(demo):
    with demo.read() as work:
        card = company_card(work)
    assert (card.name, card.environment) == ("华东精工制造有限公司", "演练")


def test_that_every_promise_about_payments_holds(demo):
    with demo.read() as work:
        broken = {one.code: one.broken for one in examine(work) if not one.ok}
    assert broken == {}


def test_that_the_trail_is_whole(demo):  # F1.3
    assert verify(demo).first_broken is None


@pytest.mark.parametrize("account", DEMO_ACCOUNTS, ids=lambda one: one.username)
def test_that_everybody_on_the_sign_in_page_gets_in(demo, account):
    welcome = sign_in(demo, account.username, account.password)
    assert (welcome.actor.name, welcome.must_change) == (account.name, False)


def test_that_every_reason_stops_at_least_two_payments(demo):  # A1.1
    with demo.read() as work:
        rows = work.session.execute(
            select(HoldCover.reason, func.count())
            .where(HoldCover.ended_at.is_(None))
            .group_by(HoldCover.reason)
        )
        counts = dict(rows.all())
    assert {reason for reason in StopReason if counts.get(reason, 0) < 2} == set()


def test_that_what_the_program_stopped_shows_its_cause_today(demo):
    missing = []
    for number, (ranked, system_holds) in causes(demo, Payment.hold_count > 0).items():
        live = {r.finding.reason for r in ranked if not r.rule.code.startswith("holds.")}
        missing += [
            (number, hold.reason) for hold in system_holds if hold.reason not in live | STORED
        ]
    assert missing == []


def test_that_nothing_blocks_what_is_ready(demo):
    blocked = [
        (number, one.rule.code)
        for number, (ranked, _) in causes(demo, Payment.status == Status.READY).items()
        for one in ranked
        if one.finding.severity is Severity.BLOCKING
    ]
    assert blocked == []


def test_that_several_payments_have_three_causes_at_once(demo):
    three = [
        number
        for number, (ranked, _) in causes(demo, Payment.hold_count > 0).items()
        if len({r.finding.reason for r in ranked if r.finding.severity is Severity.BLOCKING}) >= 3
    ]
    assert len(three) >= 4


def test_that_about_two_thousand_payments_stand_in_it(demo):
    with demo.read() as work:
        counts = Counter(work.session.scalars(select(Payment.stage)))
    assert 1900 <= counts.total() <= 2200
    assert counts[Stage.EXECUTED] > 1800
    assert counts[Stage.UNKNOWN] >= 2
    assert counts[Stage.RETURNED] >= 2


def test_that_people_find_work_in_their_inboxes(demo):
    with demo.read() as work:
        kinds = Counter(
            work.session.scalars(
                select(ApprovalRequest.kind).where(ApprovalRequest.state == RequestState.OPEN)
            )
        )
        changes = work.session.scalar(
            select(func.count()).select_from(PayeeChange).where(PayeeChange.state == "ASKED")
        )
        filters = work.session.scalars(select(SavedFilter.list_name)).all()
    assert kinds.total() >= 12
    assert set(kinds) == {"PAYMENT", "RESUME", "HOLD_LIFT", "RESULT_CORRECTION"}
    assert changes == 2
    assert filters == ["payments", "payments"]


def test_that_banks_and_channels_look_as_on_a_bad_day(demo):  # A4.2
    with demo.read() as work:
        channels = {c.code: c for c in work.session.scalars(select(Channel))}
        windows = work.session.scalars(select(MaintenanceWindow)).all()
        codes = work.session.scalars(select(BankAccount.cnaps)).all()
        today = work.today
    assert [code for code, one in channels.items() if not one.up] == ["DIRECT"]
    assert 0 < (channels["EBANK"].certificate_until - today).days <= 30
    assert [one.channel_code for one in windows] == ["BEPS"]
    assert len(codes) == 4
    assert all(is_valid(code) for code in codes)


def test_that_a_past_day_shows_the_money_of_that_day(demo, demo_clock):  # A2.1
    days = Days(business_date(demo_clock.now()))
    demo_clock.move_to(days.at(days.ago(5), 15, 40))
    with demo.read() as work:
        seen = {
            number: latest_balances(work)[row_id]
            for row_id, number in work.session.execute(select(BankAccount.id, BankAccount.number))
        }
    assert {row.as_of for row in seen.values()} == {days.at(days.ago(6), 17, 5)}
    # Today's is 38,500.00.
    assert seen[CCB].book_minor != 3_850_000
    assert seen[CMB].frozen_minor == 30_000_000
    demo_clock.move_to(days.at(days.ago(9), 18))
    with demo.read() as work:
        assert {row.frozen_minor for row in latest_balances(work).values()} == {0}


def test_that_the_payee_of_the_manuals_case_can_be_called_back(demo):  # C3.4
    with demo.read() as work:
        payee = work.session.scalars(
            select(Payee).where(Payee.name == "苏州恒立精密机械股份有限公司")
        ).one()
    assert (payee.phone, payee.contact) == ("0512-85130348", "陆建平")


def test_that_the_bank_codes_of_known_payees_pass_their_check(demo):
    with demo.read() as work:
        codes = work.session.scalars(select(PayeeAccount.cnaps)).all()
    assert len(codes) >= 60
    assert all(is_valid(code) for code in codes)


def test_that_new_payments_get_numbers_of_their_own(demo):
    """The series go on behind what was put down, today's too."""
    from datetime import date

    from app.core.money import Money
    from app.demo.company import ICBC
    from app.payments.editing import PaymentFields, create

    clerk = sign_in(demo, "clerk", DEMO_ACCOUNTS[0].password).actor
    fields = PaymentFields(
        ICBC, "苏州远航包装材料有限公司", "309305090634", Money(100), date(2026, 3, 11), "IBPS"
    )
    assert create(demo, clerk, fields) == "FK-20260311-0001"


def test_that_the_list_of_accounts_loads_nothing_heavy():
    import subprocess
    import sys

    code = "import sys, app.demo.accounts; print([m for m in sys.modules if m == 'sqlalchemy'])"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True
    )
    assert done.stdout.strip() == "[]"

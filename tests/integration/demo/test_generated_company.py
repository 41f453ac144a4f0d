"""Generated data: complete, the same for the same seed, true to its truth file, and sound."""

import json

import pytest
from sqlalchemy import func, select

from app.access.founding import Found, found
from app.access.sign_in import sign_in
from app.audit.verify import verify
from app.core.codes import StopReason
from app.demo.generate import Generated, NotEmpty, generate
from app.demo.many_payments import troubled
from app.payees.model import Payee
from app.payments.invariants import examine
from app.payments.model import Attempt, Hold, HoldCover, Payment
from app.payments.states import HoldScope
from app.storage.upgrade import open_database

PASSWORD = "make-many-2026"
PAYMENTS, LINES = 1200, 1300


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """1,200 payments by seed 7, on 2026-03-11."""
    from datetime import UTC, datetime

    from app.core.clock import FixedClock

    path = tmp_path_factory.mktemp("many") / "many.sqlite3"
    clock = FixedClock(datetime(2026, 3, 11, 2, 0, tzinfo=UTC))
    told = generate(
        str(path), payments=PAYMENTS, lines=LINES, seed=7, password=PASSWORD, clock=clock
    )
    db = open_database(str(path), clock)
    yield db, told, path
    db.close()


def test_that_it_tells_what_it_made(made):
    db, told, path = made
    with db.read() as work:
        stopped = work.session.scalar(
            select(func.count()).select_from(Payment).where(Payment.hold_count > 0)
        )
        payments = work.session.scalar(select(func.count()).select_from(Payment))
    assert told == Generated(PAYMENTS, LINES, stopped, path.with_suffix(".truth.json"))
    assert payments == PAYMENTS


def test_that_every_promise_about_payments_holds_in_it(made):
    with made[0].read() as work:
        assert {one.code: one.broken for one in examine(work) if not one.ok} == {}


def test_that_its_trail_is_whole(made):
    assert verify(made[0]).first_broken is None


@pytest.mark.parametrize("username", ["clerk", "checker", "supervisor", "cfo", "admin", "auditor"])
def test_that_its_people_sign_in_with_the_given_password(made, username):
    assert not sign_in(made[0], username, PASSWORD).must_change


def test_that_every_reason_and_wide_holds_are_among_the_stopped(made):
    with made[0].read() as work:
        reasons = set(
            work.session.scalars(
                select(HoldCover.reason).where(HoldCover.ended_at.is_(None)).distinct()
            )
        )
        scopes = set(work.session.scalars(select(Hold.scope).distinct()))
    assert reasons == set(StopReason)
    assert scopes == {HoldScope.PAYMENT, HoldScope.PAYEE, HoldScope.ACCOUNT}


def test_that_the_truth_links_each_line_to_a_payment_with_its_amount(made):
    db, told, _ = made
    truth = json.loads(told.truth.read_text(encoding="utf-8"))
    assert [line["line"] for line in truth["lines"]] == list(range(1, LINES + 1))
    with db.read() as work:
        amounts = {
            number: (minor, reference)
            for number, minor, reference in work.session.execute(
                select(Payment.number, Payment.amount_minor, Attempt.bank_ref)
                .join(Attempt, Attempt.payment_id == Payment.id)
                .where(Payment.stage == "EXECUTED")
            )
        }
        held = set(work.session.scalars(select(Payment.number).where(Payment.hold_count > 0)))
    linked = [line for line in truth["lines"] if line["payment"]]
    assert {line["payment"] for line in linked} == set(amounts)
    for line in linked:
        minor, reference = amounts[line["payment"]]
        assert line["amount"] == f"-{minor // 100}.{minor % 100:02d}"
        assert line["reference"] == reference
    assert set(truth["reasons"]) == held
    assert truth["stopped"] == len(held)


def test_that_the_same_seed_makes_the_same_and_another_seed_something_else(made, tmp_path):
    first = made[1].truth.read_bytes()
    for seed, same in ((7, True), (8, False)):
        again = generate(
            str(tmp_path / f"seed{seed}.sqlite3"),
            payments=PAYMENTS,
            lines=LINES,
            seed=seed,
            password=PASSWORD,
            clock=made[0].clock,
        )
        assert (again.truth.read_bytes() == first) is same


def test_that_its_indexes_are_all_there(made, tmp_path):
    """They are taken off while the rows go in."""
    empty = open_database(str(tmp_path / "empty.sqlite3"), create=True)
    sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
    with empty.read() as before, made[0].read() as after:
        wanted = dict(before.session.connection().exec_driver_sql(sql).all())
        found_now = dict(after.session.connection().exec_driver_sql(sql).all())
    empty.close()
    assert {n: _plain(s) for n, s in found_now.items()} == {n: _plain(s) for n, s in wanted.items()}


def _plain(sql):
    return None if sql is None else sql.replace('"', "").replace(" ", "").lower()


def test_that_what_is_ready_is_not_short_of_money(made):  # A2.1
    from app.payments.diagnosis.facts import SystemFacts
    from app.payments.diagnosis.rule import Severity, diagnose
    from app.payments.gather import gather

    with made[0].read() as work:
        ready = work.session.scalars(select(Payment).where(Payment.status == "READY")).all()
        blocking = {
            one.finding.reason
            for _, facts in gather(work, ready, SystemFacts())
            for one in diagnose(facts)
            if one.finding.severity is Severity.BLOCKING
        }
    assert len(ready) > 0
    assert blocking == set()


def test_that_names_of_payees_differ(made):
    with made[0].read() as work:
        names = work.session.scalars(select(Payee.name)).all()
    assert len(set(names)) == len(names) == 40


@pytest.mark.parametrize(
    ("total", "expected"), [(1_000_000, 10_000), (1_000, 46), (40, 10), (2, 1)]
)
def test_that_one_in_a_hundred_is_troubled_and_more_of_few(total, expected):
    assert troubled(total) == expected


def test_that_a_database_with_data_is_left_alone(demo_clock, tmp_path):
    path = tmp_path / "real.sqlite3"
    db = open_database(str(path), demo_clock, create=True)
    found(db, Found("真实有限公司", "", False, "admin", "管理员", "real-pass-2026"))
    db.close()
    before = path.read_bytes()
    with pytest.raises(NotEmpty, match="真实有限公司"):
        generate(str(path), payments=5, lines=0, seed=1, password=PASSWORD, clock=demo_clock)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["real.sqlite3"]


def test_that_a_refused_generation_leaves_nothing_behind(demo_clock, tmp_path):
    from app.access.errors import WeakPassword

    path = tmp_path / "many.sqlite3"
    with pytest.raises(WeakPassword):
        generate(str(path), payments=5, lines=0, seed=1, password="short", clock=demo_clock)
    db = open_database(str(path), demo_clock)
    with db.read() as work:
        assert work.session.scalar(select(func.count()).select_from(Payment)) == 0
    db.close()
    assert not path.with_suffix(".truth.json").exists()
    assert not path.with_suffix(".truth.json.part").exists()


def test_that_it_fills_a_server_too(postgres_server, demo_clock, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    url = postgres_server.fresh(tmp_path, migrated=False)
    told = generate(url, payments=300, lines=10, seed=1, password=PASSWORD, clock=demo_clock)
    db = open_database(url, demo_clock)
    try:
        with db.read() as work:
            assert [one.code for one in examine(work) if not one.ok] == []
            assert work.session.scalar(select(func.count()).select_from(Payment)) == 300
        assert told.truth.parent == tmp_path
    finally:
        db.close()
        postgres_server.give_back(url)

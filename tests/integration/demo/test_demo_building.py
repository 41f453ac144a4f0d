"""The demo company is built once, rebuilt on demand, and never in place of anybody's data."""

import pytest
from sqlalchemy import select

from app.access.founding import Found, found
from app.access.model import Company
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.demo.build import NotTheDemo, ensure_demo
from app.demo.company import BUILDING
from app.payments.invariants import examine
from app.payments.model import Payment
from app.storage.upgrade import open_database


def payments_of(path):
    db = open_database(str(path))
    try:
        with db.read() as work:
            columns = [c for c in Payment.__table__.columns if c.key != "id"]
            return work.session.execute(select(*columns).order_by(Payment.number)).all()
    finally:
        db.close()


def set_company(path, clock, **values):
    db = open_database(str(path), clock)
    with db.write() as uow:
        company = uow.session.get(Company, 1)
        for key, value in values.items():
            setattr(company, key, value)
        record(uow, SYSTEM_ACTOR, Event("test.changed", "company:1"))
        uow.commit()
    db.close()


def test_that_a_built_company_is_left_as_people_changed_it(demo_path, demo_clock):
    set_company(demo_path, demo_clock, idle_minutes=33)
    assert ensure_demo(str(demo_path), clock=demo_clock) == str(demo_path)
    db = open_database(str(demo_path), demo_clock)
    with db.read() as work:
        assert work.session.get(Company, 1).idle_minutes == 33
    db.close()


def test_that_resetting_gives_the_same_company_on_the_same_day(demo_path, demo_clock):
    before = payments_of(demo_path)
    set_company(demo_path, demo_clock, idle_minutes=33)
    ensure_demo(str(demo_path), reset=True, clock=demo_clock)
    assert payments_of(demo_path) == before
    assert [file.name for file in demo_path.parent.iterdir()] == ["demo.sqlite3"]


def test_that_an_interrupted_build_is_built_anew(demo_path, demo_clock):
    set_company(demo_path, demo_clock, dataset=BUILDING, idle_minutes=33)
    ensure_demo(str(demo_path), clock=demo_clock)
    db = open_database(str(demo_path), demo_clock)
    with db.read() as work:
        company = work.session.get(Company, 1)
        assert (company.dataset, company.idle_minutes) == ("演示账套", 10)
    db.close()


@pytest.mark.parametrize("reset", [False, True])
def test_that_a_real_company_is_never_replaced(tmp_path, demo_clock, reset):
    path = tmp_path / "real.sqlite3"
    db = open_database(str(path), demo_clock, create=True)
    found(db, Found("真实有限公司", "正式账套", False, "admin", "管理员", "real-pass-2026"))
    db.close()
    before = path.read_bytes()
    with pytest.raises(NotTheDemo):
        ensure_demo(str(path), reset=reset, clock=demo_clock)
    assert path.read_bytes() == before


def test_that_it_stands_on_a_server_too(postgres_server, demo_clock, tmp_path):
    url = postgres_server.fresh(tmp_path, migrated=False)
    ensure_demo(url, clock=demo_clock)
    ensure_demo(url, reset=True, clock=demo_clock)
    db = open_database(url, demo_clock)
    try:
        with db.read() as work:
            assert [one.code for one in examine(work) if not one.ok] == []
    finally:
        db.close()
        postgres_server.give_back(url)

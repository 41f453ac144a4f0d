"""自动付款状态核查: computed from what is known, kept as it was found, signed by another."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.access.errors import AlreadyDecided, Denied, FreshSignInNeeded, SelfApproval
from app.agreements import service
from app.agreements.fields import AgreementFields
from app.core.errors import BadInput
from app.incidents.daily import daily_check
from app.incidents.recheck import make_recheck, recheck_lines, sign_recheck
from app.payments.diagnosis.facts import SystemFacts
from app.statements.importing import preview, take_in

PAYEE = "上海临江供电有限公司"


@pytest.fixture
def account(make_account):
    return make_account()


@pytest.fixture
def register(founded, people, account):
    def make(**changes):
        fields = {
            "account_number": account.number,
            "payee_name": PAYEE,
            "starts_on": date(2026, 1, 1),
            "payee_account": "31050161393600000123",
            **changes,
        }
        return service.register(founded, people.clerk, AgreementFields(**fields))

    return make


@pytest.fixture
def bring(founded, people, account, tmp_path):
    def take(row):
        path = tmp_path / "流水.csv"
        path.write_text(f"交易日期,支出,对方户名,摘要\n{row}\n", encoding="utf-8")
        return take_in(founded, people.clerk, preview(founded, people.clerk, path), account.number)

    return take


def made(db, people, system=None):
    number = make_recheck(db, people.clerk, system or SystemFacts())
    [newest, *_] = recheck_lines(db, people.clerk)
    assert newest.number == number
    return newest, {item.code: item for item in newest.items}


def test_that_what_nobody_imported_is_not_called_in_order(  # E5.1
    founded, people, register, bring
):
    register()
    line, items = made(founded, people)
    assert (line.number, line.attention) == ("HC-2026-0001", 1)
    assert not items["statements"].ok
    assert "从未导入" in items["statements"].detail
    bring("2026-03-01,5.00,某公司,货款")
    line, items = made(founded, people)
    assert (items["statements"].ok, line.attention) == (True, 0)


def test_that_a_pause_in_the_program_is_no_end_at_the_bank(founded, people, register):  # E5.2
    number = register()
    service.suspend(founded, people.clerk, number, "争议", 1)
    _, items = made(founded, people)
    assert not items["active"].ok
    assert number in items["active"].detail


def test_that_a_debit_after_the_end_stays_until_it_is_recovered(  # E5.1
    founded, people, register, bring
):
    register(ends_on=date(2026, 2, 20))
    bring(f"2026-03-01,46300.00,{PAYEE},代扣")
    _, items = made(founded, people)
    assert not items["hits"].ok
    assert "YC-2026-0001" in items["hits"].detail


def test_that_a_fault_of_the_program_is_told(founded, people, register):  # E5.5
    _, items = made(founded, people, SystemFacts(disk_trouble="磁盘剩余 1%"))
    assert not items["software"].ok
    assert "磁盘剩余 1%" in items["software"].detail


def test_that_another_signs_with_what_is_to_be_done(founded, people, register):  # E5.6
    register()
    line, _ = made(founded, people)
    with pytest.raises(Denied):
        sign_recheck(founded, people.clerk, line.number, "已阅", line.version)
    with pytest.raises(BadInput, match="处理意见"):
        sign_recheck(founded, people.supervisor, line.number, " ", line.version)
    sign_recheck(founded, people.supervisor, line.number, "请出纳今日导入流水", line.version)
    [signed] = recheck_lines(founded, people.clerk)
    assert (signed.signed_by, signed.remark) == (people.supervisor.name, "请出纳今日导入流水")
    with pytest.raises(AlreadyDecided, match=people.supervisor.name):
        sign_recheck(founded, people.cfo, line.number, "已阅", signed.version)


def test_that_nobody_signs_for_their_own(founded, people, register):  # E4.4
    number = make_recheck(founded, people.supervisor, SystemFacts())
    with pytest.raises(SelfApproval):
        sign_recheck(founded, people.supervisor, number, "已阅", 1)


def test_that_a_signature_wants_a_fresh_password(founded, people, register, clock):  # E5.6
    line, _ = made(founded, people)
    clock.move_to(clock.now() + timedelta(hours=1))
    with pytest.raises(FreshSignInNeeded):
        sign_recheck(founded, people.supervisor, line.number, "已阅", line.version)


def test_that_a_recheck_is_asked_for_every_thirty_days(founded, people, register, clock):  # E5.1
    def asked():
        return [n for n in daily_check(founded, SystemFacts()) if n.kind == "recheck"]

    assert asked() == []
    register()
    assert len(asked()) == 1
    make_recheck(founded, people.clerk, SystemFacts())
    assert asked() == []
    clock.move_to(clock.now() + timedelta(days=30))
    assert asked() == []
    clock.move_to(clock.now() + timedelta(seconds=1))
    assert len(asked()) == 1


def test_that_the_database_keeps_what_was_found(founded, people, register):  # E5.6
    made(founded, people)
    with founded.write() as uow, pytest.raises(DatabaseError):
        uow.session.execute(text("DELETE FROM recheck"))

"""What the commands say to people: amounts, times and the way to a restore."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.access.model import User
from app.accounts.model import BankAccount
from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.payees.registry import payee_for
from app.payments.model import Payment


@pytest.fixture
def two_payments(company, open_url):
    """One in yuan, one in dollars; the address of their database."""
    db = open_url(company)
    with db.write() as uow:
        account = uow.session.scalar(select(BankAccount.id))
        maker = uow.session.scalar(select(User.id).where(User.username == "clerk"))
        payee = payee_for(uow, "上海华峰机械有限公司")
        for number, (minor, currency) in enumerate(((123_456_750, "CNY"), (200_000, "USD")), 1):
            uow.session.add(
                Payment(
                    number=f"FK-20260302-000{number}",
                    account_id=account,
                    payee_id=payee.id,
                    payee_name=payee.name,
                    payee_account="31050161393600000123",
                    payee_bank="建设银行张江支行",
                    amount_minor=minor,
                    currency=currency,
                    purpose="货款",
                    channel="EBANK",
                    due_on=date(2026, 3, 2),
                    stage="DRAFT",
                    status="DRAFT",
                    made_by=maker,
                    made_at=uow.now,
                )
            )
        record(uow, SYSTEM_ACTOR, Event("test.made", "payments"))
        uow.commit()
    db.close()
    return company


def test_that_amounts_are_said_as_people_write_them(say, two_payments):  # C1.3
    code, said = say("--db", two_payments, "--as", "clerk", "payments", "list")
    one, other, foot = said.strip().splitlines()
    assert code == 0
    assert " ¥1,234,567.50  2026-03-02 " in one
    assert " USD 2,000.00  2026-03-02 " in other
    assert foot == "共 2 笔，合计 ¥1,234,567.50 + USD 2,000.00"


def test_that_an_empty_list_sums_up_to_nothing(say, company):  # C1.3
    _, said = say("--db", company, "--as", "clerk", "payments", "list")
    assert said.strip() == "共 0 笔，合计 ¥0.00"


def test_that_times_are_said_in_the_companys_hours(say, two_payments, run):  # A1.2
    desk = ("--db", two_payments, "--as", "clerk", "payments", "diagnose", "FK-20260302-0001")
    _, said = say(*desk)
    assert re.match(r"FK-20260302-0001 诊断时间 \d{4}-\d\d-\d\d \d\d:\d\d\n", said)
    _, document = run(*desk)
    # Scripts get the instant with its zone.
    assert document["at"].endswith("+00:00")


def test_that_a_restore_over_data_names_the_whole_command(say, company, tmp_path):  # F1.4
    file = tmp_path / "备份.tfbak"
    say("--db", company, "--as", "boss", "backup", "create", file)
    code, said = say("--db", company, "backup", "restore", file)
    assert code == 2
    assert f"--db 新数据库.sqlite3 backup restore {file}" in said
    assert f"backup restore {file} --replace" in said
    assert "--as 系统管理员的用户名" in said


@pytest.mark.parametrize("backend", ["postgresql"])
def test_that_a_password_in_the_address_is_not_repeated(say, company, tmp_path):  # F1.4
    file = tmp_path / "备份.tfbak"
    say("--db", company, "--as", "boss", "backup", "create", file)
    secret = company.replace("postgres:@", "postgres:geheim@")
    assert secret != company
    _, said = say("--db", secret, "backup", "restore", file)
    assert "--replace" in said
    assert "geheim" not in said


def test_that_a_damaged_database_leads_to_a_restore_beside_it(say, tmp_path):  # F1.4
    broken = tmp_path / "坏.sqlite3"
    broken.write_bytes(b"SQLite format 3\0" + b"x" * 8192)
    code, said = say("--db", broken, "--as", "boss", "payments", "list")
    assert code == 2
    assert "--db 新数据库.sqlite3 backup restore" in said

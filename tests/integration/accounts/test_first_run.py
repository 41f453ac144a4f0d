import pytest
from sqlalchemy import func, select

from app.access.founding import Found, company_card
from app.accounts.first_run import found_company
from app.accounts.model import BankAccount, Channel
from app.accounts.rules import AccountKind
from app.accounts.service import AddAccount
from app.audit.model import AuditEntry
from app.core.errors import BadInput, Conflict

COMPANY = Found("上海华峰贸易有限公司", "2026 账套", False, "admin", "张管理员", "Secret-2026x")
ACCOUNT = AddAccount(
    "6222 0202 0011 2233 445",
    "上海华峰贸易有限公司",
    "中国工商银行",
    "中国工商银行上海市张江支行",
    AccountKind.BASIC,
)
WRONG = AddAccount("12", "户名", "银行", "开户行", AccountKind.BASIC)


def counted(db, table):
    with db.read() as work:
        return work.session.scalar(select(func.count()).select_from(table))


def test_that_a_first_run_makes_company_channels_and_accounts(database):  # A4.4
    found_company(database, COMPANY, [ACCOUNT])
    with database.read() as work:
        assert company_card(work).name == "上海华峰贸易有限公司"
        assert work.session.scalar(select(BankAccount.number)) == "6222020200112233445"
    # domain.md §2.3 names six ways to the bank.
    assert counted(database, Channel) == 6


def test_that_a_wrong_account_leaves_no_half_made_company(database):  # C5.1
    with pytest.raises(BadInput):
        found_company(database, COMPANY, [ACCOUNT, WRONG])
    with database.read() as work:
        assert company_card(work) is None
    assert counted(database, AuditEntry) == 0


def test_that_a_company_is_founded_once_only(database):  # C5.1
    found_company(database, COMPANY)
    with pytest.raises(Conflict):
        found_company(database, COMPANY, [ACCOUNT])
    assert counted(database, BankAccount) == 0


def test_that_the_first_accounts_are_in_the_trail(database):  # C4.5
    found_company(database, COMPANY, [ACCOUNT])
    with database.read() as work:
        acts = list(work.session.scalars(select(AuditEntry.act).order_by(AuditEntry.seq)))
    assert acts == ["company.founded", "account.added"]

"""The page from which statements come in, and files of a bank that nobody knows."""

from functools import partial

import pytest

from app.statements.mapping import KnownLayout
from ui.agreements.watch_page import WatchPage

HEADINGS = ("Buchungstag", "Soll", "Haben", "Saldo", "Partner")
COLUMNS = {"day": (0,), "expense": (1,), "income": (2,), "balance": (3,), "name": (4,)}
KNOWN = KnownLayout("某某银行", HEADINGS, COLUMNS)
HEAD = "交易日期,借方发生额,贷方发生额,余额,对方户名,摘要"


@pytest.fixture
def account(make_account):
    return make_account()


@pytest.fixture
def dollars(make_account):
    return make_account(number="6222020200119990001", currency="USD")


@pytest.fixture
def page(show_page, people):
    return partial(show_page, WatchPage, people.clerk)


@pytest.fixture
def foreign(tmp_path):
    path = tmp_path / "foreign.csv"
    rows = (
        "Kontoauszug,Februar,,,",
        ",".join(HEADINGS),
        '2026-03-02,,"1,000.00","1,000.00",甲公司',
        "2026-03-03,250.00,,750.00,乙公司",
    )
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def plain(tmp_path):
    """A file of known headings that names neither account nor currency."""
    path = tmp_path / "流水.csv"
    rows = (HEAD, "2026-03-01,40.00,,60.00,某厂,货款", "2026-03-02,,10.00,70.00,某客户,货款")
    path.write_text("\n".join(rows), encoding="gb18030")
    return path

"""期初未达: without it the first table does not balance, with it it does."""

from dataclasses import replace
from datetime import date

import pytest

from app.access.errors import Denied
from app.core.errors import BadInput, Conflict
from app.core.money import Money
from app.reconciliation import carrying, deciding, sheets
from app.reconciliation.carrying import Carried
from app.reconciliation.drawing import Given
from app.reconciliation.reconciling import keep_sure
from app.reconciliation.sheets import Prepare
from app.reconciliation.states import CarriedSide, Side

END = date(2026, 3, 2)
CHEQUE = Carried(
    CarriedSide.BOOK, date(2026, 1, 20), Money.parse("-200"), "宁波永安物流有限公司", "开出支票"
)


@pytest.fixture
def began(bring, book):
    """Statement and journal begin in February; a cheque of January is still out."""
    bring("2026-02-03,100.00,,,苏州明远电子有限公司,,货款,L1")
    book((date(2026, 2, 3), "记-1", "100.00", "苏州明远电子有限公司", "收货款"), opening="800.00")


def drawn(db, people, account):
    """The bank began with 1,000.00, the books, after the cheque, with 800.00."""
    keep_sure(db, people.clerk, account.number, date(2026, 2, 1), END)
    return sheets.drawn(db, people.clerk, Prepare(account.number, END, Given(bank=110000)))


def test_that_what_was_open_before_makes_the_first_table_balance(
    founded, people, account, began
):  # E1.2
    table = drawn(founded, people, account)
    assert table.figures.difference == -20000
    carrying.enter_carried(founded, people.supervisor, account.number, CHEQUE)
    table = drawn(founded, people, account)
    assert table.figures.difference == 0
    assert [item.name for item in table.items] == ["宁波永安物流有限公司"]


def test_that_it_is_matched_once_it_comes(founded, people, account, began, bring):
    carrying.enter_carried(founded, people.supervisor, account.number, CHEQUE)
    bring("2026-02-10,,200.00,,宁波永安物流有限公司,,支票,L2")
    found = keep_sure(founded, people.clerk, account.number, date(2026, 2, 1), END)
    [one] = [one for one in found.of(Side.BOOKS) if "C1" in one.ours]
    if one.id is None:
        deciding.accept(founded, people.clerk, account.number, [one])
    [line] = carrying.carried_lines(founded, people.clerk, account.number)
    assert line.settled
    with pytest.raises(Conflict, match="已勾对"):
        carrying.withdraw_carried(founded, people.supervisor, line.id, line.version, "错")


def test_that_it_can_be_taken_back(founded, people, account, began):
    row_id = carrying.enter_carried(founded, people.supervisor, account.number, CHEQUE)
    with pytest.raises(BadInput, match="理由"):
        carrying.withdraw_carried(founded, people.supervisor, row_id, 1, " ")
    carrying.withdraw_carried(founded, people.supervisor, row_id, 1, "录错账户")
    assert carrying.carried_lines(founded, people.clerk, account.number) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": Money.zero("CNY")}, "金额"),
        ({"amount": Money.parse("5", "USD")}, "CNY 账户"),
        ({"name": "", "text": ""}, "对方或摘要"),
        ({"on": date(2026, 2, 3)}, "早于首个共同日期"),
    ],
)
def test_what_is_refused(founded, people, account, began, changes, said):
    item = replace(CHEQUE, **changes)
    with pytest.raises(BadInput, match=said):
        carrying.enter_carried(founded, people.supervisor, account.number, item)


def test_who_may_enter_them(founded, people, account, began):
    with pytest.raises(Denied):
        carrying.enter_carried(founded, people.clerk, account.number, CHEQUE)

"""余额调节表: drawn, prepared by one, reviewed by another, frozen, voided."""

from datetime import date

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from app.access.errors import Denied, SelfApproval
from app.access.people import GrantRole, grant_role
from app.access.rights import Role
from app.core.errors import BadInput, Conflict
from app.reconciliation import deciding, sheets
from app.reconciliation.drawing import Given
from app.reconciliation.leftovers import OpenKind
from app.reconciliation.reconciling import keep_sure
from app.reconciliation.sheets import Prepare
from app.reconciliation.states import SheetState, Side
from app.statements.importing import preview, take_in
from app.statements.model import BankLine, StatementImport
from tests.integration.reconciliation.conftest import HEAD

MONTH_END = date(2026, 2, 28)


@pytest.fixture
def statement(founded, people, account, tmp_path):
    """Import a statement whose balances prove: `statement("2026-02-01", "1000.00", (…), …)`."""
    serial = iter(range(100))

    def take(opening, *lines):
        from app.core.money import Money

        balance = Money.parse(opening).minor
        rows = []
        for on, amount, name, said in lines:
            minor = Money.parse(amount).minor
            balance += minor
            side = f"{abs(minor) / 100:.2f}"
            money = f"{side}," if minor > 0 else f",{side}"
            rows.append(f"{on},{money},{balance / 100:.2f},{name},,{said},S{next(serial)}")
        path = tmp_path / f"对账单{next(serial)}.csv"
        head = f"账号,{account.number}\n期初余额,{opening}"
        path.write_text("\n".join((head, HEAD, *rows)), encoding="gb18030")
        return take_in(founded, people.clerk, preview(founded, people.clerk, path), account.number)

    return take


@pytest.fixture
def month(statement, book, founded, people, account):
    """A month with one open item of each kind; sure matches are kept."""
    statement(
        "10000.00",
        ("2026-02-02", "-3000.00", "上海华峰机械有限公司", "货款"),
        ("2026-02-20", "500.00", "苏州明远电子有限公司", "货款"),
        ("2026-02-27", "-36.00", "", "网银服务费"),
    )
    book(
        (date(2026, 2, 2), "记-1", "-3000.00", "上海华峰机械有限公司", "付货款"),
        (date(2026, 2, 26), "记-2", "-200.00", "宁波永安物流有限公司", "开出支票"),
        (date(2026, 2, 28), "记-3", "800.00", "无锡天成食品有限公司", "送存支票"),
        opening="10000.00",
    )
    keep_sure(founded, people.clerk, account.number, date(2026, 2, 1), MONTH_END)
    return Prepare(account.number, MONTH_END)


def test_that_the_table_balances_over_the_four_kinds(founded, people, month):  # E1.2
    table = sheets.drawn(founded, people.clerk, month)
    assert (table.figures.bank, table.figures.book) == (746400, 760000)
    assert table.figures.sums == {
        OpenKind.BANK_CREDIT_NOT_BOOKED: 50000,
        OpenKind.BANK_DEBIT_NOT_BOOKED: 3600,
        OpenKind.BOOK_DEBIT_NOT_AT_BANK: 80000,
        OpenKind.BOOK_CREDIT_NOT_AT_BANK: 20000,
    }
    assert table.figures.adjusted_book == table.figures.adjusted_bank == 806400
    assert table.hints == ("银行流水只导入到 2026-02-27，2026-02-27 之后的发生额不在表内。",)


def test_that_one_prepares_and_another_reviews(founded, people, month):  # E1.2 E3.5
    number = sheets.prepare(founded, people.supervisor, month)
    with pytest.raises(SelfApproval, match="不能复核自己编制"):
        sheets.review(founded, people.supervisor, number, 1)
    sheets.review(founded, people.cfo, number, 1, "同意")
    [line] = sheets.listing(founded, people.auditor)
    assert (line.state, line.prepared_by, line.reviewed_by) == (
        SheetState.REVIEWED,
        "王主管",
        "林总监",
    )


def test_that_a_cashier_prepares_none(founded, people, month):
    with pytest.raises(Denied):
        sheets.prepare(founded, people.clerk, month)
    day = founded.clock.now().date()
    granted = GrantRole("clerk", Role.ACCOUNTANT, day, None, "兼任")
    grant_role(founded, people.admin, granted)
    with pytest.raises(Denied, match="出纳不得编制"):
        sheets.prepare(founded, people.clerk, month)


def test_that_a_reviewed_table_is_frozen_by_the_database(founded, people, month):  # E3.5
    number = sheets.prepare(founded, people.supervisor, month)
    sheets.review(founded, people.cfo, number, 1)
    for change in ("book_minor = 1", "content = '{}'", "state = 'PREPARED'", "reviewed_by = 1"):
        with (
            pytest.raises(DBAPIError, match="balance_sheet: UPDATE is refused"),
            founded.engine.begin() as raw,
        ):
            raw.execute(text(f"UPDATE balance_sheet SET {change}"))
    with pytest.raises(DBAPIError, match="DELETE is refused"), founded.engine.begin() as raw:
        raw.execute(text("DELETE FROM balance_sheet"))


def test_that_the_database_lets_nobody_review_their_own(founded, people, month):
    sheets.prepare(founded, people.supervisor, month)
    with pytest.raises(DBAPIError), founded.engine.begin() as raw:
        raw.execute(text("UPDATE balance_sheet SET reviewed_by = prepared_by"))


def test_that_what_changed_meanwhile_is_not_reviewed(founded, people, month, book):
    number = sheets.prepare(founded, people.supervisor, month)
    book((date(2026, 2, 27), "记-9", "-36.00", "", "网银服务费"))
    with pytest.raises(Conflict, match="已不是现在的结果"):
        sheets.review(founded, people.cfo, number, 1)
    sheets.send_back(founded, people.cfo, number, 1, "补记了手续费")
    assert sheets.listing(founded, people.cfo)[0].state is SheetState.SENT_BACK


def test_that_a_difference_is_told_and_refused(founded, people, account, month):  # E1.2
    command = Prepare(account.number, MONTH_END, Given(bank=746400 - 80000))
    table = sheets.drawn(founded, people.clerk, command)
    assert table.figures.difference == 80000
    assert "差额恰等于 2026-02-28 的一笔（无锡天成食品有限公司）" in table.hints[1]
    with pytest.raises(Conflict, match=r"相差 800\.00"):
        sheets.prepare(founded, people.supervisor, command)


def test_that_a_second_of_one_day_waits_for_the_first(founded, people, month):
    number = sheets.prepare(founded, people.supervisor, month)
    with pytest.raises(Conflict, match="已有余额调节表"):
        sheets.prepare(founded, people.cfo, month)
    sheets.review(founded, people.cfo, number, 1)
    sheets.void(founded, people.cfo, number, 2, "漏记一笔")
    second = sheets.prepare(founded, people.supervisor, month)
    assert [(one.number, one.edition) for one in sheets.listing(founded, people.cfo)] == [
        (second, 2),
        (number, 1),
    ]


def test_that_a_voiding_wants_a_reason_and_another_person(founded, people, month):
    number = sheets.prepare(founded, people.supervisor, month)
    sheets.review(founded, people.cfo, number, 1)
    with pytest.raises(BadInput, match="理由"):
        sheets.void(founded, people.cfo, number, 2, "")
    with pytest.raises(SelfApproval):
        sheets.void(founded, people.supervisor, number, 2, "错")


def test_that_a_match_behind_a_reviewed_table_stays(founded, people, account, month, statement):
    number = sheets.prepare(founded, people.supervisor, month)
    sheets.review(founded, people.cfo, number, 1)
    days = (date(2026, 2, 1), MONTH_END)
    [one] = keep_sure(founded, people.clerk, account.number, *days).of(Side.BOOKS)
    with pytest.raises(Conflict, match=number):
        deciding.undo(founded, people.clerk, [one.id], "错")
    sheets.void(founded, people.cfo, number, 2, "更正")
    deciding.undo(founded, people.clerk, [one.id], "错")


def test_that_what_was_settled_later_was_open_on_the_day(
    founded, people, account, month, statement
):  # E1.2
    statement("7464.00", ("2026-03-01", "-200.00", "宁波永安物流有限公司", "支票"))
    keep_sure(founded, people.clerk, account.number, date(2026, 3, 1), date(2026, 3, 2))
    before = sheets.drawn(founded, people.clerk, month)
    assert before.figures.sums[OpenKind.BOOK_CREDIT_NOT_AT_BANK] == 20000
    assert before.figures.difference == 0
    after = sheets.drawn(founded, people.clerk, Prepare(account.number, date(2026, 3, 2)))
    assert after.figures.sums[OpenKind.BOOK_CREDIT_NOT_AT_BANK] == 0
    assert after.figures.difference == 0


def test_that_without_a_journal_there_is_no_table(founded, people, account, statement):
    statement("10.00", ("2026-02-02", "5.00", "某", "货款"))
    with pytest.raises(BadInput, match="还没有同时导入"):
        sheets.drawn(founded, people.clerk, Prepare(account.number, MONTH_END))


def test_that_a_balance_that_no_file_tells_is_asked_for(founded, people, account, bring, book):
    bring("2026-02-02,5.00,,,某,,货款,L1")
    book((date(2026, 2, 2), "记-1", "5.00", "某", "收货款"), opening="10.00")
    with pytest.raises(BadInput, match="没有可以证明的余额"):
        sheets.drawn(founded, people.clerk, Prepare(account.number, MONTH_END))
    given = Prepare(account.number, MONTH_END, Given(bank=1500))
    keep_sure(founded, people.clerk, account.number, date(2026, 2, 1), MONTH_END)
    assert sheets.drawn(founded, people.clerk, given).figures.difference == 0


def test_that_lines_under_a_reviewed_table_stay(founded, people, account, month):  # E3.5
    number = sheets.prepare(founded, people.supervisor, month)
    sheets.review(founded, people.cfo, number, 1)
    with founded.write() as uow:
        line = uow.session.scalars(select(BankLine).order_by(BankLine.id.desc())).first()
        uow.session.execute(
            update(StatementImport).values(undone_at=uow.now, undone_by=1, undone_why="试")
        )
        with pytest.raises(DBAPIError, match="DELETE is refused"):
            uow.session.execute(delete(BankLine).where(BankLine.id == line.id))


def test_that_no_table_is_of_a_day_to_come(founded, people, account, month):
    with pytest.raises(BadInput, match="晚于今天"):
        sheets.prepare(founded, people.supervisor, Prepare(account.number, date(2026, 3, 31)))

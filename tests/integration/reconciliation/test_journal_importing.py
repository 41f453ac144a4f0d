"""A journal comes into the database, once each line, and is taken back as a whole."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.access.errors import Denied
from app.audit.model import AuditEntry
from app.audit.verify import verify
from app.core.errors import BadInput, NotFound
from app.reconciliation.journal.importing import LEFT_OUT, preview, take_in
from app.reconciliation.journal.queries import journal_imports, why_not_undone
from app.reconciliation.journal.undoing import NotUndone, undo
from app.reconciliation.model import (
    BalanceSheet,
    JournalImport,
    JournalLine,
    MatchGroup,
    MatchMember,
)
from app.statements.parsed import Proof
from tests.support.rows import save

HEAD = "日期,凭证字号,摘要,往来单位,结算号,借方金额,贷方金额,方向,余额"
MARCH = (
    ",,期初余额,,,,,借,1000.00",
    "2026-03-02,记-1,收货款,甲公司,Z1,500.00,,借,1500.00",
    "2026-03-03,记-2,付电费,乙公司,Z2,,200.00,借,1300.00",
    "2026-03-03,记-2,付电费,乙公司,Z2,,200.00,借,1100.00",
)


@pytest.fixture
def account(make_account):
    return make_account()


@pytest.fixture
def look(founded, people, account, tmp_path):
    """A preview of a journal with these rows: `look(*rows)`."""
    serial = iter(range(100))

    def read(*rows, title=None, head=HEAD):
        path = tmp_path / f"日记账{next(serial)}.csv"
        title = title or f"科目：1002 银行存款-工行 {account.number}"
        path.write_text("\n".join((title, head, *rows)), encoding="gb18030")
        return preview(founded, people.clerk, path)

    return read


@pytest.fixture
def bring(founded, people, look):
    return lambda *rows: take_in(founded, people.clerk, look(*rows))


def stored(db):
    with db.read() as work:
        return [
            (one.booked_on.isoformat(), one.amount_minor, one.voucher)
            for one in work.session.scalars(select(JournalLine).order_by(JournalLine.id))
        ]


def test_that_the_books_come_in_as_we_see_them(founded, account, bring):  # E1.2
    done = bring(*MARCH)
    assert (done.imported, done.gone) == (3, ())
    assert stored(founded) == [
        ("2026-03-02", 50000, "记-1"),
        ("2026-03-03", -20000, "记-2"),
        ("2026-03-03", -20000, "记-2"),
    ]
    with founded.read() as work:
        [row] = work.session.scalars(select(JournalImport))
        line = work.session.scalars(select(JournalLine).order_by(JournalLine.id)).first()
        [entry] = work.session.scalars(
            select(AuditEntry).where(AuditEntry.act == "journal.imported")
        )
    assert verify(founded).ok
    assert (row.opening_minor, row.closing_minor, row.proof) == (100000, 110000, Proof.BALANCED)
    assert (row.since, row.until) == (date(2026, 3, 2), date(2026, 3, 3))
    assert (line.name, line.settlement, line.text, line.balance_minor) == (
        "甲公司",
        "Z1",
        "收货款",
        150000,
    )
    assert entry.subject == f"account:{account.number}"


def test_that_overlapping_files_add_only_what_is_new(founded, bring):  # E1.2
    bring(*MARCH)
    done = bring(*MARCH[2:], "2026-03-05,记-3,收利息,,,7.00,,借,1107.00")
    assert (done.imported, done.gone) == (1, ())
    assert [(one.row, one.reason) for one in done.skipped if one.reason == "此前已导入"] == [
        (3, "此前已导入"),
        (4, "此前已导入"),
    ]
    assert len(stored(founded)) == 4


def test_that_an_entry_booked_late_makes_no_doubles(founded, bring):
    bring(*MARCH)
    later = (
        MARCH[0],
        "2026-03-01,记-0,补记,丙公司,Z9,1.00,,借,1001.00",
        "2026-03-02,记-1,收货款,甲公司,Z1,500.00,,借,1501.00",
        "2026-03-03,记-2,付电费,乙公司,Z2,,200.00,借,1301.00",
        "2026-03-03,记-2,付电费,乙公司,Z2,,200.00,借,1101.00",
    )
    assert bring(*later).imported == 1
    assert len(stored(founded)) == 4


def test_that_lines_which_the_books_have_no_more_are_told(bring, account):
    bring(*MARCH)
    done = bring(MARCH[0], MARCH[1], "2026-03-03,记-2,付电费,乙公司,Z2,,250.00,借,1250.00")
    [gone] = done.gone
    assert (gone.account, gone.count, gone.first) == (account.number, 2, date(2026, 3, 3))


def test_that_the_account_is_found_or_must_be_chosen(founded, people, account, look):
    tail = look(*MARCH, title=f"科目：100201 工行{account.number[-6:]}")
    assert tail.accounts == (account.number,)
    unknown = look(*MARCH, title="科目：100201 银行存款-工行")
    assert unknown.accounts == ("",)
    with pytest.raises(BadInput, match="不知道属于哪个账户"):
        take_in(founded, people.clerk, unknown)
    assert take_in(founded, people.clerk, unknown, (account.number,)).imported == 3
    with pytest.raises(NotFound, match="没有登记账户"):
        take_in(founded, people.clerk, unknown, ("123",))


def test_that_a_file_of_another_account_is_not_forced_into_one(
    founded, people, make_account, account, look
):
    other = make_account()
    with pytest.raises(BadInput, match="文件写明的账号"):
        take_in(founded, people.clerk, look(*MARCH), (other.number,))
    dollars = make_account(currency="USD")
    unknown = look(*MARCH, title="科目：100201 银行存款-工行")
    with pytest.raises(BadInput, match="币种是 CNY"):
        take_in(founded, people.clerk, unknown, (dollars.number,))
    assert stored(founded) == []


def test_that_each_book_of_a_file_goes_into_its_account(
    founded, people, make_account, account, look
):
    other = make_account()
    seen = look(
        *MARCH,
        f"科目：1002 银行存款-建行 {other.number}",
        HEAD,
        "2026-03-04,记-5,收货款,甲公司,Z1,3.00,,借,3.00",
    )
    assert seen.accounts == (account.number, other.number)
    done = take_in(founded, people.clerk, seen, ("", LEFT_OUT))
    assert (done.imported, len(done.imports)) == (3, 1)
    assert take_in(founded, people.clerk, seen).imported == 1
    with pytest.raises(BadInput, match="没有可以导入的分录"):
        take_in(founded, people.clerk, seen, (LEFT_OUT, LEFT_OUT))


def test_that_one_book_that_fails_keeps_all_of_them_out(founded, people, make_account, look):
    other = make_account(currency="USD")
    seen = look(*MARCH, f"科目：银行存款-建行 {other.number}", HEAD, "2026-03-04,记-5,收,,,3.00,,,")
    with pytest.raises(BadInput):
        take_in(founded, people.clerk, seen, ("", other.number))
    assert stored(founded) == []


def test_that_only_who_reconciles_may(founded, people, look, bring, tmp_path):
    seen = look(*MARCH)
    for who in (people.admin, people.auditor):
        with pytest.raises(Denied):
            preview(founded, who, seen.path)
        with pytest.raises(Denied):
            take_in(founded, who, seen)
    done = bring(*MARCH)
    with pytest.raises(Denied):
        undo(founded, people.auditor, done.imports[0], "试一试")
    assert [one.lines for one in journal_imports(founded, people.auditor)] == [3]


def test_that_an_import_is_taken_back_as_a_whole(founded, people, account, bring):  # E1.2
    done = bring(*MARCH)
    assert undo(founded, people.clerk, done.imports[0], " 导错了 ") == 3
    assert stored(founded) == []
    [row] = journal_imports(founded, people.clerk, account.number)
    assert (row.undone_why, row.undone_by, row.imported) == ("导错了", "陈经办", 3)
    with founded.read() as work:
        [entry] = work.session.scalars(select(AuditEntry).where(AuditEntry.act == "journal.undone"))
    assert "导错了" in entry.reason
    assert '"lines":3' in entry.before
    with pytest.raises(NotUndone, match="已经撤销"):
        undo(founded, people.clerk, done.imports[0], "再一次")
    assert bring(*MARCH).imported == 3


def test_that_a_reason_and_an_import_are_needed(founded, people, bring):
    done = bring(*MARCH)
    with pytest.raises(BadInput, match="原因"):
        undo(founded, people.clerk, done.imports[0], "  ")
    with pytest.raises(NotFound):
        undo(founded, people.clerk, 999, "没有")


def test_that_a_later_import_that_counts_on_it_goes_first(founded, people, bring):
    first = bring(*MARCH).imports[0]
    later = bring(*MARCH[2:], "2026-03-05,记-3,收利息,,,7.00,,借,1107.00").imports[0]
    with pytest.raises(NotUndone, match="重叠") as refused:
        undo(founded, people.clerk, first, "导错了")
    assert "先撤销较后的导入" in refused.value.hint
    assert "重叠" in why_not_undone(founded, people.clerk, first)
    undo(founded, people.clerk, later, "导错了")
    assert why_not_undone(founded, people.clerk, first) == ""
    undo(founded, people.clerk, first, "导错了")
    assert stored(founded) == []


def test_that_matched_lines_are_not_taken_away(founded, people, account, bring):
    done = bring(*MARCH)
    member = matched(founded, account, live=True)
    with pytest.raises(NotUndone, match="1 笔分录已经核对"):
        undo(founded, people.clerk, done.imports[0], "导错了")
    with founded.write() as uow:
        from app.audit.trail import Event, record

        uow.session.get(MatchMember, member).live = False
        record(uow, "test", Event("test.made", "match"))
        uow.commit()
    undo(founded, people.clerk, done.imports[0], "导错了")
    with founded.read() as work:
        kept = work.session.get(MatchMember, member)
        assert kept.journal_id is None
        assert kept.item.startswith("J")


def matched(db, account, *, live):
    """A match of the first line; returns the id of its member."""
    group = save(
        db,
        "match",
        MatchGroup(
            account_id=account.id,
            side="BOOKS",
            kind="ONE",
            sureness="SURE",
            why=[],
            state="LIVE",
            made_at=db.clock.now(),
        ),
    )
    with db.read() as work:
        line = work.session.scalars(select(JournalLine).order_by(JournalLine.id)).first()
    row = MatchMember(
        match_id=group.id,
        side="BOOKS",
        account_id=line.account_id,
        part="OURS",
        item=f"J{line.id}",
        booked_on=line.booked_on,
        amount_minor=line.amount_minor,
        journal_id=line.id,
        live=live,
    )
    return save(db, "match", row).id


@pytest.mark.parametrize(
    ("state", "as_of", "refused"),
    [
        ("REVIEWED", date(2026, 3, 31), True),
        ("REVIEWED", date(2026, 3, 2), True),
        ("REVIEWED", date(2026, 3, 1), False),
        ("PREPARED", date(2026, 3, 31), False),
    ],
)
def test_that_a_reviewed_table_keeps_its_lines(
    founded, people, account, bring, state, as_of, refused
):  # E1.2
    done = bring(*MARCH)
    reviewed = state == "REVIEWED"
    sheet = BalanceSheet(
        number="TJ-2026-0001",
        account_id=account.id,
        as_of=as_of,
        edition=1,
        state=state,
        bank_minor=0,
        book_minor=0,
        difference_minor=0,
        content={},
        content_hash="0",
        prepared_by=people.clerk.user_id,
        prepared_at=founded.clock.now(),
        reviewed_by=people.supervisor.user_id if reviewed else None,
        reviewed_at=founded.clock.now() if reviewed else None,
    )
    save(founded, "sheet", sheet)
    if refused:
        with pytest.raises(NotUndone, match="TJ-2026-0001"):
            undo(founded, people.clerk, done.imports[0], "导错了")
    else:
        assert undo(founded, people.clerk, done.imports[0], "导错了") == 3


def test_that_a_book_larger_than_one_batch_comes_in_whole(founded, look, people):
    rows = [f"2026-03-02,记-{at},货款,甲,,{at}.00,,," for at in range(1, 5_302)]
    assert take_in(founded, people.clerk, look(*rows)).imported == 5_301
    with founded.read() as work:
        assert (
            work.session.scalar(select(func.sum(JournalLine.amount_minor)))
            == sum(range(1, 5_302)) * 100
        )

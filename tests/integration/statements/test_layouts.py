"""What somebody said of the columns is kept by the headings, and used by itself the next time."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.access.errors import Denied
from app.audit.queries import AuditFilter, entries
from app.core.errors import BadInput, Conflict, NotFound
from app.statements import layouts
from app.statements.columns import UnknownLayout
from app.statements.importing import preview, take_in
from app.statements.mapping import BadLayout, KnownLayout
from app.statements.parsed import Proof
from tests.integration.storage.test_nothing_half_done import PowerCut, cut_at

HEADINGS = ("Buchungstag", "Soll", "Haben", "Saldo", "Partner")
COLUMNS = {"day": (0,), "expense": (1,), "income": (2,), "balance": (3,), "name": (4,)}
HEAD = ",".join(HEADINGS)
KNOWN = KnownLayout("某某银行", HEADINGS, COLUMNS)
ROWS = ('2026-03-02,,"1,000.00","1,000.00",甲', "2026-03-03,250.00,,750.00,乙")


@pytest.fixture
def foreign(tmp_path):
    """A file whose headings nobody knows: `foreign("more rows")`."""

    def make(*more, head=HEAD, name="foreign.csv"):
        path = tmp_path / name
        path.write_text("\n".join((head, *ROWS, *more)), encoding="utf-8")
        return path

    return make


@pytest.fixture
def kept(founded, people):
    """The layout, remembered."""
    layouts.remember(founded, people.clerk, KNOWN)
    [line] = layouts.layout_lines(founded, people.clerk)
    return line


def acts(db):
    with db.read() as work:
        return [one.act for one in entries(work, AuditFilter(act="statement."))]


def test_that_unknown_headings_are_told_as_such(founded, people, foreign):  # E1.3
    with pytest.raises(UnknownLayout, match="没有交易日期和金额"):
        preview(founded, people.clerk, foreign())


def test_that_a_layout_for_once_is_not_remembered(founded, people, foreign, account):  # E1.3
    seen = preview(founded, people.clerk, foreign(), chosen=KNOWN)
    assert [line.minor for line in seen.file.lines] == [100000, -25000]
    assert seen.file.proof is Proof.BALANCED
    assert take_in(founded, people.clerk, seen, account.number).imported == 2
    assert layouts.layout_lines(founded, people.clerk) == []


def test_that_a_remembered_layout_is_used_by_itself(founded, people, foreign, kept):  # E1.3
    assert (kept.known, kept.made_by) == (KNOWN, "陈经办")
    seen = preview(
        founded,
        people.clerk,
        foreign(head="BUCHUNGSTAG, soll ,Haben,Saldo,Partner"),
    )
    assert [line.minor for line in seen.file.lines] == [100000, -25000]
    assert seen.file.notes == ("按记住的列对应“某某银行”读取。",)


def test_that_a_known_header_is_read_as_a_person_says(founded, people, foreign, kept):  # E1.3
    head = "交易日期,支出,收入,余额,备注"
    path = foreign(head=head)
    assert preview(founded, people.clerk, path).file.lines[0].remark == "甲"
    layouts.remember(founded, people.clerk, KnownLayout("工行", tuple(head.split(",")), COLUMNS))
    line = preview(founded, people.clerk, path).file.lines[0]
    assert (line.remark, line.name) == ("", "甲")


def test_that_the_newest_word_for_the_same_headings_holds(founded, people, foreign, kept):  # E1.3
    turned = {**COLUMNS, "income": (1,), "expense": (2,)}
    layouts.remember(founded, people.clerk, KnownLayout("改正", HEADINGS, turned))
    [line] = layouts.layout_lines(founded, people.clerk)
    assert (line.id, line.known) == (kept.id, KnownLayout("改正", HEADINGS, turned))
    assert line.version > kept.version
    assert acts(founded) == ["statement.layout_kept", "statement.layout_kept"]


def test_that_a_deleted_layout_is_used_no_more_and_kept_in_the_trail(  # E1.3 C4.5
    founded, people, foreign, kept
):
    layouts.withdraw(founded, people.clerk, kept.id, kept.version)
    assert layouts.layout_lines(founded, people.clerk) == []
    with pytest.raises(UnknownLayout):
        preview(founded, people.clerk, foreign())
    with founded.read() as work:
        [withdrawn] = entries(work, AuditFilter(act="statement.layout_withdrawn"))
    assert withdrawn.before["headings"] == list(HEADINGS)
    with pytest.raises(NotFound, match="已被删除"):
        layouts.withdraw(founded, people.clerk, kept.id, kept.version)
    layouts.remember(founded, people.clerk, KNOWN)
    assert [one.id for one in layouts.layout_lines(founded, people.clerk)] == [kept.id]


def test_that_the_loser_of_a_race_is_told(founded, people, kept):  # C4.2
    layouts.rename(founded, people.clerk, kept.id, " 新名 ", kept.version)
    with pytest.raises(Conflict, match="新名"):
        layouts.rename(founded, people.clerk, kept.id, "别名", kept.version)
    with pytest.raises(Conflict):
        layouts.withdraw(founded, people.clerk, kept.id, kept.version)
    [line] = layouts.layout_lines(founded, people.clerk)
    assert line.known.name == "新名"
    for name in ("", " \u200b ", "长" * 61):
        with pytest.raises(BadInput, match="1 至 60"):
            layouts.rename(founded, people.clerk, kept.id, name, line.version)


def test_that_only_who_imports_may_say_what_columns_are(founded, people, kept):  # C4.1
    for act in (
        lambda: layouts.remember(founded, people.checker, KNOWN),
        lambda: layouts.rename(founded, people.checker, kept.id, "x", kept.version),
        lambda: layouts.withdraw(founded, people.checker, kept.id, kept.version),
        lambda: layouts.layout_lines(founded, people.checker),
    ):
        with pytest.raises(Denied):
            act()


def test_that_a_layout_without_headings_is_not_remembered(founded, people):  # E1.3
    with pytest.raises(BadLayout, match="没有表头"):
        layouts.remember(founded, people.clerk, KnownLayout("某", (), COLUMNS))
    assert acts(founded) == []


def test_that_a_power_cut_leaves_no_half_of_it(founded, people, contents):  # B2.4
    before = contents(founded.engine)
    for position in range(60):
        try:
            with cut_at(founded.engine, "before_cursor_execute", position):
                layouts.remember(founded, people.clerk, KNOWN)
        except PowerCut:
            assert contents(founded.engine) == before
        else:
            break
    else:
        pytest.fail("the act never ended")
    assert position > 5
    assert contents(founded.engine) != before


def test_that_the_database_keeps_what_was_remembered(founded, people, kept):  # C4.5
    with pytest.raises(DatabaseError, match="DELETE is refused"), founded.engine.begin() as raw:
        raw.execute(text("DELETE FROM statement_layout"))

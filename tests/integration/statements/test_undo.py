"""An import is taken back whole or not at all, and only where nothing hangs on its lines."""

from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.access.errors import Denied
from app.agreements import queries
from app.agreements.model import WatchHit
from app.agreements.watch.deciding import hit_lines
from app.agreements.watch.states import HitState
from app.audit.queries import AuditFilter, entries
from app.audit.verify import verify
from app.core.errors import BadInput, NotFound
from app.statements.importing import look_again
from app.statements.model import BankLine, StatementImport
from app.statements.parsed import Proof
from app.statements.undoing import ImportInUse, ImportUndone, import_lines, undo_import
from tests.integration.statements.conftest import FORBIDDEN, decide
from tests.integration.storage.test_nothing_half_done import PowerCut, cut_at

ONE = "2026-03-05,,500.00,500.00,某客户,,货款,L1"
TWO = "2026-03-06,36.00,,464.00,,,网银服务费,L2"
THREE = "2026-03-07,64.00,,400.00,,,网银服务费,L3"


def count(db):
    with db.read() as work:
        return work.session.scalar(select(func.count()).select_from(BankLine))


def undo(db, people, number, reason="选错了账户"):
    return undo_import(db, people.clerk, number, reason)


def test_that_every_import_is_listed_the_newest_first(founded, people, account, bring):  # E1.3
    bring(ONE, TWO)
    bring(TWO, THREE)
    later, first = import_lines(founded, people.clerk)
    assert (first.id, later.id) == (1, 2)
    assert (first.file, first.account, first.by, first.format) == (
        "流水0.csv",
        account.number,
        "陈经办",
        "CSV",
    )
    assert (first.since, first.until) == (date(2026, 3, 5), date(2026, 3, 6))
    assert (later.lines, later.imported, later.skipped) == (2, 1, 1)
    assert (later.proof, later.undone_at) == (Proof.BALANCED, None)
    assert import_lines(founded, people.clerk, account.number) == [later, first]
    with pytest.raises(NotFound, match="没有登记账户"):
        import_lines(founded, people.clerk, "123")


def test_that_an_undone_import_leaves_its_name_and_comes_in_again(  # E1.3 C4.5
    founded, people, account, bring
):
    bring(ONE, TWO)
    found = undo(founded, people, 1, " 文件不完整 ")
    assert (found.account, found.file, found.lines) == (account.number, "流水0.csv", 2)
    assert count(founded) == 0
    [line] = import_lines(founded, people.clerk)
    assert (line.undone_by, line.undone_why, line.imported) == ("陈经办", "文件不完整", 2)
    assert line.undone_at is not None
    with founded.read() as work:
        [told] = entries(work, AuditFilter(act="statement.undone"))
    assert (told.reason, told.after) == ("文件不完整", {"debits": 0, "undone": 2})
    assert verify(founded).ok
    assert bring(ONE, TWO).imported == 2
    assert count(founded) == 2


def test_that_it_is_undone_once_with_a_reason_by_who_may(founded, people, bring):  # C4.1
    bring(ONE)
    with pytest.raises(Denied):
        undo_import(founded, people.checker, 1, "x")
    with pytest.raises(Denied):
        import_lines(founded, people.checker)
    with pytest.raises(BadInput, match="原因"):
        undo(founded, people, 1, "  ")
    with pytest.raises(NotFound, match="编号为 7"):
        undo(founded, people, 7)
    assert count(founded) == 1
    undo(founded, people, 1)
    with pytest.raises(ImportUndone, match="已被撤销"):
        undo(founded, people, 1)


def test_that_a_later_import_that_left_lines_out_comes_first(founded, people, bring):  # E1.3
    bring(ONE, TWO)
    bring(TWO, THREE)
    bring(ONE.replace("L1", "L9"))
    with pytest.raises(ImportInUse, match="“流水1") as refused:
        undo(founded, people, 1)
    assert "依次撤销" in refused.value.hint
    assert count(founded) == 4
    undo(founded, people, 2)
    undo(founded, people, 1)
    assert count(founded) == 1
    # What was left out then comes in now.
    assert bring(TWO, THREE).imported == 2


def test_that_an_alarm_does_not_vanish_with_its_line(founded, people, cancelled, bring):  # E4.4
    bring(FORBIDDEN, ONE)
    for state in (HitState.NEW, HitState.CONFIRMED):
        if state is HitState.CONFIRMED:
            decide(founded, people.clerk, state)
        with pytest.raises(ImportInUse, match=r"第 2 行（YC-2026-0001，") as refused:
            undo(founded, people, 1)
        assert "扣款监控" in refused.value.hint
    assert count(founded) == 2
    decide(founded, people.supervisor, HitState.EXCLUDED, version=2)
    undo(founded, people, 1)
    [hit] = hit_lines(founded, people.clerk)
    assert hit.state is HitState.EXCLUDED
    # The line that comes in again is looked at anew, whatever number it gets.
    assert bring(FORBIDDEN, ONE).alarms == ("YC-2026-0002",)
    with founded.read() as work:
        keys = dict(work.session.execute(select(WatchHit.number, WatchHit.line_key)).all())
    assert keys["YC-2026-0001"] is None
    assert keys["YC-2026-0002"] is not None


def test_that_lines_are_looked_at_again_beside_hits_without_a_line(  # E1.4
    founded, people, cancelled, bring
):
    bring(FORBIDDEN)
    decide(founded, people.supervisor, HitState.EXCLUDED)
    undo(founded, people, 1)
    with founded.write() as uow:
        held = uow.session.scalar(select(WatchHit).where(WatchHit.number == "YC-2026-0001"))
        assert held.line_key is None
    bring(FORBIDDEN)
    assert look_again(founded, "系统") == []


def test_that_debits_noted_for_its_lines_go_with_it(founded, people, register, bring):  # D2.3
    number = register()
    bring(FORBIDDEN)
    debits = lambda: queries.agreement_detail(founded, people.clerk, number).debits  # noqa: E731
    assert len(debits()) == 1
    assert undo(founded, people, 1).debits == 1
    assert debits() == ()
    bring(FORBIDDEN)
    bring(FORBIDDEN.replace("LS1", "LS2"))
    # Another line tells of the same debit.
    assert undo(founded, people, 2).debits == 0
    assert len(debits()) == 1


# What another matter will do: hold on to a line by a reference.
HOLD = "CREATE TABLE held_line (line_id BIGINT NOT NULL REFERENCES bank_line (id))"


def test_that_a_line_that_another_matter_refers_to_is_kept(
    founded, people, bring, contents
):  # E1.2
    bring(ONE, TWO)
    with founded.engine.begin() as raw:
        raw.execute(text(HOLD))
        raw.execute(text("INSERT INTO held_line SELECT max(id) FROM bank_line"))
    before = contents(founded.engine)
    with pytest.raises(ImportInUse, match="对账中使用") as refused:
        undo(founded, people, 1)
    assert "撤销这些流水的勾对" in refused.value.hint
    assert contents(founded.engine) == before
    with founded.engine.begin() as raw:
        raw.execute(text("DELETE FROM held_line"))
    assert undo(founded, people, 1).lines == 2


def test_that_an_undoing_cut_anywhere_leaves_nothing_half_done(  # B2.4
    founded, people, register, bring, contents
):
    register()
    bring(FORBIDDEN, ONE)
    before = contents(founded.engine)
    for position in range(80):
        try:
            with cut_at(founded.engine, "before_cursor_execute", position):
                undo(founded, people, 1)
        except PowerCut:
            assert contents(founded.engine) == before
        else:
            break
    else:
        pytest.fail("the act never ended")
    assert position > 10
    assert count(founded) == 0
    assert verify(founded).ok


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM bank_line", "bank_line: DELETE is refused"),
        ("UPDATE bank_line SET amount_minor = 0", "bank_line: UPDATE is refused"),
        ("DELETE FROM statement_import", "statement_import: DELETE is refused"),
        ("UPDATE statement_import SET imported = 0", "statement_import: UPDATE is refused"),
        ("UPDATE statement_import SET undone_at = 1", "statement_import: UPDATE is refused"),
        (
            "UPDATE statement_import SET undone_at = 1, undone_by = 1, undone_why = 'x', since = NULL",
            "statement_import: UPDATE is refused",
        ),
    ],
)
def test_that_the_database_keeps_imports_and_lines(founded, people, bring, statement, said):  # C4.5
    bring(ONE)
    with pytest.raises(DatabaseError, match=said), founded.engine.begin() as raw:
        raw.execute(text(statement))


def test_that_nobody_changes_how_an_import_was_undone(founded, people, bring):  # C4.5
    bring(ONE)
    undo(founded, people, 1)
    for change in ("undone_why = 'y'", "undone_at = NULL, undone_by = NULL, undone_why = NULL"):
        with pytest.raises(IntegrityError), founded.engine.begin() as raw:
            raw.execute(text(f"UPDATE statement_import SET {change}"))
    with founded.read() as work:
        assert work.session.scalar(select(StatementImport.undone_why)) == "选错了账户"

"""Matches that are kept: by the program, by hand, refused, undone."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.access.errors import Denied
from app.audit.model import AuditEntry
from app.core.errors import BadInput, Conflict, NotFound
from app.reconciliation import deciding
from app.reconciliation.deciding import ByHand
from app.reconciliation.items import Kind, Sureness
from app.reconciliation.leftovers import OpenKind
from app.reconciliation.model import MatchGroup, MatchMember
from app.reconciliation.reconciling import keep_sure
from app.reconciliation.states import Side
from app.statements.undoing import ImportInUse, undo_import
from tests.integration.reconciliation.conftest import SINCE, UNTIL, row


def acts(db):
    with db.read() as work:
        return list(work.session.scalars(select(AuditEntry.act).order_by(AuditEntry.seq)))


def test_that_sure_matches_are_kept_and_told(founded, sent, bring, run, look):  # E1.2 E3.5
    payment = sent()
    bring(row(payment, text=payment.number))
    [made] = run().pairings
    assert made.id is not None
    assert acts(founded)[-1] == "reconcile.run"
    [kept] = look().pairings
    assert (kept.id, kept.keys, kept.made_by) == (made.id, made.keys, "")


def test_that_a_second_run_makes_nothing(founded, sent, bring, run):
    payment = sent()
    bring(row(payment, text=payment.number))
    first = run()
    told = len(acts(founded))
    assert run().pairings[0].id == first.pairings[0].id
    assert len(acts(founded)) == told


def test_that_what_is_only_weak_waits_for_a_person(founded, people, account, bring, book, run):
    bring("2026-03-03,,300.00,,上海华峰机械有限公司,,货款,L1")
    book((date(2026, 3, 4), "记-7", "-300.00", "", "付电费"))
    [one] = run().pairings
    assert (one.id, one.sureness) == (None, Sureness.WEAK)
    [made] = deciding.accept(founded, people.clerk, account.number, [one])
    [kept] = run().pairings
    assert (kept.id, kept.made_by) == (made, "陈经办")


def test_that_an_undone_match_is_not_made_again(founded, people, sent, bring, run):  # E1.2
    payment = sent()
    bring(row(payment, text=payment.number))
    [made] = run().pairings
    deciding.undo(founded, people.clerk, [made.id], "不是这一笔")
    found = run()
    assert found.pairings == ()
    assert len(found.open[OpenKind.BANK_DEBIT_NOT_BOOKED]) == 1
    assert acts(founded)[-1] == "reconcile.undone"


def test_that_a_refused_proposal_gives_way_to_the_next_best(
    founded, people, account, bring, book, run
):
    bring("2026-03-03,,300.00,,上海华峰机械有限公司,,货款,L1")
    book(
        (date(2026, 3, 3), "记-1", "-300.00", "上海华峰机械有限公司", "付货款"),
        (date(2026, 3, 9), "记-2", "-300.00", "上海华峰机械有限公司", "付货款"),
    )
    [one] = run().of(Side.BOOKS)
    assert one.ours == ("J1",)
    if one.id is None:
        deciding.refuse(founded, people.clerk, account.number, one)
    else:
        deciding.undo(founded, people.clerk, [one.id], "是另一笔")
    [other] = run().of(Side.BOOKS)
    assert other.ours == ("J2",)


def test_that_one_line_is_in_one_match_only(founded, people, account, sent, bring, run):
    payment, other = sent(), sent(amount_minor=777)
    bring(row(payment, text=payment.number))
    [made] = run().pairings
    command = ByHand(Side.ORDERS, made.lines, (f"{other.number}/1",), "试")
    with pytest.raises(Conflict, match="已与其他记录勾对"):
        deciding.match_by_hand(founded, people.clerk, account.number, command)


def test_that_the_database_refuses_a_second_live_match(founded, sent, bring, run):
    payment = sent()
    bring(row(payment, text=payment.number))
    run()
    with founded.write() as uow:
        member = uow.session.scalars(select(MatchMember)).first()
        copy = {
            column.name: getattr(member, column.name)
            for column in MatchMember.__table__.columns
            if column.name != "id"
        }
        uow.session.add(MatchMember(**copy))
        with pytest.raises(IntegrityError):
            uow.session.flush()


def test_that_matches_are_never_deleted(founded, sent, bring, run):  # E3.5
    payment = sent()
    bring(row(payment, text=payment.number))
    run()
    for table in ("match_member", "match_group"):
        with pytest.raises(DBAPIError, match="DELETE is refused"), founded.engine.begin() as raw:
            raw.execute(text(f"DELETE FROM {table}"))


def test_that_lines_and_payments_are_matched_by_hand(founded, people, account, sent, bring, run):
    one, other = sent(amount_minor=30000), sent(amount_minor=20000)
    bring("2026-03-03,,500.00,,某代理,,合并付款,L1")
    found = run()
    [line] = found.unordered
    ours = (f"{one.number}/1", f"{other.number}/1")
    command = ByHand(Side.ORDERS, (line,), ours)
    made = deciding.match_by_hand(founded, people.clerk, account.number, command)
    [kept] = run().pairings
    assert (kept.id, kept.kind, kept.made_by) == (made, Kind.HAND, "陈经办")


def test_that_unequal_sums_want_a_reason(founded, people, account, sent, bring, run):
    payment = sent(amount_minor=30000)
    bring("2026-03-03,,305.00,,某公司,,付款及手续费,L1")
    [line] = run().unordered
    command = ByHand(Side.ORDERS, (line,), (f"{payment.number}/1",))
    with pytest.raises(BadInput, match=r"相差 -5\.00"):
        deciding.match_by_hand(founded, people.clerk, account.number, command)
    why = replace(command, why="含手续费 5 元")
    deciding.match_by_hand(founded, people.clerk, account.number, why)
    assert run().unordered == ()


def test_that_the_books_take_no_unequal_sums(founded, people, account, bring, book, run):
    bring("2026-03-03,,305.00,,某公司,,付款及手续费,L1")
    book((date(2026, 3, 3), "记-1", "-300.00", "某公司", "付货款"))
    found = run()
    command = ByHand(Side.BOOKS, found.unbooked, ("J1",), "含手续费")
    with pytest.raises(BadInput, match="不能勾对"):
        deciding.match_by_hand(founded, people.clerk, account.number, command)


def test_that_one_alone_is_no_match(founded, people, account, bring, run):
    bring("2026-03-03,,305.00,,某公司,,付款,L1")
    [line] = run().unordered
    command = ByHand(Side.ORDERS, (line,), (), "试")
    with pytest.raises(BadInput, match="至少选择两笔"):
        deciding.match_by_hand(founded, people.clerk, account.number, command)


def test_that_an_undo_wants_a_reason_and_a_live_match(founded, people, sent, bring, run):
    payment = sent()
    bring(row(payment, text=payment.number))
    [made] = run().pairings
    with pytest.raises(BadInput, match="理由"):
        deciding.undo(founded, people.clerk, [made.id], " ")
    deciding.undo(founded, people.clerk, [made.id], "错")
    with pytest.raises(Conflict, match="已被撤销"):
        deciding.undo(founded, people.clerk, [made.id], "错")
    with pytest.raises(NotFound):
        deciding.undo(founded, people.clerk, [999_999], "错")


def test_that_all_or_none_are_undone(founded, people, sent, bring, run):
    payment = sent()
    bring(row(payment, text=payment.number))
    [made] = run().pairings
    with pytest.raises(NotFound):
        deciding.undo(founded, people.clerk, [made.id, 999_999], "错")
    assert run().pairings[0].id == made.id


def test_who_may_match(founded, people, account, sent, bring, run, look):
    payment = sent()
    bring(row(payment, text=payment.number))
    with pytest.raises(Denied):
        keep_sure(founded, people.auditor, account.number, SINCE, UNTIL)
    [seen] = look(people.auditor).pairings
    assert seen.id is None
    run()
    with pytest.raises(Denied):
        deciding.undo(founded, people.auditor, [1], "错")


def test_that_the_books_are_matched_beside_the_payments(founded, sent, bring, book, run):  # E1.2
    payment = sent()
    bring(row(payment, text=payment.number))
    out = f"-{payment.amount_minor / 100:.2f}"
    book((date(2026, 3, 2), "记-7", out, payment.payee_name, "付货款"))
    found = run()
    assert {one.side for one in found.pairings} == {Side.ORDERS, Side.BOOKS}
    assert found.books
    assert not any(found.open.values())
    with founded.read() as work:
        assert work.session.scalars(select(MatchGroup.id)).all()


def test_that_a_journal_that_names_the_party_in_its_text_is_matched(bring, book, run):  # E1.2
    bring("2026-03-03,,300.00,,上海华峰机械有限公司,,货款,L1")
    book((date(2026, 3, 28), "记-7", "-300.00", "", "付华峰机械3月货款"))
    [one] = run().of(Side.BOOKS)
    assert (one.kind, one.sureness) == (Kind.NAME, Sureness.SURE)


def test_that_a_return_that_nobody_booked_is_open(bring, book, run):  # E1.2
    bring(
        "2026-03-03,,300.00,,上海华峰机械有限公司,31050161393600000123,货款,L1",
        "2026-03-05,300.00,,,上海华峰机械有限公司,31050161393600000123,退汇,L2",
    )
    book((date(2026, 3, 3), "记-7", "-300.00", "上海华峰机械有限公司", "付货款"))
    found = run()
    [one] = found.of(Side.BOOKS)
    assert len(one.lines) == 1
    assert [line.minor for line in found.open[OpenKind.BANK_CREDIT_NOT_BOOKED]] == [30000]


def test_that_a_matched_import_is_not_taken_back(founded, people, sent, bring, run):  # E3.5
    payment = sent()
    bring(row(payment, text=payment.number))
    [made] = run().pairings
    with pytest.raises(ImportInUse, match="已在对账中使用"):
        undo_import(founded, people.clerk, 1, "选错了文件")
    deciding.undo(founded, people.clerk, [made.id], "要重新导入")
    undo_import(founded, people.clerk, 1, "选错了文件")
    bring(row(payment, text=payment.number))
    # What was undone spoke of a line that is gone; the new one is matched again.
    assert run().pairings[0].id is not None

"""The clerk's rules as rows: kept, changed, in their order, looked at before."""

from datetime import date

import pytest

from app.access.errors import Denied
from app.core.errors import BadInput, Conflict, NotFound
from app.reconciliation import deciding, ruling
from app.reconciliation.bookings import Booking
from app.reconciliation.clerk_rules import Conditions, RuleAct
from app.reconciliation.items import Kind
from app.reconciliation.overview import board
from app.reconciliation.ruling import RuleFields
from app.reconciliation.states import Side
from tests.integration.reconciliation.conftest import SINCE, UNTIL

FEE = RuleFields(
    "网银费",
    Conditions(words=("网银",)),
    RuleAct.BOOKING,
    Booking("网银费", "管理费用—网银", "银行存款"),
)
CHEQUE = RuleFields("支票", Conditions(words=("支票",)), RuleAct.MATCH)
LINE = "2026-03-06,,36.00,,,,网银服务费,L3"


def test_that_a_rule_gives_its_entry(founded, people, bring, look):  # E1.2
    bring(LINE)
    ruling.save_rule(founded, people.clerk, FEE)
    [line] = board(look(), Side.ORDERS).lines
    assert line.booking == FEE.booking


def test_that_a_rule_proposes_a_match_and_a_person_takes_it(
    founded, people, account, bring, book, run
):
    bring("2026-03-03,,200.00,,,,支票兑付 0033,L1")
    book((date(2026, 2, 25), "记-1", "-200.00", "", "开出转账票据"))
    ruling.save_rule(founded, people.clerk, CHEQUE)
    [one] = run().of(Side.BOOKS)
    # Without the rule it would be a guess by the amount alone.
    assert (one.kind, one.id) == (Kind.RULE, None)
    deciding.accept(founded, people.clerk, account.number, [one])
    assert run().of(Side.BOOKS)[0].id is not None


def test_what_a_rule_would_do(founded, people, account, bring):
    bring(LINE, "2026-03-07,,50.00,,某公司,,货款,L4")
    seen = ruling.preview_rule(founded, people.clerk, FEE, account.number, (SINCE, UNTIL))
    assert [line.minor for line in seen.lines] == [-3600]
    assert seen.matched == ()
    assert ruling.rule_lines(founded, people.clerk) == []


def test_that_rules_have_an_order_and_an_end(founded, people):
    first = ruling.save_rule(founded, people.clerk, FEE)
    second = ruling.save_rule(founded, people.clerk, CHEQUE)
    ruling.raise_rule(founded, people.clerk, second, 1)
    lines = ruling.rule_lines(founded, people.clerk)
    assert [line.id for line in lines] == [second, first]
    ruling.withdraw_rule(founded, people.clerk, second, lines[0].version)
    assert [line.id for line in ruling.rule_lines(founded, people.clerk)] == [first]
    with pytest.raises(NotFound):
        ruling.withdraw_rule(founded, people.clerk, second, 3)


def test_that_the_loser_of_a_race_is_told(founded, people):
    row_id = ruling.save_rule(founded, people.clerk, FEE)
    ruling.save_rule(founded, people.clerk, FEE, row_id, 1)
    changed = RuleFields("改", Conditions(words=("手续费",)), RuleAct.BOOKING, FEE.booking)
    ruling.save_rule(founded, people.clerk, changed, row_id, 1)
    with pytest.raises(Conflict, match="已被他人修改"):
        ruling.save_rule(founded, people.clerk, FEE, row_id, 1)


def test_who_may_write_rules(founded, people):
    with pytest.raises(Denied):
        ruling.save_rule(founded, people.auditor, FEE)
    with pytest.raises(BadInput):
        ruling.save_rule(
            founded, people.clerk, RuleFields("", FEE.conditions, FEE.act, FEE.booking)
        )

"""The list: tabs, filters and pages agree with the rows, at any position."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from app.audit.trail import SYSTEM_ACTOR, Event, record
from app.core.codes import HoldCause, StopReason
from app.core.money import Money
from app.core.names import pinyin_full, pinyin_initials
from app.payments import holds
from app.payments.holds import PlaceHold
from app.payments.listing import (
    PaymentFilter,
    PaymentList,
    Sort,
    SortKey,
    Tab,
    tab_totals,
    totals_of,
)
from app.payments.model import Payment
from app.payments.states import HoldScope, Status

MANY = 5_000


@pytest.fixture
def many(founded, people, make_account, make_payee):
    """5,000 payments to two payees, amounts 1 … 5,000 fen, spread over 100 days."""
    account = make_account()
    names = ("上海华峰机械有限公司", "杭州明远材料有限公司")
    payees = [
        make_payee(
            name=name, normal_name=name, pinyin=pinyin_full(name), initials=pinyin_initials(name)
        )
        for name in names
    ]
    statuses = (Status.READY, Status.EXECUTED, Status.FAILED)
    with founded.write() as uow:
        uow.session.execute(
            insert(Payment),
            [
                {
                    "number": f"FK-20260101-{n:05d}",
                    "account_id": account.id,
                    "payee_id": payees[n % 2].id,
                    "payee_name": payees[n % 2].name,
                    "payee_account": "31001000000000001",
                    "payee_bank": "",
                    "payee_cnaps": "",
                    "payee_city": "",
                    "payee_kind": "COMPANY",
                    "amount_minor": n,
                    "currency": "CNY",
                    "purpose": "",
                    "summary": "",
                    "channel": "HVPS",
                    "urgent": False,
                    "due_on": date(2026, 1, 1) + timedelta(days=n % 100),
                    "contract_no": "",
                    "invoice_no": f"FP-{n}",
                    "order_no": "",
                    "stage": statuses[n % 3],
                    "status": statuses[n % 3],
                    "hold_count": 0,
                    "made_by": people.clerk.user_id,
                    "made_at": uow.now,
                    "bank_code": "",
                    "bank_text": "",
                    "version": 1,
                }
                for n in range(1, MANY + 1)
            ],
        )
        record(uow, SYSTEM_ACTOR, Event("test.made", "many"))
        uow.commit()
    return [payee.id for payee in payees]


def listing(db, people, sort=None, **wanted):
    return PaymentList(db, people.clerk, PaymentFilter(**wanted), sort or Sort())


@pytest.mark.parametrize("key", list(SortKey))
@pytest.mark.parametrize("descending", [True, False])
def test_that_pages_anywhere_continue_one_order(founded, people, many, key, descending):  # C1.3
    found = listing(founded, people, Sort(key, descending))
    everything = found.ids()
    assert len(everything) == MANY
    for start in (0, 700, 2048, 3_333, 4_990, 6_000):
        assert [row.id for row in found.page(start, 25)] == everything[start : start + 25]


def test_that_the_order_is_that_of_the_amounts(founded, people, many):  # C1.3
    rows = listing(founded, people, Sort(SortKey.AMOUNT, descending=True)).page(2_500, 3)
    assert [row.amount.minor for row in rows] == [2_500, 2_499, 2_498]


def test_that_tabs_count_and_sum_what_they_show(founded, people, many):  # C1.3
    totals = tab_totals(founded, people.clerk, PaymentFilter())
    # n % 3: 1 → EXECUTED, 2 → FAILED, 0 → READY, for n in 1 … 5,000
    expected = {
        tab: [n for n in range(1, MANY + 1) if n % 3 == rest]
        for tab, rest in ((Tab.READY, 0), (Tab.EXECUTED, 1), (Tab.FAILED, 2))
    }
    for tab, amounts in expected.items():
        assert totals[tab].count == len(amounts)
        assert totals[tab].sums == (Money(sum(amounts)),)
    assert totals[Tab.ALL].count == MANY


def test_that_narrowed_tabs_agree_with_the_narrowed_list(founded, people, many):  # C2.1
    wanted = {"text": "华峰", "amount_from": Money(1_000)}
    totals = tab_totals(founded, people.clerk, PaymentFilter(**wanted))
    for tab in (Tab.ALL, Tab.READY, Tab.FAILED):
        assert totals[tab] == listing(founded, people, tab=tab, **wanted).total()


@pytest.mark.parametrize("text", ["华峰", "shanghaihuafeng", "shhf", "hfjx"])
def test_that_a_payee_is_found_by_name_and_pinyin(founded, people, many, text):  # C2.1
    rows = listing(founded, people, text=text).page(0, 50)
    assert {row.payee for row in rows} == {"上海华峰机械有限公司"}


@pytest.mark.parametrize(
    ("text", "count"), [("FP-4999", 1), ("fp-499", 11), ("FK-20260101-00007", 1)]
)
def test_that_numbers_are_found_by_their_beginning(founded, people, many, text, count):  # C2.1
    assert listing(founded, people, text=text).total().count == count


def test_that_dates_and_amounts_include_their_limits(founded, people, many):  # C2.1
    found = listing(
        founded,
        people,
        due_from=date(2026, 1, 2),
        due_until=date(2026, 1, 3),
        amount_from=Money(101),
        amount_until=Money(202),
    )
    assert sorted(row.amount.minor for row in found.page(0, 50)) == [101, 102, 201, 202]


def test_that_a_reason_finds_what_is_stopped_for_it(founded, people, many):  # C2.1
    holds.place(
        founded,
        people.supervisor,
        PlaceHold(HoldScope.PAYEE, str(many[0]), HoldCause.OTHER, "停"),
    )
    found = listing(founded, people, reasons=frozenset({StopReason.MANUAL_PAUSE}))
    rows = found.page(0, 10)
    assert {row.payee for row in rows} == {"上海华峰机械有限公司"}
    assert all(row.reasons == (StopReason.MANUAL_PAUSE,) for row in rows)


def test_that_marked_rows_are_summed(founded, people, many):  # C1.3
    found = listing(founded, people, Sort(SortKey.AMOUNT, descending=False))
    ids = [row.id for row in found.page(0, 3)]
    assert totals_of(founded, people.clerk, ids).sums == (Money(6),)

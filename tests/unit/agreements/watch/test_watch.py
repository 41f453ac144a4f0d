"""Which debits break what was agreed to end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agreements.rhythm import Rhythm
from app.agreements.watch.finding import Watch
from app.agreements.watch.own import OwnPayment, mark_own
from app.agreements.watch.rules import Ban, Confidence, Debit, Expectation, Mark, Rest, Standing

ENDED = Expectation(
    key=1,
    account=10,
    payee_name="上海临江供电有限公司",
    payee_account="31050161393600000123",
    numbers=("XY-2026-0001", "SQ202601010001", "1021020260100000001"),
    customer_no="3100882211",
    amounts=frozenset({46_300_00}),
    rhythm=Rhythm.MONTHLY,
    first_on=date(2025, 1, 20),
    standing=Standing.ENDED,
    from_on=date(2026, 4, 1),
)
USUAL = Debit(
    key=1,
    account=10,
    on=date(2026, 4, 20),
    minor=46_300_00,
    name="上海临江供电有限公司",
    payee_account="31050161393600000123",
    text="代扣电费 SQ202601010001",
)
NOBODY = {"name": "", "payee_account": ""}
OTHER = {"name": "苏州瑞丰包装有限公司", "payee_account": "6222000011112222"}


def look(debit, *expectations):
    found = Watch(expectations or (ENDED,)).look([debit])
    return found[0] if found else None


@pytest.mark.parametrize(
    ("changes", "confidence"),
    [
        ({}, Confidence.SURE),
        ({"text": "代扣 SQ202699990009"}, Confidence.SURE),
        ({"text": "代扣", "minor": 1_00}, Confidence.SURE),
        ({"account": 11, "text": "代扣"}, Confidence.SURE),
        ({"payee_account": "6222000011112222", "text": "代扣"}, Confidence.SURE),
        ({"name": "不知名", "text": "缴费"}, Confidence.SURE),
        ({**NOBODY, "text": "协议号:1021020260100000001"}, Confidence.SURE),
        ({**NOBODY, "text": "代扣 户号3100882211", "minor": 1}, Confidence.LIKELY),
        ({**NOBODY, "text": "批量代扣"}, Confidence.LIKELY),
        ({**OTHER, "name": "临江供电", "text": "代扣"}, Confidence.LIKELY),
        ({**OTHER, "name": "上海临红供电有限公司", "text": "代扣"}, Confidence.LIKELY),
        ({"text": "缴费", "minor": 1_00}, Confidence.LIKELY),
    ],
)
def test_that_a_forbidden_debit_raises_an_alarm(changes, confidence):  # E1.4, R13
    hit = look(replace(USUAL, **changes))
    assert (hit.confidence, hit.alarm) == (confidence, True)


@pytest.mark.parametrize(
    "changes",
    [
        {**OTHER},
        {**OTHER, "name": "上海临江供水有限公司", "minor": 3_870_00},
        {**OTHER, "name": "上海临江供电物资有限公司", "minor": 3_870_00},
        {**OTHER, "name": "杭州临江供电有限公司"},
        {**NOBODY, "text": "网银服务费", "minor": 10_00},
        {**NOBODY, "text": "代扣账户管理费", "minor": 30_00},
        {**NOBODY, "text": "代扣", "account": 11},
        {"own": True},
    ],
)
def test_that_what_only_looks_like_it_raises_none(changes):  # E1.4
    text = {} if "text" in changes else {"text": "代扣"}
    hit = look(replace(USUAL, **{**text, **changes}))
    assert hit is None or not hit.alarm


@pytest.mark.parametrize(("days", "alarm"), [(-1, False), (0, True), (1, True)])
def test_that_the_day_of_the_end_counts(days, alarm):  # domain.md §2.6
    hit = look(replace(USUAL, on=ENDED.from_on + timedelta(days=days)))
    assert hit.alarm is alarm


def test_that_a_debit_while_the_bank_has_not_confirmed_is_foreseen():  # D5.1
    hit = look(USUAL, replace(ENDED, standing=Standing.ENDING, from_on=None))
    assert (hit.confidence, hit.forbidden) == (Confidence.SURE, False)


@pytest.mark.parametrize("until", [None, date(2026, 5, 1)])
def test_that_a_suspended_agreement_debits_nothing_meanwhile(until):  # E1.4
    rested = replace(
        ENDED, standing=Standing.ACTIVE, from_on=None, rests=(Rest(date(2026, 4, 1), until),)
    )
    alarms = [
        look(replace(USUAL, on=day), rested).alarm
        for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 1))
    ]
    assert alarms == [False, True, True, until is None]
    assert rested.ban(date(2026, 4, 20)) == (Ban.SUSPENDED, date(2026, 4, 1))


def test_that_the_end_counts_where_it_was_suspended_before():  # E1.4
    both = replace(ENDED, rests=(Rest(date(2026, 3, 10)),))
    assert both.ban(date(2026, 3, 20)) == (Ban.SUSPENDED, date(2026, 3, 10))
    assert both.ban(date(2026, 4, 1)) == (Ban.ENDED, date(2026, 4, 1))
    assert both.watched_from == date(2026, 3, 10)


def test_that_a_suspension_lifted_on_its_first_day_forbade_nothing():  # E1.4
    day = date(2026, 4, 20)
    rested = replace(ENDED, standing=Standing.ACTIVE, from_on=None, rests=(Rest(day, day),))
    assert look(USUAL, rested).forbidden is False


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_that_what_was_told_of_a_suspended_one_is_told_of_an_ended_one(day):  # E1.4
    debit = replace(USUAL, on=day)
    rested = replace(ENDED, standing=Standing.ACTIVE, from_on=None, rests=(Rest(ENDED.from_on),))
    assert look(debit, rested).alarm is look(debit).alarm


def test_that_another_agreement_of_the_payee_may_debit():  # E1.4
    goes_on = replace(
        ENDED,
        key=2,
        numbers=("SQ202502020002",),
        customer_no="3100990000",
        amounts=frozenset({900_00}),
        standing=Standing.ACTIVE,
        from_on=None,
    )
    allowed = look(replace(USUAL, text="代扣 SQ202502020002", minor=900_00), ENDED, goes_on)
    assert (allowed.expectation.key, allowed.alarm) == (2, False)
    forbidden = look(USUAL, ENDED, goes_on)
    assert (forbidden.expectation.key, forbidden.alarm) == (1, True)


def test_that_parts_of_one_day_that_add_up_are_one_debit():  # E1.4
    parts = [
        replace(USUAL, key=key, minor=minor, text="缴费", **{**OTHER, "name": "临江供电"})
        for key, minor in ((1, 40_000_00), (2, 6_300_00), (3, 12_34))
    ]
    found = {hit.debit.key: hit for hit in Watch([ENDED]).look(parts)}
    assert Mark.SPLIT in found[1].marks & found[2].marks
    assert Mark.SPLIT not in found[3].marks
    assert found[1].alarm
    assert found[2].alarm


def paid(key=1, **changes):
    usual = OwnPayment(
        key,
        10,
        date(2026, 4, 19),
        46_300_00,
        USUAL.name,
        USUAL.payee_account,
        ("FK-20260419-0001",),
    )
    return replace(usual, **changes)


def own(debits, *payments):
    return [debit.own for debit in mark_own(debits, payments)]


def test_that_our_own_payment_is_none_of_theirs():  # E1.4
    ours = replace(USUAL, text="电费")
    assert own([ours], paid()) == [True]
    assert own([replace(ours, on=date(2026, 4, 23))], paid()) == [False]
    assert own([replace(ours, minor=1)], paid()) == [False]
    assert own([replace(ours, account=11)], paid()) == [False]


def test_that_a_payment_of_ours_named_by_its_number_is_known_whenever_it_comes():  # E1.4
    late = replace(USUAL, **NOBODY, on=date(2026, 5, 20), text="转账 FK-20260419-0001")
    assert own([late], paid()) == [True]


def test_that_one_payment_does_not_excuse_two_debits():  # E1.4, R06
    ours, theirs = replace(USUAL, text="电费"), replace(USUAL, key=2, text="代扣电费")
    assert own([theirs, ours], paid()) == [False, True]
    assert own([ours, replace(ours, key=2)], paid()) == [True, False]


@given(st.lists(st.integers(1, 5), max_size=8), st.lists(st.integers(1, 5), max_size=8))
def test_that_each_payment_speaks_for_one_debit_at_most(debits, payments):
    marked = mark_own(
        [replace(USUAL, key=key, minor=minor, text="") for key, minor in enumerate(debits)],
        [paid(key, minor=minor) for key, minor in enumerate(payments)],
    )
    for minor in range(1, 6):
        ours = sum(one.own for one in marked if one.minor == minor)
        assert ours == min(debits.count(minor), payments.count(minor))


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20), st.integers(1, 10**9))
def test_that_any_debit_is_looked_at_without_a_fault(text, name, account, minor):
    debit = Debit(1, 10, date(2026, 4, 20), minor, name, account, text)
    assert len(Watch([ENDED]).look([debit])) <= 1


@given(st.text(alphabet="临江供电 水务代扣", max_size=10))
def test_that_a_debit_with_the_number_is_never_missed(name):
    debit = replace(USUAL, name=name, payee_account="", text=f"x/{ENDED.numbers[1]}，y", minor=1)
    assert look(debit).alarm

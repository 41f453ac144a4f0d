"""Which lines are which items: each rule by an example, and what holds for all of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reconciliation.items import BankItem, Kind, OurItem, OurKind, Sureness
from app.reconciliation.matching import match

DAY = date(2026, 3, 2)
POWER, WATER = "上海临江供电有限公司", "上海临江供水有限公司"
ACCOUNT, OTHER = "31050161393600000123", "31050161393600000999"


def line(key, minor=-10000, on=0, **changes):
    given_ = {"name": POWER, "payee_account": ACCOUNT, "text": "货款", "reference": ""}
    return BankItem(key, 1, DAY + timedelta(days=on), minor, **{**given_, **changes})


def ours(key, minor=-10000, on=0, **changes):
    given_ = {"name": POWER, "payee_account": ACCOUNT, "numbers": (f"FK-20260302-000{key}",)}
    return OurItem(
        f"P{key}", OurKind.PAYMENT, 1, DAY + timedelta(days=on), minor, **{**given_, **changes}
    )


def pairs(found):
    return {(m.lines, m.ours): (m.kind, m.sureness) for m in found.matches}


def test_a_number_in_the_text_is_sure_whatever_the_name():  # E1.2
    found = match(
        [line(1, name="", payee_account="", text="FK-20260302-0007 货款", on=9)], [ours(7)]
    )
    assert pairs(found) == {((1,), ("P7",)): (Kind.REFERENCE, Sureness.SURE)}
    assert "流水中有我方编号" in found.matches[0].why


def test_a_number_does_not_make_another_amount_the_same():
    found = match([line(1, -9999, text="FK-20260302-0007")], [ours(7)])
    assert found.matches == ()


def test_the_same_account_and_amount_is_sure_when_it_is_the_only_one():
    assert pairs(match([line(1, on=2)], [ours(1)])) == {
        ((1,), ("P1",)): (Kind.ACCOUNT, Sureness.SURE)
    }


@pytest.mark.parametrize(("days", "found"), [(-4, 0), (-3, 1), (10, 1), (11, 0)])
def test_a_bank_books_within_its_days(days, found):
    assert len(match([line(1, on=days)], [ours(1)]).matches) == found


def test_amounts_alone_are_never_sure():  # domain.md §6
    found = match([line(1, name="", payee_account="")], [ours(1)])
    assert pairs(found) == {((1,), ("P1",)): (Kind.AMOUNT, Sureness.WEAK)}


def test_another_account_of_the_same_name_is_only_likely():
    found = match([line(1, payee_account=OTHER)], [ours(1)])
    assert [one.sureness for one in found.matches] == [Sureness.LIKELY]


def test_two_of_one_day_that_nothing_tells_apart_are_both_paid_whichever_is_which():
    found = match([line(1), line(2)], [ours(1), ours(2)])
    assert [one.sureness for one in found.matches] == [Sureness.SURE, Sureness.SURE]


def test_of_two_of_one_day_and_one_line_nobody_knows_which_is_paid():
    found = match([line(1)], [ours(1), ours(2)])
    assert [one.sureness for one in found.matches] == [Sureness.LIKELY]


def test_two_that_came_one_after_the_other_are_told_apart():
    found = match([line(1, on=1), line(2, on=8)], [ours(1), ours(2, on=7)])
    assert pairs(found) == {
        ((1,), ("P1",)): (Kind.ACCOUNT, Sureness.SURE),
        ((2,), ("P2",)): (Kind.ACCOUNT, Sureness.SURE),
    }


def test_one_line_for_two_payments_asks_which():
    found = match([line(1)], [ours(1), ours(2, on=1)])
    assert [one.sureness for one in found.matches] == [Sureness.LIKELY]
    assert len(found.ours) == 1


def test_a_shorter_name_is_the_same_company_and_a_like_one_is_not():
    short = match([line(1, name="临江供电", payee_account="")], [ours(1)])
    assert pairs(short) == {((1,), ("P1",)): (Kind.NEAR_NAME, Sureness.SURE)}
    assert match([line(1, name="杭州西湖贸易有限公司", payee_account="")], [ours(1)]).matches == ()


def test_the_pairing_is_the_best_as_a_whole_not_the_first_that_fits():
    lines = [line(1, name="临江供电", payee_account=""), line(2, name="临江供水", payee_account="")]
    items = [ours(1, name=WATER, payee_account=""), ours(2, payee_account="")]
    assert set(pairs(match(lines, items))) == {((1,), ("P2",)), ((2,), ("P1",))}


def test_several_payments_as_one_line():  # E1.2
    found = match([line(9, -30000)], [ours(1, -10000), ours(2, -20000), ours(3, -7000)])
    assert pairs(found) == {((9,), ("P1", "P2")): (Kind.SUM, Sureness.SURE)}


def test_a_whole_batch_as_one_line_without_a_name():
    batch = [ours(n, -10000 - n, batch="7", name=f"公司{n}", payee_account="") for n in range(1, 5)]
    total = sum(one.minor for one in batch)
    found = match([line(9, total, name="批量代付", payee_account="")], batch)
    assert pairs(found) == {((9,), ("P1", "P2", "P3", "P4")): (Kind.SUM, Sureness.SURE)}


def test_one_payment_in_several_lines():  # E1.2
    found = match([line(1, -4000), line(2, -6000), line(3, -1)], [ours(1)])
    assert pairs(found) == {((1, 2), ("P1",)): (Kind.SPLIT, Sureness.SURE)}


def test_two_ways_to_add_up_are_only_likely():
    lines = [line(1, -4000), line(2, -6000), line(3, -3000), line(4, -7000)]
    assert [one.sureness for one in match(lines, [ours(1)]).matches] == [Sureness.LIKELY]


def test_what_the_bank_took_back_by_itself_is_a_reversal():  # E1.2
    found = match([line(1), line(2, 10000, on=1, text="冲正"), line(3, on=1)], [ours(1)])
    assert pairs(found) == {
        ((3,), ("P1",)): (Kind.ACCOUNT, Sureness.SURE),
        ((1, 2), ()): (Kind.REVERSAL, Sureness.SURE),
    }


def test_what_came_back_is_what_it_names():
    lines = [
        line(1, text="货款 FK-20260302-0001"),
        line(2, on=2, text="货款 FK-20260302-0002"),
        line(3, 10000, on=4, text="退汇 FK-20260302-0001"),
    ]
    assert pairs(match(lines, [ours(1), ours(2, on=2)])) == {
        ((2,), ("P2",)): (Kind.REFERENCE, Sureness.SURE),
        ((1, 3), ("P1",)): (Kind.RETURN, Sureness.SURE),
    }


def test_money_that_came_back_belongs_to_its_payment():  # E1.2
    found = match([line(1), line(2, 10000, on=3, text="退汇 账号不符")], [ours(1)])
    assert pairs(found) == {((1, 2), ("P1",)): (Kind.RETURN, Sureness.SURE)}


def test_a_transfer_between_our_accounts_is_one_thing():  # E1.2
    mine = {"1001234509200678901": 1, "2002345609200678902": 2}
    out = line(1, payee_account="2002345609200678902", name="本公司")
    back = BankItem(2, 2, DAY, 10000, "本公司", "1001234509200678901", "转入")
    assert pairs(match([out, back], [], mine)) == {((1, 2), ()): (Kind.TRANSFER, Sureness.SURE)}


ITEMS = st.tuples(
    st.integers(1, 4), st.integers(0, 20), st.sampled_from([POWER, WATER, ""]), st.booleans()
)


@settings(max_examples=300)
@given(st.lists(ITEMS, max_size=14), st.lists(ITEMS, max_size=14), st.randoms())
def test_whatever_comes_everything_is_taken_once_and_amounts_agree(some, others, chance):
    lines = [
        line(
            key,
            -100 * minor,
            on,
            name=name,
            payee_account=ACCOUNT if known else "",
            text=f"FK-20260302-000{key % 5}" if known else "",
        )
        for key, (minor, on, name, known) in enumerate(some)
    ]
    items = [
        ours(key, -100 * minor, on, name=name, payee_account=ACCOUNT if known else "")
        for key, (minor, on, name, known) in enumerate(others)
    ]
    found = match(lines, items)
    taken = [key for one in found.matches for key in one.lines]
    spent = [key for one in found.matches for key in one.ours]
    assert sorted([*taken, *(one.key for one in found.lines)]) == sorted(one.key for one in lines)
    assert sorted([*spent, *(one.key for one in found.ours)]) == sorted(one.key for one in items)
    money = {one.key: one.minor for one in (*lines, *items)}
    for one in found.matches:
        if one.kind not in {Kind.REVERSAL, Kind.FEE}:
            assert sum(money[k] for k in one.lines) == sum(money[k] for k in one.ours)
        assert one.why
    # The order in which they come says nothing of who belongs together.
    shuffled = list(lines)
    chance.shuffle(shuffled)
    again = match(shuffled, items)
    sure = lambda all_: {(m.lines, m.ours) for m in all_.matches if m.sureness is Sureness.SURE}  # noqa: E731
    assert {(tuple(sorted(a)), b) for a, b in sure(again)} == {
        (tuple(sorted(a)), b) for a, b in sure(found)
    }

"""What a bank's line tells of its payment, and what it does not: each rule by an example."""

from datetime import date, timedelta

import pytest

from app.reconciliation.items import BankItem, Fit, Kind, OurItem, OurKind, Sureness, fit, speaking
from app.reconciliation.matching import match

DAY = date(2026, 3, 2)
STEEL, OTHERS = "上海华峰钢材贸易有限公司", "上海申江物流有限公司"
NUMBER, OTHER = "31050161393600000123", "6222021234567890123"
OWN = {"310066661018800012345": 1, "1001244309006621437": 2}
SURE, LIKELY = Sureness.SURE, Sureness.LIKELY


def line(key, minor=-10000, on=0, **changes):
    given = {"name": STEEL, "payee_account": NUMBER, "text": "货款", "reference": "", "account": 1}
    changes = {**given, **changes}
    return BankItem(key, on=DAY + timedelta(days=on), minor=minor, **changes)


def ours(key, minor=-10000, on=0, **changes):
    given = {
        "name": STEEL,
        "payee_account": NUMBER,
        "numbers": (f"FK-20260302-00{key:02d}",),
        "kind": OurKind.PAYMENT,
        "account": 1,
    }
    return OurItem(f"P{key}", on=DAY + timedelta(days=on), minor=minor, **{**given, **changes})


def said(lines, items, own=None):
    found = match(lines, items, own)
    return {(m.lines, m.ours): (m.kind, m.sureness) for m in found.matches}


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("6222021234567890123", Fit.SAME),
        ("6222 0212 3456 7890 123", Fit.SAME),
        ("6222****0123", Fit.PART),
        ("622202*********0123", Fit.PART),
        ("6222****9999", Fit.OTHER),
        ("****0123", Fit.UNKNOWN),
        ("6222021234567890000", Fit.PART),
        ("6222021234567890001", Fit.OTHER),
        ("6.22202E+18", Fit.PART),
        ("6.22302E+18", Fit.OTHER),
        ("", Fit.UNKNOWN),
        ("-", Fit.UNKNOWN),
    ],
)
def test_an_account_is_told_by_what_is_seen_of_it(written, fits):  # E1.2
    assert fit(written, OTHER) is fits


def test_a_spreadsheet_keeps_fifteen_digits_of_an_account():
    assert fit("622202123456789000", "622202123456789123") is Fit.PART


def test_a_bank_names_its_own_accounts_on_the_way_and_means_nobody():
    assert not speaking("待处理汇划款项")
    assert not speaking("中***融科技有限公司")
    assert speaking(STEEL) == STEEL


def test_a_masked_account_that_is_another_one_is_not_this_payment():
    assert not said([line(1, name="", payee_account="6222****7777")], [ours(1)])


def test_a_masked_account_with_the_name_is_sure():
    assert said([line(1, payee_account="3105****0123")], [ours(1)]) == {
        ((1,), ("P1",)): (Kind.ACCOUNT, SURE)
    }


def test_a_name_that_the_bank_cut_is_told_by_our_payees():
    cut = STEEL.encode("gb18030")[:20].decode("gb18030")
    assert said([line(1, name=cut, payee_account="")], [ours(1)]) == {
        ((1,), ("P1",)): (Kind.NEAR_NAME, SURE)
    }


def test_a_cut_name_that_two_payees_begin_with_is_neither_for_sure():
    branch = f"{STEEL}浦东分公司"
    items = [ours(1), ours(2, name=branch, payee_account=OTHER)]
    found = said([line(1, name="上海华峰钢材贸易", payee_account="")], items)
    assert [how for _, how in found.values()] == [LIKELY]


def test_two_people_of_one_name_are_not_told_apart_by_it():
    items = [ours(1, name="张伟", payee_account=OTHER), ours(2, name="张伟")]
    found = said([line(1, name="张伟", payee_account="")], items)
    assert [how for _, how in found.values()] == [LIKELY]


def test_the_statement_teaches_whose_an_account_is():
    income = {"kind": OurKind.JOURNAL, "payee_account": ""}
    lines = [line(1, 5000), line(2, 7000, name="")]
    items = [ours(1, 5000, **income), ours(2, 7000, **income)]
    assert said(lines, items)[(2,), ("P2",)] == (Kind.NAME, SURE)


@pytest.mark.parametrize(
    "text", ["货款fk202603020007", "货款 FK 20260302 0007", "ＦＫ－２０２６０３０２－０００７"]
)
def test_a_number_is_read_however_it_is_written(text):  # E1.2
    found = said([line(1, name="", payee_account="", text=text)], [ours(7)])
    assert found == {((1,), ("P7",)): (Kind.REFERENCE, SURE)}


def test_a_line_that_names_one_payment_is_no_other():
    lines = [line(1, text="FK-20260302-0001"), line(2, on=1, text="FK-20260302-0001")]
    items = [ours(1), ours(2, on=1)]
    assert said(lines, items) == {((1,), ("P1",)): (Kind.REFERENCE, SURE)}


def test_a_number_that_comes_every_month_is_the_one_of_its_month():
    items = [ours(key, on=31 * key, numbers=("XY00000470",)) for key in (1, 2, 3)]
    lines = [line(2, on=63, reference="XY00000470"), line(3, on=94, reference="XY00000470")]
    assert said(lines, items) == {
        ((2,), ("P2",)): (Kind.REFERENCE, SURE),
        ((3,), ("P3",)): (Kind.REFERENCE, SURE),
    }


def test_of_two_attempts_the_later_one_is_what_the_bank_did_afterwards():
    items = [ours(1), ours(2, on=2, numbers=("FK-20260302-0001",))]
    assert said([line(1, on=3, text="FK-20260302-0001")], items) == {
        ((1,), ("P2",)): (Kind.REFERENCE, SURE)
    }


def test_the_first_of_two_executions_is_the_payment():
    assert said([line(1), line(2, on=2)], [ours(1)]) == {((1,), ("P1",)): (Kind.ACCOUNT, SURE)}


def test_lines_of_one_day_stand_for_each_other():
    found = said([line(1, on=4), line(2, on=4)], [ours(1, on=1), ours(2, on=2)])
    assert {how for _, how in found.values()} == {SURE}
    assert len(found) == 2


def test_what_was_never_executed_leaves_the_next_one_sure():
    assert said([line(1, on=6)], [ours(1), ours(2, on=6)]) == {
        ((1,), ("P2",)): (Kind.ACCOUNT, SURE)
    }


def test_a_journal_is_written_after_the_slip():
    item = ours(1, 5000, on=6, kind=OurKind.JOURNAL)
    assert said([line(1, 5000, on=4)], [item]) == {((1,), ("P1",)): (Kind.ACCOUNT, SURE)}
    assert said([line(1, 5000)], [item]) == {((1,), ("P1",)): (Kind.ACCOUNT, LIKELY)}


def test_a_payment_that_came_back_and_went_out_again():  # E1.2
    lines = [
        line(1, text="FK-20260302-0001"),
        line(2, 10000, on=2, text="退汇 账号户名不符 FK-20260302-0001"),
        line(3, on=4, text="FK-20260302-0001"),
    ]
    items = [ours(1), ours(2, on=4, numbers=("FK-20260302-0001",))]
    assert said(lines, items) == {
        ((1, 2), ("P1",)): (Kind.RETURN, SURE),
        ((3,), ("P2",)): (Kind.REFERENCE, SURE),
    }


@pytest.mark.parametrize("name", ["待处理汇划款项", "", "上海浦海智能装备有限公司"])
def test_a_return_may_name_anybody(name):
    back = line(2, 10000, on=1, name=name, payee_account="", text="退汇")
    found = said([line(1), back], [ours(1)])
    assert found == {((1, 2), ("P1",)): (Kind.RETURN, SURE)}


def test_a_return_of_one_of_two_leaves_both_to_a_person():
    there = {"name": OTHERS, "payee_account": OTHER}
    back = line(3, 10000, on=1, name="", payee_account="", text="退汇")
    found = said([line(1), line(2, **there), back], [ours(1), ours(2, **there)])
    assert {how for _, how in found.values()} == {LIKELY}
    assert len(found) == 2


def test_a_payee_who_sends_money_back_is_no_return_of_the_banks():
    back = line(2, 10000, on=4, text="退货款 多付退回")
    assert said([line(1), back], [ours(1)]) == {((1,), ("P1",)): (Kind.ACCOUNT, SURE)}


def test_a_credit_without_a_word_may_be_a_return():
    back = line(2, 10000, on=1, text="")
    assert said([line(1), back], [ours(1)]) == {((1,), ("P1",)): (Kind.ACCOUNT, LIKELY)}


def test_a_transfer_takes_its_order_along():  # E1.2
    there = {"name": "本公司", "payee_account": "1001244309006621437"}
    back = line(2, 10000, account=2, name="本公司", payee_account="310066661018800012345")
    assert said([line(1, **there), back], [ours(1, **there)], OWN) == {
        ((1, 2), ("P1",)): (Kind.TRANSFER, SURE)
    }


def test_currencies_never_mix():
    assert not said([line(1, account=2)], [ours(1)])
    assert not said([line(1, account=2, text="FK-20260302-0001")], [ours(1)])
    lines = [line(1, -4000, account=2), line(2, -6000)]
    assert not said(lines, [ours(1)])


def test_a_fee_inside_is_sure_only_where_the_payment_is_named():
    assert said([line(1, -101000, text="FK-20260302-0001")], [ours(1, -100000)]) == {
        ((1,), ("P1",)): (Kind.FEE, SURE)
    }
    assert said([line(1, -101000)], [ours(1, -100000)]) == {((1,), ("P1",)): (Kind.FEE, LIKELY)}
    assert not said([line(1, -1021000)], [ours(1, -1000000)])


def test_several_payments_that_the_bank_cut_into_other_lines():
    lines, items = [line(1, -7000), line(2, -3500)], [ours(1, -4500), ours(2, -6000)]
    assert said(lines, items) == {((1, 2), ("P1", "P2")): (Kind.SUM, SURE)}


def test_a_batch_without_one_of_it_is_proposed():
    batch = [
        ours(n, -10000 - n * n, batch="7", name=f"张{n}伟", payee_account="") for n in range(1, 7)
    ]
    total = sum(one.minor for one in batch[1:])
    found = said([line(9, total, name="", payee_account="", text="代发工资")], batch)
    assert found == {((9,), ("P2", "P3", "P4", "P5", "P6")): (Kind.SUM, LIKELY)}


def test_a_few_round_amounts_are_no_batch_for_sure():
    batch = [ours(n, -10000, batch="7", name="", payee_account="") for n in range(1, 4)]
    found = said([line(9, -30000, name="", payee_account="", text="")], batch)
    assert [how for _, how in found.values()] == [LIKELY]


def test_what_was_ordered_together_is_meant_before_anything_else():
    items = [ours(1, -4000), ours(2, -6000), ours(3, -4000, on=-8)]
    assert said([line(9, -10000)], items) == {((9,), ("P1", "P2")): (Kind.SUM, SURE)}


def test_more_than_a_few_of_one_payee_are_taken_in_the_order_of_their_days():
    lines = [line(key, on=key) for key in range(30)]
    items = [ours(key, on=key) for key in range(30)]
    assert said(lines, items) == {((key,), (f"P{key}",)): (Kind.ACCOUNT, SURE) for key in range(30)}

"""What is wrong with an agreement as it was filled in."""

from dataclasses import replace
from datetime import date

import pytest

from app.agreements.fields import FIELD_LABELS, AgreementFields, as_values, checked
from app.core.money import Money

GOOD = AgreementFields(
    account_number="31001000000000017",
    payee_name="国网上海市电力公司",
    starts_on=date(2026, 1, 1),
    business="00100",
    single_limit=Money.parse("50000"),
    first_debit_on=date(2026, 1, 20),
)


def wrong(**changes):
    return [one.field for one in checked(replace(GOOD, **changes))[1]]


def test_a_sound_agreement_is_trimmed():  # D2.1
    fields, problems = checked(replace(GOOD, payee_name=" 国网上海市电力公司 ", note=" 电费 "))
    assert (fields.payee_name, fields.note, problems) == ("国网上海市电力公司", "电费", ())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"payee_name": " "}, "收款单位"),
        ({"payee_name": "名" * 61}, "收款单位"),
        ({"account_number": "31A"}, "付款账号"),
        ({"account_number": ""}, "付款账号"),
        ({"payee_account": "123"}, "收款账号"),
        ({"payee_cnaps": "105290000013"}, "收款行号"),
        ({"business": "00001"}, "业务种类"),
        ({"kind": "X"}, "协议类型"),
        ({"rhythm": "X"}, "扣款周期"),
        ({"single_limit": Money(0)}, "单笔上限"),
        ({"amount": Money(100, "USD")}, "约定金额"),
        ({"daily_limit": Money.parse("49999.99")}, "单笔上限"),
        ({"daily_count": 0}, "日笔数上限"),
        ({"notice_days": -1}, "提前通知天数"),
        ({"late_rate": "万分之五"}, "逾期日费率"),
        ({"late_rate": "0.06"}, "逾期日费率"),
        ({"late_rate": "NaN"}, "逾期日费率"),
        ({"ends_on": date(2025, 12, 31)}, "失效日"),
        ({"signed_on": date(2026, 1, 2)}, "签约日"),
        ({"first_debit_on": date(2025, 12, 31)}, "首次扣款日"),
        ({"pboc_no": "9" * 61}, "人行协议号"),
    ],
)
def test_each_bad_field_is_named(changes, field):  # D2.1
    assert wrong(**changes) == [field]


def test_all_that_is_wrong_is_told_at_once():  # D2.1
    assert wrong(payee_name="", late_rate="1", ends_on=date(2020, 1, 1)) == [
        "收款单位",
        "逾期日费率",
        "失效日",
    ]


@pytest.mark.parametrize(
    "changes", [{"notice_days": 0}, {"late_rate": "0.0005"}, {"late_rate": "0"}]
)
def test_nothing_is_wrong_with_no_notice_and_small_rates(changes):  # D4.2
    assert wrong(**changes) == []


def test_every_field_has_a_name_and_is_kept_by_the_trail():  # D2.1
    names = set(AgreementFields.__dataclass_fields__)
    assert names - set(FIELD_LABELS) == {"currency"}
    kept = as_values(GOOD)
    assert set(kept) == names
    assert (kept["single_limit"], kept["starts_on"]) == ("50000.00", "2026-01-01")

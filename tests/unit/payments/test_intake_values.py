from datetime import date

import pytest

from app.core.money import Money
from app.payments.intake import values
from app.payments.intake.capitals import check_capitals
from app.payments.intake.values import Unfit


@pytest.mark.parametrize(
    "written",
    [
        "6222 0212 3456 7890 123",
        "6222-0212-3456-7890-123",
        "'6222021234567890123",
        '="6222021234567890123"',
        "６２２２０２１２３４５６７８９０１２３",
        " 6222021234567890123\t",
    ],
)
def test_an_account_is_freed_of_its_decoration(written):  # C3.4
    assert values.account(written) == "6222021234567890123"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("6.22202E+18", "数字保存"),
        ("6222021234567890123.0", "数字保存"),
        ("6222********0123", "遮盖"),
        ("1234567", "8 至 35 位"),
        ("1" * 36, "8 至 35 位"),
        ("62220212345678A", "8 至 35 位"),
    ],
)
def test_an_unusable_account_is_refused_with_its_cure(written, said):  # C3.4
    with pytest.raises(Unfit, match=said):
        values.account(written)


def test_accounts_of_eight_and_of_thirty_five_digits_pass():  # C3.4
    assert values.account("12345678") == "12345678"
    assert values.account("1" * 35) == "1" * 35


def test_a_lossy_number_is_refused_though_its_digits_look_whole():  # C3.4
    with pytest.raises(Unfit, match="末位可能已丢失，请改为文本格式后重新导入"):
        values.account("6222021234567890000", lossy=True)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-23",
        "2026/11/23",
        "20261123",
        "2026年11月23日",
        "2026.11.23",
        "2026-11-23 14:06:51",
        "２０２６－１１－２３",
        "46349",  # days since 1899-12-30
    ],
)
def test_a_date_is_read_in_every_usual_notation(written):  # C2.3
    assert values.day(written) == date(2026, 11, 23)


@pytest.mark.parametrize("written", ["2026-02-30", "11/23/2026", "明天", "1899-01-01", "20261301"])
def test_a_date_that_is_none_or_ambiguous_is_refused(written):  # C2.3
    with pytest.raises(Unfit):
        values.day(written)


@pytest.mark.parametrize(
    ("written", "minor"),
    [("1,234.50", 123450), ("¥100", 10000), ("人民币 5.01元", 501), ("0.01", 1)],
)
def test_an_amount_is_read_to_the_fen(written, minor):  # C2.3
    assert values.amount(written, "CNY") == Money(minor)


@pytest.mark.parametrize("written", ["0", "-1", "(5.00)", "1.234", "1.2万元", "abc", "1" * 14])
def test_an_amount_that_can_not_be_paid_is_refused(written):  # C2.3
    with pytest.raises(Unfit):
        values.amount(written, "CNY")


def test_the_purpose_is_counted_in_gbk_bytes():  # C3.4
    assert values.within_bytes("货" * 31, values.PURPOSE_BYTES) == "货" * 31
    with pytest.raises(Unfit, match="64 字节"):
        values.within_bytes("货" * 32, values.PURPOSE_BYTES)


def test_a_name_has_at_most_sixty_characters():  # C3.4
    assert values.payee_name("甲" * 60) == "甲" * 60
    with pytest.raises(Unfit, match="61 个字"):
        values.payee_name("甲" * 61)


def test_invisible_characters_vanish_and_damaged_ones_are_refused():  # C3.4
    assert values.clean("\ufeff甲\u200b  公司\n") == "甲 公司"
    with pytest.raises(Unfit, match="无法识别"):
        values.clean("甲\ufffd公司")
    with pytest.raises(Unfit, match="Excel 错误值"):
        values.clean("#N/A")


def test_codes_are_read_from_the_words_of_clerks():  # C3.4
    assert values.currency("人民币") == "CNY"
    assert values.payee_kind("对私") == "PERSON"
    assert values.payee_kind("") == "COMPANY"
    assert values.urgency("加急") == "URGENT"
    assert values.urgency("") == "NORMAL"
    assert values.channel("超级网银") == "IBPS"
    with pytest.raises(Unfit, match="卢布"):
        values.currency("卢布")


def test_a_bank_code_has_twelve_digits():  # C3.4
    assert values.cnaps("102 100 099 996") == "102100099996"
    with pytest.raises(Unfit, match="12 位"):
        values.cnaps("10210009999")


def test_words_against_the_rules_of_writing_are_named_with_a_cure():  # C2.3
    with pytest.raises(Unfit, match="规范书写"):
        check_capitals("壹伍元", Money(1500))


def test_words_and_figures_must_agree():  # C2.3
    check_capitals("壹佰元整", Money(10000))
    with pytest.raises(Unfit, match="不一致"):
        check_capitals("壹佰元整", Money(10001))

"""Amounts in Chinese capitals: the vectors of domain.md §3.6 and round trips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.capitals import BadCapitals, parse_capitals, to_capitals
from app.core.errors import BadInput
from app.core.money import Money

# figure, the form we write, further permitted forms
VECTORS = [
    ("0.05", "伍分", []),
    ("0.50", "伍角整", ["伍角", "伍角正"]),
    ("15", "壹拾伍元整", ["壹拾伍圆正", "人民币壹拾伍元整", "人民币：壹拾伍圓整"]),
    ("100.01", "壹佰元零壹分", []),
    ("325.04", "叁佰贰拾伍元零肆分", []),
    ("1409.50", "壹仟肆佰零玖元伍角整", ["壹仟肆佰零玖元伍角"]),
    ("1680.32", "壹仟陆佰捌拾元叁角贰分", ["壹仟陆佰捌拾元零叁角贰分"]),
    ("6007.14", "陆仟零柒元壹角肆分", []),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分", []),
    ("10001", "壹万零壹元整", []),
    ("107000.53", "壹拾万零柒仟元伍角叁分", ["壹拾万柒仟元零伍角叁分"]),
    ("1000000.01", "壹佰万元零壹分", []),
    ("100010000", "壹亿零壹万元整", []),
    ("150107001.53", "壹亿伍仟零壹拾万零柒仟零壹元伍角叁分", []),
    ("0", "零元整", []),
    ("-1409.50", "负壹仟肆佰零玖元伍角整", ["负壹仟肆佰零玖元伍角"]),
    ("100007000", "壹亿零柒仟元整", []),
    ("1000100000000", "壹万零壹亿元整", []),
    ("1000000000000", "壹万亿元整", []),
]


@pytest.mark.parametrize(("figure", "words", "others"), VECTORS)
def test_words_and_figures_agree_in_every_permitted_form(figure, words, others):  # C2.3
    money = Money.parse(figure)
    assert to_capitals(money) == words
    for form in (words, *others):
        assert parse_capitals(form) == money


@given(st.integers(min_value=0, max_value=10**12))
def test_what_is_written_reads_back_as_the_same_amount(minor):  # C2.3
    assert parse_capitals(to_capitals(Money(minor))) == Money(minor)


@given(st.integers(min_value=10**12, max_value=10**16 - 1))
def test_great_amounts_read_back_as_well(minor):  # C2.3
    assert parse_capitals(to_capitals(Money(minor), prefix=True)) == Money(minor)


@given(st.integers(min_value=1, max_value=10**12))
def test_a_negative_amount_says_so(minor):  # C2.3
    assert to_capitals(Money(-minor)) == "负" + to_capitals(Money(minor))
    assert parse_capitals(to_capitals(Money(-minor))) == Money(-minor)


def test_the_prefix_stands_before_the_words_with_no_gap():  # C2.3
    assert to_capitals(Money(1500), prefix=True) == "人民币壹拾伍元整"


@pytest.mark.parametrize(
    "words",
    [
        *("", "元", "整", "一百块", "壹元贰", "人民币"),
        *("拾伍元整", "壹伍元整", "壹佰仟元整", "壹万万元整", "万元整", "亿元整"),
        *("壹零元整", "壹零佰元整", "零零元整", "陆仟零零柒元整", "负零元整"),
        *("壹佰伍元整", "壹佰元壹分", "壹亿柒仟元整", "伍角零叁分"),
        *("壹拾伍元", "伍分整", "壹佰元零壹分整"),
    ],
)
def test_words_against_the_rules_of_writing_are_refused(words):  # C2.3
    with pytest.raises(BadCapitals):
        parse_capitals(words)


@given(st.text(alphabet="零壹贰玖拾佰仟万亿元角分整", max_size=12))
def test_any_words_are_an_amount_or_a_refusal(words):  # C2.3
    try:
        money = parse_capitals(words)
    except BadCapitals:
        return
    plain = words.replace("零", "").removesuffix("整")
    assert to_capitals(money).replace("零", "").removesuffix("整") == plain


def test_words_beyond_what_can_be_written_are_refused():  # C2.3
    with pytest.raises(BadCapitals, match="过大"):
        parse_capitals("玖仟万亿元整")
    with pytest.raises(BadInput):
        to_capitals(Money(10**16))


def test_other_currencies_have_no_capitals():  # C2.3
    with pytest.raises(BadInput):
        to_capitals(Money(100, "USD"))

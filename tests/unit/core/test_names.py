"""Names for searching and comparing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.names import normalise_name, pinyin_full, pinyin_initials


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("上海华峰", "shanghaihuafeng", "shhf"),
        ("重庆长安", "chongqingchangan", "cqca"),
        ("华峰ABC 3号", "huafengabc3hao", "hfabc3h"),
        ("华峰（集团）·苏州", "huafengjituansuzhou", "hfjtsz"),
        ("ＡＢＣ", "abc", "abc"),
        ("", "", ""),
    ],
)
def test_names_are_found_by_their_sounds(name, full, initials):  # C2.1
    assert pinyin_full(name) == full
    assert pinyin_initials(name) == initials


@given(st.text(max_size=12))
def test_sounds_hold_small_latin_letters_and_digits_only(name):  # C2.1
    for sounds in (pinyin_full(name), pinyin_initials(name)):
        assert all(c.isascii() and c.isalnum() and not c.isupper() for c in sounds)


SAME = [
    "华峰(上海)有限公司abc",
    "华峰（上海）有限公司ABC",
    "华峰【上海】有限公司ＡＢＣ",
    "华峰［上海］有限公司abc",
    "华峰[上海]有限公司abc",
    " 华峰 （上海）　有限公司\tabc ",
    "华峰(上海)有限公司\u200babc\ufeff",
]


@pytest.mark.parametrize("name", SAME)
def test_ways_to_type_one_name_compare_equal(name):  # C3.4
    assert normalise_name(name) == "华峰(上海)有限公司ABC"


def test_the_dots_in_a_persons_name_compare_equal():  # C3.4
    assert len({normalise_name(f"买买提{dot}艾力") for dot in "·•‧・･"}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("华峰有限公司", "华锋有限公司"), ("华峰公司", "华峰有限公司"), ("甲(乙)", "甲乙")],
)
def test_different_names_stay_different(one, other):  # C3.4
    assert normalise_name(one) != normalise_name(other)


@given(st.text(max_size=12))
def test_a_normal_name_stays_as_it_is(name):  # C3.4
    once = normalise_name(name)
    assert normalise_name(once) == once

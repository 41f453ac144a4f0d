"""How like two company names are, as banks write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agreements.watch.likeness import Likeness, likeness

PAYEE = "上海临江供电有限公司"


@pytest.mark.parametrize(
    ("name", "how"),
    [
        (PAYEE, Likeness.SAME),
        ("上海 临江供电 有限公司", Likeness.SAME),
        ("上海临江供电", Likeness.CLOSE),
        ("临江供电", Likeness.CLOSE),
        ("临江供电有限责任公司", Likeness.CLOSE),
        ("上海临江供电有限公司浦东分公司", Likeness.CLOSE),
        ("上海临江供电有限公司（张江）", Likeness.CLOSE),
        ("代扣-上海临江供电", Likeness.CLOSE),
        ("上海临江供电电费专户", Likeness.CLOSE),
        ("上海临红供电有限公司", Likeness.SIMILAR),
        ("上海临江供水有限公司", Likeness.SIMILAR),
        ("上海临江供电股份有限公司", Likeness.SIMILAR),
        ("上海临江供电物资有限公司", Likeness.SIMILAR),
        ("杭州临江供电有限公司", Likeness.NONE),
        ("上海浦东燃气有限公司", Likeness.NONE),
        ("供电", Likeness.NONE),
        ("有限公司", Likeness.NONE),
        ("", Likeness.NONE),
    ],
)
def test_that_a_short_form_is_close_and_another_company_is_not(name, how):  # E1.4
    assert likeness(PAYEE, name) is how


@given(st.text(max_size=30), st.text(max_size=30))
def test_that_likeness_is_the_same_both_ways(one, other):
    assert likeness(one, other) is likeness(other, one)


@given(st.text(alphabet="上海临江供电水务有限公司股份（）分", min_size=1, max_size=20))
def test_that_a_name_is_the_same_as_itself(name):
    assert likeness(name, name) is Likeness.SAME

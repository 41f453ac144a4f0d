"""What counts as a telephone number that a payee can be called back on."""

import pytest

from app.core.errors import BadInput
from app.payees.contacts import check_phone, digits, same_number, who_registers


@pytest.mark.parametrize(
    "phone",
    [
        "0512-85130348",
        "021-50001234",
        "010 6552 9988",
        "（0755）8888 6666",
        "0512-85130348-801",
        "0512-85130348转801",
        "021-50001234 分机 6",
        "021-50001234 ext.12",
        "138 0013 8000",
        "+86 13800138000",
        "0086-512-85130348",
        "400-820-8820",
        "０５１２－８５１３０３４８",
        "0512—85130348",
    ],
)
def test_that_a_chinese_number_is_kept_as_typed(phone):  # C3.4
    assert check_phone(f" {phone} ") == phone


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "   ",
        "85130348",  # no area code
        "0512-8513",
        "12800138000",
        "1380013800",
        "13800138000/13900139000",
        "见变更函",
        "0512-85130348 陆建平",
        "021-1234567",
        "++8613800138000",
        "0512-85130348转",
        "0512-85130348转1234567",
        "0" * 41,
    ],
)
def test_that_what_can_not_be_dialled_is_refused_with_the_right_form(phone):  # C3.4
    with pytest.raises(BadInput) as refused:
        check_phone(phone)
    assert "0512-85130348" in refused.value.hint


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0512-85130348", "(0512) 8513 0348", True),
        ("+86 138-0013-8000", "13800138000", True),
        ("0512-85130348转801", "0512-85130348-801", True),
        ("021-50008600", "021-50008601", False),
        ("0512-85130348", "0512-85130348转801", False),
        ("", "", False),
    ],
)
def test_that_numbers_are_compared_by_their_figures(one, other, same):  # C3.4
    assert same_number(one, other) is same


def test_that_figures_like_a_country_code_inside_a_number_stay():  # C3.4
    assert digits("021-50008612") == "02150008612"


def test_that_the_posts_that_may_register_are_named():  # C3.4
    assert who_registers() == "财务主管、财务总监"

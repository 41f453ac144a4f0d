"""联行号: check digits and classes (domain.md §2.2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.cnaps import bank_codes, bank_of, check_digit, is_valid
from app.core.errors import BadInput

HEAD_OFFICES = {
    "102100099996": "工商银行",
    "103100000026": "农业银行",
    "104100000004": "中国银行",
    "105100000017": "建设银行",
    "301290000007": "交通银行",
    "302100011000": "中信银行",
    "303100000006": "光大银行",
    "304100040000": "华夏银行",
    "305100000013": "民生银行",
    "306581000003": "广发银行",
    "307584007998": "平安银行",
    "308584000013": "招商银行",
    "309391000011": "兴业银行",
    "310290000013": "浦发银行",
    "403100000004": "邮储银行",
}


@pytest.mark.parametrize(("code", "bank"), HEAD_OFFICES.items())
def test_the_code_of_a_head_office_is_valid_and_tells_its_bank(code, bank):  # C3.4
    assert check_digit(code[:11]) == int(code[11])
    assert is_valid(code)
    assert bank_of(code) == bank


@given(st.text("0123456789", min_size=11, max_size=11))
def test_one_check_digit_of_ten_is_right(first):  # C3.4
    assert [d for d in range(10) if is_valid(f"{first}{d}")] == [check_digit(first)]


@given(st.sampled_from(sorted(HEAD_OFFICES)), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(code, place, step):  # C3.4
    wrong = str((int(code[place]) + step) % 10)
    assert not is_valid(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize(
    "code",
    [
        "314653617115",
        "",
        "10210009999",
        "1021000999960",
        "10210009999X",
        "１０２１０００９９９９６",
    ],
)
def test_other_codes_are_not_valid(code):  # C3.4
    assert not is_valid(code)


@pytest.mark.parametrize("first", ["", "1021000999", "102100099996", "1021000999X", "²2100099990"])
def test_a_check_digit_needs_eleven_digits(first):  # C3.4
    with pytest.raises(BadInput):
        check_digit(first)


@pytest.mark.parametrize("code", ["999100000004", "", "10"])
def test_an_unknown_class_has_no_bank(code):  # C3.4
    assert bank_of(code) is None


@pytest.mark.parametrize(
    ("prefix", "bank"), [("202", "进出口银行"), ("313", "城市商业银行"), ("402", "农村信用社")]
)
def test_classes_without_a_head_office_are_known_too(prefix, bank):  # C3.4
    assert bank_of(prefix + "100000000") == bank


def test_every_shipped_code_is_valid_unique_and_of_its_bank():  # C3.4
    codes = bank_codes()
    assert len({c.code for c in codes}) == len(codes)
    assert [c.code for c in codes if not is_valid(c.code) or bank_of(c.code) != c.bank] == []


def test_shipped_codes_are_head_offices_or_marked_as_samples():  # C3.4
    heads = {c.code for c in bank_codes() if c.kind == "head"}
    assert heads == set(HEAD_OFFICES)
    samples = [c for c in bank_codes() if c.kind == "sample"]
    assert len(samples) == len(bank_codes()) - len(heads) == 40

from datetime import date, datetime, time

import pytest

from app.tabular.cells import lossy, number_text, plain_number, text, unwrapped


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1234.5, "1234.5"),
        (100.0, "100"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (123456789012345.0, "123456789012345"),
        (6222021234567890123.0, "6222021234567890000"),
    ],
)
def test_a_number_reads_as_the_spreadsheet_shows_it(value, expected):  # B4.3
    assert number_text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("甲", "甲"),
        (True, "TRUE"),
        (date(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 11, 23, 14, 6, 51), "2026-11-23 14:06:51"),
        (time(3, 4, 5), "03:04:05"),
        (7, "7"),
    ],
)
def test_every_typed_cell_has_one_text(value, expected):  # B4.3
    assert text(value) == expected


def test_only_numbers_of_more_than_fifteen_digits_are_lossy():  # C3.4
    assert lossy(["6222021234567890123", 999_999_999_999_999.0, 1e15, -1e15, 5.0]) == {2, 3}


def test_protected_text_cells_lose_their_wrapping_and_formulas_keep_theirs():  # C3.4
    assert unwrapped('="00123"') == "00123"
    assert unwrapped('="say ""hi"""') == 'say "hi"'
    assert unwrapped('=HYPERLINK("http://x","y")') == '=HYPERLINK("http://x","y")'


def test_a_written_exponent_is_spelled_out_and_marked_as_lossy():  # C3.4
    assert plain_number("6.2220212345678901E+18") == ("6222021234567890100", True)
    assert plain_number("1234.50") == ("1234.5", False)
    assert plain_number("甲") == ("甲", False)

from datetime import UTC, date, datetime

import pytest

from app.core.money import Money
from app.documents.columns import Value
from app.documents.embedding import to_unicode
from app.documents.table_export import csv_text, harmless


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 21", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "=cmd|' /C calc'!A0"],
)
def test_a_text_that_would_run_gets_an_apostrophe(text: str) -> None:  # C5.4
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["付款", "6222021001112345678", "1-2", "a=b", ""])
def test_a_plain_text_stays_as_it_is(text: str) -> None:  # C5.4
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (Money.parse("-1,234.50"), "-1234.50"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 16, 5, 9, tzinfo=UTC), "2026-03-02 00:05:09"),
        (-7, "-7"),
        (None, ""),
    ],
)
def test_each_kind_has_one_spelling_in_csv(value: Value, field: str) -> None:  # C5.4
    assert csv_text(value) == field


def test_the_text_map_spells_rare_characters_as_surrogate_pairs() -> None:  # C4.5
    # U+2CB4E: 0x1CB4E = 0b0001110010_1101001110, so D800+0x72 and DC00+0x34E.
    assert "<0002> <D872DF4E>" in to_unicode(["付", "𬭎"])

from datetime import date

import pytest

from ui.widgets.date_field import BadDate, parse_date

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", None),
        ("2026-12-01", date(2026, 12, 1)),
        ("20261201", date(2026, 12, 1)),
        ("2026/12/1", date(2026, 12, 1)),
        ("2026年12月1日", date(2026, 12, 1)),
        ("12-01", date(2026, 12, 1)),
        ("今天", TODAY),
        ("明天", date(2026, 11, 24)),
    ],
)
def test_a_date_is_read_as_people_type_it(typed: str, meant: date | None):
    assert parse_date(typed, TODAY) == meant


@pytest.mark.parametrize("typed", ["2026-02-30", "13-01", "abc", "1"])
def test_what_is_no_date_is_refused_with_a_remedy(typed: str):
    with pytest.raises(BadDate) as refused:
        parse_date(typed, TODAY)
    assert typed in refused.value.message
    assert refused.value.hint

"""What a ticket needs before it is sent, each field named with its cure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock import SHANGHAI
from app.incidents.vendor.ticket_form import (
    FIELD_LABELS,
    TicketFields,
    missing,
    ticket_lines,
    ticket_text,
    unmasked,
)

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WHOLE = TicketFields(
    "停付管家 0.1.0",
    "点“提交银行”",
    "提示通讯超时",
    "无",
    ("YJ-2026-0001-E01",),
    "工商银行 ****1234",
    NOW - timedelta(minutes=5),
    "张三",
    "021-5888000",
    "请修复",
)


def test_that_a_whole_ticket_lacks_nothing():  # B3.3
    assert missing(WHOLE, NOW, frozenset(WHOLE.evidence)) == ()


def test_that_an_empty_ticket_names_every_field():  # B3.3
    found = missing(TicketFields(), NOW)
    assert [one.field for one in found] == list(FIELD_LABELS)
    assert all(one.cure for one in found)


@pytest.mark.parametrize("name", FIELD_LABELS)
def test_that_each_empty_field_is_named_alone(name):  # B3.3
    empty = {"evidence": (), "happened_at": None}.get(name, "  ")
    [one] = missing(replace(WHOLE, **{name: empty}), NOW)
    assert (one.field, FIELD_LABELS[name] in one.text) == (name, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("software", "停付管家"),
        ("accounts", "工商银行 6222020200012345678"),
        ("accounts", "工商银行 12345"),
        ("happened_at", NOW + timedelta(minutes=1)),
        ("phone", "12"),
    ],
)
def test_that_a_wrong_field_is_named(name, value):  # B3.3
    [one] = missing(replace(WHOLE, **{name: value}), NOW)
    assert one.field == name


def test_that_evidence_that_was_withdrawn_does_not_count():  # B3.3
    [one] = missing(WHOLE, NOW, frozenset())
    assert "YJ-2026-0001-E01" in one.cure


@pytest.mark.parametrize(
    ("text", "told"),
    [("工行 ****1234、招行 ****0001", False), ("6222 0202", True), ("1-2-3-4-5", True)],
)
def test_that_more_than_four_digits_are_too_many(text, told):  # B3.3
    assert unmasked(text) is told


def test_that_the_text_has_every_field_in_its_order():  # B3.3
    text = ticket_text(ticket_lines("GD-2026-0001", "YJ-2026-0001", WHOLE, SHANGHAI))
    places = [
        text.index(f"【{label}】")
        for name, label in FIELD_LABELS.items()
        if name not in {"contact", "phone"}
    ]
    assert places == sorted(places)
    assert "张三 021-5888000" in text
    assert "2026-03-02 09:55" in text

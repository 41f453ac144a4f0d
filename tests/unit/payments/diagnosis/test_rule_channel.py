"""The way to the bank: known, up, in its hours, wide enough, with a valid certificate."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.accounts.rules import Hours, Window
from app.core.codes import StopReason
from app.core.workdays import Workdays
from app.payments.diagnosis.rule import Severity

RULES = (
    "channel.known",
    "channel.up",
    "channel.maintenance",
    "channel.hours",
    "channel.limit",
    "channel.certificate",
)


@pytest.mark.parametrize("code", RULES)
def test_a_channel_that_runs_is_not_named(healthy, findings_of, code):  # A4.2
    assert findings_of(code, healthy()) == []


def test_a_payment_without_a_channel_stops_and_names_what_is_up(
    healthy, findings_of, only, spare
):  # A4.1
    facts = healthy(channel=None, other_channels=spare)
    found = only("channel.known", facts)
    assert (found.reason, found.severity) == (StopReason.BANK_INTERFACE, Severity.BLOCKING)
    assert found.evidence == {"可用渠道": "企业网银、超级网银"}
    assert [code for code in RULES if findings_of(code, facts)] == ["channel.known"]


def test_a_channel_that_is_down_stops_with_the_time_and_the_ways_round(
    healthy, only, spare, make_channel
):  # A4.1 A4.2
    down = make_channel(
        up=False, state_note="银行前置机故障", state_since=datetime(2026, 3, 2, 0, 40, tzinfo=UTC)
    )
    found = only("channel.up", healthy(channel=down, other_channels=spare))
    assert (found.reason, found.severity) == (StopReason.BANK_INTERFACE, Severity.BLOCKING)
    assert found.evidence == {
        "渠道": "大额支付系统",
        "自": "2026-03-02 08:40",
        "说明": "银行前置机故障",
        "可用备选": "企业网银",
    }


def test_without_another_way_the_evidence_says_so(healthy, only, make_channel):  # A4.1
    found = only("channel.up", healthy(channel=make_channel(up=False)))
    assert found.evidence["可用备选"] == "无"


@pytest.fixture
def in_window(healthy, make_channel):
    """A window from 10:00 to 12:00, seen so long after its beginning."""
    start = healthy().now

    def build(after, *, due_on=date(2026, 3, 20)):
        window = Window(start, start + timedelta(hours=2), "核心系统升级")
        return healthy(now=start + after, due_on=due_on, channel=make_channel(windows=(window,)))

    return build


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (timedelta(minutes=-1), False),
        (timedelta(0), True),
        (timedelta(minutes=119), True),
        (timedelta(minutes=120), False),
    ],
)
def test_a_window_covers_its_first_minute_and_not_its_end(
    in_window, findings_of, after, found
):  # F3.1
    assert bool(findings_of("channel.maintenance", in_window(after))) is found


def test_a_window_on_the_planned_day_advises_another_day(in_window, only):  # F3.1 A4.2
    found = only("channel.maintenance", in_window(timedelta(days=-3), due_on=date(2026, 3, 2)))
    assert (found.reason, found.severity) == (StopReason.BANK_INTERFACE, Severity.WARNING)
    assert "建议改期" in found.summary
    assert found.evidence == {
        "开始": "2026-03-02 10:00",
        "结束": "2026-03-02 12:00",
        "说明": "核心系统升级",
    }


@pytest.mark.parametrize(
    ("due_on", "found"),
    [
        (date(2026, 3, 6), False),
        (date(2026, 3, 7), True),
        (date(2026, 3, 8), True),
        (date(2026, 3, 9), False),
    ],
)
def test_the_days_of_a_window_are_shanghais(
    healthy, findings_of, make_channel, due_on, found
):  # F3.1
    # 2026-03-07 00:30 to 03-08 23:30 in Shanghai: 03-06 to 03-08 in UTC.
    window = Window(
        datetime(2026, 3, 6, 16, 30, tzinfo=UTC), datetime(2026, 3, 8, 15, 30, tzinfo=UTC), ""
    )
    facts = healthy(due_on=due_on, channel=make_channel(windows=(window,)))
    assert bool(findings_of("channel.maintenance", facts)) is found


@pytest.mark.parametrize(
    ("local", "opens"),
    [
        (time(8, 29), "2026-03-02 08:30"),
        (time(8, 30), None),
        (time(17, 14), None),
        (time(17, 15), "2026-03-03 08:30"),
    ],
)
def test_hours_begin_at_the_opening_and_end_before_the_closing_minute(
    healthy, findings_of, local, opens
):  # A4.2
    base = healthy()
    now = datetime.combine(date(2026, 3, 2), local, base.tz)
    found = findings_of("channel.hours", healthy(now=now))
    assert [f.severity for f in found] == ([] if opens is None else [Severity.NOTICE])
    if opens:
        assert f"下次可执行时间 {opens}" in found[0].summary
        assert found[0].evidence == {"渠道": "大额支付系统", "营业时间": "08:30–17:15"}


def test_over_a_holiday_the_next_opening_is_after_it(healthy, only):  # A4.2
    # Saturday 2026-02-14 is worked on; the festival lasts until 02-23 (domain.md §2.3).
    base = healthy()
    facts = healthy(
        now=datetime(2026, 2, 14, 18, 0, tzinfo=base.tz),
        today=date(2026, 2, 14),
        due_on=date(2026, 2, 14),
    )
    assert "2026-02-24 08:30" in only("channel.hours", facts).summary


def test_a_working_saturday_is_within_the_hours(healthy, findings_of):  # A4.2
    base = healthy()
    day = date(2026, 2, 28)
    at_ten = datetime(2026, 2, 28, 10, 0, tzinfo=base.tz)
    assert findings_of("channel.hours", healthy(now=at_ten, today=day, due_on=day)) == []


def test_a_payment_of_a_later_day_does_not_ask_for_todays_hours(healthy, findings_of):  # A4.2
    late = datetime(2026, 3, 2, 23, 0, tzinfo=healthy().tz)
    assert findings_of("channel.hours", healthy(now=late, due_on=date(2026, 3, 3))) == []


def test_an_unknown_calendar_is_told_and_not_guessed(healthy, only):  # A4.2
    day = date(2099, 3, 2)
    facts = healthy(
        now=datetime(2099, 3, 2, 2, 0, tzinfo=UTC), today=day, due_on=day, calendar=Workdays()
    )
    found = only("channel.hours", facts)
    assert (found.reason, found.severity) == (StopReason.BANK_INTERFACE, Severity.WARNING)
    assert "2099" in found.summary


def test_a_channel_open_on_every_day_has_no_holidays(healthy, findings_of):  # A4.2
    base = healthy()
    day = date(2026, 2, 18)
    facts = healthy(
        now=datetime(2026, 2, 18, 3, 0, tzinfo=base.tz),
        today=day,
        due_on=day,
        channel=replace(base.channel, hours=Hours(time(0), time(23, 59, 59), every_day=True)),
    )
    assert findings_of("channel.hours", facts) == []

"""How much a channel carries, and how long its certificate lasts."""

from datetime import date

import pytest

from app.core.codes import StopReason
from app.core.money import Money
from app.payments.diagnosis.rule import Severity


@pytest.mark.parametrize(
    ("bound", "amount", "shown"),
    [
        ({"maximum": "50000"}, "50000.00", None),
        ({"maximum": "50000"}, "50000.01", "50,000.00 元"),
        ({"minimum": "50000"}, "50000.00", None),
        ({"minimum": "50000"}, "49999.99", "50,000.00 元"),
        ({"minimum": "100", "maximum": "50000"}, "50000.01", "50,000.00 元"),
        ({"minimum": "100", "maximum": "50000"}, "99.99", "100.00 元"),
    ],
)
def test_the_limits_of_a_channel_include_their_ends(
    healthy, findings_of, spare, make_channel, bound, amount, shown
):  # A4.1
    limits = {name: Money.parse(text) for name, text in bound.items()}
    facts = healthy(
        amount=Money.parse(amount), channel=make_channel(**limits), other_channels=spare[:1]
    )
    found = findings_of("channel.limit", facts)
    assert [f.evidence["限额"] for f in found] == ([] if shown is None else [shown])
    for one in found:
        assert (one.reason, one.severity) == (StopReason.LIMIT_EXCEEDED, Severity.BLOCKING)
        assert one.evidence["可用备选"] == "企业网银"


def test_a_payment_below_the_least_amount_is_not_said_to_exceed_it(
    healthy, only, make_channel
):  # A4.1
    narrow = make_channel(minimum=Money.parse("50000"), maximum=Money.parse("90000"))
    assert only("channel.limit", healthy(channel=narrow)).summary == (
        "本笔 30,000.00 元 低于大额支付系统的限额 50,000.00 元。"
    )


def test_limits_in_another_currency_do_not_let_the_amount_through(
    healthy, only, spare, make_channel
):  # A4.1
    facts = healthy(
        amount=Money.parse("100", "USD"),
        channel=make_channel(maximum=Money.parse("1000000")),
        other_channels=spare,
    )
    found = only("channel.limit", facts)
    assert (found.reason, found.severity) == (StopReason.LIMIT_EXCEEDED, Severity.BLOCKING)
    assert found.evidence["可用备选"] == "企业网银"


@pytest.mark.parametrize(
    ("until", "severity"),
    [
        (date(2026, 3, 1), Severity.BLOCKING),
        (date(2026, 3, 2), Severity.WARNING),
        (date(2026, 4, 1), Severity.WARNING),
        (date(2026, 4, 2), None),
    ],
)
def test_a_certificate_is_valid_on_its_last_day_and_warned_of_thirty_days_before(
    healthy, findings_of, make_channel, until, severity
):  # A4.1 A4.2
    found = findings_of(
        "channel.certificate", healthy(channel=make_channel(certificate_until=until))
    )
    assert [f.severity for f in found] == ([] if severity is None else [severity])
    for one in found:
        assert one.reason is StopReason.CERT_OR_CONTRACT
        assert one.evidence["证书有效期至"] == until.isoformat()

"""Which ways out are offered for a cause."""

import pytest

from app.core.codes import StopReason
from app.payments.cures import Cure, cures_for


@pytest.mark.parametrize(
    ("reason", "first"),
    [
        (StopReason.INSUFFICIENT_FUNDS, Cure.FUNDS),
        (StopReason.PAYEE_ACCOUNT_INVALID, Cure.PAYEE),
        (StopReason.NAME_MISMATCH, Cure.PAYEE),
        (StopReason.ACCOUNT_FROZEN, Cure.EDIT),
        (StopReason.RISK_RULE, Cure.RULE),
        (StopReason.PERMISSION_CHANGED, Cure.PEOPLE),
        (StopReason.BANK_INTERFACE, Cure.BANK),
    ],
)
def test_the_likeliest_way_out_comes_first(reason, first):  # C3.5
    assert cures_for(reason)[0] is first


@pytest.mark.parametrize("reason", [StopReason.SYSTEM_FAULT, StopReason.UPGRADE_INCOMPLETE])
def test_what_only_others_can_cure_offers_nothing(reason):  # C3.5
    assert cures_for(reason) == ()


def test_no_cure_is_offered_twice():  # C3.5
    for reason in StopReason:
        offered = cures_for(reason)
        assert len(offered) == len(set(offered))

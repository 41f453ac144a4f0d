from dataclasses import dataclass

import pytest

from app.access.rights import Right
from app.payments.offers import Offer, next_offer, why_not
from app.payments.states import Status

ALL = frozenset(Right)


@dataclass(frozen=True)
class One:
    status: Status
    number: str = "FK-1"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.DRAFT, Offer.SUBMIT),
        (Status.SENT_BACK, Offer.SUBMIT),
        (Status.READY, Offer.BANK),
        (Status.UNKNOWN, Offer.BANK),
        (Status.STOPPED, Offer.RESUME),
        (Status.EXCEPTION, Offer.RESUME),
        (Status.FAILED, Offer.RESUME),
        (Status.PAUSED, Offer.DIAGNOSE),
        (Status.EXECUTED, None),
        (Status.VOIDED, None),
    ],
)
def test_the_status_calls_for_the_next_act(status, expected):  # C3.1
    assert next_offer([One(status)], ALL) is expected


def test_several_stopped_payments_are_diagnosed_first():  # C3.1
    assert next_offer([One(Status.STOPPED), One(Status.FAILED)], ALL) is Offer.DIAGNOSE


def test_nothing_chosen_calls_for_an_import():  # C3.1
    assert next_offer([], ALL) is Offer.IMPORT
    assert next_offer([], frozenset({Right.PAYMENT_VIEW})) is None


def test_without_the_right_the_act_is_not_to_be_had():  # C3.1
    assert why_not(Offer.RESUME, [One(Status.STOPPED)], frozenset()) == (
        "您没有“申请恢复付款”权限。"
    )


def test_either_right_opens_the_banks_page():  # C3.1
    for right in (Right.PAYMENT_SEND, Right.BANK_ANSWER_RECORD):
        assert why_not(Offer.BANK, [One(Status.READY)], {right}) == ""


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.EXECUTED, Status.VOIDED])
def test_what_has_left_or_is_over_is_not_changed(status):  # C3.1
    for offer in (Offer.EDIT, Offer.VOID, Offer.RESUME, Offer.HOLD):
        assert "不能办理" in why_not(offer, [One(status)], ALL)


def test_one_at_a_time_except_submitting():  # C3.1
    two = [One(Status.DRAFT), One(Status.DRAFT)]
    assert why_not(Offer.EDIT, two, ALL) == "每次只能办理一笔，现已选择 2 笔。"
    assert why_not(Offer.SUBMIT, two, ALL) == ""


def test_a_payees_number_is_registered_on_any_payment_by_who_may():  # C3.5
    for status in Status:
        assert why_not(Offer.CONTACT, [One(status)], {Right.PAYEE_CONTACT}) == ""
    assert "没有" in why_not(Offer.CONTACT, [One(Status.READY)], {Right.PAYEE_CHANGE})


def test_a_failure_may_turn_out_to_be_a_late_success():  # A4.1
    for status in (Status.FAILED, Status.VOIDED, Status.DRAFT, Status.RESUME_PENDING):
        assert why_not(Offer.BANK, [One(status)], ALL) == ""

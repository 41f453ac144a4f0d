from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import CurrencyMismatch, Money
from app.documents.balance_values import BalanceSheet, OpenEntry, OpenKind, adjusted
from app.reconciliation import leftovers
from tests.support.reconciled import HEAD, ITEMS, balance_sheet

AMOUNTS = st.integers(-(10**12), 10**12)


def item(kind, minor):
    return OpenEntry(kind, date(2026, 2, 1), "", "", "", Money(minor))


def test_that_both_sides_meet_once_every_open_item_is_told():  # E1.2
    found = balance_sheet().adjusted
    assert (found.book, found.bank) == (Money.parse("3348963.77"), Money.parse("3348963.77"))
    assert found.balanced


def test_that_one_fen_is_a_difference():  # E1.2
    found = balance_sheet(book=HEAD.book + Money(1)).adjusted
    assert (found.difference, found.balanced) == (Money(1), False)


def test_that_a_missing_item_shows_by_its_amount():  # E1.2
    for left_out in ITEMS:
        kept = tuple(one for one in ITEMS if one is not left_out)
        gap = BalanceSheet(HEAD, kept).adjusted.difference
        assert abs(gap.minor) == left_out.amount.minor


@given(AMOUNTS, st.lists(st.tuples(st.sampled_from(OpenKind), AMOUNTS)))
def test_that_a_statement_that_differs_by_the_items_alone_balances(book, told):  # E1.2
    items = [item(kind, minor) for kind, minor in told]
    signs = {
        OpenKind.BANK_CREDIT_NOT_BOOKED: 1,
        OpenKind.BANK_DEBIT_NOT_BOOKED: -1,
        OpenKind.BOOK_DEBIT_NOT_AT_BANK: -1,
        OpenKind.BOOK_CREDIT_NOT_AT_BANK: 1,
    }
    bank = book + sum(signs[kind] * minor for kind, minor in told)
    head = replace(HEAD, book=Money(book), bank_balance=Money(bank))
    assert adjusted(head, items).balanced


def test_that_another_currency_is_refused():  # E1.2
    other = (replace(ITEMS[0], amount=Money(1, "USD")),)
    with pytest.raises(CurrencyMismatch):
        adjusted(HEAD, other)


def test_that_kinds_are_named_as_reconciling_names_them():  # E1.2
    from app.documents.balance_values import KIND_LABELS

    theirs = {kind.value: label for kind, label in leftovers.OPEN_LABELS.items()}
    assert {kind.value: label for kind, label in KIND_LABELS.items()} == theirs

"""The balance that was known at a moment: nothing that the bank showed or people wrote later."""

from datetime import timedelta

import pytest

from app.accounts.model import AccountBalance
from app.accounts.reading import latest_balances
from tests.support.rows import save


@pytest.fixture
def note(founded, make_account, clock):
    """An account and how to note a balance on it, in hours from now."""
    account = make_account(balance_minor=None)

    def one(book_minor, as_of, recorded_at=None):
        row = AccountBalance(
            account_id=account.id,
            as_of=clock.now() + timedelta(hours=as_of),
            book_minor=book_minor,
            source="网银余额",
            recorded_by="clerk 陈经办",
            recorded_at=clock.now()
            + timedelta(hours=as_of if recorded_at is None else recorded_at),
        )
        save(founded, f"account:{account.number}", row)

    return account, one


def book(db, account):
    with db.read() as work:
        balance = latest_balances(work).get(account.id)
    return None if balance is None else balance.book_minor


def test_that_the_newest_balance_counts(founded, note):  # A2.1
    account, one = note
    one(300, as_of=-1)
    one(100, as_of=-3)
    one(200, as_of=-2)
    assert book(founded, account) == 300


def test_that_of_two_for_the_same_moment_the_later_entry_counts(founded, note):  # A2.1
    account, one = note
    one(100, as_of=-1)
    one(200, as_of=-1)
    assert book(founded, account) == 200


def test_that_a_past_moment_shows_the_balance_of_that_time(founded, note, clock):  # A2.1
    account, one = note
    one(100, as_of=-48)
    one(200, as_of=-24)
    one(300, as_of=0)
    clock.move_to(clock.now() - timedelta(hours=25))
    assert book(founded, account) == 100
    clock.move_to(clock.now() - timedelta(hours=24))
    assert book(founded, account) is None


def test_that_a_balance_counts_from_the_moment_it_was_written_down(founded, note, clock):  # A2.1
    account, one = note
    one(100, as_of=-3)
    one(200, as_of=-2, recorded_at=1)
    one(250, as_of=-2, recorded_at=2)
    assert book(founded, account) == 100
    clock.move_to(clock.now() + timedelta(hours=1))
    assert book(founded, account) == 200
    clock.move_to(clock.now() + timedelta(hours=1))
    assert book(founded, account) == 250

"""A book out of its entries and sums: which way they count, and what is proved of it."""

from collections.abc import Sequence

from app.reconciliation.journal.entries import Entry, Sum
from app.reconciliation.journal.parsed import Book, BookLine
from app.reconciliation.journal.sides import Taken, as_lines, take_sides
from app.reconciliation.journal.sums import Carried, carried, wrong_sums
from app.reconciliation.journal.title import Title, amount_in
from app.statements.parsed import Proof, Statement
from app.statements.proof import prove


def book_of(
    title: Title, currency: str, entries: Sequence[Entry], sums: Sequence[Sum], *, booked: bool
) -> tuple[Book, Taken]:
    """The book with its proof, and how its entries were taken.

    booked: whether the columns are 借方 and 贷方. Raises IsAStatement.
    """
    first = next((one for one in sums if not one.at and one.balance is not None), None)
    opening = amount_in(title.opening, currency) if title.opening else None
    opening = opening if first is None else first.balance
    closing = amount_in(title.closing, currency) if title.closing else None
    taken = take_sides(entries, opening, booked=booked)
    lines = tuple(as_lines(taken.entries))
    proved = prove(Statement(lines, currency, opening=opening, closing=closing))
    held = carried(taken.entries, sums, proved.opening, currency)
    days = [one.on for one in taken.entries]
    book = Book(
        tuple(_line(one) for one in taken.entries),
        currency,
        title.subject,
        title.number,
        title.holder,
        title.text,
        "",
        proved.opening if proved.opening is not None else held.opening,
        proved.closing if proved.closing is not None else held.closing,
        min([*days, *filter(None, [title.since])], default=None),
        max([*days, *filter(None, [title.until])], default=None),
        _proof(proved.proof, held),
        (
            *proved.problems,
            *held.problems,
            *wrong_sums(taken.entries, sums, title.since, currency),
        ),
    )
    return book, taken


def _proof(proved: Proof, held: Carried) -> Proof:
    if held.problems:
        return Proof.UNBALANCED
    if proved is Proof.NO_BALANCE and held.checked:
        return Proof.BALANCED
    return proved


def _line(one: Entry) -> BookLine:
    return BookLine(
        one.row,
        one.on,
        one.income - one.expense,
        one.balance,
        one.voucher,
        one.settlement,
        one.method,
        one.name,
        one.summary,
        one.opposite,
        one.income < 0 or one.expense < 0,
    )

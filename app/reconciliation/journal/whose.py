"""Which of our accounts a book is of: by a number in its 科目 or in its title."""

import re
import unicodedata
from collections.abc import Sequence

from app.reconciliation.journal.parsed import Book
from app.statements.ours import OurAccount, own_account
from app.statements.parsed import Statement

# The end of a number, as people write it into the name of a 科目; four digits and more.
_TAIL = re.compile(r"(?<!\d)\d{4,12}(?!\d)")
_CODE = re.compile(r"1002[\d.\-]*")


def account_of(book: Book, ours: Sequence[OurAccount]) -> str:
    """The number of our account that the book is of; "" where none or several fit."""
    said = "\n".join(filter(None, (book.subject, book.sheet)))
    statement = Statement((), book.currency, book.number)
    if book.number:
        return own_account(statement, "", ours)
    named = own_account(statement, said, ours) or own_account(statement, book.head, ours)
    return named or _by_tail(said, book.currency, ours)


def _by_tail(said: str, currency: str, ours: Sequence[OurAccount]) -> str:
    plain = _CODE.sub(" ", unicodedata.normalize("NFKC", said))
    tails = _TAIL.findall(plain)
    found = {
        one.number
        for one in ours
        if one.currency == currency and any(one.number.endswith(tail) for tail in tails)
    }
    return found.pop() if len(found) == 1 else ""

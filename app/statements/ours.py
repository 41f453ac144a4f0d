"""Which of our accounts a statement is of: by its number, masked or cut as banks print it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.statements.parsed import Statement

# A tail of fewer digits fits too many accounts.
_FEWEST: Final = 4
_WHOLE: Final = 8


@dataclass(frozen=True, slots=True)
class OurAccount:
    number: str
    currency: str


def own_account(statement: Statement, head: str, ours: Sequence[OurAccount]) -> str:
    """The number of our account that the statement is of; "" where none or several fit."""
    said = re.sub(r"[\s\-]", "", statement.number).upper()
    alike = [
        one for one in ours if not statement.currency_said or one.currency == statement.currency
    ]
    if said:
        found = [one.number for one in alike if _fits(said, one.number)]
        return found[0] if len(found) == 1 else ""
    bare = re.sub(r"[\s\-]", "", head)
    named = [one.number for one in alike if one.number in bare]
    return named[0] if len(named) == 1 else ""


def _fits(said: str, number: str) -> bool:
    if said == number:
        return True
    if re.search(r"[*X]", said):
        # How many digits a mask hides is not always told.
        pattern = re.sub(r"[*X]+", lambda _: r"\d+", re.sub(r"[^0-9*X]", "", said))
        digits = len(re.sub(r"\D", "", said))
        return digits >= _FEWEST and re.fullmatch(pattern, number) is not None
    tail = re.sub(r"\D", "", said)
    if len(tail) >= _WHOLE:
        return number.endswith(tail) or tail.endswith(number)
    return len(tail) >= _FEWEST and number.endswith(tail)

"""Which bank a statement comes from: by what it says above its lines, else by its headings."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from app.core.shipped import data_file
from app.statements.columns import bare


@dataclass(frozen=True, slots=True)
class _Bank:
    name: str
    words: tuple[str, ...]
    headings: frozenset[str]


def bank_of(head: str, headings: Iterable[str]) -> str:
    """The bank's name; "" where neither tells. The longest word found decides."""
    folded = head.casefold()
    said = [(len(word), one) for one in _banks() for word in one.words if word in folded]
    if said:
        return max(said, key=lambda pair: pair[0])[1].name
    held = {bare(heading) for heading in headings}
    known = [one for one in _banks() if one.headings and one.headings <= held]
    return max(known, key=lambda one: len(one.headings)).name if known else ""


@cache
def _banks() -> tuple[_Bank, ...]:
    with data_file("statement_banks.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            _Bank(
                row["name"],
                tuple(word.casefold() for word in row["words"].split("|") if word),
                frozenset(bare(one) for one in row["headings"].split("|") if one),
            )
            for row in csv.DictReader(file)
        )

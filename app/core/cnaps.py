"""联行号: 12 digits, the last a check digit by ISO 7064 MOD 11,10 (GB/T 17710; domain.md §2.2)."""

import csv
from dataclasses import dataclass
from functools import cache

from app.core.errors import BadInput
from app.core.shipped import data_file

_LENGTH = 12


@dataclass(frozen=True, slots=True)
class BankCode:
    """A shipped code; kind: "head" for a real head office, "sample" for an invented branch."""

    code: str
    bank: str
    name: str
    city: str
    kind: str


def check_digit(first11: str) -> int:
    """The check digit of the first eleven digits. Raises BadInput for anything else."""
    if len(first11) != _LENGTH - 1 or not (first11.isascii() and first11.isdigit()):
        raise BadInput(f"“{first11}”不是联行号的前 11 位数字。")
    product = 10
    for digit in first11:
        total = (product + int(digit)) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10


def is_valid(code: str) -> bool:
    """Whether the code has twelve digits and the right check digit."""
    whole = len(code) == _LENGTH and code.isascii() and code.isdigit()
    return whole and check_digit(code[:-1]) == int(code[-1])


def bank_of(code: str) -> str | None:
    """The bank that the code's class belongs to; None for an unknown class."""
    return _classes().get(code[:3])


@cache
def bank_codes() -> tuple[BankCode, ...]:
    """The shipped codes: head offices, and sample branches for the demo company."""
    with data_file("bank_codes.csv").open(encoding="utf-8", newline="") as file:
        return tuple(BankCode(**row) for row in csv.DictReader(file))


@cache
def _classes() -> dict[str, str]:
    with data_file("bank_classes.csv").open(encoding="utf-8", newline="") as file:
        return {row["prefix"]: row["bank"] for row in csv.DictReader(file)}

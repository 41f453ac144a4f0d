"""Which debits are payments of our own: values in, values out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.agreements.watch.finding import plain, tokens
from app.agreements.watch.likeness import Likeness, likeness
from app.agreements.watch.rules import Debit

# A bank books within so many days of our sending (domain.md §6).
_DAYS: Final = 3
_COLLECTED: Final = re.compile(r"代扣|代收|批扣|委托收款|定期借记|自动扣|委托扣")


@dataclass(frozen=True, slots=True)
class OwnPayment:
    """A payment that we sent. numbers: everything by which a bank may name it."""

    key: int
    account: int
    on: date
    minor: int
    name: str
    payee_account: str
    numbers: tuple[str, ...]


def mark_own(debits: Iterable[Debit], payments: Iterable[OwnPayment]) -> list[Debit]:
    """The debits, those that are payments of ours marked; each payment speaks for one debit."""
    rows = list(debits)
    left: dict[tuple[int, int], list[OwnPayment]] = defaultdict(list)
    for payment in payments:
        left[payment.account, payment.minor].append(payment)
    taken: set[int] = set()
    own: set[int] = set()
    # By its number first: a payment that is named must not be spent on one that is only alike.
    for fits in (_named, _alike):
        for debit in rows:
            if debit.key in own:
                continue
            offered = [one for one in left[debit.account, debit.minor] if one.key not in taken]
            found = _nearest(debit, [one for one in offered if fits(debit, one)])
            if found is not None:
                taken.add(found.key)
                own.add(debit.key)
    return [replace(debit, own=True) if debit.key in own else debit for debit in rows]


def _named(debit: Debit, payment: OwnPayment) -> bool:
    return bool(set(tokens(debit.text)) & {plain(number) for number in payment.numbers})


def _alike(debit: Debit, payment: OwnPayment) -> bool:
    # Where both came on one day, the one that the bank calls a debit is not ours.
    if abs((debit.on - payment.on).days) > _DAYS or _COLLECTED.search(debit.text):
        return False
    if debit.payee_account and payment.payee_account:
        return plain(debit.payee_account) == plain(payment.payee_account)
    return likeness(debit.name, payment.name) >= Likeness.CLOSE


def _nearest(debit: Debit, payments: Sequence[OwnPayment]) -> OwnPayment | None:
    return min(payments, key=lambda one: (abs((debit.on - one.on).days), one.key), default=None)

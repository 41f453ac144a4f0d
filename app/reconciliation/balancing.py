"""银行存款余额调节表 as figures: values in, values out (domain.md §3.5b).

Both balances are brought to what they would be if either side had booked what the other has; the
two results are one figure, or something is missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.reconciliation.leftovers import OpenKind

# Digits that changed places differ by a multiple of nine.
_NINE: Final = 9


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One 未达账项. minor: positive is money in, on whichever side it was booked."""

    kind: OpenKind
    key: str
    on: date
    minor: int
    name: str
    text: str
    reference: str


@dataclass(frozen=True, slots=True)
class Member:
    """One line or item of a match, or one that is in none: bank tells whose it is."""

    key: str
    bank: bool
    on: date
    minor: int


@dataclass(frozen=True, slots=True)
class Figures:
    """bank, book: the two balances; the sums of the four kinds, in minor units, all positive in
    the direction that their name says.
    """

    bank: int
    book: int
    sums: Mapping[OpenKind, int]

    @property
    def adjusted_book(self) -> int:
        """D = a + b - c."""
        sums = self.sums
        return (
            self.book + sums[OpenKind.BANK_CREDIT_NOT_BOOKED] - sums[OpenKind.BANK_DEBIT_NOT_BOOKED]
        )

    @property
    def adjusted_bank(self) -> int:
        """H = e + f - g."""
        sums = self.sums
        return (
            self.bank
            + sums[OpenKind.BOOK_DEBIT_NOT_AT_BANK]
            - sums[OpenKind.BOOK_CREDIT_NOT_AT_BANK]
        )

    @property
    def difference(self) -> int:
        """D - h: nothing, or something is missing."""
        return self.adjusted_book - self.adjusted_bank


def sums_of(items: Iterable[OpenItem]) -> dict[OpenKind, int]:
    """The sum of each kind; every kind stands there."""
    sums = dict.fromkeys(OpenKind, 0)
    for item in items:
        sums[item.kind] += abs(item.minor)
    return sums


def open_members(groups: Iterable[Sequence[Member]], on: date) -> list[Member]:
    """What of these matches was open at the end of that day.

    A match is settled once both sides have booked the same by then; until then everything of it
    that was booked is open, whatever comes later.
    """
    found: list[Member] = []
    for group in groups:
        booked = [one for one in group if one.on <= on]
        bank = sum(one.minor for one in booked if one.bank)
        ours = sum(one.minor for one in booked if not one.bank)
        if bank != ours:
            found += booked
    return found


def hints(
    figures: Figures,
    items: Sequence[OpenItem],
    opening_gap: int | None,
    covered: tuple[date | None, date | None],
    on: date,
) -> list[str]:
    """Where to look when the two sides differ. opening_gap: the books' balance less the bank's
    before the first common day, what was carried from before taken into account.
    """
    said = [
        f"{what}只导入到 {last}，{last} 之后的发生额不在表内。"
        for what, last in zip(("银行流水", "日记账"), covered, strict=True)
        if last is not None and last < on
    ]
    gap = figures.difference
    if not gap:
        return said
    if opening_gap == gap:
        said.append("差额全部来自期初：首个共同日期之前的未达账项没有录入，请补录“期初未达”。")
    elif opening_gap:
        said.append("期初余额两边不一致：请核对首个共同日期之前的未达账项。")
    said += [
        f"差额恰等于 {one.on} 的一笔（{one.name or one.text or one.key}）：请核对它是否两边都已记账。"
        for one in items
        if abs(one.minor) == abs(gap)
    ][:3]
    said += [
        f"差额恰为 {one.on} 一笔（{one.name or one.text or one.key}）的两倍：请核对借贷方向。"
        for one in items
        if abs(one.minor) * 2 == abs(gap)
    ][:3]
    if gap % _NINE == 0:
        said.append("差额能被 9 整除：可能是金额数字颠倒或错位。")
    return said

"""Lines that name our items by a number: the surest of all, wherever the amounts agree."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from app.agreements.watch.finding import plain
from app.reconciliation.items import BankItem, Kind, OurItem, Sureness, lag, within
from app.reconciliation.pool import Pool

_SHORTEST: Final = 6
_NUMBER: Final = re.compile(r"[0-9A-Z][0-9A-Z\-]{5,}")
_PIECES: Final = re.compile(r"[0-9A-Z\-]+(?:[ ][0-9A-Z\-]+)+")
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What a bank keeps for itself out of one payment, at most; in minor units.
MOST_FEE: Final = 20_000
_SHARE_OF_FEE: Final = 10
# What banks take for most payments, and for large ones in parts of the amount.
_USUAL_FEE: Final = 2_000
_USUAL_SHARE: Final = 2_000
_WHY: Final = ("流水中有我方编号", "金额相同")


class Numbers:
    """Our items by every number that a bank may name them by."""

    def __init__(self, ours: Iterable[OurItem]) -> None:
        # Nearly every number is one item's only: a list for each would be most of the memory.
        self._known: dict[str, OurItem] = {}
        self._more: dict[str, list[OurItem]] = {}
        self._named: dict[int, tuple[OurItem, ...]] = {}
        self._items: dict[str, OurItem] = {}
        for item in ours:
            self._items[item.key] = item
            for number in item.numbers:
                word = plain(number)
                if len(word) < _SHORTEST:
                    continue
                first = self._known.setdefault(word, item)
                if first is not item:
                    self._more.setdefault(word, []).append(item)

    def item(self, key: str) -> OurItem:
        return self._items[key]

    def named(self, line: BankItem) -> tuple[OurItem, ...]:
        """The items that the line names, of its own direction."""
        found = self._named.get(line.key)
        if found is None:
            out = line.minor < 0
            found = tuple(item for item in self._find(line) if (item.minor < 0) == out)
            self._named[line.key] = found
        return found

    def names_another(self, line: BankItem, item: OurItem) -> bool:
        """Whether the line names payments of ours and this is none of them."""
        found = self.named(line)
        return bool(found) and item not in found

    def of_return(self, line: BankItem) -> set[str]:
        """The items that a line of the other direction names, by their keys."""
        return {item.key for item in self._find(line)}

    def _find(self, line: BankItem) -> Collection[OurItem]:
        text = f"{line.reference}\n{line.text}"
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text)
        found = self._known_as(line, _tokens(text))
        if not found and " " in text:
            found = self._known_as(line, _joined(text))
        return found.values()

    def _known_as(self, line: BankItem, words_: Iterable[str]) -> dict[str, OurItem]:
        found: dict[str, OurItem] = {}
        for word in words_:
            first = self._known.get(word)
            if first is None:
                continue
            if first.account == line.account:
                found[first.key] = first
            for item in self._more.get(word, ()):
                if item.account == line.account:
                    found[item.key] = item
        return found


def words(line: BankItem) -> set[str]:
    """Every number that a line shows."""
    return set(_tokens(f"{line.reference}\n{line.text}"))


def _tokens(text: str) -> Iterator[str]:
    """The numbers in a text, also one that is tied to a word."""
    for run in _NUMBER.findall(text.upper()):
        whole = run.replace("-", "")
        yield whole
        bare = whole.lstrip(_LETTERS)
        if len(whole) > len(bare) >= _SHORTEST:
            yield bare


def _joined(text: str) -> Iterator[str]:
    """The numbers that a text has in pieces."""
    for run in _PIECES.findall(text.upper()):
        pieces = run.replace("-", "").split(" ")
        for start in range(len(pieces) - 1):
            yield pieces[start] + pieces[start + 1]
            yield "".join(pieces[start : start + 3])


def match_references(pool: Pool, numbers: Numbers) -> None:
    """One line for one item first; then one line that names several, and several that name one."""
    naming: dict[str, list[BankItem]] = defaultdict(list)
    several: list[tuple[BankItem, Sequence[OurItem]]] = []
    wants: list[tuple[BankItem, Sequence[OurItem]]] = []
    for line in pool.lines():
        found: Sequence[OurItem] = numbers.named(line)
        if not found or pool.is_returned(line):
            continue
        equal = found
        if len(found) > 1 or found[0].minor != line.minor:
            equal = [item for item in found if item.minor == line.minor]
        if equal:
            wants.append((line, equal))
            continue
        if len(found) > 1:
            several.append((line, found))
        for item in found:
            naming[item.key].append(line)
    _one_to_one(pool, wants)
    for line, found in several:
        _one_for_many(pool, line, found)
    for key, lines in naming.items():
        _many_for_one(pool, numbers.item(key), lines)
    for key, lines in naming.items():
        _with_fee(pool, numbers.item(key), lines)


def _one_to_one(pool: Pool, wants: Sequence[tuple[BankItem, Sequence[OurItem]]]) -> None:
    """In the order of their days, so that of two lines for one item the first is it."""
    for line, equal in sorted(wants, key=lambda one: (one[0].on, one[0].key)):
        left = [item for item in equal if pool.free((), (item,))]
        if not left:
            continue
        if len(left) == 1:
            pool.take([line], left, Kind.REFERENCE, Sureness.SURE, _WHY)
            continue
        near = [item for item in left if within(line, item)]
        item = _latest(line, near or left)
        # Of attempts at one payment the last before the bank's day is it: nobody sends again before
        # it is known that the one before came to nothing.
        sure = len(near) == 1 or (bool(near) and item.on <= line.on)
        pool.take([line], [item], Kind.REFERENCE, Sureness.SURE if sure else Sureness.LIKELY, _WHY)


def _latest(line: BankItem, left: Sequence[OurItem]) -> OurItem:
    before = [item for item in left if item.on <= line.on]
    if before:
        return max(before, key=lambda item: (item.on, item.key))
    return min(left, key=lambda item: (lag(line, item), item.key))


def _one_for_many(pool: Pool, line: BankItem, found: Sequence[OurItem]) -> None:
    left = [item for item in found if pool.free([line], [item])]
    if len(left) > 1 and sum(item.minor for item in left) == line.minor:
        why = (f"流水中有 {len(left)} 笔的编号", "合计金额相同")
        pool.take([line], left, Kind.SUM, Sureness.SURE, why)


def _many_for_one(pool: Pool, item: OurItem, lines: Sequence[BankItem]) -> None:
    left = [line for line in lines if pool.free([line], [item])]
    if len(left) > 1 and sum(line.minor for line in left) == item.minor:
        why = (f"{len(left)} 笔流水都有该编号", "合计金额相同")
        pool.take(left, [item], Kind.SPLIT, Sureness.SURE, why)


def _with_fee(pool: Pool, item: OurItem, lines: Sequence[BankItem]) -> None:
    """A line that names one payment and is more by what a bank takes for it."""
    left = [line for line in lines if pool.free([line], [item]) and within(line, item)]
    if len(left) != 1 or not is_with_fee(left[0], item):
        return
    why = ("流水中有我方编号", "多出的零头应为银行手续费")
    usual = item.minor - left[0].minor <= max(_USUAL_FEE, -item.minor // _USUAL_SHARE)
    how = Sureness.SURE if usual else Sureness.LIKELY
    pool.take(left, [item], Kind.FEE, how, why)


def is_with_fee(line: BankItem, item: OurItem) -> bool:
    """Whether a line is a payment and a small fee on top."""
    more = item.minor - line.minor
    return item.minor < 0 < more <= min(MOST_FEE, -item.minor // _SHARE_OF_FEE)

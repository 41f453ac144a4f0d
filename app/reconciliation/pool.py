"""What is still to be matched, and what was found so far."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final, TypeVar

from app.reconciliation.items import BankItem, Kind, Match, OurItem, Sureness

K = TypeVar("K", bound=Hashable)
T = TypeVar("T", BankItem, OurItem)
_NONE: Final[tuple[str, ...]] = ()


class Pool:
    """Each line and each item is taken once, by the first step that is sure enough of it.

    A line that the bank took back stands for both: whoever takes it takes the other with it.
    """

    def __init__(self, lines: Iterable[BankItem], ours: Iterable[OurItem]) -> None:
        self._lines = {line.key: line for line in lines}
        self._ours = {item.key: item for item in ours}
        self._backs: dict[int, BankItem] = {}
        self._doubts: dict[int, str] = {}
        self.matches: list[Match] = []

    def lines(self) -> list[BankItem]:
        """Those that are left, in the order in which they came."""
        return list(self._lines.values())

    def ours(self) -> list[OurItem]:
        return list(self._ours.values())

    def is_returned(self, line: BankItem) -> bool:
        """Whether the bank took it back."""
        return line.key in self._backs

    def tie(self, first: BankItem, back: BankItem) -> None:
        """From now on `back` goes wherever `first` goes."""
        self._backs[first.key] = self._lines.pop(back.key)

    def ties(self) -> list[tuple[BankItem, BankItem]]:
        """What was taken back and is not matched: (first, back) each."""
        return [(self._lines[key], back) for key, back in self._backs.items()]

    def doubt(self, lines: Iterable[BankItem], why: str) -> None:
        """Whatever takes one of these is at most likely."""
        for line in lines:
            self._doubts[line.key] = why

    def is_doubtful(self, line: BankItem) -> bool:
        return line.key in self._doubts

    def free(self, lines: Iterable[BankItem], ours: Iterable[OurItem] = ()) -> bool:
        """Whether all of them are left."""
        for line in lines:
            if line.key not in self._lines:
                return False
        for item in ours:  # noqa: SIM110 - asked a million times; a generator costs double
            if item.key not in self._ours:
                return False
        return True

    def take(
        self,
        lines: Sequence[BankItem],
        ours: Sequence[OurItem],
        kind: Kind,
        sureness: Sureness,
        why: Sequence[str] = _NONE,
    ) -> None:
        """Match these; none of them is offered again."""
        keys = tuple([line.key for line in lines])
        told = tuple(why)
        for line in lines:
            del self._lines[line.key]
            back = self._backs.pop(line.key, None)
            if back is not None:
                keys = (*keys, back.key)
                if kind is not Kind.REVERSAL:
                    kind = Kind.RETURN
                    told = (*told, "银行已退回")
            doubt = self._doubts.get(line.key)
            if doubt is not None and sureness is Sureness.SURE:
                sureness = Sureness.LIKELY
                told = (*told, doubt)
        for item in ours:
            del self._ours[item.key]
        items = tuple([one.key for one in ours])
        self.matches.append(Match(keys, items, kind, sureness, told))


def grouped(rows: Iterable[T], key: Callable[[T], K | None]) -> dict[K, list[T]]:
    """The rows by their key, in their order; those without one are left out."""
    found: dict[K, list[T]] = defaultdict(list)
    for row in rows:
        value = key(row)
        if value is not None:
            found[value].append(row)
    return found

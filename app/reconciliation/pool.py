"""What is still to be matched, and what was found so far."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

from app.reconciliation.items import BankItem, Kind, Match, OurItem, Sureness

K = TypeVar("K", bound=Hashable)
T = TypeVar("T", BankItem, OurItem)
_NONE: Final[tuple[str, ...]] = ()


class Pool:
    """Each line and each item is taken once, by the first step that is sure enough of it."""

    def __init__(self, lines: Iterable[BankItem], ours: Iterable[OurItem]) -> None:
        self._lines = {line.key: line for line in lines}
        self._ours = {item.key: item for item in ours}
        self._aside: dict[int, BankItem] = {}
        self.matches: list[Match] = []

    def lines(self) -> list[BankItem]:
        """Those that are left, in the order in which they came."""
        return list(self._lines.values())

    def ours(self) -> list[OurItem]:
        return list(self._ours.values())

    def set_aside(self, lines: Iterable[BankItem]) -> None:
        """Offer these to nobody until they are brought back."""
        for line in lines:
            self._aside[line.key] = self._lines.pop(line.key)

    def bring_back(self) -> None:
        self._lines |= self._aside
        self._aside = {}

    def free(self, lines: Iterable[BankItem], ours: Iterable[OurItem] = ()) -> bool:
        """Whether all of them are left."""
        return all(one.key in self._lines for one in lines) and all(
            one.key in self._ours for one in ours
        )

    def take(
        self,
        lines: Sequence[BankItem],
        ours: Sequence[OurItem],
        kind: Kind,
        sureness: Sureness,
        why: Sequence[str] = _NONE,
    ) -> None:
        """Match these; none of them is offered again."""
        for line in lines:
            del self._lines[line.key]
        for item in ours:
            del self._ours[item.key]
        self.matches.append(
            Match(
                tuple(one.key for one in lines),
                tuple(one.key for one in ours),
                kind,
                sureness,
                tuple(why),
            )
        )


def grouped(rows: Iterable[T], key: Callable[[T], K | None]) -> dict[K, list[T]]:
    """The rows by their key, in their order; those without one are left out."""
    found: dict[K, list[T]] = defaultdict(list)
    for row in rows:
        value = key(row)
        if value is not None:
            found[value].append(row)
    return found


def in_both(
    lines: dict[K, list[BankItem]], ours: dict[K, list[OurItem]]
) -> Iterator[tuple[list[BankItem], list[OurItem]]]:
    """The groups that stand on both sides."""
    for key, some in lines.items():
        others = ours.get(key)
        if others:
            yield some, others

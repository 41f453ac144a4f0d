"""Who the other party of a line is, among those that our items name."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable
from enum import IntEnum
from typing import Final

from app.agreements.watch.likeness import Likeness, compare
from app.reconciliation.items import BankItem, Fit, OurItem, digits, fit, named, shown, speaking

# A name that a bank cut is told by so many characters of it at least.
_CUT: Final = 6
# More parties than this say nothing.
_MOST: Final = 8
_ENDS: Final = 4


class Told(IntEnum):
    """By what a line tells its party: the greater, the better."""

    NOTHING = 0
    SIMILAR = 1
    CLOSE = 2
    NAME = 3
    PART = 4
    ACCOUNT = 5


class Parties:
    """The parties of our items, ready to be found by what a bank writes."""

    def __init__(self, ours: Iterable[OurItem]) -> None:
        self._ids: dict[tuple[str, str], int] = {}
        self._rows: list[tuple[str, str]] = []
        self._by_account: dict[str, list[int]] = defaultdict(list)
        self._by_end: dict[tuple[bool, str], list[int]] = defaultdict(list)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._known: dict[tuple[str, str], dict[int, Told]] = {}
        for item in ours:
            self.of_item(item)
        self._names = sorted(self._by_name)
        self._learned: dict[str, str] = {}

    def learn(self, lines: Iterable[BankItem]) -> None:
        """Whose the accounts are that a bank writes beside the name of a party of ours.

        On another line the name may be missing; an account beside two of them teaches nothing.
        """
        seen: dict[str, str] = {}
        for line in lines:
            account = digits(line.payee_account)
            if not account or account in self._by_account:
                continue
            name = speaking(line.name)
            whole = named(name).whole
            if whole in self._by_name and seen.setdefault(account, whole) != whole:
                seen[account] = ""
        self._learned = {account: name for account, name in seen.items() if name}

    def _name(self, account: str, name: str) -> str:
        """The name that a line has, or that its account has on other lines."""
        own = speaking(name)
        if not self._learned or named(own).whole in self._by_name:
            return own
        return self._learned.get(digits(account), own)

    def of_item(self, item: OurItem) -> int:
        """The party of an item."""
        key = item.payee_account, item.name
        found = self._ids.get(key)
        return self._add(key) if found is None else found

    def of_line(self, line: BankItem) -> dict[int, Told]:
        """The parties that the line may be, by its account or name; none: it does not tell."""
        key = line.payee_account, line.name
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(*key)
        return found

    def is_one_of(self, party: int, accounts: Container[str]) -> bool:
        """Whether the party's account is one of these."""
        return digits(self._rows[party][0]) in accounts

    def told(self, line: BankItem, item: OurItem) -> Told | None:
        """How a line tells that its party is the item's; None: it is somebody else's."""
        by_account = fit(line.payee_account, item.payee_account)
        if by_account is Fit.SAME:
            return Told.ACCOUNT
        mine = self._name(line.payee_account, line.name)
        like = compare(named(mine), named(item.name)) if mine and item.name else None
        if by_account is Fit.PART:
            return None if like is Likeness.NONE else Told.PART
        if by_account is Fit.OTHER:
            # The same company may have another account; a person of the same name is another.
            return Told.SIMILAR if like is Likeness.SAME else None
        if like is Likeness.NONE:
            return None
        return Told.NOTHING if like is None else Told(int(like))

    def _add(self, key: tuple[str, str]) -> int:
        account, name = key
        mine = digits(account), named(name).whole
        party = self._ids.get(mine)
        if party is None:
            party = self._ids[mine] = len(self._rows)
            self._rows.append((account, name))
            if mine[0]:
                self._by_account[mine[0]].append(party)
                self._by_end[True, mine[0][:_ENDS]].append(party)
                self._by_end[False, mine[0][-_ENDS:]].append(party)
            if mine[1]:
                self._by_name[mine[1]].append(party)
        self._ids[key] = party
        return party

    def _find(self, account: str, name: str) -> dict[int, Told]:
        whole = digits(account)
        if whole in self._by_account:
            return dict.fromkeys(self._by_account[whole], Told.ACCOUNT)
        mine = named(self._name(account, name))
        part = [
            party
            for party in self._by_ends(account)
            if not mine.whole
            or not self._rows[party][1]
            or compare(mine, named(self._rows[party][1])) is not Likeness.NONE
        ]
        if part:
            return dict.fromkeys(part, Told.PART) if len(part) <= _MOST else {}
        return self._by_names(account, mine.whole) if mine.whole else {}

    def _by_ends(self, account: str) -> list[int]:
        head, tail, _ = shown(account)
        if len(tail) >= _ENDS:
            offered = self._by_end.get((False, tail[-_ENDS:]), [])
        elif len(head) >= _ENDS:
            offered = self._by_end.get((True, head[:_ENDS]), [])
        else:
            return []
        return [one for one in offered if fit(account, self._rows[one][0]) is Fit.PART]

    def _by_names(self, account: str, name: str) -> dict[int, Told]:
        same = self._by_name.get(name, ())
        found = {
            party: Told.NAME
            for party in same
            if fit(account, self._rows[party][0]) is not Fit.OTHER
        }
        if found or same or len(name) < _CUT:
            return found
        place = bisect_left(self._names, name)
        while place < len(self._names) and self._names[place].startswith(name):
            for party in self._by_name[self._names[place]]:
                if fit(account, self._rows[party][0]) is not Fit.OTHER:
                    found[party] = Told.CLOSE
            if len(found) > _MOST:
                return {}
            place += 1
        return found

"""Which expectations a debit could break, found by index: a hundred thousand debits in a moment."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from app.agreements.watch.likeness import Likeness, Name, compare, parts
from app.agreements.watch.rules import NAME_MARK, Debit, Expectation, Hit, Mark, Suspect, hits

# A shorter number stands in texts by chance.
SHORTEST_NUMBER: Final = 6
_SHARED: Final = 2
_TOKEN: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-]{5,}")
_DEBIT_WORDS: Final = re.compile(
    r"代扣|代收|扣款|批扣|托收|委托收款|借记|自动扣|扣费|协议付款|委托扣"
)


class Watch:
    """The expectations, ready to be looked up."""

    def __init__(self, expectations: Iterable[Expectation]) -> None:
        self._by_number: dict[str, list[Expectation]] = defaultdict(list)
        self._by_customer: dict[str, list[Expectation]] = defaultdict(list)
        self._by_account: dict[str, list[Expectation]] = defaultdict(list)
        self._by_amount: dict[tuple[int, int], list[Expectation]] = defaultdict(list)
        self._by_piece: dict[str, list[str]] = defaultdict(list)
        self._by_name: dict[str, list[Expectation]] = defaultdict(list)
        self._alike: dict[str, list[tuple[Likeness, str]]] = {}
        for one in expectations:
            self._add(one)

    def look(self, debits: Iterable[Debit]) -> list[Hit]:
        """What these debits break, in their order."""
        return hits((debit, self._suspects(debit)) for debit in debits)

    def _add(self, one: Expectation) -> None:
        for number in one.numbers:
            if len(number) >= SHORTEST_NUMBER:
                self._by_number[plain(number)].append(one)
        if len(one.customer_no) >= SHORTEST_NUMBER:
            self._by_customer[plain(one.customer_no)].append(one)
        if one.payee_account:
            self._by_account[plain(one.payee_account)].append(one)
        for amount in one.amounts:
            self._by_amount[one.account, amount].append(one)
        if one.payee_name:
            if one.payee_name not in self._by_name:
                for piece in _pieces(parts(one.payee_name)):
                    self._by_piece[piece].append(one.payee_name)
            self._by_name[one.payee_name].append(one)

    def _suspects(self, debit: Debit) -> Sequence[Suspect]:
        if debit.own:
            return ()
        marks: dict[int, set[Mark]] = defaultdict(set)
        seen: dict[int, Expectation] = {}
        for mark, one in self._marked(debit):
            seen[one.key] = one
            marks[one.key].add(mark)
        worded = _DEBIT_WORDS.search(f"{debit.text} {debit.name}") is not None
        if worded and not debit.name.strip() and not debit.payee_account.strip():
            # Nobody is named: only the figures can tell.
            for one in self._by_amount.get((debit.account, debit.minor), ()):
                seen[one.key] = one
                marks[one.key].add(Mark.WORD)
        if worded:
            for found in marks.values():
                found.add(Mark.WORD)
        return [Suspect(seen[key], frozenset(found)) for key, found in marks.items()]

    def _marked(self, debit: Debit) -> Iterator[tuple[Mark, Expectation]]:
        for token in tokens(debit.text):
            for one in self._by_number.get(token, ()):
                yield Mark.NUMBER, one
            for one in self._by_customer.get(token, ()):
                yield Mark.CUSTOMER, one
        for one in self._by_account.get(plain(debit.payee_account), ()):
            yield Mark.ACCOUNT, one
        for how, name in self._names_like(debit.name):
            for one in self._by_name[name]:
                yield NAME_MARK[how], one

    def _names_like(self, name: str) -> Sequence[tuple[Likeness, str]]:
        """The watched names that are like this one; each name is looked at once."""
        found = self._alike.get(name)
        if found is None:
            found = self._alike[name] = list(self._compare(name))
        return found

    def _compare(self, name: str) -> Iterator[tuple[Likeness, str]]:
        mine = parts(name)
        shared: Counter[str] = Counter()
        for piece in _pieces(mine):
            shared.update(self._by_piece.get(piece, ()))
        for candidate, count in shared.items():
            # Fewer have neither a core of three characters in common nor most of their letters.
            how = compare(mine, parts(candidate)) if count >= _SHARED else Likeness.NONE
            if how is not Likeness.NONE:
                yield how, candidate


def plain(number: str) -> str:
    """A number without blanks and strokes, in capitals."""
    return "".join(number.split()).replace("-", "").upper()


def tokens(text: str) -> Iterator[str]:
    """The numbers in a text; one that a colon or stroke ties to a word stands for itself, too."""
    for found in set(_TOKEN.findall(text)):
        whole = plain(found)
        yield whole
        digits = whole.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if digits != whole and len(digits) >= SHORTEST_NUMBER:
            yield digits


def _pieces(name: Name) -> frozenset[str]:
    """Every two characters that stand together in the name, with its place and without."""
    texts = (name.core, name.stem)
    return frozenset(text[at : at + 2] for text in texts for at in range(len(text) - 1))

"""Lines of a journal by what their text says: books name the party in a sentence, and come late.

A journal is often written up at the month's end, and by voucher, so that its day may lie a month
from the bank's, either way.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from app.agreements.watch.likeness import Likeness, compare
from app.core.names import normalise_name
from app.reconciliation.items import BankItem, Kind, OurItem, Sureness, gap, named
from app.reconciliation.matching import Matched
from app.reconciliation.pool import Pool, grouped

_NAMED_DAYS: Final = 31
_ALONE_DAYS: Final = 7
_SHORTEST: Final = 3
# What a line of the bank's own making is about.
_WORDS: Final = ("手续费", "服务费", "管理费", "利息", "结息", "工资", "税", "社保", "公积金")

_Fits = Callable[[BankItem, OurItem], bool]


def match_texts(lines: Iterable[BankItem], ours: Iterable[OurItem]) -> Matched:
    """What else is the same money by name in text, by subject, or by its amount alone."""
    pool = Pool(lines, ours)
    _match(pool, _names, _NAMED_DAYS, Kind.NAME, "摘要或户名相符")
    _match(pool, _subject, _ALONE_DAYS, Kind.NAME, "事由相同")
    _match(pool, _anything, _ALONE_DAYS, Kind.AMOUNT, "只有金额相同，请核对")
    return Matched(tuple(pool.matches), tuple(pool.lines()), tuple(pool.ours()))


def _match(pool: Pool, fits: _Fits, days: int, kind: Kind, why: str) -> None:
    by_lines = grouped(pool.lines(), lambda one: (one.account, one.minor))
    by_ours = grouped(pool.ours(), lambda one: (one.account, one.minor))
    for key, some in by_lines.items():
        others = by_ours.get(key, ())
        pairs = [
            (abs(gap(line, item)), line, item)
            for line in some
            for item in others
            if abs(gap(line, item)) <= days and fits(line, item)
        ]
        for distance, line, item in sorted(
            pairs, key=lambda pair: (pair[0], pair[1].key, pair[2].key)
        ):
            if pool.free([line], [item]):
                alone = _alone(pairs, line, item)
                sureness = _sureness(fits, alone=alone)
                said = (why, "金额相同", f"相差 {distance} 天" if distance else "同一天")
                pool.take([line], [item], kind, sureness, said)


def _alone(pairs: Sequence[tuple[int, BankItem, OurItem]], line: BankItem, item: OurItem) -> bool:
    """Whether neither fits another one."""
    return sum(one.key == line.key or other.key == item.key for _, one, other in pairs) == 1


def _sureness(fits: _Fits, *, alone: bool) -> Sureness:
    if fits is _names:
        return Sureness.SURE if alone else Sureness.LIKELY
    return Sureness.LIKELY if alone and fits is _subject else Sureness.WEAK


def _names(line: BankItem, item: OurItem) -> bool:
    if not line.name.strip():
        return False
    party = named(line.name)
    if compare(party, named(item.name)) >= Likeness.CLOSE:
        return True
    return len(party.core) >= _SHORTEST and party.core in normalise_name(item.name)


def _subject(line: BankItem, item: OurItem) -> bool:
    said = f"{line.name}{line.text}"
    return any(word in said and word in item.name for word in _WORDS)


def _anything(_line: BankItem, _item: OurItem) -> bool:
    return True

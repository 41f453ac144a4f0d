"""Money that came back: reversals of the bank's own, payments returned, transfers between ours."""

import re
from collections.abc import Mapping
from typing import Final

from app.agreements.watch.finding import tokens
from app.agreements.watch.likeness import Likeness, compare
from app.reconciliation.items import BankItem, Kind, OurItem, Sureness, digits, named, within
from app.reconciliation.pool import Pool, grouped

_BACK: Final = re.compile(
    r"冲正|冲账|抹账|退汇|退票|退回|撤销|红字|冲销|退款|RETURN|REVERSAL", re.IGNORECASE
)
_DAYS: Final = 15
_TRANSFER_DAYS: Final = 3


def pair_returns(pool: Pool) -> list[tuple[BankItem, BankItem]]:
    """Lines that take each other back, by the bank's own words: (first, back) each; none is taken."""
    lines = grouped(pool.lines(), lambda one: (one.account, one.minor))
    used: set[int] = set()
    found: list[tuple[BankItem, BankItem]] = []
    for back in sorted(pool.lines(), key=lambda one: (one.on, one.key)):
        if not _BACK.search(back.text) or back.key in used:
            continue
        offered = [
            line
            for line in lines.get((back.account, -back.minor), ())
            if line.key not in used
            and 0 <= (back.on - line.on).days <= _DAYS
            and line.key != back.key
            and _same_party(line, back)
        ]
        if offered:
            # The nearest one before it: a bank puts right what it has just done. Of one day it is
            # not told which came first, so that an earlier day is better.
            named_alike = [line for line in offered if _numbers(line) & _numbers(back)]
            offered = named_alike or offered
            before = [line for line in offered if line.on < back.on]
            first = max(before or offered, key=lambda line: (line.on, -line.key))
            used |= {first.key, back.key}
            found.append((first, back))
    return found


def match_returns(pool: Pool, pairs: list[tuple[BankItem, BankItem]]) -> None:
    """Each pair as a payment that was returned where one is left for it, else as a reversal."""
    ours = grouped(pool.ours(), lambda one: (one.account, one.minor))
    for first, back in pairs:
        if not pool.free([first, back]):
            continue
        offered = [
            item
            for item in ours.get((first.account, first.minor), ())
            if pool.free([], [item]) and within(first, item) and _is_for(first, item)
        ]
        if offered:
            item = min(offered, key=lambda one: (abs((first.on - one.on).days), one.key))
            sure = Sureness.SURE if len(offered) == 1 else Sureness.LIKELY
            pool.take([first, back], [item], Kind.RETURN, sure, ("银行已退回", "金额相同"))
        else:
            pool.take([first, back], [], Kind.REVERSAL, Sureness.SURE, ("银行冲正", "金额相反"))


def match_transfers(pool: Pool, own: Mapping[str, int]) -> None:
    """Money from one account of ours to another: out here, in there. own: number → account."""
    ins = grouped(pool.lines(), lambda one: (one.account, one.minor) if one.minor > 0 else None)
    for line in pool.lines():
        target = own.get(digits(line.payee_account)) if line.minor < 0 else None
        if target is None or target == line.account or not pool.free([line]):
            continue
        offered = [
            one
            for one in ins.get((target, -line.minor), ())
            if pool.free([one]) and abs((one.on - line.on).days) <= _TRANSFER_DAYS
        ]
        back = [one for one in offered if own.get(digits(one.payee_account)) == line.account]
        chosen = back or [one for one in offered if not one.payee_account]
        if chosen:
            nearest = min(chosen, key=lambda one: (abs((one.on - line.on).days), one.key))
            sure = Sureness.SURE if back else Sureness.LIKELY
            why = ("对方账号是本公司账户", "金额相同")
            pool.take([line, nearest], [], Kind.TRANSFER, sure, why)


def _numbers(line: BankItem) -> frozenset[str]:
    return frozenset(tokens(f"{line.reference} {line.text}"))


def _same_party(first: BankItem, back: BankItem) -> bool:
    one, other = digits(first.payee_account), digits(back.payee_account)
    if one and other:
        return one == other
    if not first.name.strip() or not back.name.strip():
        return True
    return compare(named(first.name), named(back.name)) >= Likeness.CLOSE


def _is_for(line: BankItem, item: OurItem) -> bool:
    one, other = digits(line.payee_account), digits(item.payee_account)
    if one and other:
        return one == other
    return compare(named(line.name), named(item.name)) >= Likeness.CLOSE

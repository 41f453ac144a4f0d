"""Money that came back: reversals of the bank's own, payments returned, transfers between ours."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Final, TypeVar

from app.agreements.watch.finding import plain
from app.agreements.watch.likeness import Likeness, compare
from app.reconciliation.by_reference import Numbers, words
from app.reconciliation.items import (
    LATE,
    BankItem,
    Fit,
    Kind,
    OurItem,
    OurKind,
    Sureness,
    digits,
    fit,
    gap,
    lag,
    named,
    speaking,
    within,
)
from app.reconciliation.parties import Parties
from app.reconciliation.pool import Pool, grouped

# The bank's own words for putting right what it did.
_REVERSED: Final = re.compile(r"冲正|冲账|抹账|红字|冲销|撤销|REVERSAL", re.IGNORECASE)
_RETURNED: Final = re.compile(
    r"退汇|退票|RETURN|(汇款|汇兑|来账|往账|失败|不符|有误|不存在|户名错|账号错)\S{0,6}退[回款]"
    r"|退[回款]\S{0,6}(不符|有误|不存在)|不存在 退回|不符 退回",
    re.IGNORECASE,
)
# What a payee also writes who sends money back by himself.
_SENT_BACK: Final = re.compile(r"退款|退回")
_BATCHED: Final = re.compile(r"代发|批量|工资")
_DAYS: Final = timedelta(15)
# Where the bank does not say who it was: so long it takes to send money back.
_SOON: Final = timedelta(7)
# How much nearer one of several has to be to be it.
_CLEARLY: Final = timedelta(5)
_REACH: Final = timedelta(LATE)
_TRANSFER_DAYS: Final = 3
T = TypeVar("T", BankItem, OurItem)
_DOUBT: Final = "其后有同额款项退回，可能属于本笔，请核对"


def tie_returns(pool: Pool, numbers: Numbers, parties: Parties, own: Mapping[str, int]) -> None:
    """Tie what came back to the line that it takes back; of several that it may be, none is sure."""
    backs = [line for line in pool.lines() if line.minor > 0 and _may_be_back(line.text)]
    amounts = {(back.account, -back.minor) for back in backs}
    lines = _of_amounts(sorted(pool.lines(), key=_day), amounts)
    orders = _of_amounts(sorted(pool.ours(), key=_day), amounts)
    used: set[int] = set()
    for back in sorted(backs, key=lambda one: (one.on, one.key)):
        amount = back.account, -back.minor
        before = [
            line
            for line in _between(lines.get(amount, ()), back.on - _DAYS, back.on)
            if line.key not in used
        ]
        if not before:
            continue
        # Banks name also us, or nobody: only who is a payee of ours tells whom the money went to.
        told = parties.of_line(back)
        who = back if told and not any(parties.is_one_of(one, own) for one in told) else None
        sure, offered = _candidates(back, before, numbers, who)
        if not sure:
            # The bank does not say what it is: no return for sure, nor a payment that stayed.
            pool.doubt(offered, _DOUBT)
        elif offered:
            first = _taken_back(pool, back, offered, orders.get(amount, ()), numbers)
            used.add(first.key)
            pool.tie(first, back)


def _taken_back(
    pool: Pool,
    back: BankItem,
    offered: list[BankItem],
    orders: Sequence[OurItem],
    numbers: Numbers,
) -> BankItem:
    """The line that it is most likely to take back; where others may be it, all are in doubt."""
    near = offered
    if _one_party(offered):
        latest = max(line.on for line in offered)
        near = [line for line in offered if latest - line.on < _CLEARLY]
    again = _one_party(near) and _is_redone(near, orders, numbers)
    if len(near) > 1 and not again:
        alike = _one_party(near) and len({line.on for line in near}) == 1
        if not alike or any(numbers.named(line) for line in near):
            pool.doubt(near, _DOUBT)
    # What was done again was done after it was taken back: then an earlier day is better.
    return max(near, key=lambda line: (not again or line.on < back.on, line.on, -line.key))


def _day(one: BankItem | OurItem) -> date:
    return one.on


def _between(rows: Sequence[T], since: date, until: date) -> Sequence[T]:
    """Those of these days, out of rows in the order of their days."""
    return rows[bisect_left(rows, since, key=_day) : bisect_right(rows, until, key=_day)]


def _may_be_back(text: str) -> bool:
    """Whether a bank says that money came back, or says nothing at all."""
    return not text.strip() or any(
        words_.search(text) for words_ in (_REVERSED, _RETURNED, _SENT_BACK)
    )


def _of_amounts(
    rows: Iterable[T], amounts: AbstractSet[tuple[int, int]]
) -> dict[tuple[int, int], list[T]]:
    return grouped(rows, lambda one: key if (key := (one.account, one.minor)) in amounts else None)


def _is_redone(lines: Sequence[BankItem], orders: Sequence[OurItem], numbers: Numbers) -> bool:
    """Whether there are more lines than we ordered: then one of them is another done again."""
    days = [line.on for line in lines]
    keys = {item.key for line in lines for item in numbers.named(line)}
    wanted = [
        item
        for item in _between(orders, min(days) - _REACH, max(days) + _REACH)
        if any(within(line, item) for line in lines)
        and (
            item.key in keys
            or any(fit(line.payee_account, item.payee_account) > Fit.UNKNOWN for line in lines)
            or any(
                compare(named(speaking(line.name)), named(item.name)) >= Likeness.CLOSE
                for line in lines
            )
        )
    ]
    return 0 < len(wanted) < len(lines)


def _candidates(
    back: BankItem, before: Sequence[BankItem], numbers: Numbers, named_: BankItem | None
) -> tuple[bool, list[BankItem]]:
    """The lines that it may take back: those that it names, else those of its party, else any.

    False with them: the bank does not say that it took anything back.
    """
    text = back.text.strip()
    strong = bool(_REVERSED.search(text) or _RETURNED.search(text))
    told = numbers.of_return(back)
    if told:
        before = [
            line
            for line in before
            if not numbers.named(line) or any(one.key in told for one in numbers.named(line))
        ]
    alike = [line for line in before if _share(line, back, told, numbers)]
    if alike:
        return bool(text), alike
    who = [(line, _party(line, named_) if named_ else Fit.UNKNOWN) for line in before]
    theirs = [line for line, how in who if how > Fit.UNKNOWN]
    if theirs:
        # A payee who sends money back by himself is no return of the bank's.
        return strong, theirs if strong or not text else []
    soon = [
        line
        for line, how in who
        if how is not Fit.OTHER
        and back.on - line.on <= _SOON
        and bool(_BATCHED.search(line.text)) >= bool(_BATCHED.search(text))
    ]
    return strong, [line for line in soon if _is_sent_again(line, back, numbers)] or soon


def _is_sent_again(line: BankItem, back: BankItem, numbers: Numbers) -> bool:
    """Whether we tried once more after the money was back: then this is what came back."""
    found = [
        item
        for item in numbers.named(line)
        if item.kind is OurKind.PAYMENT and item.minor == line.minor
    ]
    return len(found) > 1 and any(item.on >= back.on for item in found)


def _share(line: BankItem, back: BankItem, told: set[str], numbers: Numbers) -> bool:
    if told:
        return any(item.key in told for item in numbers.named(line))
    field = plain(back.reference)
    return bool(field) and field in words(line)


def _party(line: BankItem, back: BankItem) -> Fit:
    """Whether two lines name one party."""
    theirs = digits(back.payee_account)
    if theirs and digits(line.payee_account):
        return Fit.SAME if theirs == digits(line.payee_account) else Fit.OTHER
    by_account = fit(back.payee_account, line.payee_account)
    if by_account is Fit.UNKNOWN:
        by_account = fit(line.payee_account, back.payee_account)
    first, other = speaking(line.name), speaking(back.name)
    if by_account is Fit.OTHER or not first or not other:
        return by_account
    like = compare(named(first), named(other))
    if like is Likeness.CLOSE or (like is Likeness.SIMILAR and by_account is Fit.PART):
        # A shorter name is also that of another company of the group.
        return Fit.PART
    return Fit.SAME if like is Likeness.SAME else Fit.OTHER


def _one_party(lines: Sequence[BankItem]) -> bool:
    """Whether it does not matter which of them came back: one party's, of one day."""
    first = lines[0]
    return all(_party(first, line) > Fit.UNKNOWN for line in lines[1:])


def match_named_returns(pool: Pool, numbers: Numbers) -> None:
    """What was taken back and names its payment, wherever no other line may be that payment."""
    ties = pool.ties()
    amounts = {(first.account, first.minor) for first, _ in ties}
    lines = _of_amounts(sorted(pool.lines(), key=_day), amounts)
    for first, back in ties:
        keys = {item.key for item in numbers.named(first)} | numbers.of_return(back)
        again = any(
            pool.free([line])
            and line.key != first.key
            and not pool.is_returned(line)
            and not numbers.named(line)
            and _party(line, first) >= Fit.UNKNOWN
            for line in _between(
                lines.get((first.account, first.minor), ()), back.on, back.on + _SOON
            )
        )
        if keys and not again:
            _take_named(pool, first, keys, numbers)


def match_returns(pool: Pool, numbers: Numbers) -> None:
    """What was taken back and is left: the payment that it names, else the bank's own mistake."""
    for first, back in pool.ties():
        keys = {item.key for item in numbers.named(first)} | numbers.of_return(back)
        if not _take_named(pool, first, keys, numbers):
            told = bool(numbers.of_return(back)) or _party(first, back) > Fit.UNKNOWN
            sure = told and _REVERSED.search(back.text) and not pool.is_doubtful(first)
            how = Sureness.SURE if sure else Sureness.LIKELY
            pool.take([first], [], Kind.REVERSAL, how, ("银行冲正", "金额相反"))


def _take_named(pool: Pool, first: BankItem, keys: set[str], numbers: Numbers) -> bool:
    chosen = [
        item
        for item in map(numbers.item, keys)
        if pool.free([], [item])
        and (item.account, item.minor) == (first.account, first.minor)
        and within(first, item)
    ]
    if not chosen:
        return False
    item = min(chosen, key=lambda one: (lag(first, one), one.key))
    pool.take([first], [item], Kind.RETURN, Sureness.SURE, ("流水中有我方编号", "金额相同"))
    return True


def match_transfers(pool: Pool, own: Mapping[str, int], numbers: Numbers) -> None:
    """Money from one account of ours to another: out here, in there, and the order if there is one.

    own: number → account.
    """
    ins = grouped(pool.lines(), lambda one: (one.account, one.minor) if one.minor > 0 else None)
    orders = grouped(
        pool.ours(),
        lambda one: (one.account, one.minor) if digits(one.payee_account) in own else None,
    )
    # Those that name an order first, so that no other one takes it.
    outs = [line for line in pool.lines() if line.minor < 0 and digits(line.payee_account) in own]
    for line in sorted(outs, key=lambda one: not numbers.named(one)):
        target = own[digits(line.payee_account)]
        if target == line.account or not pool.free([line]):
            continue
        offered = [
            one
            for one in ins.get((target, -line.minor), ())
            if pool.free([one]) and abs((one.on - line.on).days) <= _TRANSFER_DAYS
        ]
        back = [one for one in offered if own.get(digits(one.payee_account)) == line.account]
        chosen = back or [one for one in offered if not one.payee_account]
        order = _order(pool, line, orders.get((line.account, line.minor), ()), numbers)
        if chosen and len(order) <= 1 and (order or not numbers.named(line)):
            nearest = min(chosen, key=lambda one: (abs((one.on - line.on).days), one.key))
            plain_ = not order or numbers.named(line) or lag(line, order[0]) <= 1
            sure = Sureness.SURE if back and plain_ else Sureness.LIKELY
            why = ("对方账号是本公司账户", "金额相同")
            pool.take([line, nearest], order, Kind.TRANSFER, sure, why)


def _order(
    pool: Pool, line: BankItem, orders: Sequence[OurItem], numbers: Numbers
) -> list[OurItem]:
    """Our own orders that the line may be; the one that it names, if it names one."""
    told = numbers.named(line)
    return [
        item
        for item in orders
        if pool.free([], [item])
        and (item in told if told else -1 <= gap(line, item) <= _TRANSFER_DAYS + 1)
        and digits(item.payee_account) == digits(line.payee_account)
    ]

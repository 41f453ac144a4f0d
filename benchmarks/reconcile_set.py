"""Payments and the lines that a bank books for them, each with its truth; evidence can be taken away.

A company's real skew: few payees get most payments. 2 % are never booked, 2 % are booked twice,
3 % are split or booked together, 5 % have a shortened name, 10 % of a payee's amounts come again
within a week, some come back; a bank books up to three days later, over holidays up to eight.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from app.reconciliation.items import BankItem, OurItem, OurKind

PLACES: Final = ("上海", "杭州", "苏州", "无锡", "宁波", "南京", "合肥", "武汉", "广州", "深圳")
CORES: Final = [
    "华峰",
    "临江",
    "浦建",
    "张江",
    "东方",
    "明远",
    "恒昌",
    "中原",
    "大华",
    "汇通",
    "金陵",
    "永安",
    "博远",
    "三合",
    "天成",
    "瑞丰",
    "正泰",
    "联创",
    "宏达",
    "新源",
]
TRADES: Final = [
    "机械",
    "电子",
    "软件",
    "贸易",
    "物流",
    "包装",
    "模具",
    "化工",
    "钢材",
    "印务",
    "餐饮",
    "广告",
    "租赁",
    "纺织",
    "食品",
    "环保",
    "建设",
    "仪器",
    "轴承",
    "涂料",
]
FORMS: Final = ("有限公司", "股份有限公司")
START: Final = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the bank's lines still tell."""

    references: bool = True
    accounts: bool = True
    names: bool = True


@dataclass(slots=True)
class Made:
    """truth: which lines are which items, as sets. twins: of a payment that was booked twice, the
    second line → the first: either may be taken for it, the other is the double one.
    """

    lines: list[BankItem] = field(default_factory=list)
    twins: dict[int, int] = field(default_factory=dict)
    ours: list[OurItem] = field(default_factory=list)
    truth: set[tuple[frozenset[int], frozenset[str]]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Payee:
    name: str
    short: str
    account: str


def make(count: int, seed: int, kept: Evidence) -> Made:
    """So many payments over a year or longer, with their lines shuffled by day."""
    chance = Random(seed)
    payees = _payees(chance, max(40, count // 60))
    days = max(250, count // 120)
    made, mill = Made(), _Mill(chance, kept)
    last: dict[str, int] = {}
    for number in range(count):
        payee = payees[int(len(payees) * chance.random() ** 2.2)]
        again = last.get(payee.name) if chance.random() < 0.1 else None
        minor = again or -_amount(chance)
        last[payee.name] = minor
        on = START + timedelta(days=chance.randrange(days))
        mill.book(made, _item(number, payee, minor, on, chance), payee)
    made.lines.sort(key=lambda line: (line.on, line.key))
    return made


class _Mill:
    def __init__(self, chance: Random, kept: Evidence) -> None:
        self._chance, self._kept = chance, kept
        self._key = 0
        # A payment that waits to be booked together with the next one of its payee.
        self._waiting: dict[str, OurItem] = {}

    def book(self, made: Made, item: OurItem, payee: _Payee) -> None:
        """One payment, and whatever the bank makes of it."""
        made.ours.append(item)
        dice = self._chance.random()
        waiting = self._waiting.pop(payee.name, None)
        if waiting is not None and abs((waiting.on - item.on).days) <= 3:
            on = max(waiting.on, item.on)
            line = self._line(item, payee, waiting.minor + item.minor, on)
            made.lines.append(line)
            made.truth.add((frozenset({line.key}), frozenset({waiting.key, item.key})))
            return
        if dice < 0.02:
            return
        if dice < 0.035 and item.minor < -300:
            part = item.minor // 3
            lines = [self._line(item, payee, minor, item.on) for minor in (part, item.minor - part)]
            made.lines.extend(lines)
            made.truth.add((frozenset(line.key for line in lines), frozenset({item.key})))
            return
        if dice < 0.05:
            self._waiting[payee.name] = item
            return
        line = self._line(item, payee, item.minor, item.on)
        made.lines.append(line)
        if dice < 0.06:
            back = self._line(item, payee, -item.minor, line.on, "退汇 账号户名不符")
            made.lines.append(back)
            made.truth.add((frozenset({line.key, back.key}), frozenset({item.key})))
            return
        made.truth.add((frozenset({line.key}), frozenset({item.key})))
        if dice < 0.08:
            twin = self._line(item, payee, item.minor, line.on + timedelta(days=1))
            made.lines.append(twin)
            made.twins[twin.key] = line.key

    def _line(
        self, item: OurItem, payee: _Payee, minor: int, on: date, text: str = "货款"
    ) -> BankItem:
        self._key += 1
        chance, kept = self._chance, self._kept
        late = chance.choice((0, 0, 0, 1, 1, 2, 3)) + (5 if chance.random() < 0.02 else 0)
        name = payee.short if chance.random() < 0.05 else payee.name
        return BankItem(
            self._key,
            1,
            on + timedelta(days=late),
            minor,
            name if kept.names else "",
            payee.account if kept.accounts and chance.random() < 0.9 else "",
            f"{text} {item.numbers[0]}" if kept.references and chance.random() < 0.95 else text,
        )


def _payees(chance: Random, count: int) -> list[_Payee]:
    found: dict[str, _Payee] = {}
    while len(found) < count:
        core = chance.choice(CORES) + chance.choice(CORES)[:1] + chance.choice(TRADES)
        name = chance.choice(PLACES) + core + chance.choice(FORMS)
        found[core] = _Payee(name, core, f"3105016139{chance.randrange(10**9):09d}")
    return list(found.values())


def _amount(chance: Random) -> int:
    kinds: tuple[Callable[[], int], ...] = (
        lambda: chance.randrange(10_000, 10_000_000),
        lambda: chance.randrange(1, 200) * 100_000,
        lambda: chance.randrange(100, 90_000) * 100,
    )
    return chance.choice(kinds)()


def _item(number: int, payee: _Payee, minor: int, on: date, _: Random) -> OurItem:
    return OurItem(
        f"P{number}",
        OurKind.PAYMENT,
        1,
        on,
        minor,
        payee.name,
        payee.account,
        (f"FK-{on:%Y%m%d}-{number:06d}",),
    )

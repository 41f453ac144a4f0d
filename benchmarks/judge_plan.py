"""A company's year as it was meant: whom it pays, when, how much, and what leaves together."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from random import Random
from typing import Final

from app.core.workdays import Workdays
from benchmarks import judge_writing

YEAR: Final = 2025
OWN_NAME: Final = "上海浦海智能装备有限公司"
# The company's accounts; the last is in another currency.
ACCOUNTS: Final = (1, 2, 3, 4)
FOREIGN: Final = 4
OWN_NUMBERS: Final = {
    1: "310066661018800012345",
    2: "1001244309006621437",
    3: "31001501200050001122",
    4: "440358392011",
}
WORKDAYS: Final = Workdays()
DAYS: Final = tuple(date(YEAR, 1, 1) + timedelta(days=day) for day in range(365))


class Sort(StrEnum):
    """What a payment is for."""

    SUPPLY = "SUPPLY"
    SALARY = "SALARY"
    EXPENSE = "EXPENSE"
    RENT = "RENT"
    TAX = "TAX"
    GROUP = "GROUP"
    OWN = "OWN"
    DEBIT = "DEBIT"
    RECEIPT = "RECEIPT"


class Leaving(StrEnum):
    """How the bank books what leaves together."""

    SINGLE = "SINGLE"
    LUMP = "LUMP"
    COMBINED = "COMBINED"
    CROSSED = "CROSSED"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who is paid. prices: amounts that come again and again."""

    key: int
    name: str
    account: str
    purpose: str
    own: int
    typical: int
    prices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment as it was meant; minor is positive. group: of those that leave together."""

    on: date
    party: Party
    minor: int
    sort: Sort
    leaving: Leaving = Leaving.SINGLE
    group: int = 0


_PURPOSES: Final = ("货款", "材料款", "运费", "服务费", "加工费", "设备款", "技术服务费", "广告费")
_SHARES: Final = {
    Sort.SUPPLY: 0.60,
    Sort.SALARY: 0.15,
    Sort.EXPENSE: 0.08,
    Sort.RENT: 0.02,
    Sort.TAX: 0.01,
    Sort.GROUP: 0.04,
    Sort.OWN: 0.01,
    Sort.DEBIT: 0.03,
    Sort.RECEIPT: 0.06,
}


class Planner:
    """Makes the parties and what they are to be paid, all from one seed."""

    def __init__(self, count: int, rng: Random) -> None:
        self._rng = rng
        self._count = count
        self._keys = 0
        self._groups = 0
        self._days, self._weights = _paydays()

    def intents(self) -> list[Intent]:
        """So many payments, in the order of their days."""
        many = {sort: max(12, round(self._count * share)) for sort, share in _SHARES.items()}
        found = [
            *self._supplies(many[Sort.SUPPLY]),
            *self._salaries(many[Sort.SALARY]),
            *self._expenses(many[Sort.EXPENSE]),
            *self._monthly(many[Sort.RENT], Sort.RENT, "房租"),
            *self._monthly(many[Sort.DEBIT], Sort.DEBIT, "电费"),
            *self._taxes(many[Sort.TAX]),
            *self._group(many[Sort.GROUP]),
            *self._transfers(many[Sort.OWN]),
            *self._receipts(many[Sort.RECEIPT]),
        ]
        found.sort(key=lambda one: one.on)
        return found

    def _party(self, name: str, purpose: str, natural: bool = False, own: int = 0) -> Party:
        rng = self._rng
        self._keys += 1
        typical = int(rng.lognormvariate(9.2, 1.4) * 100)
        prices = tuple(_round(rng, typical) for _ in range(rng.randint(1, 4)))
        own = own or rng.choices((1, 2, 3), (55, 28, 17))[0]
        account = judge_writing.account(rng, natural)
        return Party(self._keys, name, account, purpose, own, typical, prices)

    def _companies(self, count: int) -> list[Party]:
        rng = self._rng
        found: list[Party] = []
        while len(found) < count:
            if rng.random() < 0.05:
                name, own = judge_writing.foreign(rng), FOREIGN
            else:
                name, own = judge_writing.company(rng), 0
            found.append(self._party(name, rng.choice(_PURPOSES), own=own))
            if own and rng.random() < 0.4:
                # The same payee is paid the same figures in our own currency, too.
                last = found[-1]
                found.append(replace(last, own=rng.choice((1, 2, 3))))
            elif rng.random() < 0.06 and name.endswith("有限公司"):
                kin = judge_writing.kin(rng, name)
                found.append(self._party(kin, found[-1].purpose, own=found[-1].own))
        return found

    def _day(self) -> date:
        if self._rng.random() < 0.03:
            return self._rng.choice(DAYS)
        return self._days[bisect_left(self._weights, self._rng.random() * self._weights[-1])]

    def _amount(self, party: Party) -> int:
        rng = self._rng
        if rng.random() < 0.3:
            return rng.choice(party.prices)
        minor = max(100, int(party.typical * rng.lognormvariate(0, 0.6)))
        return _round(rng, minor) if rng.random() < 0.25 else minor

    def _supplies(self, count: int) -> Iterator[Intent]:
        rng = self._rng
        parties = self._companies(max(40, count // 24))
        weights = _skew(len(parties))
        made = 0
        while made < count:
            party = parties[bisect_left(weights, rng.random() * weights[-1])]
            on, leaving, many = self._day(), Leaving.SINGLE, 1
            roll = rng.random()
            if roll < 0.006:
                leaving, many = Leaving.COMBINED, rng.randint(2, 4)
            elif roll < 0.008:
                leaving, many = Leaving.CROSSED, rng.randint(2, 3)
            group = self._group_key() if many > 1 else 0
            for _ in range(many):
                yield Intent(on, party, self._amount(party), Sort.SUPPLY, leaving, group)
            made += many

    def _group_key(self) -> int:
        self._groups += 1
        return self._groups

    def _salaries(self, count: int) -> Iterator[Intent]:
        rng = self._rng
        people = [self._person("工资") for _ in range(max(1, count // 12))]
        pay = {
            one.key: rng.choice((5000, 5500, 6000, 6500, 8000)) * 100
            if rng.random() < 0.3
            else rng.randrange(380000, 2800000)
            for one in people
        }
        size = rng.randint(40, 90)
        rooms = [people[start : start + size] for start in range(0, len(people), size)]
        for month in range(1, 13):
            on = _work(date(YEAR, month, 10))
            for room in rooms:
                lump = Leaving.LUMP if rng.random() < 0.6 else Leaving.SINGLE
                group, own = self._group_key(), room[0].own
                for one in room:
                    minor = pay[one.key]
                    if rng.random() < 0.3:
                        minor += rng.randrange(-50000, 80000)
                    party = Party(one.key, one.name, one.account, "工资", own, 0, ())
                    yield Intent(on, party, minor, Sort.SALARY, lump, group)

    def _person(self, purpose: str) -> Party:
        return self._party(judge_writing.person(self._rng), purpose, natural=True)

    def _expenses(self, count: int) -> Iterator[Intent]:
        rng = self._rng
        people = [self._person("报销") for _ in range(max(10, count // 10))]
        made = 0
        while made < count:
            on, many, leaving, group = self._day(), 1, Leaving.SINGLE, 0
            if rng.random() < 0.04:
                many, leaving, group = rng.randint(3, 12), Leaving.LUMP, self._group_key()
            own = rng.choice((1, 2, 3))
            for one in rng.sample(people, min(many, len(people))):
                minor = rng.choice((200, 300, 500, 800, 1000, 1500, 2000, 3000)) * 100
                if rng.random() < 0.65:
                    minor = rng.randrange(3000, 600000)
                party = Party(one.key, one.name, one.account, "报销", own, 0, ())
                yield Intent(on, party, minor, Sort.EXPENSE, leaving, group)
            made += many

    def _monthly(self, count: int, sort: Sort, purpose: str) -> Iterator[Intent]:
        rng = self._rng
        for number in range(max(1, count // 12)):
            natural = sort is Sort.RENT and number % 3 == 0
            name = judge_writing.person(rng) if natural else judge_writing.company(rng)
            party = self._party(name, purpose, natural)
            day, minor = rng.randint(1, 28), _round(rng, party.typical)
            for month in range(1, 13):
                yield Intent(_work(date(YEAR, month, day)), party, minor, sort)

    def _taxes(self, count: int) -> Iterator[Intent]:
        rng = self._rng
        names = (("国家金库上海市浦东新区支库", "税款"), ("上海市社会保险事业管理中心", "社保费"))
        parties = [self._party(name, purpose) for name, purpose in names]
        for _ in range(count):
            on = _work(date(YEAR, rng.randint(1, 12), rng.randint(10, 18)))
            yield Intent(on, rng.choice(parties), rng.randrange(5000, 9000000), Sort.TAX)

    def _group(self, count: int) -> Iterator[Intent]:
        """Companies of one name's family, paid the same amounts on the same days."""
        rng = self._rng
        families: list[tuple[list[Party], int]] = []
        for _ in range(max(1, count // 100)):
            head = judge_writing.company(rng).replace("（", "").replace("）", "")
            names = [head, *{judge_writing.kin(rng, head) for _ in range(3)}]
            own = rng.choice((1, 2, 3))
            fee = rng.choice((10000, 20000, 30000, 50000)) * 100
            families.append(([self._party(name, "管理费", own=own) for name in sorted(names)], fee))
        made = 0
        while made < count:
            family, fee = rng.choice(families)
            on = self._day()
            for party in family:
                yield Intent(
                    on, party, fee if rng.random() < 0.6 else self._amount(party), Sort.GROUP
                )
            made += len(family)

    def _transfers(self, count: int) -> Iterator[Intent]:
        rng = self._rng
        for _ in range(count):
            source, target = rng.sample((1, 2, 3), 2)
            party = Party(-target, OWN_NAME, OWN_NUMBERS[target], "资金调拨", source, 0, ())
            yield Intent(self._day(), party, rng.randint(1, 60) * 5000000, Sort.OWN)

    def _receipts(self, count: int) -> Iterator[Intent]:
        rng = self._rng
        parties = self._companies(max(10, count // 12))
        weights = _skew(len(parties))
        for _ in range(count):
            party = parties[bisect_left(weights, rng.random() * weights[-1])]
            yield Intent(self._day(), party, self._amount(party), Sort.RECEIPT)


def _skew(count: int) -> list[float]:
    """How often each is paid, summed up: a heavy tail whose head is paid several times a week."""
    return list(accumulate(1 / (rank + max(3, count // 30)) for rank in range(count)))


def _round(rng: Random, minor: int) -> int:
    """An amount as a contract names it: hundreds or thousands of yuan."""
    step = rng.choice((10000, 50000, 100000, 500000))
    return max(step, round(minor / step) * step)


def _work(day: date) -> date:
    return day if WORKDAYS.is_workday(day) else WORKDAYS.next_workday(day)


def _paydays() -> tuple[list[date], list[float]]:
    """The working days of the year with the sum of their weights: runs, Fridays, month ends."""
    days = [day for day in DAYS if WORKDAYS.is_workday(day)]
    runs = {_work(date(YEAR, month, day)) for month in range(1, 13) for day in (10, 15, 25)}
    return days, list(
        accumulate(4.0 if day in runs else 1.5 if day.weekday() == 4 else 1.0 for day in days)
    )

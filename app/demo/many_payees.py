"""Any number of believable payees, without asking for the pinyin of each name."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from app.core.cnaps import BankCode, bank_codes
from app.core.names import normalise_name, pinyin_full, pinyin_initials

_FIRST: Final = "华东海天金宏泰安盛远新恒长永兴丰德顺达瑞"
_SECOND: Final = "峰源通利成信昌荣康联创科润隆光明和平嘉宇"
_TRADES: Final = (
    "钢材贸易",
    "精密机械",
    "电子科技",
    "包装材料",
    "物流运输",
    "化工原料",
    "自动化设备",
    "建筑工程",
    "塑料制品",
    "轴承制造",
    "电线电缆",
    "信息技术",
)
_END: Final = "有限公司"
_PERSON_EVERY: Final = 25


@dataclass(frozen=True, slots=True)
class ManyPayee:
    """A payee of the generated company; typical: yuan of an ordinary payment."""

    id: int
    name: str
    normal_name: str
    pinyin: str
    initials: str
    kind: str
    account: str
    bank: BankCode
    phone: str
    typical: int


def how_many(payments: int) -> int:
    """The payees of a company with so many payments."""
    return min(max(payments // 80, 40), 20_000)


def many_payees(count: int, chance: Random) -> Iterator[ManyPayee]:
    """Payees with different names; ids run from 1."""
    banks = [code for code in bank_codes() if code.kind == "sample"]
    names = len(banks) * len(_FIRST) * len(_SECOND) * len(_TRADES)
    # Odd and no multiple of 3 or 5, hence prime to the number of names: none comes twice.
    stride = 7_919
    for number in range(1, count + 1):
        place = number * stride % names
        place, trade = divmod(place, len(_TRADES))
        place, second = divmod(place, len(_SECOND))
        place, first = divmod(place, len(_FIRST))
        bank = banks[place]
        # A city has several branches: the trade tells their namesakes apart.
        trade_name = _TRADES[trade]
        if bank is not _first_of_city(bank.city):
            trade_name += "销售"
        parts = (bank.city, _FIRST[first], _SECOND[second], trade_name, _END)
        name = "".join(parts)
        yield ManyPayee(
            number,
            name,
            normalise_name(name),
            "".join(map(_full, parts)),
            "".join(map(_initials, parts)),
            "PERSON" if number % _PERSON_EVERY == 0 else "COMPANY",
            f"{chance.randrange(10**9, 10**10)}{number:09d}",
            bank,
            f"0{chance.randrange(10, 99)}-{chance.randrange(50_000_000, 89_999_999)}",
            int(min(max(chance.lognormvariate(9.8, 1.1), 300), 600_000)),
        )


@cache
def _first_of_city(city: str) -> BankCode:
    return next(code for code in bank_codes() if code.kind == "sample" and code.city == city)


@cache
def _full(part: str) -> str:
    return pinyin_full(part)


@cache
def _initials(part: str) -> str:
    return pinyin_initials(part)

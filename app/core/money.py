"""Money as an integer number of minor units: no float ever touches an amount."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Self

from app.core.errors import BadInput

# ISO 4217: what is traded with China, and what statements of banks abroad come in.
MINOR_DIGITS: Final = {
    **dict.fromkeys(["CNY", "USD", "EUR", "HKD", "GBP"], 2),
    "JPY": 0,
    **dict.fromkeys(
        [
            "AED",
            "AUD",
            "BRL",
            "CAD",
            "CHF",
            "CZK",
            "DEM",
            "DKK",
            "HUF",
            "IDR",
            "ILS",
            "INR",
            "KZT",
            "LKR",
            "MNT",
            "MOP",
            "MXN",
            "MYR",
            "NOK",
            "NZD",
            "PHP",
            "PKR",
            "PLN",
            "QAR",
            "RON",
            "RUB",
            "SAR",
            "SEK",
            "SGD",
            "THB",
            "TRY",
            "TWD",
            "UAH",
            "ZAR",
        ],
        2,
    ),
    **dict.fromkeys(["KRW", "VND", "CLP", "ISK"], 0),
    **dict.fromkeys(["BHD", "JOD", "KWD", "OMR", "TND"], 3),
}
_FIGURE = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")
_MARK = re.compile(r"^([+(-]?)\s*¥?\s*")
_LONGEST: Final = 18  # digits of the minor units: more do not fit a 64-bit column
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－＋（）￥", "0123456789.,-+()¥")


class BadAmount(BadInput):
    code = "INP-010"
    remedy = "金额请写成 1234.50 或 1,234.50，最多两位小数。"


class CurrencyMismatch(BadInput):
    code = "INP-011"
    remedy = "不同币种的金额请分别处理。"


def minor_digits(currency: str) -> int:
    """How many decimals the currency has. Raises BadInput for an unknown code."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise BadInput(f"不认识的币种代码“{currency}”。") from None


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: `minor` in 分 (or the currency's smallest unit) and an ISO 4217 code."""

    minor: int
    currency: str = "CNY"

    @classmethod
    def parse(cls, text: str, currency: str = "CNY") -> Self:
        """Read a figure such as "1,234.50", "¥ 100" or "(5.00)".

        Raises BadAmount when it is not a plain figure or has more decimals than the currency.
        """
        digits = minor_digits(currency)
        plain = _MARK.sub(r"\1", text.strip().translate(_FULL_WIDTH), count=1)
        if plain.startswith("(") and plain.endswith(")"):
            plain = "-" + plain[1:-1].strip()
        figure = _FIGURE.fullmatch(plain)
        if figure is None:
            raise BadAmount(f"“{text}”不是有效的金额。")
        sign, whole, part = figure[1], figure[2].replace(",", ""), figure[3] or ""
        if part[digits:].strip("0"):
            raise BadAmount(f"金额“{text}”的小数超过 {digits} 位。")
        minor = (whole + part[:digits].ljust(digits, "0")).lstrip("0")
        if len(minor) > _LONGEST:
            raise BadAmount(f"金额“{text}”过大。", "请核对位数。")
        return cls(int(f"{sign}{minor or 0}"), currency)

    @classmethod
    def zero(cls, currency: str = "CNY") -> Self:
        return cls(0, currency)

    @classmethod
    def of(cls, minor: int | None, currency: str = "CNY") -> Self | None:
        """The amount of a column that may be empty."""
        return None if minor is None else cls(minor, currency)

    def decimal(self) -> str:
        """The amount as a plain decimal string: "1234.50"."""
        return self._text("")

    def display(self) -> str:
        """The amount with thousands separators: "1,234.50"."""
        return self._text(",")

    def named(self) -> str:
        """The amount as lists write it; a foreign currency is named: "1,234.50", "USD 5.00"."""
        return self.display() if self.currency == "CNY" else f"{self.currency} {self.display()}"

    def figure(self) -> str:
        """The amount behind its sign, as papers write it: "¥325,040.04", "USD 1,200.00"."""
        return f"{'¥' if self.currency == 'CNY' else f'{self.currency} '}{self.display()}"

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: "Money") -> bool:
        return other < self

    def __ge__(self, other: "Money") -> bool:
        return other <= self

    def times(self, factor: Decimal) -> "Money":
        """This amount times a rate, rounded half up to the minor unit."""
        product = (Decimal(self.minor) * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return Money(int(product), self.currency)

    def _text(self, separator: str) -> str:
        digits = minor_digits(self.currency)
        whole, part = divmod(abs(self.minor), 10**digits)
        figure = f"{'-' if self.minor < 0 else ''}{whole:{separator}}"
        return f"{figure}.{part:0{digits}}" if digits else figure

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"币种不同：{self.currency} 与 {other.currency}。")


def sum_up(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """One sum for each currency, by its code."""
    found: dict[str, Money] = {}
    for amount in amounts:
        found[amount.currency] = found.get(amount.currency, Money.zero(amount.currency)) + amount
    return tuple(found[currency] for currency in sorted(found))

"""Rules that a clerk writes: which lines are meant, and what is to be done with them; values only.

A rule never makes a match by itself: it proposes one, or an entry, and a person takes it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.core.errors import BadInput
from app.core.money import Money
from app.core.names import normalise_name
from app.reconciliation.bookings import Booking, suggest
from app.reconciliation.items import BankItem, Kind, Match, OurItem, Sureness, digits

_SHORTEST: Final = 2
_DAYS: Final = 10


class Direction(StrEnum):
    ANY = "ANY"
    IN = "IN"
    OUT = "OUT"


class RuleAct(StrEnum):
    BOOKING = "BOOKING"
    MATCH = "MATCH"


DIRECTION_LABELS: Final[dict[Direction, str]] = {
    Direction.ANY: "收入和支出",
    Direction.IN: "收入",
    Direction.OUT: "支出",
}
RULE_ACT_LABELS: Final[dict[RuleAct, str]] = {
    RuleAct.BOOKING: "给出账务建议",
    RuleAct.MATCH: "建议与金额相同的一笔勾对",
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that are given must hold. words: each stands in the bank's text; party: a part of the
    name; low, high: of the amount without its sign, in minor units.
    """

    direction: Direction = Direction.ANY
    words: tuple[str, ...] = ()
    party: str = ""
    payee_account: str = ""
    low: int | None = None
    high: int | None = None

    def fits(self, line: BankItem) -> bool:
        """Whether a line is meant."""
        if self.direction is not Direction.ANY and (self.direction is Direction.IN) != (
            line.minor > 0
        ):
            return False
        amount = abs(line.minor)
        if (self.low is not None and amount < self.low) or (
            self.high is not None and amount > self.high
        ):
            return False
        if self.payee_account and digits(line.payee_account) != digits(self.payee_account):
            return False
        if self.party and normalise_name(self.party) not in normalise_name(line.name):
            return False
        text = line.text.casefold()
        return all(word.casefold() in text for word in self.words)


@dataclass(frozen=True, slots=True)
class ClerkRule:
    """A rule in the order of its position. account: None for all of ours."""

    id: int
    name: str
    account: int | None
    conditions: Conditions
    act: RuleAct
    booking: Booking | None = None

    def fits(self, line: BankItem) -> bool:
        return self.account in {None, line.account} and self.conditions.fits(line)


def check(name: str, conditions: Conditions, act: RuleAct, booking: Booking | None) -> None:
    """Raises BadInput for a rule that would take everything, or says nothing."""
    if not name.strip():
        raise BadInput("请给规则起一个名称。")
    check_conditions(conditions)
    if act is RuleAct.BOOKING and (
        booking is None or not (booking.debit.strip() and booking.credit.strip())
    ):
        raise BadInput("请填写借方和贷方科目。")


def check_conditions(asked: Conditions) -> None:
    """Raises BadInput where they mean every line, or none."""
    if not (asked.words or asked.party or asked.payee_account or asked.low or asked.high):
        raise BadInput("规则没有任何条件，会套用到全部流水。", "请至少填写一个摘要词、对方或金额。")
    short = [word for word in (*asked.words, asked.party) if word and len(word) < _SHORTEST]
    if short:
        raise BadInput(f"“{short[0]}”太短，会套用到不相干的流水。", "请写两个字以上。")
    if asked.low is not None and asked.high is not None and asked.low > asked.high:
        raise BadInput("金额的下限大于上限。", "请核对金额范围。")
    if asked.payee_account and not digits(asked.payee_account):
        raise BadInput("对方账号不完整。", "请填写完整账号，或留空。")


def first_fit(rules: Iterable[ClerkRule], line: BankItem) -> ClerkRule | None:
    """The first rule that means the line."""
    return next((rule for rule in rules if rule.fits(line)), None)


def booking_of(rules: Iterable[ClerkRule], line: BankItem) -> Booking | None:
    """The entry that the clerk's own rules propose."""
    asked = [rule for rule in rules if rule.act is RuleAct.BOOKING]
    found = first_fit(asked, line)
    return None if found is None else found.booking


def proposed_entry(rules: Iterable[ClerkRule], line: BankItem) -> Booking | None:
    """The entry of the clerk's own rules, else what the bank's words ask for."""
    return booking_of(rules, line) or suggest(line)


def match_by_rules(
    rules: Sequence[ClerkRule], lines: Iterable[BankItem], ours: Iterable[OurItem]
) -> list[Match]:
    """Each line that a rule means, with the one item of its amount and days; several are none."""
    asked = [rule for rule in rules if rule.act is RuleAct.MATCH]
    if not asked:
        return []
    left: dict[tuple[int, int], list[OurItem]] = {}
    for item in ours:
        left.setdefault((item.account, item.minor), []).append(item)
    found: list[Match] = []
    used: set[str] = set()
    for line in lines:
        rule = first_fit(asked, line)
        if rule is None:
            continue
        offered = [
            item
            for item in left.get((line.account, line.minor), ())
            if item.key not in used and abs((item.on - line.on).days) <= _DAYS
        ]
        if len(offered) == 1:
            used.add(offered[0].key)
            why = (f"规则“{rule.name}”", "金额相同")
            found.append(Match((line.key,), (offered[0].key,), Kind.RULE, Sureness.LIKELY, why))
    return found


def describe(conditions: Conditions, act: RuleAct, booking: Booking | None) -> str:
    """The rule as one sentence."""
    asked = conditions
    parts = [] if asked.direction is Direction.ANY else [DIRECTION_LABELS[asked.direction]]
    if asked.words:
        parts.append("摘要含" + "、".join(f"“{word}”" for word in asked.words))
    if asked.party:
        parts.append(f"户名含“{asked.party}”")
    if asked.payee_account:
        parts.append(f"对方账号 {asked.payee_account}")
    if asked.low is not None or asked.high is not None:
        parts.append(f"金额 {_figure(asked.low)} 至 {_figure(asked.high)}")
    does = RULE_ACT_LABELS[act]
    if act is RuleAct.BOOKING and booking is not None:
        does = booking.text
    return f"{'，'.join(parts)}：{does}"


def _figure(minor: int | None) -> str:
    return "不限" if minor is None else Money(minor).display()


def as_values(conditions: Conditions) -> dict[str, Any]:
    """As it is kept."""
    return {
        "direction": conditions.direction,
        "words": list(conditions.words),
        "party": conditions.party,
        "payee_account": conditions.payee_account,
        "low": conditions.low,
        "high": conditions.high,
    }


def from_values(values: Mapping[str, Any]) -> Conditions:
    return Conditions(
        Direction(values["direction"]),
        tuple(values["words"]),
        values["party"],
        values["payee_account"],
        values["low"],
        values["high"],
    )

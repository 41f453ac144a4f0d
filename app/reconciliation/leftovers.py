"""What is left over, and what must not have happened: values in, values out (E1.2, E1.4)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.agreements.watch.finding import plain, tokens
from app.agreements.watch.likeness import Likeness, compare
from app.payments.states import AttemptState
from app.reconciliation.items import LATE, BankItem, Match, OurItem, digits, named
from app.reconciliation.matching import Matched


class OpenKind(StrEnum):
    """The four kinds of 未达账项 (domain.md §7)."""

    BANK_CREDIT_NOT_BOOKED = "bank_credit_not_booked"
    BANK_DEBIT_NOT_BOOKED = "bank_debit_not_booked"
    BOOK_DEBIT_NOT_AT_BANK = "book_debit_not_at_bank"
    BOOK_CREDIT_NOT_AT_BANK = "book_credit_not_at_bank"


OPEN_LABELS: Final[dict[OpenKind, str]] = {
    OpenKind.BANK_CREDIT_NOT_BOOKED: "银行已收、企业未收",
    OpenKind.BANK_DEBIT_NOT_BOOKED: "银行已付、企业未付",
    OpenKind.BOOK_DEBIT_NOT_AT_BANK: "企业已收、银行未收",
    OpenKind.BOOK_CREDIT_NOT_AT_BANK: "企业已付、银行未付",
}


OPEN_ACTS: Final[dict[OpenKind, str]] = {
    OpenKind.BANK_CREDIT_NOT_BOOKED: "核实款项来源，取得收款回单后入账",
    OpenKind.BANK_DEBIT_NOT_BOOKED: "核实是否应付，取得付款回单后入账",
    OpenKind.BOOK_DEBIT_NOT_AT_BANK: "向银行核实票据、在途款是否到账",
    OpenKind.BOOK_CREDIT_NOT_AT_BANK: "核实是否已提交银行、支票是否兑付",
}


class AlarmKind(StrEnum):
    """What somebody has to look at at once."""

    EXECUTED_TWICE = "executed_twice"
    EXECUTED_UNSENT = "executed_though_not_sent"
    EXECUTED_FAILED = "executed_though_failed"
    NEVER_EXECUTED = "never_executed"
    RESULT_UNRECORDED = "executed_result_not_recorded"
    DEBITED_CANCELLED = "debited_though_cancelled"


ALARM_LABELS: Final[dict[AlarmKind, str]] = {
    AlarmKind.EXECUTED_TWICE: "疑似重复执行",
    AlarmKind.EXECUTED_UNSENT: "未提交而已扣款",
    AlarmKind.EXECUTED_FAILED: "登记为失败而已扣款",
    AlarmKind.NEVER_EXECUTED: "已提交而银行未扣款",
    AlarmKind.RESULT_UNRECORDED: "已扣款而结果未登记",
    AlarmKind.DEBITED_CANCELLED: "终止或暂停后扣款",
}
NEXT_ACTS: Final[dict[AlarmKind, str]] = {
    AlarmKind.EXECUTED_TWICE: "向银行和收款单位核实，要求退回重复的一笔",
    AlarmKind.EXECUTED_UNSENT: "核实由谁、从哪里付出；暂停该笔，避免再付",
    AlarmKind.EXECUTED_FAILED: "凭流水登记银行核实结果“已扣”，避免再付",
    AlarmKind.NEVER_EXECUTED: "向银行发付款查询函，核实前不要再付",
    AlarmKind.RESULT_UNRECORDED: "凭流水登记银行结果“成功”，不要再付",
    AlarmKind.DEBITED_CANCELLED: "在“扣款监控”确认，致函追回",
}
# Of these it is known, or has to be taken for possible, that money left.
_LEFT: Final = frozenset(
    {AttemptState.WRITTEN, AttemptState.PROCESSING, AttemptState.UNKNOWN, AttemptState.SUCCEEDED}
)
# What the bank has not told us yet, though its statement does.
_OPEN: Final = frozenset({AttemptState.WRITTEN, AttemptState.PROCESSING, AttemptState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Alarm:
    """lines: the bank's; ours: the items concerned."""

    kind: AlarmKind
    lines: tuple[int, ...]
    ours: tuple[str, ...]


def kind_of(*, bank: bool, minor: int) -> OpenKind:
    """Which of the four kinds an open line or item is of."""
    if bank:
        return OpenKind.BANK_CREDIT_NOT_BOOKED if minor > 0 else OpenKind.BANK_DEBIT_NOT_BOOKED
    return OpenKind.BOOK_DEBIT_NOT_AT_BANK if minor > 0 else OpenKind.BOOK_CREDIT_NOT_AT_BANK


def open_items(matched: Matched) -> dict[OpenKind, list[BankItem | OurItem]]:
    """What is left on either side, by its kind; every kind stands there."""
    found: dict[OpenKind, list[BankItem | OurItem]] = {kind: [] for kind in OpenKind}
    for line in matched.lines:
        found[kind_of(bank=True, minor=line.minor)].append(line)
    for item in matched.ours:
        found[kind_of(bank=False, minor=item.minor)].append(item)
    return found


def alarms(
    matched: Matched,
    items: Mapping[str, tuple[OurItem, AttemptState | None]],
    days: tuple[date, date],
    forbidden: Iterable[int] = (),
) -> list[Alarm]:
    """What must not have happened. items: ours with what is known of them, None: never sent.

    days: those that are looked at. forbidden: lines that the watch took.
    """
    told = set(forbidden)
    found = [Alarm(AlarmKind.DEBITED_CANCELLED, (key,), ()) for key in sorted(told)]
    for match in matched.matches:
        found.extend(_of_match(match, items))
    found.extend(_twice(matched, items, told))
    for item in matched.ours:
        state = items[item.key][1]
        late = (days[1] - item.on).days > LATE
        # What was sent before these days was booked before them, or is told in its own.
        if state in _LEFT and item.minor < 0 and late and item.on >= days[0]:
            found.append(Alarm(AlarmKind.NEVER_EXECUTED, (), (item.key,)))
    return found


def _of_match(
    match: Match, items: Mapping[str, tuple[OurItem, AttemptState | None]]
) -> Iterator[Alarm]:
    for key in match.ours:
        if key not in items:
            # It was matched in other days; what is wrong with it is told there.
            continue
        state = items[key][1]
        if state is None:
            yield Alarm(AlarmKind.EXECUTED_UNSENT, match.lines, (key,))
        elif state is AttemptState.FAILED and len(match.lines) == 1:
            yield Alarm(AlarmKind.EXECUTED_FAILED, match.lines, (key,))
        elif state in _OPEN and len(match.lines) == 1:
            yield Alarm(AlarmKind.RESULT_UNRECORDED, match.lines, (key,))


def _twice(
    matched: Matched, items: Mapping[str, tuple[OurItem, AttemptState | None]], told: set[int]
) -> Iterator[Alarm]:
    """A line that is left and looks like a payment that another line is already."""
    taken = [items[key][0] for match in matched.matches for key in match.ours if key in items]
    by_amount: dict[tuple[int, int], list[OurItem]] = {}
    for item in taken:
        by_amount.setdefault((item.account, item.minor), []).append(item)
    for line in matched.lines:
        if line.minor > 0 or line.key in told:
            continue
        alike = [
            one
            for one in by_amount.get((line.account, line.minor), ())
            if abs(line.on.toordinal() - one.on.toordinal()) <= LATE and _is_same(line, one)
        ]
        if alike:
            nearest = min(alike, key=lambda one: abs(line.on.toordinal() - one.on.toordinal()))
            yield Alarm(AlarmKind.EXECUTED_TWICE, (line.key,), (nearest.key,))


def _is_same(line: BankItem, item: OurItem) -> bool:
    numbers = {plain(number) for number in item.numbers}
    if numbers & set(tokens(f"{line.reference} {line.text}")):
        return True
    first, second = digits(line.payee_account), digits(item.payee_account)
    if first and second:
        return first == second
    return compare(named(line.name), named(item.name)) >= Likeness.CLOSE

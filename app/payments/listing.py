"""The payment list: tabs with counts and sums, filters, and pages at any position of a million."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self

from sqlalchemy import (
    ColumnElement,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.core.codes import StopReason
from app.core.money import Money
from app.payees.model import Payee
from app.payments.lines import PaymentLine, lines
from app.payments.model import HoldCover, Payment, PaymentTotal
from app.payments.states import Status
from app.storage.work import Database, ReadWork


class Tab(StrEnum):
    ALL = "ALL"
    OPEN = "OPEN"
    READY = "READY"
    STOPPED = "STOPPED"
    PAUSED = "PAUSED"
    EXCEPTION = "EXCEPTION"
    RESUMING = "RESUMING"
    AT_BANK = "AT_BANK"
    EXECUTED = "EXECUTED"
    FAILED = "FAILED"
    ENDED = "ENDED"


TAB_LABELS: Final[dict[Tab, str]] = {
    Tab.ALL: "全部",
    Tab.OPEN: "待审批",
    Tab.READY: "待执行",
    Tab.STOPPED: "已停止",
    Tab.PAUSED: "已暂停",
    Tab.EXCEPTION: "异常",
    Tab.RESUMING: "恢复审批中",
    Tab.AT_BANK: "银行处理",
    Tab.EXECUTED: "已执行",
    Tab.FAILED: "执行失败",
    Tab.ENDED: "已结束",
}
TAB_STATUSES: Final[dict[Tab, frozenset[Status]]] = {
    Tab.ALL: frozenset(Status),
    Tab.OPEN: frozenset(
        {Status.DRAFT, Status.SENT_BACK, Status.PENDING_REVIEW, Status.PENDING_APPROVAL}
    ),
    Tab.READY: frozenset({Status.READY}),
    Tab.STOPPED: frozenset({Status.STOPPED}),
    Tab.PAUSED: frozenset({Status.PAUSED}),
    Tab.EXCEPTION: frozenset({Status.EXCEPTION, Status.UNKNOWN}),
    Tab.RESUMING: frozenset({Status.RESUME_PENDING}),
    Tab.AT_BANK: frozenset({Status.SUBMITTED, Status.BANK_PROCESSING}),
    Tab.EXECUTED: frozenset({Status.EXECUTED}),
    Tab.FAILED: frozenset({Status.FAILED, Status.RETURNED}),
    Tab.ENDED: frozenset({Status.REJECTED, Status.VOIDED}),
}


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """What the list shows. text: payee by name or pinyin, payment, order, contract or invoice
    number; days and amounts are inclusive; empty means no limit.
    """

    tab: Tab = Tab.ALL
    statuses: frozenset[Status] = frozenset()
    text: str = ""
    accounts: frozenset[str] = frozenset()
    reasons: frozenset[StopReason] = frozenset()
    due_from: date | None = None
    due_until: date | None = None
    amount_from: Money | None = None
    amount_until: Money | None = None

    @property
    def narrow(self) -> bool:
        """Whether anything but the tab restricts the list."""
        return any(
            (
                self.statuses,
                self.text.strip(),
                self.accounts,
                self.reasons,
                self.due_from,
                self.due_until,
                self.amount_from,
                self.amount_until,
            )
        )


class SortKey(StrEnum):
    NUMBER = "number"
    DUE = "due_on"
    AMOUNT = "amount"
    PAYEE = "payee"
    MADE = "made_at"


_SORT_COLUMNS: Final[dict[SortKey, Any]] = {
    SortKey.NUMBER: Payment.number,
    SortKey.DUE: Payment.due_on,
    SortKey.AMOUNT: Payment.amount_minor,
    SortKey.PAYEE: Payment.payee_name,
    SortKey.MADE: Payment.made_at,
}


@dataclass(frozen=True, slots=True)
class Sort:
    key: SortKey = SortKey.DUE
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Total:
    """How many payments and how much per currency."""

    count: int
    sums: tuple[Money, ...]


_WORTH_KEEPING: Final = 256
_CHUNK: Final = 512


@dataclass
class PaymentList:
    """The list under one filter and sort, readable at any position without deep offsets.

    Safe to use from one worker at a time; make a new one when the data has changed.
    """

    db: Database
    actor: Actor
    filter: PaymentFilter
    sort: Sort = field(default_factory=Sort)
    # Where pages began, and the sort key and id there: later pages are sought from the nearest one.
    _places: list[int] = field(default_factory=list)
    _keys: list[tuple[Any, int]] = field(default_factory=list)
    _prepared: tuple[list[ColumnElement[bool]], bool] | None = None

    def total(self) -> Total:
        """Count and sums of what the filter shows."""
        with reading(self.db, self.actor, Right.PAYMENT_VIEW) as work:
            if not self.filter.narrow:
                return _kept_total(work, TAB_STATUSES[self.filter.tab])
            return _counted_total(work, self._prepare(work)[0])

    def page(self, start: int, size: int) -> list[PaymentLine]:
        """The rows from position `start` on (0-based), at most `size` of them."""
        with reading(self.db, self.actor, Right.PAYMENT_VIEW) as work:
            return lines(work, self._ids(work, start, size))

    def ids(self) -> list[int]:
        """Every id in order: for exports and 全选, off the window's thread."""
        with reading(self.db, self.actor, Right.PAYMENT_VIEW) as work:
            conditions, few = self._prepare(work)
            query = select(Payment.id).where(*conditions).order_by(*self._order(few))
            return list(work.session.scalars(query))

    def _ids(self, work: ReadWork, start: int, size: int) -> list[int]:
        found, few = self._prepare(work)
        conditions = list(found)
        place = bisect_right(self._places, start) - 1
        skipped = start
        if place >= 0:
            skipped = start - self._places[place]
            conditions.append(self._from(self._keys[place]))
        column = _SORT_COLUMNS[self.sort.key]
        rows = work.session.execute(
            select(column, Payment.id)
            .where(*conditions)
            .order_by(*self._order(few))
            .limit(size)
            .offset(skipped)
        ).all()
        if rows and skipped >= _WORTH_KEEPING:
            self._places.insert(place + 1, start)
            self._keys.insert(place + 1, (rows[0][0], rows[0][1]))
        return [row_id for _, row_id in rows]

    def _prepare(self, work: ReadWork) -> tuple[list[ColumnElement[bool]], bool]:
        """The filter's conditions, and whether it finds so little that it is sorted afterwards."""
        if self._prepared is None:
            search = _Search.of(work, self.filter.text.strip())
            few = _finds_few(work, self.filter, self.sort, search)
            self._prepared = _where(work, self.filter, search), few
        return self._prepared

    def _from(self, begin: tuple[Any, int]) -> ColumnElement[bool]:
        column = _SORT_COLUMNS[self.sort.key]
        here = tuple_(column, Payment.id)
        there = tuple_(literal(begin[0], column.type), begin[1])
        return here <= there if self.sort.descending else here >= there

    def _order(self, few: bool) -> list[ColumnElement[Any]]:
        """few: sort what the filter finds; else walk the sort key's index and look at each row."""
        column = _SORT_COLUMNS[self.sort.key]
        columns = (_unindexed(column) if few else column, Payment.id)
        return [one.desc() if self.sort.descending else one.asc() for one in columns]


def tab_totals(db: Database, actor: Actor, wanted: PaymentFilter) -> dict[Tab, Total]:
    """Count and sums of every tab under the filter, its own tab aside."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        if wanted.narrow:
            search = _Search.of(work, wanted.text.strip())
            conditions = _where(work, wanted, search, tab=Tab.ALL)
            by_status = _counted_by_status(work, conditions)
        else:
            by_status = _kept_by_status(work)
    return {tab: _add(by_status, statuses) for tab, statuses in TAB_STATUSES.items()}


def totals_of(db: Database, actor: Actor, ids: Sequence[int]) -> Total:
    """Count and sums of the marked rows."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        counts: dict[str, tuple[int, int]] = {}
        for start in range(0, len(ids), _CHUNK):
            part = ids[start : start + _CHUNK]
            found = _counted_by_status(work, [Payment.id.in_(part)])
            for (_, currency), (count, minor) in found.items():
                known = counts.get(currency, (0, 0))
                counts[currency] = (known[0] + count, known[1] + minor)
    return Total(
        sum(count for count, _ in counts.values()),
        tuple(Money(minor, currency) for currency, (_, minor) in sorted(counts.items())),
    )


def _statuses(wanted: PaymentFilter, tab: Tab | None = None) -> frozenset[Status]:
    statuses = TAB_STATUSES[wanted.tab if tab is None else tab]
    return statuses & wanted.statuses if wanted.statuses else statuses


def _where(
    work: ReadWork, wanted: PaymentFilter, search: "_Search", tab: Tab | None = None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    statuses = _statuses(wanted, tab)
    if statuses != frozenset(Status):
        narrow = search.rare or wanted.reasons
        status = _unindexed(Payment.status) if narrow else Payment.status
        conditions.append(status.in_(sorted(statuses)))
    if wanted.accounts:
        chosen = select(BankAccount.id).where(BankAccount.number.in_(sorted(wanted.accounts)))
        conditions.append(Payment.account_id.in_(list(work.session.scalars(chosen))))
    if wanted.due_from is not None:
        conditions.append(Payment.due_on >= wanted.due_from)
    if wanted.due_until is not None:
        conditions.append(Payment.due_on <= wanted.due_until)
    if wanted.amount_from is not None:
        conditions.append(Payment.amount_minor >= wanted.amount_from.minor)
    if wanted.amount_until is not None:
        conditions.append(Payment.amount_minor <= wanted.amount_until.minor)
    if wanted.reasons:
        conditions.append(
            Payment.id.in_(
                select(HoldCover.payment_id).where(
                    HoldCover.reason.in_(sorted(wanted.reasons)), HoldCover.ended_at.is_(None)
                )
            )
        )
    if search.text:
        conditions.append(search.condition)
    return conditions


_NUMBERS: Final = (Payment.number, Payment.order_no, Payment.invoice_no, Payment.contract_no)
# Sorting so many found rows is faster than walking an index until a page is full.
_FEW: Final = 10_000
_FEW_OF: Final = 100


@dataclass(frozen=True, slots=True)
class _Search:
    """A searched text with the payees that it names. rare: they are few among all payees.

    Payees are searched in their own small table; numbers by their beginning, by index.
    """

    text: str
    payees: list[int]
    rare: bool

    @classmethod
    def of(cls, work: ReadWork, text: str) -> Self:
        if not text:
            return cls("", [], False)
        plain = text.lower().replace(" ", "")
        named: list[ColumnElement[bool]] = [Payee.name.contains(text, autoescape=True)]
        if plain.isascii():
            named.append(Payee.pinyin.startswith(plain, autoescape=True))
            named.append(Payee.initials.contains(plain, autoescape=True))
        payees = list(work.session.scalars(select(Payee.id).where(or_(*named))))
        known = work.session.scalar(select(func.count()).select_from(Payee)) or 0
        return cls(text, payees, len(payees) <= max(1, known // _FEW_OF))

    @property
    def condition(self) -> ColumnElement[bool]:
        parts: list[ColumnElement[bool]] = [_begins(column, self.text) for column in _NUMBERS]
        if self.payees:
            parts.append(Payment.payee_id.in_(self.payees))
        if not self.rare:
            return or_(*parts)
        # Else the sort key's index would be walked to its end for the few that there are.
        return Payment.id.in_(union_all(*(select(Payment.id).where(part) for part in parts)))


def _finds_few(work: ReadWork, wanted: PaymentFilter, sort: Sort, search: _Search) -> bool:
    """Whether the filter finds so little that it is found first and sorted afterwards."""
    if wanted.reasons or search.rare:
        return True
    statuses = _statuses(wanted)
    in_order = len(statuses) == 1 and sort.key is SortKey.DUE  # by an index of its own
    if in_order or statuses == frozenset(Status):
        return False
    return _kept_total(work, statuses).count <= _FEW


def _unindexed(column: Any) -> ColumnElement[Any]:
    """The same value, for which no index is used: where another index finds far less."""
    return func.coalesce(column, column)


def _begins(column: Any, text: str) -> ColumnElement[bool]:
    """A range that an index serves, where LIKE would not."""
    upper = text.upper()
    return and_(column >= upper, column < upper + "\U0010ffff")


ByStatus = dict[tuple[Status, str], tuple[int, int]]


def _kept_by_status(work: ReadWork) -> ByStatus:
    rows = work.session.scalars(select(PaymentTotal))
    return {(Status(r.status), r.currency): (r.payments, r.amount_minor) for r in rows}


def _counted_by_status(work: ReadWork, conditions: Sequence[ColumnElement[bool]]) -> ByStatus:
    # Grouping along the index of the tabs would look at every payment of the company.
    status = _unindexed(Payment.status)
    rows = work.session.execute(
        select(status, Payment.currency, func.count(), func.sum(Payment.amount_minor))
        .where(*conditions)
        .group_by(status, Payment.currency)
    )
    return {
        (Status(status), currency): (count, int(minor)) for status, currency, count, minor in rows
    }


def _kept_total(work: ReadWork, statuses: frozenset[Status]) -> Total:
    return _add(_kept_by_status(work), statuses)


def _counted_total(work: ReadWork, conditions: Sequence[ColumnElement[bool]]) -> Total:
    return _add(_counted_by_status(work, conditions), frozenset(Status))


def _add(by_status: ByStatus, statuses: frozenset[Status]) -> Total:
    count = 0
    sums: dict[str, int] = {}
    for (status, currency), (payments, minor) in by_status.items():
        if status in statuses and payments:
            count += payments
            sums[currency] = sums.get(currency, 0) + minor
    return Total(count, tuple(Money(minor, currency) for currency, minor in sorted(sums.items())))

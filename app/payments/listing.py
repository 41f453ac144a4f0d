"""The payment list: tabs with counts and sums, filters, and pages at any position of a million."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select, tuple_, union_all

from app.access.guard import Actor, reading
from app.access.model import User
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.core.codes import StopReason
from app.core.money import Money
from app.payees.model import Payee
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


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One row of the list."""

    id: int
    number: str
    status: Status
    payee: str
    payee_account: str
    amount: Money
    due_on: date
    account: str
    channel: str
    purpose: str
    order_no: str
    invoice_no: str
    contract_no: str
    reasons: tuple[StopReason, ...]
    holds: int
    made_by: str
    made_at: datetime
    next_execution_at: datetime | None
    version: int


_SAMPLE_EVERY = 512
_SHALLOW = 4 * _SAMPLE_EVERY


@dataclass
class PaymentList:
    """The list under one filter and sort, readable at any position without deep offsets.

    Safe to use from one worker at a time; make a new one when the data has changed.
    """

    db: Database
    actor: Actor
    filter: PaymentFilter
    sort: Sort = field(default_factory=Sort)
    _samples: list[tuple[Any, int]] | None = None
    _few: bool | None = None

    def total(self) -> Total:
        """Count and sums of what the filter shows."""
        with reading(self.db, self.actor, Right.PAYMENT_VIEW) as work:
            if not self.filter.narrow:
                return _kept_total(work, TAB_STATUSES[self.filter.tab])
            return _counted_total(work, _where(work, self.filter))

    def page(self, start: int, size: int) -> list[PaymentLine]:
        """The rows from position `start` on (0-based), at most `size` of them."""
        with reading(self.db, self.actor, Right.PAYMENT_VIEW) as work:
            return lines(work, self._ids(work, start, size))

    def ids(self) -> list[int]:
        """Every id in order: for exports and 全选, off the window's thread."""
        with reading(self.db, self.actor, Right.PAYMENT_VIEW) as work:
            conditions, few = _where(work, self.filter), self._is_narrow(work)
            query = select(Payment.id).where(*conditions).order_by(*self._order(few))
            return list(work.session.scalars(query))

    def _ids(self, work: ReadWork, start: int, size: int) -> list[int]:
        conditions, few = _where(work, self.filter), self._is_narrow(work)
        offset = start
        if start >= _SHALLOW:
            samples = self._sampled(work, conditions, few)
            nearest = min(start // _SAMPLE_EVERY, len(samples) - 1)
            if nearest < 0:
                return []
            conditions = [*conditions, self._from(samples[nearest])]
            offset = start - nearest * _SAMPLE_EVERY
        query = select(Payment.id).where(*conditions).order_by(*self._order(few))
        return list(work.session.scalars(query.limit(size).offset(offset)))

    def _is_narrow(self, work: ReadWork) -> bool:
        if self._few is None:
            self._few = _matches_few(work, self.filter)
        return self._few

    def _sampled(
        self, work: ReadWork, conditions: Sequence[ColumnElement[bool]], few: bool
    ) -> list[tuple[Any, int]]:
        if self._samples is None:
            column = _SORT_COLUMNS[self.sort.key]
            order = self._order(few)
            numbered = (
                select(
                    column.label("key"),
                    Payment.id.label("id"),
                    func.row_number().over(order_by=order).label("place"),
                )
                .where(*conditions)
                .subquery()
            )
            rows = work.session.execute(
                select(numbered.c.key, numbered.c.id)
                .where(numbered.c.place % _SAMPLE_EVERY == 1)
                .order_by(numbered.c.place)
            )
            self._samples = [(key, row_id) for key, row_id in rows]
        return self._samples

    def _from(self, sample: tuple[Any, int]) -> ColumnElement[bool]:
        column = _SORT_COLUMNS[self.sort.key]
        here = tuple_(column, Payment.id)
        there = tuple_(literal(sample[0], column.type), sample[1])
        return here <= there if self.sort.descending else here >= there

    def _order(self, few: bool) -> list[ColumnElement[Any]]:
        """few: sort what the filter finds; else walk the sort key's index and look at each row."""
        column = _SORT_COLUMNS[self.sort.key]
        columns = (func.coalesce(column, column) if few else column, Payment.id)
        return [one.desc() if self.sort.descending else one.asc() for one in columns]


def tab_totals(db: Database, actor: Actor, wanted: PaymentFilter) -> dict[Tab, Total]:
    """Count and sums of every tab under the filter, its own tab aside."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        if wanted.narrow:
            by_status = _counted_by_status(work, _where(work, wanted, tab=Tab.ALL))
        else:
            by_status = _kept_by_status(work)
    return {tab: _add(by_status, statuses) for tab, statuses in TAB_STATUSES.items()}


def totals_of(db: Database, actor: Actor, ids: Sequence[int]) -> Total:
    """Count and sums of the marked rows."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        counts: dict[str, tuple[int, int]] = {}
        for start in range(0, len(ids), _SAMPLE_EVERY):
            part = ids[start : start + _SAMPLE_EVERY]
            found = _counted_by_status(work, [Payment.id.in_(part)])
            for (_, currency), (count, minor) in found.items():
                known = counts.get(currency, (0, 0))
                counts[currency] = (known[0] + count, known[1] + minor)
    return Total(
        sum(count for count, _ in counts.values()),
        tuple(Money(minor, currency) for currency, (_, minor) in sorted(counts.items())),
    )


# Columns instead of whole rows: a page is read three times as fast.
_COLUMNS: Final = (
    Payment.id,
    Payment.number,
    Payment.status,
    Payment.payee_name,
    Payment.payee_account,
    Payment.amount_minor,
    Payment.currency,
    Payment.due_on,
    Payment.channel,
    Payment.purpose,
    Payment.order_no,
    Payment.invoice_no,
    Payment.contract_no,
    Payment.hold_count,
    Payment.made_at,
    Payment.next_execution_at,
    Payment.version,
    BankAccount.bank,
    BankAccount.number.label("account"),
    User.name.label("maker"),
)


def lines(work: ReadWork, ids: Sequence[int]) -> list[PaymentLine]:
    """The rows of these ids, in their order; ids that are gone are left out."""
    rows = work.session.execute(
        select(*_COLUMNS)
        .join(BankAccount, BankAccount.id == Payment.account_id)
        .join(User, User.id == Payment.made_by)
        .where(Payment.id.in_(ids))
    ).all()
    reasons = open_reasons(work, ids)
    by_id = {row.id: _line(row, reasons[row.id]) for row in rows}
    return [by_id[one] for one in ids if one in by_id]


def open_reasons(work: ReadWork, ids: Sequence[int]) -> dict[int, tuple[StopReason, ...]]:
    """The reasons of the open holds over each payment, without repeats."""
    found: dict[int, tuple[StopReason, ...]] = defaultdict(tuple)
    rows = work.session.execute(
        select(HoldCover.payment_id, HoldCover.reason)
        .where(HoldCover.payment_id.in_(ids), HoldCover.ended_at.is_(None))
        .order_by(HoldCover.hold_id)
    )
    for payment_id, reason in rows:
        if reason not in found[payment_id]:
            found[payment_id] = (*found[payment_id], StopReason(reason))
    return found


def _line(row: Row[Any], reasons: tuple[StopReason, ...]) -> PaymentLine:
    return PaymentLine(
        id=row.id,
        number=row.number,
        status=Status(row.status),
        payee=row.payee_name,
        payee_account=row.payee_account,
        amount=Money(row.amount_minor, row.currency),
        due_on=row.due_on,
        account=f"{row.bank} *{row.account[-4:]}",
        channel=row.channel,
        purpose=row.purpose,
        order_no=row.order_no,
        invoice_no=row.invoice_no,
        contract_no=row.contract_no,
        reasons=reasons,
        holds=row.hold_count,
        made_by=row.maker,
        made_at=row.made_at,
        next_execution_at=row.next_execution_at,
        version=row.version,
    )


def _statuses(wanted: PaymentFilter, tab: Tab | None = None) -> frozenset[Status]:
    statuses = TAB_STATUSES[wanted.tab if tab is None else tab]
    return statuses & wanted.statuses if wanted.statuses else statuses


def _where(
    work: ReadWork, wanted: PaymentFilter, tab: Tab | None = None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    statuses = _statuses(wanted, tab)
    if statuses != frozenset(Status):
        conditions.append(Payment.status.in_(sorted(statuses)))
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
    if wanted.text.strip():
        conditions.append(_matches(work, wanted.text.strip()))
    return conditions


_NUMBERS: Final = (Payment.number, Payment.order_no, Payment.invoice_no, Payment.contract_no)
# Sorting so many found rows is faster than walking an index until a page is full.
_FEW: Final = 10_000
_FEW_OF: Final = 100


def _matches_few(work: ReadWork, wanted: PaymentFilter) -> bool:
    """Whether the filter finds so little that it is found first and sorted afterwards."""
    if wanted.reasons:
        return True
    if wanted.text.strip():
        payees = len(_payees_named(work, wanted.text.strip()))
        known = work.session.scalar(select(func.count()).select_from(Payee)) or 0
        return payees * _FEW_OF <= known or payees == 1
    statuses = _statuses(wanted)
    if statuses == frozenset(Status):
        return False
    return _kept_total(work, statuses).count <= _FEW


def _matches(work: ReadWork, text: str) -> ColumnElement[bool]:
    """Payees are searched in their own small table; numbers by their beginning, by index."""
    found = [select(Payment.id).where(_begins(column, text)) for column in _NUMBERS]
    payees = _payees_named(work, text)
    if payees:
        found.append(select(Payment.id).where(Payment.payee_id.in_(payees)))
    return Payment.id.in_(union_all(*found))


def _payees_named(work: ReadWork, text: str) -> list[int]:
    """Ids of the payees whose name or pinyin holds the text."""
    plain = text.lower().replace(" ", "")
    named: list[ColumnElement[bool]] = [Payee.name.contains(text, autoescape=True)]
    if plain.isascii():
        named.append(Payee.pinyin.startswith(plain, autoescape=True))
        named.append(Payee.initials.contains(plain, autoescape=True))
    return list(work.session.scalars(select(Payee.id).where(or_(*named))))


def _begins(column: Any, text: str) -> ColumnElement[bool]:
    """A range that an index serves, where LIKE would not."""
    upper = text.upper()
    return and_(column >= upper, column < upper + "\U0010ffff")


ByStatus = dict[tuple[Status, str], tuple[int, int]]


def _kept_by_status(work: ReadWork) -> ByStatus:
    rows = work.session.scalars(select(PaymentTotal))
    return {(Status(r.status), r.currency): (r.payments, r.amount_minor) for r in rows}


def _counted_by_status(work: ReadWork, conditions: Sequence[ColumnElement[bool]]) -> ByStatus:
    rows = work.session.execute(
        select(Payment.status, Payment.currency, func.count(), func.sum(Payment.amount_minor))
        .where(*conditions)
        .group_by(Payment.status, Payment.currency)
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

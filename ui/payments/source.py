"""The payment list as the table reads it, and the filter bar's values as the list reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.accounts.choices import AccountChoice
from app.core.codes import REASON_LABELS, StopReason
from app.payments.lines import PaymentLine
from app.payments.listing import PaymentFilter, PaymentList, Tab
from app.payments.states import STATUS_LABELS, Status
from ui.payments.looks import sums_text
from ui.widgets.filter_fields import (
    ChoiceFilter,
    DateRangeFilter,
    Filter,
    MoneyRangeFilter,
    TextFilter,
)
from ui.widgets.multi_choice import Choice
from ui.widgets.paged_table import Totals


@dataclass
class PaymentSource:
    """One filtered and sorted list of payments, page by page."""

    listing: PaymentList
    # The list remembers positions and must be asked by one worker at a time.
    _turn: Lock = field(default_factory=Lock)

    def count(self) -> Totals:
        with self._turn:
            total = self.listing.total()
        return Totals(total.count, sums_text(total.sums))

    def page(self, start: int, size: int) -> Sequence[PaymentLine]:
        with self._turn:
            return self.listing.page(start, size)


def filter_fields(accounts: Sequence[AccountChoice]) -> tuple[Filter, ...]:
    """What the list can be filtered by."""
    return (
        TextFilter("text", _tr("查找"), _tr("收款方/拼音/单号/订单号")),
        ChoiceFilter("status", _tr("状态"), tuple(Choice(s, STATUS_LABELS[s]) for s in Status)),
        ChoiceFilter(
            "reason", _tr("停付原因"), tuple(Choice(r, REASON_LABELS[r]) for r in StopReason)
        ),
        ChoiceFilter(
            "account", _tr("付款账户"), tuple(Choice(a.number, a.label) for a in accounts)
        ),
        DateRangeFilter("due", _tr("计划付款日")),
        MoneyRangeFilter("amount", _tr("金额")),
    )


def payment_filter(tab: Tab, values: Mapping[str, Any]) -> PaymentFilter:
    """The list's filter for what stands in the bar."""
    due = values.get("due", (None, None))
    amount = values.get("amount", (None, None))
    return PaymentFilter(
        tab=tab,
        statuses=frozenset(Status(one) for one in values.get("status", ())),
        text=values.get("text", ""),
        accounts=frozenset(values.get("account", ())),
        reasons=frozenset(StopReason(one) for one in values.get("reason", ())),
        due_from=due[0],
        due_until=due[1],
        amount_from=amount[0],
        amount_until=amount[1],
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("payments", text)

"""Rows of any number of payments with all that belongs to them, in order of the days they were made.

Approvals and papers are put down for what is still open or in trouble: what was executed long ago
was taken over with its attempt only, as on a company's first day with the program.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, Final

from app.access.approvals import ApprovalKind, Decision, RequestState
from app.access.model import ApprovalDecision, ApprovalRequest
from app.access.rights import Role
from app.access.rules import DEFAULT_TIERS, levels_for
from app.audit.trail import SYSTEM_ACTOR
from app.core.codes import REASON_LABELS, HoldCause, StopReason
from app.core.money import Money
from app.demo.days import Days
from app.demo.ledger import usual_channel
from app.demo.many_payees import ManyPayee
from app.demo.sent import values_of
from app.demo.sheet import Numbering, Sheet
from app.payments.holds import MANUAL, SYSTEM
from app.payments.model import Attempt, Hold, HoldCover, Payment, SourceDocument
from app.payments.states import (
    COVERABLE,
    STOPPED_STATUSES,
    AttemptState,
    HoldScope,
    HoldState,
    Stage,
    hold_class,
    shown_status,
)

_MOST: Final = Money.parse("1900000").minor
_OPEN: Final = (Stage.READY, Stage.DRAFT, Stage.PENDING_REVIEW, Stage.PENDING_APPROVAL)
_OPEN_SHARES: Final = (50, 22, 18, 10)
_DONE: Final = (Stage.EXECUTED, Stage.VOIDED, Stage.REJECTED)
_DONE_SHARES: Final = (990, 7, 3)
_DECIDERS: Final = {Role.CHECKER: "checker", Role.SUPERVISOR: "supervisor", Role.CFO: "cfo"}
_ATTEMPTS: Final = {
    Stage.EXECUTED: AttemptState.SUCCEEDED,
    Stage.FAILED: AttemptState.FAILED,
    Stage.RETURNED: AttemptState.RETURNED,
    Stage.UNKNOWN: AttemptState.UNKNOWN,
}
# Every so many troubled payments one was refused by the bank; the others stand still before it.
_BANK_EVERY: Final = 3
_BANK: Final = (
    (Stage.FAILED, "收款账号户名不符", StopReason.NAME_MISMATCH),
    (Stage.UNKNOWN, "", StopReason.BANK_INTERFACE),
    (Stage.FAILED, "收款账户已销户", StopReason.ACCOUNT_CLOSED),
    (Stage.RETURNED, "退汇：收款人账号有误", StopReason.RETURNED),
    (Stage.FAILED, "账号不存在", StopReason.PAYEE_ACCOUNT_INVALID),
    (Stage.FAILED, "余额不足", StopReason.INSUFFICIENT_FUNDS),
    (Stage.FAILED, "超过日累计限额", StopReason.LIMIT_EXCEEDED),
    (Stage.FAILED, "签名或证书错误", StopReason.CERT_OR_CONTRACT),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom and what the payments refer to: ids by username, and account ids with their numbers."""

    users: dict[str, int]
    labels: dict[str, str]
    accounts: tuple[tuple[int, str], ...]
    payees: list[ManyPayee]


@dataclass(frozen=True, slots=True)
class Made:
    """What the ground truth tells of a payment."""

    id: int
    number: str
    account: str
    payee: ManyPayee
    amount: int
    due_on: date
    stage: Stage
    reference: str
    reasons: tuple[StopReason, ...]


@dataclass(frozen=True, slots=True)
class _Over:
    """A hold over a payment."""

    id: int
    scope: HoldScope
    reason: StopReason


class Mill:
    """Puts payments into the sheet, the `place`-th of `total` at its time."""

    def __init__(self, sheet: Sheet, cast: Cast, days: Days, chance: Random, total: int) -> None:
        self.numbers = Numbering()
        self._sheet = sheet
        self._cast = cast
        self._days = days
        self._chance = chance
        self._total = total
        self._coming = list(islice(days.ahead(), 6))
        self._trouble_from = total * 3 // 4
        self._trouble_step = max(1, (total - self._trouble_from) // troubled(total))
        self._troubles = 0
        self._wide: dict[tuple[HoldScope, int], _Over] = {}
        self._place_wide_holds()

    def make(self, place: int) -> Made:
        """One payment with its papers, approvals, attempt and holds."""
        made_on, due_on = self._when(place)
        payee = self._chance.choice(self._cast.payees)
        account_id, account = self._account()
        stage, text, reason = self._fate(place, due_on)
        amount = min(payee.typical * self._chance.randint(40, 220) + place % 100, _MOST)
        if stage is Stage.PENDING_APPROVAL:
            amount = max(amount, Money.parse("60000").minor)
        made_at = self._days.at(made_on, 9, place % 50, place % 60)
        values = {
            "number": self.numbers.payment(made_on),
            "account_id": account_id,
            **_of_payee(payee),
            "amount_minor": amount,
            "purpose": "货款",
            "summary": f"{made_on.month}月货款",
            "channel": usual_channel(amount),
            "due_on": due_on,
            "contract_no": f"HT-{made_on.year}-{payee.id:05d}",
            "invoice_no": f"{made_on:%y}31200{place:013d}",
            "order_no": f"PO-{made_on.year}-{place:08d}",
            "stage": stage,
            "made_by": self._cast.users["clerk"],
            "made_at": made_at,
            "bank_text": text,
        }
        payment_id = self._sheet.next_id(Payment)
        overs = self._holds(payment_id, values, payee, reason)
        self._finish(values, overs, made_at)
        return Made(
            payment_id,
            values["number"],
            account,
            payee,
            amount,
            due_on,
            stage,
            f"{due_on:%Y%m%d}{payment_id:09d}",
            tuple(over.reason for over in overs),
        )

    def _finish(self, values: dict[str, Any], overs: list[_Over], made_at: datetime) -> None:
        stage: Stage = values["stage"]
        classes = [hold_class(over.scope, over.reason) for over in overs]
        status = shown_status(stage, classes, False)
        values["status"], values["hold_count"] = status, len(overs)
        if status in STOPPED_STATUSES:
            values["stopped_at"] = made_at + timedelta(hours=3)
        if stage is Stage.EXECUTED:
            values["executed_at"] = self._sent(values["due_on"]) + timedelta(minutes=5)
        if stage in COVERABLE:
            values["document_id"] = self._paper(values)
        payment_id = self._sheet.add(Payment, **values)
        if stage in COVERABLE and stage is not Stage.DRAFT:
            self._approve(payment_id, values)
        if stage in _ATTEMPTS:
            self._attempt(payment_id, values)
        for over in overs:
            self._sheet.add(HoldCover, hold_id=over.id, payment_id=payment_id, reason=over.reason)

    def _when(self, place: int) -> tuple[date, date]:
        past = self._days.past
        day = place * len(past) // self._total
        due = day + 1 + place % 5
        return past[day], past[due] if due < len(past) else self._coming[due - len(past)]

    def _account(self) -> tuple[int, str]:
        # The last account is hardly used: it is the one that a hold lies over.
        ordinary = self._cast.accounts[:-1]
        if self._chance.randrange(200) == 0:
            return self._cast.accounts[-1]
        return self._chance.choice(ordinary)

    def _fate(self, place: int, due_on: date) -> tuple[Stage, str, StopReason | None]:
        """Stage, what the bank said, and why it stands still."""
        sent = due_on < self._days.today
        ahead = place - self._trouble_from
        if ahead >= 0 and ahead % self._trouble_step == 0:
            self._troubles += 1
            turn = self._troubles // _BANK_EVERY
            if sent and self._troubles % _BANK_EVERY == 0:
                return _BANK[turn % len(_BANK)]
            reasons = tuple(StopReason)
            return Stage.READY, "", reasons[(self._troubles - turn) % len(reasons)]
        stages, shares = (_DONE, _DONE_SHARES) if sent else (_OPEN, _OPEN_SHARES)
        return self._chance.choices(stages, shares)[0], "", None

    def _holds(
        self, payment_id: int, values: dict[str, Any], payee: ManyPayee, reason: StopReason | None
    ) -> list[_Over]:
        if values["stage"] not in COVERABLE:
            return []
        overs = []
        if reason is not None:
            label = values["number"]
            hold = self._hold(HoldScope.PAYMENT, payment_id, label, reason, values["made_at"])
            overs.append(hold)
        keys = ((HoldScope.ACCOUNT, values["account_id"]), (HoldScope.PAYEE, payee.id))
        overs.extend(self._wide[key] for key in keys if key in self._wide)
        return overs

    def _place_wide_holds(self) -> None:
        at = self._days.at(self._days.ago(9), 11)
        account_id, number = self._cast.accounts[-1]
        scopes = [(HoldScope.ACCOUNT, account_id, number)]
        step = max(1, len(self._cast.payees) // max(1, self._total // 50_000))
        held = self._cast.payees[::step]
        scopes += [(HoldScope.PAYEE, payee.id, payee.name) for payee in held]
        for scope, scope_id, label in scopes:
            over = self._hold(scope, scope_id, label, StopReason.MANUAL_PAUSE, at)
            self._wide[scope, scope_id] = over

    def _hold(
        self, scope: HoldScope, scope_id: int, label: str, reason: StopReason, at: datetime
    ) -> _Over:
        by_hand = reason is StopReason.MANUAL_PAUSE
        hold_id = self._sheet.add(
            Hold,
            number=self.numbers.yearly("ZT", self._days.today.year),
            scope=scope,
            scope_id=scope_id,
            scope_label=label,
            reason=reason,
            cause=HoldCause.RISK_CONTROL if by_hand else "",
            text=f"{REASON_LABELS[reason]}，核实前停付",
            origin=MANUAL if by_hand else SYSTEM,
            state=HoldState.OPEN,
            placed_by=self._cast.users["supervisor"] if by_hand else None,
            placed_name=self._cast.labels["supervisor"] if by_hand else SYSTEM_ACTOR,
            placed_at=at + timedelta(hours=3),
        )
        return _Over(hold_id, scope, reason)

    def _paper(self, values: dict[str, Any]) -> int:
        return self._sheet.add(
            SourceDocument,
            kind="发票",
            number=values["invoice_no"],
            payee_name=values["payee_name"],
            payee_account=values["payee_account"],
            amount_minor=values["amount_minor"],
            due_on=values["due_on"],
            order_no=values["order_no"],
        )

    def _approve(self, payment_id: int, values: dict[str, Any]) -> None:
        levels = levels_for(DEFAULT_TIERS, Money(values["amount_minor"]))
        given = {Stage.PENDING_REVIEW: 0, Stage.PENDING_APPROVAL: 1}.get(
            values["stage"], len(levels)
        )
        done = given == len(levels)
        request_id = self._sheet.add(
            ApprovalRequest,
            kind=ApprovalKind.PAYMENT,
            subject_id=payment_id,
            subject_no=values["number"],
            title=f"付款 {values['payee_name']}",
            amount_minor=values["amount_minor"],
            levels=list(levels),
            position=given,
            state=RequestState.APPROVED if done else RequestState.OPEN,
            makers=[values["made_by"]],
            opened_by=values["made_by"],
            opened_at=values["made_at"] + timedelta(minutes=4),
            closed_at=values["made_at"] + timedelta(hours=2) if done else None,
        )
        for position, level in enumerate(levels[:given]):
            self._sheet.add(
                ApprovalDecision,
                request_id=request_id,
                position=position,
                level=level,
                user_id=self._cast.users[_DECIDERS[level]],
                decision=Decision.APPROVE,
                remark="同意",
                version=position + 1,
                at=values["made_at"] + timedelta(hours=1, minutes=10 * position),
            )

    def _attempt(self, payment_id: int, values: dict[str, Any]) -> None:
        sent = self._sent(values["due_on"])
        self._sheet.add(
            Attempt,
            payment_id=payment_id,
            ordinal=1,
            obligation=f"{values['payee_id']}|{values['invoice_no']}",
            payee_id=values["payee_id"],
            amount_minor=values["amount_minor"],
            channel=values["channel"],
            sent=values_of(values, dict(self._cast.accounts)[values["account_id"]]),
            state=_ATTEMPTS[values["stage"]],
            live=values["stage"] is Stage.UNKNOWN,
            by_name=self._cast.labels["clerk"],
            written_at=sent,
            answered_at=sent + timedelta(minutes=5),
            bank_ref=f"{values['due_on']:%Y%m%d}{payment_id:09d}",
            bank_text=values["bank_text"],
        )

    def _sent(self, day: date) -> datetime:
        return self._days.at(day, 14, 30)


def troubled(total: int) -> int:
    """How many of so many payments are in trouble of their own: one in a hundred, and enough of
    them for every reason where there are few.
    """
    return max(total // 100, min(total // 4, 46), 1)


def _of_payee(payee: ManyPayee) -> dict[str, Any]:
    return {
        "payee_id": payee.id,
        "payee_name": payee.name,
        "payee_account": payee.account,
        "payee_bank": payee.bank.name,
        "payee_cnaps": payee.bank.code,
        "payee_city": payee.bank.city,
        "payee_kind": payee.kind,
    }

"""Putting payments down with everything that belongs to them: papers, approvals, attempts, trail."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from app.access.approvals import ApprovalKind, Decision, RequestState
from app.access.model import ApprovalDecision, ApprovalRequest
from app.access.rights import Role
from app.access.rules import DEFAULT_TIERS, levels_for
from app.audit.trail import SYSTEM_ACTOR, Event
from app.core.codes import StopReason, classify_answer
from app.core.money import Money
from app.demo.company import ABC, CCB, CMB, ICBC, Firm, KnownPayee
from app.demo.days import Days
from app.demo.sent import values_of
from app.demo.sheet import Numbering, Sheet
from app.payments.holds import SYSTEM
from app.payments.model import Attempt, Hold, HoldCover, Payment, SourceDocument
from app.payments.states import AttemptState, HoldScope, HoldState, Stage

_BANKS: Final = {ICBC: "工商银行", CCB: "建设银行", CMB: "招商银行", ABC: "农业银行"}
_DECIDERS: Final = {
    Role.CHECKER: "checker",
    Role.SUPERVISOR: "supervisor",
    Role.CFO: "cfo",
    Role.GM: "gm",
}
# Trail times: what was made, decided, sent and answered on one day stands together.
_MADE, _SENT, _ANSWERED = (10, 0), (14, 50), (15, 30)
_ATTEMPTS: Final = {
    Stage.EXECUTED: AttemptState.SUCCEEDED,
    Stage.FAILED: AttemptState.FAILED,
    Stage.RETURNED: AttemptState.RETURNED,
    Stage.UNKNOWN: AttemptState.UNKNOWN,
    Stage.SUBMITTED: AttemptState.WRITTEN,
    Stage.BANK_PROCESSING: AttemptState.PROCESSING,
}
_LIVE: Final = frozenset({Stage.UNKNOWN, Stage.SUBMITTED, Stage.BANK_PROCESSING})
_APPROVED: Final = frozenset({Stage.READY, *_ATTEMPTS})
_IBPS_MOST, _BEPS_MOST = Money.parse("50000").minor, Money.parse("1000000").minor
_SUCCESS: Final = {ICBC: ("7", "处理成功"), CMB: ("FIN-S", "成功")}


@dataclass(frozen=True, slots=True)
class Plan:
    """A payment to be put down. amount in 分; values: columns that differ from the payee's own;
    paper: columns of its document that differ from the payment, None for no document.
    """

    payee: KnownPayee
    account: str
    amount: int
    made_on: date
    due_on: date
    stage: Stage
    maker: str = "clerk"
    values: dict[str, Any] = field(default_factory=dict)
    paper: dict[str, Any] | None = field(default_factory=dict)
    answer: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Put:
    """A payment that was put down."""

    id: int
    number: str
    plan: Plan


Timed = tuple[datetime, str, Event]


class Ledger:
    """Writes payments into a sheet; `events` is what the trail says of them, in no order."""

    def __init__(self, sheet: Sheet, firm: Firm, days: Days, chance: Random) -> None:
        self.sheet = sheet
        self.firm = firm
        self.days = days
        self.chance = chance
        self.numbers = Numbering()
        self.events: list[Timed] = []
        self._papers = 0

    def put(self, plan: Plan) -> Put:
        """Put the payment down as far as its stage says it came."""
        made_at = self._time(plan.made_on, 9)
        number = self.numbers.payment(plan.made_on)
        row = self._row(plan, number, made_at)
        payment_id = self.sheet.add(Payment, **row)
        put = Put(payment_id, number, plan)
        self._say(
            (plan.made_on, _MADE),
            plan.maker,
            "payment.created",
            put,
            {"payee": row["payee_name"], "amount": Money(plan.amount).decimal()},
        )
        self._approve(put, made_at)
        if plan.stage in _ATTEMPTS:
            self._attempt(put, row)
        return put

    def reference(self, kind: str, day: date) -> str:
        """A fresh invoice, order or contract number."""
        self._papers += 1
        if kind == "invoice_no":
            return f"{day:%y}31200000{self._papers:010d}"
        return f"{'PO' if kind == 'order_no' else 'HT'}-{day.year}-{self._papers:05d}"

    def _row(self, plan: Plan, number: str, made_at: datetime) -> dict[str, Any]:
        payee = plan.payee
        row: dict[str, Any] = {
            "number": number,
            "account_id": self.firm.accounts[plan.account],
            "payee_id": payee.id,
            "payee_name": payee.name,
            "payee_account": payee.account,
            "payee_bank": payee.bank,
            "payee_cnaps": payee.cnaps,
            "payee_city": payee.city,
            "payee_kind": payee.kind,
            "amount_minor": plan.amount,
            "purpose": payee.goods,
            "summary": f"{plan.made_on.month}月{payee.goods}",
            "channel": usual_channel(plan.amount),
            "due_on": plan.due_on,
            "invoice_no": self.reference("invoice_no", plan.made_on),
            "order_no": self.reference("order_no", plan.made_on),
            "contract_no": f"HT-{plan.made_on.year}-{payee.id:03d}",
            "stage": plan.stage,
            "status": plan.stage,
            "made_by": self.firm.users[plan.maker],
            "made_at": made_at,
            **plan.values,
        }
        if plan.paper is not None:
            row["document_id"] = self._paper(row, plan.paper)
        return row

    def _paper(self, row: dict[str, Any], differs: dict[str, Any]) -> int:
        return self.sheet.add(
            SourceDocument,
            **{
                "kind": "发票",
                "number": row["contract_no" if differs.get("kind") == "合同" else "invoice_no"],
                "payee_name": row["payee_name"],
                "payee_account": row["payee_account"],
                "amount_minor": row["amount_minor"],
                "due_on": row["due_on"],
                "order_no": row["order_no"],
                **differs,
            },
        )

    def _approve(self, put: Put, made_at: datetime) -> None:
        plan = put.plan
        if plan.stage in {Stage.DRAFT, Stage.VOIDED}:
            return
        levels = levels_for(DEFAULT_TIERS, Money(plan.amount))
        state, given = _approval(plan.stage, levels)
        closed = None if state is RequestState.OPEN else made_at + timedelta(hours=len(levels))
        request_id = self.sheet.add(
            ApprovalRequest,
            kind=ApprovalKind.PAYMENT,
            subject_id=put.id,
            subject_no=put.number,
            title=f"付款 {plan.values.get('payee_name', plan.payee.name)}",
            amount_minor=plan.amount,
            levels=list(levels),
            position=sum(1 for one in given if one is Decision.APPROVE),
            state=state,
            makers=[self.firm.users[plan.maker]],
            opened_by=self.firm.users[plan.maker],
            opened_at=made_at + timedelta(minutes=4),
            closed_at=closed,
        )
        for position, decision in enumerate(given):
            self._decide(put, request_id, position, levels[position], decision)

    def _decide(
        self, put: Put, request_id: int, position: int, level: Role, decision: Decision
    ) -> None:
        username = _DECIDERS[level]
        day = put.plan.made_on
        refused = decision is not Decision.APPROVE
        remark = "发票与合同金额不一致，请补充说明" if refused else "同意"
        self.sheet.add(
            ApprovalDecision,
            request_id=request_id,
            position=position,
            level=level,
            user_id=self.firm.users[username],
            decision=decision,
            remark=remark,
            version=position + 1,
            at=self._time(day, 11 + position),
        )
        after = {"decision": decision, "level": level}
        self._say((day, (11 + position, 59)), username, "payment.decided", put, after, remark)

    def _attempt(self, put: Put, row: dict[str, Any]) -> None:
        plan = put.plan
        sent = self._time(plan.due_on, 14, 45)
        answered = sent + timedelta(minutes=self.chance.randint(2, 20))
        code, text = plan.answer if any(plan.answer) else _SUCCESS.get(plan.account, ("", ""))
        live = plan.stage in _LIVE
        if live:
            code, text = plan.answer
        reference = row["invoice_no"] or row["order_no"]
        self.sheet.add(
            Attempt,
            payment_id=put.id,
            ordinal=1,
            obligation=f"{row['payee_id']}|{reference}" if reference else f"#{put.id}",
            payee_id=row["payee_id"],
            amount_minor=row["amount_minor"],
            channel=row["channel"],
            sent=values_of(row, plan.account),
            state=_ATTEMPTS[plan.stage],
            live=live,
            by_name=self.firm.labels["clerk"],
            written_at=sent,
            answered_at=None if plan.stage is Stage.SUBMITTED else answered,
            bank_ref=f"{plan.due_on:%Y%m%d}{put.id:08d}",
            bank_code=code,
            bank_text=text,
        )
        # The row is in the sheet already: what the bank said belongs to it too.
        self.sheet.amend(Payment, put.id, bank_code=code, bank_text=text)
        self._say((plan.due_on, _SENT), "clerk", "attempt.written", put, {"attempt": 1})
        if plan.stage is not Stage.SUBMITTED:
            after = {"attempt": 1, "code": code, "result": _ATTEMPTS[plan.stage]}
            self._say((plan.due_on, _ANSWERED), "clerk", "attempt.answered", put, after, text)
        if plan.stage is Stage.EXECUTED:
            self.sheet.amend(Payment, put.id, executed_at=answered)
        elif plan.stage in {Stage.FAILED, Stage.RETURNED, Stage.UNKNOWN}:
            self._hold(put, answered, code, text)

    def _hold(self, put: Put, at: datetime, code: str, text: str) -> None:
        reason = {
            Stage.RETURNED: StopReason.RETURNED,
            Stage.UNKNOWN: StopReason.BANK_INTERFACE,
        }.get(put.plan.stage)
        if reason is None:
            meaning = classify_answer(_BANKS[put.plan.account], code, text)
            reason = meaning.reason or StopReason.OTHER
        said = "已发出而结果不明" if put.plan.stage is Stage.UNKNOWN else text
        hold_id = self.sheet.add(
            Hold,
            number=self.numbers.yearly("ZT", at.astimezone(self.days.tz).year),
            scope=HoldScope.PAYMENT,
            scope_id=put.id,
            scope_label=put.number,
            reason=reason,
            text=said,
            origin=SYSTEM,
            state=HoldState.OPEN,
            placed_name=SYSTEM_ACTOR,
            placed_at=at,
        )
        self.sheet.add(HoldCover, hold_id=hold_id, payment_id=put.id, reason=reason)
        self.sheet.amend(Payment, put.id, hold_count=1)
        event = Event("hold.placed", f"payment:{put.number}", after={"reason": reason}, reason=said)
        self.events.append((self.days.at(put.plan.due_on, *_ANSWERED), SYSTEM_ACTOR, event))

    def _say(
        self,
        when: tuple[date, tuple[int, int]],
        username: str,
        act: str,
        put: Put,
        after: dict[str, Any],
        reason: str = "",
    ) -> None:
        event = Event(act, f"payment:{put.number}", after=after, reason=reason)
        self.events.append((self.days.at(when[0], *when[1]), self.firm.labels[username], event))

    def _time(self, day: date, hour: int, within: int = 50) -> datetime:
        return self.days.at(day, hour, self.chance.randrange(within), self.chance.randrange(60))


def usual_channel(amount: int) -> str:
    """The way by which a payment of that size goes."""
    if amount <= _IBPS_MOST:
        return "IBPS"
    return "BEPS" if amount <= _BEPS_MOST else "HVPS"


def _approval(stage: Stage, levels: tuple[Role, ...]) -> tuple[RequestState, list[Decision]]:
    """How the approval stands, and the decisions given so far."""
    if stage in _APPROVED:
        return RequestState.APPROVED, [Decision.APPROVE] * len(levels)
    return {
        Stage.PENDING_REVIEW: (RequestState.OPEN, []),
        Stage.PENDING_APPROVAL: (RequestState.OPEN, [Decision.APPROVE]),
        Stage.SENT_BACK: (RequestState.RETURNED, [Decision.RETURN]),
        Stage.REJECTED: (RequestState.REJECTED, [Decision.REJECT]),
    }[stage]

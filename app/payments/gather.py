"""Gathering the facts of many payments with a few queries, for diagnosis, gate and dry run."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select

from app.access.model import ApprovalDecision, ApprovalRequest
from app.access.rights import Role
from app.accounts.model import AccountBalance
from app.accounts.rules import AccountStatus, Funds
from app.core.codes import StopReason
from app.core.money import Money
from app.payees.model import Payee, PayeeAccount
from app.payments.diagnosis.facts import (
    ApprovalFacts,
    AttemptFacts,
    BankCheckFacts,
    DocumentFacts,
    Facts,
    HoldFacts,
    PayeeFacts,
    PayerFacts,
    SystemFacts,
)
from app.payments.holds import SYSTEM
from app.payments.model import (
    Attempt,
    BankCheck,
    Hold,
    Payment,
    SourceDocument,
)
from app.payments.run_facts import RunFacts
from app.payments.states import UNDECIDED, HoldScope, Stage, Status
from app.payments.twins import twins_of
from app.storage.work import ReadWork

_CHUNK = 400


def gather(
    work: ReadWork, payments: Sequence[Payment], system: SystemFacts
) -> Iterator[tuple[Payment, Facts]]:
    """Each payment with its facts; queries are per chunk, never per payment."""
    common = RunFacts(work, system)
    for start in range(0, len(payments), _CHUNK):
        chunk = payments[start : start + _CHUNK]
        own = _Chunk(work, chunk, common)
        for payment in chunk:
            yield payment, own.facts(payment)


class _Chunk:
    """What some hundred payments need, loaded at once."""

    def __init__(self, work: ReadWork, payments: Sequence[Payment], common: RunFacts) -> None:
        self.work = work
        self.common = common
        ids = [payment.id for payment in payments]
        payees = {payment.payee_id for payment in payments}
        session = work.session
        self.payees = {
            row.id: row for row in session.scalars(select(Payee).where(Payee.id.in_(payees)))
        }
        self.payee_accounts: dict[int, list[PayeeAccount]] = defaultdict(list)
        for account in session.scalars(
            select(PayeeAccount).where(PayeeAccount.payee_id.in_(payees))
        ):
            self.payee_accounts[account.payee_id].append(account)
        # Money that came back from an account says so under any payee's name.
        self.doubts = {
            row.number: row.doubted_at
            for row in session.scalars(
                select(PayeeAccount).where(
                    PayeeAccount.number.in_({p.payee_account for p in payments}),
                    PayeeAccount.doubted_at.is_not(None),
                )
            )
        }
        documents = {p.document_id for p in payments if p.document_id is not None}
        self.documents = {
            row.id: row
            for row in session.scalars(
                select(SourceDocument).where(SourceDocument.id.in_(documents))
            )
        }
        self.approvals = _newest_approvals(work, ids)
        self.decisions = _last_decisions(work, [row.id for row in self.approvals.values()])
        self.attempts = _by_payment(
            session.scalars(
                select(Attempt).where(Attempt.payment_id.in_(ids)).order_by(Attempt.ordinal)
            )
        )
        self.checks: dict[int, list[BankCheck]] = defaultdict(list)
        for check in session.scalars(
            select(BankCheck).where(BankCheck.payment_id.in_(ids)).order_by(BankCheck.id)
        ):
            self.checks[check.payment_id].append(check)
        self.twins = twins_of(work, payments, int(common.thresholds["R06.window"]))

    def facts(self, payment: Payment) -> Facts:
        common = self.common
        return Facts(
            now=self.work.now,
            today=self.work.today,
            tz=self.work.tz,
            calendar=common.calendar,
            number=payment.number,
            stage=Stage(payment.stage),
            amount=Money(payment.amount_minor, payment.currency),
            due_on=payment.due_on,
            made_at=payment.made_at,
            payee_name=payment.payee_name,
            payee_account=payment.payee_account,
            payee_bank=payment.payee_bank,
            payee_cnaps=payment.payee_cnaps,
            payee_kind=payment.payee_kind,
            purpose=payment.purpose,
            invoice_no=payment.invoice_no,
            order_no=payment.order_no,
            contract_no=payment.contract_no,
            bank=common.accounts[payment.account_id].bank,
            bank_code=payment.bank_code,
            bank_text=payment.bank_text,
            payer=self._payer(payment),
            channel=common.channels.get(payment.channel),
            other_channels=tuple(
                facts for code, facts in common.channels.items() if code != payment.channel
            ),
            maker=common.maker(payment.made_by, payment.made_at),
            approval=self._approval(payment),
            payee=self._payee(payment),
            document=self._document(payment),
            system=common.system,
            thresholds=common.thresholds,
            holds=tuple(_hold_facts(hold) for hold in common.holds.over(payment)),
            twins=tuple(self.twins.get(payment.id, ())),
            attempts=tuple(
                AttemptFacts(a.ordinal, a.state, a.channel, a.written_at, a.bank_code, a.bank_text)
                for a in self.attempts.get(payment.id, [])
            ),
            bank_checks=tuple(
                BankCheckFacts(c.result, c.asked_at, c.evidence)
                for c in self.checks.get(payment.id, [])
            ),
        )

    def _payer(self, payment: Payment) -> PayerFacts:
        common = self.common
        account = common.accounts[payment.account_id]
        currency = account.currency
        balance = common.balances.get(account.id)
        transit = common.in_transit.get(account.id, 0)
        if payment.stage in UNDECIDED or _not_yet_seen(payment, balance):
            transit -= payment.amount_minor
        due = sum(total for day, total in common.due.get(account.id, []) if day <= payment.due_on)
        if payment.status == Status.READY:
            due -= payment.amount_minor
        return PayerFacts(
            number=account.number,
            name=account.name,
            status=AccountStatus(account.status),
            status_since=account.status_since,
            restrictions=common.restrictions.get(account.id, ()),
            funds=Funds(
                Money(balance.book_minor if balance else 0, currency),
                Money(balance.frozen_minor if balance else 0, currency),
                Money(transit, currency),
                balance.as_of if balance else None,
            ),
            reserve=Money(account.reserve_minor, currency),
            single_limit=Money.of(account.single_limit_minor, currency),
            daily_limit=Money.of(account.daily_limit_minor, currency),
            sent_today=Money(common.sent_today.get(account.id, 0), currency),
            due_before=Money(due, currency),
        )

    def _approval(self, payment: Payment) -> ApprovalFacts | None:
        row = self.approvals.get(payment.id)
        if row is None:
            return None
        level = Role(row.levels[row.position]) if row.position < len(row.levels) else None
        last = self.decisions.get(row.id)
        barred = frozenset(row.makers)
        return ApprovalFacts(
            state=row.state,
            level=level,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            last_decider=self.common.users[last.user_id].name if last else "",
            remark=last.remark if last else (row.closed_why or ""),
            available=self.common.deciders(level, barred) if level else (),
        )

    def _payee(self, payment: Payment) -> PayeeFacts:
        accounts = self.payee_accounts.get(payment.payee_id, [])
        mine = next((a for a in accounts if a.number == payment.payee_account), None)
        payee = self.payees[payment.payee_id]
        return PayeeFacts(
            registered_name=payee.name,
            known_accounts=frozenset(a.number for a in accounts),
            proven_accounts=frozenset(
                a.number for a in accounts if a.confirmed or a.doubted_at is not None
            ),
            account_since=mine.since if mine else None,
            account_doubted_at=(
                None if mine and mine.confirmed else self.doubts.get(payment.payee_account)
            ),
            amounts=self.common.last_amounts(payment.payee_id),
            company=payee.kind == "COMPANY",
        )

    def _document(self, payment: Payment) -> DocumentFacts | None:
        row = self.documents.get(payment.document_id or 0)
        if row is None:
            return None
        return DocumentFacts(
            row.kind,
            row.number,
            row.payee_name,
            row.payee_account,
            Money(row.amount_minor, row.currency),
            row.due_on,
        )


def _not_yet_seen(payment: Payment, balance: AccountBalance | None) -> bool:
    if balance is None or payment.executed_at is None or payment.stage != Stage.EXECUTED:
        return False
    return payment.executed_at > balance.as_of


def _hold_facts(hold: Hold) -> HoldFacts:
    return HoldFacts(
        number=hold.number,
        scope=HoldScope(hold.scope),
        scope_label=hold.scope_label,
        reason=StopReason(hold.reason),
        cause=hold.cause,
        text=hold.text,
        placed_by=hold.placed_name,
        placed_at=hold.placed_at,
        until=hold.until,
        system=hold.origin == SYSTEM,
    )


def _by_payment(attempts: Iterable[Attempt]) -> dict[int, list[Attempt]]:
    found: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        found[attempt.payment_id].append(attempt)
    return found


def _newest_approvals(work: ReadWork, ids: Sequence[int]) -> dict[int, ApprovalRequest]:
    rows = work.session.scalars(
        select(ApprovalRequest)
        .where(ApprovalRequest.kind == "PAYMENT", ApprovalRequest.subject_id.in_(ids))
        .order_by(ApprovalRequest.id)
    )
    return {row.subject_id: row for row in rows}


def _last_decisions(work: ReadWork, ids: Sequence[int]) -> dict[int, ApprovalDecision]:
    rows = work.session.scalars(
        select(ApprovalDecision)
        .where(ApprovalDecision.request_id.in_(ids))
        .order_by(ApprovalDecision.position)
    )
    return {row.request_id: row for row in rows}

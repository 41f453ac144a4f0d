"""What is known of an agreement before it is cancelled: the checklist, what hinders it, what its end brings."""

from datetime import date
from typing import Final

from sqlalchemy import select

from app.accounts.model import BankAccount
from app.accounts.reading import workdays
from app.agreements.checklist import CheckItem, check_items
from app.agreements.impact import BankDays, Impact, Subject, impact_of
from app.agreements.model import Agreement, AgreementDebit, BankTerm
from app.agreements.rhythm import Rhythm, next_debit
from app.agreements.service import fields_of, state_of
from app.agreements.states import AGREEMENT_LABELS, CHANGEABLE
from app.core.money import Money
from app.core.workdays import UnknownCalendar
from app.storage.work import ReadWork

# domain.md §2.6: the agreement ends ten working days after the application, where a bank says nothing else.
USUAL_BANK_DAYS: Final = 10
_RECENT: Final = 3


def impact(work: ReadWork, agreement: Agreement, wished_on: date) -> Impact:
    """What the end of an agreement brings, as far as it is known today."""
    account = work.session.get_one(BankAccount, agreement.account_id)
    return impact_of(
        subject_of(work, agreement),
        work.today,
        wished_on,
        bank_done_on(work, account.bank, work.today),
        _shared(work, agreement),
        days_of(work, account.bank),
    )


def subject_of(work: ReadWork, agreement: Agreement) -> Subject:
    """What the impact looks at."""
    fields = fields_of(work, agreement)
    recent = work.session.scalars(
        select(AgreementDebit.amount_minor)
        .where(AgreementDebit.agreement_id == agreement.id)
        .order_by(AgreementDebit.debited_on.desc(), AgreementDebit.id.desc())
        .limit(_RECENT)
    )
    return Subject(
        agreement.number,
        Rhythm(agreement.rhythm),
        agreement.first_debit_on,
        agreement.ends_on,
        fields.amount,
        tuple(Money(minor, agreement.currency) for minor in recent),
        fields.single_limit,
        agreement.notice_days,
        agreement.late_rate,
        agreement.breach,
    )


def why_not(work: ReadWork, agreement: Agreement) -> str:
    """Why an agreement can't be cancelled now; empty when it can (requirement D2.4)."""
    state = state_of(agreement, work.today)
    if state not in CHANGEABLE:
        return f"当前为“{AGREEMENT_LABELS[state]}”，不需要再取消。"
    account = work.session.get_one(BankAccount, agreement.account_id)
    if not account.branch.strip():
        return f"付款账户 {account.number} 没有登记开户行，无法致函银行；请先在“账户与渠道”补登。"
    return ""


def checklist_of(work: ReadWork, agreement: Agreement) -> tuple[CheckItem, ...]:
    """What must be looked at of that agreement, with its values of this moment."""
    due = next_debit(
        Rhythm(agreement.rhythm), agreement.first_debit_on, work.today, agreement.ends_on
    )
    fields = fields_of(work, agreement)
    return check_items(agreement.number, fields, "" if due is None else due.isoformat())


def days_of(work: ReadWork, bank: str) -> BankDays:
    """How many working days that bank takes; the usual ten where nobody set another number."""
    own = work.session.scalar(select(BankTerm.days).where(BankTerm.bank == bank))
    return BankDays(bank, USUAL_BANK_DAYS if own is None else own, own is not None)


def bank_done_on(work: ReadWork, bank: str, handed_in: date) -> date | None:
    """When the bank will have ended what it got on a day; None beyond the known calendar."""
    try:
        return workdays(work).add(handed_in, days_of(work, bank).days)
    except UnknownCalendar:
        return None


def _shared(work: ReadWork, agreement: Agreement) -> list[str]:
    """Other agreements with the same payee or account that are not over, by number."""
    rows = work.session.scalars(
        select(Agreement)
        .where(
            Agreement.id != agreement.id,
            (Agreement.payee_id == agreement.payee_id)
            | (Agreement.account_id == agreement.account_id),
        )
        .order_by(Agreement.number)
    )
    return [row.number for row in rows if state_of(row, work.today) in CHANGEABLE]

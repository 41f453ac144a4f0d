"""What the pages of 自动扣款 read: the register and one agreement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.access.guard import Actor, name_of, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.attaching import PaperLine, papers_of
from app.agreements.cancel_view import CancelForm, cancel_forms_of
from app.agreements.fields import AgreementFields
from app.agreements.model import Agreement, AgreementDebit
from app.agreements.rhythm import Rhythm, next_debit
from app.agreements.service import fields_of, find_agreement, state_of
from app.agreements.states import DEBITABLE, AgreementState
from app.audit.queries import AuditLine, of_subject
from app.core.money import Money
from app.payees.model import Payee
from app.storage.work import Database, ReadWork

LAST_DEBITS = 12


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One row of the register.

    next_on: the next debit day, None where nothing may be debited or nobody knows; days_left:
    until then. letters: name and pinyin of the payee, for searching.
    """

    number: str
    bank_no: str
    pboc_no: str
    state: AgreementState
    payee: str
    letters: str
    business: str
    bank: str
    branch: str
    account: str
    amount: Money | None
    single_limit: Money | None
    rhythm: Rhythm
    next_on: date | None
    days_left: int | None
    last_on: date | None
    last_amount: Money | None
    starts_on: date
    ends_on: date | None
    customer_no: str
    contract_no: str
    version: int


@dataclass(frozen=True, slots=True)
class DebitLine:
    debited_on: date
    amount: Money
    reference: str
    remark: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class AgreementDetail:
    """Everything about one agreement; debits: the last twelve, newest first."""

    line: AgreementLine
    fields: AgreementFields
    account_name: str
    state_why: str
    state_by: str
    made_by: str
    made_at: datetime
    debits: tuple[DebitLine, ...]
    cancellations: tuple[CancelForm, ...]
    papers: tuple[PaperLine, ...]
    trace: tuple[AuditLine, ...]


def agreement_lines(db: Database, actor: Actor) -> list[AgreementLine]:
    """The whole register, what is debited next first. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        rows = work.session.scalars(select(Agreement).order_by(Agreement.number)).all()
        lines = _lines(work, rows)
        return sorted(lines, key=lambda one: (one.next_on is None, one.next_on or date.max))


def agreement_detail(db: Database, actor: Actor, number: str) -> AgreementDetail:
    """One agreement with its last debits and its trail. Raises Denied, NotFound."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        row = find_agreement(work, number)
        debits = work.session.scalars(
            select(AgreementDebit)
            .where(AgreementDebit.agreement_id == row.id)
            .order_by(AgreementDebit.debited_on.desc(), AgreementDebit.id.desc())
            .limit(LAST_DEBITS)
        )
        [line] = _lines(work, [row])
        return AgreementDetail(
            line,
            fields_of(work, row),
            work.session.get_one(BankAccount, row.account_id).name,
            row.state_why,
            name_of(work, row.state_by),
            name_of(work, row.made_by),
            row.made_at,
            tuple(
                DebitLine(
                    one.debited_on,
                    Money(one.amount_minor, row.currency),
                    one.reference,
                    one.remark,
                    one.recorded_by,
                )
                for one in debits
            ),
            cancel_forms_of(work, row),
            papers_of(work, row),
            tuple(of_subject(work, f"agreement:{number}")),
        )


def matches(line: AgreementLine, text: str) -> bool:
    """Whether an agreement is meant by a text: a number, the payee (pinyin too), the account."""
    wanted = "".join(text.split()).casefold()
    said = (
        line.number,
        line.bank_no,
        line.pboc_no,
        line.letters,
        line.account,
        line.bank,
        line.customer_no,
        line.contract_no,
    )
    return not wanted or any(wanted in one.casefold().replace(" ", "") for one in said)


def _lines(work: ReadWork, rows: Sequence[Agreement]) -> list[AgreementLine]:
    accounts = {row.id: row for row in work.session.scalars(select(BankAccount))}
    wanted = {row.payee_id for row in rows}
    payees = _by_id(work, wanted)
    last = _last_debits(work, None if len(rows) > 1 else rows[0].id if rows else None)
    return [_line(work, row, accounts[row.account_id], payees[row.payee_id], last) for row in rows]


def _line(
    work: ReadWork,
    row: Agreement,
    account: BankAccount,
    payee: Payee,
    last: Mapping[int, AgreementDebit],
) -> AgreementLine:
    state, rhythm = state_of(row, work.today), Rhythm(row.rhythm)
    due = next_debit(rhythm, row.first_debit_on, work.today, row.ends_on)
    next_on = due if state in DEBITABLE | {AgreementState.PENDING} else None
    debit = last.get(row.id)
    return AgreementLine(
        number=row.number,
        bank_no=row.bank_no,
        pboc_no=row.pboc_no,
        state=state,
        payee=row.payee_name,
        letters=f"{row.payee_name}\n{payee.pinyin}\n{payee.initials}",
        business=row.business,
        bank=account.bank,
        branch=account.branch,
        account=account.number,
        amount=Money.of(row.amount_minor, row.currency),
        single_limit=Money.of(row.single_limit_minor, row.currency),
        rhythm=rhythm,
        next_on=next_on,
        days_left=None if next_on is None else (next_on - work.today).days,
        last_on=None if debit is None else debit.debited_on,
        last_amount=None if debit is None else Money(debit.amount_minor, row.currency),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        customer_no=row.customer_no,
        contract_no=row.contract_no,
        version=row.version,
    )


def _by_id(work: ReadWork, wanted: set[int]) -> dict[int, Payee]:
    found: dict[int, Payee] = {}
    ids = sorted(wanted)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        found.update(
            (row.id, row) for row in work.session.scalars(select(Payee).where(Payee.id.in_(part)))
        )
    return found


def _last_debits(work: ReadWork, agreement_id: int | None) -> dict[int, AgreementDebit]:
    """The newest debit of each agreement, or of one."""
    query = select(func.max(AgreementDebit.debited_on), AgreementDebit.agreement_id).group_by(
        AgreementDebit.agreement_id
    )
    if agreement_id is not None:
        query = query.where(AgreementDebit.agreement_id == agreement_id)
    days = query.subquery()
    rows = work.session.scalars(
        select(AgreementDebit)
        .join(
            days,
            (AgreementDebit.agreement_id == days.c.agreement_id)
            & (AgreementDebit.debited_on == days.c[0]),
        )
        .order_by(AgreementDebit.id)
    )
    return {row.agreement_id: row for row in rows}

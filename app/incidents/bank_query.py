"""付款查询函: a letter to each bank that asks what became of payments (requirements B4.1, B4.3)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.core.clock import business_date
from app.core.errors import BadInput
from app.core.money import Money, sum_up
from app.documents.forms import capitals
from app.documents.letter import Grid
from app.documents.merging import merged
from app.documents.writing import PdfResult, write_pdf
from app.incidents.model import Incident
from app.incidents.standing import payments_of
from app.incidents.states import EntryKind, Step
from app.incidents.steps import unlocked
from app.incidents.writing import find_incident, tell
from app.letters import issuing
from app.letters.drafting import UNNUMBERED, Content, draft_letter
from app.letters.errors import LetterKnown
from app.letters.issuing import Draft, live_letters
from app.letters.kinds import PAYMENT_COLUMNS, PAYMENTS
from app.letters.model import Letter
from app.letters.states import LetterKind, Party
from app.payments.attempts import attempts_of, undecided_since
from app.payments.model import Payment
from app.payments.states import STATUS_LABELS, UNDECIDED, Status
from app.storage.work import Database, ReadWork

_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class _Asked:
    """The payments of one branch of a bank."""

    branch: str
    rows: tuple[tuple[Payment, BankAccount], ...]


def issue_queries(db: Database, actor: Actor, number: str, payments: Sequence[str]) -> list[str]:
    """Issue a letter to each bank of these payments of an incident; returns their numbers.

    What a letter that counts asks already is left out. Raises BadInput for a payment of another
    incident or whose result is known, LetterKnown when all is asked, Conflict while the step is
    locked, SetupMissing, BadTemplate, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = unlocked(act.uow, number, Step.BANK)
        drafts = list(_drafts(act.uow, row, _not_asked(act.uow, _wanted(act.uow, row, payments))))
        letters, failed = issuing.issue(act, drafts)
        if failed:
            raise failed[0].refusal
        for letter in letters:
            covered = "、".join(letter.covers[:_NAMED])
            more = f"等 {len(letter.covers)} 笔" if len(letter.covers) > _NAMED else ""
            said = f"付款查询函 {letter.number}：{covered}{more}"
            tell(act, row, EntryKind.LETTER, said, organisation=letter.addressee)
        act.done(*issuing.issued_events(letters))
        return [letter.number for letter in letters]


def preview_queries(db: Database, actor: Actor, number: str, payments: Sequence[str]) -> PdfResult:
    """The letters as they would be issued, in one file, without numbers. Raises as issue_queries."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        row = find_incident(work, number)
        found = [
            write_pdf(draft.layout(UNNUMBERED))
            for draft in _drafts(work, row, _wanted(work, row, payments))
        ]
    if len(found) == 1:
        return found[0]
    fonts = dict.fromkeys(one.font for one in found)
    data = merged([one.data for one in found])
    return PdfResult(data, sum(one.pages for one in found), "、".join(fonts))


def _wanted(work: ReadWork, row: Incident, numbers: Sequence[str]) -> list[Payment]:
    if not numbers:
        raise BadInput("请选择要查询的付款。")
    known = {one.number: one for one in payments_of(work, row)}
    found = []
    for number in dict.fromkeys(numbers):
        payment = known.get(number)
        if payment is None:
            raise BadInput(f"{number} 不在 {row.number} 中。", "请先把该笔付款并入事件。")
        if payment.stage not in UNDECIDED:
            label = STATUS_LABELS[Status(payment.status)]
            raise BadInput(
                f"{number} 现为“{label}”，没有待查询的结果。", "只查询已提交银行而结果不明的付款。"
            )
        found.append(payment)
    return found


def _not_asked(work: ReadWork, payments: Sequence[Payment]) -> list[Payment]:
    since = undecided_since(work)
    asked = {
        number: letter.number
        for letter in live_letters(work)
        if letter.kind == LetterKind.BANK_QUERY
        for number in letter.covers
        if number in since and since[number] <= letter.issued_at
    }
    left = [one for one in payments if one.number not in asked]
    if not left:
        names = "、".join(dict.fromkeys(asked[one.number] for one in payments))
        raise LetterKnown(f"所选付款的查询函已生成（{names}）。", "请在“函件”中发送、催办。")
    return left


def _drafts(work: ReadWork, row: Incident, payments: Sequence[Payment]) -> Iterator[Draft]:
    of_this = Letter.subject.startswith(f"{row.number}-C")
    made = work.session.scalar(select(func.count(Letter.id)).where(of_this)) or 0
    for place, asked in enumerate(_by_branch(work, payments), start=made + 1):
        yield _draft(work, row, asked, f"{row.number}-C{place}")


def _by_branch(work: ReadWork, payments: Sequence[Payment]) -> list[_Asked]:
    found: dict[str, list[tuple[Payment, BankAccount]]] = defaultdict(list)
    for payment in payments:
        account = work.session.get_one(BankAccount, payment.account_id)
        found[account.branch or account.bank].append((payment, account))
    return [_Asked(branch, tuple(rows)) for branch, rows in sorted(found.items())]


def _draft(work: ReadWork, row: Incident, asked: _Asked, subject: str) -> Draft:
    accounts = {account.number: account for _, account in asked.rows}
    total = sum_up(Money(payment.amount_minor, payment.currency) for payment, _ in asked.rows)
    values = {
        "付款户名": "、".join(dict.fromkeys(one.name for one in accounts.values())),
        "付款账号": next(iter(accounts)) if len(accounts) == 1 else "详见下表",
        "付款笔数": str(len(asked.rows)),
        "合计大写": "、".join(map(_in_words, total)),
        "事件编号": row.number,
    }
    last = ("", "合计", "\n".join(one.named() for one in total), "", "", "")
    return draft_letter(
        work,
        Content(
            LetterKind.BANK_QUERY,
            Party.BANK,
            asked.branch,
            subject,
            tuple(payment.number for payment, _ in asked.rows),
            values,
            {PAYMENTS: Grid(PAYMENT_COLUMNS, tuple(_rows(work, asked)), last)},
        ),
    )


def _rows(work: ReadWork, asked: _Asked) -> Iterator[tuple[str, ...]]:
    for place, (payment, account) in enumerate(asked.rows, start=1):
        sent = attempts_of(work, payment)
        day = business_date(sent[-1].written_at, work.tz) if sent else payment.due_on
        payee = (payment.payee_name, payment.payee_account, payment.payee_bank)
        reference = sent[-1].bank_ref if sent else ""
        yield (
            str(place),
            day.isoformat(),
            Money(payment.amount_minor, payment.currency).named(),
            account.number,
            "\n".join(filter(None, payee)),
            "\n".join(filter(None, (payment.number, reference or payment.client_ref))),
        )


def _in_words(amount: Money) -> str:
    """In capitals where it is in yuan; other currencies have none."""
    return capitals(amount) if amount.currency == "CNY" else amount.named()

"""The letters of an approved cancellation: one to each bank branch, one to each payee."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select

from app.access.guard import Act, Actor, acting, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.cancelling import find_form, items_of
from app.agreements.errors import NotCancellable
from app.agreements.fields import BUSINESS_LABELS
from app.agreements.model import Agreement, Cancellation, CancellationItem, Takeover
from app.agreements.refunding import is_answered
from app.agreements.rhythm import RHYTHM_LABELS, Rhythm
from app.agreements.states import METHOD_LABELS, CancelState, ItemState, Method
from app.agreements.takeover_rules import TaskKept
from app.core.errors import NotFound
from app.core.money import Money
from app.documents.forms import capitals, date_text
from app.documents.letter import Grid
from app.documents.writing import PdfResult, write_pdf
from app.letters import issuing
from app.letters.drafting import UNNUMBERED, Content, draft_letter
from app.letters.errors import BadLetter
from app.letters.issuing import Draft, Failed
from app.letters.kinds import (
    AGREEMENT_COLUMNS,
    AGREEMENTS,
    PLAN,
    PLAN_COLUMNS,
)
from app.letters.model import Letter
from app.letters.states import LetterKind, Party
from app.storage.work import Database, ReadWork

# The writer's lock is held while these are drawn: so few that nobody else notices.
_AT_ONCE: Final = 10
_LONG_TERM: Final = "长期"
_BY_BILL: Final = "按账单"
_OUT: Final = frozenset({ItemState.DECIDED, ItemState.CONFIRMED})
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Issued:
    """What became of a batch. left: how many were not begun since somebody stopped it."""

    numbers: tuple[str, ...]
    failed: tuple[Failed, ...]
    left: int


@dataclass(frozen=True, slots=True)
class _One:
    """One agreement of the request with what letters say of it."""

    item: CancellationItem
    agreement: Agreement
    account: BankAccount


@dataclass(frozen=True, slots=True)
class Called:
    """A letter that a request calls for. covers: the numbers of its agreements; dropped: those of
    them that the bank refuses to end.
    """

    form_no: str
    kind: LetterKind
    party: Party
    addressee: str
    covers: tuple[str, ...]
    dropped: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The same with what it will say."""

    kind: LetterKind
    party: Party
    addressee: str
    rows: tuple[_One, ...]

    @property
    def covers(self) -> tuple[str, ...]:
        return tuple(row.agreement.number for row in self.rows)

    def called(self, form_no: str) -> Called:
        refused = (row for row in self.rows if row.item.state == ItemState.REFUSED)
        dropped = frozenset(row.agreement.number for row in refused)
        return Called(form_no, self.kind, self.party, self.addressee, self.covers, dropped)


def issue_letters(
    db: Database,
    actor: Actor,
    form_no: str,
    progress: Progress = lambda _done, _all: None,
    cancelled: Cancelled = lambda: False,
) -> Issued:
    """Issue the letters of a request that are not there yet, ten at a time; goes on where an
    interrupted batch stopped.

    Raises NotFound, NotCancellable before the approval, SetupMissing, BadTemplate, Denied.
    """
    numbers: list[str] = []
    failed: list[Failed] = []
    with reading(db, actor, Right.AGREEMENT_MANAGE) as work:
        wanted = [(one.kind, one.addressee) for one in _missing(work, approved_form(work, form_no))]
    for start in range(0, len(wanted), _AT_ONCE):
        if cancelled():
            return Issued(tuple(numbers), tuple(failed), len(wanted) - start)
        part = set(wanted[start : start + _AT_ONCE])
        with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
            letters, bad = _issue_part(act, form_no, part)
            failed += bad
            if letters:
                act.done(*issuing.issued_events(letters))
        numbers += [one.number for one in letters]
        progress(min(start + _AT_ONCE, len(wanted)), len(wanted))
    return Issued(tuple(numbers), tuple(failed), 0)


def preview_letter(
    db: Database, actor: Actor, form_no: str, kind: LetterKind, addressee: str
) -> PdfResult:
    """A letter as it would be issued, without a number. Raises as issue_letters does."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        form = find_form(work, form_no)
        plans = _plans(work, form)
        plan = next((p for p in plans if (p.kind, p.addressee) == (kind, addressee)), None)
        if plan is None:
            raise NotFound(f"{form_no} 不需要致函“{addressee}”。")
        draft = _draft(work, form, plan)
        return write_pdf(draft.layout(UNNUMBERED))


def void_letter(db: Database, actor: Actor, number: str, reason: str) -> None:
    """Let an issued letter not count; another may then be issued. Raises BadLetter, NotFound."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        letter = issuing.find_letter(act.uow, number)
        if is_answered(act.uow, letter):
            raise BadLetter(f"{letter.number} 已有答复，不能作废。", "请另行发函更正。")
        issuing.void(act, letter, reason)
        act.done(
            *issuing.letter_events(
                "letter.voided", letter, {"form": letter.subject}, reason.strip()
            )
        )


def called_for(work: ReadWork) -> list[Called]:
    """The letters that approved requests call for: the newest request first, banks before payees."""
    query = (
        select(Cancellation.number, CancellationItem, Agreement, BankAccount)
        .join(CancellationItem, CancellationItem.cancellation_id == Cancellation.id)
        .join(Agreement, Agreement.id == CancellationItem.agreement_id)
        .join(BankAccount, BankAccount.id == Agreement.account_id)
        .where(Cancellation.state == CancelState.APPROVED)
        .order_by(Cancellation.id.desc(), CancellationItem.id)
    )
    forms: dict[str, list[_One]] = defaultdict(list)
    for form_no, item, agreement, account in work.session.execute(query):
        forms[form_no].append(_One(item, agreement, account))
    return [plan.called(form_no) for form_no, rows in forms.items() for plan in _grouped(rows)]


def _issue_part(
    act: Act, form_no: str, part: set[tuple[LetterKind, str]]
) -> tuple[list[Letter], list[Failed]]:
    form = approved_form(act.uow, form_no)
    drafts = [
        _draft(act.uow, form, plan)
        for plan in _missing(act.uow, form)
        if (plan.kind, plan.addressee) in part
    ]
    return issuing.issue(act, drafts)


def approved_form(work: ReadWork, form_no: str) -> Cancellation:
    """The request, once a supervisor approved it: nothing leaves the house before.

    Raises NotFound, NotCancellable.
    """
    form = find_form(work, form_no)
    if form.state != CancelState.APPROVED:
        raise NotCancellable(
            f"{form_no} 尚未批准，不能生成函件。", "请由财务主管在“待授权”中审批。"
        )
    return form


def _missing(work: ReadWork, form: Cancellation) -> Iterator[_Plan]:
    """What is still to be issued, of the agreements that the bank has not refused."""
    for plan in _plans(work, form):
        rows = tuple(row for row in plan.rows if row.item.state in _OUT)
        known = issuing.live_letter(work, form.number, plan.kind, plan.addressee)
        if rows and known is None:
            yield replace(plan, rows=rows)


def _plans(work: ReadWork, form: Cancellation) -> list[_Plan]:
    return _grouped(_one(work, item) for item in items_of(work, form))


def _grouped(rows: Iterable[_One]) -> list[_Plan]:
    """The letters in the order in which they are numbered: banks first."""
    banks: dict[str, list[_One]] = defaultdict(list)
    payees: dict[str, list[_One]] = defaultdict(list)
    for row in rows:
        banks[row.account.branch or row.account.bank].append(row)
        payees[row.agreement.payee_name].append(row)
    return [
        *(_Plan(LetterKind.BANK_END, Party.BANK, n, tuple(r)) for n, r in banks.items()),
        *(_Plan(LetterKind.SUPPLIER_END, Party.SUPPLIER, n, tuple(r)) for n, r in payees.items()),
    ]


def _one(work: ReadWork, item: CancellationItem) -> _One:
    agreement = work.session.get_one(Agreement, item.agreement_id)
    return _One(item, agreement, work.session.get_one(BankAccount, agreement.account_id))


def _draft(work: ReadWork, form: Cancellation, plan: _Plan) -> Draft:
    tasks = _tasks(work, plan.rows)
    agreed = frozenset(row.agreement.id for row in plan.rows if row.agreement.amount_minor)
    accounts = {row.account.number: row.account for row in plan.rows}
    contracts = dict.fromkeys(r.agreement.contract_no for r in plan.rows if r.agreement.contract_no)
    values = {
        "取消原因": form.reason.strip().rstrip("。；，,.; "),
        "终止日": date_text(form.wished_on),
        "协议份数": str(len(plan.rows)),
        "申请单号": form.number,
        "付款户名": "、".join(dict.fromkeys(one.name for one in accounts.values())),
        "付款账号": "、".join(accounts) if len(accounts) == 1 else "详见下表",
        "合同号": "、".join(contracts) or "以双方协议为准",
        "合计大写": _total_words(tasks, agreed),
    }
    grids = {
        AGREEMENTS: Grid(AGREEMENT_COLUMNS, tuple(_agreement_rows(plan.rows))),
        PLAN: _plan_grid(plan.rows, tasks, agreed),
    }
    return draft_letter(
        work,
        Content(plan.kind, plan.party, plan.addressee, form.number, plan.covers, values, grids),
    )


def _tasks(work: ReadWork, rows: Sequence[_One]) -> list[Takeover]:
    found: list[Takeover] = []
    for row in rows:
        found += work.session.scalars(
            select(Takeover).where(Takeover.item_id == row.item.id, Takeover.state == TaskKept.OPEN)
        )
    return sorted(found, key=lambda one: (one.due_on, one.id))


def _agreement_rows(rows: Sequence[_One]) -> Iterator[tuple[str, ...]]:
    for place, row in enumerate(rows, start=1):
        one = row.agreement
        limit = Money.of(one.single_limit_minor or one.amount_minor, one.currency)
        yield (
            str(place),
            "\n".join(filter(None, (one.bank_no, one.pboc_no))) or one.number,
            one.payee_name,
            row.account.number,
            one.customer_no or "—",
            BUSINESS_LABELS.get(one.business, "其他"),
            "—" if limit is None else limit.named(),
            _debit_day(one),
            one.ends_on.isoformat() if one.ends_on else _LONG_TERM,
        )


def _debit_day(one: Agreement) -> str:
    rhythm = Rhythm(one.rhythm)
    if one.first_debit_on is None or rhythm is Rhythm.IRREGULAR:
        return RHYTHM_LABELS[rhythm]
    match rhythm:
        case Rhythm.WEEKLY:
            return f"每周{'一二三四五六日'[one.first_debit_on.weekday()]}"
        case Rhythm.YEARLY:
            return f"每年{one.first_debit_on.month}月{one.first_debit_on.day}日"
        case _:
            return f"{RHYTHM_LABELS[rhythm]}{one.first_debit_on.day}日"


def _plan_grid(rows: Sequence[_One], tasks: Sequence[Takeover], agreed: frozenset[int]) -> Grid:
    """When what will be paid. agreed: the agreements with a fixed amount: a guess is ours alone."""
    if not tasks:
        return Grid(PLAN_COLUMNS, (("—", "—", "双方对账后另行商定", "—", "—"),))
    numbers: Mapping[int, str] = {
        row.agreement.id: row.agreement.bank_no or row.agreement.number for row in rows
    }
    said = tuple(
        (
            str(place),
            numbers[task.agreement_id],
            date_text(task.due_on),
            _money(task).named() if _is_sure(task, agreed) else _BY_BILL,
            METHOD_LABELS[Method(task.method)],
        )
        for place, task in enumerate(tasks, start=1)
    )
    known = _sum(tasks, agreed)
    last = ("合计", "", "", _BY_BILL if known is None else known.named(), "")
    return Grid(PLAN_COLUMNS, said, last)


def _is_sure(task: Takeover, agreed: frozenset[int]) -> bool:
    return task.amount_minor is not None and task.agreement_id in agreed


def _total_words(tasks: Sequence[Takeover], agreed: frozenset[int]) -> str:
    known = _sum(tasks, agreed)
    return "金额按各期账单结算" if known is None else capitals(known)


def _sum(tasks: Sequence[Takeover], agreed: frozenset[int]) -> Money | None:
    """What the payments come to; None where one is not known, there is none, or they are of
    several currencies.
    """
    currencies = {task.currency for task in tasks}
    if len(currencies) != 1 or not all(_is_sure(task, agreed) for task in tasks):
        return None
    return sum((_money(task) for task in tasks), start=Money.zero(*currencies))


def _money(task: Takeover) -> Money:
    return Money(task.amount_minor or 0, task.currency)

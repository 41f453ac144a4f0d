"""追回: letters to bank and payee about debits after the end, and the entry to be booked."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import select

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.errors import NotCancellable
from app.agreements.model import Agreement, Confirmation, DisputedHit, WatchHit
from app.agreements.states import Answer
from app.agreements.watch.deciding import find_hit
from app.agreements.watch.rules import Ban
from app.agreements.watch.states import HIT_LABELS, HitState
from app.core.errors import NotFound
from app.core.money import Money
from app.documents.forms import capitals, date_text
from app.documents.letter import Grid
from app.documents.writing import PdfResult, write_pdf
from app.letters import issuing
from app.letters.drafting import UNNUMBERED, Content, draft_letter
from app.letters.errors import LetterKnown
from app.letters.issuing import Draft
from app.letters.kinds import DEBIT_COLUMNS, DEBITS
from app.letters.model import Letter, LetterVoid
from app.letters.states import LetterKind, Party
from app.storage.work import Database, ReadWork

_KINDS: Final = (
    (LetterKind.BANK_DISPUTE, Party.BANK),
    (LetterKind.SUPPLIER_DISPUTE, Party.SUPPLIER),
)
# What to do about a debit in a suspension, for which there is no letter.
BY_HAND: Final = (
    "请另行书面要求银行和收款单位退回该款并遵守暂停，办完后登记追回；不再扣款的，申请取消自动扣款。"
)
_DISPUTED: Final = frozenset({HitState.CONFIRMED})


def issue_disputes(db: Database, actor: Actor, numbers: Sequence[str]) -> list[str]:
    """Issue the letters to bank and payee about these debits of one agreement, as far as no
    letter that counts asks for them.

    numbers: of the hits. Raises NotCancellable unless all are confirmed, of one agreement and after
    its end (the letters speak of an end: a suspended agreement has none), LetterKnown when all is
    asked for, SetupMissing, BadTemplate, NotFound, Denied.
    """
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        wanted = _not_asked_for(act.uow, _disputed(act.uow, numbers))
        drafts = [_draft(act.uow, rows, kind, party) for kind, party, rows in wanted]
        letters, failed = issuing.issue(act, drafts)
        if failed:
            raise failed[0].refusal
        for letter, (_, _, rows) in zip(letters, wanted, strict=True):
            act.uow.session.add_all(DisputedHit(letter_id=letter.id, hit_id=row.id) for row in rows)
        act.done(*issuing.issued_events(letters))
        return [letter.number for letter in letters]


def preview_dispute(
    db: Database, actor: Actor, numbers: Sequence[str], kind: LetterKind
) -> PdfResult:
    """A letter as it would be issued, without a number. Raises as issue_disputes does."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        draft = _draft(work, _disputed(work, numbers), kind, dict(_KINDS)[kind])
        return write_pdf(draft.layout(UNNUMBERED))


def _not_asked_for(
    work: ReadWork, rows: Sequence[WatchHit]
) -> list[tuple[LetterKind, Party, list[WatchHit]]]:
    """The debits that each letter is still to ask for. Raises LetterKnown where there is none."""
    asked = {
        (LetterKind(kind), hit_id): number
        for kind, hit_id, number in work.session.execute(
            select(Letter.kind, DisputedHit.hit_id, Letter.number)
            .join(DisputedHit, DisputedHit.letter_id == Letter.id)
            .outerjoin(LetterVoid, LetterVoid.letter_id == Letter.id)
            .where(LetterVoid.id.is_(None), DisputedHit.hit_id.in_([row.id for row in rows]))
        )
    }
    found = [
        (kind, party, [row for row in rows if (kind, row.id) not in asked])
        for kind, party in _KINDS
    ]
    wanted = [one for one in found if one[2]]
    if not wanted:
        names = "、".join(dict.fromkeys(asked.values()))
        raise LetterKnown(f"所选扣款的追回函已生成（{names}）。", "请在“函件”中发送、催办。")
    return wanted


def _disputed(work: ReadWork, numbers: Sequence[str]) -> list[WatchHit]:
    rows = [find_hit(work, number) for number in numbers]
    if not rows:
        raise NotFound("没有选择异常扣款。")
    for row in rows:
        if row.state not in _DISPUTED:
            label = HIT_LABELS[HitState(row.state)]
            raise NotCancellable(f"{row.number} 为“{label}”，不能致函追回。", "请先确认异常扣款。")
        if row.ban == Ban.SUSPENDED:
            raise NotCancellable(
                f"{row.number} 是暂停期间的扣款，追回函只用于终止后的扣款。", BY_HAND
            )
    if len({row.agreement_id for row in rows}) > 1:
        raise NotCancellable("所选扣款不属于同一份协议。", "请每次选择同一份协议的扣款。")
    return sorted(rows, key=lambda row: (row.debited_on, row.id))


def _draft(work: ReadWork, rows: Sequence[WatchHit], kind: LetterKind, party: Party) -> Draft:
    agreement = work.session.get_one(Agreement, rows[0].agreement_id)
    accounts = _accounts(work, rows)
    bank = accounts[0].branch or accounts[0].bank
    total = _total(rows)
    values = {
        "付款户名": "、".join(dict.fromkeys(one.name for one in accounts)),
        "付款账号": accounts[0].number if len(accounts) == 1 else "详见下表",
        "收款单位": agreement.payee_name,
        "协议编号": agreement.bank_no or agreement.pboc_no or agreement.number,
        "合同号": agreement.contract_no or "以双方协议为准",
        "终止生效日": date_text(rows[0].ended_on),
        "银行回执": _receipt(work, agreement),
        "合计大写": capitals(total),
    }
    last = ("", "合计", total.named(), "", "", "")
    return draft_letter(
        work,
        Content(
            kind,
            party,
            bank if party is Party.BANK else agreement.payee_name,
            rows[0].number,
            (agreement.number,),
            values,
            {DEBITS: Grid(DEBIT_COLUMNS, tuple(_rows(work, rows)), last)},
        ),
    )


def _receipt(work: ReadWork, agreement: Agreement) -> str:
    """How the bank confirmed the end; an agreement may also end by its own last day."""
    said = work.session.scalar(
        select(Confirmation)
        .where(
            Confirmation.agreement_id == agreement.id,
            Confirmation.party == Party.BANK,
            Confirmation.outcome == Answer.TERMINATED,
        )
        .order_by(Confirmation.id.desc())
        .limit(1)
    )
    if said is None:
        return "协议约定的失效日已过"
    number = f"，回执编号 {said.receipt_no}" if said.receipt_no else ""
    return f"贵行 {date_text(said.answered_on)} 确认{number}"


def _accounts(work: ReadWork, rows: Sequence[WatchHit]) -> list[BankAccount]:
    ids = dict.fromkeys(row.account_id for row in rows)
    return [work.session.get_one(BankAccount, one) for one in ids]


def _rows(work: ReadWork, rows: Sequence[WatchHit]) -> Iterator[tuple[str, ...]]:
    for place, row in enumerate(rows, start=1):
        yield (
            str(place),
            row.debited_on.isoformat(),
            Money(row.amount_minor, row.currency).named(),
            work.session.get_one(BankAccount, row.account_id).number,
            "\n".join(filter(None, (row.name, row.payee_account))) or "—",
            row.text or "—",
        )


def _total(rows: Sequence[WatchHit]) -> Money:
    amounts = [Money(row.amount_minor, row.currency) for row in rows]
    return sum(amounts[1:], start=amounts[0])

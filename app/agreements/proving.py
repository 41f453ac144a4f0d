"""取消操作证明: issued for a request, as often as somebody needs one."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.access.founding import company_of
from app.access.guard import Act, Actor, acting
from app.access.rights import Right
from app.agreements.attaching import PAPER_LABELS, papers_of, size_text
from app.agreements.cancel_view import AnswerLine, CancelForm, CancelItemLine, form_of
from app.agreements.notices import approved_form
from app.agreements.service import find_agreement, state_of
from app.agreements.states import AGREEMENT_LABELS, ANSWER_LABELS, CANCEL_LABELS
from app.audit.model import AuditEntry
from app.audit.proofs import proof_text
from app.audit.queries import ACT_LABELS
from app.documents.blocks import Document
from app.documents.cancel_proof import (
    CancelProof,
    ProvenAct,
    ProvenAgreement,
    ProvenPaper,
    cancel_proof_document,
)
from app.documents.forms import date_text, time_text
from app.letters import issuing
from app.letters.issuing import Draft
from app.letters.states import CARRIER_LABELS, LetterKind, Party
from app.payments.release_log import log_number
from app.storage.work import Database, ReadWork

_NOT_YET = "尚未答复"


def issue_proof(db: Database, actor: Actor, form_no: str) -> str:
    """The number of a new 取消操作证明. Raises NotFound, NotCancellable before the approval, Denied."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        approved_form(act.uow, form_no)
        draft = _draft(act, form_of(act.uow, form_no))
        letters, failed = issuing.issue(act, [draft])
        if failed:
            raise failed[0].refusal
        act.done(*issuing.issued_events(letters))
        return letters[0].number


def _draft(act: Act, form: CancelForm) -> Draft:
    work = act.uow
    card = company_of(work)
    entries = _entries(work, form)
    last = entries[-1]

    def layout(number: str) -> Document:
        return cancel_proof_document(
            CancelProof(
                company=card.name,
                drill=card.drill,
                number=number,
                form_no=form.number,
                made_at=work.now.astimezone(work.tz),
                made_by=act.person.name,
                dataset=card.dataset,
                agreements=tuple(_proven(work, item, form) for item in form.items),
                acts=tuple(_acts(work, entries)),
                papers=tuple(_papers(work, form)),
                entries=work.session.scalar(select(func.max(AuditEntry.seq))) or 0,
                proof=proof_text(last.seq, last.hash),
            )
        )

    covers = tuple(item.number for item in form.items)
    return Draft(LetterKind.PROOF, form.number, None, card.name, covers, 0, layout)


def _entries(work: ReadWork, form: CancelForm) -> list[AuditEntry]:
    """What the trail holds of these agreements since the request, oldest first."""
    subjects = [f"agreement:{item.number}" for item in form.items]
    rows = work.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject.in_(subjects),
            AuditEntry.act.startswith("cancel.") | AuditEntry.act.startswith("letter."),
        )
        .order_by(AuditEntry.seq)
    )
    return [row for row in rows if datetime.fromisoformat(row.at) >= form.requested_at]


def _acts(work: ReadWork, entries: Sequence[AuditEntry]) -> Iterator[ProvenAct]:
    for row in entries:
        at = datetime.fromisoformat(row.at)
        yield ProvenAct(
            log_number(row.seq, at, work),
            at.astimezone(work.tz),
            row.actor,
            row.machine,
            ACT_LABELS.get(row.act, row.act),
            row.subject.removeprefix("agreement:"),
            row.hash,
        )


def _proven(work: ReadWork, item: CancelItemLine, form: CancelForm) -> ProvenAgreement:
    agreement = find_agreement(work, item.number)
    seen = {one["code"]: str(one["value"]) for one in item.verified}
    decided = form.decided_at
    when = "" if decided is None else f"，{time_text(decided)}"
    return ProvenAgreement(
        item.number,
        seen["bank_numbers"],
        item.payee,
        seen["account"],
        AGREEMENT_LABELS[state_of(agreement, work.today)],
        f"{CANCEL_LABELS[form.state]}{when}",
        _answer(item.answers, Party.BANK),
        _answer(item.answers, Party.SUPPLIER),
    )


def _papers(work: ReadWork, form: CancelForm) -> Iterator[ProvenPaper]:
    """The papers that count, the oldest first."""
    for item in form.items:
        for one in reversed(papers_of(work, find_agreement(work, item.number))):
            if one.withdrawn_at is None:
                when = time_text(one.added_at.astimezone(work.tz))
                yield ProvenPaper(
                    item.number,
                    PAPER_LABELS[one.category],
                    one.name,
                    size_text(one.size),
                    f"{one.added_by}\n{when}",
                    one.hash,
                )


def _answer(answers: Sequence[AnswerLine], party: Party) -> str:
    """The newest answer of that side; the answers stand newest first."""
    said = next((one for one in answers if one.party is party), None)
    if said is None:
        return _NOT_YET
    parts = [ANSWER_LABELS[said.answer], date_text(said.answered_on), CARRIER_LABELS[said.carrier]]
    if said.effective_on is not None:
        parts.append(f"生效日 {date_text(said.effective_on)}")
    if said.receipt_no:
        parts.append(f"回执 {said.receipt_no}")
    return "，".join(parts)

"""Reading everything that the pages of one payment, one hold and one resumption show."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from app.access.approvals import DECISION_LABELS, ApprovalKind, Decision, RequestState
from app.access.guard import Actor, name_of, reading
from app.access.model import ApprovalDecision, ApprovalRequest
from app.access.rights import ROLE_LABELS, Right, Role
from app.accounts.model import BankAccount
from app.audit.model import AuditEntry
from app.core.codes import StopReason
from app.core.money import Money
from app.payees.changes import ChangeState
from app.payees.model import Payee, PayeeChange
from app.payments import diagnosing
from app.payments.editing import fields_of, find_payment
from app.payments.lines import lines
from app.payments.model import (
    Attempt,
    BankCheck,
    Hold,
    HoldCover,
    Payment,
    ResumeRequest,
    RuleChange,
    SourceDocument,
)
from app.payments.records import (
    ApprovalLine,
    AttemptLine,
    ChangeLine,
    CheckLine,
    DocumentLine,
    HoldLine,
    PaymentDetail,
    ResumeForm,
    StepLine,
    TraceLine,
)
from app.payments.states import (
    AttemptState,
    HoldScope,
    HoldState,
    ResumeState,
)
from app.storage.work import Database, ReadWork


def payment_detail(db: Database, actor: Actor, number: str) -> PaymentDetail:
    """Raises NotFound, Denied."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        payment = find_payment(work, number)
        account = work.session.get_one(BankAccount, payment.account_id)
        payee = work.session.get_one(Payee, payment.payee_id)
        return PaymentDetail(
            line=lines(work, [payment.id])[0],
            fields=fields_of(work, payment),
            payer_name=account.name,
            payer_branch=account.branch,
            payee_id=payee.id,
            payee_phone=payee.phone,
            edited_by=name_of(work, payment.edited_by),
            edited_at=payment.edited_at,
            stopped_at=payment.stopped_at,
            bank_code=payment.bank_code,
            bank_text=payment.bank_text,
            document=_document(work, payment),
            holds=_holds_of(work, payment),
            attempts=_attempts(work, payment),
            checks=_checks(work, payment),
            approvals=_approvals(work, payment),
            changes=_changes(work, PayeeChange.payment_no == number),
            resumptions=_resumptions(work, payment),
            diagnoses=tuple(diagnosing.history(work, number)),
            trace=_trace(work, payment),
        )


def hold_ledger(db: Database, actor: Actor, states: Sequence[HoldState] = ()) -> list[HoldLine]:
    """The 暂停令台账, newest first. Raises Denied."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        query = select(Hold).order_by(Hold.placed_at.desc(), Hold.id.desc())
        if states:
            query = query.where(Hold.state.in_(states))
        return [hold_line(work, hold) for hold in work.session.scalars(query)]


def hold_line(work: ReadWork, hold: Hold) -> HoldLine:
    covered = work.session.scalars(
        select(HoldCover.payment_id).where(
            HoldCover.hold_id == hold.id, HoldCover.ended_at.is_(None)
        )
    ).all()
    target = hold.scope_label
    if hold.scope == HoldScope.PAYEE:
        target = str(hold.scope_id)
    elif hold.scope == HoldScope.ACCOUNT:
        target = work.session.get_one(BankAccount, hold.scope_id).number
    return HoldLine(
        hold.number,
        HoldScope(hold.scope),
        hold.scope_label,
        target,
        StopReason(hold.reason),
        hold.cause,
        hold.text,
        hold.evidence,
        HoldState(hold.state),
        hold.placed_name,
        hold.placed_at,
        hold.until,
        hold.released_by,
        hold.released_at,
        hold.resolution,
        len(covered),
        hold.version,
    )


def resume_form(db: Database, actor: Actor, form_no: str) -> ResumeForm | None:
    """One 恢复付款审批单 by its number; None when there is none."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        row = work.session.scalar(select(ResumeRequest).where(ResumeRequest.number == form_no))
        return None if row is None else _form(work, row)


def resume_form_of_approval(db: Database, actor: Actor, approval_id: int) -> ResumeForm | None:
    """The form that an approval request is about."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        row = work.session.scalar(
            select(ResumeRequest).where(ResumeRequest.approval_id == approval_id)
        )
        return None if row is None else _form(work, row)


def payee_changes(db: Database, actor: Actor, *, open_only: bool = False) -> list[ChangeLine]:
    """The 收款信息变更单, newest first."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        wanted = PayeeChange.state == ChangeState.ASKED if open_only else PayeeChange.id > 0
        return list(_changes(work, wanted))


def _document(work: ReadWork, payment: Payment) -> DocumentLine | None:
    row = work.session.get(SourceDocument, payment.document_id or 0)
    if row is None:
        return None
    return DocumentLine(
        row.kind,
        row.number,
        row.payee_name,
        row.payee_account,
        Money(row.amount_minor, row.currency),
        row.due_on,
    )


def _holds_of(work: ReadWork, payment: Payment) -> tuple[HoldLine, ...]:
    rows = work.session.scalars(
        select(Hold)
        .join(HoldCover, HoldCover.hold_id == Hold.id)
        .where(HoldCover.payment_id == payment.id)
        .order_by(Hold.placed_at.desc(), Hold.id.desc())
    )
    return tuple(hold_line(work, hold) for hold in rows)


def _attempts(work: ReadWork, payment: Payment) -> tuple[AttemptLine, ...]:
    rows = work.session.scalars(
        select(Attempt).where(Attempt.payment_id == payment.id).order_by(Attempt.ordinal.desc())
    )
    return tuple(
        AttemptLine(
            r.ordinal,
            AttemptState(r.state),
            r.channel,
            r.by_name,
            r.written_at,
            r.answered_at,
            r.bank_ref,
            r.bank_code,
            r.bank_text,
        )
        for r in rows
    )


def _checks(work: ReadWork, payment: Payment) -> tuple[CheckLine, ...]:
    rows = work.session.scalars(
        select(BankCheck).where(BankCheck.payment_id == payment.id).order_by(BankCheck.id.desc())
    )
    return tuple(
        CheckLine(r.attempt, r.result, r.asked_at, r.bank_person, r.evidence, r.recorded_by)
        for r in rows
    )


def _approvals(work: ReadWork, payment: Payment) -> tuple[ApprovalLine, ...]:
    tries = select(Attempt.id).where(Attempt.payment_id == payment.id)
    kind, subject = ApprovalRequest.kind, ApprovalRequest.subject_id
    rows = work.session.scalars(
        select(ApprovalRequest)
        .where(
            or_(
                and_(kind.in_((ApprovalKind.PAYMENT, ApprovalKind.RESUME)), subject == payment.id),
                # A correction speaks of one try.
                and_(kind == ApprovalKind.RESULT_CORRECTION, subject.in_(tries)),
            )
        )
        .order_by(ApprovalRequest.id.desc())
    )
    return tuple(approval_line(work, row) for row in rows)


def approval_line(work: ReadWork, row: ApprovalRequest) -> ApprovalLine:
    """An approval with its decisions and the levels that still wait."""
    decisions = {
        d.position: d
        for d in work.session.scalars(
            select(ApprovalDecision).where(ApprovalDecision.request_id == row.id)
        )
    }
    steps = []
    for position, level in enumerate(row.levels):
        label = ROLE_LABELS[Role(level)]
        made = decisions.get(position)
        if made is None:
            steps.append(StepLine(label, False, "", "", "", "", None))
        else:
            steps.append(
                StepLine(
                    label,
                    True,
                    name_of(work, made.user_id),
                    name_of(work, made.on_behalf_of),
                    DECISION_LABELS[Decision(made.decision)],
                    made.remark,
                    made.at,
                )
            )
    return ApprovalLine(
        row.id,
        ApprovalKind(row.kind),
        RequestState(row.state),
        name_of(work, row.opened_by),
        row.opened_at,
        row.closed_why or "",
        tuple(steps),
        row.version,
    )


def _changes(work: ReadWork, condition: Any) -> tuple[ChangeLine, ...]:
    rows = work.session.scalars(
        select(PayeeChange).where(condition).order_by(PayeeChange.id.desc())
    )
    return tuple(_change(work, row) for row in rows)


def _change(work: ReadWork, row: PayeeChange) -> ChangeLine:
    payee = work.session.get_one(Payee, row.payee_id)
    return ChangeLine(
        row.number,
        payee.name,
        row.payment_no or "",
        row.before,
        row.after,
        row.reason,
        ChangeState(row.state),
        name_of(work, row.asked_by),
        row.asked_at,
        payee.phone,
        row.called_number,
        row.spoke_with,
        name_of(work, row.decided_by),
        row.remark,
    )


def _resumptions(work: ReadWork, payment: Payment) -> tuple[ResumeForm, ...]:
    rows = work.session.scalars(
        select(ResumeRequest)
        .where(ResumeRequest.payment_id == payment.id)
        .order_by(ResumeRequest.id.desc())
    )
    return tuple(_form(work, row) for row in rows)


def _form(work: ReadWork, row: ResumeRequest) -> ResumeForm:
    payment = work.session.get_one(Payment, row.payment_id)
    change = work.session.get(RuleChange, row.rule_change_id or 0)
    approval = work.session.get(ApprovalRequest, row.approval_id or 0)
    return ResumeForm(
        number=row.number,
        payment_no=payment.number,
        state=ResumeState(row.state),
        reason=row.reason,
        measures=row.measures,
        planned_on=row.planned_on,
        verification=tuple(row.verification),
        changes=tuple(row.changes),
        waivers=dict(row.waivers),
        waived={code: tuple(found) for code, found in row.waived.items()},
        rule_change=f"{change.number}（{change.before} → {change.after}）" if change else "",
        hold_numbers=tuple(row.hold_numbers),
        requested_by=name_of(work, row.requested_by),
        requested_at=row.requested_at,
        closed_at=row.closed_at,
        closed_why=row.closed_why,
        diagnosis=(diagnosing.in_run(work, row.run_id, payment.number) if row.run_id else None),
        approval=approval_line(work, approval) if approval else None,
        dry_run=row.dry_run,
        review=tuple(row.review or ()),
        audit_seq=row.audit_seq,
    )


def _trace(work: ReadWork, payment: Payment) -> tuple[TraceLine, ...]:
    wide = work.session.scalars(
        select(Hold.number)
        .join(HoldCover, HoldCover.hold_id == Hold.id)
        .where(HoldCover.payment_id == payment.id, Hold.scope != HoldScope.PAYMENT)
    )
    subjects = [f"payment:{payment.number}", *(f"hold:{number}" for number in wide)]
    if payment.batch_id is not None:
        subjects.append(f"batch:{payment.batch_id}")
    rows = work.session.scalars(
        select(AuditEntry).where(AuditEntry.subject.in_(subjects)).order_by(AuditEntry.seq.desc())
    )
    return tuple(
        TraceLine(
            r.seq,
            datetime.fromisoformat(r.at),
            r.actor,
            r.act,
            json.loads(r.before),
            json.loads(r.after),
            r.reason,
        )
        for r in rows
    )

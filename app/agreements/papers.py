"""Records turned into papers: the 取消自动扣款申请单."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from app.access.founding import company_of
from app.access.guard import Actor, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.agreements.cancel_view import CancelForm, CancelItemLine, cancel_form
from app.agreements.fields import BUSINESS_LABELS
from app.agreements.service import fields_of, find_agreement
from app.agreements.states import ANSWER_LABELS, CANCEL_LABELS, ITEM_LABELS
from app.audit.model import AuditEntry
from app.core.money import Money
from app.documents.approvals import ApprovalStep
from app.documents.cancel_request import (
    AgreementPart,
    CancelRequestSheet,
    NoticeLine,
    cancel_request_pdf,
)
from app.documents.writing import PdfResult
from app.letters.states import CARRIER_LABELS, PARTY_LABELS, Carrier, Party
from app.payments.release_log import log_number
from app.storage.work import Database, ReadWork

_INTERNAL: Final = "部门"


def cancel_sheet(db: Database, actor: Actor, form_no: str) -> PdfResult:
    """The 取消自动扣款申请单 as it stands now, as PDF. Raises NotFound, Denied, MissingGlyph."""
    return cancel_request_pdf(cancel_paper(db, actor, form_no))


def cancel_paper(db: Database, actor: Actor, form_no: str) -> CancelRequestSheet:
    """What stands on the form. Raises NotFound, Denied."""
    form = cancel_form(db, actor, form_no)
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        card = company_of(work)
        entry = _entry(work, form)
        return CancelRequestSheet(
            company=card.name,
            drill=card.drill,
            number=form.number,
            state=CANCEL_LABELS[form.state],
            asked_by=form.requested_by,
            asked_at=form.requested_at.astimezone(work.tz),
            reason=form.reason,
            wished_on=form.wished_on,
            parts=tuple(_part(work, item) for item in form.items),
            notices=tuple(_notice(one, form) for one in form.notices),
            steps=tuple(_steps(form)),
            machine=entry.machine,
            log_no=log_number(entry.seq, datetime.fromisoformat(entry.at), work),
            audit_hash=entry.hash,
            printed_at=work.now,
            printed_by=actor.name,
        )


def _entry(work: ReadWork, form: CancelForm) -> AuditEntry:
    """The newest entry of the trail that names the form."""
    subjects = [f"agreement:{item.number}" for item in form.items]
    return work.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject.in_(subjects),
            AuditEntry.act.startswith("cancel."),
            AuditEntry.after.contains(f'"{form.number}"', autoescape=True),
        )
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).one()


def _part(work: ReadWork, item: CancelItemLine) -> AgreementPart:
    agreement = find_agreement(work, item.number)
    fields = fields_of(work, agreement)
    account = work.session.get_one(BankAccount, agreement.account_id)
    seen = {one["code"]: str(one["value"]) for one in item.verified}
    return AgreementPart(
        number=item.number,
        bank_numbers=seen["bank_numbers"],
        name=f"{BUSINESS_LABELS.get(fields.business, '')}自动扣款",
        bank=account.branch,
        payee=fields.payee_name,
        account=seen["account"],
        amount=seen["amount"],
        next_on=seen["next"],
        valid=seen["valid"],
        outcome=ITEM_LABELS[item.state],
        expected_on=item.expected_on,
        effective_on=item.effective_on,
        impact=(*_impact(item.impact, agreement.currency), *_reckoned(item)),
        takeover=_takeover(item),
    )


def _impact(impact: dict[str, Any], currency: str) -> Iterator[str]:
    gap, after = impact["in_flight"], impact["prevented"]
    yield f"终止前仍会扣款 {len(gap)} 次" + (f"：{'、'.join(gap)}。" if gap else "。")
    each = impact["each"]
    amount = "金额不确定" if each is None else Money.parse(each, currency).figure()
    guessed = "约 " if impact["guessed"] and each is not None else ""
    yield f"今后一年转人工付款 {len(after)} 期，每期 {guessed}{amount}。"
    if impact["late_fee"] is not None:
        yield f"逾期 30 天的费用：每期 {Money.parse(impact['late_fee'], currency).figure()}。"
    if impact["notice_until"] is not None:
        yield f"合同约定的提前通知期至 {impact['notice_until']}。"
    if impact["breach"]:
        yield f"违约条款：{impact['breach']}"
    if impact["shared"]:
        yield f"同账户或同收款方的其他协议：{'、'.join(impact['shared'])}。"


def _reckoned(item: CancelItemLine) -> Iterator[str]:
    """By whose number of days the expected day was reckoned."""
    if item.term is not None and item.expected_on is not None:
        yield f"预计终止日按{item.term.text}推算。"


def _takeover(item: CancelItemLine) -> str:
    return f"生成人工付款任务 {item.tasks} 项。" if item.tasks else "不生成付款任务。"


def _notice(one: dict[str, Any], form: CancelForm) -> NoticeLine:
    known = one["party"] in set(Party)
    party = PARTY_LABELS[Party(one["party"])] if known else _INTERNAL
    carrier = one["carrier"]
    way = CARRIER_LABELS[Carrier(carrier)] if carrier in set(Carrier) else "系统内通知"
    answers = [
        f"{item.number} {ANSWER_LABELS[said.answer]}（{said.answered_on}）"
        for item in form.items
        for said in item.answers
        if known and said.party == one["party"]
    ]
    return NoticeLine(party, one["name"], way, "；".join(answers))


def _steps(form: CancelForm) -> Iterator[ApprovalStep]:
    yield ApprovalStep("申请", form.requested_by, "", "提交", form.reason, form.requested_at)
    for step in form.approval.steps:
        yield ApprovalStep(
            step.level, step.name, step.on_behalf_of, step.decision, step.remark, step.at
        )

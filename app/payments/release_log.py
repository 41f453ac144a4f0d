"""解除止付操作日志: every act of the trail that let payments go, with who approved it (C5.4)."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, and_, select

from app.access.approvals import ApprovalKind, Decision, RequestState
from app.access.guard import Actor, reading
from app.access.model import ApprovalDecision, ApprovalRequest, User
from app.access.rights import ROLE_LABELS, Right, Role
from app.audit.model import AuditEntry
from app.core.clock import business_date, iso
from app.core.codes import HOLD_CAUSE_LABELS, REASON_LABELS, HoldCause, StopReason
from app.core.money import Money
from app.core.parts import parts
from app.documents.release_log import ReleaseEntry
from app.payments.diagnosis.rule import all_rules
from app.payments.flow import RULE_STOP, RULE_STOP_TITLE
from app.payments.model import Hold, HoldCover, Payment, ResumeRequest, RuleChange
from app.payments.states import SCOPE_LABELS, HoldScope
from app.storage.base import Base
from app.storage.work import Database, ReadWork

_RESUMED: Final = "resume.done"
_LIFTED: Final = "hold.lifted"
_EXPIRED: Final = "hold.expired"
Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Days are both included. Empty texts mean any; person: who let go or approved."""

    since: date
    until: date
    person: str = ""
    payment: str = ""
    text: str = ""


def releases(db: Database, actor: Actor, wanted: LogFilter) -> list[ReleaseEntry]:
    """What was let go in the period, newest first. Raises Denied."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        return [entry for entry in _entries(work, wanted) if _fits(entry, wanted)]


def log_number(seq: int, at: datetime, work: ReadWork) -> str:
    """The 系统日志号 of an entry of the trail: its day and its place in the chain."""
    return f"RZ-{business_date(at, work.tz):%Y%m%d}-{seq:06d}"


def reason_text(hold: Hold) -> str:
    """The reason of a stop with its code, as papers show it."""
    cause = f"（{HOLD_CAUSE_LABELS[HoldCause(hold.cause)]}）" if hold.cause else ""
    return f"{hold.reason} {REASON_LABELS[StopReason(hold.reason)]}{cause}"


def waiver_text(waivers: Mapping[str, str], waived: Mapping[str, Sequence[str]]) -> str:
    """The waived checks by their titles, each with its reason and what was found."""
    titles = {RULE_STOP: RULE_STOP_TITLE, **{rule.code: rule.title for rule in all_rules()}}
    return "；".join(
        f"豁免“{titles.get(code, code)}”：{why}" + _seen(waived.get(code, ()))
        for code, why in waivers.items()
    )


def _seen(found: Sequence[str]) -> str:
    return f"（所见：{'；'.join(found)}）" if found else ""


def _fits(entry: ReleaseEntry, wanted: LogFilter) -> bool:
    shown = (entry.payment_no, entry.payee, entry.hold_reason, entry.changes)
    signed = (entry.person, entry.approvals, entry.sheet_no, entry.log_no)
    everything = "\n".join((*shown, *signed))
    return (
        wanted.person.strip() in f"{entry.person}\n{entry.approvals}"
        and wanted.payment.strip() in entry.payment_no
        and wanted.text.strip() in everything
    )


def _entries(work: ReadWork, wanted: LogFilter) -> Iterator[ReleaseEntry]:
    midnight = datetime.combine(wanted.since, time.min, work.tz)
    end = datetime.combine(wanted.until + timedelta(days=1), time.min, work.tz)
    acts = work.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.act.in_((_RESUMED, _LIFTED, _EXPIRED)),
            AuditEntry.at >= iso(midnight),
            AuditEntry.at < iso(end),
        )
        .order_by(AuditEntry.seq.desc())
    ).all()
    assembled = _Assembly(work, acts)
    for act in acts:
        yield from assembled.lines(act)


class _Assembly:
    """Everything that the acts name, read in a few queries."""

    def __init__(self, work: ReadWork, acts: Sequence[AuditEntry]) -> None:
        self._work = work
        self._after: dict[int, dict[str, Any]] = {act.seq: json.loads(act.after) for act in acts}
        named = [after.get("form") for after in self._after.values() if after.get("form")]
        self._forms = {f.number: f for f in self._rows(ResumeRequest, "number", named)}
        numbers = [after.get("hold") for after in self._after.values() if after.get("hold")]
        numbers += [number for form in self._forms.values() for number in form.hold_numbers]
        self._holds = {hold.number: hold for hold in self._rows(Hold, "number", numbers)}
        self._covered = self._released_payments()
        ids = {form.payment_id for form in self._forms.values()}
        ids |= {one for found in self._covered.values() for one in found}
        self._payments = {row.id: row for row in self._rows(Payment, "id", ids)}
        rule_ids = [f.rule_change_id for f in self._forms.values() if f.rule_change_id]
        self._rules = {row.id: row for row in self._rows(RuleChange, "id", rule_ids)}
        self._users = {u.id: u.name for u in work.session.scalars(select(User))}
        self._approved = self._decisions()

    def lines(self, act: AuditEntry) -> Iterator[ReleaseEntry]:
        after = self._after[act.seq]
        if act.act == _RESUMED:
            yield self._resumed(act, self._forms[after["form"]])
            return
        hold = self._holds[after["hold"]]
        covered = self._covered.get(hold.id, [])
        if not covered:
            yield self._lifted(act, hold, None)
        for one in covered:
            yield self._lifted(act, hold, self._payments[one])

    def _resumed(self, act: AuditEntry, form: ResumeRequest) -> ReleaseEntry:
        holds = [self._holds[number] for number in form.hold_numbers]
        parts = [
            f"解除停付 {'、'.join(form.hold_numbers)}，状态改为待执行" if holds else "改为待执行"
        ]
        parts += [f"{c['field']}：{c['before'] or '空'}→{c['after'] or '空'}" for c in form.changes]
        if form.rule_change_id is not None:
            rule = self._rules[form.rule_change_id]
            parts.append(f"规则变更 {rule.number}：{rule.before}→{rule.after}")
        if form.waivers:
            parts.append(waiver_text(form.waivers, form.waived))
        return self._entry(
            act,
            self._payments[form.payment_id],
            "；".join(dict.fromkeys(reason_text(hold) for hold in holds)),
            "；".join(parts),
            self._approved.get(form.approval_id or 0, ""),
            form.number,
        )

    def _lifted(self, act: AuditEntry, hold: Hold, payment: Payment | None) -> ReleaseEntry:
        scope = f"{SCOPE_LABELS[HoldScope(hold.scope)]} {hold.scope_label}"
        expired = act.act == _EXPIRED
        why = "到期自动解除" if expired else hold.lift_reason
        approvals = "" if expired else self._approved.get(-hold.id, "")
        changes = f"解除暂停令 {hold.number}（{scope}）：{why}"
        return self._entry(act, payment, reason_text(hold), changes, approvals, hold.number)

    def _entry(
        self,
        act: AuditEntry,
        payment: Payment | None,
        reason: str,
        changes: str,
        approvals: str,
        sheet_no: str,
    ) -> ReleaseEntry:
        at = datetime.fromisoformat(act.at)
        return ReleaseEntry(
            at=at,
            person=act.actor,
            machine=act.machine,
            payment_no="" if payment is None else payment.number,
            payee="" if payment is None else payment.payee_name,
            amount=Money(0) if payment is None else Money(payment.amount_minor, payment.currency),
            hold_reason=reason,
            changes=changes,
            approvals=approvals,
            sheet_no=sheet_no,
            log_no=log_number(act.seq, at, self._work),
        )

    def _released_payments(self) -> dict[int, list[int]]:
        """By hold: the payments whose cover ended when the hold was lifted."""
        found: dict[int, list[int]] = defaultdict(list)
        for part in parts([hold.id for hold in self._holds.values()]):
            rows = self._work.session.execute(
                select(HoldCover.hold_id, HoldCover.payment_id)
                .join(Hold, Hold.id == HoldCover.hold_id)
                .where(HoldCover.hold_id.in_(part), HoldCover.ended_at == Hold.released_at)
                .order_by(HoldCover.payment_id)
            )
            for hold_id, payment_id in rows:
                found[hold_id].append(payment_id)
        return found

    def _decisions(self) -> dict[int, str]:
        """Who approved: by approval request, and by minus the hold's id for liftings."""
        found: dict[int, list[str]] = defaultdict(list)
        forms = [form.approval_id for form in self._forms.values() if form.approval_id]
        for part in parts(forms):
            self._add_decisions(found, ApprovalRequest.id.in_(part))
        for part in parts([hold.id for hold in self._holds.values()]):
            lifting = and_(
                ApprovalRequest.kind == ApprovalKind.HOLD_LIFT,
                ApprovalRequest.state == RequestState.APPROVED,
                ApprovalRequest.subject_id.in_(part),
            )
            self._add_decisions(found, lifting)
        return {key: "；".join(parts) for key, parts in found.items()}

    def _add_decisions(self, found: dict[int, list[str]], which: ColumnElement[bool]) -> None:
        rows = self._work.session.execute(
            select(ApprovalDecision, ApprovalRequest)
            .join(ApprovalRequest, ApprovalRequest.id == ApprovalDecision.request_id)
            .where(which, ApprovalDecision.decision == Decision.APPROVE)
            .order_by(ApprovalDecision.request_id, ApprovalDecision.position)
        )
        for made, asked in rows:
            lifting = asked.kind == ApprovalKind.HOLD_LIFT
            on_behalf = self._users.get(made.on_behalf_of or 0, "")
            instead = f"（代{on_behalf}）" if on_behalf else ""
            text = f"{ROLE_LABELS[Role(made.level)]} {self._users[made.user_id]}{instead}"
            found[-asked.subject_id if lifting else asked.id].append(text)

    def _rows(self, kind: type[Row], key: str, values: Iterable[Any]) -> Iterator[Row]:
        for part in parts(list(dict.fromkeys(values))):
            yield from self._work.session.scalars(select(kind).where(getattr(kind, key).in_(part)))

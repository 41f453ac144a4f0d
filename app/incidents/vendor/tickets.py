"""技术支持工单: drafted from what is known, kept with each change, and sent once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from app.access.founding import company_of
from app.access.guard import Actor, acting, name_of, reading
from app.access.rights import Right
from app.accounts.model import BankAccount
from app.audit.trail import Event
from app.core.clock import iso, local_text
from app.core.errors import BadInput, Conflict, NotFound
from app.core.version import VERSION
from app.documents.atomic import save
from app.documents.support_ticket import SupportTicketPaper, support_ticket
from app.documents.writing import PdfResult
from app.incidents.causes_view import findings_of, stop_time
from app.incidents.evidence.keeping import Category, EvidenceLine, evidence_of
from app.incidents.model import Incident, IncidentEntry
from app.incidents.selfcheck.machine import components
from app.incidents.standing import payments_of
from app.incidents.states import CAUSE_LABELS, SEVERITY_LABELS, Cause, EntryKind, Severity
from app.incidents.vendor.knowing import redactor_of
from app.incidents.vendor.model import SupportTicket
from app.incidents.vendor.redaction import masked
from app.incidents.vendor.ticket_form import (
    NO_ACCOUNT,
    NO_CODE,
    TICKET_LABELS,
    Missing,
    TicketFields,
    TicketState,
    missing,
    ticket_lines,
    ticket_text,
)
from app.incidents.writing import find_incident, said_of, tell, writable
from app.letters.setup import setup_of
from app.payments.model import Attempt, Payment
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork

_SERIES: Final = "GD"
_MOST: Final = 5
_PROOFS: Final = (Category.SCREENSHOT, Category.LOG)


class TicketIncomplete(BadInput):
    code = "VEN-001"
    remedy = "请按提示补齐各项后再提交。"


class TicketSent(Conflict):
    code = "VEN-002"
    remedy = "请刷新后查看；情况有变的，另建一张工单。"


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One ticket. missing: what keeps it from being sent; empty for one that was sent."""

    number: str
    incident: str
    state: TicketState
    fields: TicketFields
    missing: tuple[Missing, ...]
    made_by: str
    made_at: datetime
    vendor: str
    vendor_number: str
    sent_by: str
    sent_at: datetime | None
    version: int

    @property
    def state_label(self) -> str:
        return TICKET_LABELS[self.state]


@dataclass(frozen=True, slots=True)
class SendTicket:
    """That a ticket was given to the vendor, and under which number they deal with it."""

    number: str
    vendor: str
    vendor_number: str
    expected_version: int


def new_ticket(db: Database, actor: Actor, number: str) -> TicketFields:
    """A ticket as far as incident, diagnosis and versions fill it. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        return _prefilled(work, find_incident(work, number), actor)


def save_ticket(
    db: Database,
    actor: Actor,
    incident: str,
    fields: TicketFields,
    number: str = "",
    expected_version: int = 0,
) -> str:
    """Keep a draft, a new one where no number is given; returns its number.

    What is missing keeps nobody from saving. Raises BadInput for an account that is not masked,
    TicketSent, Conflict where somebody else changed it or the incident is closed, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, incident)
        known = redactor_of(act.uow)
        kept = _tidy(replace(fields, accounts=known.text(fields.accounts)))
        before: dict[str, Any] = {}
        if number:
            ticket = _draft(act.uow, row, number, expected_version)
            before = _told(_fields(ticket))
        else:
            ticket = SupportTicket(
                number=yearly(act.uow, _SERIES),
                incident_id=row.id,
                state=TicketState.DRAFT,
                made_by=act.person.user_id,
                made_at=act.uow.now,
            )
            act.uow.session.add(ticket)
        for name, value in asdict(kept).items():
            setattr(ticket, name, list(value) if name == "evidence" else value)
        act.uow.session.flush()
        after = _told(kept)
        changed = {name for name in after if after[name] != before.get(name)}
        act.done(
            Event(
                "incident.ticket_saved",
                f"incident:{incident}",
                before={name: before[name] for name in changed if name in before},
                after={"ticket": ticket.number, **{name: after[name] for name in sorted(changed)}},
            )
        )
        return ticket.number


def send_ticket(db: Database, actor: Actor, command: SendTicket) -> None:
    """Say that it was given to the vendor; nothing of it is changed from then on.

    Raises TicketIncomplete with all that is missing, BadInput without the vendor's name, TicketSent,
    Conflict, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        found = _find(act.uow, command.number)
        incident = act.uow.session.get_one(Incident, found.incident_id)
        row = writable(act.uow, incident.number)
        ticket = _draft(act.uow, row, command.number, command.expected_version)
        left = _left(act.uow, row, _fields(ticket))
        if left:
            cure = "".join(one.text for one in left[1:])
            raise TicketIncomplete(f"{ticket.number} 还不能提交：{left[0].text}", cure)
        vendor = said_of(command.vendor, "请填写供应商名称。")
        ticket.vendor, ticket.vendor_number = vendor, command.vendor_number.strip()
        ticket.state = TicketState.SENT
        ticket.sent_by, ticket.sent_at = act.person.user_id, act.uow.now
        theirs = f"，供应商工单号 {ticket.vendor_number}" if ticket.vendor_number else ""
        said = f"提交技术支持工单 {ticket.number}{theirs}：{ticket.symptom}"
        tell(act, row, EntryKind.CONTACT, said, organisation=vendor)
        after = {
            "ticket": ticket.number,
            "vendor": vendor,
            "vendor_number": ticket.vendor_number,
        }
        act.done(Event("incident.ticket_sent", f"incident:{row.number}", after=after))


def ticket_lines_of(work: ReadWork, row: Incident) -> list[TicketLine]:
    """The tickets of an incident, the newest first."""
    rows = work.session.scalars(
        select(SupportTicket)
        .where(SupportTicket.incident_id == row.id)
        .order_by(SupportTicket.id.desc())
    )
    return [_line(work, row, one) for one in rows]


def tickets(db: Database, actor: Actor, number: str) -> list[TicketLine]:
    """The same for a page. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        return ticket_lines_of(work, find_incident(work, number))


def ticket_as_text(db: Database, actor: Actor, number: str) -> str:
    """The ticket as it may be sent: nothing confidential in it. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        return text_of(work, _find(work, number))


def text_of(work: ReadWork, ticket: SupportTicket) -> str:
    return ticket_text(_lines(work, ticket))


def export_ticket(db: Database, actor: Actor, number: str, target: Path) -> None:
    """Write the text to a file, whole or not at all. Raises ExportFailed, NotFound, Denied."""
    save(target, ticket_as_text(db, actor, number).encode("utf-8-sig"))


def ticket_paper(db: Database, actor: Actor, number: str) -> PdfResult:
    """The same as PDF. Raises NotFound, MissingGlyph, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        ticket, card = _find(work, number), company_of(work)
        return support_ticket(
            SupportTicketPaper(
                company=card.name,
                drill=card.drill,
                number=ticket.number,
                state=TICKET_LABELS[TicketState(ticket.state)],
                lines=_lines(work, ticket)[1:],
                vendor=ticket.vendor,
                vendor_number=ticket.vendor_number,
                sent=f"{name_of(work, ticket.sent_by)} {local_text(ticket.sent_at, work.tz)}",
                printed_at=work.now.astimezone(work.tz),
                printed_by=actor.name,
            )
        )


def choosable(db: Database, actor: Actor, number: str) -> list[EvidenceLine]:
    """The evidence of an incident that counts. Raises NotFound, Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        return _counting(work, find_incident(work, number))


def _prefilled(work: ReadWork, row: Incident, actor: Actor) -> TicketFields:
    payments = payments_of(work, row)
    findings = findings_of(work, payments)
    symptom = [row.title, *_reported(work, row), *(one.summary for one in findings[:_MOST])]
    if row.cause != Cause.PENDING:
        symptom.append(f"{CAUSE_LABELS[Cause(row.cause)]}：{row.cause_why}")
    proofs = [one.number for one in _counting(work, row) if one.category in _PROOFS]
    severity = SEVERITY_LABELS[Severity(row.severity)]
    setup = setup_of(work)
    return redacted(
        work,
        TicketFields(
            software=f"停付管家 {VERSION}（{components()}；数据库 {dialect_of(work)}）",
            symptom="\n".join(dict.fromkeys(one for one in symptom if one.strip())),
            error_code="、".join(_codes(work, payments)) or NO_CODE,
            evidence=tuple(proofs),
            accounts="、".join(_accounts(work, payments)) or NO_ACCOUNT,
            happened_at=stop_time(row, payments).replace(second=0, microsecond=0),
            contact=actor.name,
            phone=setup.phone,
            wanted=f"{severity}：请尽快查明原因，给出修复或临时方案，并告知预计完成时间。",
        ),
    )


def _reported(work: ReadWork, row: Incident) -> list[str]:
    """What was said when the incident was opened."""
    opened = select(IncidentEntry.text).where(
        IncidentEntry.incident_id == row.id, IncidentEntry.kind == EntryKind.OPENED
    )
    return list(work.session.scalars(opened.order_by(IncidentEntry.id)))


def redacted(work: ReadWork, fields: TicketFields) -> TicketFields:
    """The fields without anything confidential; whom to call back stays."""
    known = redactor_of(work)
    return replace(
        fields,
        steps=known.text(fields.steps),
        symptom=known.text(fields.symptom),
        error_code=known.text(fields.error_code),
        accounts=known.text(fields.accounts),
        wanted=known.text(fields.wanted),
    )


def dialect_of(work: ReadWork) -> str:
    """Which kind of database it is."""
    return work.session.get_bind().dialect.name


def _codes(work: ReadWork, payments: Sequence[Payment]) -> list[str]:
    """What the banks answered to the newest attempts, each code once."""
    ids = [one.id for one in payments[:200]]
    rows = work.session.scalars(
        select(Attempt.bank_code)
        .where(Attempt.payment_id.in_(ids), Attempt.bank_code != "")
        .order_by(Attempt.id.desc())
    )
    return list(dict.fromkeys(one for one in rows if one))[:_MOST]


def _accounts(work: ReadWork, payments: Sequence[Payment]) -> list[str]:
    ids = dict.fromkeys(one.account_id for one in payments)
    rows = [work.session.get_one(BankAccount, one) for one in ids]
    return [f"{one.bank} {masked(one.number)}" for one in rows]


def _counting(work: ReadWork, row: Incident) -> list[EvidenceLine]:
    return [one for one in evidence_of(work, row) if one.withdrawn_at is None]


def _left(work: ReadWork, row: Incident, fields: TicketFields) -> tuple[Missing, ...]:
    return missing(fields, work.now, frozenset(one.number for one in _counting(work, row)))


def _lines(work: ReadWork, ticket: SupportTicket) -> tuple[tuple[str, str], ...]:
    incident = work.session.get_one(Incident, ticket.incident_id)
    fields = redacted(work, _fields(ticket))
    return ticket_lines(ticket.number, incident.number, fields, work.tz)


def _find(work: ReadWork, number: str) -> SupportTicket:
    row = work.session.scalar(select(SupportTicket).where(SupportTicket.number == number))
    if row is None:
        raise NotFound(f"没有技术支持工单“{number}”。")
    return row


def _draft(work: ReadWork, row: Incident, number: str, expected: int) -> SupportTicket:
    """The ticket as the person saw it, still a draft. Raises NotFound, TicketSent, Conflict."""
    ticket = _find(work, number)
    if ticket.incident_id != row.id:
        raise NotFound(f"{row.number} 没有技术支持工单“{number}”。")
    if ticket.state != TicketState.DRAFT:
        who, when = name_of(work, ticket.sent_by), local_text(ticket.sent_at, work.tz)
        raise TicketSent(f"{number} 已由 {who} 于 {when} 提交，不能再修改。")
    if ticket.version != expected:
        raise Conflict(f"{number} 已被他人修改。")
    return ticket


def _fields(row: SupportTicket) -> TicketFields:
    return TicketFields(
        software=row.software,
        steps=row.steps,
        symptom=row.symptom,
        error_code=row.error_code,
        evidence=tuple(row.evidence),
        accounts=row.accounts,
        happened_at=row.happened_at,
        contact=row.contact,
        phone=row.phone,
        wanted=row.wanted,
    )


def _line(work: ReadWork, row: Incident, one: SupportTicket) -> TicketLine:
    fields = _fields(one)
    draft = one.state == TicketState.DRAFT
    return TicketLine(
        one.number,
        row.number,
        TicketState(one.state),
        fields,
        _left(work, row, fields) if draft else (),
        name_of(work, one.made_by),
        one.made_at,
        one.vendor,
        one.vendor_number,
        name_of(work, one.sent_by),
        one.sent_at,
        one.version,
    )


def _tidy(fields: TicketFields) -> TicketFields:
    texts: dict[str, Any] = {
        name: value.strip() for name, value in asdict(fields).items() if isinstance(value, str)
    }
    return replace(fields, **texts)


def _told(fields: TicketFields) -> dict[str, Any]:
    """The fields as the trail keeps them."""
    at = fields.happened_at
    kept = {**asdict(fields), "evidence": list(fields.evidence)}
    return {**kept, "happened_at": "" if at is None else iso(at)}

"""应急事件: opened from what was found, dealt with, resolved by one and closed by another.

A line of the timeline and the trail's entry are written with every change, in its transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm.attributes import flag_modified

from app.access.errors import SelfApproval
from app.access.guard import Act, Actor, acting, name_of
from app.access.rights import Right
from app.agreements.model import WatchHit
from app.agreements.watch.deciding import find_hit
from app.agreements.watch.states import HIT_LABELS, HIT_MOVES, HitState
from app.audit.trail import Event
from app.core.clock import local_text
from app.core.errors import BadInput, Conflict, NotFound
from app.core.money import Money
from app.core.states import IllegalTransition, move
from app.incidents.model import Incident, IncidentEntry, IncidentSubject
from app.incidents.states import (
    BY_HAND,
    CAUSE_LABELS,
    INCIDENT_LABELS,
    INCIDENT_MOVES,
    SEVERITY_LABELS,
    Cause,
    EntryKind,
    IncidentState,
    Severity,
    SubjectKind,
)
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork

_SERIES: Final = "SJ"
# What nobody has to recover any more.
_SETTLED: Final = frozenset({HitState.EXCLUDED, HitState.RECOVERED})
_TITLE: Final = 200


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """Hits that make one incident. title: "" for the one that follows from them."""

    hits: tuple[str, ...]
    severity: Severity
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody adds to the timeline. at: when it happened, not later than now."""

    kind: EntryKind
    text: str
    at: datetime
    organisation: str = ""
    person: str = ""


def open_incident(db: Database, actor: Actor, command: OpenIncident) -> str:
    """Make an incident of the hits; returns its number.

    Raises BadInput without hits or text, Conflict where one is in an incident already or was dealt
    with, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        rows = _free_hits(act.uow, command.hits)
        text = _said(command.text, "请写明发现的经过。")
        row = Incident(
            number=yearly(act.uow, _SERIES),
            title=(command.title.strip() or title_of(rows))[:_TITLE],
            severity=command.severity,
            state=IncidentState.OPEN,
            found_at=min(hit.found_at for hit in rows),
            opened_by=act.person.user_id,
            opened_at=act.uow.now,
            cause=Cause.PENDING,
        )
        act.uow.session.add(row)
        act.uow.session.flush()
        _link(act, row, rows)
        numbers = [hit.number for hit in rows]
        after = {"hits": numbers, "severity": command.severity, "title": row.title}
        _tell(act, row, EntryKind.OPENED, f"{'、'.join(numbers)}：{text}")
        act.done(Event("incident.opened", f"incident:{row.number}", after=after, reason=text))
        return row.number


def join_incident(db: Database, actor: Actor, number: str, hits: Sequence[str], text: str) -> None:
    """Add hits to an incident that is being dealt with. Raises as open_incident does."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = _writable(act.uow, number)
        if row.state == IncidentState.RESOLVED:
            raise Conflict(f"{number} 已解决，不能并入。", "请先退回处理，或另建一个事件。")
        found = _free_hits(act.uow, hits)
        _link(act, row, found)
        # Whoever resolves it at the same time is told.
        flag_modified(row, "title")
        said = f"{'、'.join(hits)}：{_said(text, '请写明并入的理由。')}"
        _tell(act, row, EntryKind.JOINED, said)
        act.done(
            Event("incident.joined", f"incident:{number}", after={"hits": list(hits)}, reason=said)
        )


def write(db: Database, actor: Actor, number: str, line: Written) -> None:
    """Add to the timeline what happened or what was said. Raises BadInput, Conflict, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = _writable(act.uow, number)
        if line.kind not in BY_HAND:
            raise BadInput("该种记录由系统生成，不能手工填写。")
        text = _said(line.text, "请填写内容。")
        if line.at > act.uow.now:
            raise BadInput("发生时间不能晚于现在。", "请核对日期和时间。")
        if line.kind is EntryKind.CONTACT and not (
            line.organisation.strip() and line.person.strip()
        ):
            raise BadInput("请填写联系的单位和人员。")
        _tell(act, row, line.kind, text, line)
        act.done(Event("incident.noted", f"incident:{number}", after={"text": text}))


def correct(db: Database, actor: Actor, number: str, entry_id: int, text: str) -> None:
    """Put a line right by another one; the first stays as it is. Raises NotFound, BadInput."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = _writable(act.uow, number)
        wrong = act.uow.session.get(IncidentEntry, entry_id)
        if wrong is None or wrong.incident_id != row.id:
            raise NotFound(f"{number} 没有这条记录。")
        said = _said(text, "请填写更正后的内容。")
        _tell(act, row, EntryKind.CORRECTION, said, corrects=entry_id)
        act.done(
            Event(
                "incident.corrected",
                f"incident:{number}",
                before={"text": wrong.text},
                after={"text": said},
            )
        )


def set_cause(
    db: Database, actor: Actor, number: str, cause: Cause, why: str, expected_version: int
) -> None:
    """定因: why it happened, and what shows it. Raises BadInput, Conflict, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = _at_version(act.uow, number, expected_version)
        _resolved_stays(row)
        said = _said(why, "请写明定因的依据。")
        before, row.cause, row.cause_why = row.cause, cause, said
        _tell(act, row, EntryKind.CAUSE, f"{CAUSE_LABELS[cause]}：{said}")
        _changed(act, row, "incident.cause_set", {"cause": before}, {"cause": cause}, said)


def set_severity(
    db: Database, actor: Actor, number: str, severity: Severity, why: str, expected_version: int
) -> None:
    """Raise or lower the severity, with the reason. Raises BadInput, Conflict, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = _at_version(act.uow, number, expected_version)
        _resolved_stays(row)
        said = _said(why, "请写明调整等级的理由。")
        before, row.severity = row.severity, severity
        _tell(act, row, EntryKind.SEVERITY, f"{SEVERITY_LABELS[severity]}：{said}")
        _changed(
            act,
            row,
            "incident.severity_changed",
            {"severity": before},
            {"severity": severity},
            said,
        )


def take_over(db: Database, actor: Actor, number: str, expected_version: int) -> None:
    """Be the one who deals with it; one that nobody dealt with is in progress from then on."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = _at_version(act.uow, number, expected_version)
        if row.owner_id == act.person.user_id:
            raise Conflict(f"{number} 已由您负责。")
        before, row.owner_id = name_of(act.uow, row.owner_id), act.person.user_id
        if row.state == IncidentState.OPEN:
            row.state = IncidentState.IN_PROGRESS
        _tell(act, row, EntryKind.OWNER, f"由 {act.person.name} 负责")
        _changed(
            act,
            row,
            "incident.owner_changed",
            {"owner": before},
            {"owner": act.person.name, "state": row.state},
        )


def to_verify(db: Database, actor: Actor, number: str, text: str, expected_version: int) -> None:
    """What had to be done was done; whether it helped has to be seen."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = _at_version(act.uow, number, expected_version)
        _go(act, row, IncidentState.VERIFYING, _said(text, "请写明已采取的措施和待核实的内容。"))


def back_to_work(db: Database, actor: Actor, number: str, text: str, expected_version: int) -> None:
    """It is not over after all. Raises IllegalTransition, BadInput, Conflict, Denied."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = _at_version(act.uow, number, expected_version)
        said = _said(text, "请写明退回处理的原因。")
        if row.state == IncidentState.OPEN:
            raise IllegalTransition(f"{number} 尚未接手。", "请先点“接手”。")
        row.resolved_by = row.resolved_at = None
        _go(act, row, IncidentState.IN_PROGRESS, said)


def resolve(db: Database, actor: Actor, number: str, text: str, expected_version: int) -> None:
    """Say that it is over, with the conclusion.

    Raises BadInput while the cause is 待查 or a debit is neither recovered nor excluded.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = _at_version(act.uow, number, expected_version)
        said = _said(text, "请填写处理结论。")
        if row.cause == Cause.PENDING:
            raise BadInput(f"{number} 尚未定因。", "请先点“定因”，写明原因和依据。")
        _all_settled(act.uow, row)
        row.conclusion = said
        row.resolved_by, row.resolved_at = act.person.user_id, act.uow.now
        _go(act, row, IncidentState.RESOLVED, said)


def close(db: Database, actor: Actor, number: str, text: str, expected_version: int) -> None:
    """Close what somebody else resolved; nothing is written to it from then on.

    Raises SelfApproval, BadInput while something is open again, Conflict, Denied.
    """
    with acting(db, actor, Right.INCIDENT_CLOSE) as act:
        row = _at_version(act.uow, number, expected_version)
        if row.resolved_by == act.person.user_id:
            raise SelfApproval("处理人与关闭人不能为同一人。")
        _all_settled(act.uow, row)
        row.closed_by, row.closed_at = act.person.user_id, act.uow.now
        act.uow.session.execute(
            update(IncidentSubject).where(IncidentSubject.incident_id == row.id).values(open=False)
        )
        _go(act, row, IncidentState.CLOSED, _said(text, "请填写审核意见。"))


def find_incident(work: ReadWork, number: str) -> Incident:
    """The row. Raises NotFound."""
    row = work.session.scalar(select(Incident).where(Incident.number == number))
    if row is None:
        raise NotFound(f"没有应急事件“{number}”。")
    return row


def hits_of(work: ReadWork, row: Incident) -> list[WatchHit]:
    """The debits that an incident is about, in the order in which they came."""
    numbers = select(IncidentSubject.number).where(
        IncidentSubject.incident_id == row.id, IncidentSubject.kind == SubjectKind.HIT
    )
    found = select(WatchHit).where(WatchHit.number.in_(numbers)).order_by(WatchHit.id)
    return list(work.session.scalars(found))


def title_of(rows: Iterable[WatchHit]) -> str:
    """What an incident of these debits is called."""
    hits = list(rows)
    names = "、".join(dict.fromkeys(hit.name for hit in hits if hit.name)) or "收款方不明"
    amounts = [Money(hit.amount_minor, hit.currency) for hit in hits]
    total = sum(amounts[1:], start=amounts[0])
    return f"终止后扣款：{names} {len(hits)} 笔 {total.named()}"


def _free_hits(work: ReadWork, numbers: Sequence[str]) -> list[WatchHit]:
    if not numbers:
        raise BadInput("请先选择异常扣款。")
    rows = [find_hit(work, number) for number in dict.fromkeys(numbers)]
    taken = work.session.execute(
        select(IncidentSubject.number, Incident.number)
        .join(Incident, Incident.id == IncidentSubject.incident_id)
        .where(
            IncidentSubject.kind == SubjectKind.HIT,
            IncidentSubject.number.in_(numbers),
            IncidentSubject.open,
        )
    ).first()
    if taken is not None:
        raise Conflict(f"{taken[0]} 已在应急事件 {taken[1]} 中。", "请到“应急事件”查看该事件。")
    for row in rows:
        state = HitState(row.state)
        if state in _SETTLED:
            # What is over needs no response.
            raise Conflict(
                f"{row.number} 当前为“{HIT_LABELS[state]}”，不能转为应急事件。",
                "" if not HIT_MOVES[state] else "如需处理，请先重新确认该笔异常扣款。",
            )
    return rows


def _link(act: Act, row: Incident, hits: Iterable[WatchHit]) -> None:
    act.uow.session.add_all(
        IncidentSubject(incident_id=row.id, kind=SubjectKind.HIT, number=hit.number) for hit in hits
    )


def _all_settled(work: ReadWork, row: Incident) -> None:
    left = [hit.number for hit in hits_of(work, row) if HitState(hit.state) not in _SETTLED]
    if left:
        raise BadInput(
            f"{row.number} 还有 {len(left)} 笔扣款未追回、未排除：{'、'.join(left)}。",
            "请在“扣款监控”登记追回，或由主管排除误报后再办理。",
        )


def _writable(work: ReadWork, number: str) -> Incident:
    row = find_incident(work, number)
    if row.state == IncidentState.CLOSED:
        who = name_of(work, row.closed_by)
        raise Conflict(f"{number} 已由 {who} 于 {local_text(row.closed_at)} 关闭，不能再修改。")
    return row


def _at_version(work: ReadWork, number: str, expected: int) -> Incident:
    row = _writable(work, number)
    if row.version != expected:
        last = work.session.scalars(
            select(IncidentEntry)
            .where(IncidentEntry.incident_id == row.id)
            .order_by(IncidentEntry.id.desc())
            .limit(1)
        ).one()
        who, when = name_of(work, last.recorded_by), local_text(last.recorded_at)
        raise Conflict(f"{number} 已被 {who} 于 {when} 修改。", "请刷新后核对，再重新办理。")
    return row


def _resolved_stays(row: Incident) -> None:
    if row.state == IncidentState.RESOLVED:
        raise Conflict(f"{row.number} 已解决。", "需要修改的，请先退回处理。")


def _go(act: Act, row: Incident, target: IncidentState, said: str) -> None:
    before = IncidentState(row.state)
    row.state = move(row.number, before, target, INCIDENT_MOVES, INCIDENT_LABELS)
    _tell(act, row, EntryKind.STATE, f"{INCIDENT_LABELS[target]}：{said}")
    _changed(act, row, "incident.moved", {"state": before}, {"state": target}, said)


def _changed(
    act: Act,
    row: Incident,
    what: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    why: str = "",
) -> None:
    act.done(Event(what, f"incident:{row.number}", before=before, after=after, reason=why))


def _tell(
    act: Act,
    row: Incident,
    kind: EntryKind,
    text: str,
    line: Written | None = None,
    corrects: int | None = None,
) -> None:
    act.uow.session.add(
        IncidentEntry(
            incident_id=row.id,
            kind=kind,
            at=act.uow.now if line is None else line.at,
            text=text,
            organisation="" if line is None else line.organisation.strip(),
            person="" if line is None else line.person.strip(),
            corrects=corrects,
            recorded_by=act.person.user_id,
            recorded_at=act.uow.now,
        )
    )


def _said(text: str, what: str) -> str:
    if not text.strip():
        raise BadInput(what)
    return text.strip()

"""An incident is opened from debits, payments or bank lines, or by hand; more can join it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.access.guard import Act, Actor, acting
from app.access.rights import Right
from app.agreements.model import WatchHit
from app.agreements.watch.states import HIT_LABELS, HIT_MOVES, SETTLED, HitState
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.core.money import Money, sum_up
from app.core.parts import parts
from app.incidents.model import Incident, IncidentStep, IncidentSubject
from app.incidents.states import Cause, EntryKind, IncidentState, Severity, Step, StepState
from app.incidents.states import SubjectKind as Kind
from app.incidents.writing import said_of, tell, writable
from app.payments.model import Payment
from app.statements.model import BankLine
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork

_SERIES: Final = "SJ"
_TITLE: Final = 200
_NAMED: Final = 5
Row = TypeVar("Row")
Numbered = TypeVar("Numbered", WatchHit, Payment)


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """What makes one incident: numbers of hits and payments, ids of bank lines; none: by hand.

    title: "" for the one that follows from them. found_at: None for now, or for when the earliest
    hit was found.
    """

    hits: tuple[str, ...]
    severity: Severity
    text: str
    title: str = ""
    payments: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    found_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Subjects:
    hits: Sequence[WatchHit]
    payments: Sequence[Payment]
    lines: Sequence[BankLine]

    @property
    def names(self) -> list[str]:
        return [
            *(hit.number for hit in self.hits),
            *(payment.number for payment in self.payments),
            *(f"流水 {line.booked_on} {_money(line).named()}" for line in self.lines),
        ]

    @property
    def keys(self) -> Iterator[tuple[Kind, str]]:
        yield from ((Kind.HIT, hit.number) for hit in self.hits)
        yield from ((Kind.PAYMENT, payment.number) for payment in self.payments)
        yield from ((Kind.LINE, str(line.id)) for line in self.lines)


def open_incident(db: Database, actor: Actor, command: OpenIncident) -> str:
    """Make an incident; returns its number.

    Raises BadInput without a text, or without a title where nothing gives one; Conflict where a
    subject is in an open incident already or was dealt with; NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        found = _found(act.uow, command.hits, command.payments, command.lines)
        text = said_of(command.text, "请写明发现的经过。")
        title = command.title.strip() or title_of(found.hits, found.payments, found.lines)
        if not title:
            raise BadInput("请填写事件名称。", "例如“网银无法登录，今日付款未发出”。")
        row = Incident(
            number=yearly(act.uow, _SERIES),
            title=title[:_TITLE],
            severity=command.severity,
            state=IncidentState.OPEN,
            found_at=_found_at(act.uow, command, found),
            opened_by=act.person.user_id,
            opened_at=act.uow.now,
            cause=Cause.PENDING,
        )
        act.uow.session.add(row)
        act.uow.session.flush()
        act.uow.session.add_all(
            IncidentStep(incident_id=row.id, step=step, state=StepState.OPEN) for step in Step
        )
        _link(act, row, found)
        after = {"title": row.title, "severity": command.severity, **_told(command)}
        tell(act, row, EntryKind.OPENED, "：".join(filter(None, (_named(found), text))))
        act.done(Event("incident.opened", f"incident:{row.number}", after=after, reason=text))
        return row.number


def join_incident(
    db: Database,
    actor: Actor,
    number: str,
    hits: Sequence[str],
    text: str,
    payments: Sequence[str] = (),
    lines: Sequence[int] = (),
) -> None:
    """Add subjects to an incident that is being dealt with. Raises as open_incident does."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, number)
        if row.state == IncidentState.RESOLVED:
            raise Conflict(f"{number} 已解决，不能并入。", "请先退回处理，或另建一个事件。")
        if not (hits or payments or lines):
            raise BadInput("请先选择要并入的扣款、付款或流水。")
        found = _found(act.uow, hits, payments, lines)
        _link(act, row, found)
        # Whoever resolves it at the same time is told.
        flag_modified(row, "title")
        said = f"{_named(found)}：{said_of(text, '请写明并入的理由。')}"
        tell(act, row, EntryKind.JOINED, said)
        after = {"hits": list(hits), "payments": list(payments), "lines": list(lines)}
        kept = {key: value for key, value in after.items() if value}
        act.done(Event("incident.joined", f"incident:{number}", after=kept, reason=said))


def title_of(
    hits: Sequence[WatchHit], payments: Sequence[Payment] = (), lines: Sequence[BankLine] = ()
) -> str:
    """What an incident of these is called; "" where there is nothing."""
    if hits:
        return f"终止后扣款：{_sum_up((hit.name for hit in hits), hits)}"
    if payments:
        return f"付款停止：{_sum_up((payment.payee_name for payment in payments), payments)}"
    if lines:
        return f"流水异常：{_sum_up((line.name for line in lines), lines)}"
    return ""


def _sum_up(names: Iterable[str], rows: Sequence[WatchHit | Payment | BankLine]) -> str:
    known = list(dict.fromkeys(filter(None, names)))
    who = "、".join(known[:_NAMED]) or "收款方不明"
    more = f"等 {len(known)} 家" if len(known) > _NAMED else ""
    sums = sum_up(_money(row) for row in rows)
    return f"{who}{more} {len(rows)} 笔 {'、'.join(one.named() for one in sums)}"


def _money(row: WatchHit | Payment | BankLine) -> Money:
    return Money(abs(row.amount_minor), row.currency)


def _named(found: _Subjects) -> str:
    names = found.names
    more = f"等 {len(names)} 笔" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def _told(command: OpenIncident) -> dict[str, list[str] | list[int]]:
    every: dict[str, list[str] | list[int]] = {
        "hits": list(command.hits),
        "payments": list(command.payments),
        "lines": list(command.lines),
    }
    return {key: value for key, value in every.items() if value}


def _found_at(work: ReadWork, command: OpenIncident, found: _Subjects) -> datetime:
    if command.found_at is not None:
        if command.found_at > work.now:
            raise BadInput("发现时间不能晚于现在。", "请核对日期和时间。")
        return command.found_at
    return min((hit.found_at for hit in found.hits), default=work.now)


def _found(
    work: ReadWork, hits: Sequence[str], payments: Sequence[str], lines: Sequence[int]
) -> _Subjects:
    found = _Subjects(
        _numbered(work, WatchHit, tuple(dict.fromkeys(hits)), "异常扣款"),
        _numbered(work, Payment, tuple(dict.fromkeys(payments)), "付款指令"),
        _lines(work, tuple(dict.fromkeys(lines))),
    )
    _refuse_taken(work, found)
    _refuse_settled(found.hits)
    return found


def _numbered(
    work: ReadWork, kind: type[Numbered], numbers: Sequence[str], what: str
) -> list[Numbered]:
    rows = {
        row.number: row
        for part in parts(numbers)
        for row in work.session.scalars(select(kind).where(kind.number.in_(part)))
    }
    return [_there(rows.get(number), f"{what}“{number}”") for number in numbers]


def _lines(work: ReadWork, ids: Sequence[int]) -> list[BankLine]:
    rows = [work.session.get(BankLine, one) for one in ids]
    return [_there(row, "这条银行流水，它所在的导入可能已撤销") for row in rows]


def _there(row: Row | None, what: str) -> Row:
    if row is None:
        raise NotFound(f"没有{what}。")
    return row


def _refuse_taken(work: ReadWork, found: _Subjects) -> None:
    wanted = list(found.keys)
    names = dict(zip(wanted, found.names, strict=True))
    for part in parts(sorted({number for _, number in wanted})):
        taken = work.session.execute(
            select(IncidentSubject.kind, IncidentSubject.number, Incident.number)
            .join(Incident, Incident.id == IncidentSubject.incident_id)
            .where(IncidentSubject.number.in_(part), IncidentSubject.open)
        )
        for kind, number, incident in taken:
            if (Kind(kind), number) in names:
                raise Conflict(
                    f"{names[Kind(kind), number]} 已在应急事件 {incident} 中。",
                    "请到“应急事件”查看该事件。",
                )


def _refuse_settled(hits: Iterable[WatchHit]) -> None:
    for row in hits:
        state = HitState(row.state)
        if state in SETTLED:
            # What is over needs no response.
            raise Conflict(
                f"{row.number} 当前为“{HIT_LABELS[state]}”，不能转为应急事件。",
                "" if not HIT_MOVES[state] else "如需处理，请先重新确认该笔异常扣款。",
            )


def _link(act: Act, row: Incident, found: _Subjects) -> None:
    act.uow.session.add_all(
        IncidentSubject(incident_id=row.id, kind=kind, number=number) for kind, number in found.keys
    )

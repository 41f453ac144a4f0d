"""通报: a business department is told what stopped and until when, and takes note (F4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from app.access.guard import Actor, acting, identify, name_of, reading
from app.access.model import User
from app.access.rights import Right
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.incidents.at_risk import AtRisk, Impact
from app.incidents.contacts.model import Briefing
from app.incidents.model import Incident
from app.incidents.standing import payments_of
from app.incidents.states import CAUSE_LABELS, Cause, EntryKind
from app.incidents.writing import said_of, tell, writable
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork

_SERIES: Final = "TB"
_NAMED: Final = 20
# Who has not taken note after a day is asked again.
_WAITS: Final = timedelta(days=1)


class Way(StrEnum):
    """How they are told. SYSTEM: they sign in here and see it."""

    SYSTEM = "SYSTEM"
    MAIL = "MAIL"
    PHONE = "PHONE"
    MESSAGE = "MESSAGE"
    FACE = "FACE"


WAY_LABELS: Final[dict[Way, str]] = {
    Way.SYSTEM: "系统内",
    Way.MAIL: "邮件",
    Way.PHONE: "电话",
    Way.MESSAGE: "即时消息",
    Way.FACE: "当面",
}


@dataclass(frozen=True, slots=True)
class Brief:
    """What is told to whom. username: of a person who signs in here; else recipient is a name.

    payments: numbers of the payments that it is about. new_date: when they are likely to be paid.
    """

    number: str
    department: str
    text: str
    username: str = ""
    recipient: str = ""
    way: Way = Way.SYSTEM
    payments: Sequence[str] = ()
    new_date: date | None = None


@dataclass(frozen=True, slots=True)
class BriefingLine:
    """One 通报 as a list shows it. mine: the reader is the one who has to take note."""

    briefing_id: int
    number: str
    incident: str
    department: str
    recipient: str
    way: Way
    text: str
    payments: tuple[str, ...]
    new_date: date | None
    sent_by: str
    sent_at: datetime
    taken_by: str
    taken_at: datetime | None
    answer: str
    mine: bool
    version: int


def brief(db: Database, actor: Actor, command: Brief) -> str:
    """Tell a department; returns the 通报's number.

    Raises BadInput without department, text or somebody to take note, or for a payment of another
    incident; Conflict where the incident is closed, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = writable(act.uow, command.number)
        department = said_of(command.department, "请填写通报的部门。")
        said = said_of(command.text, "请填写通报内容。")
        user = _user(act.uow, command)
        name = said_of(command.recipient, "请填写接收人。") if user is None else user.name
        _refuse(act.uow, row, command)
        made = Briefing(
            number=yearly(act.uow, _SERIES),
            incident_id=row.id,
            department=department,
            recipient_id=None if user is None else user.id,
            recipient=name,
            way=command.way if user is None else Way.SYSTEM,
            text=said,
            payments=list(command.payments),
            new_date=command.new_date,
            sent_by=act.person.user_id,
            sent_at=act.uow.now,
        )
        act.uow.session.add(made)
        tell(
            act,
            row,
            EntryKind.BRIEFING,
            f"{made.number} {WAY_LABELS[Way(made.way)]}通报：{said}",
            organisation=department,
            person=name,
        )
        after = {"briefing": made.number, "department": department, "recipient": name, "text": said}
        act.done(Event("incident.briefed", f"incident:{row.number}", after=after))
        return made.number


def take_note(db: Database, actor: Actor, number: str, answer: str) -> None:
    """Say that the 通报 was read, with an answer if there is one.

    Whoever it was sent to does so; for somebody who does not sign in here, whoever deals with the
    incident writes it down, with who said so. Raises BadInput, Conflict, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_VIEW) as act:
        made = _find(act.uow, number)
        row = act.uow.session.get_one(Incident, made.incident_id)
        if made.taken_at is not None:
            raise Conflict(f"{number} 已登记知悉。", "请刷新后核对。")
        said = answer.strip()
        if made.recipient_id is None:
            if Right.INCIDENT_HANDLE not in act.person.rights:
                raise BadInput(f"{number} 由处理事件的人员登记知悉。")
            said = said_of(answer, "请写明谁在何时以何种方式表示知悉。")
        elif made.recipient_id != act.person.user_id:
            raise BadInput(f"{number} 须由 {made.recipient} 本人确认知悉。", "请提醒本人登录确认。")
        made.taken_by, made.taken_at, made.answer = act.person.user_id, act.uow.now, said
        words = f"{made.number} 已知悉" + (f"：{said}" if said else "")
        # Taking note is no work on the incident: it may come after the incident was closed.
        tell(
            act,
            row,
            EntryKind.BRIEFING,
            words,
            organisation=made.department,
            person=made.recipient,
        )
        after = {"briefing": number, "recipient": made.recipient}
        act.done(Event("incident.brief_taken", f"incident:{row.number}", after=after, reason=said))


def briefings_of(work: ReadWork, row: Incident, reader: int = 0) -> list[BriefingLine]:
    """What was told because of an incident, the newest first. reader: id of who looks."""
    rows = work.session.scalars(
        select(Briefing).where(Briefing.incident_id == row.id).order_by(Briefing.id.desc())
    )
    return [_line(work, one, row.number, reader) for one in rows]


def briefings_for_me(db: Database, actor: Actor) -> list[BriefingLine]:
    """What the person still has to take note of, the oldest first. Raises Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        me = identify(work, actor).user_id
        rows = work.session.execute(
            select(Briefing, Incident.number)
            .join(Incident, Incident.id == Briefing.incident_id)
            .where(Briefing.recipient_id == me, Briefing.taken_at.is_(None))
            .order_by(Briefing.id)
        )
        return [_line(work, made, number, me) for made, number in rows]


def unread(work: ReadWork) -> list[tuple[str, str]]:
    """Incident and words of each 通报 that nobody has taken note of for a day."""
    rows = work.session.execute(
        select(Briefing, Incident.number)
        .join(Incident, Incident.id == Briefing.incident_id)
        .where(Briefing.taken_at.is_(None), Briefing.sent_at < work.now - _WAITS)
        .order_by(Briefing.id)
    )
    return [
        (
            number,
            f"{made.number}（{number}）通报{made.department} {made.recipient}，尚未知悉，请提醒。",
        )
        for made, number in rows
    ]


def proposed_text(title: str, known: Cause, impact: Impact, ending: str = "") -> str:
    """What a department is told of the payments that are not made yet, for a person to change.

    ending: the words of the 应急预案.
    """
    left = [one for one in impact.payments if not one.over]
    cause = "原因正在查明" if known is Cause.PENDING else CAUSE_LABELS[known]
    head = f"因{cause}，下列付款暂未完成（{title}），请相应调整业务安排，并告知收款单位："
    rows = [_payment(one) for one in left[:_NAMED]]
    if len(left) > _NAMED:
        rows.append(f"……共 {len(left):,} 笔，详见应急事件。")
    said = [head, *rows] if left else [f"{title}：{cause}。"]
    return "\n".join([*said, ending] if ending else said)


def _payment(one: AtRisk) -> str:
    return f"{one.number}　{one.payee}　{one.amount.named()}　原定 {one.due_on} 付款"


def _user(work: ReadWork, command: Brief) -> User | None:
    if not command.username:
        return None
    user = work.session.scalar(select(User).where(User.username == command.username, User.active))
    if user is None:
        raise BadInput("请选择接收人。", "接收人须是在用的账号；没有账号的，请填写姓名。")
    return user


def _refuse(work: ReadWork, row: Incident, command: Brief) -> None:
    if not command.username and command.way is Way.SYSTEM:
        raise BadInput("没有账号的接收人不能用“系统内”通报。", "请选择邮件、电话等实际的方式。")
    if command.new_date is not None and command.new_date < work.today:
        raise BadInput("预计付款日不能早于今天。")
    known = {one.number for one in payments_of(work, row)} if command.payments else set()
    strange = [one for one in command.payments if one not in known]
    if strange:
        raise BadInput(f"{strange[0]} 不在 {row.number} 中。", "请先把该笔付款并入事件。")


def _find(work: ReadWork, number: str) -> Briefing:
    row = work.session.scalar(select(Briefing).where(Briefing.number == number))
    if row is None:
        raise NotFound(f"没有通报“{number}”。")
    return row


def _line(work: ReadWork, made: Briefing, incident: str, reader: int) -> BriefingLine:
    return BriefingLine(
        made.id,
        made.number,
        incident,
        made.department,
        made.recipient,
        Way(made.way),
        made.text,
        tuple(made.payments),
        made.new_date,
        name_of(work, made.sent_by),
        made.sent_at,
        name_of(work, made.taken_by),
        made.taken_at,
        made.answer,
        made.recipient_id == reader,
        made.version,
    )

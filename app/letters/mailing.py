"""Sending a paper by mail: written down before it leaves, never sent twice by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import select

from app.access.founding import company_card
from app.access.guard import Actor, acting
from app.access.rights import Right
from app.audit.trail import Event, record
from app.core.states import move
from app.letters.addresses import check_address
from app.letters.errors import AlreadySent, BadLetter, BadMail
from app.letters.issuing import is_void, subjects_of, went_out
from app.letters.model import Dispatch, Letter, Outgoing
from app.letters.post import Handed, Server, hand_over
from app.letters.setup import setup_of
from app.letters.states import MAIL_LABELS, MAIL_MOVES, Carrier, MailState
from app.storage.kept import keep, kept
from app.storage.work import Database, ReadWork, UnitOfWork

# Nobody hands a letter over for longer: what still stands so was broken off.
_ABANDONED: Final = timedelta(minutes=10)
_TRIES: Final = 3
WHERE_TO_SET: Final = "请由财务主管或系统管理员在“函件与邮件”中设置。"
# Seconds between the tries of one act.
_PAUSES: Final = (2.0, 5.0)
_OWN: Final = frozenset({"127.0.0.1", "localhost", "::1"})
Post = Callable[[Server, str, str, bytes], Handed]
# What follows in the same transaction once a letter is out.
Out = Callable[[UnitOfWork, Letter], None]
Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes along: its name for the reader, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SendMail:
    """One paper to one address. about: number of the letter or form; event: what the trail names.

    again: somebody decided to send once more what may have arrived. first: only where nothing of
    the paper went out yet, to whomever and by whatever way.
    """

    about: str
    recipient: str
    subject: str
    body: str
    files: tuple[Attached, ...]
    covers: tuple[str, ...]
    again: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class _Begun:
    outgoing_id: int
    sender: str
    message: bytes


def send_mail(
    db: Database,
    actor: Actor,
    command: SendMail,
    server: Server,
    pause: Pause,
    out: Out,
    post: Post = hand_over,
) -> Handed:
    """Send it now; what is kept says SENT, FAILED or UNKNOWN, and so does what comes back.

    pause: waits that many seconds between tries of what may go better later, and may raise. out:
    what follows for a letter that was sent.
    Raises AlreadySent, BadMail, BadInput for the address, Denied.
    """
    begun = _begin(db, actor, command)
    handed = Handed(MailState.UNKNOWN, "发送中断")
    try:
        for number in range(_TRIES):
            if number:
                pause(_PAUSES[number - 1])
            handed = post(server, begun.sender, command.recipient, begun.message)
            if handed.state is not MailState.FAILED or not handed.retry:
                break
    finally:
        # Also when the work was stopped between two tries: what is known by then is kept.
        _finish(db, actor, command, begun.outgoing_id, handed, out)
    return handed


def shown_mail(row: Outgoing, now: datetime) -> MailState:
    """The state as it is told: what was being sent when the program broke off is unknown."""
    state = MailState(row.state)
    if state is MailState.SENDING and now - row.changed_at > _ABANDONED:
        return MailState.UNKNOWN
    return state


def settle_unknown(
    db: Database, actor: Actor, about: str, recipient: str, evidence: str, out: Out
) -> None:
    """Keep that a mail did arrive after all, since somebody asked. Raises BadMail."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        row = _row(act.uow, about, recipient)
        if row is None or shown_mail(row, act.uow.now) is not MailState.UNKNOWN:
            raise BadMail(f"{about} 发往 {recipient} 的邮件没有待核实的结果。", "请刷新后重试。")
        if not evidence.strip():
            raise BadMail("请填写依据。", "如收件人姓名、电话和确认时间。")
        if row.state == MailState.SENDING:
            _move(row, MailState.UNKNOWN, act.uow.now)
        _move(row, MailState.SENT, act.uow.now)
        row.said = evidence.strip()
        letter = _letter(act.uow, row)
        if letter is not None:
            _dispatched(act.uow, row, letter, act.person.label)
            out(act.uow, letter)
        act.done(*_events("mail.settled", row, letter, evidence.strip()))


def _begin(db: Database, actor: Actor, command: SendMail) -> _Begun:
    address = check_address(command.recipient)
    if not command.files:
        raise BadMail(f"{command.about} 没有附件。", "请先生成函件。")
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        uow = act.uow
        setup = setup_of(uow)
        if not setup.smtp_host or not setup.sender:
            raise BadMail("尚未设置发件服务器和发件邮箱。", WHERE_TO_SET)
        _refuse_in_drill(uow, setup.smtp_host)
        _refuse_letter(uow, command)
        row = _row(uow, command.about, address)
        if row is None:
            row = _new(uow, command, address, act.person.user_id)
        else:
            _refuse_twice(row, command, uow.now)
            _move(row, MailState.SENDING, uow.now)
        # A line end in a subject would begin another head of the message.
        row.subject, row.body = " ".join(command.subject.split())[:200], command.body
        row.files = [{"name": one.name, "hash": keep(uow, one.data)} for one in command.files]
        row.tries += 1
        letter = _letter(uow, row)
        act.done(*_events("mail.begun", row, letter, "", command.covers))
        message = _message(uow, row, setup.sender, uow.now)
        return _Begun(row.id, setup.sender, message)


def _refuse_in_drill(work: ReadWork, host: str) -> None:
    """What is invented must never reach a real bank; a server on this machine is for trying out."""
    card = company_card(work)
    if card is not None and card.drill and host not in _OWN:
        raise BadMail(
            "演练账套不对外发送邮件。", "请在正式账套中发送；试用时可把发件服务器设为本机。"
        )


def _refuse_letter(work: ReadWork, command: SendMail) -> None:
    """What does not count is not sent; what went out is not sent to somebody else by a run."""
    letter = work.session.scalar(select(Letter).where(Letter.number == command.about))
    if letter is None:
        return
    if is_void(work, letter):
        raise BadLetter(f"{letter.number} 已作废，不能发出。", "请使用重新生成的函件。")
    if command.first and went_out(work, letter):
        raise AlreadySent(
            f"{letter.number} 已经发出或可能已经发出，不再发送。", "请在“函件”中查看送达经过。"
        )


def _new(uow: UnitOfWork, command: SendMail, address: str, user_id: int) -> Outgoing:
    letter = uow.session.scalar(select(Letter).where(Letter.number == command.about))
    row = Outgoing(
        about=command.about,
        letter_id=None if letter is None else letter.id,
        files=[],
        recipient=address,
        subject="",
        body="",
        message_id=f"<{uuid4().hex}@tingfu.invalid>",
        state=MailState.SENDING,
        tries=0,
        retry=False,
        made_by=user_id,
        made_at=uow.now,
        changed_at=uow.now,
    )
    uow.session.add(row)
    return row


def _refuse_twice(row: Outgoing, command: SendMail, now: datetime) -> None:
    state = shown_mail(row, now)
    whom = f"{row.about} 已发往 {row.recipient}"
    if state is MailState.SENT:
        raise AlreadySent(f"{whom}，不再重复发送。")
    if state is MailState.SENDING:
        raise AlreadySent(f"{whom} 的邮件正在发送。", "请稍候刷新查看结果。")
    if state is MailState.UNKNOWN and not command.again:
        raise AlreadySent(
            f"{whom}，是否送达不明。", "请先向收件人核实；未收到的，再选择“再次发送”。"
        )
    if row.state == MailState.SENDING:
        _move(row, MailState.UNKNOWN, now)


def _finish(
    db: Database, actor: Actor, command: SendMail, outgoing_id: int, handed: Handed, out: Out
) -> None:
    """Keep what came of it, whatever rights the sender still has: it has left by now."""
    with db.write() as uow:
        row = uow.session.get_one(Outgoing, outgoing_id)
        _move(row, handed.state, uow.now)
        row.said, row.retry = handed.said, handed.retry
        letter = _letter(uow, row)
        if handed.state is MailState.SENT and letter is not None:
            _dispatched(uow, row, letter, actor.label)
            out(uow, letter)
        events = _events(_ACT_OF[handed.state], row, letter, handed.said, command.covers)
        record(uow, actor.label, *events)
        uow.commit()


def _dispatched(uow: UnitOfWork, row: Outgoing, letter: Letter, by: str) -> None:
    uow.session.add(
        Dispatch(
            letter_id=letter.id,
            carrier=Carrier.MAIL,
            sent_on=uow.today,
            chase=False,
            recipient=row.recipient,
            remark=row.subject,
            recorded_by=by,
            recorded_at=uow.now,
        )
    )
    uow.session.flush()


def _events(
    act: str, row: Outgoing, letter: Letter | None, reason: str, covers: tuple[str, ...] = ()
) -> list[Event]:
    named = [f"agreement:{one}" for one in covers] if letter is None else subjects_of(letter)
    after = {
        "about": row.about,
        "recipient": row.recipient,
        "state": row.state,
        "tries": row.tries,
        "files": [one["hash"] for one in row.files],
    }
    subjects = named or [f"mail:{row.about}"]
    return [Event(act, subject, after=after, reason=reason) for subject in subjects]


def _message(work: ReadWork, row: Outgoing, sender: str, now: datetime) -> bytes:
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=row.recipient)
    message["Subject"] = row.subject
    message["Date"] = format_datetime(now.astimezone(work.tz))
    message["Message-ID"] = row.message_id
    message.set_content(row.body)
    for one in row.files:
        message.add_attachment(
            kept(work, one["hash"]), maintype="application", subtype="pdf", filename=one["name"]
        )
    return message.as_bytes()


def _letter(work: ReadWork, row: Outgoing) -> Letter | None:
    return None if row.letter_id is None else work.session.get_one(Letter, row.letter_id)


def _row(work: ReadWork, about: str, recipient: str) -> Outgoing | None:
    return work.session.scalar(
        select(Outgoing).where(Outgoing.about == about, Outgoing.recipient == recipient.strip())
    )


def _move(row: Outgoing, target: MailState, now: datetime) -> None:
    row.state = move(row.about, MailState(row.state), target, MAIL_MOVES, MAIL_LABELS)
    row.changed_at = now


_ACT_OF: Final[dict[MailState, str]] = {
    MailState.SENT: "mail.sent",
    MailState.FAILED: "mail.failed",
    MailState.UNKNOWN: "mail.unknown",
}

"""How letters went out, were asked about and were mailed: of all of them by two queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.letters.mailing import shown_mail
from app.letters.model import Dispatch, Outgoing
from app.letters.states import Carrier, MailState
from app.storage.work import ReadWork


@dataclass(frozen=True, slots=True)
class SentLine:
    """That it went out or, where chase is set, was asked about."""

    at: date
    carrier: Carrier
    chase: bool
    recipient: str
    tracking_no: str
    remark: str
    by: str


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail of it and what the server said."""

    recipient: str
    state: MailState
    tries: int
    said: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Passage:
    """The way of one letter, oldest first."""

    sent: tuple[SentLine, ...] = ()
    mails: tuple[MailLine, ...] = ()

    @property
    def sent_on(self) -> date | None:
        """When it first went out; None before."""
        return next((one.at for one in self.sent if not one.chase), None)

    @property
    def open_mail(self) -> bool:
        """Whether a mail of it may have arrived, and nobody knows."""
        return any(one.state in {MailState.UNKNOWN, MailState.SENDING} for one in self.mails)

    def chases_since(self, day: date | None) -> int:
        """How often it was asked about, from that day on."""
        return sum(one.chase and (day is None or one.at >= day) for one in self.sent)


def passages(work: ReadWork) -> Mapping[int, Passage]:
    """The way of every letter that has gone one, by the letter's id."""
    sent: dict[int, list[SentLine]] = defaultdict(list)
    mails: dict[int, list[MailLine]] = defaultdict(list)
    for row in work.session.scalars(select(Dispatch).order_by(Dispatch.sent_on, Dispatch.id)):
        sent[row.letter_id].append(_sent(row))
    query = select(Outgoing).where(Outgoing.letter_id.is_not(None)).order_by(Outgoing.id)
    for mail in work.session.scalars(query):
        mails[mail.letter_id or 0].append(_mail(work, mail))
    return {
        key: Passage(tuple(sent.get(key, ())), tuple(mails.get(key, ())))
        for key in sent.keys() | mails.keys()
    }


def _sent(row: Dispatch) -> SentLine:
    return SentLine(
        row.sent_on,
        Carrier(row.carrier),
        row.chase,
        row.recipient,
        row.tracking_no,
        row.remark,
        row.recorded_by,
    )


def _mail(work: ReadWork, row: Outgoing) -> MailLine:
    return MailLine(row.recipient, shown_mail(row, work.now), row.tries, row.said, row.changed_at)

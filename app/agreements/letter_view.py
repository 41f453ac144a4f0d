"""What the page of letters reads: every letter that approved requests call for, and where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from app.access.guard import Actor, name_of, reading
from app.access.rights import Right
from app.accounts.reading import workdays
from app.agreements.chasing import chases_due, reply_due
from app.agreements.model import Agreement, Cancellation, CancellationItem, Confirmation
from app.agreements.notices import Called, called_for
from app.agreements.states import Answer, CancelState, ItemState
from app.core.workdays import Workdays
from app.documents.merging import merged
from app.documents.writing import PdfResult
from app.letters.dispatching import dispatches_of
from app.letters.issuing import find_letter, live_letter
from app.letters.mailing import mails_about, shown_mail
from app.letters.model import Dispatch, Letter
from app.letters.setup import setup_of
from app.letters.signing import file_to_give, signature_of
from app.letters.states import Carrier, LetterKind, MailState, Party
from app.storage.work import Database, ReadWork


class SlotState(StrEnum):
    """Where a letter is on its way."""

    MISSING = "MISSING"
    READY = "READY"
    UNKNOWN = "UNKNOWN"
    WAITING = "WAITING"
    LATE = "LATE"
    ANSWERED = "ANSWERED"


SLOT_LABELS: Final[dict[SlotState, str]] = {
    SlotState.MISSING: "待生成",
    SlotState.READY: "待发出",
    SlotState.UNKNOWN: "送达不明",
    SlotState.WAITING: "待答复",
    SlotState.LATE: "逾期未复",
    SlotState.ANSWERED: "已答复",
}
_FINAL: Final = (Answer.TERMINATED, Answer.REFUSED)


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
class SignatureLine:
    """That it was signed digitally: when, by whom of us, and with whose certificate."""

    at: datetime
    by: str
    signer: str
    issuer: str
    serial: str
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class LetterSlot:
    """A letter that a request calls for. number: "" before it is issued.

    due_on: when an answer is asked for; chases: reminders sent of those that are due by now.
    """

    form_no: str
    kind: LetterKind
    party: Party
    addressee: str
    covers: tuple[str, ...]
    state: SlotState
    number: str
    dated: date | None
    pages: int
    issued_by: str
    sent_on: date | None
    due_on: date | None
    chases: tuple[int, int]
    sent: tuple[SentLine, ...]
    mails: tuple[MailLine, ...]
    signature: SignatureLine | None = None

    @property
    def key(self) -> str:
        return f"{self.form_no}|{self.kind}|{self.addressee}"

    @property
    def chase_wanted(self) -> bool:
        """Whether somebody has to be asked again now."""
        made, due = self.chases
        return self.state is SlotState.LATE and made < due


def letter_slots(db: Database, actor: Actor) -> list[LetterSlot]:
    """Every letter of approved requests, the newest request first. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        return slots(work)


def slots(work: ReadWork, form_no: str | None = None) -> list[LetterSlot]:
    """The same inside a wider reading; of one request where one is named."""
    query = select(Cancellation).where(Cancellation.state == CancelState.APPROVED)
    if form_no is not None:
        query = query.where(Cancellation.number == form_no)
    forms = work.session.scalars(query.order_by(Cancellation.id.desc())).all()
    calendar, days = workdays(work), setup_of(work).reply_days
    return [slot for form in forms for slot in _slots(work, form, calendar, days)]


def letter_file(db: Database, actor: Actor, number: str) -> tuple[str, bytes]:
    """Title and PDF of a letter as it is given out, signed where it is. Raises NotFound, Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        letter = find_letter(work, number)
        return letter.title, file_to_give(work, letter)


def print_file(db: Database, actor: Actor, numbers: Sequence[str]) -> PdfResult:
    """Issued letters as one file for the printer, in that order. Raises NotFound, Denied.

    One alone comes byte for byte, with its signature; of several only the marks are printed.
    """
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        letters = [find_letter(work, number) for number in numbers]
        files = [file_to_give(work, letter) for letter in letters]
    pages, fonts = sum(one.pages for one in letters), dict.fromkeys(one.font for one in letters)
    data = files[0] if len(files) == 1 else merged(files)
    return PdfResult(data, pages, "、".join(fonts))


def _slots(
    work: ReadWork, form: Cancellation, calendar: Workdays, days: int
) -> Sequence[LetterSlot]:
    answered = _answered(work, form)
    found = []
    for called in called_for(work, form):
        letter = live_letter(work, form.number, called.kind, called.addressee)
        done = all((number, called.party) in answered for number in called.covers)
        if letter is not None or not done:
            found.append(_slot(work, form.number, called, letter, done, calendar, days))
    return found


def _slot(
    work: ReadWork,
    form_no: str,
    called: Called,
    letter: Letter | None,
    answered: bool,
    calendar: Workdays,
    days: int,
) -> LetterSlot:
    rows = [] if letter is None else dispatches_of(work, letter)
    mails = () if letter is None else _mails(work, letter.number)
    first = next((row.sent_on for row in rows if not row.chase), None)
    due_on = reply_due(first, days, calendar)
    due = 0 if answered else chases_due(due_on, work.today, days, calendar)
    state = _state(letter, first, answered, due, mails)
    return LetterSlot(
        form_no=form_no,
        kind=called.kind,
        party=called.party,
        addressee=called.addressee,
        covers=called.covers,
        state=state,
        number="" if letter is None else letter.number,
        dated=None if letter is None else letter.dated,
        pages=0 if letter is None else letter.pages,
        issued_by="" if letter is None else name_of(work, letter.issued_by),
        sent_on=first,
        due_on=due_on,
        chases=(sum(row.chase for row in rows), due),
        sent=tuple(_sent(row) for row in rows),
        mails=mails,
        signature=None if letter is None else _signature(work, letter),
    )


def _signature(work: ReadWork, letter: Letter) -> SignatureLine | None:
    row = signature_of(work, letter)
    if row is None:
        return None
    by = name_of(work, row.signed_by)
    return SignatureLine(row.signed_at, by, row.signer, row.issuer, row.serial, row.valid_until)


def _state(
    letter: Letter | None,
    sent_on: date | None,
    answered: bool,
    due: int,
    mails: Sequence[MailLine],
) -> SlotState:
    if answered:
        return SlotState.ANSWERED
    if letter is None:
        return SlotState.MISSING
    if sent_on is None:
        open_mail = any(one.state in {MailState.UNKNOWN, MailState.SENDING} for one in mails)
        return SlotState.UNKNOWN if open_mail else SlotState.READY
    return SlotState.LATE if due else SlotState.WAITING


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


def _mails(work: ReadWork, about: str) -> tuple[MailLine, ...]:
    return tuple(
        MailLine(row.recipient, shown_mail(row, work.now), row.tries, row.said, row.changed_at)
        for row in mails_about(work, about)
    )


def _answered(work: ReadWork, form: Cancellation) -> frozenset[tuple[str, Party]]:
    """Which agreements of the request have a final answer, and from whom.

    What the bank refused is over for the payee as well: the agreement goes on.
    """
    refused = work.session.scalars(
        select(Agreement.number)
        .join(CancellationItem, CancellationItem.agreement_id == Agreement.id)
        .where(
            CancellationItem.cancellation_id == form.id,
            CancellationItem.state == ItemState.REFUSED,
        )
    )
    over = {(number, party) for number in refused for party in Party}
    rows = work.session.execute(
        select(Agreement.number, Confirmation.party)
        .join(CancellationItem, CancellationItem.id == Confirmation.item_id)
        .join(Agreement, Agreement.id == CancellationItem.agreement_id)
        .where(
            CancellationItem.cancellation_id == form.id,
            Confirmation.outcome.in_([str(one) for one in _FINAL]),
        )
    )
    return frozenset(over | {(number, Party(party)) for number, party in rows})

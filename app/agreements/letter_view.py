"""What the page of letters reads: every letter that is to be followed, and where it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from app.access.guard import Actor, reading
from app.access.model import User
from app.access.rights import Right
from app.accounts.reading import workdays
from app.agreements.chasing import chases_due, reply_due
from app.agreements.refunding import RefundLine
from app.agreements.wanted import Wanted, wanted_letters
from app.core.workdays import Workdays
from app.documents.merging import merged
from app.documents.writing import PdfResult
from app.letters.issuing import find_letter
from app.letters.passage import MailLine, Passage, SentLine, passages
from app.letters.setup import setup_of
from app.letters.signing import file_to_give, signatures
from app.letters.states import DISPUTES, LetterKind, Party
from app.storage.work import Database, ReadWork


class SlotState(StrEnum):
    """Where a letter is on its way."""

    MISSING = "MISSING"
    READY = "READY"
    UNKNOWN = "UNKNOWN"
    WAITING = "WAITING"
    LATE = "LATE"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


SLOT_LABELS: Final[dict[SlotState, str]] = {
    SlotState.MISSING: "待生成",
    SlotState.READY: "待发出",
    SlotState.UNKNOWN: "送达不明",
    SlotState.WAITING: "待答复",
    SlotState.LATE: "逾期未复",
    SlotState.ANSWERED: "已答复",
    SlotState.CLOSED: "已了结",
}
# Nobody has to do anything about these any more.
SETTLED: Final = frozenset({SlotState.ANSWERED, SlotState.CLOSED})


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
    """A letter to be followed. number: "" before it is issued.

    subject: the request, or the first debit, that it belongs to; hits: the debits that it asks
    back, with what was answered about them. due_on: when an answer, or the promised money, is
    asked for; chases: reminders sent of those that are due by now.
    """

    subject: str
    kind: LetterKind
    party: Party
    addressee: str
    covers: tuple[str, ...]
    hits: tuple[str, ...]
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
    answers: tuple[RefundLine, ...]
    signature: SignatureLine | None = None

    @property
    def key(self) -> str:
        return f"{self.subject}|{self.kind}|{self.addressee}"

    @property
    def disputes(self) -> bool:
        """Whether it asks money back, instead of an end."""
        return self.kind in DISPUTES

    @property
    def asks(self) -> bool:
        """Whether it asks what became of payments: its covers are their numbers."""
        return self.kind is LetterKind.BANK_QUERY

    @property
    def chase_wanted(self) -> bool:
        """Whether somebody has to be asked again now."""
        made, due = self.chases
        return self.state is SlotState.LATE and made < due


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked up for all letters at once. days: working days that a letter gives."""

    passages: Mapping[int, Passage]
    signatures: Mapping[int, SignatureLine]
    names: Mapping[int, str]
    calendar: Workdays
    days: int
    today: date


def letter_slots(db: Database, actor: Actor) -> list[LetterSlot]:
    """Every letter, the newest first. Raises Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        return slots(work)


def slots(work: ReadWork) -> list[LetterSlot]:
    """The same inside a wider reading; as many queries for a thousand letters as for one."""
    names = {row.id: row.name for row in work.session.execute(select(User.id, User.name))}
    known = _Known(
        passages(work),
        _signatures(work, names),
        names,
        workdays(work),
        setup_of(work).reply_days,
        work.today,
    )
    return [_slot(wanted, known) for wanted in wanted_letters(work)]


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


def _slot(wanted: Wanted, known: _Known) -> LetterSlot:
    letter = wanted.letter
    way = Passage() if letter is None else known.passages.get(letter.id, Passage())
    promise = _promise(wanted)
    first = way.sent_on
    due_on = reply_due(first, known.days, known.calendar)
    if promise is not None:
        due_on = promise.promised_on
    ended = wanted.answered or wanted.closed
    due = 0 if ended else chases_due(due_on, known.today, known.days, known.calendar)
    return LetterSlot(
        subject=wanted.subject,
        kind=wanted.kind,
        party=wanted.party,
        addressee=wanted.addressee,
        covers=wanted.covers,
        hits=wanted.hits,
        state=_state(wanted, way, due),
        number="" if letter is None else letter.number,
        dated=None if letter is None else letter.dated,
        pages=0 if letter is None else letter.pages,
        issued_by="" if letter is None else known.names[letter.issued_by],
        sent_on=first,
        due_on=due_on,
        chases=(way.chases_since(None if promise is None else promise.answered_on), due),
        sent=way.sent,
        mails=way.mails,
        answers=wanted.answers,
        signature=None if letter is None else known.signatures.get(letter.id),
    )


def _signatures(work: ReadWork, names: Mapping[int, str]) -> dict[int, SignatureLine]:
    return {
        key: SignatureLine(
            row.signed_at, names[row.signed_by], row.signer, row.issuer, row.serial, row.valid_until
        )
        for key, row in signatures(work).items()
    }


def _state(wanted: Wanted, way: Passage, due: int) -> SlotState:
    if wanted.answered:
        return SlotState.ANSWERED
    if wanted.closed:
        return SlotState.CLOSED
    if wanted.letter is None:
        return SlotState.MISSING
    if _promise(wanted) is not None:
        # A promise is an answer until its day is over.
        return SlotState.LATE if due else SlotState.ANSWERED
    if way.sent_on is None:
        return SlotState.UNKNOWN if way.open_mail else SlotState.READY
    return SlotState.LATE if due else SlotState.WAITING


def _promise(wanted: Wanted) -> RefundLine | None:
    """The newest answer, where it promises the money for a day."""
    last = wanted.answers[-1] if wanted.answers else None
    return None if last is None or last.promised_on is None else last

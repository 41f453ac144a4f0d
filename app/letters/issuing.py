"""Issuing letters: number, file and record come into being together, or not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from app.access.guard import Act
from app.audit.trail import Event
from app.core.errors import NotFound, Refused
from app.documents.blocks import Document
from app.documents.fonts import FontBook, default_book
from app.documents.layout import Composed, compose
from app.documents.writing import PdfResult, write_composed
from app.letters.errors import BadLetter, LetterKnown
from app.letters.model import Dispatch, Letter, LetterVoid, Outgoing
from app.letters.setup import setup_of
from app.letters.states import LetterKind, MailState, Party
from app.storage.kept import keep
from app.storage.numbers import take, yearly
from app.storage.work import ReadWork, UnitOfWork

# A proof is no letter: it has a series of its own.
_PROOFS: Final = "ZM"


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that may be issued. layout: the document under the number that it is given."""

    kind: LetterKind
    subject: str
    party: Party | None
    addressee: str
    covers: tuple[str, ...]
    edition: int
    layout: Callable[[str], Document]


@dataclass(frozen=True, slots=True)
class Failed:
    """A letter that was not issued, and why."""

    addressee: str
    refusal: Refused


@dataclass(frozen=True, slots=True)
class _Set:
    draft: Draft
    number: str
    composed: Composed


def issue(
    act: Act, drafts: Sequence[Draft], book: FontBook | None = None
) -> tuple[list[Letter], list[Failed]]:
    """Issue each inside the caller's act; one that can't be leaves no gap and stops no other."""
    book = book or default_book()
    ready: list[_Set] = []
    failed: list[Failed] = []
    for draft in drafts:
        try:
            with act.uow.session.begin_nested():
                ready.append(_set(act.uow, draft, book))
        except Refused as refusal:
            failed.append(Failed(draft.addressee, refusal))
    papers = write_composed([one.composed for one in ready], book) if ready else []
    letters = [_keep(act, one, paper) for one, paper in zip(ready, papers, strict=True)]
    return letters, failed


def issued_events(letters: Sequence[Letter]) -> Iterator[Event]:
    """What the trail tells of letters that were issued, for each thing that they cover."""
    for letter in letters:
        told = {
            "form": letter.subject,
            "addressee": letter.addressee,
            "file_hash": letter.file_hash,
        }
        yield from letter_events("letter.issued", letter, told)


def letter_events(
    act: str, letter: Letter, after: Mapping[str, Any], reason: str = ""
) -> Iterator[Event]:
    """What the trail tells of a letter, once for each agreement or payment that it covers."""
    for subject in subjects_of(letter):
        yield Event(
            act,
            subject,
            after={"letter": letter.number, **after},
            reason=reason,
        )


def subjects_of(letter: Letter) -> list[str]:
    """What a letter covers, as the trail names it: payments for 付款查询函, else agreements."""
    kind = "payment" if letter.kind == LetterKind.BANK_QUERY else "agreement"
    return [f"{kind}:{number}" for number in letter.covers]


def live_letters(work: ReadWork) -> list[Letter]:
    """Every letter that was issued and not voided, oldest first; no proofs."""
    return list(
        work.session.scalars(
            select(Letter)
            .outerjoin(LetterVoid, LetterVoid.letter_id == Letter.id)
            .where(LetterVoid.id.is_(None), Letter.kind != LetterKind.PROOF)
            .order_by(Letter.id)
        )
    )


def live_letter(work: ReadWork, subject: str, kind: LetterKind, addressee: str) -> Letter | None:
    """The letter that was issued and not voided."""
    return work.session.scalars(
        select(Letter)
        .outerjoin(LetterVoid, LetterVoid.letter_id == Letter.id)
        .where(
            Letter.subject == subject,
            Letter.kind == kind,
            Letter.addressee == addressee,
            LetterVoid.id.is_(None),
        )
        .order_by(Letter.id.desc())
    ).first()


def find_letter(work: ReadWork, number: str) -> Letter:
    """The letter of that number. Raises NotFound."""
    row = work.session.scalar(select(Letter).where(Letter.number == number))
    if row is None:
        raise NotFound(f"没有编号为“{number}”的函件。")
    return row


def void(act: Act, letter: Letter, reason: str) -> None:
    """Let a letter not count inside the caller's act. Raises BadLetter once it went out."""
    if not reason.strip():
        raise BadLetter("请填写作废原因。", "")
    if _void_of(act.uow, letter) is not None:
        raise BadLetter(f"{letter.number} 已经作废。", "")
    if went_out(act.uow, letter):
        raise BadLetter(f"{letter.number} 已经发出，不能作废。", "请另行发函更正。")
    act.uow.session.add(
        LetterVoid(
            letter_id=letter.id,
            reason=reason.strip(),
            voided_by=act.person.user_id,
            voided_at=act.uow.now,
        )
    )


def went_out(work: ReadWork, letter: Letter) -> bool:
    """Whether it left the house, or may have: a mail of unknown fate counts."""
    given = select(Dispatch.id).where(Dispatch.letter_id == letter.id)
    mailed = select(Outgoing.id).where(
        Outgoing.letter_id == letter.id, Outgoing.state != MailState.FAILED
    )
    return any(work.session.scalar(query.limit(1)) is not None for query in (given, mailed))


def is_void(work: ReadWork, letter: Letter) -> bool:
    return _void_of(work, letter) is not None


def _void_of(work: ReadWork, letter: Letter) -> int | None:
    return work.session.scalar(select(LetterVoid.id).where(LetterVoid.letter_id == letter.id))


def _set(uow: UnitOfWork, draft: Draft, book: FontBook) -> _Set:
    known = live_letter(uow, draft.subject, draft.kind, draft.addressee)
    # A proof tells of its moment: there may be a later one.
    if known is not None and draft.kind is not LetterKind.PROOF:
        raise LetterKnown(f"致{draft.addressee}的函已生成（{known.number}）。")
    number = _number(uow, draft.kind)
    return _Set(draft, number, compose(draft.layout(number), book))


def _number(uow: UnitOfWork, kind: LetterKind) -> str:
    """XX财函〔2026〕12号: by year, without leading zeros (domain.md §3.1)."""
    if kind is LetterKind.PROOF:
        return yearly(uow, _PROOFS)
    year = uow.today.year
    return f"{setup_of(uow).word}〔{year}〕{take(uow, f'LETTER-{year}')}号"


def _keep(act: Act, one: _Set, paper: PdfResult) -> Letter:
    draft, uow = one.draft, act.uow
    earlier = uow.session.scalar(
        select(func.count())
        .select_from(Letter)
        .where(
            Letter.subject == draft.subject,
            Letter.kind == draft.kind,
            Letter.addressee == draft.addressee,
        )
    )
    letter = Letter(
        number=one.number,
        kind=draft.kind,
        subject=draft.subject,
        party=draft.party,
        addressee=draft.addressee,
        attempt=(earlier or 0) + 1,
        covers=list(draft.covers),
        edition=draft.edition,
        dated=uow.today,
        title=one.composed.document.title,
        pages=paper.pages,
        font=paper.font,
        file_hash=keep(uow, paper.data),
        issued_by=act.person.user_id,
        issued_at=uow.now,
    )
    uow.session.add(letter)
    uow.session.flush()
    return letter

"""Which letters there are to follow: those that requests call for, and those that ask money back."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from app.agreements.model import (
    Agreement,
    Cancellation,
    CancellationItem,
    Confirmation,
    DisputedHit,
    WatchHit,
)
from app.agreements.notices import Called, called_for
from app.agreements.refunding import FINAL, RefundLine, refunds
from app.agreements.states import Answer
from app.agreements.watch.states import SETTLED, HitState
from app.letters.issuing import live_letters
from app.letters.model import Letter
from app.letters.states import DISPUTES, LetterKind, Party
from app.payments.attempts import undecided_since
from app.storage.work import ReadWork

_FINAL_ANSWERS: Final = (Answer.TERMINATED, Answer.REFUSED)
_Answers = frozenset[tuple[str, str, Party]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letter to be followed to its end. subject: the request, or the first debit, behind it.

    letter: None before it is issued. hits: the debits that it asks back; answers: what was said of
    them. answered: nothing is left to be asked; closed: what it asks for is settled without it.
    """

    subject: str
    kind: LetterKind
    party: Party
    addressee: str
    covers: tuple[str, ...]
    letter: Letter | None
    answered: bool
    closed: bool = False
    hits: tuple[str, ...] = ()
    answers: tuple[RefundLine, ...] = ()


def wanted_letters(work: ReadWork) -> list[Wanted]:
    """Every letter: questions about payments, those that ask money back, notices; the newest first."""
    letters = live_letters(work)
    asking = [one for one in letters if LetterKind(one.kind) in DISPUTES]
    return [*_queries(work, letters), *_disputes(work, asking), *_notices(work, letters)]


def _queries(work: ReadWork, letters: list[Letter]) -> Iterator[Wanted]:
    """付款查询函: answered once the result of each try that it asks about is known."""
    asking = [one for one in letters if one.kind == LetterKind.BANK_QUERY]
    if not asking:
        return
    since = undecided_since(work)
    for letter in reversed(asking):
        left = [one for one in letter.covers if one in since and since[one] <= letter.issued_at]
        yield Wanted(
            letter.subject,
            LetterKind.BANK_QUERY,
            Party.BANK,
            letter.addressee,
            tuple(letter.covers),
            letter,
            not left,
        )


def _disputes(work: ReadWork, letters: list[Letter]) -> Iterator[Wanted]:
    if not letters:
        return
    hits, answers = _hits(work), refunds(work)
    # Those of one act keep their order: the bank's before the payee's.
    for letter in sorted(letters, key=lambda one: one.issued_at, reverse=True):
        asked = hits.get(letter.id, [])
        said = answers.get(letter.id, ())
        yield Wanted(
            letter.subject,
            LetterKind(letter.kind),
            Party(str(letter.party)),
            letter.addressee,
            tuple(letter.covers),
            letter,
            bool(said) and said[-1].answer in FINAL,
            all(state in SETTLED for _, state in asked),
            tuple(number for number, _ in asked),
            said,
        )


def _hits(work: ReadWork) -> Mapping[int, list[tuple[str, HitState]]]:
    found: dict[int, list[tuple[str, HitState]]] = defaultdict(list)
    rows = work.session.execute(
        select(DisputedHit.letter_id, WatchHit.number, WatchHit.state)
        .join(WatchHit, WatchHit.id == DisputedHit.hit_id)
        .order_by(WatchHit.debited_on, WatchHit.id)
    )
    for letter_id, number, state in rows:
        found[letter_id].append((number, HitState(state)))
    return found


def _notices(work: ReadWork, letters: list[Letter]) -> Iterator[Wanted]:
    known = {(one.subject, LetterKind(one.kind), one.addressee): one for one in letters}
    said = _confirmed(work)
    for called in called_for(work):
        letter = known.get((called.form_no, called.kind, called.addressee))
        done = all(_is_over(called, number, said) for number in called.covers)
        if letter is not None or not done:
            yield Wanted(
                called.form_no,
                called.kind,
                called.party,
                called.addressee,
                called.covers,
                letter,
                done,
            )


def _is_over(called: Called, number: str, said: _Answers) -> bool:
    """What the bank refused is over for the payee as well: the agreement goes on."""
    return number in called.dropped or (called.form_no, number, called.party) in said


def _confirmed(work: ReadWork) -> _Answers:
    """Which agreements of which request have a final answer, and from whom."""
    rows = work.session.execute(
        select(Cancellation.number, Agreement.number, Confirmation.party)
        .join(CancellationItem, CancellationItem.id == Confirmation.item_id)
        .join(Cancellation, Cancellation.id == CancellationItem.cancellation_id)
        .join(Agreement, Agreement.id == CancellationItem.agreement_id)
        .where(Confirmation.outcome.in_([str(one) for one in _FINAL_ANSWERS]))
    )
    return frozenset((form, number, Party(party)) for form, number, party in rows)

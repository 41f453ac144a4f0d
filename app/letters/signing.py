"""Signing issued letters with somebody's certificate; the letter as it was issued stays beside it.

The certificate's file and its password live in memory only, for as long as somebody signs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from app.access.founding import company_of
from app.access.guard import Act, Actor, acting, reading
from app.access.rights import Right
from app.core.errors import NotFound, Refused
from app.documents.credential import Credential, load_credential
from app.documents.errors import MissingGlyph, NoSealPlace
from app.documents.signing import check_signature, sign_pdf
from app.documents.stamp import Stamp
from app.letters.errors import NotToSign
from app.letters.issuing import find_letter, is_void, letter_events
from app.letters.model import Letter, LetterSignature
from app.storage.kept import keep, kept
from app.storage.work import Database, ReadWork

# What keeps one letter from being signed, and no other.
_OF_THE_LETTER: Final = (NotToSign, NotFound, NoSealPlace, MissingGlyph)


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A letter that was not signed, and why."""

    number: str
    refusal: Refused


@dataclass(frozen=True, slots=True)
class Signed:
    """What became of a batch. left: what was not begun since somebody stopped it."""

    numbers: tuple[str, ...]
    failed: tuple[Unsigned, ...]
    left: tuple[str, ...]


def signature_of(work: ReadWork, letter: Letter) -> LetterSignature | None:
    return work.session.scalar(
        select(LetterSignature).where(LetterSignature.letter_id == letter.id)
    )


def signatures(work: ReadWork) -> dict[int, LetterSignature]:
    """All that were made, by letter."""
    return {row.letter_id: row for row in work.session.scalars(select(LetterSignature))}


def file_to_give(work: ReadWork, letter: Letter) -> bytes:
    """The letter as it is given out: the signed file where there is one. Raises NotFound."""
    signature = signature_of(work, letter)
    return kept(work, letter.file_hash if signature is None else signature.file_hash)


def open_credential(db: Database, actor: Actor, p12: bytes, passphrase: str) -> Credential:
    """The certificate to sign with, looked at first. Raises Denied, BadCredential."""
    with reading(db, actor, Right.LETTER_SIGN) as work:
        return load_credential(p12, passphrase, work.now, work.tz)


def sign_letters(
    db: Database,
    actor: Actor,
    numbers: Sequence[str],
    key: Credential,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Signed:
    """Sign each by itself; one that can't be signed stops no other.

    Raises Denied, BadCredential unless something was signed before: then the rest is left.
    """
    done: list[str] = []
    failed: list[Unsigned] = []
    for at, number in enumerate(numbers):
        if cancelled():
            return Signed(tuple(done), tuple(failed), tuple(numbers[at:]))
        try:
            sign_letter(db, actor, number, key)
            done.append(number)
        except _OF_THE_LETTER as refusal:
            failed.append(Unsigned(number, refusal))
        except Refused as refusal:
            if not done:
                raise
            return Signed(
                tuple(done), (*failed, Unsigned(number, refusal)), tuple(numbers[at + 1 :])
            )
        progress(at + 1, len(numbers))
    return Signed(tuple(done), tuple(failed), ())


def sign_letter(db: Database, actor: Actor, number: str, key: Credential) -> None:
    """Sign one issued letter. Raises NotToSign, NotFound, BadCredential, NoSealPlace, Denied."""
    with reading(db, actor, Right.LETTER_SIGN) as work:
        key.check_valid(work.now, work.tz)
        letter = _letter_to_sign(work, number)
        stamp = Stamp(company_of(work).name, number, work.now, work.tz)
        issued = kept(work, letter.file_hash)
    # Drawn and signed before the writer's lock is taken: nobody else waits for it.
    signed = sign_pdf(issued, key, stamp)
    assert signed.startswith(issued)
    assert check_signature(signed).sound
    with acting(db, actor, Right.LETTER_SIGN) as act:
        letter = _letter_to_sign(act.uow, number)
        row = _keep(act, letter, key, stamp, signed)
        told = {
            "form": letter.subject,
            "file_hash": row.file_hash,
            "signer": row.signer,
            "issuer": row.issuer,
            "serial": row.serial,
        }
        act.done(*letter_events("letter.signed", letter, told))


def _letter_to_sign(work: ReadWork, number: str) -> Letter:
    letter = find_letter(work, number)
    if is_void(work, letter):
        raise NotToSign(f"{number} 已作废，不能签章。", "请使用重新生成的函件。")
    if signature_of(work, letter) is not None:
        raise NotToSign(f"{number} 已签章，不再重复签章。", "需要更换的，先作废再重新生成。")
    return letter


def _keep(
    act: Act, letter: Letter, key: Credential, stamp: Stamp, signed: bytes
) -> LetterSignature:
    row = LetterSignature(
        letter_id=letter.id,
        file_hash=keep(act.uow, signed),
        signer=key.card.name,
        issuer=key.card.issuer,
        serial=key.card.serial,
        valid_until=key.card.valid_until,
        signed_by=act.person.user_id,
        signed_at=stamp.at,
    )
    act.uow.session.add(row)
    act.uow.session.flush()
    return row

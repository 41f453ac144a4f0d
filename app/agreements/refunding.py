"""What bank and payee answered to a 追回函; whether the money is back is seen on the account."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from sqlalchemy import select

from app.access.guard import Act, Actor, acting
from app.access.rights import Right
from app.agreements.confirming import Scan
from app.agreements.errors import NoConfirmation
from app.agreements.model import DisputedHit, Refund, WatchHit
from app.agreements.states import RefundAnswer
from app.agreements.watch.states import SETTLED
from app.letters.errors import BadLetter
from app.letters.issuing import find_letter, is_void, letter_events
from app.letters.model import Letter, LetterVoid
from app.letters.states import DISPUTES, Carrier, Party
from app.storage.kept import keep
from app.storage.work import Database, ReadWork

# What needs no further question: the rest is asked about again once its day is over.
FINAL: Final = frozenset({RefundAnswer.REFUNDED, RefundAnswer.REFUSED})


@dataclass(frozen=True, slots=True)
class RecordRefund:
    """An answer to a 追回函. number: the letter's; person: who gave it; evidence: what proves it.

    promised_on: when the money is to be back, where that was agreed. scan: the 回执.
    """

    number: str
    answer: RefundAnswer
    answered_on: date
    carrier: Carrier
    person: str
    evidence: str
    receipt_no: str = ""
    promised_on: date | None = None
    scan: Scan | None = None


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What was answered. letter: the number of the 追回函."""

    letter: str
    party: Party
    answer: RefundAnswer
    answered_on: date
    promised_on: date | None
    carrier: Carrier
    receipt_no: str
    person: str
    evidence: str
    file_name: str
    file_hash: str | None
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Pursuit:
    """How a debit is asked back. letters: the numbers of those that count."""

    letters: tuple[str, ...] = ()
    refunds: tuple[RefundLine, ...] = ()


def record_refund(db: Database, actor: Actor, command: RecordRefund) -> RefundAnswer:
    """Keep the answer; the debit stays as it is.

    Raises NoConfirmation without proof, BadLetter for a letter that asks for no money or does not
    count, NotFound, Denied.
    """
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        letter = find_letter(act.uow, command.number)
        _check(act.uow, letter, command)
        _keep(act, letter, command)
        act.done(
            *letter_events(
                "letter.refund_answered", letter, _told(command), command.evidence.strip()
            )
        )
        return command.answer


def refunds(work: ReadWork) -> Mapping[int, tuple[RefundLine, ...]]:
    """The answers to every 追回函, oldest first, by the letter's id."""
    found: dict[int, list[RefundLine]] = defaultdict(list)
    rows = work.session.execute(
        select(Refund, Letter.number, Letter.party)
        .join(Letter, Letter.id == Refund.letter_id)
        .order_by(Refund.id)
    )
    for row, number, party in rows:
        found[row.letter_id].append(_line(row, number, Party(str(party))))
    return {key: tuple(lines) for key, lines in found.items()}


def pursuits(work: ReadWork) -> Mapping[int, Pursuit]:
    """How every debit is asked back that is, by the hit's id."""
    letters: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = work.session.execute(
        select(DisputedHit.hit_id, Letter.id, Letter.number)
        .join(Letter, Letter.id == DisputedHit.letter_id)
        .outerjoin(LetterVoid, LetterVoid.letter_id == Letter.id)
        .where(LetterVoid.id.is_(None))
        .order_by(Letter.id)
    )
    for hit_id, letter_id, number in rows:
        letters[hit_id].append((letter_id, number))
    answers = refunds(work) if letters else {}
    return {
        hit_id: Pursuit(
            tuple(number for _, number in asked),
            tuple(line for letter_id, _ in asked for line in answers.get(letter_id, ())),
        )
        for hit_id, asked in letters.items()
    }


def is_answered(work: ReadWork, letter: Letter) -> bool:
    """Whether anything was answered to a 追回函."""
    known = select(Refund.id).where(Refund.letter_id == letter.id).limit(1)
    return work.session.scalar(known) is not None


def wants_money(work: ReadWork, letter: Letter) -> bool:
    """Whether any debit that a 追回函 asks for is still to come back."""
    waiting = (
        select(WatchHit.id)
        .join(DisputedHit, DisputedHit.hit_id == WatchHit.id)
        .where(DisputedHit.letter_id == letter.id, WatchHit.state.not_in([*map(str, SETTLED)]))
        .limit(1)
    )
    return work.session.scalar(waiting) is not None


def _check(work: ReadWork, letter: Letter, command: RecordRefund) -> None:
    if letter.kind not in DISPUTES:
        raise BadLetter(f"{letter.number} 不是追回函。", "终止函的答复请用“登记答复”登记。")
    if is_void(work, letter):
        raise BadLetter(f"{letter.number} 已作废，不能登记答复。", "请使用重新生成的函件。")
    if not command.person.strip() or not command.evidence.strip():
        raise NoConfirmation(f"{letter.number} 的答复缺少答复人或依据。")
    if command.answered_on > work.today:
        raise NoConfirmation(f"答复日期 {command.answered_on} 晚于今天。", "请核对答复日期。")
    if command.answered_on < letter.dated:
        said = f"答复日期 {command.answered_on} 早于函件日期 {letter.dated}。"
        raise NoConfirmation(said, "请核对答复日期。")
    if command.answer is not RefundAnswer.AGREED:
        return
    if command.promised_on is None:
        raise NoConfirmation(f"{letter.number} 缺少预计退回日。", "请与对方约定退回的日期。")
    if command.promised_on < command.answered_on:
        said = f"预计退回日 {command.promised_on} 早于答复日期。"
        raise NoConfirmation(said, "请核对日期；已经退回的，请选择“已退回”。")


def _keep(act: Act, letter: Letter, command: RecordRefund) -> None:
    scan = command.scan
    agreed = command.answer is RefundAnswer.AGREED
    act.uow.session.add(
        Refund(
            letter_id=letter.id,
            outcome=command.answer,
            answered_on=command.answered_on,
            promised_on=command.promised_on if agreed else None,
            carrier=command.carrier,
            receipt_no=command.receipt_no.strip(),
            person=command.person.strip(),
            evidence=command.evidence.strip(),
            file_name="" if scan is None else scan.name,
            file_hash=None if scan is None else keep(act.uow, scan.data),
            recorded_by=act.person.label,
            recorded_at=act.uow.now,
        )
    )


def _told(command: RecordRefund) -> dict[str, str]:
    told = {
        "answer": str(command.answer),
        "on": command.answered_on.isoformat(),
        "receipt_no": command.receipt_no.strip(),
        "person": command.person.strip(),
    }
    if command.answer is RefundAnswer.AGREED and command.promised_on is not None:
        told["promised_on"] = command.promised_on.isoformat()
    if command.scan is not None:
        told["file_hash"] = sha256(command.scan.data).hexdigest()
    return told


def _line(row: Refund, letter: str, party: Party) -> RefundLine:
    return RefundLine(
        letter,
        party,
        RefundAnswer(row.outcome),
        row.answered_on,
        row.promised_on,
        Carrier(row.carrier),
        row.receipt_no,
        row.person,
        row.evidence,
        row.file_name,
        row.file_hash,
        row.recorded_by,
    )

"""What bank and supplier answered: an agreement is cancelled when the bank has confirmed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from app.access.guard import Act, Actor, acting, reading
from app.access.rights import Right
from app.agreements.cancelling import give_back, move_item
from app.agreements.errors import NoConfirmation
from app.agreements.model import Agreement, CancellationItem, Confirmation, Refund
from app.agreements.service import find_agreement
from app.agreements.states import (
    AGREEMENT_LABELS,
    AGREEMENT_MOVES,
    ITEM_LABELS,
    AgreementState,
    Answer,
    ItemState,
)
from app.audit.trail import Event
from app.core.errors import BadInput, NotFound
from app.core.states import move
from app.letters.states import Carrier, Party
from app.storage.kept import keep, kept
from app.storage.work import Database, UnitOfWork


@dataclass(frozen=True, slots=True)
class Scan:
    """A 回执 as a file: its name, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class RecordConfirmation:
    """An answer to a cancellation. person: who gave it; evidence: what proves it (回执, 回单 …).

    effective_on: from when nothing is debited any more, as the answer says. scan: the 回执.
    """

    number: str
    party: Party
    answer: Answer
    answered_on: date
    carrier: Carrier
    person: str
    evidence: str
    receipt_no: str = ""
    effective_on: date | None = None
    scan: Scan | None = None


def record_confirmation(db: Database, actor: Actor, command: RecordConfirmation) -> AgreementState:
    """Keep the answer and what follows from it; returns the agreement's state.

    The bank's 已终止 makes it 已取消, its 不能办理 gives it back as it was; everything else is
    only kept. Raises NoConfirmation without proof, or when nothing of it waits for an answer.
    """
    [state] = record_confirmations(db, actor, [command])
    return state


def record_confirmations(
    db: Database, actor: Actor, commands: Sequence[RecordConfirmation]
) -> list[AgreementState]:
    """The same for everything that one 回执 answers: all of it in one act, or nothing."""
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        states, events = [], []
        for command in commands:
            agreement = find_agreement(act.uow, command.number)
            _check_proof(command, act.uow.today)
            _record(act, agreement, command)
            events.append(_event(command))
            states.append(AgreementState(agreement.state))
        act.done(*events)
        return states


def scan_of(db: Database, actor: Actor, file_hash: str) -> bytes:
    """The 回执 that was kept under that hash. Raises NotFound, Denied."""
    with reading(db, actor, Right.AGREEMENT_VIEW) as work:
        known = (
            select(row.id).where(row.file_hash == file_hash).limit(1)
            for row in (Confirmation, Refund)
        )
        if all(work.session.scalar(query) is None for query in known):
            raise NotFound("没有这份回执。")
        return kept(work, file_hash)


def scan_from(path: Path) -> Scan:
    """A 回执 from a file. Raises BadInput where it can't be read."""
    try:
        return Scan(path.name, path.read_bytes())
    except OSError as error:
        raise BadInput(
            f"无法读取文件 {path.name}：{error.strerror}。", "请重新选择文件。"
        ) from error


def _record(act: Act, agreement: Agreement, command: RecordConfirmation) -> None:
    item = _waiting(act.uow, agreement)
    scan = command.scan
    act.uow.session.add(
        Confirmation(
            item_id=item.id,
            agreement_id=agreement.id,
            party=command.party,
            outcome=command.answer,
            answered_on=command.answered_on,
            effective_on=command.effective_on,
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
    # Before the agreement: the database looks for it.
    act.uow.session.flush()
    if command.party is Party.BANK:
        _follow(act.uow, agreement, item, command)


def _event(command: RecordConfirmation) -> Event:
    after = {
        "party": command.party,
        "answer": command.answer,
        "on": command.answered_on.isoformat(),
        "effective_on": command.effective_on and command.effective_on.isoformat(),
        "receipt_no": command.receipt_no.strip(),
        "person": command.person.strip(),
    }
    if command.scan is not None:
        after["file_hash"] = sha256(command.scan.data).hexdigest()
    return Event(
        "cancel.confirmed",
        f"agreement:{command.number}",
        after=after,
        reason=command.evidence.strip(),
    )


def _check_proof(command: RecordConfirmation, today: date) -> None:
    if not command.person.strip() or not command.evidence.strip():
        raise NoConfirmation(f"{command.number} 的答复缺少答复人或依据。")
    if command.answered_on > today:
        raise NoConfirmation(f"答复日期 {command.answered_on} 晚于今天。", "请核对答复日期。")
    ended = command.party is Party.BANK and command.answer is Answer.TERMINATED
    if ended and command.effective_on is None:
        raise NoConfirmation(f"{command.number} 缺少终止生效日。", "请按银行回执填写终止生效日。")


def _waiting(uow: UnitOfWork, agreement: Agreement) -> CancellationItem:
    """The agreement's newest request, which was approved and is not over for the bank."""
    item = uow.session.scalar(
        select(CancellationItem)
        .where(CancellationItem.agreement_id == agreement.id)
        .order_by(CancellationItem.id.desc())
        .limit(1)
    )
    if item is None:
        raise NoConfirmation(f"{agreement.number} 没有取消申请。", "请先申请取消自动扣款。")
    # The supplier may answer after the bank.
    if item.state not in {ItemState.DECIDED, ItemState.CONFIRMED}:
        label = ITEM_LABELS[ItemState(item.state)]
        raise NoConfirmation(f"{agreement.number} 的取消申请为“{label}”，没有等待中的答复。", "")
    return item


def _follow(
    uow: UnitOfWork, agreement: Agreement, item: CancellationItem, command: RecordConfirmation
) -> None:
    match command.answer:
        case Answer.TERMINATED:
            move_item(uow, item, ItemState.CONFIRMED)
            item.effective_on = command.effective_on
            agreement.state = move(
                agreement.number,
                AgreementState(agreement.state),
                AgreementState.CANCELLED,
                AGREEMENT_MOVES,
                AGREEMENT_LABELS,
            )
        case Answer.REFUSED:
            move_item(uow, item, ItemState.REFUSED)
            give_back(uow, item)
        case Answer.PENDING:
            pass

"""How a letter went out where no mail did: fax, courier, counter, telephone; and reminders."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.access.guard import Act
from app.core.errors import BadInput
from app.letters.errors import BadLetter
from app.letters.issuing import find_letter, is_void
from app.letters.model import Dispatch, Letter
from app.letters.states import CARRIER_LABELS, Carrier
from app.storage.work import ReadWork


@dataclass(frozen=True, slots=True)
class RecordDispatch:
    """That a letter was given out, or asked about again. number: the letter's."""

    number: str
    carrier: Carrier
    sent_on: date
    recipient: str
    tracking_no: str = ""
    remark: str = ""
    chase: bool = False


def dispatch(act: Act, command: RecordDispatch) -> Letter:
    """Keep it inside the caller's act; returns the letter. Raises BadInput, BadLetter, NotFound."""
    uow = act.uow
    letter = find_letter(uow, command.number)
    _check(uow, letter, command)
    uow.session.add(
        Dispatch(
            letter_id=letter.id,
            carrier=command.carrier,
            sent_on=command.sent_on,
            chase=command.chase,
            recipient=command.recipient.strip(),
            tracking_no=command.tracking_no.strip(),
            remark=command.remark.strip(),
            recorded_by=act.person.label,
            recorded_at=uow.now,
        )
    )
    uow.session.flush()
    return letter


def dispatches_of(work: ReadWork, letter: Letter) -> list[Dispatch]:
    """How it went out and was asked about, oldest first."""
    rows = select(Dispatch).where(Dispatch.letter_id == letter.id)
    return list(work.session.scalars(rows.order_by(Dispatch.sent_on, Dispatch.id)))


def _check(work: ReadWork, letter: Letter, command: RecordDispatch) -> None:
    if is_void(work, letter):
        raise BadLetter(f"{letter.number} 已作废，不能发出。", "请使用重新生成的函件。")
    if not command.recipient.strip():
        raise BadInput("请填写接收人。", "如柜员、签收人姓名，或传真号、地址。")
    if command.sent_on > work.today:
        raise BadInput(f"日期 {command.sent_on} 晚于今天。", "请核对日期。")
    if command.sent_on < letter.dated:
        raise BadInput(f"日期 {command.sent_on} 早于函件日期 {letter.dated}。", "请核对日期。")
    if command.carrier is Carrier.COURIER and not command.tracking_no.strip() and not command.chase:
        raise BadInput("请填写快递单号。", "单号是送达的依据。")
    if command.carrier is Carrier.PHONE and not command.chase:
        said = CARRIER_LABELS[Carrier.PHONE]
        raise BadInput(f"书面函件不能以{said}送达。", "电话只用于催办；请选择实际的送达方式。")
    if command.chase and not dispatches_of(work, letter):
        raise BadLetter(f"{letter.number} 还没有发出，不能催办。", "请先登记送达。")

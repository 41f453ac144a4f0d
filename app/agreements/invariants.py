"""What must hold of agreements, letters and mail whatever happened: for tests and self-diagnosis."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Final

from sqlalchemy import select

from app.agreements.model import (
    Agreement,
    AgreementPaper,
    CancellationItem,
    Confirmation,
    Suspension,
    TakeoverPayment,
)
from app.agreements.states import AgreementState, Answer
from app.agreements.takeover_rules import DEAD
from app.letters.model import Dispatch, Letter, LetterSignature, Outgoing
from app.letters.states import Carrier, LetterKind, MailState, Party
from app.payments.invariants import Promise
from app.payments.model import Payment
from app.payments.states import Stage
from app.storage.model import NumberSeries, StoredFile
from app.storage.work import ReadWork

_SERIES: Final = re.compile(r"LETTER-(\d{4})")
_NUMBER: Final = re.compile(r"〔(\d{4})〕(\d+)号$")


def examine(work: ReadWork) -> list[Promise]:
    """Every promise about agreements."""
    return [Promise(code, title, tuple(look(work))) for code, title, look in PROMISES]


def _cancelled_is_confirmed(work: ReadWork) -> list[str]:
    proven = select(Confirmation.agreement_id).where(
        Confirmation.party == Party.BANK,
        Confirmation.outcome == Answer.TERMINATED,
        Confirmation.evidence != "",
    )
    rows = select(Agreement.number).where(
        Agreement.state == AgreementState.CANCELLED, Agreement.id.not_in(proven)
    )
    return list(work.session.scalars(rows))


def _cancelling_has_a_request(work: ReadWork) -> list[str]:
    open_items = set(
        work.session.scalars(select(CancellationItem.agreement_id).where(CancellationItem.open))
    )
    return [
        row.number
        for row in work.session.scalars(select(Agreement))
        if (row.state == AgreementState.CANCELLING) != (row.id in open_items)
    ]


def _letters_without_gap(work: ReadWork) -> list[str]:
    given: dict[str, list[int]] = defaultdict(list)
    for number in work.session.scalars(
        select(Letter.number).where(Letter.kind != LetterKind.PROOF)
    ):
        found = _NUMBER.search(number)
        if found is None:
            return [number]
        given[found[1]].append(int(found[2]))
    wrong = []
    for row in work.session.scalars(select(NumberSeries)):
        year = _SERIES.fullmatch(row.name)
        if year and sorted(given.pop(year[1], [])) != list(range(1, row.last + 1)):
            wrong.append(row.name)
    return [*wrong, *given]


def _letters_have_their_files(work: ReadWork) -> list[str]:
    return [
        row.hash
        for row in work.session.scalars(select(StoredFile).execution_options(yield_per=20))
        if hashlib.sha256(row.data).hexdigest() != row.hash or len(row.data) != row.size
    ]


def _papers_have_their_files(work: ReadWork) -> list[str]:
    rows = work.session.execute(
        select(AgreementPaper.id, AgreementPaper.file_name, StoredFile)
        .outerjoin(StoredFile, StoredFile.hash == AgreementPaper.file_hash)
        .execution_options(yield_per=1)
    )
    return [
        f"{key} {name}"
        for key, name, file in rows
        if file is None or hashlib.sha256(file.data).hexdigest() != file.hash
    ]


def _suspended_since_a_day(work: ReadWork) -> list[str]:
    """A debit is judged by the days of its suspension: one that is suspended has them."""
    rests = set(
        work.session.scalars(select(Suspension.agreement_id).where(Suspension.until.is_(None)))
    )
    wrong = {AgreementState.SUSPENDED: False, AgreementState.ACTIVE: True}
    return [
        row.number
        for row in work.session.scalars(select(Agreement))
        if wrong.get(AgreementState(row.state)) is (row.id in rests)
    ]


def _sent_is_dispatched(work: ReadWork) -> list[str]:
    sent = Counter(
        one
        for one in work.session.scalars(
            select(Outgoing.letter_id).where(Outgoing.state == MailState.SENT)
        )
        if one is not None
    )
    told = Counter(
        work.session.scalars(
            select(Dispatch.letter_id).where(
                Dispatch.carrier == Carrier.MAIL, Dispatch.chase.is_(False)
            )
        )
    )
    return [str(one) for one in sent.keys() | told.keys() if sent[one] > told[one]]


def _signed_continue_the_issued(work: ReadWork) -> list[str]:
    """Looked at one by one: a file may be large."""
    rows = work.session.execute(
        select(Letter.number, Letter.file_hash, LetterSignature.file_hash).join(
            LetterSignature, LetterSignature.letter_id == Letter.id
        )
    )
    return [
        number
        for number, issued, signed in rows
        if not _continues(
            work.session.get(StoredFile, issued), work.session.get(StoredFile, signed)
        )
    ]


def _continues(issued: StoredFile | None, signed: StoredFile | None) -> bool:
    if issued is None or signed is None:
        return False
    return len(signed.data) > len(issued.data) and signed.data.startswith(issued.data)


def _task_is_paid_once(work: ReadWork) -> list[str]:
    """A link that gave way to another is to a payment that was voided, or that succeeded late."""
    rows = work.session.execute(
        select(Payment.number, Payment.stage)
        .join(TakeoverPayment, TakeoverPayment.payment_id == Payment.id)
        .where(TakeoverPayment.live.is_(False))
    )
    return [number for number, stage in rows if stage not in DEAD | {Stage.EXECUTED}]


PROMISES: Final[tuple[tuple[str, str, Callable[[ReadWork], list[str]]], ...]] = (
    ("A1", "已取消的协议都有银行确认和依据", _cancelled_is_confirmed),
    ("A2", "取消处理中的协议都有进行中的申请", _cancelling_has_a_request),
    ("A3", "函件编号不跳号、不重号", _letters_without_gap),
    ("A4", "存档文件与校验值一致", _letters_have_their_files),
    ("A5", "已发送的邮件都有送达记录", _sent_is_dispatched),
    ("A6", "已签章的函件保留原件且原件未变", _signed_continue_the_issued),
    ("A7", "协议附件的存档文件齐全、校验值一致", _papers_have_their_files),
    ("A8", "已暂停的协议都记有暂停起始日", _suspended_since_a_day),
    ("A9", "一项人工付款任务只有一笔有效付款", _task_is_paid_once),
)

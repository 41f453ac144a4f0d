"""How letters look: states, columns, and the way of one."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QCoreApplication

from app.agreements.letter_view import SLOT_LABELS, LetterSlot, SignatureLine, SlotState
from app.agreements.refunding import RefundLine
from app.agreements.states import REFUND_LABELS, RefundAnswer
from app.core.clock import local_text
from app.documents.credential import grouped
from app.letters.passage import MailLine, SentLine
from app.letters.states import CARRIER_LABELS, LETTER_LABELS, MAIL_LABELS, PARTY_LABELS, MailState
from ui.theme import Tone
from ui.widgets.columns import Column
from ui.widgets.key_values import KeyValue
from ui.widgets.timeline import Entry

SLOT_LOOKS: Final[dict[SlotState, tuple[str, Tone]]] = {
    SlotState.MISSING: ("file-add-line", Tone.WARN),
    SlotState.READY: ("mail-send-line", Tone.ACCENT),
    SlotState.UNKNOWN: ("question-line", Tone.UNKNOWN),
    SlotState.WAITING: ("time-line", Tone.NORMAL),
    SlotState.LATE: ("alarm-warning-line", Tone.STOP),
    SlotState.ANSWERED: ("checkbox-circle-line", Tone.OK),
    SlotState.CLOSED: ("close-circle-line", Tone.MUTED),
}
ANSWER_LOOKS: Final[dict[RefundAnswer, tuple[str, Tone]]] = {
    RefundAnswer.REFUNDED: ("refund-2-line", Tone.OK),
    RefundAnswer.AGREED: ("time-line", Tone.WARN),
    RefundAnswer.REFUSED: ("close-circle-line", Tone.STOP),
}
_MAIL_LOOKS: Final[dict[MailState, tuple[str, Tone]]] = {
    MailState.SENDING: ("mail-send-line", Tone.ACCENT),
    MailState.SENT: ("mail-check-line", Tone.OK),
    MailState.FAILED: ("mail-close-line", Tone.STOP),
    MailState.UNKNOWN: ("question-line", Tone.UNKNOWN),
}

# So many letters become one file when they are printed.
_MANY: Final = 2


def tr(text: str) -> str:
    return QCoreApplication.translate("letters", text)


def look_of(row: object) -> tuple[str, Tone] | None:
    """Icon and tone of a letter's state; None for any other row."""
    return SLOT_LOOKS[row.state] if isinstance(row, LetterSlot) else None


def letter_columns() -> tuple[Column[LetterSlot], ...]:
    return (
        Column(
            "state",
            tr("状态"),
            lambda r: SLOT_LABELS[r.state],
            tone=lambda r: SLOT_LOOKS[r.state][1],
            sort_value=lambda r: list(SlotState).index(r.state),
            chars=12,
        ),
        Column("number", tr("文号"), lambda r: r.number or "—", sort_value=_number, chars=20),
        Column(
            "addressee",
            tr("收件单位"),
            lambda r: r.addressee,
            sort_value=lambda r: r.addressee,
            chars=30,
        ),
        Column(
            "sent",
            tr("发出日"),
            lambda r: _day(r.sent_on),
            sort_value=lambda r: _day(r.sent_on),
            chars=11,
        ),
        Column(
            "due",
            tr("答复期限"),
            lambda r: _day(r.due_on),
            tone=lambda r: Tone.STOP if r.state is SlotState.LATE else Tone.NORMAL,
            sort_value=lambda r: _day(r.due_on) or "9999",
            chars=11,
        ),
        Column("chases", tr("催办"), _chases, chars=10),
        Column("party", tr("对象"), lambda r: PARTY_LABELS[r.party], chars=10),
        Column(
            "covers",
            tr("协议/付款"),
            _covers,
            sort_value=lambda r: (len(r.covers), r.covers),
            chars=18,
        ),
        Column("subject", tr("申请单/扣款/事件"), _subject, sort_value=_subject, chars=16),
    )


def card(slot: LetterSlot) -> list[KeyValue]:
    """The facts of one letter."""
    tone = SLOT_LOOKS[slot.state][1]
    return [
        KeyValue("state", tr("状态"), SLOT_LABELS[slot.state], tone, bold=True),
        KeyValue("number", tr("文号"), slot.number or tr("尚未编号"), bold=True),
        KeyValue("kind", tr("种类"), LETTER_LABELS[slot.kind]),
        KeyValue("addressee", tr("收件单位"), slot.addressee, bold=True),
        KeyValue("covers", tr("所列付款") if slot.asks else tr("所列协议"), "、".join(slot.covers)),
        *_about(slot),
        KeyValue("dated", tr("函件日期"), _day(slot.dated)),
        KeyValue("pages", tr("页数"), str(slot.pages) if slot.pages else ""),
        KeyValue("issued", tr("生成"), slot.issued_by),
        KeyValue("signed", tr("数字签章"), _signed_text(slot), _signed_tone(slot)),
        KeyValue(
            "serial", tr("证书序列号"), grouped(slot.signature.serial) if slot.signature else ""
        ),
        KeyValue("sent", tr("发出日"), _day(slot.sent_on)),
        KeyValue("due", tr("答复期限"), _day(slot.due_on)),
    ]


def may_be_signed(slot: LetterSlot) -> bool:
    """Whether the letter is there and not signed yet."""
    return bool(slot.number) and slot.signature is None


def why_not_sign(slots: Sequence[LetterSlot]) -> str:
    """Why none of these can be signed; "" when one can."""
    if not slots:
        return tr("请先选择函件。")
    if any(may_be_signed(slot) for slot in slots):
        return ""
    return tr("所选函件尚未生成，或已经签章。")


def printed_note(slots: Sequence[LetterSlot]) -> str:
    """What has to be known of these printed as one file."""
    if sum(bool(slot.number) for slot in slots) < _MANY or not any(s.signature for s in slots):
        return ""
    return tr(
        "多份函件合并成一个文件，只印出签章的样子，不含数字签名。"
        "需要发送或存档有签名的电子文件时，请逐份打开保存。"
    )


def way(slot: LetterSlot) -> list[Entry]:
    """How the letter went out, newest first."""
    found = [(str(one.at), _sent(one)) for one in slot.sent]
    open_mails = (one for one in slot.mails if one.state is not MailState.SENT)
    found += [(local_text(one.at), _mail(one)) for one in open_mails]
    # Of one day, the answer comes after what was asked.
    found += [(f"{one.answered_on} 24", _answer(one)) for one in slot.answers]
    first = []
    if not found:
        first = [Entry("", "", tr("尚未发出"), tr("发送邮件，或登记传真、快递、柜台送达。"))]
    if slot.signature is not None:
        found.append((local_text(slot.signature.at), _signed(slot.signature)))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [*first, *(entry for _, entry in found)]


def matching(slot: LetterSlot, values: Mapping[str, Any]) -> bool:
    """Whether the letter fits what stands in the filter bar."""
    wanted = "".join(str(values.get("text", "")).split()).casefold()
    said = (slot.number, slot.addressee, slot.subject, *slot.covers, *slot.hits)
    if wanted and not any(wanted in one.casefold() for one in said):
        return False
    return "party" not in values or str(slot.party) in values["party"]


def _sent(one: SentLine) -> Entry:
    what = CARRIER_LABELS[one.carrier]
    said = tr("催办：%1") if one.chase else tr("送达：%1")
    detail = "　".join(filter(None, (one.recipient, one.tracking_no, one.remark)))
    icon, tone = ("phone-line", Tone.WARN) if one.chase else ("send-plane-line", Tone.OK)
    return Entry(str(one.at), one.by, said.replace("%1", what), detail, icon, tone)


def refund_text(one: RefundLine) -> str:
    """What was answered, and for when the money is promised."""
    label = REFUND_LABELS[one.answer]
    if one.promised_on is None:
        return label
    return tr("%1，预计 %2").replace("%1", label).replace("%2", str(one.promised_on))


def _about(slot: LetterSlot) -> list[KeyValue]:
    """What the letter belongs to, and what was answered."""
    if slot.asks:
        return [KeyValue("subject", tr("应急事件"), slot.subject)]
    if not slot.disputes:
        return [KeyValue("subject", tr("申请单"), slot.subject)]
    answer = refund_text(slot.answers[-1]) if slot.answers else ""
    return [
        KeyValue("subject", tr("所追扣款"), "、".join(slot.hits)),
        KeyValue("answer", tr("答复"), answer, bold=True),
    ]


def _subject(slot: LetterSlot) -> str:
    if len(slot.hits) < 2:  # noqa: PLR2004 - one needs no count
        return slot.subject
    return tr("%1 等 %2 笔").replace("%1", slot.hits[0]).replace("%2", str(len(slot.hits)))


def _answer(one: RefundLine) -> Entry:
    icon, tone = ANSWER_LOOKS[one.answer]
    said = tr("答复：%1").replace("%1", refund_text(one))
    number = tr("回执 %1").replace("%1", one.receipt_no) if one.receipt_no else ""
    way = CARRIER_LABELS[one.carrier]
    detail = "　".join(filter(None, (way, one.person, number, one.evidence, one.file_name)))
    return Entry(str(one.answered_on), one.recorded_by, said, detail, icon, tone)


def _signed_text(slot: LetterSlot) -> str:
    if slot.signature is None:
        return tr("未签章") if slot.number else ""
    said = tr("已签章　%1　%2").replace("%1", slot.signature.signer)
    return said.replace("%2", local_text(slot.signature.at))


def _signed_tone(slot: LetterSlot) -> Tone:
    return Tone.NORMAL if slot.signature is None else Tone.OK


def _signed(one: SignatureLine) -> Entry:
    said = tr("已签章：%1").replace("%1", one.signer)
    detail = tr("证书由 %1 签发，有效至 %2").replace("%1", one.issuer)
    detail = detail.replace("%2", local_text(one.valid_until))
    return Entry(local_text(one.at), one.by, said, detail, "shield-check-line", Tone.OK)


def _mail(one: MailLine) -> Entry:
    icon, tone = _MAIL_LOOKS[one.state]
    what = tr("邮件 %1：%2").replace("%1", one.recipient).replace("%2", MAIL_LABELS[one.state])
    tries = tr("第 %1 次").replace("%1", str(one.tries))
    return Entry(local_text(one.at), tries, what, one.said, icon, tone)


def _number(slot: LetterSlot) -> tuple[int, ...]:
    """Numbers by year and value: 12号 after 2号."""
    return tuple(int(part) for part in re.findall(r"\d+", slot.number))


def _covers(slot: LetterSlot) -> str:
    first, more = slot.covers[0], len(slot.covers)
    if more == 1:
        return first
    text = tr("%1 等 %2 笔") if slot.asks else tr("%1 等 %2 份")
    return text.replace("%1", first).replace("%2", str(more))


def _chases(slot: LetterSlot) -> str:
    made, due = slot.chases
    return tr("%1 / 应 %2 次").replace("%1", str(made)).replace("%2", str(due)) if due else ""


def _day(day: object) -> str:
    return "" if day is None else str(day)

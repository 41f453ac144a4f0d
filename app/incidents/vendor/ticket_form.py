"""技术支持工单: its fields, what is missing in it, and its text. Pure (requirements B3.3, A1.3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.core.clock import local_text
from app.incidents.vendor.redaction import digits_of


class TicketState(StrEnum):
    DRAFT = "DRAFT"
    SENT = "SENT"


TICKET_LABELS: Final[dict[TicketState, str]] = {
    TicketState.DRAFT: "草稿",
    TicketState.SENT: "已提交",
}
NO_CODE: Final = "无"
NO_ACCOUNT: Final = "不涉及账户"
FIELD_LABELS: Final[dict[str, str]] = {
    "software": "软件名称与版本",
    "steps": "操作步骤",
    "symptom": "现象/错误信息",
    "error_code": "错误代码",
    "evidence": "截图/日志",
    "accounts": "涉及账户",
    "happened_at": "发生时间点",
    "contact": "联系人",
    "phone": "联系电话",
    "wanted": "期望",
}
_LONGEST_TAIL: Final = 4
_LEAST_PHONE: Final = 7
_DIGITS: Final = re.compile(r"\d(?:[ \t\-－—–]?\d)*")


@dataclass(frozen=True, slots=True)
class TicketFields:
    """What a ticket asks for, no more and no less.

    evidence: numbers of evidence; accounts: bank and last four digits, "不涉及账户" for none;
    error_code: "无" for none.
    """

    software: str = ""
    steps: str = ""
    symptom: str = ""
    error_code: str = ""
    evidence: tuple[str, ...] = ()
    accounts: str = ""
    happened_at: datetime | None = None
    contact: str = ""
    phone: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that can't be sent as it is, and what to do about it."""

    field: str
    cure: str

    @property
    def label(self) -> str:
        return FIELD_LABELS[self.field]

    @property
    def text(self) -> str:
        return f"“{self.label}”：{self.cure}"


_CURES: Final[dict[str, str]] = {
    "software": "请写明软件名称和版本号，如“停付管家 0.1.0”。",
    "steps": "请按先后写明做了哪些操作、点了什么，做到哪一步出错。",
    "symptom": "请写明看到的现象和错误信息的原文。",
    "error_code": "请填写错误代码；没有代码的，填“无”。",
    "evidence": "请至少选择一份截图或日志；还没有的，先在“日志”中保存为证据，或在“记录归档”中添加截图。",
    "accounts": "请写明涉及的账户（银行和末四位）；不涉及的，填“不涉及账户”。",
    "happened_at": "请填写发生时间，精确到分钟。",
    "contact": "请填写本单位的联系人。",
    "phone": "请填写联系人的电话。",
    "wanted": "请写明希望供应商做什么、最迟何时。",
}


def missing(
    fields: TicketFields, now: datetime, counting: frozenset[str] | None = None
) -> tuple[Missing, ...]:
    """What keeps a ticket from being sent, in the order of its fields.

    counting: evidence that counts, by number; None where that is not known.
    """
    return tuple(_missing(fields, now, counting))


def unmasked(text: str) -> bool:
    """Whether a text about accounts tells more of a number than its last four digits."""
    return any(len(digits_of(one)) > _LONGEST_TAIL for one in _DIGITS.findall(text))


def ticket_lines(
    number: str, incident: str, fields: TicketFields, zone: ZoneInfo
) -> tuple[tuple[str, str], ...]:
    """Label and value of everything on a ticket, in its order."""
    return (
        ("工单编号", number),
        ("应急事件", incident),
        (FIELD_LABELS["software"], fields.software),
        (FIELD_LABELS["steps"], fields.steps),
        (FIELD_LABELS["symptom"], fields.symptom),
        (FIELD_LABELS["error_code"], fields.error_code),
        (FIELD_LABELS["evidence"], "、".join(fields.evidence)),
        (FIELD_LABELS["accounts"], fields.accounts),
        (FIELD_LABELS["happened_at"], local_text(fields.happened_at, zone)),
        ("联系人与电话", f"{fields.contact} {fields.phone}".strip()),
        (FIELD_LABELS["wanted"], fields.wanted),
    )


def ticket_text(lines: tuple[tuple[str, str], ...]) -> str:
    """The ticket as text, to be sent by mail or read out."""
    return "技术支持工单\n" + "".join(f"【{name}】\n{value or '—'}\n" for name, value in lines)


def _missing(
    fields: TicketFields, now: datetime, counting: frozenset[str] | None
) -> Iterator[Missing]:
    for name, cure in _CURES.items():
        value = getattr(fields, name)
        empty = not value.strip() if isinstance(value, str) else not value
        wrong = "" if empty else _wrong(name, fields, now, counting)
        if empty or wrong:
            yield Missing(name, wrong or cure)


def _wrong(name: str, fields: TicketFields, now: datetime, counting: frozenset[str] | None) -> str:
    """What is wrong with a field that is filled; "" where nothing is."""
    at = fields.happened_at
    match name:
        case "software" if not re.search(r"\d", fields.software):
            return "请写明版本号。"
        case "evidence" if counting is not None:
            gone = [one for one in fields.evidence if one not in counting]
            return f"{'、'.join(gone)} 不是本事件的有效证据，请重新选择。" if gone else ""
        case "accounts" if unmasked(fields.accounts):
            return "账号只能写末四位，请去掉其余数字。"
        case "happened_at" if at is not None and at > now:
            return "发生时间不能晚于现在，请核对。"
        case "phone" if len(digits_of(fields.phone)) < _LEAST_PHONE:
            return "电话号码不完整，请核对。"
    return ""

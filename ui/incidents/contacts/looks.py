"""How contacts, waiting and 通报 look: their columns."""

from app.core.clock import local_text
from app.incidents.contacts.briefings import WAY_LABELS, BriefingLine
from app.incidents.contacts.directory import CONTRACT_LABELS, ContractState, DirectoryLine
from app.incidents.contacts.waiting import WaitLine
from app.incidents.states import OUTSIDE_LABELS
from ui.incidents.looks import tr
from ui.theme import Tone
from ui.widgets.columns import Align, Column

_CONTRACT_TONES = {
    ContractState.NONE: Tone.MUTED,
    ContractState.VALID: Tone.OK,
    ContractState.ENDING: Tone.WARN,
    ContractState.OVER: Tone.STOP,
}


def directory_columns() -> tuple[Column[DirectoryLine], ...]:
    return (
        Column("party", tr("类别"), lambda r: OUTSIDE_LABELS[r.card.party], chars=10),
        Column(
            "organisation",
            tr("单位"),
            lambda r: r.card.organisation,
            tone=lambda r: Tone.NORMAL if r.active else Tone.MUTED,
            sort_value=lambda r: r.card.organisation,
            chars=24,
        ),
        Column("person", tr("联系人"), _person, chars=16),
        Column("phone", tr("电话"), lambda r: r.card.phone, chars=15),
        Column("mobile", tr("手机"), lambda r: r.card.mobile, chars=13),
        Column("hours", tr("服务时间"), lambda r: r.card.hours, chars=20),
        Column(
            "response",
            tr("约定响应"),
            _promise,
            align=Align.RIGHT,
            sort_value=lambda r: r.card.response_minutes or 0,
            chars=9,
        ),
        Column(
            "contract",
            tr("服务合同"),
            _contract,
            tone=lambda r: _CONTRACT_TONES[r.contract],
            sort_value=lambda r: str(r.card.contract_until or ""),
            chars=24,
        ),
        Column("email", tr("邮箱"), lambda r: r.card.email, chars=20),
        Column("remark", tr("备注"), lambda r: r.card.remark, chars=24),
    )


def wait_columns() -> tuple[Column[WaitLine], ...]:
    return (
        Column("state", tr("状态"), _wait_state, tone=_wait_tone, chars=9),
        Column("party", tr("对方"), lambda r: OUTSIDE_LABELS[r.party], chars=9),
        Column("organisation", tr("单位"), lambda r: r.organisation, chars=20),
        Column("why", tr("等待什么"), lambda r: r.why, chars=28),
        Column(
            "next",
            tr("下次跟进"),
            lambda r: r.next_on.isoformat() if r.open else "—",
            tone=lambda r: Tone.STOP if r.late else Tone.NORMAL,
            chars=11,
        ),
        Column(
            "until",
            tr("答应的时间"),
            lambda r: local_text(r.until) or "—",
            tone=lambda r: Tone.STOP if r.broken else Tone.NORMAL,
            chars=16,
        ),
        Column("asked", tr("已跟进"), lambda r: f"{r.asked}", align=Align.RIGHT, chars=7),
        Column("since", tr("开始"), lambda r: local_text(r.since), chars=16),
        Column("ended", tr("结果"), _ended, chars=30),
    )


def briefing_columns() -> tuple[Column[BriefingLine], ...]:
    return (
        Column(
            "state",
            tr("状态"),
            lambda r: tr("已知悉") if r.taken_at else tr("待知悉"),
            tone=lambda r: Tone.OK if r.taken_at else Tone.WARN,
            chars=8,
        ),
        Column("number", tr("通报"), lambda r: r.number, chars=14),
        Column("department", tr("部门"), lambda r: r.department, chars=10),
        Column("recipient", tr("接收人"), lambda r: r.recipient, chars=9),
        Column("way", tr("方式"), lambda r: WAY_LABELS[r.way], chars=9),
        Column("text", tr("内容"), lambda r: " ".join(r.text.split()), chars=36),
        Column("count", tr("付款"), lambda r: f"{len(r.payments)}", align=Align.RIGHT, chars=6),
        Column("date", tr("预计付款日"), lambda r: str(r.new_date or "—"), chars=11),
        Column("sent", tr("发出"), lambda r: f"{local_text(r.sent_at)} {r.sent_by}", chars=24),
        Column("answer", tr("知悉与答复"), _taken, chars=30),
    )


def _person(row: DirectoryLine) -> str:
    return "　".join(filter(None, (row.card.person, row.card.post)))


def _promise(row: DirectoryLine) -> str:
    minutes = row.card.response_minutes
    return "—" if minutes is None else tr("%1 分钟").replace("%1", f"{minutes:,}")


def _contract(row: DirectoryLine) -> str:
    card = row.card
    until = tr("至 %1").replace("%1", str(card.contract_until)) if card.contract_until else ""
    said = "　".join(filter(None, (card.contract_no, until)))
    return f"{CONTRACT_LABELS[row.contract]}　{said}".strip()


def _wait_state(row: WaitLine) -> str:
    if not row.open:
        return tr("已结束")
    return tr("已失约") if row.broken else tr("该跟进了") if row.late else tr("等待中")


def _wait_tone(row: WaitLine) -> Tone:
    if not row.open:
        return Tone.MUTED
    return Tone.STOP if row.broken or row.late else Tone.WARN


def _ended(row: WaitLine) -> str:
    if row.open:
        return ""
    return f"{local_text(row.ended_at)} {row.ended_by}：{row.ended_why}"


def _taken(row: BriefingLine) -> str:
    if row.taken_at is None:
        return ""
    return f"{local_text(row.taken_at)} {row.taken_by} {row.answer}".strip()

"""通讯录: who can be reached at vendors, banks and payees, when, and under which contract (F4.3)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.incidents.contacts.model import DirectoryContact
from app.incidents.states import OUTSIDE_LABELS, Outside
from app.incidents.writing import said_of
from app.letters.addresses import check_address
from app.storage.work import Database, ReadWork

# A contract that ends so soon is told of, so that it can be renewed.
SOON: Final = timedelta(days=30)
# As much as the trail keeps of what an act was about.
_SUBJECT: Final = 80
_REACH: Final = ("phone", "mobile", "email")
_TEXTS: Final = ("organisation", "person", "post", *_REACH, "hours", "contract_no", "remark")


class ContractState(StrEnum):
    """Whether somebody is bound to help."""

    NONE = "NONE"
    VALID = "VALID"
    ENDING = "ENDING"
    OVER = "OVER"


CONTRACT_LABELS: Final[dict[ContractState, str]] = {
    ContractState.NONE: "未登记",
    ContractState.VALID: "有效",
    ContractState.ENDING: "即将到期",
    ContractState.OVER: "已到期",
}


@dataclass(frozen=True, slots=True)
class DirectoryCard:
    """What is kept of one contact. response_minutes: what the contract promises."""

    party: Outside
    organisation: str
    person: str = ""
    post: str = ""
    phone: str = ""
    mobile: str = ""
    email: str = ""
    hours: str = ""
    contract_no: str = ""
    contract_until: date | None = None
    response_minutes: int | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class DirectoryLine:
    """One contact of the list. version: as it was seen."""

    contact_id: int
    card: DirectoryCard
    contract: ContractState
    active: bool
    version: int

    @property
    def reach(self) -> str:
        """The telephone to call first, else the mail address."""
        return self.card.phone or self.card.mobile or self.card.email


def contract_state(number: str, until: date | None, today: date) -> ContractState:
    """Whether the contract holds today; its last day counts."""
    if until is None:
        return ContractState.VALID if number else ContractState.NONE
    if until < today:
        return ContractState.OVER
    return ContractState.ENDING if until <= today + SOON else ContractState.VALID


def contact_lines(db: Database, actor: Actor) -> list[DirectoryLine]:
    """Every contact, those in use first, by party and organisation. Raises Denied."""
    with reading(db, actor, Right.INCIDENT_VIEW) as work:
        rows = work.session.scalars(
            select(DirectoryContact).order_by(
                DirectoryContact.active.desc(),
                DirectoryContact.party,
                DirectoryContact.organisation,
                DirectoryContact.person,
            )
        )
        return [_line(row, work.today) for row in rows]


def add_contact(db: Database, actor: Actor, card: DirectoryCard) -> int:
    """Keep a contact; returns its id.

    Raises BadInput without an organisation or a way to reach it, Conflict where it is known, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        wanted = _checked(card)
        _refuse_known(act.uow, wanted, None)
        row = DirectoryContact(**asdict(wanted), active=True)
        act.uow.session.add(row)
        act.uow.session.flush()
        act.done(_event("contact.added", wanted, {}, _told(wanted)))
        return row.id


def change_contact(
    db: Database, actor: Actor, contact_id: int, card: DirectoryCard, expected_version: int
) -> None:
    """Change what is kept of one. Raises as add_contact does, Conflict where it was changed."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = _find(act.uow, contact_id, expected_version)
        wanted, before = _checked(card), _card(row)
        if wanted == before:
            raise BadInput("没有任何修改。", "请修改后再保存。")
        _refuse_known(act.uow, wanted, contact_id)
        for key, value in asdict(wanted).items():
            setattr(row, key, value)
        act.done(_event("contact.changed", wanted, _told(before), _told(wanted)))


def use_contact(
    db: Database, actor: Actor, contact_id: int, active: bool, why: str, expected_version: int
) -> None:
    """Take a contact out of use, or into use again; it is never deleted. Raises BadInput, Conflict."""
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = _find(act.uow, contact_id, expected_version)
        said = said_of(why, "请写明停用或恢复的原因。")
        if row.active is active:
            raise Conflict("该联系人已是这个状态。", "请刷新后核对。")
        row.active = active
        event = _event("contact.used", _card(row), {"active": not active}, {"active": active}, said)
        act.done(event)


def ending_contracts(work: ReadWork) -> Iterator[tuple[str, str]]:
    """Organisation and words of each contract that is over or ends soon."""
    rows = work.session.scalars(
        select(DirectoryContact)
        .where(
            DirectoryContact.active,
            DirectoryContact.contract_until.is_not(None),
            DirectoryContact.contract_until <= work.today + SOON,
        )
        .order_by(DirectoryContact.contract_until, DirectoryContact.id)
    )
    for row in rows:
        state = contract_state(row.contract_no, row.contract_until, work.today)
        when = "已于" if state is ContractState.OVER else "将于"
        named = f"“{row.organisation}”的服务合同 {row.contract_no}".rstrip()
        yield row.organisation, f"{named}{when} {row.contract_until} 到期，请续签或更换服务商。"


def _checked(card: DirectoryCard) -> DirectoryCard:
    made = replace(card, **{key: getattr(card, key).strip() for key in _TEXTS})
    said_of(made.organisation, "请填写单位名称。")
    if not any(getattr(made, key) for key in _REACH):
        raise BadInput("请至少填写电话、手机、邮箱中的一项。", "没有联系方式的，出事时找不到人。")
    if made.email:
        check_address(made.email)
    if made.response_minutes is not None and made.response_minutes < 1:
        raise BadInput("响应时间须为 1 分钟以上。", "合同没有约定的，请留空。")
    return made


def _refuse_known(work: ReadWork, card: DirectoryCard, own: int | None) -> None:
    known = work.session.scalar(
        select(DirectoryContact).where(
            DirectoryContact.party == card.party,
            DirectoryContact.organisation == card.organisation,
            DirectoryContact.person == card.person,
        )
    )
    if known is not None and known.id != own:
        who = f"{card.organisation} {card.person}".strip()
        cure = "请直接修改原有记录。" if known.active else "该记录已停用，请恢复使用。"
        raise Conflict(f"通讯录中已有“{who}”。", cure)


def _find(work: ReadWork, contact_id: int, expected: int) -> DirectoryContact:
    row = work.session.get(DirectoryContact, contact_id)
    if row is None:
        raise NotFound("通讯录中没有这个联系人。")
    if row.version != expected:
        raise Conflict(f"“{row.organisation}”已被他人修改。", "请刷新后核对，再重新办理。")
    return row


def _card(row: DirectoryContact) -> DirectoryCard:
    return DirectoryCard(
        Outside(row.party),
        row.organisation,
        row.person,
        row.post,
        row.phone,
        row.mobile,
        row.email,
        row.hours,
        row.contract_no,
        row.contract_until,
        row.response_minutes,
        row.remark,
    )


def _line(row: DirectoryContact, today: date) -> DirectoryLine:
    contract = contract_state(row.contract_no, row.contract_until, today)
    return DirectoryLine(row.id, _card(row), contract, row.active, row.version)


def _told(card: DirectoryCard) -> dict[str, Any]:
    until = None if card.contract_until is None else card.contract_until.isoformat()
    return {**asdict(card), "party": OUTSIDE_LABELS[card.party], "contract_until": until}


def _event(
    what: str, card: DirectoryCard, before: dict[str, Any], after: dict[str, Any], why: str = ""
) -> Event:
    subject = f"contact:{card.organisation} {card.person}".strip()[:_SUBJECT]
    return Event(what, subject, before=before, after=after, reason=why)

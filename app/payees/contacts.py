"""The telephone on which a payee is called back: registered by a chief, kept with its history.

Whoever may say which number is called decides what a call-back is worth. So each registration says
where the number comes from, and a call-back can ask since when and by whom it is known.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from app.access.guard import Actor, acting, reading, require_fresh
from app.access.model import User
from app.access.rights import ROLE_LABELS, ROLE_RIGHTS, Right
from app.audit.trail import Event
from app.core.errors import BadInput, Conflict, NotFound
from app.payees.model import Payee, PayeeChange, PayeeContact
from app.storage.work import Database, ReadWork

_WIDTH: Final = 40
_CURE: Final = "请写成 0512-85130348、0512-85130348转801、13800138000 或 400-820-8820 的形式。"
_EXTENSION: Final = re.compile(r"(?:转|分机|ext\.?|x|#)(\d{1,6})", re.IGNORECASE)
_SHORT_EXTENSION: Final = re.compile(r"-(\d{1,6})")
_DASHES: Final = re.compile(r"[‐‑‒–—―−]")
_PLAIN: Final = re.compile(r"[0-9()\-]+")
_ABROAD: Final = re.compile(r"(?:\+|00)86-?")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_SERVICE: Final = re.compile(r"[48]00\d{7}")
_LANDLINE: Final = re.compile(r"0(?:(?:10|2\d)[2-8]\d{7}|[3-9]\d{2}[2-8]\d{6,7})")


class ContactSource(StrEnum):
    """Where a number may be taken from; the letter that asks for a change is not among them."""

    CONTRACT = "CONTRACT"
    REGISTRY = "REGISTRY"
    ONBOARDING = "ONBOARDING"
    PUBLIC = "PUBLIC"
    DEALINGS = "DEALINGS"


SOURCE_LABELS: Final[dict[ContactSource, str]] = {
    ContactSource.CONTRACT: "合同",
    ContactSource.REGISTRY: "工商登记",
    ContactSource.ONBOARDING: "供应商建档",
    ContactSource.PUBLIC: "官方网站或公开号码",
    ContactSource.DEALINGS: "以往往来记录",
}


@dataclass(frozen=True, slots=True)
class RegisterContact:
    """phone: kept as typed; reason: which paper shows it, and why it is registered now."""

    payee_id: int
    phone: str
    contact: str
    source: ContactSource
    reason: str
    expected_version: int


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One registration: what was known before, what since then."""

    phone: str
    contact: str
    old_phone: str
    old_contact: str
    source: ContactSource
    reason: str
    registered_by: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class ContactCard:
    """A payee's telephone now and before; open_changes: what still waits for a call-back."""

    payee_id: int
    payee: str
    phone: str
    contact: str
    version: int
    history: tuple[ContactLine, ...]
    open_changes: tuple[str, ...]


def register_contact(db: Database, actor: Actor, command: RegisterContact) -> None:
    """Put a number in force from now on; the one before stays in the history.

    Raises BadInput, NotFound, Conflict when the payee was changed meanwhile, FreshSignInNeeded.
    """
    with acting(db, actor, Right.PAYEE_CONTACT) as act:
        require_fresh(act.uow, act.person)
        payee = _payee(act.uow, command.payee_id)
        if payee.version != command.expected_version:
            raise Conflict(f"{payee.name} 的联系方式刚刚被其他人修改。")
        row = _checked(command, payee)
        row.registered_by, row.registered_at = act.person.user_id, act.uow.now
        act.uow.session.add(row)
        payee.phone, payee.contact = row.phone, row.contact
        act.uow.session.flush()
        act.done(
            Event(
                "payee.contact_changed",
                f"payee:{payee.id}",
                before={"phone": row.old_phone, "contact": row.old_contact},
                after={"phone": row.phone, "contact": row.contact, "source": row.source},
                reason=row.reason,
            )
        )


def contact_card(db: Database, actor: Actor, payee_id: int) -> ContactCard:
    """Raises NotFound, Denied."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        return _card(work, _payee(work, payee_id))


def contact_card_of_change(db: Database, actor: Actor, number: str) -> ContactCard:
    """The card of the payee that a 收款信息变更单 is about. Raises NotFound, Denied."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        payee_id = work.session.scalar(
            select(PayeeChange.payee_id).where(PayeeChange.number == number)
        )
        if payee_id is None:
            raise NotFound(f"没有收款信息变更单“{number}”。")
        return _card(work, _payee(work, payee_id))


def contact_since(work: ReadWork, payee: Payee) -> datetime | None:
    """Since when the present number is known; None when the payee came with it."""
    row = _registration(work, payee)
    return None if row is None else row.registered_at


def contact_by(work: ReadWork, payee: Payee) -> int | None:
    """The id of the user who registered the present number; None when the payee came with it."""
    row = _registration(work, payee)
    return None if row is None else row.registered_by


def same_number(one: str, other: str) -> bool:
    """Whether both are the same telephone, however they are written; never for empty ones."""
    return bool(digits(one)) and digits(one) == digits(other)


def digits(phone: str) -> str:
    """The figures without the country's code, the extension's at the end."""
    return "".join(filter(str.isdigit, _at_home(_tidy(phone))[0]))


def check_phone(phone: str) -> str:
    """The number as typed, without blanks around it. Raises BadInput with the right form."""
    typed = phone.strip()
    if not typed:
        raise BadInput("请填写联系电话。", _CURE)
    if len(typed) > _WIDTH or not _dialled(_tidy(typed)):
        raise BadInput(f"“{typed}”不是有效的电话号码。", f"固定电话须带区号。{_CURE}")
    return typed


def who_registers() -> str:
    """The posts that may register a number, in words."""
    return "、".join(
        ROLE_LABELS[role] for role, rights in ROLE_RIGHTS.items() if Right.PAYEE_CONTACT in rights
    )


def _tidy(phone: str) -> str:
    return _DASHES.sub("-", "".join(unicodedata.normalize("NFKC", phone).split()))


def _dialled(phone: str) -> bool:
    """Whether it is one Chinese number, with or without an extension."""
    main, abroad = _at_home(phone)
    for extension in (_EXTENSION, _SHORT_EXTENSION):
        for found in extension.finditer(main):
            if found.end() == len(main) and _is_number(main[: found.start()], abroad=abroad):
                return True
    return _is_number(main, abroad=abroad)


def _at_home(phone: str) -> tuple[str, bool]:
    """The number without the country's code, and whether it had one."""
    code = _ABROAD.match(phone)
    return (phone[code.end() :], True) if code else (phone, False)


def _is_number(main: str, *, abroad: bool) -> bool:
    if not _PLAIN.fullmatch(main):
        return False
    figures = "".join(filter(str.isdigit, main))
    # From abroad the area code loses its zero.
    spellings = (figures, f"0{figures}") if abroad else (figures,)
    return any(kind.fullmatch(one) for kind in (_MOBILE, _SERVICE, _LANDLINE) for one in spellings)


def _checked(command: RegisterContact, payee: Payee) -> PayeeContact:
    phone, contact = check_phone(command.phone), command.contact.strip()
    if not contact or len(contact) > _WIDTH:
        raise BadInput(f"请填写联系人，最多 {_WIDTH} 个字。")
    if command.source not in SOURCE_LABELS:
        raise BadInput(
            "请选择电话的来源。", "只能取自合同、工商登记等原有资料，不能取自变更函或来电。"
        )
    if not command.reason.strip():
        raise BadInput("请填写依据。", "写明号码见于哪份资料，例如：采购合同 HT-2026-07 第 12 条。")
    if same_number(phone, payee.phone) and contact == payee.contact:
        raise BadInput("电话和联系人与已登记的相同，没有变化。")
    return PayeeContact(
        payee_id=payee.id,
        phone=phone,
        contact=contact,
        old_phone=payee.phone,
        old_contact=payee.contact,
        source=command.source,
        reason=command.reason.strip(),
    )


def _registration(work: ReadWork, payee: Payee) -> PayeeContact | None:
    """The registration that brought the present number: naming another contact is not one."""
    for row in _rows(work, payee.id):
        if not same_number(row.phone, row.old_phone):
            return row
    return None


def _rows(work: ReadWork, payee_id: int) -> list[PayeeContact]:
    """The newest first."""
    return list(
        work.session.scalars(
            select(PayeeContact)
            .where(PayeeContact.payee_id == payee_id)
            .order_by(PayeeContact.id.desc())
        )
    )


def _payee(work: ReadWork, payee_id: int) -> Payee:
    payee = work.session.get(Payee, payee_id)
    if payee is None:
        raise NotFound("没有该收款方。")
    return payee


def _card(work: ReadWork, payee: Payee) -> ContactCard:
    waiting = select(PayeeChange.number).where(
        PayeeChange.payee_id == payee.id, PayeeChange.decided_at.is_(None)
    )
    return ContactCard(
        payee.id,
        payee.name,
        payee.phone,
        payee.contact,
        payee.version,
        tuple(
            ContactLine(
                row.phone,
                row.contact,
                row.old_phone,
                row.old_contact,
                ContactSource(row.source),
                row.reason,
                work.session.get_one(User, row.registered_by).name,
                row.registered_at,
            )
            for row in _rows(work, payee.id)
        ),
        tuple(work.session.scalars(waiting.order_by(PayeeChange.number))),
    )

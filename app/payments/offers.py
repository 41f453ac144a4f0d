"""Which acts a choice of payments calls for, and why another one is not to be had: values only."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Final, Protocol

from app.access.rights import RIGHT_LABELS, Right
from app.payments.states import STATUS_LABELS, STOPPED_STATUSES, UNDECIDED_STATUSES, Status


class Offer(StrEnum):
    CREATE = "create"
    IMPORT = "import"
    EDIT = "edit"
    VOID = "void"
    SUBMIT = "submit"
    DIAGNOSE = "diagnose"
    HOLD = "hold"
    HOLD_WIDE = "hold_wide"
    RESUME = "resume"
    BANK = "bank"
    CONTACT = "contact"
    INCIDENT = "incident"
    EXPORT = "export"


class Chosen(Protocol):
    """What is looked at of a payment."""

    @property
    def number(self) -> str: ...

    @property
    def status(self) -> Status: ...


_OPEN: Final = frozenset(
    {
        Status.DRAFT,
        Status.SENT_BACK,
        Status.PENDING_REVIEW,
        Status.PENDING_APPROVAL,
        Status.READY,
    }
)
_BACK: Final = frozenset({Status.FAILED, Status.RETURNED})
_CHANGEABLE: Final = _OPEN | _BACK | STOPPED_STATUSES | {Status.RESUME_PENDING}
_STATUSES: Final[dict[Offer, frozenset[Status]]] = {
    Offer.EDIT: _CHANGEABLE,
    Offer.VOID: _CHANGEABLE,
    Offer.SUBMIT: frozenset({Status.DRAFT, Status.SENT_BACK}),
    Offer.HOLD: _CHANGEABLE | {Status.UNKNOWN},
    Offer.RESUME: STOPPED_STATUSES | _BACK,
    # Any: the bank may report late that a try was debited, whatever was done with it since.
    Offer.BANK: frozenset(Status),
    Offer.CONTACT: frozenset(Status),
    Offer.INCIDENT: _CHANGEABLE | UNDECIDED_STATUSES | {Status.EXECUTED},
}
_RIGHTS: Final[dict[Offer, tuple[Right, ...]]] = {
    Offer.CREATE: (Right.PAYMENT_CREATE,),
    Offer.IMPORT: (Right.PAYMENT_CREATE,),
    Offer.EDIT: (Right.PAYMENT_EDIT,),
    Offer.VOID: (Right.PAYMENT_EDIT,),
    Offer.SUBMIT: (Right.PAYMENT_CREATE,),
    Offer.DIAGNOSE: (Right.DIAGNOSIS_RUN,),
    Offer.HOLD: (Right.HOLD_PLACE,),
    Offer.HOLD_WIDE: (Right.HOLD_PLACE_WIDE,),
    Offer.RESUME: (Right.RESUME_REQUEST,),
    Offer.BANK: (Right.PAYMENT_SEND, Right.BANK_ANSWER_RECORD),
    Offer.CONTACT: (Right.PAYEE_CONTACT,),
    Offer.INCIDENT: (Right.INCIDENT_HANDLE,),
    Offer.EXPORT: (Right.PAYMENT_EXPORT,),
}
_FREE: Final = frozenset(
    {Offer.CREATE, Offer.IMPORT, Offer.DIAGNOSE, Offer.HOLD_WIDE, Offer.EXPORT}
)
_MANY: Final = frozenset({Offer.SUBMIT, Offer.INCIDENT})


def why_not(offer: Offer, chosen: Sequence[Chosen], rights: Collection[Right]) -> str:
    """Why the act can't be started on this choice; empty when it can."""
    wanted = _RIGHTS[offer]
    if not any(right in rights for right in wanted):
        names = "或".join(f"“{RIGHT_LABELS[right]}”" for right in wanted)
        return f"您没有{names}权限。"
    if offer in _FREE:
        return ""
    if not chosen:
        return "请先在列表中选择付款。"
    if len(chosen) > 1 and offer not in _MANY:
        return f"每次只能办理一笔，现已选择 {len(chosen)} 笔。"
    allowed = _STATUSES[offer]
    for one in chosen:
        if one.status not in allowed:
            return f"{one.number} 当前为“{STATUS_LABELS[one.status]}”，不能办理。"
    return ""


def next_offer(chosen: Sequence[Chosen], rights: Collection[Right]) -> Offer | None:
    """The act that the choice most likely calls for; None when nothing stands out."""
    statuses = {one.status for one in chosen}
    for offer, fitting in _NEXT:
        if statuses and statuses <= fitting and not why_not(offer, chosen, rights):
            return offer
    return None if chosen or why_not(Offer.IMPORT, chosen, rights) else Offer.IMPORT


_NEXT: Final[tuple[tuple[Offer, frozenset[Status]], ...]] = (
    (Offer.SUBMIT, _STATUSES[Offer.SUBMIT]),
    (Offer.BANK, UNDECIDED_STATUSES | {Status.READY}),
    # A pause on a wider scope is not resumed payment by payment: first see who paused and why.
    (Offer.RESUME, frozenset({Status.STOPPED, Status.EXCEPTION}) | _BACK),
    (Offer.DIAGNOSE, STOPPED_STATUSES | _BACK | {Status.UNKNOWN}),
)

"""取消自动扣款: asked for by one person, approved by another, over when the bank has confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from app.access import approvals
from app.access.approvals import ApprovalKind, Opening, Outcome, RequestState, Verdict
from app.access.drafts import drop_draft
from app.access.guard import Act, Actor, acting, require_fresh
from app.access.model import User
from app.access.rights import Right, Role
from app.agreements.checklist import accept_ticks
from app.agreements.errors import AgreementChanged, BadAgreement, NotCancellable
from app.agreements.model import (
    Agreement,
    Cancellation,
    CancellationItem,
    Takeover,
)
from app.agreements.prospects import checklist_of, impact, why_not
from app.agreements.service import find_agreement, state_of
from app.agreements.states import (
    AGREEMENT_LABELS,
    AGREEMENT_MOVES,
    ITEM_LABELS,
    ITEM_MOVES,
    AgreementState,
    CancelState,
    ItemState,
    Method,
)
from app.agreements.takeover_rules import TaskKept
from app.audit.last_change import last_change
from app.audit.trail import Event
from app.core.errors import NotFound, Refused
from app.core.states import move
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork, UnitOfWork

WIZARD: Final = "cancel"


@dataclass(frozen=True, slots=True)
class CancelRow:
    """One agreement as it was seen. ticks: code of a check → the value that was ticked."""

    number: str
    expected_version: int
    ticks: Mapping[str, str]
    method: Method = Method.TRANSFER


@dataclass(frozen=True, slots=True)
class Notice:
    """Whom to tell: bank, supplier or a department; carrier: how."""

    party: str
    name: str
    carrier: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class RequestCancel:
    """A filled-in wizard. owner: who makes the payments by hand from then on (username).

    typed: the agreement's number once more; where it is not, the password was just proved. draft:
    under what the wizard kept it.
    """

    rows: tuple[CancelRow, ...]
    reason: str
    wished_on: date
    owner: str
    notices: tuple[Notice, ...] = ()
    typed: str = ""
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """An agreement that was not taken into the request, and why."""

    number: str
    why: str


@dataclass(frozen=True, slots=True)
class Requested:
    """The form's number and what became of each row."""

    form_no: str
    approval_id: int
    taken: tuple[str, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class _Taken:
    """A row that can be cancelled, with its checklist as it is stored."""

    agreement: Agreement
    method: Method
    verified: list[dict[str, Any]]


def request(db: Database, actor: Actor, command: RequestCancel) -> Requested:
    """Ask for agreements to be cancelled; each row has its own outcome, all of them in one act.

    A row that can't be cancelled is left out and told. Raises NotCancellable when none is left,
    BadAgreement for a reason, day or owner that is missing, FreshSignInNeeded.
    """
    with acting(db, actor, Right.AGREEMENT_MANAGE) as act:
        owner = _checked(act, command)
        taken: list[_Taken] = []
        left: list[Left] = []
        for row in command.rows:
            try:
                taken.append(_take(act.uow, row))
            except Refused as refusal:
                left.append(Left(row.number, f"{refusal.message}{refusal.hint}"))
        if not taken:
            raise NotCancellable("；".join(f"{one.number}：{one.why}" for one in left))
        form = _form(act, command)
        for one in taken:
            _add_item(act.uow, form, one, owner.id)
        numbers = tuple(one.agreement.number for one in taken)
        form.approval_id = _open(act, form, numbers)
        drop_draft(act.uow, act.person.user_id, WIZARD, command.draft)
        act.done(
            *(
                Event(
                    "cancel.requested",
                    f"agreement:{number}",
                    after={"form": form.number, "wished_on": form.wished_on.isoformat()},
                    reason=form.reason,
                )
                for number in numbers
            )
        )
        return Requested(form.number, form.approval_id, numbers, tuple(left))


def decide(db: Database, actor: Actor, verdict: Verdict) -> CancelState:
    """Decide on a request; what is not approved gives its agreements back as they were.

    Raises what approvals.decide raises.
    """
    with acting(db, actor, Right.CANCEL_APPROVE) as act:
        outcome = approvals.decide(act, verdict, ApprovalKind.CANCELLATION)
        form = act.uow.session.scalars(
            select(Cancellation).where(Cancellation.approval_id == outcome.request.id)
        ).one()
        form.state = _STATE_OF[outcome.state]
        form.decided_at, form.closed_why = act.uow.now, verdict.remark.strip()
        approved = form.state == CancelState.APPROVED
        items = items_of(act.uow, form)
        for item in items:
            _settle(act.uow, item, ItemState.DECIDED if approved else ItemState.DROPPED)
        act.done(*_decided_events(act.uow, form, items, outcome, verdict))
        return CancelState(form.state)


def find_form(work: ReadWork, form_no: str) -> Cancellation:
    """The request of that number. Raises NotFound."""
    form = work.session.scalar(select(Cancellation).where(Cancellation.number == form_no))
    if form is None:
        raise NotFound(f"没有取消申请单“{form_no}”。")
    return form


def items_of(work: ReadWork, form: Cancellation) -> list[CancellationItem]:
    """The agreements of a request, in their order."""
    return list(
        work.session.scalars(
            select(CancellationItem)
            .where(CancellationItem.cancellation_id == form.id)
            .order_by(CancellationItem.id)
        )
    )


def give_back(uow: UnitOfWork, item: CancellationItem) -> None:
    """Let an agreement be what it was before somebody wanted to cancel it."""
    agreement = uow.session.get_one(Agreement, item.agreement_id)
    agreement.state = move(
        agreement.number,
        AgreementState(agreement.state),
        AgreementState(item.was),
        AGREEMENT_MOVES,
        AGREEMENT_LABELS,
    )
    for task in uow.session.scalars(select(Takeover).where(Takeover.item_id == item.id)):
        task.state = TaskKept.VOID


def move_item(uow: UnitOfWork, item: CancellationItem, target: ItemState) -> None:
    """Move one agreement of a request; what is over no longer keeps it from another request."""
    number = uow.session.get_one(Agreement, item.agreement_id).number
    item.state = move(number, ItemState(item.state), target, ITEM_MOVES, ITEM_LABELS)
    item.open = target in {ItemState.WAITING, ItemState.DECIDED}


def _checked(act: Act, command: RequestCancel) -> User:
    """Who makes the payments from then on. Raises what the request as a whole is refused for."""
    if not command.rows:
        raise NotCancellable("没有选择协议。")
    if not command.reason.strip():
        raise BadAgreement("请填写取消原因。")
    if command.wished_on < act.uow.today:
        raise BadAgreement(f"期望终止日 {command.wished_on} 早于今天。", "请选择今天或以后的日期。")
    owner = act.uow.session.scalar(select(User).where(User.username == command.owner))
    if owner is None or not owner.active:
        raise BadAgreement("请选择今后办理人工付款的人员。")
    if len(command.rows) != 1 or command.typed.strip() != command.rows[0].number:
        require_fresh(act.uow, act.person)
    return owner


def _take(uow: UnitOfWork, row: CancelRow) -> _Taken:
    agreement = find_agreement(uow, row.number)
    if agreement.version != row.expected_version:
        raise AgreementChanged(f"{last_change(uow, f'agreement:{row.number}')}")
    why = why_not(uow, agreement)
    if why:
        raise NotCancellable(why, "")
    verified = accept_ticks(row.number, checklist_of(uow, agreement), row.ticks)
    return _Taken(agreement, row.method, verified)


def _form(act: Act, command: RequestCancel) -> Cancellation:
    form = Cancellation(
        number=yearly(act.uow, "QK"),
        state=CancelState.IN_APPROVAL,
        reason=command.reason.strip(),
        wished_on=command.wished_on,
        notices=[
            {"party": one.party, "name": one.name, "carrier": one.carrier, "to": one.to}
            for one in command.notices
        ],
        requested_by=act.person.user_id,
        requested_at=act.uow.now,
    )
    act.uow.session.add(form)
    act.uow.session.flush()
    return form


def _add_item(uow: UnitOfWork, form: Cancellation, one: _Taken, owner_id: int) -> None:
    agreement = one.agreement
    foreseen = impact(uow, agreement, form.wished_on)
    item = CancellationItem(
        cancellation_id=form.id,
        agreement_id=agreement.id,
        was=agreement.state,
        state=ItemState.WAITING,
        verified=one.verified,
        impact=foreseen.stored(),
        expected_on=foreseen.expected_on,
        bank_days=foreseen.bank_days,
        own_days=foreseen.own_days,
    )
    uow.session.add(item)
    agreement.state = move(
        agreement.number,
        state_of(agreement, uow.today),
        AgreementState.CANCELLING,
        AGREEMENT_MOVES,
        AGREEMENT_LABELS,
    )
    uow.session.flush()
    if one.method is Method.NONE:
        return
    for day in foreseen.prevented:
        uow.session.add(
            Takeover(
                item_id=item.id,
                agreement_id=agreement.id,
                due_on=day,
                amount_minor=None if foreseen.each is None else foreseen.each.minor,
                currency=agreement.currency,
                method=one.method,
                owner_id=owner_id,
                state=TaskKept.OPEN,
            )
        )
    uow.session.flush()


def _open(act: Act, form: Cancellation, numbers: Sequence[str]) -> int:
    first = find_agreement(act.uow, numbers[0])
    more = f" 等 {len(numbers)} 份协议" if len(numbers) > 1 else ""
    me = act.person.user_id
    opening = Opening(
        ApprovalKind.CANCELLATION,
        form.id,
        form.number,
        f"取消自动扣款 {first.payee_name}{more}",
        None,
        (Role.SUPERVISOR,),
        frozenset({me}),
    )
    return approvals.open_request(act.uow, opening, me).id


def _settle(uow: UnitOfWork, item: CancellationItem, target: ItemState) -> None:
    move_item(uow, item, target)
    if target is ItemState.DROPPED:
        give_back(uow, item)


def _decided_events(
    uow: UnitOfWork,
    form: Cancellation,
    items: Sequence[CancellationItem],
    outcome: Outcome,
    verdict: Verdict,
) -> list[Event]:
    """One entry for each agreement, so that each tells its own story."""
    return [
        Event(
            _ACT_OF[CancelState(form.state)],
            f"agreement:{uow.session.get_one(Agreement, item.agreement_id).number}",
            after={
                "form": form.number,
                "level": outcome.level,
                "on_behalf_of": outcome.on_behalf_of,
            },
            reason=verdict.remark.strip(),
        )
        for item in items
    ]


_ACT_OF: Final[dict[CancelState, str]] = {
    CancelState.APPROVED: "cancel.approved",
    CancelState.RETURNED: "cancel.returned",
    CancelState.REJECTED: "cancel.rejected",
}
_STATE_OF: Final[dict[RequestState, CancelState]] = {
    RequestState.APPROVED: CancelState.APPROVED,
    RequestState.RETURNED: CancelState.RETURNED,
    RequestState.REJECTED: CancelState.REJECTED,
}

"""Requests to decide on, and a look at the end of the trail."""

import json
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text

from app.access.approvals import (
    ApprovalKind,
    Decision,
    Opening,
    Verdict,
    decide,
    find_request,
    open_request,
)
from app.access.guard import acting
from app.access.rights import Right, Role
from app.audit.trail import Event
from app.core.money import Money


class Entry(NamedTuple):
    act: str
    actor: str
    subject: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


@pytest.fixture
def trail_of(founded):
    """The entries of the trail that are one of these acts, oldest first."""

    def read(*acts):
        with founded.engine.connect() as connection:
            rows = connection.execute(
                text(
                    "SELECT act, actor, subject, before, after, reason FROM audit_entry"
                    " ORDER BY seq"
                )
            ).all()
        return [
            Entry(
                row.act,
                row.actor,
                row.subject,
                json.loads(row.before),
                json.loads(row.after),
                row.reason,
            )
            for row in rows
            if row.act in acts
        ]

    return read


@pytest.fixture
def request_approval(founded, people):
    """Opens a request on payment 1, made by the clerk: `request_approval(Role.CHECKER)` -> id."""

    def ask(*levels, makers=None, subject_id=1, kind=ApprovalKind.PAYMENT, amount="60,000.00"):
        with acting(founded, people.clerk, Right.PAYMENT_CREATE) as act:
            row = open_request(
                act.uow,
                Opening(
                    kind,
                    subject_id,
                    f"FK-{subject_id}",
                    "付款 上海华峰",
                    Money.parse(amount),
                    levels or (Role.CHECKER, Role.SUPERVISOR),
                    frozenset({people.clerk.user_id} if makers is None else makers),
                ),
                people.clerk.user_id,
            )
            act.done(Event("payment.submitted", f"payment:FK-{subject_id}"))
            return row.id

    return ask


@pytest.fixture
def decide_on(founded):
    """Decides as a service does: `decide_on(actor, request_id, version=1)` -> Outcome."""

    def act_on(actor, request_id, version, decision=Decision.APPROVE, remark="", db=founded):
        with acting(db, actor, Right.PAYMENT_APPROVE) as act:
            kind = ApprovalKind(find_request(act.uow, request_id).kind)
            outcome = decide(act, Verdict(request_id, decision, remark, version), kind)
            act.done(Event("payment.decided", f"request:{request_id}"))
            return outcome

    return act_on

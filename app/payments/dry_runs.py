"""付款测试: walking a payment through every check that sending would make; no money moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.access.guard import Actor, acting
from app.access.rights import Right
from app.audit.trail import Event
from app.core.clock import iso
from app.payments import gate
from app.payments.diagnosis.facts import Facts, SystemFacts
from app.payments.editing import find_payment
from app.payments.gate import Waiver
from app.payments.gather import gather
from app.payments.model import Payment
from app.payments.resume_request import approved_waivers
from app.payments.states import STATUS_LABELS, Status
from app.storage.work import Database, ReadWork


@dataclass(frozen=True, slots=True)
class DryRun:
    """What sending would meet right now; no money moves."""

    number: str
    at: datetime
    passages: tuple[gate.Passage, ...]
    next_execution_at: datetime | None

    @property
    def ok(self) -> bool:
        return all(passage.ok for passage in self.passages)

    @property
    def next_execution(self) -> str | None:
        """When it would leave, as papers and the trail keep it."""
        return None if self.next_execution_at is None else iso(self.next_execution_at)

    def stored(self) -> dict[str, Any]:
        """The run as a form keeps it."""
        return {
            "at": iso(self.at),
            "ok": self.ok,
            "next_execution": self.next_execution,
            "passages": [passage.stored() for passage in self.passages],
        }


def dry_run(db: Database, actor: Actor, number: str, system: SystemFacts) -> DryRun:
    """付款测试: walk a payment through every check that sending would make; moves no money."""
    with acting(db, actor, Right.DIAGNOSIS_RUN) as act:
        payment = find_payment(act.uow, number)
        result = walk_through(act.uow, payment, system, approved_waivers(act.uow, payment))
        act.done(
            Event(
                "dry_run.made",
                f"payment:{number}",
                after={
                    "ok": result.ok,
                    "failed": [p.code for p in result.passages if not p.ok],
                    "next_execution": result.next_execution,
                },
            )
        )
        return result


def facts_of(work: ReadWork, payment: Payment, system: SystemFacts) -> Facts:
    """The facts of one payment."""
    [(_, facts)] = gather(work, [payment], system)
    return facts


def walk_through(
    work: ReadWork,
    payment: Payment,
    system: SystemFacts,
    waivers: Mapping[str, Waiver],
) -> DryRun:
    """What sending would meet now, inside a wider act."""
    facts = facts_of(work, payment, system)
    passages = [_status_passage(payment), *gate.walk(facts, waivers)]
    return DryRun(payment.number, work.now, tuple(passages), gate.execution_time(facts))


def _status_passage(payment: Payment) -> gate.Passage:
    ready = payment.status == Status.READY
    label = STATUS_LABELS[Status(payment.status)]
    return gate.Passage("status", "指令状态为待执行", ready, "" if ready else f"当前为“{label}”")

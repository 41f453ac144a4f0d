"""Appending to the hash-chained trail, inside the transaction of the act itself."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.audit.model import AuditEntry, AuditHead
from app.core.clock import iso
from app.storage.base import canonical_json
from app.storage.work import ReadWork, UnitOfWork

GENESIS = "0" * 64
SEPARATOR = "\x1f"
SYSTEM_ACTOR = "系统"
HASHED = (
    "seq",
    "at",
    "actor",
    "machine",
    "act",
    "subject",
    "before",
    "after",
    "reason",
    "previous",
)


@dataclass(frozen=True, slots=True)
class Event:
    """What the trail keeps of an act.

    subject: "kind:number" of what was acted on. before/after: only the values that matter,
    JSON-ready; amounts as decimal strings.
    """

    act: str
    subject: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def digest(parts: Sequence[str]) -> str:
    """SHA-256 over an entry's fields in their order, `previous` the last, which chains them."""
    return hashlib.sha256(SEPARATOR.join(parts).encode()).hexdigest()


def record(uow: UnitOfWork, actor: str, *events: Event) -> int:
    """Append the events to the trail; returns the number of the last entry.

    actor: "username 姓名" of who acts, or SYSTEM_ACTOR.
    """
    head = uow.session.get(AuditHead, 1, with_for_update=True)
    if head is None:
        head = AuditHead(id=1, seq=0, hash=GENESIS)
        uow.session.add(head)
    at = iso(uow.now)
    for event in events:
        entry = AuditEntry(
            seq=head.seq + 1,
            at=at,
            actor=_plain(actor),
            machine=_plain(uow.machine),
            act=event.act,
            subject=_plain(event.subject),
            before=canonical_json(dict(event.before)),
            after=canonical_json(dict(event.after)),
            reason=_plain(event.reason),
            previous=head.hash,
        )
        entry.hash = digest([str(getattr(entry, name)) for name in HASHED])
        uow.session.add(entry)
        head.seq, head.hash = entry.seq, entry.hash
    uow.session.flush()
    uow.trail_length += len(events)
    return head.seq


def change_counter(work: ReadWork) -> int:
    """A number that grows with every act on any desk: what a window polls to refresh itself."""
    return work.session.scalar(select(AuditHead.seq)) or 0


def _plain(text: str) -> str:
    return text.replace(SEPARATOR, " ").replace("\x00", "")

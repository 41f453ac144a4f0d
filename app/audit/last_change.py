"""Who changed something last, for the loser of a race."""

from datetime import datetime

from sqlalchemy import select

from app.audit.model import AuditEntry
from app.core.clock import local_text
from app.storage.work import ReadWork


def last_change(work: ReadWork, subject: str) -> str:
    """Says "已被 X 于 … 修改" from the trail."""
    row = work.session.execute(
        select(AuditEntry.actor, AuditEntry.at)
        .where(AuditEntry.subject == subject)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    if row is None:
        return "已被他人修改。"
    return f"已被 {row.actor} 于 {local_text(datetime.fromisoformat(row.at), work.tz)} 修改。"

"""What the page of rules and limits reads."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.payments.model import RuleChange
from app.payments.rule_changes import threshold_values
from app.payments.thresholds import THRESHOLDS, Threshold
from app.storage.work import Database


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """A threshold at the value in force; last_change: the number of its newest change, or ""."""

    threshold: Threshold
    value: str
    last_change: str


@dataclass(frozen=True, slots=True)
class RuleChangeLine:
    """A change of a threshold, under the number that a resumption names.

    kind: that of Threshold; "" for a threshold that this version no longer has.
    """

    number: str
    code: str
    kind: str
    title: str
    before: str
    after: str
    reason: str
    by: str
    at: datetime


def threshold_lines(db: Database, actor: Actor) -> list[ThresholdLine]:
    """Every threshold with the value in force, in the order of the rules."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        values = threshold_values(work)
        newest: dict[str, str] = {}
        for row in work.session.scalars(select(RuleChange).order_by(RuleChange.at, RuleChange.id)):
            newest[row.code] = row.number
        return [
            ThresholdLine(one, values[code], newest.get(code, ""))
            for code, one in THRESHOLDS.items()
        ]


def rule_changes(db: Database, actor: Actor) -> list[RuleChangeLine]:
    """Every change of a threshold, newest first."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        rows = work.session.scalars(
            select(RuleChange).order_by(RuleChange.at.desc(), RuleChange.id.desc())
        )
        return [
            RuleChangeLine(
                row.number,
                row.code,
                THRESHOLDS[row.code].kind if row.code in THRESHOLDS else "",
                THRESHOLDS[row.code].title if row.code in THRESHOLDS else row.code,
                row.before,
                row.after,
                row.reason,
                row.by_name,
                row.at,
            )
            for row in rows
        ]

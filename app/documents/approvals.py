"""The table of who approved, as every form of the house carries it."""

from dataclasses import dataclass
from datetime import datetime

from app.documents.blocks import Row, Table
from app.documents.forms import CENTERED, NONE, headings, section, time_text, value


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One level's decision; `at` is None while it is still open."""

    level: str
    name: str
    on_behalf_of: str
    decision: str
    remark: str
    at: datetime | None


def approval_table(title: str, steps: tuple[ApprovalStep, ...]) -> Table:
    """审批记录: each step with who, what and when."""
    rows = [
        Row(
            (
                value(step.level),
                value(_person(step)),
                value(step.decision, 1, CENTERED),
                value(step.remark),
                value(time_text(step.at), 1, CENTERED),
            )
        )
        for step in steps
    ]
    names = ("审批环节", "审批人", "决定", "意见", "时间")
    return listing(title, (26, 34, 16, 58, 32), names, rows)


def listing(
    title: str, weights: tuple[float, ...], names: tuple[str, ...], rows: list[Row]
) -> Table:
    """A section of rows under headings, which are repeated on the next page; "无" without rows."""
    span = len(weights)
    filled = rows or [Row((value("无", span),))]
    return Table(weights, (section(title, span), headings(names), *filled), heading=2)


def _person(step: ApprovalStep) -> str:
    return f"{step.name}（代{step.on_behalf_of}）" if step.on_behalf_of else step.name or NONE

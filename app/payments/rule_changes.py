"""Changing a limit or risk threshold, under a number that a resumption can name (C3.3)."""

from sqlalchemy import select

from app.access.guard import Actor, acting
from app.access.rights import Right
from app.audit.trail import Event
from app.core.errors import BadInput
from app.payments.model import RuleChange, RuleSetting
from app.payments.thresholds import THRESHOLDS, check_value
from app.storage.numbers import yearly
from app.storage.work import Database, ReadWork


def change_threshold(db: Database, actor: Actor, code: str, value: str, reason: str) -> str:
    """The number (GZ-…) of the change. Raises BadInput for a senseless value or no reason."""
    with acting(db, actor, Right.RULE_CHANGE) as act:
        if not reason.strip():
            raise BadInput("请填写调整规则的原因。")
        fresh = check_value(code, value)
        row = act.uow.session.get(RuleSetting, code)
        before = check_value(code, THRESHOLDS[code].default if row is None else row.value)
        if fresh == before:
            raise BadInput("新值与现值相同。")
        if row is None:
            act.uow.session.add(RuleSetting(code=code, value=fresh))
        else:
            row.value = fresh
        change = RuleChange(
            number=yearly(act.uow, "GZ"),
            code=code,
            before=before,
            after=fresh,
            reason=reason.strip(),
            by_name=act.person.label,
            at=act.uow.now,
        )
        act.uow.session.add(change)
        act.done(
            Event(
                "rule.changed",
                f"rule:{code}",
                before={"value": before},
                after={"value": fresh, "change": change.number},
                reason=reason,
            )
        )
        return change.number


def threshold_values(work: ReadWork) -> dict[str, str]:
    """Every threshold at the value in force."""
    own = {row.code: row.value for row in work.session.scalars(select(RuleSetting))}
    return {code: own.get(code, one.default) for code, one in THRESHOLDS.items()}

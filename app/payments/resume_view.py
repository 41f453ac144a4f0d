"""What the 恢复付款 wizard reads: the checklist, today's causes, and who would have to approve."""

from dataclasses import dataclass

from app.access.guard import Actor, reading
from app.access.matrix import current_tiers
from app.access.rights import Right, Role
from app.access.rules import levels_for, one_level_above
from app.payments.cover import effective_holds
from app.payments.detail import hold_line
from app.payments.diagnosing import Cause, cause_of
from app.payments.diagnosis.facts import SystemFacts
from app.payments.diagnosis.rule import Ranked, Rule, Severity, diagnose
from app.payments.dry_runs import facts_of
from app.payments.editing import as_values, fields_of, find_payment, money_of
from app.payments.flow import Blocking, RuleStop, Seen
from app.payments.records import HoldLine
from app.payments.resume_checks import answering, rule_stops
from app.payments.states import HoldScope
from app.payments.verification import items
from app.storage.work import Database

_WIDE = "holds.wide"


@dataclass(frozen=True, slots=True)
class LiveCause:
    """A cause as it is found now. blocks: the gate stays closed on it; hold: it is a stop, which
    is listed among the holds, too.
    """

    cause: Cause
    title: str
    blocks: bool
    waivable: bool
    hold: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """The payment before its resumption. values: what can be edited, as texts."""

    seen: Seen
    causes: tuple[LiveCause, ...]
    holds: tuple[HoldLine, ...]
    values: dict[str, str]
    normal_levels: tuple[Role, ...]
    levels: tuple[Role, ...]


def situation(db: Database, actor: Actor, number: str, system: SystemFacts) -> Situation:
    """The payment as it stands now; a fresh diagnosis that keeps nothing. Raises NotFound."""
    with reading(db, actor, Right.PAYMENT_VIEW) as work:
        payment = find_payment(work, number)
        facts = facts_of(work, payment, system)
        stops = effective_holds(work, payment)
        holds = [hold_line(work, hold) for hold in stops]
        causes = tuple(_live(ranked) for ranked in diagnose(facts))
        normal = levels_for(current_tiers(work), money_of(payment))
        return Situation(
            Seen(
                payment.version,
                items(facts),
                _blocking(causes),
                tuple(one.number for one in holds if one.scope is not HoldScope.PAYMENT),
                tuple(
                    RuleStop(one.text, answering(work, [one]))
                    for one in rule_stops(work, payment, stops)
                ),
            ),
            causes,
            tuple(holds),
            {key: str(value) for key, value in as_values(fields_of(work, payment)).items()},
            normal,
            one_level_above(normal),
        )


def _live(ranked: Ranked) -> LiveCause:
    blocks = ranked.rule.gate and ranked.finding.severity is Severity.BLOCKING
    rule = ranked.rule
    is_hold = rule.code.startswith("holds.")
    return LiveCause(cause_of(ranked), rule.title, blocks, _may_be_waived(rule), is_hold)


def _may_be_waived(rule: Rule) -> bool:
    return rule.waivable and rule.gate


def _blocking(causes: tuple[LiveCause, ...]) -> tuple[Blocking, ...]:
    # Wide holds are told one by one, with their numbers.
    return tuple(
        Blocking(one.cause.rule, one.cause.summary, one.waivable)
        for one in causes
        if one.blocks and one.cause.rule != _WIDE
    )

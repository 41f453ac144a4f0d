"""Eighteen months of ordinary payments, and those that wait for their turn today."""

from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any, Final

from app.core.money import Money
from app.demo.company import CCB, CMB, ICBC, LEFT, KnownPayee
from app.demo.ledger import Ledger, Plan
from app.payments.states import Stage

_EXECUTED: Final = 1_840
_SETTLED: Final = frozenset({Stage.EXECUTED, Stage.VOIDED, Stage.REJECTED})
_ENDED: Final = {Stage.VOIDED: 22, Stage.REJECTED: 9}
_WAITING: Final = {
    Stage.READY: 38,
    Stage.PENDING_REVIEW: 8,
    Stage.PENDING_APPROVAL: 5,
    Stage.DRAFT: 15,
    Stage.SUBMITTED: 3,
}
# Nothing of the last days is finished by chance: those days belong to the troubled cases.
_QUIET: Final = 3
_PARTIAL: Final = 40
_NEW_MAKER_FROM: Final = 14
_TWO_LEVELS: Final = 100_000
# What moves much money leaves the main account.
_LARGE: Final = Money.parse("400000").minor


def put_history(ledger: Ledger) -> None:
    """Payments that were executed, voided or rejected long ago."""
    past = ledger.days.past
    for stage, count in ((Stage.EXECUTED, _EXECUTED), *_ENDED.items()):
        for _ in range(count):
            lag = ledger.chance.randint(1, 4)
            place = ledger.chance.randrange(lag, len(past) - _QUIET)
            made, due = past[place - lag], past[place]
            ledger.put(_ordinary(ledger, made, due, stage))


def put_waiting(ledger: Ledger) -> None:
    """Payments that are on their way and will leave without anybody's help."""
    coming = list(islice(ledger.days.ahead(), 11))
    for stage, count in _WAITING.items():
        for number in range(count):
            made = ledger.days.ago(ledger.chance.randint(1, 3))
            if stage is Stage.SUBMITTED:
                made, due = ledger.days.ago(2), ledger.days.ago(1)
            else:
                due = coming[number % len(coming)]
            plan = _ordinary(ledger, made, due, stage)
            if stage is Stage.PENDING_APPROVAL:
                plan = _of_two_levels(ledger, plan)
            ledger.put(plan)


def any_payee(ledger: Ledger) -> KnownPayee:
    """One of the shipped payees."""
    return ledger.chance.choice(tuple(ledger.firm.payees.values()))


def ordinary_amount(ledger: Ledger, payee: KnownPayee) -> int:
    """An amount in 分 such as this payee usually gets."""
    return payee.typical * ledger.chance.randint(55, 160) + ledger.chance.randrange(100)


def _ordinary(ledger: Ledger, made: date, due: date, stage: Stage) -> Plan:
    payee = any_payee(ledger)
    amount = ordinary_amount(ledger, payee)
    return Plan(
        payee,
        _account(ledger, amount, stage),
        amount,
        made,
        due,
        stage,
        maker=_maker(ledger, made, stage),
        paper=_paper(ledger, amount),
    )


def _of_two_levels(ledger: Ledger, plan: Plan) -> Plan:
    """The same for a payee whose payments need more than the checker."""
    large = [payee for payee in ledger.firm.payees.values() if payee.typical > _TWO_LEVELS]
    payee = ledger.chance.choice(large)
    return replace(plan, payee=payee, account=ICBC, amount=ordinary_amount(ledger, payee), paper={})


def _account(ledger: Ledger, amount: int, stage: Stage) -> str:
    if amount > _LARGE:
        return ICBC
    # The 建行 account has too little money today for anything that still waits.
    accounts = (ICBC, CMB, CCB) if stage in _SETTLED else (ICBC, CMB)
    return ledger.chance.choices(accounts, (6, 3, 2)[: len(accounts)])[0]


def _maker(ledger: Ledger, made: date, stage: Stage) -> str:
    known = stage in _SETTLED and made < ledger.days.ago(_NEW_MAKER_FROM)
    names = ("clerk", "maker2", LEFT) if known else ("clerk", "maker2")
    return ledger.chance.choices(names, (7, 3, 2)[: len(names)])[0]


def _paper(ledger: Ledger, amount: int) -> dict[str, Any] | None:
    """Mostly an invoice over the same sum; sometimes nothing, or an order paid in part."""
    draw = ledger.chance.randrange(_PARTIAL)
    if draw < _PARTIAL // 8:
        return None
    if draw == _PARTIAL - 1:
        return {"kind": "合同", "amount_minor": amount * 2, "due_on": None}
    return {}

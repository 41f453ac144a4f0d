"""An agreement that is over, and statements that bring debits of it all the same."""

from datetime import date

import pytest

from app.agreements import service
from app.agreements.fields import AgreementFields
from app.agreements.watch.deciding import DecideHit, decide_hit, hit_lines
from app.agreements.watch.states import HitState
from app.core.money import Money
from app.statements.importing import preview, take_in

PAYEE = "上海临江供电有限公司"
HEAD = "交易日期,借方发生额,贷方发生额,对方户名,对方账号,摘要"


@pytest.fixture
def account(make_account):
    return make_account()


@pytest.fixture
def debit(founded, people, account, tmp_path):
    """The hit that a debit after the last day raises: `debit("2026-03-01")`."""
    service.register(
        founded,
        people.clerk,
        AgreementFields(
            account_number=account.number,
            payee_name=PAYEE,
            starts_on=date(2025, 1, 1),
            ends_on=date(2026, 2, 10),
            payee_account="31050161393600000123",
            amount=Money.parse("46300"),
            first_debit_on=date(2025, 1, 20),
        ),
    )
    serial = iter(range(100))

    def bring(on="2026-03-01", amount="46300.00"):
        path = tmp_path / f"流水{next(serial)}.csv"
        row = f"{on},{amount},,{PAYEE},31050161393600000123,代扣电费"
        path.write_text(f"{HEAD}\n{row}", encoding="gb18030")
        [hit] = take_in(
            founded, people.clerk, preview(founded, people.clerk, path), account.number
        ).alarms
        return hit

    return bring


@pytest.fixture
def settle_hit(founded, people):
    """Let a hit be over: the money came back, or it was none after all."""

    def send(number, *states):
        for state in states or (HitState.CONFIRMED, HitState.RECOVERED):
            [line] = [one for one in hit_lines(founded, people.clerk) if one.number == number]
            command = DecideHit(number, state, "李柜员 3 月 2 日确认", line.version)
            who = people.supervisor if state is HitState.EXCLUDED else people.clerk
            decide_hit(founded, who, command)

    return send


@pytest.fixture
def skip_steps(founded, people):
    """Leave out every step of a resolved P3 incident: `skip_steps(number)`."""
    from app.incidents.case_view import incident_lines
    from app.incidents.states import Step
    from app.incidents.steps import skip_step

    def skip(number):
        for step in (Step.CHECK, Step.VENDOR, Step.BANK, Step.ARCHIVE):
            [line] = [one for one in incident_lines(founded, people.clerk) if one.number == number]
            skip_step(founded, people.clerk, number, step, "一般事件，不需要", line.version)

    return skip

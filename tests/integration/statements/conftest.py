"""An agreement that ended, and a statement with a debit after its end."""

from dataclasses import replace
from datetime import date

import pytest

from app.access.approvals import Decision, Verdict
from app.agreements import cancelling, confirming, prospects, service
from app.agreements.cancelling import CancelRow, RequestCancel
from app.agreements.confirming import RecordConfirmation
from app.agreements.fields import AgreementFields
from app.agreements.states import Answer
from app.agreements.watch.deciding import DecideHit, decide_hit
from app.agreements.watch.states import HitState
from app.core.money import Money
from app.letters.setup import Setup, save_setup
from app.letters.states import Carrier, Party
from app.statements.importing import preview, take_in

PAYEE = "上海临江供电有限公司"
HEAD = "交易日期,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,交易流水号"


@pytest.fixture
def account(make_account):
    return make_account()


@pytest.fixture
def register(founded, people, account):
    def make(**changes):
        fields = AgreementFields(
            account_number=account.number,
            payee_name=PAYEE,
            starts_on=date(2025, 1, 1),
            bank_no="SQ202501010001",
            customer_no="3100882211",
            payee_account="31050161393600000123",
            amount=Money.parse("46300"),
            first_debit_on=date(2025, 1, 20),
        )
        return service.register(founded, people.clerk, replace(fields, **changes))

    return make


@pytest.fixture
def ask(founded, people, register):
    """An agreement whose end was approved; the bank has not answered yet: `ask(ends_on=…)`."""
    return lambda **changes: _asked(founded, people, register(**changes))


@pytest.fixture
def asked(ask):
    return ask()


def _asked(founded, people, number):
    with founded.read() as work:
        row = service.find_agreement(work, number)
        ticks = {one.code: one.value for one in prospects.checklist_of(work, row)}
    command = RequestCancel(
        (CancelRow(number, 1, ticks),), "改为人工付款", date(2026, 3, 31), "clerk", typed=number
    )
    request = cancelling.request(founded, people.clerk, command)
    verdict = Verdict(request.approval_id, Decision.APPROVE, "同意", 1)
    cancelling.decide(founded, people.supervisor, verdict)
    return number


def confirm(founded, people, number):
    """The bank says that it ended on 16 March 2026."""
    confirming.record_confirmation(
        founded,
        people.clerk,
        RecordConfirmation(
            number,
            Party.BANK,
            Answer.TERMINATED,
            date(2026, 3, 2),
            Carrier.COUNTER,
            "李柜员",
            "回执原件",
            "H-9",
            effective_on=date(2026, 3, 16),
        ),
    )


@pytest.fixture
def cancelled(founded, people, asked):
    """An agreement that the bank ended on 16 March 2026."""
    confirm(founded, people, asked)
    return asked


@pytest.fixture
def bring(founded, people, account, tmp_path):
    """Import these lines: `bring("2026-03-20,46300,…")`."""
    serial = iter(range(100))

    def take(*rows, who=None):
        path = tmp_path / f"流水{next(serial)}.csv"
        path.write_text("\n".join((HEAD, *rows)), encoding="gb18030")
        who = who or people.clerk
        return take_in(founded, who, preview(founded, who, path), account.number)

    return take


FORBIDDEN = f'2026-03-20,"46,300.00",,1.00,{PAYEE},31050161393600000123,代扣电费 SQ202603019999,LS1'


def decide(db, who, state, version=1, remark="已电话核实"):
    return decide_hit(db, who, DecideHit("YC-2026-0001", state, remark, version))


@pytest.fixture
def confirmed(founded, people, cancelled, bring):
    bring(FORBIDDEN)
    decide(founded, people.clerk, HitState.CONFIRMED)
    save_setup(founded, people.cfo, Setup("华精财函", "王会计", "021-58001234"))
    return "YC-2026-0001"

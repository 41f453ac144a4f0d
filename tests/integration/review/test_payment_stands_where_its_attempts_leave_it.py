"""Whatever people and banks do in whatever order: a payment says what its attempts say together."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from app.access.approvals import ApprovalKind, Decision, RequestState, Verdict
from app.access.model import ApprovalRequest
from app.core.errors import Refused
from app.core.money import Money
from app.payees.changes import AskChange, ConfirmChange
from app.payments import answers, corrections, editing, invariants, payee_cure
from app.payments.answers import BankAnswer, CheckResult, RecordCheck
from app.payments.attempts import BankResult
from app.payments.model import Attempt, Payment
from app.payments.states import UNDECIDED, Stage

RUNS, STEPS = 8, 50
# A payment of these tests is ready without approval; that it was paid twice is what they may do.
_MEANT = {"ready", "once"}


class Hands:
    """Everything that may be done with one payment, each with the state that it has now."""

    def __init__(self, desk, people, payment, phone, clock, rng):
        self.desk, self.db, self.people = desk, desk.db, people
        self.payment, self.phone, self.clock, self.rng = payment, phone, clock, rng

    def tries(self):
        with self.db.read() as work:
            return work.session.scalars(
                select(Attempt)
                .where(Attempt.payment_id == self.payment.id)
                .order_by(Attempt.ordinal)
            ).all()

    def version(self):
        return self.desk.detail(self.payment).line.version

    def send(self):
        self.desk.send(self.payment)

    def answer(self):
        said = [("7", "处理成功"), ("6", "账号户名不符"), ("", "通讯超时")]
        [one] = self.rng.choices(said, (1, 6, 1))
        self.desk.answer(self.payment, *one)

    def check(self):
        rows = self.tries()
        # A first try that succeeds late ends it: what follows a second one is rarer and wanted.
        if len(rows) > 1 or (rows and self.rng.random() < 0.2):
            which = self.rng.choice(rows).ordinal
            [result] = self.rng.choices(list(CheckResult), (6, 2, 1))
            said = RecordCheck(
                self.payment.number, result, "李经理", self.clock.now(), "对账单", which
            )
            answers.record_check(self.db, self.people.clerk, said)

    def come_back(self):
        rows = self.tries()
        if rows:
            which = self.rng.choice(rows).ordinal
            said = BankAnswer(
                self.payment.number, "", "退汇", result=BankResult.RETURNED, attempt=which
            )
            answers.record_answer(self.db, self.people.clerk, said)

    def resume(self):
        try:
            self.desk.resume(self.payment)
        except Refused:
            self.desk.resume(self.payment, waivers={"payee.changed": "已与收款方核实"})

    def edit(self):
        cents = self.rng.randrange(90_000, 110_000)
        change = self.rng.choice([{"amount": Money(cents)}, {"purpose": f"货款 {cents}"}])
        self.desk.edit(self.payment, **change)

    def void(self):
        if self.rng.random() < 0.1:
            editing.void_payment(
                self.db, self.people.clerk, self.payment.number, "作废", self.version()
            )

    def submit(self):
        editing.submit(self.db, self.people.clerk, self.payment.number, self.version())

    def decide(self):
        with self.db.read() as work:
            rows = work.session.scalars(
                select(ApprovalRequest).where(
                    ApprovalRequest.state == RequestState.OPEN,
                    ApprovalRequest.subject_no == self.payment.number,
                )
            ).all()
        for row in rows:
            verdict = Verdict(row.id, Decision.APPROVE, "同意", row.version)
            if row.kind == ApprovalKind.PAYMENT:
                editing.decide(self.db, self.people.checker, verdict)
            elif row.kind == ApprovalKind.RESULT_CORRECTION:
                who = (self.people.supervisor, self.people.cfo)[row.position]
                corrections.decide_correction(self.db, who, verdict)

    def correct(self):
        corrections.request_correction(
            self.db,
            self.people.clerk,
            self.payment.number,
            "银行证明未成功",
            self.rng.choice((None, 1, 2)),
        )

    def call_back(self):
        detail = self.desk.detail(self.payment)
        fields = detail.fields
        mine = {
            "name": fields.payee_name,
            "account": fields.payee_account,
            "bank": fields.payee_bank,
            "cnaps": fields.payee_cnaps,
        }
        other = {**mine, "account": f"62220099998888{self.rng.randrange(10**5):05d}"}
        asked = payee_cure.ask_change(
            self.db,
            self.people.clerk,
            AskChange(
                detail.payee_id, mine, self.rng.choice([mine, other]), "核实", self.payment.number
            ),
        )
        call = ConfirmChange(asked, self.phone, "王会计", True)
        payee_cure.confirm_change(self.db, self.people.checker, call)


WEIGHTS = {
    Hands.send: 14,
    Hands.answer: 8,
    Hands.check: 8,
    Hands.come_back: 3,
    Hands.resume: 14,
    Hands.edit: 3,
    Hands.void: 1,
    Hands.submit: 4,
    Hands.decide: 10,
    Hands.correct: 4,
    Hands.call_back: 2,
}


def look(db, payment):
    """What must hold after each act."""
    with db.read() as work:
        row = work.session.get_one(Payment, payment.id)
        tries = work.session.scalars(
            select(Attempt).where(Attempt.payment_id == row.id).order_by(Attempt.ordinal)
        ).all()
        told = [one.state for one in tries]
        paid = [one for one in tries if one.state == "SUCCEEDED"]
        if any(one.live for one in tries):
            assert row.stage in UNDECIDED, told
        elif paid:
            assert row.stage == Stage.EXECUTED, told
            assert editing.as_values(editing.fields_of(work, row)) == paid[-1].sent
            assert row.executed_at == paid[-1].answered_at
        else:
            assert row.stage not in UNDECIDED | {Stage.EXECUTED}, told
        broken = [one for one in invariants.examine(work) if not one.ok]
        assert [one for one in broken if one.code not in _MEANT] == []


@pytest.mark.parametrize("seed", range(RUNS))
def test_that_it_does_at_every_step(
    desk, people, make_payee, make_payment, clock, seed
):  # A4.1 E3.2
    payee = make_payee()
    payment = make_payment(payee=payee, made_by=people.clerk, invoice_no="FP-1")
    rng = Random(seed)
    hands = Hands(desk, people, payment, payee.phone, clock, rng)
    hands.send()
    for _ in range(STEPS):
        clock.move_to(clock.now() + timedelta(seconds=1))
        [act] = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))
        try:
            act(hands)
        except Refused:
            # A refusal is an answer; the next act goes on.
            continue
        look(desk.db, payment)

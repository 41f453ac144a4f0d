"""The desk on which the review's scenarios are played: channels, sending, editing, resuming."""

from dataclasses import replace
from datetime import date

import pytest

from app.access.approvals import Decision, Verdict
from app.payments import answers, dry_runs, editing, resuming, sending
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.payments.resume_request import RequestResume
from app.payments.verification import Tick, items

SOUND = SystemFacts()


class Desk:
    """What people do with a payment, each act with the version that they see."""

    def __init__(self, db, people):
        self.db, self.people = db, people

    def detail(self, payment):
        return payment_detail(self.db, self.people.clerk, payment.number)

    def status(self, payment):
        return self.detail(payment).line.status

    def send(self, payment, who=None):
        version = self.detail(payment).line.version
        return sending.write_attempt(
            self.db, who or self.people.clerk, payment.number, version, SOUND
        )

    def answer(self, payment, code="", text="", result=None):
        said = answers.BankAnswer(payment.number, code, text, result=result)
        return answers.record_answer(self.db, self.people.clerk, said)

    def edit(self, payment, who=None, **changes):
        seen = self.detail(payment)
        fields = replace(seen.fields, **changes)
        editing.edit(
            self.db, who or self.people.clerk, payment.number, fields, "更正", seen.line.version
        )

    def ask(self, payment, **changes):
        with self.db.read() as work:
            row = editing.find_payment(work, payment.number)
            facts = dry_runs.facts_of(work, row, SOUND)
            ticks = tuple(Tick(item.code, item.ours, True) for item in items(facts))
        whole = RequestResume(
            payment.number,
            self.detail(payment).line.version,
            ticks,
            "核对无误",
            "已整改",
            date(2026, 3, 2),
        )
        return resuming.request(self.db, self.people.clerk, replace(whole, **changes), SOUND)

    def decide(self, who, asked, version, decision=Decision.APPROVE):
        verdict = Verdict(asked.approval_id, decision, "已阅", version)
        return resuming.decide(self.db, who, verdict, SOUND)

    def resume(self, payment, **changes):
        asked = self.ask(payment, **changes)
        self.decide(self.people.checker, asked, 1)
        return self.decide(self.people.supervisor, asked, 2)


@pytest.fixture
def desk(founded, people):
    from app.accounts.service import add_default_channels
    from app.audit.trail import SYSTEM_ACTOR, Event, record

    with founded.write() as uow:
        add_default_channels(uow)
        record(uow, SYSTEM_ACTOR, Event("test.made", "channels"))
        uow.commit()
    return Desk(founded, people)

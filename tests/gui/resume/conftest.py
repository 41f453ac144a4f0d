"""A stopped payment, and windows for each of the company's people on a real database."""

from datetime import date

import pytest

from app.access.approvals import Decision, Verdict
from app.core.codes import HoldCause
from app.payments import holds, resume_request, resuming
from app.payments.diagnosis.facts import SystemFacts
from app.payments.holds import PlaceHold
from app.payments.resume_view import situation
from app.payments.states import HoldScope
from app.payments.verification import Tick


@pytest.fixture
def show(qtbot, tasks):
    """Shows a page as the main window does: it reloads after every act."""

    def put(page, context, argument=None):
        qtbot.addWidget(page)
        context.changed.connect(page.reload)
        page.resize(1280, 800)
        page.show()
        qtbot.waitExposed(page)
        if argument is not None:
            page.show_argument(argument)
        settle()
        return page

    def settle():
        qtbot.waitUntil(lambda: tasks.running() == (), timeout=15000)

    put.settle = settle
    return put


@pytest.fixture
def stop(founded, people):
    """Stops a payment on its own: `stop(payment)`."""

    def place(payment, text="质量争议未决"):
        return holds.place(
            founded,
            people.clerk,
            PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.COMMERCIAL_DISPUTE, text),
        )

    return place


@pytest.fixture
def stopped(people, channels, make_payment, stop):
    """A payment of 1,000.00 by the clerk, stopped for a commercial dispute."""
    payment = make_payment(made_by=people.clerk, order_no="PO-2026-0231")
    stop(payment)
    return payment


@pytest.fixture
def ask(founded, people):
    """Asks for a payment to be resumed, as the wizard does."""

    def request(payment, actor=None, **more):
        actor = actor or people.clerk
        now = situation(founded, actor, payment.number, SystemFacts())
        return resuming.request(
            founded,
            actor,
            resume_request.RequestResume(
                payment.number,
                now.seen.version,
                tuple(Tick(item.code, item.ours, ticked=True) for item in now.seen.items),
                "争议已和解",
                "已签补充协议",
                date(2026, 3, 3),
                **more,
            ),
            SystemFacts(),
        )

    return request


@pytest.fixture
def approve(founded):
    """One approval of a resumption, as another desk would give it."""

    def decide(actor, asked, version=1, decision=Decision.APPROVE, remark="同意"):
        verdict = Verdict(asked.approval_id, decision, remark, version)
        return resuming.decide(founded, actor, verdict, SystemFacts())

    return decide

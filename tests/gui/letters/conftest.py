"""An approved cancellation whose letters wait, the page of letters, and a mail server."""

from dataclasses import replace
from datetime import date

import pytest

from app.access.approvals import Decision, Verdict
from app.agreements import cancelling, prospects, service
from app.agreements.cancelling import CancelRow, RequestCancel
from app.agreements.fields import AgreementFields
from app.core.money import Money
from app.letters.setup import Security, Setup, save_setup
from tests.support.mail import Box, serve
from ui.letters.page import LettersPage

SETUP = Setup(
    "华精财函",
    "王会计",
    "021-58001234",
    smtp_host="127.0.0.1",
    smtp_security=Security.NONE,
    sender="cw@huadong.example",
)


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def set_up(founded, people, box):
    """The company's letters and mail, set to a server of this test."""
    controller, server = serve(box)
    save_setup(founded, people.cfo, replace(SETUP, smtp_port=server.port))
    yield
    controller.stop()


@pytest.fixture
def approved(founded, people, make_account, set_up):
    """The form number of an approved request for two agreements of one payee."""
    account = make_account()
    numbers = [
        service.register(
            founded,
            people.clerk,
            AgreementFields(
                account_number=account.number,
                payee_name="国网上海市电力公司",
                starts_on=date(2026, 1, 1),
                amount=Money.parse("500"),
                first_debit_on=date(2026, 1, 20),
                customer_no=customer,
            ),
        )
        for customer in ("1", "2")
    ]
    rows = []
    with founded.read() as work:
        for number in numbers:
            row = service.find_agreement(work, number)
            ticks = {one.code: one.value for one in prospects.checklist_of(work, row)}
            rows.append(CancelRow(number, row.version, ticks))
    command = RequestCancel(tuple(rows), "改为人工付款", date(2026, 3, 31), "clerk")
    asked = cancelling.request(founded, people.clerk, command)
    verdict = Verdict(asked.approval_id, Decision.APPROVE, "同意", 1)
    cancelling.decide(founded, people.supervisor, verdict)
    return asked.form_no


@pytest.fixture
def open_page(qtbot, desk, settle):
    """The page for a person, as the main window shows it: it reloads after every act."""
    pages = []

    def show(actor, kind=LettersPage):
        context = desk(actor)
        page = kind(context)
        pages.append(page)
        qtbot.addWidget(page)
        context.changed.connect(page.reload)
        page.resize(1280, 800)
        page.show()
        qtbot.waitExposed(page)
        settle()
        return page

    yield show
    for page in pages:
        page.hide()

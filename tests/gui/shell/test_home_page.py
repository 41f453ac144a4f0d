from datetime import date

import pytest
from PySide6.QtWidgets import QLabel

from app.access.approvals import Decision, Verdict
from app.agreements import cancelling, prospects, service
from app.agreements.cancelling import CancelRow, RequestCancel
from app.agreements.fields import AgreementFields
from app.core.codes import HoldCause
from app.payments.holds import PlaceHold, place
from app.payments.listing import Tab
from app.payments.states import HoldScope
from ui.home.page import HomePage


@pytest.fixture
def home(qtbot, context_of, settle):
    def make(actor):
        context = context_of(actor)
        page = HomePage(context)
        qtbot.addWidget(page)
        page.resize(1280, 800)
        page.show()
        settle()
        return page, context

    return make


def test_that_stopped_payments_are_counted_summed_and_linked(  # C1.3
    qtbot, people, founded, make_payment, home
):
    payment = make_payment(amount_minor=2_345_600)
    make_payment()
    place(
        founded,
        people.clerk,
        PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.SUSPECTED_ERROR, "金额不符"),
    )
    page, context = home(people.clerk)
    card = page.card("stopped")
    assert card.number.text() == "1"
    assert card.findChild(QLabel, "home.stopped.detail").text() == "CNY 23,456.00"
    with qtbot.waitSignal(context.navigate) as went:
        card.number.click()
    assert went.args == ["payments", Tab.STOPPED]


def test_that_the_funds_view_names_what_is_missing(  # A2.3
    people, make_account, make_payment, home
):
    # 1,000.00 at the bank, 200.00 frozen, 300.00 on its way: 500.00 to spend.
    # 600.00 is due within the week and 50.00 must stay, so 150.00 is missing.
    account = make_account(balance_minor=100_000, frozen_minor=20_000, reserve_minor=5_000)
    make_payment(account=account, amount_minor=30_000, stage="UNKNOWN")
    make_payment(account=account, amount_minor=60_000, due_on=date(2026, 3, 9))
    make_payment(account=account, amount_minor=99_900, due_on=date(2026, 3, 10))
    page, _ = home(people.clerk)
    (line,) = page.funds.all_rows()
    columns = {column.key: column.text(line) for column in page.funds.visible_columns()}
    assert columns["available"] == "500.00"
    assert columns["due"] == "600.00"
    assert columns["gap"] == "150.00"


def test_that_an_account_without_a_balance_is_not_called_sufficient(  # A2.3
    people, make_account, home
):
    make_account(balance_minor=None)
    page, _ = home(people.clerk)
    (line,) = page.funds.all_rows()
    columns = {column.key: column.text(line) for column in page.funds.visible_columns()}
    assert columns["gap"] == "余额未登记"


def test_that_a_card_without_a_place_to_go_is_no_link(people, home):  # C4.3
    page, _ = home(people.clerk)
    assert not page.card("expiring").number.isEnabled()


def test_that_nobody_elses_draft_is_counted(people, founded, home):  # C5.1
    from app.access.drafts import save_draft

    save_draft(founded, people.clerk, "resume", "FK-1", "cure", {})
    assert home(people.clerk)[0].card("drafts").number.text() == "1"
    assert home(people.cfo)[0].card("drafts").number.text() == "0"


def test_that_a_cancellation_in_progress_waits_on_the_home_page(  # D3.4 D5.5
    qtbot, people, founded, make_account, home
):
    number = service.register(
        founded,
        people.clerk,
        AgreementFields(
            account_number=make_account().number,
            payee_name="国网上海市电力公司",
            starts_on=date(2026, 1, 1),
            first_debit_on=date(2026, 1, 20),
        ),
    )
    with founded.read() as work:
        row = service.find_agreement(work, number)
        ticks = {one.code: one.value for one in prospects.checklist_of(work, row)}
    command = RequestCancel(
        (CancelRow(number, 1, ticks),), "改为人工付款", date(2026, 3, 31), "clerk", typed=number
    )
    asked = cancelling.request(founded, people.clerk, command)
    verdict = Verdict(asked.approval_id, Decision.APPROVE, "同意", 1)
    cancelling.decide(founded, people.supervisor, verdict)
    page, context = home(people.clerk)
    assert page.card("unconfirmed").number.text() == "1"
    detail = page.card("unconfirmed").findChild(QLabel, "home.unconfirmed.detail")
    assert detail.text() == "最早 2026-03-20 仍可能扣款"
    assert page.card("letters").number.text() == "2"
    assert page.card("hits").number.text() == "0"
    with qtbot.waitSignal(context.navigate) as went:
        page.card("letters").number.click()
    assert went.args == ["letters", None]


def test_that_who_may_not_see_agreements_sees_no_card_of_them(people, home):  # D1.3
    page, _ = home(people.admin)
    with pytest.raises(KeyError):
        page.card("unconfirmed")

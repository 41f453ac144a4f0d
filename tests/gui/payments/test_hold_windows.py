import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from app.accounts.choices import paying_choices
from app.core.codes import HoldCause
from app.payments import holds
from app.payments.holds import PlaceHold
from app.payments.listing import PaymentFilter, PaymentList
from app.payments.model import Hold, Payment
from app.payments.states import HoldScope
from ui.payments.hold_dialog import HoldDialog
from ui.payments.holds_page import HoldsPage


@pytest.fixture
def open_hold(desk, qtbot, founded):
    def put(actor, scope, line=None):
        dialog = HoldDialog(desk(actor), paying_choices(founded, actor), scope, line)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return put


@pytest.fixture
def ledger(desk, show, qtbot):
    """The page of a person, once it has read the ledger."""

    def put(actor, count):
        context = desk(actor)
        page = show(HoldsPage(context), context)
        qtbot.waitUntil(lambda: len(page.table.all_rows()) == count)
        return page, context

    return put


@pytest.fixture
def paused(founded, people, make_account, make_payment, stop):
    """An account on hold with two payments, one of which is stopped on its own as well."""
    account = make_account()
    free = make_payment(account=account, made_by=people.clerk)
    other = make_payment(account=account, amount_minor=70_000, made_by=people.clerk)
    stop(other)
    placed = holds.place(
        founded,
        people.supervisor,
        PlaceHold(HoldScope.ACCOUNT, account.number, HoldCause.RISK_CONTROL, "账户核查"),
    )
    return placed.number, free, other


def choose(page, number):
    rows = page.table.all_rows()
    at = next(at for at, row in enumerate(rows) if row.number == number)
    page.table.setCurrentIndex(page.table.rows().index(at, 0))
    page.table.select_positions([at])


def test_the_dialog_says_how_many_it_would_stop(  # A5.2
    open_hold, people, make_account, make_payment, qtbot, ui
):
    account = make_account()
    for _ in range(2):
        make_payment(account=account, made_by=people.clerk)
    make_payment(account=account, stage="EXECUTED", made_by=people.clerk)
    dialog = open_hold(people.supervisor, HoldScope.COMPANY)
    scope = ui.part(dialog, "payments_hold_scope")
    scope.setCurrentIndex(scope.findText("账户"))
    said = ui.part(dialog, "payments_hold_reach")
    qtbot.waitUntil(lambda: said.text() == "将拦截 2 笔，合计 2,000.00")


def test_stopping_one_payment_needs_a_reason(  # A5.2
    open_hold, people, make_payment, founded, qtbot, ui
):
    payment = make_payment(made_by=people.clerk)
    [line] = PaymentList(founded, people.clerk, PaymentFilter()).page(0, 10)
    dialog = open_hold(people.clerk, HoldScope.PAYMENT, line)
    yes = ui.part(dialog, "payments_hold_yes")
    assert not yes.isEnabled()
    assert yes.toolTip() == "请先填写原因说明。"
    ui.part(dialog, "payments_hold_text").setPlainText("金额与合同不符")
    with qtbot.waitSignal(dialog.placed) as placed:
        qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    assert placed.args[1] == 1
    with founded.read() as work:
        row = work.session.scalar(select(Payment).where(Payment.number == payment.number))
        assert row.status == "STOPPED"


def test_a_clerk_cannot_pause_the_company(open_hold, people, ui):  # A5.2
    dialog = open_hold(people.clerk, HoldScope.COMPANY)
    ui.part(dialog, "payments_hold_text").setPlainText("演练")
    yes = ui.part(dialog, "payments_hold_yes")
    assert not yes.isEnabled()
    assert "没有暂停" in yes.toolTip()


def test_a_payee_must_be_chosen_from_the_register(  # A5.2
    open_hold, people, make_payee, make_payment, qtbot, ui, founded
):
    payee = make_payee(name="上海华峰新材料", initials="shhfxcl")
    make_payment(payee=payee, made_by=people.clerk)
    dialog = open_hold(people.supervisor, HoldScope.COMPANY)
    scope = ui.part(dialog, "payments_hold_scope")
    scope.setCurrentIndex(scope.findText("收款方"))
    ui.part(dialog, "payments_hold_text").setPlainText("商业争议")
    yes = ui.part(dialog, "payments_hold_yes")
    assert yes.toolTip() == "请先选择收款方。"
    field = ui.part(dialog, "payments_hold_payee")
    field.setFocus()
    qtbot.keyClicks(field, "shhf")
    qtbot.waitUntil(lambda: len(field.offered()) == 1)
    popup = field.completer_popup.popup()
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(yes.isEnabled)
    with qtbot.waitSignal(dialog.placed):
        qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    with founded.read() as work:
        hold = work.session.scalar(select(Hold))
        assert (hold.scope, hold.scope_id) == ("PAYEE", payee.id)


def test_the_ledger_counts_by_state(paused, ledger, people, ui):  # A5.5
    page, _ = ledger(people.supervisor, 2)
    assert "生效中 2 笔" in ui.part(page, "holds_tabs_OPEN").accessibleName()
    assert "已解除 0 笔" in ui.part(page, "holds_tabs_RELEASED").accessibleName()


def test_the_ledger_is_filtered_by_text(paused, ledger, people, qtbot):  # A5.5
    page, _ = ledger(people.supervisor, 2)
    page.filter.set_values({"text": "核查"})
    qtbot.waitUntil(lambda: [row.number for row in page.table.all_rows()] == [paused[0]])


def test_the_request_to_lift_lists_what_it_releases(  # A5.5
    paused, ledger, people, qtbot, ui, founded
):
    number, free, other = paused
    page, _ = ledger(people.supervisor, 2)
    choose(page, number)
    qtbot.mouseClick(ui.part(page, "holds_lift"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ui.dialog() is not None)
    dialog = ui.dialog()
    said = ui.part(dialog, "payments_reason_said").text()
    assert "将放行 1 笔，合计 1,000.00" in said
    assert "另有 1 笔仍有其他停付原因" in said
    rows = ui.part(dialog, "holds_releases").all_rows()
    assert {row.number: row.still_held for row in rows} == {free.number: 0, other.number: 1}
    ui.part(dialog, "payments_reason_text").setPlainText("核查完毕")
    qtbot.mouseClick(ui.part(dialog, "payments_reason_yes"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: "解除审批中 1 笔" in ui.part(page, "holds_tabs_LIFTING").accessibleName()
    )
    with founded.read() as work:
        row = work.session.scalar(select(Payment).where(Payment.number == free.number))
        assert row.status == "PAUSED"


def test_a_single_stop_is_not_lifted_here(paused, ledger, people, ui):  # A5.5
    page, _ = ledger(people.supervisor, 2)
    single = next(row.number for row in page.table.all_rows() if row.scope == "PAYMENT")
    choose(page, single)
    lift = ui.part(page, "holds_lift")
    assert not lift.isEnabled()
    assert lift.toolTip() == "单笔停付请从“恢复付款”办理。"


def test_a_hold_is_gone_to_by_its_number(paused, ledger, people, qtbot):  # A5.5
    page, _ = ledger(people.supervisor, 2)
    page.show_argument(paused[0])
    qtbot.waitUntil(lambda: page._one() is not None)
    assert page._one().number == paused[0]


@pytest.mark.parametrize("scope", [HoldScope.COMPANY, HoldScope.ACCOUNT, HoldScope.PAYEE])
def test_that_a_hold_begins_with_the_scope_that_was_asked_for(  # A5.2 B3.5
    people, make_account, open_hold, scope
):
    make_account()
    assert open_hold(people.supervisor, scope)._scope.currentData() == scope

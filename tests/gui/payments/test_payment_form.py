from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from sqlalchemy import func, select

from app.accounts.choices import paying_choices
from app.core.money import Money
from app.payments import editing
from app.payments.detail import payment_detail
from app.payments.model import Payment
from ui.payments.form import PaymentForm


@pytest.fixture
def open_form(desk, qtbot, founded):
    """Opens the form: `open_form(actor)` for a new payment, with a number for a change."""

    def put(actor, number=None):
        detail = payment_detail(founded, actor, number) if number else None
        form = PaymentForm(desk(actor), paying_choices(founded, actor), detail)
        form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(form)
        form.show()
        qtbot.waitExposed(form)
        return form

    return put


def fill(form, ui, **texts):
    for key, text in texts.items():
        ui.part(form, f"payments_form_{key}").setText(text)


def stored(founded, number):
    with founded.read() as work:
        return editing.fields_of(work, editing.find_payment(work, number))


def test_a_new_payment_is_stored_as_typed(  # C3.1
    open_form, people, make_account, founded, qtbot, ui
):
    account = make_account()
    form = open_form(people.clerk)
    fill(
        form,
        ui,
        payee_name="上海华峰新材料有限公司",
        payee_account="6217 0012 1000 0001",
        amount_line="1,234.50",
        due_on="2026-03-09",
        purpose="货款",
    )
    assert form.body.amount.explanation() == "壹仟贰佰叁拾肆元伍角整"
    with qtbot.waitSignal(form.saved) as saved:
        qtbot.mouseClick(ui.part(form, "payments_form_save"), Qt.MouseButton.LeftButton)
    fields = stored(founded, saved.args[0])
    assert fields.amount == Money(123_450)
    assert fields.payee_account == "6217001210000001"
    assert fields.due_on == date(2026, 3, 9)
    assert fields.account_number == account.number
    assert fields.channel == "HVPS"


def test_what_is_missing_is_said_at_its_field(  # C3.1
    open_form, people, make_account, founded, qtbot, ui
):
    make_account()
    form = open_form(people.clerk)
    fill(form, ui, payee_name="某公司", payee_account="12")
    qtbot.mouseClick(ui.part(form, "payments_form_save"), Qt.MouseButton.LeftButton)
    assert "8 至 35 位" in ui.part(form, "payments_form_payee_account_said").text()
    assert ui.part(form, "payments_form_amount_said").text() == "请填写金额。"
    assert ui.part(form, "payments_form_due_on_said").text() == "请填写计划付款日。"
    with founded.read() as work:
        assert work.session.scalar(select(func.count(Payment.id))) == 0


def test_a_wrong_check_digit_warns_but_does_not_hinder(  # C3.1
    open_form, people, make_payment, founded, qtbot, ui
):
    payment = make_payment(made_by=people.clerk, payee_cnaps="")
    form = open_form(people.clerk, payment.number)
    # 102100099996 carries its check digit; …7 does not (domain.md §2.2).
    fill(form, ui, payee_cnaps="102100099997")
    assert "校验位不符" in ui.part(form, "payments_form_payee_cnaps_said").text()
    with qtbot.waitSignal(form.saved):
        qtbot.mouseClick(ui.part(form, "payments_form_save"), Qt.MouseButton.LeftButton)
    assert stored(founded, payment.number).payee_cnaps == "102100099997"


def test_losing_a_race_keeps_what_was_typed(  # C3.1
    open_form, people, make_payment, founded, qtbot, ui
):
    payment = make_payment(made_by=people.clerk, purpose="货款")
    form = open_form(people.clerk, payment.number)
    fill(form, ui, amount_line="1500.00")
    other = replace(stored(founded, payment.number), purpose="设备款")
    editing.edit(founded, people.clerk, payment.number, other, "另一台电脑", payment.version)
    save = ui.part(form, "payments_form_save")
    qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
    conflict = ui.part(form, "payments_form_conflict")
    qtbot.waitUntil(conflict.isVisible)
    said = conflict.texts()
    assert "设备款" in said
    assert "1,500.00" in said
    assert not save.isEnabled()
    assert form.body.amount.money() == Money(150_000)
    qtbot.mouseClick(ui.part(conflict, "payments_form_conflict_keep"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(form.saved):
        qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
    after = stored(founded, payment.number)
    assert (after.amount, after.purpose) == (Money(150_000), "设备款")


def test_the_other_desks_version_can_be_taken_whole(  # C3.1
    open_form, people, make_payment, founded, qtbot, ui
):
    payment = make_payment(made_by=people.clerk, purpose="货款")
    form = open_form(people.clerk, payment.number)
    fill(form, ui, amount_line="1500.00")
    other = replace(stored(founded, payment.number), purpose="设备款")
    editing.edit(founded, people.clerk, payment.number, other, "另一台电脑", payment.version)
    qtbot.mouseClick(ui.part(form, "payments_form_save"), Qt.MouseButton.LeftButton)
    conflict = ui.part(form, "payments_form_conflict")
    qtbot.waitUntil(conflict.isVisible)
    qtbot.mouseClick(ui.part(conflict, "payments_form_conflict_take"), Qt.MouseButton.LeftButton)
    assert form.body.fields() == other
    assert stored(founded, payment.number) == other


def test_a_change_that_voids_approvals_says_so_beforehand(  # C3.1
    open_form, people, make_payment, ui
):
    payment = make_payment(made_by=people.clerk)
    form = open_form(people.clerk, payment.number)
    said = ui.part(form, "payments_form_voids")
    fill(form, ui, purpose="服务费")
    assert not said.isVisible()
    fill(form, ui, amount_line="1000.01")
    assert said.isVisible()
    assert "审批失效" in said.text()


def test_a_known_payee_fills_its_account_in(  # C3.1
    open_form, people, make_account, make_payee, qtbot, ui
):
    make_account()
    make_payee(name="上海华峰新材料", initials="shhfxcl", account_number="31001000000088888")
    form = open_form(people.clerk)
    qtbot.keyClicks(form.body.payee, "shhf")
    qtbot.waitUntil(lambda: len(form.body.payee.offered()) == 1)
    popup = form.body.payee.completer_popup.popup()
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: form.body.payee.text() == "上海华峰新材料")
    assert ui.part(form, "payments_form_payee_account").text() == "31001000000088888"
    assert ui.part(form, "payments_form_payee_bank").text() == "中国建设银行上海市分行"


def test_closing_an_unsaved_form_asks_first(  # C3.1
    open_form, people, make_account, qtbot, ui
):
    make_account()
    form = open_form(people.clerk)
    fill(form, ui, payee_name="某公司")
    form.reject()
    box = form.findChild(QMessageBox)
    assert box is not None
    assert form.isVisible()
    ui.part(box, "confirm_yes").click()
    qtbot.waitUntil(lambda: not form.isVisible())
    # The box goes by itself once its answer is out.
    qtbot.waitUntil(lambda: form.findChild(QMessageBox) is None)

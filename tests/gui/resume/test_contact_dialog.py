"""The number for the call-back: where it is missing, the window says who registers it, and how."""

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from app.payees.contacts import contact_card
from app.payments.detail import payment_detail
from tests.support.people import PASSWORD
from ui.admin.identity import IdentityDialog
from ui.resume.change_dialog import ChangeDialog
from ui.resume.contact_dialog import ContactDialog

PHONE = "0512-85130348"


@pytest.fixture
def unknown(people, make_payee, make_payment):
    """A payment to a payee without a telephone."""
    payee = make_payee(name="苏州恒力精密机械股份有限公司", phone="", contact="")
    return make_payment(payee=payee, made_by=people.clerk)


@pytest.fixture
def change(qtbot, founded, desk, people):
    """The change dialog of a payment for a person: `change(payment, people.clerk)`."""

    def at(payment, who):
        detail = payment_detail(founded, who, payment.number)
        dialog = ChangeDialog(desk(who), detail)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return at


@pytest.fixture
def opened(qtbot, change, unknown, people, tasks):
    """The change dialog of a supervisor, and the dialog in which the number is registered."""
    asked = change(unknown, people.supervisor)
    asked.phone.button.click()
    qtbot.waitUntil(lambda: asked.findChild(ContactDialog) is not None)
    return asked, asked.findChild(ContactDialog)


def fill(dialog, phone=PHONE, source="CONTRACT"):
    dialog.phone.setText(phone)
    dialog.contact.setText("陆建平")
    dialog.source.setCurrentIndex(dialog.source.findData(source))
    dialog.reason.setPlainText("采购合同 HT-HL-2026-07 第 12 条")


def prove(qtbot, dialog, tasks):
    asked = dialog.findChild(IdentityDialog)
    asked.findChild(QLineEdit, "identity.password").setText(PASSWORD)
    asked.confirm()
    qtbot.waitUntil(lambda: tasks.running() == (), timeout=10_000)


def test_that_a_known_number_is_named_and_nothing_is_to_register(
    change, people, make_payment
):  # C3.4
    dialog = change(make_payment(made_by=people.clerk), people.supervisor)
    assert "拨打登记电话 021-50001234 回拨核实" in dialog.phone.text.text()
    assert not dialog.phone.button.isVisible()


def test_that_who_may_not_register_is_told_who_may(change, unknown, people):  # C3.4
    dialog = change(unknown, people.clerk)
    assert "没有登记联系电话" in dialog.phone.text.text()
    assert "请先由财务主管、财务总监" in dialog.phone.text.text()
    assert not dialog.phone.button.isVisible()


def test_that_a_registered_number_is_shown_at_once(
    qtbot, founded, people, unknown, opened, tasks
):  # C3.4
    asked, dialog = opened
    fill(dialog)
    dialog.submit()
    prove(qtbot, dialog, tasks)
    assert f"拨打登记电话 {PHONE} 回拨核实" in asked.phone.text.text()
    assert not asked.phone.button.isVisible()
    assert contact_card(founded, people.clerk, unknown.payee_id).phone == PHONE


def test_that_a_source_must_be_chosen(opened):  # C3.4
    _, dialog = opened
    fill(dialog, source=None)
    dialog.submit()
    assert "请选择电话的来源" in dialog.banner.text()
    assert dialog.findChild(IdentityDialog) is None


def test_that_a_refused_number_stays_as_typed_with_the_right_form(qtbot, opened, tasks):  # C3.4
    _, dialog = opened
    fill(dialog, phone="85130348")
    dialog.submit()
    prove(qtbot, dialog, tasks)
    assert dialog.isVisible()
    assert "固定电话须带区号" in dialog.banner.text()
    assert dialog.phone.text() == "85130348"
    # The message does not push one field over another.
    qtbot.waitUntil(lambda: dialog.height() >= dialog.layout().totalHeightForWidth(dialog.width()))


def test_that_the_letter_is_named_as_no_source(opened):  # C3.4
    _, dialog = opened
    labels = [dialog.source.itemText(place) for place in range(dialog.source.count())]
    assert labels[:4] == ["请选择", "合同", "工商登记", "供应商建档"]
    assert not any("函" in label for label in labels)
    assert "不能取自变更函" in dialog.findChild(QLabel, "contact.warning").text()


def test_that_earlier_registrations_are_listed(qtbot, change, people, opened, tasks):  # C4.5
    asked, dialog = opened
    fill(dialog)
    dialog.submit()
    prove(qtbot, dialog, tasks)
    asked.phone.register()
    qtbot.waitUntil(lambda: len(asked.findChildren(QLabel, "contact.history")) == 1)
    said = asked.findChild(QLabel, "contact.history").text()
    assert said == f"2026-03-02 10:00　{PHONE}　陆建平　合同　王主管"

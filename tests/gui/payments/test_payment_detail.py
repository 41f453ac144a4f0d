from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.accounts.choices import paying_choices
from app.payments import diagnosing, editing
from app.payments.diagnosis.facts import SystemFacts
from app.payments.model import SourceDocument
from app.payments.offers import Offer
from tests.support.rows import save
from ui.payments.detail_dialog import DetailDialog
from ui.resume.contact_dialog import ContactDialog


@pytest.fixture
def open_detail(desk, qtbot, founded):
    """Opens one payment in its own window and waits until it is read."""

    def put(actor, number):
        context = desk(actor)
        dialog = DetailDialog(context, paying_choices(founded, actor), number)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: dialog._detail is not None)
        return dialog, context

    return put


def test_a_difference_from_the_document_is_marked(  # A5.5
    founded, make_payment, people, open_detail, ui
):
    document = save(
        founded,
        "document:new",
        SourceDocument(
            kind="发票",
            number="FP-1",
            payee_name="收款测试1号有限公司",
            payee_account="",
            amount_minor=90_000,
            currency="CNY",
        ),
    )
    payment = make_payment(made_by=people.clerk, document_id=document.id)
    dialog, _ = open_detail(people.clerk, payment.number)
    head = ui.part(dialog, "payments_detail_view_compare_head").text()
    assert head == "与“发票 FP-1”有 1 处不一致"
    amount = ui.part(dialog, "payments_detail_view_compare_amount_theirs")
    assert amount.text() == "900.00"
    assert "不一致" in amount.accessibleName()
    name = ui.part(dialog, "payments_detail_view_compare_name_theirs")
    assert name.accessibleName().endswith(" 一致")


def test_an_earlier_diagnosis_shows_what_was_known_then(  # C3.1
    founded, clock, make_account, make_payment, people, open_detail, stop
):
    poor = make_account(balance_minor=10_000)
    payment = make_payment(account=poor, made_by=people.clerk)
    diagnosing.run(founded, people.clerk, SystemFacts(), [payment.number])
    clock.move_to(clock.now() + timedelta(hours=1))
    stop(payment)
    diagnosing.run(founded, people.clerk, SystemFacts(), [payment.number])
    dialog, _ = open_detail(people.clerk, payment.number)
    causes = dialog.view.causes
    newest = {cause.reason for cause in causes.shown().causes}
    assert {"INSUFFICIENT_FUNDS", "MANUAL_PAUSE"} <= newest
    causes._choose(1)
    then = {cause.reason for cause in causes.shown().causes}
    assert "MANUAL_PAUSE" not in then
    assert causes._old.isVisibleTo(causes)
    dialog.reload()
    assert {cause.reason for cause in causes.shown().causes} == then


def test_a_cause_shows_evidence_and_who_acts_next(  # A2.2
    founded, make_account, make_payment, people, open_detail
):
    poor = make_account(balance_minor=40_000)
    payment = make_payment(account=poor, made_by=people.clerk)
    diagnosing.run(founded, people.clerk, SystemFacts(), [payment.number])
    dialog, _ = open_detail(people.clerk, payment.number)
    texts = [label.text() for label in dialog.view.causes.findChildren(QLabel)]
    assert any("600.00" in text for text in texts)  # 1,000.00 less 400.00
    assert any(text.startswith("· ") and "出纳" in text for text in texts)


def test_every_act_stands_in_the_log(  # C3.1
    founded, make_payment, people, open_detail, stop
):
    payment = make_payment(made_by=people.clerk)
    stop(payment, "单据疑点")
    diagnosing.run(founded, people.clerk, SystemFacts(), [payment.number])
    dialog, _ = open_detail(people.clerk, payment.number)
    entries = dialog.view.log().entries()
    assert len(entries) == 2
    assert "单据疑点" in entries[1].detail
    assert entries[1].who == "clerk 陈经办"
    assert "人工暂停" in entries[1].detail


def test_the_window_follows_another_desk(  # C3.1
    founded, make_payment, people, open_detail, qtbot, stop, ui
):
    payment = make_payment(made_by=people.clerk)
    dialog, context = open_detail(people.clerk, payment.number)
    assert ui.part(dialog, "payments_detail_view_status").text() == "待执行"
    stop(payment)
    context.changed.emit()
    qtbot.waitUntil(lambda: ui.part(dialog, "payments_detail_view_status").text() == "已停止")
    assert dialog._bar.button(Offer.RESUME).isEnabled()


def test_voiding_asks_for_the_reason_first(  # C3.1
    founded, make_payment, people, open_detail, qtbot, ui
):
    payment = make_payment(stage="DRAFT", made_by=people.clerk)
    dialog, _ = open_detail(people.clerk, payment.number)
    qtbot.mouseClick(dialog._bar.button(Offer.VOID), Qt.MouseButton.LeftButton)
    yes = ui.part(dialog, "payments_reason_yes")
    assert not yes.isEnabled()
    ui.part(dialog, "payments_reason_text").setPlainText("重复录入")
    qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ui.part(dialog, "payments_detail_view_status").text() == "已作废")
    with founded.read() as work:
        assert editing.find_payment(work, payment.number).stage == "VOIDED"


def test_a_chief_registers_the_payees_number_before_any_letter_comes(  # C3.5
    make_payee, make_payment, people, open_detail, qtbot
):
    payment = make_payment(payee=make_payee(phone=""), made_by=people.clerk)
    dialog, _ = open_detail(people.supervisor, payment.number)
    qtbot.mouseClick(dialog._bar.button(Offer.CONTACT), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.findChild(ContactDialog) is not None)
    clerks, _ = open_detail(people.clerk, payment.number)
    assert not clerks._bar.button(Offer.CONTACT).isEnabled()

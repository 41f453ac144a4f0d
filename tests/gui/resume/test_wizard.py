"""The resume wizard in a real window, on a real database."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from sqlalchemy import update

from app.access.drafts import load_draft
from app.accounts.model import AccountBalance
from app.audit.trail import Event, record
from app.core.codes import HoldCause
from app.payments import editing, holds
from app.payments.detail import payee_changes, payment_detail
from app.payments.flow import Step
from app.payments.holds import PlaceHold
from app.payments.model import SourceDocument
from app.payments.resuming import WIZARD
from app.payments.states import HoldScope, ResumeState, Status
from tests.support.rows import save
from ui.resume.change_dialog import ChangeDialog
from ui.resume.wizard import ResumePage


@pytest.fixture
def wizard(desk, people, show, stopped):
    """The clerk's wizard on the stopped payment."""
    context = desk(people.clerk)
    return show(ResumePage(context), context, stopped.number)


def tick_all(page):
    page.verify.table.rows().tick(page.verify.table.all_rows())


def press(qtbot, page, name):
    button = page.findChild(QPushButton, name)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def fill_request(page):
    page.request.reason.setPlainText("争议已和解")
    page.request.measures.setPlainText("已签补充协议")
    page.request.planned.set_date(date(2026, 3, 3))


def to_request(qtbot, page, show):
    tick_all(page)
    for _ in range(2):
        press(qtbot, page, "resume.next")
        show.settle()


def test_nothing_goes_on_until_every_item_is_ticked(qtbot, show, wizard):  # C2.2
    button = wizard.findChild(QPushButton, "resume.next")
    assert not button.isEnabled()
    rows = wizard.verify.table.all_rows()
    wizard.verify.table.rows().tick(rows[:-1])
    assert not button.isEnabled()
    assert rows[-1].label in wizard.findChild(QLabel, "resume.why").text()
    wizard.verify.table.rows().tick(rows[-1:])
    assert button.isEnabled()
    press(qtbot, wizard, "resume.next")
    show.settle()
    assert wizard.step() is Step.CURE


def test_a_difference_is_said_in_words(founded, desk, people, show, stopped):  # C2.3
    document = save(
        founded,
        "document:new",
        SourceDocument(
            kind="INVOICE",
            number="PO-2026-0231",
            payee_name="另一家有限公司",
            amount_minor=100_000,
            due_on=date(2026, 3, 2),
        ),
    )
    with founded.write() as uow:
        uow.session.execute(
            update(type(stopped))
            .where(type(stopped).id == stopped.id)
            .values(document_id=document.id)
        )
        record(uow, "test", Event("test.made", "payment:1"))
        uow.commit()
    context = desk(people.clerk)
    page = show(ResumePage(context), context, stopped.number)
    model = page.verify.table.rows()
    shown = {model.index(row, 0).data(): model.index(row, 3).data() for row in range(7)}
    assert shown["收款方"] == "✕ 不一致"
    assert shown["金额"] == "✓ 一致"
    assert shown["付款账户"] == "— 无单据可比"


def test_the_wizard_ends_with_a_form_and_who_must_decide(  # C4.1
    qtbot, founded, people, show, wizard, stopped
):
    to_request(qtbot, wizard, show)
    assert wizard.step() is Step.REQUEST
    levels = wizard.findChild(QLabel, "resume.request.levels").text()
    assert "复核 → 财务主管" in levels
    assert not wizard.findChild(QPushButton, "resume.next").isEnabled()
    fill_request(wizard)
    press(qtbot, wizard, "resume.next")
    show.settle()
    assert wizard.step() is Step.DONE
    [form] = payment_detail(founded, people.clerk, stopped.number).resumptions
    assert (form.state, form.reason) == (ResumeState.IN_APPROVAL, "争议已和解")
    assert wizard.done.facts.value("number") == form.number
    assert wizard.done.facts.value("who") == "复核：周复核、王主管、林总监、赵总经理"
    assert load_draft(founded, people.clerk, WIZARD, stopped.number) is None


def test_a_second_press_while_the_request_runs_asks_only_once(  # C5.1
    qtbot, founded, people, show, wizard, stopped
):
    to_request(qtbot, wizard, show)
    fill_request(wizard)
    wizard.go_on()
    assert not wizard.findChild(QPushButton, "resume.next").isEnabled()
    wizard.go_on()
    show.settle()
    assert len(payment_detail(founded, people.clerk, stopped.number).resumptions) == 1


def test_a_killed_wizard_goes_on_where_it_was(  # C5.1
    qtbot, founded, desk, people, show, wizard, stopped
):
    to_request(qtbot, wizard, show)
    fill_request(wizard)
    wizard.go_back()
    show.settle()
    wizard.go_on()
    show.settle()
    # Nothing more is asked of the first window: the second is a fresh start of the program.
    context = desk(people.clerk)
    page = show(ResumePage(context), context, stopped.number)
    assert page.step() is Step.REQUEST
    assert page.request.reason.toPlainText() == "争议已和解"
    assert page.request.measures.toPlainText() == "已签补充协议"
    assert page.request.planned.chosen() == date(2026, 3, 3)
    assert len(page.verify.table.ticked()) == 7


def test_an_open_wide_hold_keeps_the_wizard_and_leads_to_the_ledger(  # C3.5
    qtbot, founded, people, desk, show, stopped
):
    hold = holds.place(
        founded,
        people.supervisor,
        PlaceHold(HoldScope.PAYEE, str(stopped.payee_id), HoldCause.OTHER, "对账中"),
    )
    context = desk(people.clerk)
    page = show(ResumePage(context), context, stopped.number)
    tick_all(page)
    press(qtbot, page, "resume.next")
    show.settle()
    assert page.step() is Step.CURE
    assert not page.findChild(QPushButton, "resume.next").isEnabled()
    with qtbot.waitSignal(context.navigate) as asked:
        press(qtbot, page, f"resume.hold.{hold.number}.action")
    assert asked.args == ["holds", hold.number]


@pytest.fixture
def poor(founded, people, channels, make_account, make_payment, stop):
    """A stopped payment of 1,000.00 from an account with 400.00."""
    account = make_account(balance_minor=40_000)
    payment = make_payment(made_by=people.clerk, account=account)
    stop(payment, "余额不足")
    return payment


def test_a_blocking_cause_is_listed_until_a_new_diagnosis_finds_it_gone(  # C3.5
    qtbot, founded, people, desk, show, poor
):
    context = desk(people.clerk)
    page = show(ResumePage(context), context, poor.number)
    tick_all(page)
    press(qtbot, page, "resume.next")
    show.settle()
    left = page.findChild(QLabel, "resume.cure.left")
    assert "仍有 1 项" in left.text()
    assert not page.findChild(QPushButton, "resume.next").isEnabled()
    now = founded.clock.now()
    with founded.write() as uow:
        uow.session.add(
            AccountBalance(
                account_id=poor.account_id,
                as_of=now,
                book_minor=500_000,
                frozen_minor=0,
                source="网银余额",
                recorded_by="clerk 陈经办",
                recorded_at=now,
            )
        )
        record(uow, "test", Event("test.made", "account:1"))
        uow.commit()
    press(qtbot, page, "resume.cure.again")
    show.settle()
    assert "可以继续" in left.text()
    assert page.findChild(QPushButton, "resume.next").isEnabled()


def test_a_waivable_cause_is_passed_over_with_a_reason(  # C3.3
    qtbot, founded, people, desk, show, channels, make_payee, make_account, make_payment, stop
):
    # A first payment of 120,000.00 to a payee: above 新收款方大额 (100,000.00).
    payment = make_payment(
        made_by=people.clerk, amount_minor=12_000_000, payee=make_payee(confirmed=False)
    )
    stop(payment)
    context = desk(people.clerk)
    page = show(ResumePage(context), context, payment.number)
    tick_all(page)
    press(qtbot, page, "resume.next")
    show.settle()
    button = page.findChild(QPushButton, "resume.next")
    waivers = [e for e in page.findChildren(QLineEdit) if e.objectName().endswith(".waiver")]
    assert waivers
    assert not button.isEnabled()
    for field in waivers:
        field.setText("合同已由总经理签署")
    assert button.isEnabled()


def test_a_payee_change_is_asked_and_waits_for_another_person(  # C3.5
    qtbot, founded, people, show, wizard, stopped
):
    tick_all(wizard)
    press(qtbot, wizard, "resume.next")
    show.settle()
    detail = payment_detail(founded, people.clerk, stopped.number)
    dialog = wizard.acts.change_payee(detail)
    dialog.findChild(QLineEdit, "change.new.bank").setText("中国银行上海市分行")
    dialog.reason.setPlainText("供应商来函更换开户行")
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    show.settle()
    [change] = payee_changes(founded, people.clerk)
    assert change.after["bank"] == "中国银行上海市分行"
    card = wizard.findChild(QLabel, f"resume.change.{change.number}.text")
    assert "等待回拨核实" in card.text()


def test_a_refused_change_keeps_what_was_typed(
    qtbot, founded, people, show, wizard, stopped
):  # C3.5
    detail = payment_detail(founded, people.clerk, stopped.number)
    dialog = wizard.acts.change_payee(detail)
    qtbot.addWidget(dialog)
    dialog.reason.setPlainText("供应商来函")
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    show.settle()
    assert isinstance(dialog, ChangeDialog)
    assert dialog.isVisible()
    assert "没有任何变更" in dialog.banner.text()
    assert dialog.reason.toPlainText() == "供应商来函"


def test_what_changed_under_the_wizard_must_be_verified_again(  # C2.2
    qtbot, founded, people, show, wizard, stopped
):
    tick_all(wizard)
    press(qtbot, wizard, "resume.next")
    show.settle()
    detail = payment_detail(founded, people.clerk, stopped.number)
    editing.edit(
        founded,
        people.clerk,
        stopped.number,
        replace(detail.fields, order_no="PO-2026-0999"),
        "订单号有误",
        detail.line.version,
    )
    wizard.reload()
    show.settle()
    press(qtbot, wizard, "resume.next")
    show.settle()
    assert wizard.step() is Step.VERIFY
    assert "重新核对" in wizard.banner.text()
    ticked = {item.code for item in wizard.verify.table.ticked()}
    assert "order" not in ticked
    assert "amount" in ticked


def test_the_dry_run_lists_every_check(qtbot, show, wizard):  # C5.3
    to_request(qtbot, wizard, show)
    press(qtbot, wizard, "resume.request.test")
    show.settle()
    table = wizard.request.passages()
    assert table is not None
    assert table.all_rows()[0].code == "status"
    assert "未动用资金" in wizard.findChild(QLabel, "resume.request.tested").text()


def test_a_payment_that_goes_on_by_itself_needs_no_wizard(  # C3.2
    desk, people, show, channels, make_payment
):
    payment = make_payment()
    context = desk(people.clerk)
    page = show(ResumePage(context), context, payment.number)
    assert page.empty.isVisible()
    assert "待执行" in page.empty.accessibleName()


def test_a_payment_in_approval_shows_its_form(desk, people, show, stopped, ask):  # C3.2
    asked = ask(stopped)
    context = desk(people.clerk)
    page = show(ResumePage(context), context, stopped.number)
    assert page.step() is Step.DONE
    assert page.done.facts.value("number") == asked.form_no


def test_another_payment_starts_with_nothing_of_the_first(  # C2.2
    desk, people, show, wizard, make_payment, stop
):
    tick_all(wizard)
    other = make_payment(made_by=people.clerk)
    stop(other)
    wizard.show_argument(other.number)
    show.settle()
    assert wizard.verify.table.ticked() == []


def test_a_denied_person_is_told_why(desk, people, show, stopped, founded):  # C4.1
    context = desk(people.auditor)
    page = show(ResumePage(context), context, stopped.number)
    tick_all(page)
    for _ in range(2):
        page.go_on()
        show.settle()
    fill_request(page)
    page.go_on()
    show.settle()
    assert "ACC-001" in page.banner.text()
    assert payment_detail(founded, people.clerk, stopped.number).line.status is Status.STOPPED


def test_that_a_new_diagnosis_says_how_much_still_blocks(  # C3.5
    qtbot, people, desk, show, poor
):
    context = desk(people.clerk)
    page = show(ResumePage(context), context, poor.number)
    tick_all(page)
    press(qtbot, page, "resume.next")
    show.settle()
    press(qtbot, page, "resume.cure.again")
    show.settle()
    # It finds the stop itself, too, which is no reason to wait: the list below says one.
    assert page.banner.text() == "已重新诊断：仍有 1 项阻断恢复。"
    assert "仍有 1 项阻断恢复" in page.findChild(QLabel, "resume.cure.left").text()


def test_that_a_new_diagnosis_without_a_blocking_cause_says_so(  # C3.5
    qtbot, show, wizard
):
    tick_all(wizard)
    press(qtbot, wizard, "resume.next")
    show.settle()
    press(qtbot, wizard, "resume.cure.again")
    show.settle()
    assert wizard.banner.text() == "已重新诊断：没有阻断恢复的原因。"


def change_order(founded, people, stopped):
    detail = payment_detail(founded, people.clerk, stopped.number)
    fields = replace(detail.fields, order_no="PO-2026-0999")
    editing.edit(founded, people.clerk, stopped.number, fields, "订单号有误", detail.line.version)


def test_that_ticks_lost_under_the_hands_are_named(  # C2.2
    founded, people, show, wizard, stopped
):
    tick_all(wizard)
    change_order(founded, people, stopped)
    wizard.reload()
    show.settle()
    assert "“订单/合同/发票号”核对后有变化" in wizard.banner.text()
    assert "金额" not in wizard.banner.text()
    wizard.banner.clear()
    wizard.reload()
    show.settle()
    # Said once: until it is ticked again, the foot of the page names what is missing.
    assert not wizard.banner.isVisible()
    assert "订单/合同/发票号" in wizard.findChild(QLabel, "resume.why").text()


def test_that_ticks_lost_since_the_last_time_are_named(  # C5.1
    qtbot, founded, people, desk, show, wizard, stopped
):
    to_request(qtbot, wizard, show)
    change_order(founded, people, stopped)
    context = desk(people.clerk)
    page = show(ResumePage(context), context, stopped.number)
    assert page.step() is Step.VERIFY
    assert "已接着上次未完成的内容继续" in page.banner.text()
    assert "“订单/合同/发票号”核对后有变化" in page.banner.text()


def test_that_a_request_waits_until_its_draft_is_written(  # C5.1
    qtbot, founded, people, show, wizard, stopped, tasks
):
    to_request(qtbot, wizard, show)
    wizard.go_back()
    show.settle()
    # Another desk is writing: the draft of the next step has to wait for it.
    with founded.write():
        wizard.go_on()
        fill_request(wizard)
        qtbot.waitUntil(lambda: len(tasks.running()) == 1)
        wizard.go_on()
        # A draft written after its request would offer for ever what is done.
        assert len(tasks.running()) == 1
    show.settle()
    assert wizard.step() is Step.DONE
    assert load_draft(founded, people.clerk, WIZARD, stopped.number) is None


def test_that_what_was_typed_before_a_refused_request_is_kept(  # C5.1
    qtbot, founded, people, desk, show, stopped
):
    context = desk(people.auditor)
    page = show(ResumePage(context), context, stopped.number)
    to_request(qtbot, page, show)
    fill_request(page)
    page.go_on()
    show.settle()
    assert "ACC-001" in page.banner.text()
    kept = load_draft(founded, people.auditor, WIZARD, stopped.number)
    assert kept is not None
    assert kept.data["reason"] == "争议已和解"

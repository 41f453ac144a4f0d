"""What the bank says about one payment, recorded at the desk."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from sqlalchemy import select

from app.payments import answers, sending
from app.payments.answers import BankAnswer, CheckResult
from app.payments.attempts import BankResult
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.payments.model import Attempt
from app.payments.states import Status
from tests.support.rows import save as save_row
from ui.resume.bank_dialogs import AnswerDialog, CheckDialog, CorrectionDialog
from ui.resume.bank_result import BankResultPage


@pytest.fixture
def ready(people, channels, make_payment):
    return make_payment(made_by=people.clerk)


@pytest.fixture
def page(desk, people, show, ready):
    context = desk(people.clerk)
    return show(BankResultPage(context), context, ready.number)


@pytest.fixture
def sent(founded, people, ready):
    version = payment_detail(founded, people.clerk, ready.number).line.version
    sending.write_attempt(founded, people.clerk, ready.number, version, SystemFacts())
    return ready


def status(founded, people, payment):
    return payment_detail(founded, people.clerk, payment.number).line.status


def press(qtbot, page, name):
    qtbot.mouseClick(page.findChild(QPushButton, f"bank_result.{name}"), Qt.MouseButton.LeftButton)


def save(qtbot, dialog, show):
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    show.settle()


def test_handing_over_is_asked_once_more_and_then_recorded(  # C5.5
    qtbot, founded, people, page, show, ready
):
    press(qtbot, page, "send")
    [box] = page.findChildren(QMessageBox)
    assert status(founded, people, ready) is Status.READY
    qtbot.mouseClick(box.findChild(QPushButton, "confirm_yes"), Qt.MouseButton.LeftButton)
    show.settle()
    assert status(founded, people, ready) is Status.SUBMITTED
    assert not page.send.isEnabled()


def test_only_what_fits_the_status_is_offered(page):  # C5.5
    offered = {
        name: page.findChild(QPushButton, f"bank_result.{name}").isEnabled()
        for name in ("send", "answer", "check", "correct")
    }
    assert offered == {"send": True, "answer": False, "check": False, "correct": False}
    assert "待执行" in page.answer.toolTip()


def test_the_meaning_is_said_while_the_answer_is_typed(qtbot, sent, page, show):  # A4.2
    press(qtbot, page, "answer")
    [dialog] = page.findChildren(AnswerDialog)
    dialog.text.setText("余额不足")
    assert "失败" in dialog.meaning.text()
    assert "余额不足" in dialog.meaning.text()
    dialog.code.setText("ZZ-UNHEARD-OF")
    assert "状态不明" in dialog.meaning.text()
    dialog.close()


def test_an_answer_is_recorded_by_its_meaning(  # A4.2
    qtbot, founded, people, sent, page, show
):
    press(qtbot, page, "answer")
    [dialog] = page.findChildren(AnswerDialog)
    dialog.text.setText("余额不足")
    save(qtbot, dialog, show)
    detail = payment_detail(founded, people.clerk, sent.number)
    assert detail.line.status is Status.FAILED
    assert detail.bank_text == "余额不足"


def test_an_empty_answer_is_refused(qtbot, sent, page, show):  # A4.2
    press(qtbot, page, "answer")
    [dialog] = page.findChildren(AnswerDialog)
    save(qtbot, dialog, show)
    assert "请填写" in dialog.banner.text()
    dialog.close()


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (CheckResult.DEBITED, Status.EXECUTED),
        (CheckResult.NOT_DEBITED, Status.FAILED),
        (CheckResult.UNCLEAR, Status.UNKNOWN),
    ],
)
def test_a_check_leads_out_of_the_unknown(  # A4.3
    qtbot, founded, people, sent, page, show, result, expected
):
    answers.record_answer(
        founded, people.clerk, BankAnswer(sent.number, "", "", result=BankResult.UNKNOWN)
    )
    page.reload()
    show.settle()
    press(qtbot, page, "check")
    [dialog] = page.findChildren(CheckDialog)
    dialog.answer.setCurrentIndex(dialog.answer.findData(result))
    dialog.person.setText("李柜员 张江支行")
    dialog.evidence.setPlainText("网银流水截图 A-3")
    save(qtbot, dialog, show)
    assert status(founded, people, sent) is expected
    [check] = payment_detail(founded, people.clerk, sent.number).checks
    assert (check.result, check.bank_person) == (result, "李柜员 张江支行")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda dialog: dialog.answer.setCurrentIndex(0), "请选择核实结果"),
        (lambda dialog: dialog.at.setText("25:99"), "不是有效的时刻"),
        (lambda dialog: dialog.at.setText("23:59"), "不能晚于现在"),
        (lambda dialog: dialog.day.set_date(None), "请填写核实日期"),
        (lambda dialog: dialog.evidence.clear(), "缺少依据"),
    ],
)
def test_a_check_without_proof_is_refused(  # A4.3
    qtbot, founded, people, sent, page, show, change, said
):
    press(qtbot, page, "check")
    [dialog] = page.findChildren(CheckDialog)
    dialog.answer.setCurrentIndex(1)
    dialog.person.setText("李柜员")
    dialog.evidence.setPlainText("截图")
    change(dialog)
    save(qtbot, dialog, show)
    assert said in dialog.banner.text()
    assert status(founded, people, sent) is Status.SUBMITTED
    dialog.close()


def test_a_success_is_only_changed_by_a_request(  # C4.1
    qtbot, founded, people, sent, page, show
):
    answers.record_answer(
        founded, people.clerk, BankAnswer(sent.number, "", "", result=BankResult.SUCCEEDED)
    )
    page.reload()
    show.settle()
    press(qtbot, page, "correct")
    [dialog] = page.findChildren(CorrectionDialog)
    dialog.reason.setPlainText("对账单无此笔")
    save(qtbot, dialog, show)
    detail = payment_detail(founded, people.clerk, sent.number)
    assert detail.line.status is Status.EXECUTED
    assert detail.approvals[0].kind == "RESULT_CORRECTION"
    assert "两人批准" in page.banner.text()


def test_that_the_unknown_is_explained_and_asking_the_bank_comes_first(  # A4.3
    qtbot, founded, people, sent, page, show
):
    assert not page.warning.isVisible()
    answers.record_answer(
        founded, people.clerk, BankAnswer(sent.number, "", "", result=BankResult.UNKNOWN)
    )
    page.reload()
    show.settle()
    assert page.warning.isVisible()
    assert "不能重新提交" in page.warning.text()
    assert "登记银行核实结果" in page.warning.text()
    kinds = {name: getattr(page, name).property("kind") for name in ("send", "answer", "check")}
    assert kinds == {"send": "", "answer": "", "check": "primary"}
    press(qtbot, page, "check")
    [dialog] = page.findChildren(CheckDialog)
    dialog.answer.setCurrentIndex(dialog.answer.findData(CheckResult.NOT_DEBITED))
    dialog.person.setText("李柜员 张江支行")
    dialog.evidence.setPlainText("网银流水截图 A-3")
    save(qtbot, dialog, show)
    page.reload()
    show.settle()
    assert not page.warning.isVisible()


def test_that_the_channel_is_shown_by_its_name(people, desk, show, sent):  # A4.3
    context = desk(people.clerk)
    page = show(BankResultPage(context), context, sent.number)
    name = page.facts.value("channel")
    assert name == "大额支付系统"
    assert page.history.entries()[0].detail.startswith(name)


def test_the_auditor_sees_but_records_nothing(desk, people, show, sent):  # C4.1
    context = desk(people.auditor)
    page = show(BankResultPage(context), context, sent.number)
    assert page.facts.value("number") == sent.number
    assert not page.answer.isEnabled()
    assert "权限" in page.answer.toolTip()


def test_that_a_late_success_of_a_failure_can_be_recorded(  # A4.1
    qtbot, founded, people, sent, page, show
):
    answers.record_answer(founded, people.clerk, BankAnswer(sent.number, "6", "账号户名不符"))
    page.reload()
    show.settle()
    assert not page.answer.isEnabled()
    press(qtbot, page, "check")
    [dialog] = page.findChildren(CheckDialog)
    dialog.answer.setCurrentIndex(dialog.answer.findData(CheckResult.DEBITED))
    dialog.person.setText("李柜员 张江支行")
    dialog.evidence.setPlainText("对账单第 3 页")
    save(qtbot, dialog, show)
    assert status(founded, people, sent) is Status.EXECUTED


def test_that_two_debits_are_shown_until_one_has_come_back(  # A4.1 E3.2
    qtbot, founded, people, sent, page, show
):
    answers.record_answer(founded, people.clerk, BankAnswer(sent.number, "6", "账号户名不符"))
    first = payment_detail(founded, people.clerk, sent.number).attempts[0]
    with founded.read() as work:
        [row] = work.session.scalars(select(Attempt).where(Attempt.payment_id == sent.id))
    again = Attempt(
        payment_id=sent.id,
        ordinal=2,
        obligation=row.obligation,
        payee_id=row.payee_id,
        amount_minor=row.amount_minor,
        channel=row.channel,
        sent=row.sent,
        state="SUCCEEDED",
        live=False,
        by_name=row.by_name,
        written_at=first.written_at,
        answered_at=first.written_at,
    )
    save_row(founded, f"payment:{sent.number}", again)
    page.reload()
    show.settle()
    assert not page.warning.isVisible()
    press(qtbot, page, "check")
    [dialog] = page.findChildren(CheckDialog)
    assert [dialog.attempt.itemData(i) for i in range(dialog.attempt.count())] == [1]
    dialog.answer.setCurrentIndex(dialog.answer.findData(CheckResult.DEBITED))
    dialog.person.setText("李柜员 张江支行")
    dialog.evidence.setPlainText("对账单第 3 页")
    save(qtbot, dialog, show)
    page.reload()
    show.settle()
    assert "本笔有 2 次提交均已扣款" in page.warning.text()
    press(qtbot, page, "answer")
    [back] = page.findChildren(AnswerDialog)
    back.attempt.setCurrentIndex(back.attempt.findData(1))
    back.text.setText("重复付款，退汇")
    save(qtbot, back, show)
    page.reload()
    show.settle()
    assert not page.warning.isVisible()
    states = [one.state for one in payment_detail(founded, people.clerk, sent.number).attempts]
    assert states == ["SUCCEEDED", "RETURNED"]

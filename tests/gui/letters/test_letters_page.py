"""函件 in the window: made, looked at, sent, chased, answered."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.agreements import notices
from app.agreements.letter_view import SlotState, letter_slots
from app.agreements.queries import agreement_detail
from app.agreements.states import AgreementState, Answer
from app.letters.states import Carrier, Party
from ui.agreements.confirmation_dialog import ConfirmationDialog
from ui.letters.dispatch_dialog import DispatchDialog
from ui.letters.mail_dialog import MailDialog
from ui.payments.reason_dialog import ReasonDialog
from ui.resume.sheet_dialog import SheetDialog


@pytest.fixture
def issued(founded, people, approved):
    """The numbers of the bank's and the payee's letter."""
    return notices.issue_letters(founded, people.clerk, approved).numbers


def press(qtbot, page, name, settle):
    button = page.findChild(QPushButton, f"letters_{name}")
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()


def choose(page, *numbers):
    rows = page.table.all_rows()
    page.table.select_positions([at for at, row in enumerate(rows) if row.number in numbers])


def only(page, kind):
    [dialog] = page.findChildren(kind)
    return dialog


def yes(qtbot, dialog, settle):
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()


def states(page):
    return [row.state for row in page.table.all_rows()]


def test_that_every_missing_letter_is_made_at_once(  # D5.2 D5.3
    qtbot, people, approved, open_page, settle
):
    page = open_page(people.clerk)
    assert states(page) == [SlotState.MISSING, SlotState.MISSING]
    assert page.buttons["issue"].property("kind") == "primary"
    press(qtbot, page, "issue", settle)
    assert states(page) == [SlotState.READY, SlotState.READY]
    assert "已生成 2 份函件" in page.banner.text()
    assert not page.buttons["issue"].isEnabled()


def test_that_a_letter_without_somebody_to_ask_says_where_to_set_that(
    qtbot, founded, people, approved, open_page, settle
):
    from sqlalchemy import text

    from app.audit.trail import SYSTEM_ACTOR, Event, record

    with founded.write() as uow:
        uow.session.execute(text("UPDATE letter_setup SET contact = ''"))
        record(uow, SYSTEM_ACTOR, Event("test.made", "letter:setup"))
        uow.commit()
    page = open_page(people.clerk)
    press(qtbot, page, "issue", settle)
    assert "联系人" in page.banner.text()
    assert "函件与邮件" in page.banner.text()
    assert states(page) == [SlotState.MISSING, SlotState.MISSING]


def test_that_a_letter_is_seen_before_it_is_made(  # D5.2
    qtbot, people, approved, open_page, settle
):
    page = open_page(people.clerk)
    page.table.select_positions([0])
    press(qtbot, page, "preview", settle)
    sheet = only(page, SheetDialog)
    assert sheet.view.page_count() >= 2
    sheet.close()


def test_that_many_letters_are_printed_as_one(qtbot, people, issued, open_page, settle):  # D5.2
    page = open_page(people.clerk)
    page.table.selectAll()
    press(qtbot, page, "preview", settle)
    sheet = only(page, SheetDialog)
    assert sheet.view.page_count() == sum(row.pages for row in page.table.all_rows())
    sheet.close()


def test_that_the_bank_s_letter_goes_by_mail(  # D5.2
    qtbot, people, issued, open_page, settle, box
):
    page = open_page(people.clerk)
    choose(page, issued[0])
    press(qtbot, page, "mail", settle)
    dialog = only(page, MailDialog)
    yes(qtbot, dialog, settle)
    assert "请填写收件邮箱" in dialog.banner.text()
    dialog.recipient.setText("lijie@icbc.example")
    yes(qtbot, dialog, settle)
    assert states(page)[0] is SlotState.WAITING
    assert "已发送" in page.banner.text()
    [message] = box.messages
    assert message["To"] == "lijie@icbc.example"
    assert not page.buttons["mail"].isEnabled()


def test_that_a_server_that_refuses_leaves_everything_typed(  # D5.2
    qtbot, people, issued, open_page, settle, box
):
    box.recipient_says = "550 5.1.1 no such mailbox"
    page = open_page(people.clerk)
    choose(page, issued[0])
    press(qtbot, page, "mail", settle)
    dialog = only(page, MailDialog)
    dialog.recipient.setText("nobody@icbc.example")
    yes(qtbot, dialog, settle)
    assert "550" in dialog.banner.text()
    assert dialog.recipient.text() == "nobody@icbc.example"
    box.recipient_says = "250 OK"
    yes(qtbot, dialog, settle)
    assert states(page)[0] is SlotState.WAITING


def test_that_an_unknown_fate_asks_for_the_recipient_s_word(  # D5.2
    qtbot, people, issued, open_page, settle, box
):
    box.cut = "content"
    page = open_page(people.clerk)
    choose(page, issued[0])
    press(qtbot, page, "mail", settle)
    dialog = only(page, MailDialog)
    dialog.recipient.setText("lijie@icbc.example")
    yes(qtbot, dialog, settle)
    assert "送达不明" in page.banner.text()
    assert states(page)[0] is SlotState.UNKNOWN
    choose(page, issued[0])
    assert page.buttons["settle"].property("kind") == "primary"
    press(qtbot, page, "settle", settle)
    asked = only(page, ReasonDialog)
    asked._reason.setPlainText("李柜员 10:20 电话确认收到")
    qtbot.mouseClick(asked._yes, Qt.MouseButton.LeftButton)
    settle()
    assert states(page)[0] is SlotState.WAITING


def test_that_a_courier_needs_its_number(qtbot, people, issued, open_page, settle):  # D5.2
    page = open_page(people.clerk)
    choose(page, issued[1])
    press(qtbot, page, "dispatch", settle)
    dialog = only(page, DispatchDialog)
    assert not dialog.tracking.isEnabled()
    dialog.carrier.setCurrentIndex(dialog.carrier.findData(str(Carrier.COURIER)))
    dialog.carrier.activated.emit(dialog.carrier.currentIndex())
    dialog.recipient.setText("收发室")
    yes(qtbot, dialog, settle)
    assert "快递单号" in dialog.banner.text()
    dialog.tracking.setText("SF100")
    yes(qtbot, dialog, settle)
    assert states(page)[1] is SlotState.WAITING
    assert page.table.all_rows()[1].sent[0].tracking_no == "SF100"


def test_that_one_slip_answers_for_every_agreement_of_the_letter(  # D5.5 D5.6
    qtbot, founded, people, issued, open_page, settle, tmp_path
):
    slip = tmp_path / "回执.pdf"
    slip.write_bytes(b"%PDF-1.4 scanned")
    page = open_page(people.clerk)
    choose(page, issued[0])
    press(qtbot, page, "answer", settle)
    dialog = only(page, ConfirmationDialog)
    assert dialog.party.count() == 1
    dialog.answer.setCurrentIndex(dialog.answer.findData(str(Answer.TERMINATED)))
    dialog.effective.set_date(date(2026, 3, 16))
    dialog.person.setText("李柜员")
    dialog.evidence.setPlainText("回执原件存档 H-1")
    dialog.choose_scan(str(slip))
    yes(qtbot, dialog, settle)
    bank, _ = letter_slots(founded, people.clerk)
    assert bank.state is SlotState.ANSWERED
    for number in bank.covers:
        detail = agreement_detail(founded, people.clerk, number)
        assert detail.line.state is AgreementState.CANCELLED
        [form] = detail.cancellations
        [said] = next(item for item in form.items if item.number == number).answers
        assert (said.party, said.file_name) == (Party.BANK, "回执.pdf")


def test_that_a_slip_that_is_gone_keeps_nothing(  # D5.6
    qtbot, founded, people, issued, open_page, settle, tmp_path
):
    page = open_page(people.clerk)
    choose(page, issued[0])
    press(qtbot, page, "answer", settle)
    dialog = only(page, ConfirmationDialog)
    dialog.effective.set_date(date(2026, 3, 16))
    dialog.person.setText("李柜员")
    dialog.evidence.setPlainText("回执原件")
    dialog.choose_scan(str(tmp_path / "没有.pdf"))
    yes(qtbot, dialog, settle)
    assert "无法读取文件 没有.pdf" in dialog.banner.text()
    assert letter_slots(founded, people.clerk)[0].state is SlotState.READY


def test_that_a_voided_letter_is_made_anew(qtbot, people, issued, open_page, settle):  # D5.6
    page = open_page(people.clerk)
    choose(page, issued[0])
    press(qtbot, page, "void", settle)
    asked = only(page, ReasonDialog)
    asked._reason.setPlainText("支行名称有误")
    qtbot.mouseClick(asked._yes, Qt.MouseButton.LeftButton)
    settle()
    assert states(page)[0] is SlotState.MISSING
    page.table.clearSelection()
    press(qtbot, page, "issue", settle)
    assert page.table.all_rows()[0].number == "华精财函〔2026〕3号"


def test_that_a_proof_opens_at_once(qtbot, people, issued, open_page, settle):  # D5.4
    page = open_page(people.clerk)
    choose(page, issued[0])
    press(qtbot, page, "prove", settle)
    settle()
    sheet = only(page, SheetDialog)
    assert "ZM-2026-0001" in sheet.windowTitle()
    assert sheet.view.page_count() >= 1
    sheet.close()


def test_that_who_only_reads_is_told_why_nothing_can_be_done(  # D1.3
    people, issued, open_page
):
    page = open_page(people.auditor)
    choose(page, issued[0])
    assert page.buttons["preview"].isEnabled()
    for name in ("issue", "mail", "dispatch", "answer", "void"):
        assert not page.buttons[name].isEnabled()
        assert "没有“管理自动扣款协议”权限" in page.buttons[name].toolTip()


def test_that_the_filter_finds_by_number_addressee_and_form(people, issued, open_page, settle):
    page = open_page(people.clerk)
    for wanted, count in (("〕2号", 1), ("电力", 1), ("QK-2026", 2), ("没有", 0)):
        page.filter.bar.set_values({"text": wanted})
        page._refill()
        assert len(page.table.all_rows()) == count, wanted


def test_that_departments_are_told_with_the_form(  # D4.5
    qtbot, people, issued, open_page, settle, box
):
    page = open_page(people.clerk)
    choose(page, issued[0])
    press(qtbot, page, "tell", settle)
    dialog = only(page, MailDialog)
    assert "QK-2026-0001" in dialog.subject.text()
    dialog.recipient.setText("caigou@huadong.example")
    yes(qtbot, dialog, settle)
    [message] = box.messages
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == ["取消自动扣款申请单 QK-2026-0001.pdf"]
    assert states(page)[0] is SlotState.READY

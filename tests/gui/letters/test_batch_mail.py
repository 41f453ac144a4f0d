"""批量发送, the refused password and the answer about money, in the window with a real server."""

from dataclasses import replace
from datetime import date

import pytest
from aiosmtpd.smtp import AuthResult
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.agreements import disputes, notices, service
from app.agreements.fields import AgreementFields
from app.agreements.letter_view import SlotState, letter_slots
from app.agreements.states import RefundAnswer
from app.agreements.watch.deciding import DecideHit, decide_hit, hit_lines
from app.agreements.watch.states import HitState
from app.core.money import Money
from app.letters.setup import save_setup, setup_of
from app.statements.importing import preview, take_in
from tests.support.mail import serve
from ui.letters.batch_dialog import BatchMailDialog
from ui.letters.mail_dialog import MailDialog
from ui.letters.page import LettersPage
from ui.letters.refund_dialog import RefundDialog


@pytest.fixture
def issued(founded, people, approved):
    return notices.issue_letters(founded, people.clerk, approved).numbers


@pytest.fixture
def guarded(founded, people, box, set_up, monkeypatch):
    """The company's server wants a password; the system has no keyring."""
    from keyring.errors import NoKeyringError

    def none(*_):
        raise NoKeyringError

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(f"keyring.{name}", none)

    def check(_server, _session, _envelope, _mechanism, data):
        return AuthResult(success=data.password == b"right-1", handled=False)

    controller, server = serve(box, authenticator=check, auth_required=True, auth_require_tls=False)
    with founded.read() as work:
        setup = setup_of(work)
    save_setup(founded, people.cfo, replace(setup, smtp_port=server.port, smtp_user="cw"))
    yield
    controller.stop()


def press(qtbot, page, name, settle):
    button = page.findChild(QPushButton, f"letters_{name}")
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()


def only(page, kind):
    [dialog] = page.findChildren(kind)
    return dialog


def yes(qtbot, dialog, settle):
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    settle()


def test_that_many_letters_go_out_in_one_run(  # D5.2 D5.3
    qtbot, people, set_up, issued, box, show_page, settle
):
    page = show_page(LettersPage, people.clerk)
    press(qtbot, page, "mail_many", settle)
    dialog = only(page, BatchMailDialog)
    assert not dialog.yes.isEnabled()
    assert "2 份没有可用的邮箱" in dialog.summary.text()
    bank, payee = issued
    dialog.set_address(bank, "不是邮箱")
    assert not dialog.yes.isEnabled()
    dialog.set_address(bank, "lijie@icbc.example")
    assert dialog.outcome_of(payee) == "没有邮箱，不发送"
    yes(qtbot, dialog, settle)
    assert dialog.outcome_of(bank) == "已发送"
    assert "已发送 1 份" in dialog.banner.text()
    dialog.set_address(payee, "power@grid.example")
    yes(qtbot, dialog, settle)
    assert [one["To"] for one in box.messages] == ["lijie@icbc.example", "power@grid.example"]
    assert not dialog.yes.isEnabled()
    dialog.reject()
    settle()
    assert {row.state for row in page.table.all_rows()} == {SlotState.WAITING}
    assert not page.buttons["mail_many"].isEnabled()


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server stands on this machine
def test_that_a_refused_password_is_asked_for_again_and_nothing_typed_is_lost(  # D5.2
    qtbot, people, guarded, issued, box, show_page, settle
):
    page = show_page(LettersPage, people.clerk)
    page.table.select_positions([0])
    press(qtbot, page, "mail", settle)
    dialog = only(page, MailDialog)
    assert dialog.sign_in.password.isVisible()
    dialog.recipient.setText("lijie@icbc.example")
    dialog.sign_in.password.setText("wrong-1")
    yes(qtbot, dialog, settle)
    assert "不接受用户名或密码" in dialog.banner.text()
    assert "重新输入邮箱密码" in dialog.banner.text()
    assert (dialog.recipient.text(), dialog.sign_in.password.text()) == ("lijie@icbc.example", "")
    assert box.raw == []
    dialog.sign_in.password.setText("right-1")
    yes(qtbot, dialog, settle)
    assert len(box.raw) == 1
    page.table.select_positions([1])
    press(qtbot, page, "mail", settle)
    [again] = [one for one in page.findChildren(MailDialog) if one.isVisible()]
    assert not again.sign_in.password.isVisible()


@pytest.fixture
def asked_back(founded, people, make_account, set_up, tmp_path):
    """Letters that ask a debit after the end back; their numbers."""
    account = make_account()
    service.register(
        founded,
        people.clerk,
        AgreementFields(
            account_number=account.number,
            payee_name="上海临江供电有限公司",
            starts_on=date(2025, 1, 1),
            ends_on=date(2026, 2, 10),
            payee_account="31050161393600000123",
            amount=Money.parse("46300"),
            first_debit_on=date(2025, 1, 20),
        ),
    )
    path = tmp_path / "流水.csv"
    path.write_text(
        "交易日期,借方发生额,贷方发生额,对方户名,对方账号,摘要\n"
        "2026-03-01,46300.00,,上海临江供电有限公司,31050161393600000123,代扣电费",
        encoding="gb18030",
    )
    seen = preview(founded, people.clerk, path)
    [hit] = take_in(founded, people.clerk, seen, account.number).alarms
    decide_hit(founded, people.clerk, DecideHit(hit, HitState.CONFIRMED, "李柜员确认", 1))
    return disputes.issue_disputes(founded, people.clerk, [hit])


def test_that_a_letter_that_asks_money_back_is_followed_to_its_answer(  # D5.5 E1.4
    qtbot, founded, people, asked_back, box, show_page, settle
):
    page = show_page(LettersPage, people.clerk)
    assert {row.number for row in page.table.all_rows()} == set(asked_back)
    page.table.select_positions([0])
    press(qtbot, page, "mail", settle)
    mail = only(page, MailDialog)
    mail.recipient.setText("lijie@icbc.example")
    yes(qtbot, mail, settle)
    [message] = box.messages
    assert [part.get_filename() for part in message.iter_attachments()] == [f"{asked_back[0]}.pdf"]
    page.table.select_positions([0])
    assert page.chosen_one().state is SlotState.WAITING
    press(qtbot, page, "answer", settle)
    dialog = only(page, RefundDialog)
    dialog.answer.setCurrentIndex(dialog.answer.findData(str(RefundAnswer.AGREED)))
    dialog._explain()
    assert dialog.promised.isVisible()
    dialog.person.setText("李柜员")
    dialog.evidence.setPlainText("电话确认，录音存档")
    yes(qtbot, dialog, settle)
    assert "预计退回日" in dialog.banner.text()
    dialog.promised.set_date(date(2026, 3, 10))
    yes(qtbot, dialog, settle)
    [slot] = [one for one in letter_slots(founded, people.clerk) if one.answers]
    assert (slot.state, slot.due_on) == (SlotState.ANSWERED, date(2026, 3, 10))
    [hit] = hit_lines(founded, people.clerk)
    assert hit.state is HitState.CONFIRMED
    assert [one.answer for one in hit.pursuit.refunds] == [RefundAnswer.AGREED]

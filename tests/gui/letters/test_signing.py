"""数字签章 in the window: a certificate is chosen, looked at, and signs what was chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from app.agreements import notices
from app.agreements.letter_view import letter_file, letter_slots
from app.documents.signing import check_signature
from app.letters import signing
from app.letters.errors import NotToSign
from app.letters.signing import Signed, Unsigned
from tests.support.certificates import AUTHORITY, NAME, PASSPHRASE, START, make_p12
from ui.letters.sign_dialog import SignDialog
from ui.resume.sheet_dialog import SheetDialog


@pytest.fixture
def issued(founded, people, approved):
    """The numbers of the bank's and the payee's letter."""
    return notices.issue_letters(founded, people.clerk, approved).numbers


@pytest.fixture
def p12(tmp_path):
    path = tmp_path / "王财务.p12"
    path.write_bytes(make_p12("ec"))
    return path


def press(qtbot, page, name, settle):
    button = page.findChild(QPushButton, f"letters_{name}")
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()


@pytest.fixture
def opened(qtbot, people, issued, open_page, settle):
    """The page with every letter chosen, and the dialog."""
    page = open_page(people.cfo)
    page.table.selectAll()
    press(qtbot, page, "sign", settle)
    [dialog] = page.findChildren(SignDialog)
    return page, dialog


def type_in(dialog, path, password, settle):
    dialog.choose_file(str(path))
    dialog.password.setText("")
    QTest.keyClicks(dialog.password, password)
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    settle()


def test_that_the_certificate_is_seen_before_it_signs_all_chosen_letters(  # D5.2
    qtbot, founded, people, issued, opened, p12, settle
):
    page, dialog = opened
    assert dialog.letters.text() == "、".join(issued)
    assert not dialog.yes.isEnabled()
    dialog.choose_file(str(p12))
    dialog.password.setText(PASSPHRASE)
    dialog.look.click()
    settle()
    shown = [label.text() for label in dialog._card]
    assert shown[:3] == [NAME, AUTHORITY, f"{START:%Y-%m-%d} 08:00 — 2027-01-01 08:00"]
    assert "是否受信任由收件人判断" in dialog.trust.text()
    assert not any(slot.signature for slot in letter_slots(founded, people.cfo))
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert "已签章 2 份" in page.banner.text()
    for number in issued:
        _, data = letter_file(founded, people.cfo, number)
        assert check_signature(data).card.name == NAME


def test_that_a_signed_letter_says_so_and_is_not_signed_again(  # D5.2
    qtbot, people, issued, opened, p12, settle
):
    page, dialog = opened
    type_in(dialog, p12, "", settle)
    dialog.password.setText(PASSPHRASE)
    dialog.look.click()
    settle()
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    page.table.select_positions([0])
    assert page.card.value("signed").startswith(f"已签章　{NAME}")
    unsent, signed = page.way.entries()
    assert (unsent.what, signed.what) == ("尚未发出", f"已签章：{NAME}")
    assert not page.buttons["sign"].isEnabled()
    assert "已经签章" in page.buttons["sign"].toolTip()


def test_that_a_wrong_password_loses_neither_file_nor_what_was_typed(  # D5.2
    qtbot, opened, p12, settle
):
    _, dialog = opened
    type_in(dialog, p12, "falsch", settle)
    assert "证书密码不正确" in dialog.banner.text()
    assert (dialog.file.text(), dialog.password.text()) == (p12.name, "falsch")
    assert not dialog.yes.isEnabled()


def test_that_another_password_or_file_forgets_the_certificate(opened, p12, settle):  # D5.2
    _, dialog = opened
    dialog.choose_file(str(p12))
    dialog.password.setText(PASSPHRASE)
    dialog.look.click()
    settle()
    assert dialog.yes.isEnabled()
    QTest.keyClicks(dialog.password, "x")
    assert not dialog.yes.isEnabled()
    assert dialog._card[0].text() == "—"


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "无法读取证书文件"), (b"%PDF-1.4", "不是证书文件"), (b"x" * 1_100_000, "太大")],
)
def test_that_a_file_that_is_no_certificate_is_named(  # D5.2
    opened, tmp_path, settle, content, said
):
    _, dialog = opened
    path = tmp_path / "别的.pfx"
    if content is not None:
        path.write_bytes(content)
    type_in(dialog, path, "abc", settle)
    assert said in dialog.banner.text()


def test_that_without_a_file_it_says_what_to_choose(opened, settle):  # D5.2
    _, dialog = opened
    dialog.look.click()
    settle()
    assert "请选择证书文件" in dialog.banner.text()


def test_that_the_password_is_hidden_and_gone_once_the_dialog_is_closed(  # D5.2
    qtbot, opened, p12, settle
):
    _, dialog = opened
    assert dialog.password.echoMode() == QLineEdit.EchoMode.Password
    dialog.choose_file(str(p12))
    dialog.password.setText(PASSPHRASE)
    dialog.look.click()
    settle()
    seen = []
    dialog.finished.connect(lambda _: seen.append((dialog.password.text(), dialog._key)))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert seen == [("", None)]


def test_that_what_another_signed_meanwhile_is_told_and_the_rest_is_signed(  # D5.2
    qtbot, founded, people, issued, opened, p12, settle
):
    _page, dialog = opened
    dialog.choose_file(str(p12))
    dialog.password.setText(PASSPHRASE)
    dialog.look.click()
    settle()
    key = signing.open_credential(founded, people.supervisor, p12.read_bytes(), PASSPHRASE)
    signing.sign_letter(founded, people.supervisor, issued[0], key)
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert "已签章 1 份" in dialog.banner.text()
    assert f"{issued[0]}：{issued[0]} 已签章，不再重复签章" in dialog.banner.text()
    assert dialog.password.text() == PASSPHRASE
    dialog.reject()
    assert all(slot.signature for slot in letter_slots(founded, people.cfo))


def test_that_who_may_not_sign_is_told_so(people, issued, open_page):  # D1.3
    page = open_page(people.clerk)
    page.table.selectAll()
    assert not page.buttons["sign"].isEnabled()
    assert "没有“对函件数字签章”权限" in page.buttons["sign"].toolTip()


def test_that_a_print_file_of_many_says_that_it_holds_no_signature(  # D5.2
    qtbot, opened, p12, settle
):
    page, dialog = opened
    dialog.choose_file(str(p12))
    dialog.password.setText(PASSPHRASE)
    dialog.look.click()
    settle()
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    page.table.selectAll()
    press(qtbot, page, "preview", settle)
    [sheet] = page.findChildren(SheetDialog)
    assert "不含数字签名" in sheet.view.banner.text()
    sheet.close()


def test_that_a_stopped_batch_names_what_is_left_and_goes_on_with_it(opened):  # D5.2
    page, dialog = opened
    left = tuple(f"华精财函〔2026〕{at}号" for at in range(2, 7))
    dialog._ended(Signed(("华精财函〔2026〕1号",), (), left))
    assert "还有 5 份未签章" in dialog.banner.text()
    assert dialog.letters.text() == f"{'、'.join(left[:3])} 等 5 份"
    failed = tuple(Unsigned(number, NotToSign(f"{number} 已作废，不能签章。")) for number in left)
    dialog._ended(Signed((), failed, ()))
    assert "等 5 份没有签章" in dialog.banner.text()
    assert page.findChildren(SignDialog) == [dialog]

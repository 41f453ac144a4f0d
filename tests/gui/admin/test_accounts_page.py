from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QPushButton

from app.accounts.rules import AccountStatus
from app.core.money import Money
from ui.admin.accounts_page import AccountsPage


def line_of(page):
    (line,) = page.table.all_rows()
    return line


def test_that_the_cashier_records_a_balance(desk, people, make_account, show, settle):  # B2.2
    make_account(balance_minor=None)
    page = show(AccountsPage, desk(people.clerk))
    dialog = page.dialogs.balance(line_of(page))
    dialog.findChild(QLineEdit, "accounts.balance.book_line").setText("12345.60")
    dialog.findChild(QLineEdit, "accounts.balance.frozen_line").setText("345.60")
    dialog.submit()
    settle()
    settle()
    balance = line_of(page).balance
    assert (balance.book, balance.frozen) == (Money(1_234_560), Money(34_560))
    assert balance.recorded_by == "clerk 陈经办"


def test_that_a_balance_without_an_amount_is_refused(desk, people, make_account, show):  # B2.2
    make_account(balance_minor=None)
    page = show(AccountsPage, desk(people.clerk))
    dialog = page.dialogs.balance(line_of(page))
    dialog.submit()
    assert "请填写账面余额" in dialog.banner.text()


def test_that_a_freeze_is_recorded_and_lifted_with_evidence(  # B2.3
    desk, people, make_account, show, settle
):
    make_account()
    page = show(AccountsPage, desk(people.admin))
    dialog = page.dialogs.restrict(line_of(page))
    dialog.findChild(QLineEdit, "accounts.restrict.amount_line").setText("5000")
    dialog.findChild(QLineEdit, "accounts.restrict.authority").setText("浦东新区人民法院")
    dialog.submit()
    settle()
    settle()
    (held,) = line_of(page).restrictions
    assert (held.kind, held.amount) == (AccountStatus.FROZEN, Money(500_000))

    dialog = page.dialogs.lift(line_of(page))
    dialog.submit()
    settle()
    assert "请填写解除的依据" in dialog.banner.text()
    dialog.findChild(QPlainTextEdit, "accounts.lift.evidence").setPlainText("解冻通知书 12 号")
    dialog.submit()
    settle()
    settle()
    assert line_of(page).restrictions == ()


def test_that_the_status_follows_the_bank_with_evidence(  # B2.3
    desk, people, make_account, show, settle
):
    make_account()
    page = show(AccountsPage, desk(people.admin))
    dialog = page.dialogs.status(line_of(page))
    box = dialog.findChild(QComboBox, "accounts.status.status")
    box.setCurrentIndex(box.findData("BLOCKED"))
    dialog.submit()
    assert "请填写依据" in dialog.banner.text()
    dialog.findChild(QPlainTextEdit, "accounts.status.reason").setPlainText("工行李经理来电")
    dialog.submit()
    settle()
    settle()
    assert line_of(page).status is AccountStatus.BLOCKED


def test_that_a_company_without_accounts_is_told_what_to_do(desk, people, show):  # A2.3
    page = show(AccountsPage, desk(people.admin))
    assert not page.table.isVisible()
    assert page.findChild(QPushButton, "accounts.empty_action").isVisible()


def test_that_a_broken_channel_needs_an_explanation(  # A4.2
    desk, people, channels, show, settle
):
    page = show(AccountsPage, desk(people.admin))
    page.tabs.setCurrentIndex(1)
    codes = [channel.code for channel in page.channels.table.all_rows()]
    page.channels.table.selectRow(codes.index("DIRECT"))
    dialog = page.channels.change()
    dialog.findChild(QCheckBox, "accounts.channel_edit.up").setChecked(False)
    dialog.submit()
    assert "请填写中断的情况" in dialog.banner.text()
    dialog.findChild(QPlainTextEdit, "accounts.channel_edit.note").setPlainText("前置机超时")
    dialog.submit()
    settle()
    settle()
    direct = next(one for one in page.channels.table.all_rows() if one.code == "DIRECT")
    assert (direct.up, direct.state_note) == (False, "前置机超时")


def test_that_announced_maintenance_is_shown(desk, people, channels, show, settle):  # A4.2
    page = show(AccountsPage, desk(people.admin))
    page.tabs.setCurrentIndex(1)
    page.channels.table.selectRow(0)
    dialog = page.channels.maintain()
    dialog.findChild(QLineEdit, "accounts.window.from").setText("2026-03-03 22:00")
    dialog.findChild(QLineEdit, "accounts.window.until").setText("2026-03-03 23:30")
    dialog.findChild(QPlainTextEdit, "accounts.window.note").setPlainText("系统升级")
    dialog.submit()
    settle()
    settle()
    windows = next(one for one in page.channels.table.visible_columns() if one.key == "windows")
    first = page.channels.table.all_rows()[0]
    assert windows.text(first) == "2026-03-03 22:00 – 2026-03-03 23:30 系统升级"


def test_that_who_may_not_manage_accounts_is_not_offered_it(desk, people, show):  # C1.1
    page = show(AccountsPage, desk(people.checker))
    assert not page.findChild(QPushButton, "accounts.add").isVisible()
    assert not page.findChild(QPushButton, "accounts.balance").isVisible()

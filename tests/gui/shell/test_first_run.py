from PySide6.QtWidgets import QWizard

from app.storage.errors import NoDatabase
from app.storage.upgrade import open_database

GOOD = "Secret-2026x"


def fill(wizard):
    wizard.next()
    wizard.company.name.setText("上海华峰贸易有限公司")
    wizard.company.drill.setChecked(True)
    wizard.next()
    wizard.admin.name.setText("张管理员")
    wizard.admin.fields.first.setText(GOOD)
    wizard.admin.fields.again.setText(GOOD)
    wizard.next()


def next_button(wizard):
    return wizard.button(QWizard.WizardButton.NextButton)


def test_that_the_wizard_makes_a_company_that_can_be_signed_in_to(  # C1.1
    qtbot, start, tmp_path
):
    desk = start(tmp_path / "new.sqlite3")
    wizard = desk.wizard
    fill(wizard)
    wizard.accounts.add("6222020200112233445", "上海华峰贸易有限公司", "中国工商银行", "张江支行")
    wizard.next()
    wizard.accept()
    qtbot.waitUntil(lambda: desk.wizard is None and not desk.tasks.running(), timeout=20_000)
    assert desk.sign_in.username.text() == "admin"
    assert desk.sign_in._badge.text() == "演练环境：不会真正付款"

    desk.sign_in.password.setText(GOOD)
    desk.sign_in.submit()
    qtbot.waitUntil(lambda: desk.main is not None, timeout=10_000)
    db = desk._opened.db
    from app.accounts.ledger import account_lines, channel_board

    (account,) = account_lines(db, desk.main.actor)
    assert account.number == "6222020200112233445"
    codes = {channel.code for channel in channel_board(db, desk.main.actor)}
    assert codes == {"HVPS", "BEPS", "IBPS", "DIRECT", "EBANK", "COUNTER"}


def test_that_a_wrong_credit_code_holds_the_wizard(start, tmp_path):  # C3.4
    wizard = start(tmp_path / "new.sqlite3").wizard
    wizard.next()
    wizard.company.name.setText("上海华峰贸易有限公司")
    wizard.company.code.setText("91310000MA1FL0000X")
    assert not next_button(wizard).isEnabled()
    assert "校验不符" in wizard.company.problem()
    wizard.company.code.setText("")
    assert next_button(wizard).isEnabled()


def test_that_two_different_passwords_hold_the_wizard(start, tmp_path):  # C1.1
    wizard = start(tmp_path / "new.sqlite3").wizard
    wizard.next()
    wizard.company.name.setText("上海华峰贸易有限公司")
    wizard.next()
    wizard.admin.name.setText("张管理员")
    wizard.admin.fields.first.setText(GOOD)
    wizard.admin.fields.again.setText("Secret-2026y")
    assert wizard.admin.fields.said() == "两次输入不一致。"
    assert not next_button(wizard).isEnabled()


def test_that_a_half_typed_account_is_named_with_its_row(start, tmp_path):  # C3.4
    wizard = start(tmp_path / "new.sqlite3").wizard
    fill(wizard)
    wizard.accounts.add("6222020200112233445", "", "", "")
    assert not wizard.accounts.isComplete()
    assert "第 1 行" in wizard.accounts._problem.text()


def test_that_leaving_the_wizard_makes_nothing(start, tmp_path):  # C5.1
    path = tmp_path / "new.sqlite3"
    wizard = start(path).wizard
    fill(wizard)
    wizard.reject()
    try:
        open_database(str(path)).close()
    except NoDatabase:
        return
    raise AssertionError("a database was made")

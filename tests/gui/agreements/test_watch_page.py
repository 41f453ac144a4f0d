"""扣款监控 in the window: a statement comes in, an alarm is confirmed, the money asked for."""

from datetime import date
from functools import partial

import pytest
import pyzipper
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.agreements.watch.deciding import hit_lines
from app.agreements.watch.states import HitState
from app.letters.setup import Setup, save_setup
from ui.agreements.watch_page import WatchPage
from ui.payments.reason_dialog import ReasonDialog
from ui.resume.sheet_dialog import SheetDialog
from ui.statements.file_password import FilePasswordDialog
from ui.statements.import_dialog import StatementDialog
from ui.statements.mapping_dialog import MappingDialog

HEAD = "交易日期,借方发生额,贷方发生额,对方户名,对方账号,摘要"


@pytest.fixture
def expired(registered):
    """An agreement whose last day was 28 February 2026."""
    return registered(ends_on=date(2026, 2, 28), payee_account="31050161393600000123")


@pytest.fixture
def statement(account, tmp_path):
    """A file with one forbidden debit, one stranger and one row that can't be read."""
    path = tmp_path / "流水.csv"
    rows = (
        f"账号：{account.number}",
        HEAD,
        "2026-03-01,40000.00,,国网上海市电力公司,31050161393600000123,代扣电费",
        "2026-03-02,100.00,,某某包装厂,622200001111,货款",
        "昨天,1.00,,,,",
    )
    path.write_text("\n".join(rows), encoding="gb18030")
    return str(path)


@pytest.fixture
def page(show_page):
    return partial(show_page, WatchPage)


def only(parent, kind):
    [found] = parent.findChildren(kind)
    return found


def bring(qtbot, page, statement, settle):
    page.open_file(statement)
    settle()
    dialog = only(page, StatementDialog)
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()


def press(qtbot, page, name, settle):
    button = page.findChild(QPushButton, f"watch_{name}")
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()


def reason(qtbot, page, settle, text="已与银行核实"):
    dialog = only(page, ReasonDialog)
    dialog._reason.setPlainText(text)
    qtbot.mouseClick(dialog._yes, Qt.MouseButton.LeftButton)
    settle()


def test_that_a_file_is_looked_at_before_it_comes_in(  # E1.3
    qtbot, people, account, expired, statement, page, settle
):
    shown = page(people.clerk)
    said = [label.text() for label in shown._empty.findChildren(QLabel)]
    assert any("没有发现终止或暂停后的扣款" in text for text in said)
    shown.open_file(statement)
    settle()
    dialog = only(shown, StatementDialog)
    assert dialog.account.currentData() == account.number
    assert "第 5 行" in dialog.findChild(QLabel, "statement.problems").text()
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert "已导入 2 笔交易" in shown.banner.text()
    assert "发现 1 笔终止或暂停后的扣款" in shown.banner.text()


def test_that_an_alarm_becomes_letters_to_bank_and_payee(  # E1.4 E1.5
    qtbot, founded, people, expired, statement, page, settle
):
    save_setup(founded, people.cfo, Setup("华精财函", "王会计", "021-58001234"))
    shown = page(people.clerk)
    bring(qtbot, shown, statement, settle)
    shown.table.select_positions([0])
    assert "对方账号是收款单位的账号" in shown.facts.value("why")
    assert "其他应收款" in shown.facts.value("booking")
    assert not shown.buttons["dispute"].isEnabled()
    press(qtbot, shown, "confirm", settle)
    reason(qtbot, shown, settle)
    shown.table.select_positions([0])
    press(qtbot, shown, "dispute", settle)
    settle()
    assert "华精财函〔2026〕1号、华精财函〔2026〕2号" in shown.banner.text()
    only(shown, SheetDialog).close()
    press(qtbot, shown, "recovered", settle)
    reason(qtbot, shown, settle, "4 月 3 日退回，流水 LS9")
    assert [one.state for one in hit_lines(founded, people.clerk)] == [HitState.RECOVERED]


def test_that_a_clerk_does_not_exclude_alone(  # E4.4
    qtbot, founded, people, expired, statement, page, settle
):
    shown = page(people.clerk)
    bring(qtbot, shown, statement, settle)
    shown.table.select_positions([0])
    assert "没有“批准取消自动扣款”权限" in shown.buttons["exclude"].toolTip()
    chief = page(people.supervisor)
    chief.table.select_positions([0])
    assert not chief.buttons["import"].isEnabled()
    press(qtbot, chief, "exclude", settle)
    reason(qtbot, chief, settle, "双方补充约定")
    assert [one.state for one in hit_lines(founded, people.clerk)] == [HitState.EXCLUDED]


def test_that_a_file_that_is_no_statement_says_so(people, page, settle, tmp_path):
    path = tmp_path / "名单.csv"
    path.write_text("姓名,部门\n张三,财务\n", encoding="utf-8")
    shown = page(people.clerk)
    shown.open_file(str(path))
    settle()
    settle()
    asking = only(shown, MappingDialog)
    assert "没有交易日期和金额" in asking.banner.text()
    assert not asking.yes.isEnabled()
    assert shown.findChildren(StatementDialog) == []


def test_that_a_locked_file_asks_for_its_password(  # E1.3
    qtbot, people, account, expired, statement, page, settle, tmp_path
):
    locked = tmp_path / "流水.zip"
    with pyzipper.AESZipFile(locked, "w", encryption=pyzipper.WZ_AES) as made:
        made.setpassword(b"123456")
        made.write(statement, "流水.csv")
    shown = page(people.clerk)
    shown.open_file(str(locked))
    settle()
    for typed, said in (("654321", "设有密码"), ("123456", "密码不正确")):
        [asking] = [one for one in shown.findChildren(FilePasswordDialog) if one.isVisible()]
        assert said in asking.findChild(QLabel, "file_password.why").text()
        asking.password.setText(typed)
        qtbot.mouseClick(asking.yes, Qt.MouseButton.LeftButton)
        settle()
        settle()
    dialog = only(shown, StatementDialog)
    assert dialog.account.currentData() == account.number
    assert dialog.findChild(QLabel, "statement.proof").text() == "文件没有可以核对的余额"

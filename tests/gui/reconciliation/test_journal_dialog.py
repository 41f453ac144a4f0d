"""导入银行存款日记账 in the window: a file is looked at, given its account, and comes in."""

import pytest
import pyzipper
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from app.core.errors import Refused
from app.reconciliation.journal.opening import read_journal
from app.reconciliation.journal.queries import journal_imports
from ui.reconciliation.journal_dialog import JournalDialog, taken_text
from ui.reconciliation.journal_start import ask_journal, ask_template, start_journal_import
from ui.statements.file_password import FilePasswordDialog

HEAD = "日期,凭证字号,摘要,往来单位,借方,贷方,余额"


@pytest.fixture
def account(make_account):
    return make_account()


@pytest.fixture
def page(qtbot, desk, people):
    """A window that starts imports, and what it was told."""
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(1280, 800)
    widget.show()
    widget.context = desk(people.clerk)
    widget.taken, widget.refused = [], []
    return widget


def write(tmp_path, *rows, name="日记账.csv"):
    path = tmp_path / name
    path.write_text("\n".join(rows), encoding="gb18030")
    return str(path)


def march(number):
    return (
        f"科目：1002 银行存款-工行 {number}",
        HEAD,
        ",,期初余额,,,,100.00",
        "2026-03-02,记-1,收货款,甲公司,50.00,,150.00",
        "2026-03-03,记-2,红字冲销,乙公司,,-20.00,170.00",
        "昨天,记-3,看不懂,,1.00,,",
    )


def begin(page, path):
    start_journal_import(page.context, page, path, page.taken.append, page.refused.append)


def only(parent, kind):
    [found] = [one for one in parent.findChildren(kind) if one.isVisible()]
    return found


def cells(table, row):
    model = table.rows()
    return [model.index(row, at).data() for at in range(model.columnCount())]


def test_that_a_journal_is_looked_at_before_it_comes_in(  # E1.2
    qtbot, founded, people, account, page, settle, tmp_path
):
    begin(page, write(tmp_path, *march(account.number)))
    settle()
    dialog = only(page, JournalDialog)
    assert dialog.choices[0].currentData() == account.number
    assert cells(dialog.books, 0)[1:] == [
        "2026-03-02 – 2026-03-03",
        "2",
        "50.00",
        "-20.00",
        "100.00",
        "170.00",
        "余额相符",
    ]
    titles = [dialog.tabs.tabText(at) for at in range(3)]
    assert titles == ["分录 2", "问题 1", "跳过的行 3"]
    assert cells(dialog.tabs.widget(0), 1)[5:8] == ["", "-20.00", "170.00"]
    assert cells(dialog.tabs.widget(1), 0)[:2] == ["6", "日期"]
    assert dialog.tabs.currentIndex() == 1
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert taken_text(page.taken[0]) == "已导入 2 笔分录。"
    assert [one.imported for one in journal_imports(founded, people.clerk)] == [2]
    begin(page, write(tmp_path, *march(account.number)))
    settle()
    qtbot.mouseClick(only(page, JournalDialog).yes, Qt.MouseButton.LeftButton)
    settle()
    assert taken_text(page.taken[1]) == "已导入 0 笔分录，2 笔此前已导入、没有重复保存。"


def test_that_an_account_must_be_chosen(qtbot, account, page, settle, tmp_path):  # E1.2
    begin(page, write(tmp_path, *march("基本户")))
    settle()
    dialog = only(page, JournalDialog)
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert "请选择" in dialog.banner.text()
    assert page.taken == []
    combo = dialog.choices[0]
    combo.setCurrentIndex(combo.findData(account.number))
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert page.taken[0].imported == 2


def test_that_of_several_subjects_one_may_be_left_out(
    qtbot, account, page, settle, tmp_path, founded, people
):
    other = ("科目：1002 银行存款-建行", HEAD, "2026-03-02,记-9,收,丙,3.00,,")
    begin(page, write(tmp_path, *march(account.number), *other))
    settle()
    dialog = only(page, JournalDialog)
    second = dialog.choices[1]
    second.setCurrentIndex(second.count() - 1)
    assert second.currentText() == "不导入这个科目"
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert [one.account for one in journal_imports(founded, people.clerk)] == [account.number]


def test_that_sheets_of_one_subject_take_one_choice(
    qtbot, account, page, settle, tmp_path, founded, people
):
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for month in range(1, 7):
        sheet = book.create_sheet(f"{month}月")
        sheet.append(["科目：1002 银行存款-基本户"])
        sheet.append(HEAD.split(","))
        sheet.append([f"2026-{month:02}-05", "记-1", "货款", "甲公司", month, None, None])
    path = tmp_path / "全年.xlsx"
    book.save(path)
    begin(page, str(path))
    settle()
    dialog = only(page, JournalDialog)
    first = dialog.choices[0]
    first.setCurrentIndex(first.findData(account.number))
    first.activated.emit(first.currentIndex())
    assert {one.currentData() for one in dialog.choices.values()} == {account.number}
    assert dialog.height() <= 800
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert page.taken[0].imported == 6


def test_that_a_file_without_lines_brings_nothing(page, settle, tmp_path):
    begin(page, write(tmp_path, "科目：1002 银行存款", HEAD, ",,期初余额,,,,100.00"))
    settle()
    dialog = only(page, JournalDialog)
    assert not dialog.yes.isEnabled()
    assert "没有可以导入的分录" in dialog.findChild(QLabel, "journal.nothing").text()
    dialog.reject()


def test_that_a_file_that_is_no_journal_is_refused_aloud(page, settle, tmp_path):
    begin(page, write(tmp_path, "姓名,部门", "张三,财务"))
    settle()
    [refusal] = page.refused
    assert isinstance(refusal, Refused)
    assert "名单" not in refusal.message
    assert "日记账.csv" in refusal.message
    assert page.findChildren(JournalDialog) == []


def test_that_a_locked_file_asks_for_its_password(qtbot, account, page, settle, tmp_path):
    plain = write(tmp_path, *march(account.number))
    locked = tmp_path / "日记账.zip"
    with pyzipper.AESZipFile(locked, "w", encryption=pyzipper.WZ_AES) as made:
        made.setpassword(b"123456")
        made.write(plain, "日记账.csv")
    begin(page, str(locked))
    settle()
    asking = only(page, FilePasswordDialog)
    asking.password.setText("123456")
    qtbot.mouseClick(asking.yes, Qt.MouseButton.LeftButton)
    settle()
    settle()
    assert only(page, JournalDialog).choices[0].currentData() == account.number


def test_that_the_file_is_asked_for_and_the_template_handed_out(
    qtbot, page, settle, tmp_path, account
):
    ask = ask_journal(page.context, page, page.taken.append, page.refused.append)
    assert isinstance(ask, QFileDialog)
    ask.fileSelected.emit(write(tmp_path, *march(account.number)))
    ask.reject()
    settle()
    only(page, JournalDialog).reject()
    saved = []
    target = tmp_path / "模板.xlsx"
    ask = ask_template(page.context, page, saved.append, page.refused.append)
    ask.fileSelected.emit(str(target))
    ask.reject()
    settle()
    assert saved == [target]
    assert read_journal(target).books == ()

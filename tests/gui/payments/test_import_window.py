from datetime import date

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import func, select

from app.payments.intake import Field
from app.payments.model import Payment
from ui.payments.import_wizard import ImportWizard

# Rows 2 to 4 of the file: one sound, one whose account is masked, one sound; row 5 is a total.
ROWS = """收款单位,收款账号,付款金额,用途
甲公司,6217001210000001,100.00,货款
乙公司,6217****3333,50.00,货款
丙公司,6217001210000003,200.50,货款
合计,,350.50,
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "付款清单.csv"
    path.write_text(ROWS, encoding="utf-8-sig")
    return path


@pytest.fixture
def wizard(desk, people, qtbot, make_account):
    make_account()
    make_account()
    made = ImportWizard(desk(people.clerk))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.mapping.account.count() == 3)
    return made


def payments(founded):
    with founded.read() as work:
        return work.session.scalar(select(func.count(Payment.id)))


def read(wizard, file, qtbot, *, day=date(2026, 3, 20)):
    wizard.choose(str(file))
    qtbot.waitUntil(lambda: wizard.reading.file is not None)
    wizard.mapping.account.setCurrentIndex(1)
    wizard.mapping.due.set_date(day)
    qtbot.waitUntil(lambda: wizard.reading.preview is not None)


def press(wizard, name, qtbot, ui):
    qtbot.mouseClick(ui.part(wizard, f"payments_import_{name}"), Qt.MouseButton.LeftButton)


def test_a_missing_column_is_marked_and_keeps_from_going_on(  # C1.3
    wizard, file, qtbot, ui
):
    wizard.choose(str(file))
    outlook = ui.part(wizard, "payments_import_outlook")
    qtbot.waitUntil(lambda: "缺少必需的栏目：付款账号、期望付款日" in outlook.text())
    sample = ui.part(wizard, f"payments_import_sample_{Field.PAYER_ACCOUNT}")
    assert sample.text().startswith("缺少此栏")
    assert not ui.part(wizard, "payments_import_next").isEnabled()
    known = ui.part(wizard, f"payments_import_sample_{Field.PAYEE_NAME}")
    assert known.text() == "甲公司 ┊ 乙公司 ┊ 丙公司"


def test_another_column_is_chosen_by_hand(wizard, file, qtbot, ui):  # C1.3
    read(wizard, file, qtbot)
    combo = ui.part(wizard, f"payments_import_column_{Field.SUMMARY}")
    combo.setCurrentIndex(combo.findText("用途"))
    combo.activated.emit(combo.currentIndex())
    qtbot.waitUntil(lambda: wizard.reading.preview is not None)
    drafts = wizard.reading.preview.drafts
    assert [(d.summary, d.purpose) for d in drafts] == [("货款", ""), ("货款", "")]


def test_only_the_right_rows_come_in(wizard, file, founded, qtbot, ui):  # C1.3
    read(wizard, file, qtbot)
    press(wizard, "next", qtbot, ui)
    assert "可导入 2 笔，合计 300.50" in wizard.outcome.said.text()
    assert [one.row for _, one in wizard.outcome.problems.all_rows()] == [3]
    assert [one.row for one in wizard.outcome.skipped.all_rows()] == [5]
    assert payments(founded) == 0
    assert ui.part(wizard, "payments_import_next").text() == "只导入正确的行（2）"
    press(wizard, "next", qtbot, ui)
    done = ui.part(wizard, "payments_import_done_text")
    qtbot.waitUntil(lambda: "已导入 2 笔" in done.text())
    assert payments(founded) == 2


def test_refusing_the_file_stores_nothing(wizard, file, founded, qtbot, ui):  # C1.3
    read(wizard, file, qtbot)
    press(wizard, "next", qtbot, ui)
    press(wizard, "none", qtbot, ui)
    assert not wizard.isVisible()
    assert payments(founded) == 0


def test_the_same_file_again_brings_nothing(  # C1.3
    wizard, file, founded, qtbot, ui, desk, people
):
    read(wizard, file, qtbot)
    press(wizard, "next", qtbot, ui)
    press(wizard, "next", qtbot, ui)
    done = ui.part(wizard, "payments_import_done_text")
    qtbot.waitUntil(lambda: "已导入" in done.text())
    again = ImportWizard(desk(people.clerk))
    again.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: again.mapping.account.count() == 3)
    read(again, file, qtbot)
    press(again, "next", qtbot, ui)
    assert "没有新的付款可以导入" in again.outcome.said.text()
    assert not ui.part(again, "payments_import_next").isEnabled()
    assert payments(founded) == 2


def test_problems_are_written_to_a_file(wizard, file, qtbot, ui, tmp_path):  # C1.3
    read(wizard, file, qtbot)
    press(wizard, "next", qtbot, ui)
    target = tmp_path / "问题.csv"
    wizard.outcome.export(str(target))
    qtbot.waitUntil(lambda: "问题清单已保存" in wizard._banner.text())
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "行号,栏目,问题与处理办法"
    assert lines[1].startswith("3,收款账号,")


def test_a_file_that_is_no_table_says_what_to_do(wizard, tmp_path, qtbot):  # C1.3
    path = tmp_path / "清单.xlsx"
    path.write_bytes(b"%PDF-1.7 not a table")
    wizard.choose(str(path))
    qtbot.waitUntil(wizard._banner.isVisible)
    assert "清单.xlsx" in wizard._banner.text()
    assert wizard.reading.file is None


def test_new_payments_can_be_diagnosed_at_once(wizard, file, qtbot, ui):  # C1.3
    read(wizard, file, qtbot)
    press(wizard, "next", qtbot, ui)
    press(wizard, "next", qtbot, ui)
    diagnose = ui.part(wizard, "payments_import_diagnose")
    qtbot.waitUntil(diagnose.isVisible)
    with qtbot.waitSignal(wizard.diagnose_wanted) as wanted:
        qtbot.mouseClick(diagnose, Qt.MouseButton.LeftButton)
    assert list(wanted.args[0]) == ["FK-20260302-0001", "FK-20260302-0002"]

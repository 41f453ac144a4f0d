"""自动扣款: the register, its filters, and the acts on one agreement."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton

from app.agreements import service
from app.agreements.queries import agreement_detail, agreement_lines
from app.agreements.states import AgreementState
from app.core.money import Money
from tests.support.people import PASSWORD
from ui.admin.identity import IdentityDialog
from ui.agreements.dialogs import DebitDialog
from ui.agreements.form import AgreementForm
from ui.agreements.import_dialog import ImportDialog
from ui.payments.reason_dialog import ReasonDialog


def pick(page, number, settle):
    place = [row.number for row in page.table.all_rows()].index(number)
    page.table.setCurrentIndex(page.table.rows().index(place, 0))
    page.table.select_positions([place])
    look(page, settle)


def look(page, settle):
    """What the side shows once it has read."""
    page.side._read()
    settle()


def press(qtbot, page, name):
    qtbot.mouseClick(page.buttons[name], Qt.MouseButton.LeftButton)


def shown(page):
    return [row.number for row in page.table.all_rows()]


def state(db, people, number):
    return agreement_detail(db, people.auditor, number).line.state


def test_that_an_empty_register_says_what_to_do(people, open_page):  # D1.2
    page = open_page(people.clerk)
    assert "导入" in page._empty.accessibleName()
    assert open_page(people.auditor)._empty.accessibleName().endswith("由经办登记或导入。")


def test_that_what_is_debited_next_comes_first(people, registered, open_page):  # D2.1
    later = registered(payee_name="甲公司", first_debit_on=date(2026, 3, 25))
    never = registered(payee_name="乙公司", ends_on=date(2026, 2, 1))
    soon = registered(payee_name="丙公司", first_debit_on=date(2026, 3, 4))
    page = open_page(people.clerk)
    assert shown(page) == [soon, later, never]
    QAbstractItemModelTester(
        page.table.rows(), QAbstractItemModelTester.FailureReportingMode.Warning
    )
    line = page.table.all_rows()[0]
    texts = {column.key: column.text(line) for column in page.table.rows().columns}
    assert texts["next"] == "2026-03-04（还有 2 天）"
    assert texts["limit"] == "50,000.00"


def test_that_tabs_and_search_narrow_the_register(
    people, registered, open_page, settle
):  # D2.2 D2.4
    power = registered()
    old = registered(payee_name="乙公司", ends_on=date(2026, 2, 1))
    page = open_page(people.clerk)
    page.tabs.select(AgreementState.EXPIRED)
    page._refill()
    assert shown(page) == [old]
    page.tabs.select("ALL")
    page.filter.set_values({"text": "gwsh"})
    settle()
    assert shown(page) == [power]
    page.filter.set_values({"text": "没有这家"})
    settle()
    assert shown(page) == []
    assert "没有符合条件" in page._empty.accessibleName()


def test_that_the_chosen_one_is_shown_whole(founded, people, registered, open_page, settle):  # D2.3
    number = registered(notice_days=30, late_rate="0.0005", contract_no="HT-9")
    debit = service.RecordDebit(number, date(2026, 2, 20), Money.parse("31234.56"), "L1")
    service.record_debit(founded, people.clerk, debit)
    page = open_page(people.clerk)
    assert not page.side.isVisible()
    pick(page, number, settle)
    card = page.side.card
    assert (card.value("payee"), card.value("next")) == (
        "国网上海市电力公司",
        "2026-03-20（还有 18 天）",
    )
    assert (card.value("notice"), card.value("late"), card.value("contract")) == (
        "30 天",
        "0.0005",
        "HT-9",
    )
    [row] = page.side.debits.all_rows()
    assert (row.amount, row.reference) == (Money.parse("31234.56"), "L1")
    assert [one.what for one in page.side.log.entries()] == ["登记自动扣款", "登记自动扣款协议"]


def test_that_an_agreement_is_entered_by_form(
    qtbot, founded, people, account, open_page, settle
):  # D2.1
    page = open_page(people.clerk)
    press(qtbot, page, "add")
    [form] = page.findChildren(AgreementForm)
    for name, text in (
        ("payee_name", "上海城投水务有限公司"),
        ("customer_no", "77001"),
        ("single_limit", "8,000.50"),
        ("starts_on", "2026-03-01"),
        ("first_debit_on", "2026-03-15"),
        ("notice_days", "30"),
    ):
        form.findChild(QLineEdit, f"agreements_form_{name}").setText(text)
    box = form.findChild(QComboBox, "agreements_form_business")
    box.setCurrentIndex(box.findData("00200"))
    qtbot.mouseClick(form.yes, Qt.MouseButton.LeftButton)
    settle()
    [line] = agreement_lines(founded, people.clerk)
    fields = agreement_detail(founded, people.clerk, line.number).fields
    assert (fields.payee_name, fields.business) == ("上海城投水务有限公司", "00200")
    assert (fields.single_limit, fields.notice_days) == (Money.parse("8000.50"), 30)
    assert fields.account_number == account.number
    assert shown(page) == [line.number]
    assert "已登记" in page.banner.text()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("payee_name", "", "收款单位"),
        ("starts_on", "", "生效日"),
        ("starts_on", "13月", "生效日"),
        ("single_limit", "abc", "单笔上限"),
        ("notice_days", "三十", "提前通知天数"),
        ("ends_on", "2020-01-01", "失效日"),
    ],
)
def test_that_a_bad_field_is_named_and_nothing_typed_is_lost(
    qtbot, founded, people, account, open_page, settle, name, text, said
):  # D2.1
    page = open_page(people.clerk)
    form = page.add()
    good = {"payee_name": "甲公司", "starts_on": "2026-03-01", "note": "手工录入"}
    for key, value in {**good, name: text}.items():
        form.findChild(QLineEdit, f"agreements_form_{key}").setText(value)
    qtbot.mouseClick(form.yes, Qt.MouseButton.LeftButton)
    settle()
    assert said in form.banner.text()
    assert form.isVisible()
    assert form.findChild(QLineEdit, "agreements_form_note").text() == "手工录入"
    assert agreement_lines(founded, people.clerk) == []
    form.reject()


def test_that_a_change_needs_its_reason(
    qtbot, founded, people, registered, open_page, settle
):  # D2.3
    number = registered()
    page = open_page(people.clerk)
    pick(page, number, settle)
    press(qtbot, page, "change")
    settle()
    [form] = page.findChildren(AgreementForm)
    form.findChild(QLineEdit, "agreements_form_single_limit").setText("80000")
    qtbot.mouseClick(form.yes, Qt.MouseButton.LeftButton)
    settle()
    assert "修改原因" in form.banner.text()
    form.reason.setText("补充协议")
    qtbot.mouseClick(form.yes, Qt.MouseButton.LeftButton)
    settle()
    detail = agreement_detail(founded, people.clerk, number)
    assert detail.fields.single_limit == Money.parse("80000")
    look(page, settle)
    assert page.side.card.value("single") == "80,000.00"


def test_that_a_debit_is_noted(qtbot, founded, people, registered, open_page, settle):  # D2.3
    number = registered()
    page = open_page(people.clerk)
    pick(page, number, settle)
    press(qtbot, page, "debit")
    [dialog] = page.findChildren(DebitDialog)
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    assert "请填写" in dialog.banner.text()
    dialog.day.setText("2026-02-20")
    dialog.amount.line.setText("31,234.56")
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    settle()
    [debit] = agreement_detail(founded, people.clerk, number).debits
    assert (debit.debited_on, debit.amount) == (date(2026, 2, 20), Money.parse("31234.56"))


def give_reason(qtbot, page, text, settle):
    [dialog] = page.findChildren(ReasonDialog)
    dialog.findChild(QPlainTextEdit, "payments_reason_text").setPlainText(text)
    yes = dialog.findChild(QPushButton, "payments_reason_yes")
    qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    settle()


def test_that_one_is_suspended_by_the_clerk_and_reinstated_by_a_supervisor(
    qtbot, founded, people, registered, open_page, settle
):  # D2.4
    number = registered()
    page = open_page(people.clerk)
    pick(page, number, settle)
    assert "权限" in page.buttons["reinstate"].toolTip()
    press(qtbot, page, "suspend")
    give_reason(qtbot, page, "对账有争议", settle)
    assert state(founded, people, number) is AgreementState.SUSPENDED
    assert "通知银行" in page.banner.text()
    chief = open_page(people.supervisor)
    pick(chief, number, settle)
    press(qtbot, chief, "reinstate")
    [identity] = chief.findChildren(IdentityDialog)
    identity.password.setText(PASSWORD)
    identity.confirm()
    settle()
    give_reason(qtbot, chief, "已对清", settle)
    assert state(founded, people, number) is AgreementState.ACTIVE


def test_that_what_is_over_is_not_offered_with_the_reason(
    people, registered, open_page, settle
):  # D2.4
    number = registered(ends_on=date(2026, 2, 1))
    page = open_page(people.clerk)
    pick(page, number, settle)
    for name in ("change", "suspend"):
        assert not page.buttons[name].isEnabled()
        assert page.buttons[name].toolTip() == f"{number} 当前为“已失效”，不能办理。"


def test_that_the_auditor_reads_and_changes_nothing(people, registered, open_page, settle):  # D1.3
    number = registered()
    page = open_page(people.auditor)
    pick(page, number, settle)
    for name in ("add", "import", "change", "debit", "suspend", "reinstate"):
        assert not page.buttons[name].isEnabled()
        assert "权限" in page.buttons[name].toolTip()


def test_that_a_list_is_looked_at_before_it_comes_in(
    qtbot, founded, people, account, open_page, settle, tmp_path
):  # D2.1
    path = tmp_path / "协议.csv"
    path.write_text(
        "银行协议号,付款账号,收款单位,费用类型,生效日期\n"
        f"A-1,{account.number},甲公司,电费,2026-01-01\n"
        f"A-2,{account.number},乙公司,话费,2026-01-01\n"
        "合计,,,,\n",
        encoding="utf-8",
    )
    page = open_page(people.clerk)
    dialog = page.import_file(str(path))
    settle()
    assert "可导入 1 份协议" in dialog.said.text()
    assert [one.fields.payee_name for one in dialog.rows.all_rows()] == ["甲公司"]
    assert [one[1].field for one in dialog.problems.all_rows()] == ["业务种类"]
    assert [one.row for one in dialog.skipped.all_rows()] == [4]
    assert agreement_lines(founded, people.clerk) == []
    dialog.take_in()
    settle()
    assert [one.payee for one in agreement_lines(founded, people.clerk)] == ["甲公司"]
    assert "已导入 1 份" in page.banner.text()


def test_that_a_file_which_is_no_table_is_named(people, open_page, settle, tmp_path):  # D2.1
    path = tmp_path / "合同.pdf"
    path.write_bytes(b"%PDF-1.7 nothing")
    page = open_page(people.clerk)
    dialog = page.import_file(str(path))
    settle()
    assert isinstance(dialog, ImportDialog)
    assert "合同.pdf" in dialog.banner.text()
    dialog.reject()


def test_that_the_template_is_written(people, open_page, settle, tmp_path):  # D2.1
    dialog = open_page(people.clerk).import_file()
    dialog.write_template(str(tmp_path / "模板.xlsx"))
    settle()
    assert (tmp_path / "模板.xlsx").is_file()
    assert "模板已保存" in dialog.banner.text()
    dialog.reject()


def test_that_a_page_opens_at_the_agreement_that_was_asked_for(
    people, registered, open_page, settle
):  # D1.2
    registered(payee_name="甲公司")
    wanted = registered(payee_name="乙公司")
    page = open_page(people.clerk)
    page.show_argument(wanted)
    settle()
    assert [row.number for row in page.table.selected_rows()] == [wanted]

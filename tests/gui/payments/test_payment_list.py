import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from sqlalchemy import select

from app.payments.listing import Tab
from app.payments.model import Payment
from app.payments.offers import Offer
from ui.payments.detail_dialog import DetailDialog


def shown(page):
    rows = page.table.rows().rows_between(0, page.table.totals.count)
    return [row.number for row in rows]


@pytest.fixture
def three(make_payment, make_payee, make_account, people, stop):
    """Two ready payments of 1,000.00 and 300.00, one of 2,500.00 that is stopped."""
    huafeng = make_payee(
        name="上海华峰新材料", initials="shhfxcl", pinyin="shanghaihuafengxincailiao"
    )
    account = make_account()
    first = make_payment(account=account, made_by=people.clerk, order_no="PO-77")
    second = make_payment(account=account, amount_minor=30_000, made_by=people.clerk, payee=huafeng)
    third = make_payment(account=account, amount_minor=250_000, made_by=people.clerk)
    stop(third)
    return first, second, third


def test_each_tab_shows_count_and_sum(three, show_list, people, ui):  # C1.3
    page, _ = show_list(people.clerk)
    assert ui.tab(page, Tab.ALL) == "全部 3 笔 3,800.00"
    assert ui.tab(page, Tab.READY) == "待执行 2 笔 1,300.00"
    assert ui.tab(page, Tab.STOPPED) == "已停止 1 笔 2,500.00"
    assert ui.tab(page, Tab.EXECUTED) == "已执行 0 笔 0.00"


def test_a_tab_lists_only_its_payments(three, show_list, people, qtbot, ui):  # C1.3
    page, _ = show_list(people.clerk)
    qtbot.mouseClick(ui.part(page, f"payments_tabs_{Tab.STOPPED}"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(page) == [three[2].number])


def test_the_bar_filters_by_several_statuses(three, show_list, people, qtbot):  # C2.1
    page, _ = show_list(people.clerk)
    page.filter.set_values({"status": ("STOPPED", "PAUSED")})
    qtbot.waitUntil(lambda: shown(page) == [three[2].number])


def test_a_payee_is_found_by_pinyin_initials(three, show_list, people, qtbot, ui, settle):  # C2.1
    page, _ = show_list(people.clerk)
    field = ui.part(page, "payments_filter_text_text")
    qtbot.keyClicks(field, "shhf")
    qtbot.waitUntil(lambda: shown(page) == [three[1].number])
    # The tabs are counted after the list is there.
    settle()
    assert ui.tab(page, Tab.ALL) == "全部 1 笔 300.00"


def test_a_saved_filter_brings_its_conditions_back(three, show_list, people, qtbot):  # C2.1
    page, _ = show_list(people.clerk)
    page.filter.bar.save_requested.emit("华峰", {"text": "shhf"})
    qtbot.waitUntil(lambda: [one.name for one in page.filter.bar._saved] == ["华峰"])
    page.filter.bar.apply_saved("华峰")
    qtbot.waitUntil(lambda: shown(page) == [three[1].number])


def test_an_account_filter_survives_until_the_accounts_are_known(  # C2.1
    three, desk, people, show, qtbot, make_account, make_payment
):
    from ui.payments.list_page import PaymentsPage

    other = make_account()
    wanted = make_payment(account=other, made_by=people.clerk)
    context = desk(people.clerk)
    page = PaymentsPage(context)
    page.filter.set_values({"account": (other.number,)})
    show(page, context)
    qtbot.waitUntil(lambda: shown(page) == [wanted.number])


def test_the_foot_sums_what_is_selected(three, show_list, people, pick, ui):  # C1.3
    page, _ = show_list(people.clerk)
    pick(page, three[1].number, three[2].number)
    assert page.foot.text() == "共 3 笔，合计 3,800.00　　已选 2 笔 合计 2,800.00"


def test_a_click_on_the_heading_sorts_by_amount(three, show_list, people, qtbot):  # C1.3
    page, _ = show_list(people.clerk)
    header = page.table.horizontalHeader()
    columns = [column.key for column in page.table.rows().columns]
    at = header.sectionViewportPosition(columns.index("amount")) + 20
    qtbot.mouseClick(
        header.viewport(),
        Qt.MouseButton.LeftButton,
        pos=header.viewport().rect().center().__class__(at, header.height() // 2),
    )
    wanted = [three[1].number, three[0].number, three[2].number]
    qtbot.waitUntil(lambda: shown(page) == wanted)


def test_selection_stays_when_another_desk_acted(  # C1.3
    three, show_list, people, pick, qtbot, stop, ui
):
    page, context = show_list(people.clerk)
    pick(page, three[1].number)
    stop(three[0])
    context.changed.emit()
    qtbot.waitUntil(lambda: ui.tab(page, Tab.STOPPED) == "已停止 2 笔 3,500.00")
    assert [row.number for row in page.table.selected_rows()] == [three[1].number]
    assert page.table.current_row().number == three[1].number


def test_the_next_sensible_act_stands_out(three, show_list, people, pick, ui):  # C3.1
    page, _ = show_list(people.clerk)
    pick(page, three[2].number)
    assert page.bar.button(Offer.RESUME).property("kind") == "primary"
    assert page.bar.button(Offer.BANK).property("kind") == ""
    pick(page, three[0].number)
    assert page.bar.button(Offer.BANK).property("kind") == "primary"
    assert page.bar.button(Offer.BANK).text() == "提交银行"


def test_a_disabled_act_says_why(three, show_list, people, pick):  # C3.1
    page, _ = show_list(people.auditor)
    pick(page, three[2].number)
    button = page.bar.button(Offer.RESUME)
    assert not button.isEnabled()
    assert button.toolTip() == "您没有“申请恢复付款”权限。"


def test_resume_and_bank_go_to_their_pages(three, show_list, people, pick, qtbot):  # C3.1
    page, context = show_list(people.clerk)
    pick(page, three[2].number)
    with qtbot.waitSignal(context.navigate) as gone:
        qtbot.mouseClick(page.bar.button(Offer.RESUME), Qt.MouseButton.LeftButton)
    assert gone.args == ["resume", three[2].number]
    pick(page, three[0].number)
    with qtbot.waitSignal(context.navigate) as gone:
        qtbot.mouseClick(page.bar.button(Offer.BANK), Qt.MouseButton.LeftButton)
    assert gone.args == ["bank_result", three[0].number]


def test_the_whole_filter_is_exported(three, show_list, people, qtbot, tmp_path, settle):  # C1.3
    page, _ = show_list(people.clerk)
    qtbot.mouseClick(
        page.findChild(type(page.bar.button(Offer.EXPORT)), "payments_acts_export"),
        Qt.MouseButton.LeftButton,
    )
    ask = page.findChild(QFileDialog, "payments_export_file")
    target = tmp_path / "清单.csv"
    ask.fileSelected.emit(str(target))
    ask.close()
    qtbot.waitUntil(lambda: "已导出 3 行" in page.banner.text())
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["指令号"]: row["金额"] for row in rows} == {
        three[0].number: "1000.00",
        three[1].number: "300.00",
        three[2].number: "2500.00",
    }


def test_diagnosing_the_selection_says_what_was_found(  # C3.1
    three, show_list, people, pick, qtbot
):
    page, _ = show_list(people.clerk)
    pick(page, three[2].number)
    qtbot.mouseClick(page.bar.button(Offer.DIAGNOSE), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "已诊断 1 笔" in page.banner.text())
    qtbot.waitUntil(lambda: page.side.view.causes.shown() is not None)
    reasons = [cause.reason for cause in page.side.view.causes.shown().causes]
    assert "MANUAL_PAUSE" in reasons


def test_submitting_several_drafts_at_once(  # C3.1
    make_payment, show_list, people, pick, qtbot, founded
):
    drafts = [make_payment(stage="DRAFT", made_by=people.clerk) for _ in range(2)]
    page, _ = show_list(people.clerk)
    pick(page, *[one.number for one in drafts])
    qtbot.mouseClick(page.bar.button(Offer.SUBMIT), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "已提交审批 2 笔" in page.banner.text())
    with founded.read() as work:
        assert set(work.session.scalars(select(Payment.stage))) == {"PENDING_REVIEW"}


def test_an_empty_database_says_how_to_begin(show_list, people, ui):  # C1.3
    page, _ = show_list(people.clerk)
    assert "导入" in ui.part(page, "payments_empty_text").text()
    assert ui.part(page, "payments_empty_action").isVisible()


def test_a_number_is_gone_to(three, show_list, people, qtbot):  # C3.1
    page, _ = show_list(people.clerk)
    page.show_argument(three[1].number)
    qtbot.waitUntil(lambda: shown(page) == [three[1].number])
    qtbot.waitUntil(lambda: page.table.selected_count() == 1)
    assert page.table.current_row().number == three[1].number


def test_enter_opens_the_payment(three, show_list, people, pick, qtbot, ui):  # C3.1
    page, _ = show_list(people.clerk)
    pick(page, three[0].number)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(ui.dialog(), DetailDialog))
    assert three[0].number in ui.dialog().windowTitle()
    ui.dialog().reject()

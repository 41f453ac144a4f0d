from dataclasses import replace

import pytest

from app.core.money import Money
from app.documents.balance_sheet import FEW, balance_sheet_document, balance_sheet_pdf
from app.documents.balance_values import BalanceSheet, OpenKind, SheetState
from app.documents.preview import page_text
from tests.support.reconciled import HEAD, ITEMS, balance_sheet, many_items


def pages(sheet, book):
    made = balance_sheet_pdf(sheet, book)
    return ["".join(page_text(made.data, page).split()) for page in range(made.pages)]


def test_that_the_sheet_tells_both_sides_on_one_page(book):  # E1.2
    (page,) = pages(balance_sheet(), book)
    for told in (
        "编制单位华东精密仪器（苏州）有限公司",
        "开户行中国工商银行股份有限公司苏州工业园区支行",
        "账号1102020409000123456",
        "币种CNY",
        "2026年2月28日单位：元",
        "编号、版次YE-2026-0002（第1版）",
        "状态已复核",
        "企业银行存款日记账余额3,256,480.15银行对账单余额3,347,901.77",
        "加：银行已收、企业未收（2笔）129,204.36加：企业已收、银行未收（1笔）50,000.00",
        "减：银行已付、企业未付（1笔）36,720.74减：企业已付、银行未付（1笔）48,938.00",
        "调节后余额3,348,963.77调节后余额3,348,963.77",
        "调节后余额相等，差额0.00，平衡。",
        "编制人：王晓敏2026-03-0209:12",
        "复核人：李卫国2026-03-0214:40",
        "财务主管：赵雅琴",
        "不是记账凭证，不得据以调整账面记录",
        "第1页共1页",
    ):
        assert told in page
    for item in ITEMS:
        assert item.reference in page
        assert item.amount.display() in page
        assert item.party[:6] in page


def test_that_a_difference_is_told_with_where_to_look(book):  # E1.2
    hints = ("银行多扣 5.50 元，查手续费", "差额可被 9 整除，查数字倒置")
    (page,) = pages(balance_sheet(book=HEAD.book - Money(550), hints=hints), book)
    assert "不平，差额（企业−银行）-5.50元。未查明前不能完成。" in page
    assert "1.银行多扣5.50元，查手续费2.差额可被9整除，查数字倒置" in page
    assert "平衡。" not in page


def test_that_nobody_takes_an_unreviewed_sheet_for_a_final_one(book):  # E1.2
    for state in (SheetState.DRAFT, SheetState.PENDING):
        sheet = balance_sheet(state=state, reviewed=None)
        assert balance_sheet_document(sheet).watermark == state.value
        assert f"状态{state.value}" in pages(sheet, book)[0]
    assert balance_sheet_document(balance_sheet()).watermark == ""
    assert balance_sheet_document(balance_sheet(drill=True)).watermark == "演练"


def test_that_many_open_items_go_on_over_further_pages(book):  # E1.2
    items = many_items(320)
    found = pages(BalanceSheet(HEAD, items), book)
    whole = "".join(found)
    assert [item.reference for item in items if item.reference not in whole] == []
    for kind in OpenKind:
        total = BalanceSheet(HEAD, items).adjusted.totals[kind].display()
        assert f"合计{total}" in whole.replace(f"：80笔，合计{total}", "")
    assert all(f"第{at}页共{len(found)}页" in page for at, page in enumerate(found, start=1))
    assert all("序号日期摘要凭证号/流水号对方金额天数" in page for page in found)
    assert "签名：" in found[0]


def test_that_the_items_move_to_a_list_of_their_own_when_one_kind_has_many(book):  # E1.2
    few = BalanceSheet(HEAD, many_items(4 * FEW))
    assert "未达账项明细" not in "".join(pages(few, book))
    more = BalanceSheet(HEAD, many_items(4 * FEW + 1))
    assert "未达账项明细" in "".join(pages(more, book))


@pytest.mark.parametrize(("currency", "told"), [("USD", "单位：USD"), ("JPY", "单位：JPY")])
def test_that_a_foreign_account_is_told_in_its_own_currency(currency, told, book):  # E1.2
    head = replace(
        HEAD, currency=currency, book=Money(12345, currency), bank_balance=Money(12345, currency)
    )
    (page,) = pages(BalanceSheet(head, ()), book)
    assert told in page
    assert Money(12345, currency).display() in page


def test_that_the_same_sheet_gives_the_same_bytes(book):  # E1.2
    sheet = balance_sheet()
    assert balance_sheet_pdf(sheet, book).data == balance_sheet_pdf(sheet, book).data

"""Statements and a journal come in at the real windows, and end as a reviewed table and a workbook."""

from datetime import timedelta

import pytest

from app.agreements import service
from app.agreements.fields import AgreementFields
from app.core.money import Money
from app.documents.reconciliation_book import (
    BANK_ADJUSTED_CELL,
    BANK_CELL,
    BOOK_ADJUSTED_CELL,
    BOOK_CELL,
    CHECK_CELL,
)
from app.payments import answers, sending
from app.payments.answers import BankAnswer
from app.payments.attempts import BankResult
from app.payments.detail import payment_detail
from app.payments.diagnosis.facts import SystemFacts
from app.reconciliation import sheets
from app.reconciliation.leftovers import AlarmKind
from app.reconciliation.states import SheetState
from tests.support import office
from tests.support.people import PASSWORD

HEAD = "交易日期,收入,支出,余额,对方户名,对方账号,摘要,交易流水号"
POWER, ACCOUNT = "上海临江供电有限公司", "31050161393600000123"
CUSTOMER = "苏州明远电子有限公司"
OPENING = 1_000_000_00


@pytest.fixture
def paid(founded, people, company, make_payment):
    """Two payments that the bank answered as executed."""

    def pay(amount):
        payment = make_payment(account=company, made_by=people.clerk, amount_minor=amount)
        version = payment_detail(founded, people.clerk, payment.number).line.version
        sending.write_attempt(founded, people.clerk, payment.number, version, SystemFacts())
        answer = BankAnswer(payment.number, "", "", f"HD{payment.id}", BankResult.SUCCEEDED)
        answers.record_answer(founded, people.clerk, answer)
        return payment

    return pay(12_000_50), pay(800_00)


@pytest.fixture
def ended(founded, people, company, today):
    """An agreement whose last day is over."""
    fields = AgreementFields(
        account_number=company.number,
        payee_name=POWER,
        starts_on=today - timedelta(days=400),
        ends_on=today - timedelta(days=20),
        payee_account=ACCOUNT,
        amount=Money.parse("46300"),
        first_debit_on=today - timedelta(days=380),
    )
    return service.register(founded, people.clerk, fields)


def text(minor):
    return f"{minor / 100:.2f}"


def write_statement(path, account, opening, lines):
    """Lines (day, minor, name, account, text, serial) with running balances; its closing balance."""
    balance, rows = opening, []
    for on, minor, name, number, said, serial in lines:
        balance += minor
        sides = f"{text(minor)}," if minor > 0 else f",{text(-minor)}"
        rows.append(f"{on},{sides},{text(balance)},{name},{number},{said},{serial}")
    head = f"账号,{account}\n期初余额,{text(opening)}"
    path.write_text("\n".join((head, HEAD, *rows)), encoding="gb18030")
    return balance


def write_journal(path, account, lines):
    balance, rows = OPENING, [f"{lines[0][0]},,期初余额,,,借,{text(OPENING)}"]
    for on, voucher, said, minor in lines:
        balance += minor
        sides = f"{text(minor)}," if minor > 0 else f",{text(-minor)}"
        rows.append(f"{on},{voucher},{said},{sides},借,{text(balance)}")
    head = f"银行存款日记账\n科目：1002 银行存款 {account}\n日期,凭证号,摘要,借方,贷方,方向,余额"
    path.write_text("\n".join((head, *rows)), encoding="utf-8-sig")
    return balance


@pytest.fixture
def files(tmp_path, company, today, paid, ended):
    """Two statements that overlap by a debit, and the journal; with both closing balances."""
    day = [today - timedelta(days=back) for back in range(7)]
    income = (day[5], 5_000_00, CUSTOMER, "", "货款", "S1")
    debit = (day[1], -46_300_00, POWER, ACCOUNT, "批量代扣", "S2")
    lines = [
        (today, -one.amount_minor, one.payee_name, one.payee_account, one.number, f"S{at}")
        for at, one in enumerate(paid, 3)
    ]
    again = (*lines[0][:5], "S9")
    fee = (today, -36_00, "", "", "网银服务费", "S10")
    first, second, book = tmp_path / "一.csv", tmp_path / "二.csv", tmp_path / "日记账.csv"
    write_statement(first, company.number, OPENING, [income, debit])
    bank = write_statement(second, company.number, OPENING + 5_000_00, [debit, *lines, again, fee])
    ours = write_journal(
        book,
        company.number,
        [
            (day[5], "记-1", f"收{CUSTOMER}货款", 5_000_00),
            *(
                (today, f"记-{at}", f"付{one.payee_name}货款", -one.amount_minor)
                for at, one in enumerate(paid, 2)
            ),
            (today, "记-9", "开出支票", -200_00),
        ],
    )
    return first, second, book, bank, ours


def bring(clerk, page, button, asking, dialog, file):
    clerk.press(button, page)
    clerk.choose_file(asking, file)
    clerk.press(f"{dialog}.yes", clerk.dialog(dialog))
    clerk.wait(lambda: "导入" in page.banner.text())
    said = page.banner.text()
    clerk.settle()
    page.banner.clear()
    return said


def match(clerk, page, paid, today):
    """Keep what is sure, look at the alarms, take the likely ones."""
    page.since.set_date(today - timedelta(days=6))
    page.until.set_date(today)
    page.look()
    clerk.settle()
    clerk.press("reconcile_run", page)
    clerk.wait(lambda: "新勾对" in page.banner.text())
    clerk.settle()
    kinds = {row.alarm.kind for row in page.alarms.all_rows()}
    assert kinds == {AlarmKind.EXECUTED_TWICE, AlarmKind.DEBITED_CANCELLED}
    numbers = {f"{one.number}/1" for one in paid}
    assert {key for row in page.kept.all_rows() for key in row.pairing.ours} == numbers
    clerk.turn_to(page.side_choice, "日记账")
    clerk.settle()
    # What is only likely is taken by hand.
    while page.proposals.all_rows():
        page.proposals.selectRow(0)
        clerk.press("reconcile_accept", page)
        clerk.settle()
    assert len(page.kept.all_rows()) == 3


def draw_up(founded, people, supervisor, chief, today):
    """Prepared by one, reviewed by another."""
    listed = supervisor.go("sheets")
    supervisor.press("sheets_prepare", listed)
    dialog = supervisor.dialog("prepare_sheet")
    dialog.on.set_date(today)
    dialog.draw()
    supervisor.wait(lambda: "两边相符" in dialog.drawn.text())
    supervisor.press("prepare_sheet.yes", dialog)
    supervisor.wait(lambda: len(listed.table.all_rows()) == 1)
    [line] = sheets.listing(founded, people.supervisor)
    assert line.state is SheetState.PREPARED

    listed = chief.go("sheets")
    chief.click_row(listed.table, lambda row: row.number == line.number)
    chief.press("sheets_review", listed)
    asked = chief.dialog("identity")
    chief.qtbot.keyClicks(asked.password, PASSWORD)
    chief.prove(asked)
    chief.press("review_sheet.yes", chief.dialog("review_sheet"))
    chief.wait(lambda: sheets.listing(founded, people.cfo)[0].state is SheetState.REVIEWED)
    chief.settle()
    return line


def test_statements_journal_table_review_workbook(
    founded, people, company, seat, files, paid, today, tmp_path, promises
):  # E1.1 E1.2 E1.4 E3.5
    first, second, book, bank, ours = files
    clerk = seat("clerk")
    page = clerk.go("reconcile")
    clerk.wait(page.empty.isVisible)
    said = bring(clerk, page, "reconcile_import", "reconcile_ask", "statement", first)
    assert "已导入 2 笔交易" in said
    assert "发现 1 笔终止或暂停后的扣款" in said
    said = bring(clerk, page, "reconcile_import", "reconcile_ask", "statement", second)
    assert "已导入 4 笔交易，跳过" in said
    bring(clerk, page, "reconcile_journal", "journal_ask", "journal", book)

    match(clerk, page, paid, today)
    line = draw_up(founded, people, seat("supervisor"), seat("cfo"), today)
    assert (line.bank, line.book) == (bank, ours)
    page = clerk.go("reconcile")
    clerk.press("reconcile_workbook", page)
    target = tmp_path / "对账.xlsx"
    clerk.choose_file("reconcile_workbook_ask", target)
    clerk.wait(lambda: "已导出" in page.banner.text())
    clerk.settle()
    front = office.recalculated(office.uncached(target))["余额调节表"]
    extra = 46_300_00 + paid[0].amount_minor + 36_00
    assert front[BANK_CELL].value == pytest.approx(bank / 100)
    assert front[BOOK_CELL].value == pytest.approx(ours / 100)
    assert front[BOOK_ADJUSTED_CELL].value == pytest.approx((ours - extra) / 100)
    assert front[BANK_ADJUSTED_CELL].value == pytest.approx((bank - 200_00) / 100)
    assert front[CHECK_CELL].value == "平衡"
    assert "已复核" in front["C4"].value
    promises()

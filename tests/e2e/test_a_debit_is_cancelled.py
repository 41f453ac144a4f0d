"""Automatic debits end in the real windows: asked, approved, written, mailed, answered, watched."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from app.agreements import service
from app.agreements.fields import AgreementFields
from app.agreements.flow import Step
from app.agreements.letter_view import SlotState, letter_file, letter_slots
from app.agreements.queries import agreement_detail, agreement_lines
from app.agreements.states import AgreementState
from app.agreements.watch.deciding import hit_lines
from app.agreements.watch.states import HitState
from app.core.money import Money
from app.documents.preview import page_count, page_text, render_page
from app.letters.setup import Security, Setup, save_setup
from app.letters.states import Party
from tests.support.mail import Box, serve
from tests.support.people import PASSWORD

POWER, WATER, RENT = "上海临江供电有限公司", "上海临江水务有限公司", "上海浦建设备租赁有限公司"
ACCOUNT = "31050161393600000123"


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def agreements(founded, people, company, today, box):
    """One that debits in three days, one by month, one that is over; and a mail server."""
    controller, server = serve(box)
    setup = Setup(
        "华精财函",
        "王会计",
        "021-58001234",
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_security=Security.NONE,
        sender="cw@huadong.example",
    )
    save_setup(founded, people.cfo, setup)
    usual = AgreementFields(
        account_number=company.number,
        payee_name=POWER,
        starts_on=today - timedelta(days=400),
        bank_no="SQ202501010001",
        payee_account=ACCOUNT,
        amount=Money.parse("46300"),
        first_debit_on=today + timedelta(days=3),
    )
    wanted = (
        usual,
        replace(
            usual,
            payee_name=WATER,
            bank_no="SQ202501010002",
            payee_account="",
            first_debit_on=today + timedelta(days=25),
        ),
        replace(
            usual,
            payee_name=RENT,
            bank_no="SQ202501010003",
            payee_account="",
            ends_on=today - timedelta(days=9),
            first_debit_on=today - timedelta(days=390),
        ),
    )
    yield [service.register(founded, people.clerk, fields) for fields in wanted]
    controller.stop()


def prove(seat):
    identity = seat.dialog("identity")
    seat.qtbot.keyClicks(identity.password, PASSWORD)
    seat.qtbot.keyClick(identity.password, Qt.Key.Key_Return)


def ask(clerk, numbers):
    """The wizard from the register to its last step."""
    register = clerk.go("agreements")
    clerk.wait(lambda: len(register.table.all_rows()) == len(numbers))
    register.table.selectAll()
    clerk.press("agreements_cancel", register)
    wizard = clerk.desk.main.pages.page("cancel")
    clerk.wait(lambda: len(wizard.verify.table.all_rows()) == len(numbers))
    clerk.settle()
    over = [row for row in wizard.verify.table.all_rows() if row.why_not]
    assert [row.payee for row in over] == [RENT]
    wizard.verify.table.rows().tick(
        [row for row in wizard.verify.table.all_rows() if not row.why_not]
    )
    clerk.press("cancel.next", wizard)
    clerk.settle()
    flights = {row.payee: len(row.impact.in_flight) for row in wizard.impact.table.all_rows()}
    assert flights == {POWER: 1, WATER: 0}
    clerk.press("cancel.next", wizard)
    clerk.write(wizard.plan.reason, "改为每月对账后付款")
    clerk.turn_to(wizard.plan.owner, "clerk")
    wizard.plan.owner.activated.emit(wizard.plan.owner.currentIndex())
    clerk.press("cancel.next", wizard)
    clerk.press("cancel.next", wizard)
    [asked] = wizard.findChildren(QMessageBox)
    clerk.press("confirm_yes", asked)
    prove(clerk)
    clerk.wait(lambda: wizard.step() is Step.DONE)
    clerk.settle()
    return wizard.done.facts.value("number")


def approve(boss, form_no):
    inbox = boss.go("inbox")
    boss.click_row(inbox.table, lambda row: row.subject == form_no)
    boss.settle()
    boss.press("inbox.approve", inbox)
    prove(boss)
    boss.wait(lambda: all(row.subject != form_no for row in inbox.table.all_rows()))


def issue(clerk):
    page = clerk.go("letters")
    clerk.press("letters_issue", page)
    clerk.wait(lambda: [row.state for row in page.table.all_rows()] == [SlotState.READY] * 3)
    clerk.settle()
    return page


def mail(clerk, page, slot, address):
    clerk.click_row(page.table, lambda row: row.number == slot.number)
    clerk.press("letters_mail", page)
    dialog = clerk.dialog("letters_mail")
    clerk.write(dialog.recipient, address)
    clerk.press("letters_mail.yes", dialog)
    clerk.wait(lambda: f"{slot.number} 已发送" in page.banner.text())
    clerk.settle()


def answer(clerk, page, slot, today):
    clerk.click_row(page.table, lambda row: row.number == slot.number)
    clerk.press("letters_answer", page)
    dialog = clerk.dialog("agreements_answer")
    dialog.effective.set_date(today)
    clerk.write(dialog.person, "李柜员 021-58110022")
    clerk.write(dialog.evidence, "盖章回执原件，存档 H-12")
    clerk.press("agreements_answer.yes", dialog)
    clerk.wait(lambda: "的答复已登记" in page.banner.text())
    clerk.settle()


def same_pages(one, other):
    """Whether two files look alike, page by page, and show something."""
    count = page_count(one)
    assert count == page_count(other)
    for page in range(count):
        first, second = render_page(one, page, 60), render_page(other, page, 60)
        assert first.rgba == second.rgba
        assert set(first.rgba[::4]) != {255}
    return count


def check_mails(founded, people, box, bank, payees):
    """What arrived, and that it is what was issued."""
    first, *others = box.messages
    names = [part.get_filename() for part in first.iter_attachments()]
    assert names == [f"{bank.number}.pdf", f"取消自动扣款申请单 {bank.subject}.pdf"]
    for message, slot in zip((first, *others), (bank, *payees), strict=True):
        sent = next(message.iter_attachments()).get_content()
        _, issued = letter_file(founded, people.clerk, slot.number)
        assert sent == issued
        assert same_pages(sent, issued) >= 2
        text = "".join(page_text(sent, page) for page in range(page_count(sent)))
        assert slot.number in text.replace("\n", "")


def bring_debit(clerk, statement):
    """A statement with a forbidden debit: confirmed, made an incident, asked back by letters."""
    watch = clerk.go("watch")
    clerk.press("watch_import", watch)
    clerk.choose_file("watch_ask", statement)
    clerk.press("statement.yes", clerk.dialog("statement"))
    clerk.wait(lambda: "发现 1 笔终止或暂停后的扣款" in watch.banner.text())
    clerk.settle()
    clerk.click_row(watch.table, lambda row: row.payee == POWER)
    clerk.press("watch_confirm", watch)
    asked = clerk.dialog("payments_reason")
    clerk.write(asked._reason, "李柜员确认系收款单位以新协议号发起")
    clerk.press("payments_reason_yes", asked)
    clerk.wait(lambda: "已确认" in watch.banner.text())
    clerk.settle()
    clerk.click_row(watch.table, lambda row: row.payee == POWER)
    clerk.press("watch_incident", watch)
    dialog = clerk.dialog("incident_open")
    clerk.write(dialog.text, "导入流水时发现，协议编号已改")
    clerk.press("incident_open.yes", dialog)
    clerk.wait(lambda: "已转入应急事件" in watch.banner.text())
    clerk.settle()
    clerk.click_row(watch.table, lambda row: row.payee == POWER)
    clerk.press("watch_dispute", watch)
    sheet = clerk.dialog("sheet")
    clerk.wait(lambda: sheet.view.page_count() >= 4)
    sheet.close()
    return watch


def take_incident(clerk, hit):
    """Somebody is responsible for it from now on, and its story stands there."""
    incidents = clerk.go("incidents")
    clerk.wait(lambda: [row.hits for row in incidents.table.all_rows()] == [(hit.number,)])
    clerk.settle()
    clerk.click_row(incidents.table, lambda row: row.hits == (hit.number,))
    clerk.press("incidents_take", incidents)
    clerk.wait(lambda: "由您负责" in incidents.banner.text())
    clerk.settle()
    told = [entry.what for entry in incidents.timeline.entries()]
    assert {"发现异常扣款", "发现并建立事件", "生成函件", "负责人"} <= set(told)


def test_debits_end_and_what_comes_afterwards_is_caught(  # D2.4 D3.3 D4.3 D4.4 D5.1 D5.2 D5.3 D5.5 E1.4 E1.5
    seat, agreements, founded, people, company, today, tmp_path, box
):
    clerk, boss = seat("clerk"), seat("supervisor")
    form_no = ask(clerk, agreements)
    approve(boss, form_no)

    page = issue(clerk)
    bank, *payees = letter_slots(founded, people.clerk)
    assert (bank.party, len(bank.covers)) == (Party.BANK, 2)
    mail(clerk, page, bank, "lijie@icbc.example")
    for slot, address in zip(payees, ("power@a.example", "water@b.example"), strict=True):
        mail(clerk, page, slot, address)
    check_mails(founded, people, box, bank, payees)

    answer(clerk, page, bank, today)
    for slot in payees:
        answer(clerk, page, slot, today)
    assert {row.state for row in page.table.all_rows()} == {SlotState.ANSWERED}
    states = {line.payee: line.state for line in agreement_lines(founded, people.clerk)}
    assert states == {
        POWER: AgreementState.CANCELLED,
        WATER: AgreementState.CANCELLED,
        RENT: AgreementState.EXPIRED,
    }

    statement = tmp_path / "流水.csv"
    statement.write_text(
        f"账号：{company.number}\n交易日期,借方发生额,贷方发生额,对方户名,对方账号,摘要\n"
        f"{today},46300.00,,{POWER},{ACCOUNT},批量代扣 SQ209912310099\n",
        encoding="gb18030",
    )
    watch = bring_debit(clerk, statement)
    [hit] = hit_lines(founded, people.clerk)
    assert hit.state is HitState.CONFIRMED
    take_incident(clerk, hit)
    year = today.year
    assert f"华精财函〔{year}〕4号、华精财函〔{year}〕5号" in watch.banner.text()
    trace = [one.act for one in agreement_detail(founded, people.clerk, agreements[0]).trace]
    for act in ("cancel.requested", "cancel.approved", "letter.issued", "mail.sent"):
        assert act in trace
    assert trace[0] == "letter.issued"

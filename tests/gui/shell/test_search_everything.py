from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.agreements.fields import AgreementFields
from app.agreements.service import register
from ui.search_everything import SearchEverything


def find(qtbot, search, text):
    search.line.setText(text)
    search._search()
    qtbot.waitUntil(lambda: not search._context.tasks.running(), timeout=10_000)
    return [hit.key for hit in search.hits()]


def opened(qtbot, context, settle):
    parent = QWidget()
    qtbot.addWidget(parent)
    search = SearchEverything(context, parent)
    # The window must outlive this function.
    search.window_of_test = parent
    search.ask()
    settle()
    return search


def test_that_a_payment_is_found_by_pinyin_initials(  # C2.1
    qtbot, context_of, people, make_payee, make_payment, settle
):
    payee = make_payee(name="上海华峰轴承有限公司", initials="shhfzcyxgs")
    payment = make_payment(payee=payee)
    make_payment()
    search = opened(qtbot, context_of(people.clerk), settle)
    assert find(qtbot, search, "shhf") == [f"payment.{payment.number}"]


def test_that_a_payment_is_found_by_the_beginning_of_its_number(  # C2.1
    qtbot, context_of, people, make_payment, settle
):
    payment = make_payment()
    search = opened(qtbot, context_of(people.clerk), settle)
    assert find(qtbot, search, payment.number.lower()) == [f"payment.{payment.number}"]


def test_that_enter_leads_to_the_payment(qtbot, context_of, people, make_payment, settle):  # C2.1
    payment = make_payment()
    context = context_of(people.clerk)
    search = opened(qtbot, context, settle)
    find(qtbot, search, payment.number)
    with qtbot.waitSignal(context.navigate) as went:
        qtbot.keyClick(search.line, Qt.Key.Key_Return)
    assert went.args == ["payments", payment.number]
    assert not search.isVisible()


def test_that_a_page_is_found_by_pinyin(qtbot, context_of, people, settle):  # C1.2
    search = opened(qtbot, context_of(people.clerk), settle)
    assert find(qtbot, search, "gzyxe") == ["page.rules"]


def test_that_pages_one_may_not_see_are_not_offered(qtbot, context_of, people, settle):  # D1.3
    search = opened(qtbot, context_of(people.clerk), settle)
    keys = {hit.key for hit in search.hits()}
    assert "page.home" in keys
    assert "page.people" not in keys


def test_that_nothing_found_says_what_to_type(qtbot, context_of, people, settle):  # C2.1
    search = opened(qtbot, context_of(people.clerk), settle)
    assert find(qtbot, search, "zzzzzz") == []
    assert "拼音首字母" in search._foot.text()


def test_that_an_agreement_is_found_and_led_to(  # D2.2
    qtbot, context_of, founded, people, make_account, settle
):
    fields = AgreementFields(make_account().number, "国网上海市电力公司", date(2026, 1, 1))
    number = register(founded, people.clerk, fields)
    context = context_of(people.clerk)
    search = opened(qtbot, context, settle)
    assert find(qtbot, search, "gwsh") == [f"agreement.{number}"]
    with qtbot.waitSignal(context.navigate) as went:
        qtbot.keyClick(search.line, Qt.Key.Key_Return)
    assert went.args == ["agreements", number]


def test_that_agreements_are_not_found_without_the_right(  # D1.3
    qtbot, context_of, founded, people, make_account, settle
):
    fields = AgreementFields(make_account().number, "国网上海市电力公司", date(2026, 1, 1))
    register(founded, people.clerk, fields)
    search = opened(qtbot, context_of(people.admin), settle)
    assert find(qtbot, search, "gwsh") == []

from PySide6.QtWidgets import QLabel, QLineEdit

from app.access.drafts import save_filter
from app.access.people import set_active
from app.access.rights import Right
from app.payees import changes
from app.payees.changes import AskChange
from app.payments import editing
from app.payments.detail import payment_detail
from app.payments.rule_changes import change_threshold
from tests.support.people import PASSWORD


def quiet(qtbot, desk):
    qtbot.waitUntil(lambda: not desk.tasks.running(), timeout=10_000)


def test_that_the_navigation_holds_only_what_the_person_may_see(enter, people):  # D1.3
    clerk = enter("clerk").main.navigation.keys()
    assert "payments" in clerk
    assert {"people", "audit", "backup", "delegations"} & set(clerk) == set()


def test_that_an_administrator_finds_the_system_pages(enter, people):  # C1.2
    keys = enter("admin").main.navigation.keys()
    assert keys[0] == "home"
    assert {"people", "matrix", "delegations", "accounts", "rules", "audit", "backup"} <= set(keys)


def test_that_a_page_without_the_right_to_it_is_refused_aloud(qtbot, enter, people):  # D1.3
    main = enter("clerk").main
    main.show_page("audit", None)
    box = main.findChild(QLabel, "qt_msgbox_label")
    assert "当前没有“查看操作日志”权限" in box.text()
    assert main.pages.current_key() == "home"
    assert main.navigation.current() == "home"


def test_that_the_head_shows_company_environment_and_posts(enter, people):  # D1.1
    header = enter("clerk").main.header
    assert header.findChild(QLabel, "header.company").text() == "停付测试有限公司"
    assert header.findChild(QLabel, "header.environment").text() == "正式"
    assert header.findChild(QLabel, "header.user").text() == "陈经办 · 经办（制单）、出纳"


def test_that_another_desks_act_appears_without_asking(  # F1.5
    qtbot, enter, people, founded
):
    desk = enter("clerk")
    desk.main.show_page("rules", None)
    quiet(qtbot, desk)
    page = desk.main.pages.page("rules")
    assert page.log.all_rows() == []
    change_threshold(founded, people.supervisor, "R01.large", "300000", "季末")
    desk.main.watch.look()
    qtbot.waitUntil(lambda: len(page.log.all_rows()) == 1, timeout=10_000)


def test_that_a_hidden_page_reads_anew_when_it_is_shown_again(  # F1.5
    qtbot, enter, people, founded
):
    desk = enter("clerk")
    desk.main.show_page("rules", None)
    quiet(qtbot, desk)
    desk.main.show_page("home", None)
    change_threshold(founded, people.supervisor, "R01.large", "300000", "季末")
    desk.main.watch.look()
    quiet(qtbot, desk)
    desk.main.show_page("rules", None)
    page = desk.main.pages.page("rules")
    qtbot.waitUntil(lambda: len(page.log.all_rows()) == 1, timeout=10_000)


def test_that_a_disabled_account_is_led_out(qtbot, enter, people, founded):  # A3.1
    desk = enter("clerk")
    set_active(founded, people.admin, "clerk", False, "离职")
    desk.main.watch.look()
    qtbot.waitUntil(lambda: desk.main is None, timeout=10_000)
    assert "账号已停用" in desk.sign_in.banner.text()


def test_that_an_idle_window_is_covered_and_opens_with_the_password(  # C1.1
    qtbot, enter, people
):
    desk = enter("supervisor")
    main = desk.main
    main.show_page("rules", None)
    quiet(qtbot, desk)
    page = main.pages.page("rules")
    page.table.selectRow(0)
    dialog = page.change()
    value = dialog.findChild(QLineEdit, "rules.change.value")
    value.setText("123456")

    main.idle.idle.emit()
    assert main.locked()
    assert not dialog.isVisible()
    assert not main.header.isVisible()

    main.lock_page.password.setText("Wrong-pass-2026")
    main.lock_page.unlock()
    quiet(qtbot, desk)
    assert main.locked()

    main.lock_page.password.setText(PASSWORD)
    main.lock_page.unlock()
    qtbot.waitUntil(lambda: not main.locked(), timeout=10_000)
    assert dialog.isVisible()
    assert value.text() == "123456"
    dialog.reject()


def test_that_somebody_else_may_sign_in_at_a_covered_window(enter, people):  # C1.1
    desk = enter("clerk")
    desk.main.lock()
    desk.main.lock_page.other_wanted.emit()
    assert desk.main is None
    assert desk.sign_in.isVisible()


def test_that_an_unknown_page_is_said_and_changes_nothing(enter, people):  # F4.1
    main = enter("clerk").main
    main.show_page("nowhere", None)
    assert "没有这个页面" in main.findChild(QLabel, "qt_msgbox_label").text()
    assert main.pages.current_key() == "home"


def test_that_work_with_a_name_is_shown_at_the_foot(qtbot, enter, people):  # F1.5
    import threading

    desk = enter("clerk")
    go_on = threading.Event()
    task = desk.tasks.start(
        lambda _: go_on.wait(10), lambda _: None, lambda _: None, label="导出付款"
    )
    running = desk.main.status.findChild(QLabel, "status.running")
    desk.main.status.show_running()
    assert running.text() == "正在进行：导出付款"
    assert not desk.main.status._cancel.isVisible()
    from ui.cancelling import offer_cancel

    offer_cancel(task)
    desk.main.status.show_running()
    assert desk.main.status._cancel.isVisible()
    desk.main.status.cancel()
    assert task.cancelled
    go_on.set()
    quiet(qtbot, desk)


def test_that_rights_are_asked_anew_after_a_change(enter, people, founded):  # C4.3
    from datetime import date

    from app.access.people import GrantRole, grant_role
    from app.access.rights import Role

    desk = enter("clerk")
    assert not desk.main._context.may(Right.AUDIT_VIEW)
    grant = GrantRole("clerk", Role.ACCOUNTANT, date(2026, 3, 2), None, "兼会计")
    grant_role(founded, people.admin, grant)
    desk.main._context.changed.emit()
    keys = desk.main.navigation.keys()
    assert "audit" in keys


def test_that_the_navigation_the_inbox_and_the_first_page_count_alike(  # C4.4
    qtbot, enter, people, founded, make_payment
):
    payment = make_payment(stage="DRAFT", made_by=people.clerk)
    detail = payment_detail(founded, people.clerk, payment.number)
    editing.submit(founded, people.clerk, payment.number, detail.line.version)
    fields = detail.fields
    before = {
        "name": fields.payee_name,
        "account": fields.payee_account,
        "bank": fields.payee_bank,
        "cnaps": fields.payee_cnaps,
    }
    after = {**before, "bank": "中国银行上海市分行"}
    ask = AskChange(payment.payee_id, before, after, "供应商来函", payment.number)
    changes.ask(founded, people.clerk, ask)
    desk = enter("checker")
    main = desk.main
    card = main.pages.page("home").card("inbox")
    main.show_page("inbox", None)
    quiet(qtbot, desk)
    assert len(main.pages.page("inbox").table.all_rows()) == 2
    assert main.navigation.badge("inbox") == 2
    assert card.number.text() == "2"
    # Who asked does not call back.
    assert enter("clerk").main.navigation.badge("inbox") == 0


def test_that_ones_own_act_reloads_the_views_once(qtbot, enter, people, founded):  # F1.5
    desk = enter("clerk")
    context, told = desk.main._context, []
    context.changed.connect(lambda: told.append(1))

    def act(_):
        save_filter(founded, people.clerk, "payments", "本周", {})

    context.act(act, lambda _: None, lambda _: None)
    quiet(qtbot, desk)
    # Another desk's act comes after it and is seen, too.
    with qtbot.waitSignal(desk.main.watch.looked):
        desk.main.watch.look()
    assert len(told) == 1
    save_filter(founded, people.checker, "payments", "本月", {})
    with qtbot.waitSignal(context.changed):
        desk.main.watch.look()
    quiet(qtbot, desk)
    assert len(told) == 2


def test_that_a_page_has_its_columns_as_the_user_left_them(qtbot, enter, people):  # C1.3
    def page_of(desk, key):
        desk.main.show_page(key, None)
        quiet(qtbot, desk)
        return desk.main.pages.page(key)

    first = enter("clerk")
    page_of(first, "holds").table.horizontalHeader().resizeSection(1, 321)
    page_of(first, "inbox").table.horizontalHeader().resizeSection(1, 234)
    first.close()
    again = enter("clerk")
    assert page_of(again, "holds").table.columnWidth(1) == 321
    assert page_of(again, "inbox").table.columnWidth(1) == 234
    again.close()
    assert page_of(enter("checker"), "holds").table.columnWidth(1) != 321


def test_that_a_wider_window_is_no_choice_of_columns(qtbot, enter, people, settings):  # C1.3
    desk = enter("clerk")
    desk.main.show_page("holds", None)
    quiet(qtbot, desk)
    desk.main.resize(1700, 900)
    quiet(qtbot, desk)
    assert settings.value("tables/clerk/holds_table/state") is None

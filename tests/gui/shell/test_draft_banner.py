from PySide6.QtWidgets import QPushButton, QToolButton

from app.access.drafts import discard_draft, drafts_of, save_draft
from app.core.codes import HoldCause
from app.payments.holds import PlaceHold, place
from app.payments.states import HoldScope
from ui.draft_banner import DraftBanner


def banner(qtbot, context, settle):
    made = DraftBanner(context)
    qtbot.addWidget(made)
    made.reload()
    settle()
    return made


def test_that_an_unfinished_resumption_is_offered_and_gone_on_with(  # C5.1
    qtbot, context_of, people, founded, settle
):
    save_draft(founded, people.clerk, "resume", "FK-20260302-0001", "cure", {"a": 1})
    context = context_of(people.clerk)
    made = banner(qtbot, context, settle)
    assert "上次有未完成的恢复付款 FK-20260302-0001" in made.banner.text()
    with qtbot.waitSignal(context.navigate) as went:
        made.findChild(QPushButton, "drafts.banner_action").click()
    assert went.args == ["resume", "FK-20260302-0001"]


def test_that_other_peoples_drafts_are_not_offered(  # C5.1
    qtbot, context_of, people, founded, settle
):
    save_draft(founded, people.clerk, "resume", "FK-20260302-0001", "cure", {})
    assert not banner(qtbot, context_of(people.cfo), settle).isVisible()


def test_that_a_draft_is_thrown_away_only_after_agreeing(  # C5.1
    qtbot, context_of, people, founded, settle
):
    save_draft(founded, people.clerk, "resume", "FK-20260302-0001", "cure", {})
    made = banner(qtbot, context_of(people.clerk), settle)
    made.ask_discard()
    assert drafts_of(founded, people.clerk)
    made.findChild(QPushButton, "confirm_yes").click()
    settle()
    settle()
    assert drafts_of(founded, people.clerk) == []
    assert not made.isVisible()


def test_that_a_draft_is_offered_again_when_its_page_is_left(  # C5.1
    qtbot, enter, people, founded, make_payment
):
    payment = make_payment(made_by=people.clerk)
    hold = PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.SUSPECTED_ERROR, "金额不符")
    place(founded, people.clerk, hold)
    desk = enter("clerk")
    main = desk.main

    def quiet():
        qtbot.waitUntil(lambda: not desk.tasks.running(), timeout=10_000)

    assert not main.drafts.isVisible()
    main.show_page("resume", payment.number)
    quiet()
    table = main.pages.page("resume").verify.table
    table.rows().tick(table.all_rows()[:1])
    main.show_page("home", None)
    quiet()
    main.watch.look()
    quiet()
    assert payment.number in main.drafts.banner.text()
    assert main.drafts.isVisible()
    main.show_page("resume", payment.number)
    quiet()
    main.watch.look()
    quiet()
    # Who is working on it needs no offer.
    assert not main.drafts.isVisible()
    discard_draft(founded, people.clerk, "resume", payment.number)
    main.show_page("home", None)
    quiet()
    assert not main.drafts.isVisible()


def test_that_a_closed_offer_comes_back_only_with_something_new(  # C5.1
    qtbot, context_of, people, founded, settle
):
    save_draft(founded, people.clerk, "resume", "FK-20260302-0001", "cure", {})
    made = banner(qtbot, context_of(people.clerk), settle)
    made.show()
    made.findChild(QToolButton, "drafts.banner_close").click()
    made.reload()
    settle()
    assert not made.isVisible()
    save_draft(founded, people.clerk, "resume", "FK-20260302-0002", "cure", {})
    made.reload()
    settle()
    assert made.isVisible()
    assert "FK-20260302-0002" in made.banner.text()

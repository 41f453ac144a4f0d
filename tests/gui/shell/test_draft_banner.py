from PySide6.QtWidgets import QPushButton

from app.access.drafts import drafts_of, save_draft
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

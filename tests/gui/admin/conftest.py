"""A desk for each person of the company, and pages shown as the main window shows them."""

import pytest

from app.access.founding import company_card
from app.payments.diagnosis.facts import SystemFacts
from ui.context import Context


@pytest.fixture
def desk(founded, people, tasks):
    """The window's context of a person: `desk(people.admin)`."""
    with founded.read() as work:
        card = company_card(work)

    def sit_down(actor):
        return Context(founded, actor, card, tasks, lambda _: SystemFacts())

    return sit_down


@pytest.fixture
def show(qtbot, settle):
    """Makes a page for a context and shows it."""

    def put(kind, context):
        page = kind(context)
        qtbot.addWidget(page)
        context.changed.connect(page.reload)
        page.resize(1280, 800)
        page.show()
        qtbot.waitExposed(page)
        settle()
        return page

    return put

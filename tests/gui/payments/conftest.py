"""Windows of 付款管理 for each of the company's people, on a real database."""

import pytest
from PySide6.QtWidgets import QApplication

from app.core.codes import HoldCause
from app.payments import holds
from app.payments.holds import PlaceHold
from app.payments.states import HoldScope
from ui.payments.list_page import PaymentsPage


@pytest.fixture
def show(qtbot, settle):
    """Shows a page as the main window does: it reloads after every act."""

    pages = []

    def put(page, context):
        pages.append(page)
        qtbot.addWidget(page)
        context.changed.connect(page.reload)
        page.resize(1280, 800)
        page.show()
        qtbot.waitExposed(page)
        settle()
        return page

    yield put
    for page in pages:
        # What it still wants to read must not come after the workers have ended.
        page.hide()


@pytest.fixture
def show_list(desk, show, qtbot):
    """The list of a person, once its tabs are counted: `page, context = show_list(people.clerk)`."""

    def put(actor):
        context = desk(actor)
        page = show(PaymentsPage(context), context)
        qtbot.waitUntil(lambda: "…" not in tab_text(page, "ALL"))
        return page, context

    return put


@pytest.fixture
def pick(qtbot):
    """Selects the rows of these numbers and waits until the page knows them."""

    def choose(page, *numbers):
        def places():
            rows = page.table.rows().rows_between(0, page.table.totals.count)
            return [at for at, row in enumerate(rows) if row.number in numbers]

        qtbot.waitUntil(lambda: len(places()) == len(numbers))
        at = places()
        page.table.setCurrentIndex(page.table.rows().index(at[0], 0))
        page.table.select_positions(at)
        qtbot.waitUntil(lambda: {row.number for row in page._chosen} == set(numbers))

    return choose


@pytest.fixture
def stop(founded, people):
    """Stops a payment on its own: `stop(payment)`."""

    def place(payment, text="质量争议未决"):
        return holds.place(
            founded,
            people.clerk,
            PlaceHold(HoldScope.PAYMENT, payment.number, HoldCause.COMMERCIAL_DISPUTE, text),
        )

    return place


def tab_text(page, key):
    """What a status tab says: "已停止 1 笔 2,500.00"."""
    return part(page, f"payments_tabs_{key}").accessibleName()


def part(parent, name):
    """The control of that name."""
    from PySide6.QtWidgets import QWidget

    found = parent.findChild(QWidget, name)
    assert found is not None, name
    return found


def dialog():
    """The open dialog."""
    return QApplication.activeModalWidget()


@pytest.fixture
def ui():
    """Helpers that find things in windows."""

    class Finders:
        tab = staticmethod(tab_text)
        part = staticmethod(part)
        dialog = staticmethod(dialog)

    return Finders

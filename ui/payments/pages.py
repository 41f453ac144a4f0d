"""The pages of this folder."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from app.access.rights import Right
from ui.pages import PageInfo
from ui.payments.holds_page import HoldsPage
from ui.payments.list_page import PaymentsPage


def _tr(text: str) -> str:
    return QCoreApplication.translate("payments", text)


PAGES: Final[tuple[PageInfo, ...]] = (
    PageInfo(
        "payments",
        lambda: _tr("付款管理"),
        "money-cny-circle-line",
        PaymentsPage,
        Right.PAYMENT_VIEW,
    ),
    PageInfo(
        "holds", lambda: _tr("暂停令台账"), "pause-circle-line", HoldsPage, Right.PAYMENT_VIEW
    ),
)

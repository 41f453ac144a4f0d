"""The pages of this folder."""

from typing import Final

from app.access.rights import Right
from ui.pages import PageInfo
from ui.reconciliation.looks import tr
from ui.reconciliation.page import ReconcilePage
from ui.reconciliation.sheet_page import SheetPage

PAGES: Final[tuple[PageInfo, ...]] = (
    PageInfo("reconcile", lambda: tr("对账"), "links-line", ReconcilePage, Right.RECONCILE_VIEW),
    PageInfo("sheets", lambda: tr("余额调节表"), "scales-line", SheetPage, Right.RECONCILE_VIEW),
)

"""The pages of this folder."""

from typing import Final

from app.access.rights import Right
from ui.incidents.recheck_page import RecheckPage, tr
from ui.pages import PageInfo

PAGES: Final[tuple[PageInfo, ...]] = (
    PageInfo(
        "recheck", lambda: tr("状态核查"), "shield-check-line", RecheckPage, Right.AGREEMENT_VIEW
    ),
)

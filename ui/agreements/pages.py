"""The pages of this folder."""

from typing import Final

from app.access.rights import Right
from ui.agreements.cancel_page import CancelPage
from ui.agreements.looks import tr
from ui.agreements.page import AgreementsPage
from ui.agreements.takeover_page import TakeoverPage
from ui.agreements.watch_page import WatchPage
from ui.pages import PageInfo

PAGES: Final[tuple[PageInfo, ...]] = (
    PageInfo(
        "agreements",
        lambda: tr("自动扣款"),
        "repeat-line",
        AgreementsPage,
        Right.AGREEMENT_VIEW,
    ),
    PageInfo(
        "takeovers",
        lambda: tr("人工付款任务"),
        "calendar-check-line",
        TakeoverPage,
        Right.AGREEMENT_VIEW,
    ),
    PageInfo(
        "watch",
        lambda: tr("扣款监控"),
        "radar-line",
        WatchPage,
        Right.AGREEMENT_VIEW,
    ),
    PageInfo(
        "cancel",
        lambda: tr("取消自动扣款"),
        "forbid-line",
        CancelPage,
        Right.AGREEMENT_MANAGE,
    ),
)

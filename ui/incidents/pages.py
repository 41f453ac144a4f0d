"""The pages of this folder."""

from typing import Final

from app.access.rights import Right
from ui.incidents.contacts.directory_page import DirectoryPage
from ui.incidents.looks import tr
from ui.incidents.page import IncidentsPage
from ui.incidents.planning.page import StatisticsPage
from ui.incidents.planning.plans_page import PlansPage
from ui.incidents.recheck_page import RecheckPage
from ui.incidents.response.page import ResponsePage
from ui.incidents.selfcheck_page import SelfcheckPage
from ui.incidents.vendor.log_page import LogPage
from ui.pages import PageInfo

PAGES: Final[tuple[PageInfo, ...]] = (
    PageInfo(
        "incidents",
        lambda: tr("应急事件"),
        "alarm-warning-line",
        IncidentsPage,
        Right.INCIDENT_VIEW,
    ),
    PageInfo(
        "response",
        lambda: tr("事件处置"),
        "list-check-2",
        ResponsePage,
        Right.INCIDENT_VIEW,
    ),
    PageInfo(
        "directory",
        lambda: tr("通讯录"),
        "contacts-book-2-line",
        DirectoryPage,
        Right.INCIDENT_VIEW,
    ),
    PageInfo(
        "recheck", lambda: tr("状态核查"), "shield-check-line", RecheckPage, Right.AGREEMENT_VIEW
    ),
    PageInfo(
        "selfcheck", lambda: tr("自诊断"), "stethoscope-line", SelfcheckPage, Right.SELFCHECK_RUN
    ),
    PageInfo(
        "statistics",
        lambda: tr("事件统计"),
        "bar-chart-2-line",
        StatisticsPage,
        Right.INCIDENT_VIEW,
    ),
    PageInfo("plans", lambda: tr("应急预案"), "book-2-line", PlansPage, Right.INCIDENT_VIEW),
    PageInfo("logs", lambda: tr("日志查看"), "file-list-3-line", LogPage, Right.SELFCHECK_RUN),
)

"""The pages of this folder."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from app.access.rights import Right
from ui.admin.accounts_page import AccountsPage
from ui.admin.audit_page import AuditPage
from ui.admin.backup_page import BackupPage
from ui.admin.calendar_page import CalendarPage
from ui.admin.delegations_page import DelegationsPage
from ui.admin.matrix_page import MatrixPage
from ui.admin.people_page import PeoplePage
from ui.admin.rules_page import RulesPage
from ui.pages import PageInfo


def _tr(text: str) -> str:
    return QCoreApplication.translate("navigation", text)


PAGES: Final = (
    PageInfo("people", lambda: _tr("用户与权限"), "team-line", PeoplePage, Right.USER_MANAGE),
    PageInfo("matrix", lambda: _tr("审批矩阵"), "organization-chart", MatrixPage, None),
    PageInfo(
        "delegations",
        lambda: _tr("委托授权"),
        "user-shared-line",
        DelegationsPage,
        Right.DELEGATION_MAKE,
    ),
    PageInfo("accounts", lambda: _tr("账户与渠道"), "bank-line", AccountsPage, Right.PAYMENT_VIEW),
    PageInfo(
        "calendar", lambda: _tr("工作日历"), "calendar-line", CalendarPage, Right.PAYMENT_VIEW
    ),
    PageInfo("rules", lambda: _tr("规则与限额"), "scales-3-line", RulesPage, Right.PAYMENT_VIEW),
    PageInfo("audit", lambda: _tr("操作日志"), "history-line", AuditPage, Right.AUDIT_VIEW),
    PageInfo("backup", lambda: _tr("备份"), "save-3-line", BackupPage, Right.BACKUP_MAKE),
)

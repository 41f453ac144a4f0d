"""The pages of this folder."""

from app.access.rights import Right
from ui.pages import PageInfo
from ui.resume.bank_result import BankResultPage
from ui.resume.inbox import InboxPage
from ui.resume.payee_changes import PayeeChangesPage
from ui.resume.pieces import tr
from ui.resume.release_log import ReleaseLogPage
from ui.resume.wizard import ResumePage

PAGES: tuple[PageInfo, ...] = (
    PageInfo("inbox", lambda: tr("待授权"), "inbox-line", InboxPage, None),
    PageInfo("resume", lambda: tr("恢复付款"), "restart-line", ResumePage, Right.RESUME_REQUEST),
    PageInfo("bank_result", lambda: tr("银行结果"), "bank-line", BankResultPage, None),
    PageInfo(
        "payee_changes",
        lambda: tr("收款信息变更"),
        "contacts-book-line",
        PayeeChangesPage,
        Right.PAYMENT_VIEW,
    ),
    PageInfo(
        "release_log",
        lambda: tr("解除止付操作日志"),
        "file-list-3-line",
        ReleaseLogPage,
        Right.PAYMENT_VIEW,
    ),
)

"""The pages of resuming."""

from app.access.rights import Right
from ui.pages import PageInfo
from ui.resume.pieces import tr
from ui.resume.wizard import ResumePage

PAGES: tuple[PageInfo, ...] = (
    PageInfo("resume", lambda: tr("恢复付款"), "restart-line", ResumePage, Right.RESUME_REQUEST),
)

"""The pages of this folder."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from ui.home.page import HomePage
from ui.pages import PageInfo

PAGES: Final = (
    PageInfo(
        "home",
        lambda: QCoreApplication.translate("navigation", "工作台"),
        "dashboard-line",
        HomePage,
        None,
    ),
)

"""The pages of this folder."""

from typing import Final

from app.access.rights import Right
from ui.letters.looks import tr
from ui.letters.page import LettersPage
from ui.letters.setup_page import LetterSetupPage
from ui.pages import PageInfo

PAGES: Final[tuple[PageInfo, ...]] = (
    PageInfo("letters", lambda: tr("函件"), "mail-line", LettersPage, Right.AGREEMENT_VIEW),
    PageInfo(
        "letter_setup",
        lambda: tr("函件与邮件"),
        "mail-settings-line",
        LetterSetupPage,
        Right.LETTER_SETUP,
    ),
)

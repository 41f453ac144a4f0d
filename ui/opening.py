"""Opening a database off the window's thread, and what to do when that is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.core.errors import Refused
from ui import messages
from ui.fonts import scaled
from ui.theme import Tone
from ui.widgets.icons import IconLabel

# Loading the database layer takes longer than showing the window: the worker does it.
if TYPE_CHECKING:
    from app.access.founding import CompanyCard
    from app.storage.work import Database


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Somebody of the demo company, whose password everybody may see."""

    username: str
    name: str
    role: str
    password: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An open database; card None: no company was founded in it yet."""

    url: str
    db: "Database | None"
    card: "CompanyCard | None"
    demo: tuple[DemoAccount, ...] = ()

    @property
    def is_new(self) -> bool:
        return self.card is None


def open_url(url: str, *, demo: bool = False) -> Opened:
    """The database at the address; a demo company is built where there is none yet.

    Raises a Refused where it can't be reached, read or written.
    """
    from app.access.founding import company_card
    from app.core import paths
    from app.storage.errors import NoDatabase
    from app.storage.upgrade import open_database

    if demo:
        url = str(import_module("app.demo.build").ensure_demo(url))
    try:
        db = open_database(url, backup_dir=paths.backup_folder())
    except NoDatabase:
        return Opened(url, None, None)
    with db.read() as work:
        card = company_card(work)
    if card is None:
        db.close()
        return Opened(url, None, None)
    return Opened(url, db, card, _demo_accounts(db) if card.drill else ())


def _demo_accounts(db: "Database") -> tuple[DemoAccount, ...]:
    if find_spec("app.demo.accounts") is None:
        return ()
    from app.access.known import known_usernames

    listed: Sequence[tuple[str, str, str, str]] = import_module("app.demo.accounts").DEMO_ACCOUNTS
    accounts = tuple(DemoAccount(*one) for one in listed)
    # A company's own drill data set has other people, whose passwords nobody may see.
    known = known_usernames(db)
    return accounts if {one.username for one in accounts} <= known else ()


def shown_address(url: str) -> str:
    """The address without its password; empty where it can't be understood."""
    from app.storage.engine import parse_url
    from app.storage.files import shown

    try:
        return shown(parse_url(url))
    except Refused:
        return ""


class TroublePage(QWidget):
    """Why the database can't be opened, and what can be done about it."""

    retry_wanted = Signal()
    file_chosen = Signal(str)
    quit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trouble")
        self.setAccessibleName(self.tr("数据库打不开"))
        picture = IconLabel("trouble.icon", self, lines=2.5)
        picture.set_icon("error-warning-line", Tone.STOP)
        title = QLabel(self.tr("数据库打不开"), self)
        title.setFont(scaled(title.font(), 1.4, bold=True))
        self._text = self._label("trouble.text")
        self._hint = self._label("trouble.hint")
        self._hint.setProperty("kind", "muted")
        self._where = self._label("trouble.where")
        self._where.setProperty("kind", "muted")
        retry = self._button("trouble.retry", self.tr("重试(&R)"))
        retry.setProperty("kind", "primary")
        retry.setDefault(True)
        retry.clicked.connect(self.retry_wanted)
        other = self._button("trouble.other", self.tr("打开其他数据库文件(&O)…"))
        other.clicked.connect(self.choose)
        leave = self._button("trouble.quit", self.tr("退出(&Q)"))
        leave.clicked.connect(self.quit_wanted)
        buttons = QHBoxLayout()
        for button in (retry, other, leave):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(1)
        for widget in (picture, title, self._text, self._hint, self._where):
            column.addWidget(widget)
        column.addSpacing(self.fontMetrics().height())
        column.addLayout(buttons)
        column.addStretch(2)
        self.setFocusProxy(retry)

    def show_error(self, error: BaseException, where: str) -> None:
        """Say what is wrong with the database at `where`."""
        if isinstance(error, Refused):
            self._text.setText(f"{error.message}（{error.code}）")
            self._hint.setText(error.hint)
        else:
            messages.present(self, error)
            self._text.setText(self.tr("程序内部出错，数据库没有打开。"))
            self._hint.setText(self.tr("请重试；仍不成功时把日志发给技术支持。"))
        self._where.setText(self.tr("数据库：%1").replace("%1", where))
        self.setAccessibleDescription(self._text.text())

    def said(self) -> str:
        """The message and the remedy."""
        return f"{self._text.text()}\n{self._hint.text()}"

    def choose(self) -> QFileDialog:
        """Ask for another database file."""
        ask = choose_database(self)
        ask.fileSelected.connect(self.file_chosen)
        ask.open()
        return ask

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        return button


def choose_database(parent: QWidget) -> QFileDialog:
    """A dialog for an existing database file, not yet open."""
    ask = QFileDialog(parent, parent.tr("打开数据库文件"))
    ask.setObjectName("choose_database")
    ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    ask.setFileMode(QFileDialog.FileMode.ExistingFile)
    ask.setNameFilters([parent.tr("停付管家数据库 (*.sqlite3 *.db)"), parent.tr("所有文件 (*)")])
    from app.core import paths

    folder: Path = paths.home()
    if folder.is_dir():
        ask.setDirectory(str(folder))
    return ask

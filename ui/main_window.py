"""The main window: it wires header, navigation, pages, lock and search, and holds nothing else."""

from collections.abc import Callable

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.errors import Denied, SignedOut
from app.access.guard import Actor
from app.access.rights import RIGHT_LABELS, Right
from app.core.errors import Refused
from ui import messages
from ui.context import Context
from ui.draft_banner import PAGES as DRAFT_PAGES
from ui.draft_banner import DraftBanner
from ui.header import Header
from ui.idle import IdleWatch, LockPage, hide_dialogs
from ui.navigation import Navigation, find_page
from ui.own_password import OwnPasswordDialog
from ui.page_stack import PageStack
from ui.search_everything import SearchEverything
from ui.status_line import StatusLine
from ui.watch import Look, Watch

_MINUTE_MS = 60_000
_GEOMETRY = "window/geometry"


class MainWindow(QMainWindow):
    """One signed-in desk. `signed_out` says why, or nothing when the user asked for it."""

    theme_wanted = Signal(object)
    signed_out = Signal(str)

    def __init__(self, context: Context, settings: QSettings) -> None:
        super().__init__()
        self.setObjectName("main")
        card = context.card
        self.setWindowTitle(f"{card.name} · {card.dataset} · {card.environment}")
        self._context = context
        self._settings = settings
        self._left = False
        self._shown_again: Callable[[], None] | None = None
        self._make_parts()
        self._connect()
        self._assemble()
        self._restore_place()

    @property
    def actor(self) -> Actor:
        return self._context.actor

    def start(self) -> None:
        """Show the first page and begin to watch."""
        self._fill_navigation()
        self.show_page("home", None)
        self.watch.start()
        self.idle.start()

    def leave(self) -> None:
        """Stop watching; may be called twice."""
        if self._left:
            return
        self._left = True
        self.watch.stop()
        self.idle.stop()
        self._settings.setValue(_GEOMETRY, self.saveGeometry())

    def show_page(self, key: str, argument: object) -> None:
        """Show a page, with what it shall show. A page that may not be seen is refused."""
        try:
            page = find_page(key)
            if page.right is not None and not self._context.may(page.right):
                raise _denied(self._context, page.right)
            self.pages.show_page(page, argument)
        except Refused as error:
            messages.present(self, error)
            key = self.pages.current_key()
        self.navigation.show_current(key)
        self._offer_drafts()

    def lock(self) -> None:
        """Cover everything until the password is proved again."""
        if self.locked():
            return
        self._shown_again = hide_dialogs(self)
        self.idle.stop()
        self._cover.setCurrentWidget(self.lock_page)
        self.status.hide()
        self.lock_page.enter()

    def capture(self) -> None:
        """Keep a picture of the window, as it is now, as evidence of an incident."""
        # What is rarely asked for is not loaded with the window.
        from ui.agreements.file_sources import FromClipboard, picture_name
        from ui.incidents.evidence.dialogs import CaptureDialog

        if not self._context.may(Right.INCIDENT_HANDLE):
            messages.present(self, _denied(self._context, Right.INCIDENT_HANDLE))
            return
        db = self._context.db
        name = picture_name(self.tr("窗口截图"), db.clock.now(), db.tz)
        picture = FromClipboard(name, self.grab().toImage())
        CaptureDialog(self._context, picture, self).open()

    def locked(self) -> bool:
        return self._cover.currentWidget() is self.lock_page

    def ask_sign_out(self) -> None:
        """Sign out, asking first when work is still under way."""
        busy = [task.label for task in self._context.tasks.running() if task.label]
        if not busy:
            self._sign_out()
            return
        messages.confirm(
            self,
            self.tr("退出登录"),
            self.tr("还有任务正在进行：%1。现在退出将不再等待其结果。").replace(
                "%1", "、".join(busy)
            ),
            self._sign_out,
            yes=self.tr("仍然退出"),
            danger=True,
        )

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.leave()
        super().closeEvent(event)

    def _make_parts(self) -> None:
        context = self._context
        self._cover = QStackedWidget(self)
        self._desk = QWidget(self._cover)
        self._desk.setObjectName("desk")
        self.header = Header(context, self._desk)
        self.navigation = Navigation(self._desk)
        self.drafts = DraftBanner(context, self._desk)
        self.pages = PageStack(context, self._settings, self._desk)
        self.lock_page = LockPage(context, self._cover)
        self.search = SearchEverything(context, self)
        self.watch = Watch(context, self)
        self.idle = IdleWatch(context.card.idle_minutes * _MINUTE_MS, self)
        self.status = StatusLine(context.tasks, self)
        self.setStatusBar(self.status)

    def _connect(self) -> None:
        context = self._context
        self.header.search_wanted.connect(self.search.ask)
        self.header.theme_wanted.connect(self.theme_wanted)
        self.header.password_wanted.connect(self._change_password)
        self.header.sign_out_wanted.connect(self.ask_sign_out)
        self.navigation.chosen.connect(self._choose)
        self.search.sign_out_wanted.connect(self.ask_sign_out)
        self.search.lock_wanted.connect(self.lock)
        self.watch.looked.connect(self._looked)
        self.watch.failed.connect(self._not_looked)
        self.watch.ended.connect(self._end)
        self.idle.idle.connect(self.lock)
        self.lock_page.unlocked.connect(self._unlock)
        self.lock_page.other_wanted.connect(self._sign_out)
        context.navigate.connect(self.show_page)
        context.sign_out_wanted.connect(self.ask_sign_out)
        context.changed.connect(self._changed)
        self.status.cancelled.connect(context.changed)
        # Owned by the desk: while it is covered by the lock, its keys are dead.
        for keys, act in (
            ("Ctrl+K", self.search.ask),
            ("Ctrl+L", self.lock),
            ("Ctrl+Shift+S", self.capture),
        ):
            shortcut = QShortcut(QKeySequence(keys), self._desk)
            shortcut.activated.connect(act)

    def _assemble(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.drafts)
        column.addWidget(self.pages, 1)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.navigation)
        below.addLayout(column, 1)
        whole = QVBoxLayout(self._desk)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addLayout(below, 1)
        self._cover.addWidget(self._desk)
        self._cover.addWidget(self.lock_page)
        self.setCentralWidget(self._cover)

    def _restore_place(self) -> None:
        kept = self._settings.value(_GEOMETRY)
        if kept is None or not self.restoreGeometry(kept):
            self.resize(1280, 800)

    def _choose(self, key: str) -> None:
        self.show_page(key, None)

    def _offer_drafts(self) -> None:
        # The draft that somebody is working on is not offered to them.
        self.drafts.offer(self.pages.current_key() not in DRAFT_PAGES.values())

    def _changed(self) -> None:
        self._fill_navigation()
        self.pages.changed()
        self._offer_drafts()
        self.watch.look()

    def _fill_navigation(self) -> None:
        try:
            self.navigation.fill(self._context.may)
        except SignedOut as error:
            self._end(f"{error.message}{error.hint}")

    def _looked(self, look: Look) -> None:
        self.header.show_roles(look.roles)
        if look.to_decide is not None:
            self.navigation.set_badges({"inbox": look.to_decide})
        self.status.show_fresh(look.at)

    def _not_looked(self, error: BaseException) -> None:
        if isinstance(error, Refused):
            self.status.show_broken(error.message)
        else:
            messages.present(self, error)

    def _unlock(self) -> None:
        self._cover.setCurrentWidget(self._desk)
        self.status.show()
        again, self._shown_again = self._shown_again, None
        if again is not None:
            again()
        self.idle.start()

    def _change_password(self) -> None:
        OwnPasswordDialog(self._context, self).open()

    def _sign_out(self) -> None:
        self._end("")

    def _end(self, why: str) -> None:
        if not self._left:
            self.signed_out.emit(why)


def _denied(context: Context, right: Right) -> Denied:
    return Denied(f"{context.actor.name} 当前没有“{RIGHT_LABELS[right]}”权限。")

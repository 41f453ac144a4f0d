"""The window's program: from the open database over first use and sign-in to the main window."""

import logging
import sys
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QSettings
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from app.core import logs, paths
from app.core.errors import Refused
from app.core.version import VERSION
from ui import display, fonts, messages, theme, translation
from ui.opening import Opened, open_url, shown_address
from ui.sign_in import SignInWindow
from ui.tasks import Progress, Tasks
from ui.theme import Tone
from ui.widgets.banner import Severity
from ui.widgets.icons import icon

if TYPE_CHECKING:
    from app.access.guard import Actor
    from ui.first_run import FirstRunWizard
    from ui.main_window import MainWindow

NO_DISPLAY = 2
_THEME = "window/theme"
_log = logging.getLogger(__name__)


class Desk(QObject):
    """Shows one window at a time: sign-in, first use, or the main window."""

    def __init__(
        self,
        app: QApplication,
        url: str | None,
        *,
        demo: bool = False,
        as_user: str | None = None,
        settings: QSettings | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("desk")
        self.app = app
        self.tasks = Tasks(self)
        self.settings = settings or QSettings("tingfu", "tingfu")
        self._demo = demo
        self._url = url or str(paths.demo_database() if demo else paths.default_database())
        self._opened: Opened | None = None
        self.sign_in = SignInWindow(self.tasks, self.settings, as_user)
        self.sign_in.retry_wanted.connect(self.open)
        self.sign_in.file_chosen.connect(self.open_other)
        self.sign_in.signed_in.connect(self._enter)
        self.main: MainWindow | None = None
        self.wizard: FirstRunWizard | None = None

    def start(self) -> None:
        """Show the first window and open the database behind it."""
        self.sign_in.show()
        self.open()

    def open(self) -> None:
        """Open the database anew."""
        url, demo = self._url, self._demo
        self._close_database()
        self.sign_in.show_opening(url)

        def work(_: Progress) -> Opened:
            return open_url(url, demo=demo)

        self.tasks.start_latest("open", work, self._show_opened, self._refused, owner=self)

    def open_other(self, url: str, demo: bool = False) -> None:
        """Open another database instead."""
        self._url, self._demo = url, demo
        self.sign_in.show()
        self._drop_wizard()
        self.open()

    def open_demo(self) -> None:
        """Open the demo company, which is built on first use."""
        self.open_other(str(paths.demo_database()), demo=True)

    def show_theme(self, mode: theme.Mode) -> None:
        """Dress everything anew and remember it."""
        self.settings.setValue(_THEME, str(mode))
        theme.apply(self.app, mode)

    def close(self) -> None:
        """End all work and let the database go."""
        actor = self._leave_main()
        self._drop_wizard()
        self.sign_in.close()
        self.tasks.shutdown()
        self._end_sign_in(actor)
        self._close_database()

    def _show_opened(self, opened: Opened) -> None:
        self._opened = opened
        if opened.is_new:
            self._first_run(opened.url)
        else:
            self.sign_in.show_opened(opened)

    def _refused(self, error: BaseException) -> None:
        self.sign_in.show_refusal(error, shown_address(self._url))

    def _first_run(self, url: str) -> None:
        from ui.first_run import FirstRunWizard

        self.wizard = FirstRunWizard(self.tasks, url)
        self.wizard.founded.connect(self._founded)
        self.wizard.demo_wanted.connect(self.open_demo)
        self.wizard.file_chosen.connect(self.open_other)
        self.wizard.show()
        self.sign_in.hide()

    def _founded(self, username: str) -> None:
        self.sign_in.username.setText(username)
        self.sign_in.show()
        self._drop_wizard()
        self.sign_in.password.setFocus()
        self.open()

    def _enter(self, actor: "Actor") -> None:
        # Only now: before somebody signs in, no page is needed and every module costs time.
        from ui.context import Context
        from ui.main_window import MainWindow

        opened = self._opened
        if opened is None or opened.db is None or opened.card is None:
            raise RuntimeError("somebody signed in without a database")
        facts = import_module("app.incidents.selfcheck").system_facts
        context = Context(opened.db, actor, opened.card, self.tasks, facts)
        self.main = MainWindow(context, self.settings)
        self.main.theme_wanted.connect(self.show_theme)
        self.main.signed_out.connect(self._signed_out)
        # In this order: the program ends with its last window.
        self.main.show()
        self.sign_in.hide()
        self.main.start()

    def _signed_out(self, why: str) -> None:
        self.sign_in.banner.clear()
        if why:
            self.sign_in.tell(Severity.WARN, why)
        self.sign_in.show()
        self._end_sign_in(self._leave_main())
        self.sign_in.password.setFocus()

    def _leave_main(self) -> "Actor | None":
        main, self.main = self.main, None
        if main is None:
            return None
        # Answers must not reach widgets that are gone.
        for task in self.tasks.running():
            task.cancel()
        main.leave()
        main.close()
        main.deleteLater()
        return main.actor

    def _end_sign_in(self, actor: "Actor | None") -> None:
        if actor is None or self._opened is None or self._opened.db is None:
            return
        from app.access.sign_in import sign_out

        try:
            sign_out(self._opened.db, actor)
        except Refused:
            # The database is gone; a sign-in that nobody uses harms nobody.
            _log.warning("the sign-in could not be ended", exc_info=True)

    def _drop_wizard(self) -> None:
        wizard, self.wizard = self.wizard, None
        if wizard is not None:
            wizard.hide()
            wizard.deleteLater()

    def _close_database(self) -> None:
        if self._opened is not None and self._opened.db is not None:
            self._opened.db.close()
        self._opened = None


def dress(app: QApplication, settings: QSettings) -> None:
    """Give the application its name, font, language and look."""
    app.setApplicationName("tingfu")
    app.setApplicationDisplayName(QCoreApplication.translate("application", "停付管家"))
    app.setApplicationVersion(VERSION)
    app.setStyle(QStyleFactory.create("Fusion"))
    fonts.install(app)
    translation.install(app)
    theme.apply(app, remembered_theme(settings))
    app.setWindowIcon(icon("pause-circle-line", Tone.ACCENT))


def remembered_theme(settings: QSettings) -> theme.Mode:
    """The look chosen last time, or the system's."""
    kept = str(settings.value(_THEME, theme.Mode.SYSTEM) or "")
    return theme.Mode(kept) if kept in set(theme.Mode) else theme.Mode.SYSTEM


def prepare(
    app: QApplication,
    url: str | None,
    *,
    demo: bool = False,
    as_user: str | None = None,
    settings: QSettings | None = None,
) -> Desk:
    """The desk with everything connected and nothing shown yet."""
    return Desk(app, url, demo=demo, as_user=as_user, settings=settings)


def run(url: str | None, *, demo: bool = False, as_user: str | None = None) -> int:
    """Show the window until it is closed; returns the exit code, 2 without a display."""
    if not display.window_possible():
        sys.stderr.write(
            "没有可用的图形显示，窗口无法打开。无需显示的命令：python main.py --help"
            "（如 payments list、check、backup create）。\n"
            "No display is available, so the window cannot open. Commands that need none: "
            "python main.py --help (such as payments list, check, backup create).\n"
        )
        return NO_DISPLAY
    translation.prepare_environment()
    logs.set_up(paths.log_file())
    app = QApplication(sys.argv[:1])
    settings = QSettings("tingfu", "tingfu")
    dress(app, settings)
    sys.excepthook = _show_exception
    desk = prepare(app, url, demo=demo, as_user=as_user, settings=settings)
    desk.start()
    try:
        return app.exec()
    finally:
        sys.excepthook = sys.__excepthook__
        desk.close()


def _show_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> Any:
    """Show what went wrong in a slot; without this Qt would print it where nobody looks."""
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
        return
    active: QWidget | None = QApplication.activeWindow()
    messages.present(active, error.with_traceback(trace))

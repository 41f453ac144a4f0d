"""The pages of the main window: made at their first show, reloaded when something changed."""

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.context import Context
from ui.pages import PageInfo
from ui.widgets.table_view import TableView


class PageStack(QStackedWidget):
    """A page that was not visible during a change reloads when it is shown again.

    The columns of its tables are as this user left them.
    """

    def __init__(
        self, context: Context, settings: QSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("pages")
        self._context = context
        self._settings = settings
        self._pages: dict[str, QWidget] = {}
        self._stale: set[str] = set()
        self._current = ""

    def current_key(self) -> str:
        return self._current

    def page(self, key: str) -> QWidget | None:
        """The page of that key, if it was shown before."""
        return self._pages.get(key)

    def show_page(self, page: PageInfo, argument: object = None) -> None:
        """Show the page, and what the argument names in it."""
        made = self._pages.get(page.key)
        if made is None:
            made = page.factory(self._context)
            made.setAccessibleName(made.accessibleName() or page.title())
            self._pages[page.key] = made
            self.addWidget(made)
            for table in made.findChildren(TableView):
                if table.remembers:
                    table.remember(self._settings, self._context.actor.username)
        self._current = page.key
        self.setCurrentWidget(made)
        if page.key in self._stale:
            self._stale.discard(page.key)
            _reload(made)
        show = getattr(made, "show_argument", None)
        if argument is not None and show is not None:
            show(argument)

    def changed(self) -> None:
        """Reload what is seen now, and the rest when it is shown again."""
        self._stale = set(self._pages) - {self._current}
        current = self._pages.get(self._current)
        if current is not None:
            _reload(current)


def _reload(page: QWidget) -> None:
    reload = getattr(page, "reload", None)
    if reload is not None:
        reload()

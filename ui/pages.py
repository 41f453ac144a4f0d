"""What a page of the window is: its name in the navigation, and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.access.rights import Right
from ui.context import Context


@dataclass(frozen=True, slots=True)
class PageInfo:
    """A page that `context.navigate(key, argument)` reaches.

    icon: a Remix icon's name. right: None when everybody signed in may see the page.
    The widget may have `reload()` (called on context.changed) and `show_argument(argument)`.
    """

    key: str
    title: Callable[[], str]
    icon: str
    factory: Callable[[Context], QWidget]
    right: Right | None

"""Work that the status bar may end: its page must cope with an answer that never comes."""

from typing import Any
from weakref import WeakSet

from ui.tasks import Task

_offered: "WeakSet[Task[Any]]" = WeakSet()


def offer_cancel(task: Task[Any]) -> None:
    """Let the user end this work from the status bar; its page is reloaded afterwards."""
    _offered.add(task)


def may_cancel(task: Task[Any]) -> bool:
    """Whether ending it was offered."""
    return task in _offered and not task.cancelled

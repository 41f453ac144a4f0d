"""Keeps what was typed: after every step, and when the hands rest."""

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer

from app.access.drafts import save_draft
from ui.context import Context
from ui.tasks import Progress

_PAUSE_MS = 4000


class Keepable(Protocol):
    """A draft of a wizard. number: what it is about."""

    @property
    def number(self) -> str: ...

    def to_json(self) -> dict[str, Any]: ...


class DraftKeeper(QObject):
    """Writes a draft off the window's thread, in order, and only when something in it is new.

    kind: which wizard's drafts these are.
    """

    def __init__(
        self,
        context: Context,
        kind: str,
        failed: Callable[[BaseException], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._kind = kind
        self._failed = failed
        self._state: tuple[Keepable, str] | None = None
        self._kept: tuple[str, dict[str, Any]] | None = None
        self._writing = False
        self._then: Callable[[], None] | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_PAUSE_MS)
        self._idle.timeout.connect(self.flush)

    def begin(self, draft: Keepable, step: str) -> None:
        """Take this state as kept already."""
        self._state, self._kept = None, (step, draft.to_json())
        self._idle.stop()

    def note(self, draft: Keepable, step: str) -> None:
        """Something was typed: keep it at the next pause."""
        self._state = (draft, step)
        self._idle.start()

    def keep(self, draft: Keepable, step: str) -> None:
        """Keep it now."""
        self._state = (draft, step)
        self.flush()

    def write_then(self, then: Callable[[], None]) -> None:
        """Write what was noted, and call `then` when nothing is being written any more.

        A submission drops the draft: a write that came after it would bring the draft back.
        """
        self._then = then
        self.flush()
        self._go_on()

    def flush(self) -> None:
        """Write what was noted, unless it is written already or being written."""
        self._idle.stop()
        if self._writing or self._state is None:
            return
        draft, step = self._state
        data = draft.to_json()
        self._state = None
        if self._kept == (step, data):
            return
        db, actor = self._context.db, self._context.actor

        def work(_: Progress) -> None:
            save_draft(db, actor, self._kind, draft.number, step, data)

        self._writing = True
        self._kept = (step, data)
        self._context.tasks.start(work, self._written, self._not_written, owner=self)

    def _written(self, _: None) -> None:
        self._writing = False
        self.flush()
        self._go_on()

    def _not_written(self, error: BaseException) -> None:
        self._writing = False
        self._kept = None
        self._failed(error)
        self._go_on()

    def _go_on(self) -> None:
        if self._writing or self._then is None:
            return
        then, self._then = self._then, None
        then()

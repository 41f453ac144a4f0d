"""Keeps what was typed: after every step, and when the hands rest."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.access.drafts import save_draft
from app.payments.flow import ResumeDraft, Step
from app.payments.resuming import WIZARD
from ui.context import Context
from ui.tasks import Progress

_PAUSE_MS = 4000


class DraftKeeper(QObject):
    """Writes a draft off the window's thread, in order, and only when something in it is new."""

    def __init__(
        self, context: Context, failed: Callable[[BaseException], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._failed = failed
        self._state: tuple[ResumeDraft, Step] | None = None
        self._kept: tuple[Step, dict[str, object]] | None = None
        self._writing = False
        self._then: Callable[[], None] | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_PAUSE_MS)
        self._idle.timeout.connect(self.flush)

    def begin(self, draft: ResumeDraft, step: Step) -> None:
        """Take this state as kept already."""
        self._state, self._kept = None, (step, draft.to_json())
        self._idle.stop()

    def note(self, draft: ResumeDraft, step: Step) -> None:
        """Something was typed: keep it at the next pause."""
        self._state = (draft, step)
        self._idle.start()

    def keep(self, draft: ResumeDraft, step: Step) -> None:
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
            save_draft(db, actor, WIZARD, draft.number, step, data)

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

"""Looks every two seconds whether another desk acted, and ends what is due."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from app.access.errors import PasswordChangeNeeded, SignedOut
from app.access.guard import identify
from app.access.rights import Role
from app.audit.trail import change_counter
from app.core.errors import Refused
from app.payments.overview import waiting
from ui.context import Context
from ui.tasks import Progress

POLL_MS = 2_000
HOURLY_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the database showed; to_decide None: nothing changed since the last."""

    counter: int
    at: datetime
    roles: frozenset[Role]
    to_decide: int | None


class Watch(QObject):
    """Emits `looked` after each look, and has the context tell when anything changed."""

    looked = Signal(object)
    failed = Signal(object)
    ended = Signal(str)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._counter: int | None = None
        self._looking = False
        self._stopped = False
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self.look)
        self._hourly = QTimer(self, interval=HOURLY_MS)
        self._hourly.timeout.connect(self.expire)

    def start(self) -> None:
        """Look now and from now on."""
        self.expire()
        self.look()
        self._poll.start()
        self._hourly.start()

    def stop(self) -> None:
        self._stopped = True
        self._poll.stop()
        self._hourly.stop()

    def look(self) -> None:
        """One look, unless the last one is still under way."""
        if self._looking or self._stopped:
            return
        self._looking = True
        db, actor, known = self._context.db, self._context.actor, self._counter

        def work(_: Progress) -> Look:
            with db.read() as view:
                person, counter, now = identify(view, actor), change_counter(view), view.now
            to_decide = None if counter == known else waiting(db, actor).count
            return Look(counter, now, person.roles, to_decide)

        self._context.tasks.start(work, self._seen, self._not_seen, owner=self)

    def expire(self) -> None:
        """End the holds whose last day has passed."""
        from app.payments.holds import expire_due

        db = self._context.db

        def work(_: Progress) -> list[str]:
            return expire_due(db)

        def done(_: list[str]) -> None:
            """The next look sees what was ended."""

        self._context.tasks.start(work, done, self.failed.emit, owner=self)

    def _seen(self, look: Look) -> None:
        self._looking = False
        if self._stopped:
            return
        first = self._counter is None
        moved = look.counter not in (self._counter, self._context.told)
        self._counter = look.counter
        self.looked.emit(look)
        if moved and not first:
            self._context.changed.emit()

    def _not_seen(self, error: BaseException) -> None:
        self._looking = False
        if self._stopped:
            return
        if isinstance(error, SignedOut | PasswordChangeNeeded):
            self.stop()
            self.ended.emit(f"{error.message}{error.hint}")
        elif isinstance(error, Refused):
            self.failed.emit(error)
        else:
            self.stop()
            raise error

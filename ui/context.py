"""What every page of the window shares: the open database, who is signed in, and what changed."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.access.founding import CompanyCard
from app.access.guard import Actor, identify
from app.access.rights import Right
from app.payments.diagnosis.facts import SystemFacts
from app.storage.work import Database
from ui.tasks import Progress, Task, Tasks

T = TypeVar("T")
Failed = Callable[[BaseException], None]


class Context(QObject):
    """A signed-in desk. `changed` is emitted after every act here and when another desk acted.

    navigate(page, argument) asks the main window to show a page: "payments" with a payment number
    or a Tab, "inbox", "holds", "audit", "people" …
    """

    changed = Signal()
    navigate = Signal(str, object)
    sign_out_wanted = Signal()

    def __init__(
        self,
        db: Database,
        actor: Actor,
        card: CompanyCard,
        tasks: Tasks,
        system: Callable[[Database], SystemFacts],
    ) -> None:
        super().__init__()
        self.db = db
        self.actor = actor
        self.card = card
        self.tasks = tasks
        self._system = system
        self._rights: frozenset[Right] | None = None
        self.changed.connect(self._forget_rights)

    def may(self, right: Right) -> bool:
        """Whether to offer an act; the service asks again when it is done."""
        if self._rights is None:
            with self.db.read() as work:
                self._rights = identify(work, self.actor).rights
        return right in self._rights

    def system_facts(self) -> SystemFacts:
        """The program's own health; call it from a worker, it reads disk and database."""
        return self._system(self.db)

    def read(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Failed,
        label: str = "",
    ) -> "Task[T]":
        """Run a query off the window's thread."""
        return self.tasks.start(work, done, failed, label=label, owner=_owner(done))

    def act(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Failed,
        label: str = "",
    ) -> "Task[T]":
        """Run an act off the window's thread; afterwards every view reloads."""

        def finished(result: T) -> None:
            done(result)
            self.changed.emit()

        return self.tasks.start(work, finished, failed, label=label, owner=_owner(done) or self)

    def _forget_rights(self) -> None:
        self._rights = None


def _owner(done: Callable[[T], None]) -> QObject | None:
    """The object that the answer is for: where it is gone, nobody is told."""
    owner = getattr(done, "__self__", None)
    return owner if isinstance(owner, QObject) else None

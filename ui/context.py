"""What every page of the window shares: the open database, who is signed in, and what changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from app.access.founding import CompanyCard
from app.access.guard import Actor, identify
from app.access.rights import RIGHT_LABELS, Right
from app.audit.trail import change_counter
from app.core.errors import Refused
from app.letters.passwords import MailPasswords
from app.payments.diagnosis.facts import SystemFacts
from app.storage.work import Database
from ui.tasks import Progress, Task, Tasks

T = TypeVar("T")
Failed = Callable[[BaseException], None]


# No slots: a frozen generic dataclass with slots fails when called as Acted[T](...).
@dataclass(frozen=True)
class Acted(Generic[T]):
    """What an act gave, and the end of the trail after it; None where that could not be read."""

    result: T
    counter: int | None


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
        self.mail_passwords = MailPasswords()
        self._rights: frozenset[Right] | None = None
        # The end of the trail that every view has been told to show.
        self.told: int | None = None
        self.changed.connect(self._forget_rights)

    def may(self, right: Right) -> bool:
        """Whether to offer an act; the service asks again when it is done."""
        if self._rights is None:
            with self.db.read() as work:
                self._rights = identify(work, self.actor).rights
        return right in self._rights

    def why_denied(self, right: Right) -> str:
        """Why an act is not offered to who lacks the right; "" where it is."""
        if self.may(right):
            return ""
        return self.tr("您没有“%1”权限。").replace("%1", RIGHT_LABELS[right])

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
    ) -> "Task[Acted[T]]":
        """Run an act off the window's thread; afterwards every view reloads."""

        def finished(acted: Acted[T]) -> None:
            done(acted.result)
            self.tell(acted)

        return self.tasks.start(
            self.counted(work), finished, failed, label=label, owner=_owner(done) or self
        )

    def counted(self, work: Callable[[Progress], T]) -> Callable[[Progress], Acted[T]]:
        """The same work, which afterwards looks how far the trail goes; then comes `tell`."""

        def run(progress: Progress) -> Acted[T]:
            result = work(progress)
            try:
                with self.db.read() as view:
                    return Acted(result, change_counter(view))
            except Refused:
                # The act itself is done; the next look at the database says what is wrong.
                return Acted(result, None)

        return run

    def tell(self, acted: Acted[T]) -> None:
        """Reload every view, once: the watch does not tell of what was told here."""
        self.told = acted.counter
        self.changed.emit()

    def _forget_rights(self) -> None:
        self._rights = None


def _owner(done: Callable[[T], None]) -> QObject | None:
    """The object that the answer is for: where it is gone, nobody is told."""
    owner = getattr(done, "__self__", None)
    return owner if isinstance(owner, QObject) else None

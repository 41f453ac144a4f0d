"""Many letters in one run: one after another, each with its own outcome, nothing sent twice.

What a run leaves, since it was stopped or the program ended, is what a later run begins with: the
letters themselves say which of them went out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.access.errors import Denied
from app.access.guard import Actor, reading
from app.access.rights import Right
from app.agreements import sending
from app.agreements.sending import Mail
from app.core.errors import Refused
from app.letters.errors import AlreadySent, BadLetter, BadMail
from app.letters.mailing import Pause
from app.letters.passwords import MailPasswords
from app.letters.post import Handed, Line, Server, Trouble
from app.letters.states import MailState
from app.storage.work import Database

Told = Callable[[int, int], None]
# So many letters in a row that nobody gets through with, or whose fate is unknown, end a run:
# what is wrong with the server is wrong for the next one, too.
_PATIENCE: Final = 2


class Outcome(StrEnum):
    """What became of one letter of a run. PASSED: it need not, or must not, be sent any more."""

    SENT = "SENT"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"
    PASSED = "PASSED"
    LEFT = "LEFT"


OUTCOME_LABELS: Final[dict[Outcome, str]] = {
    Outcome.SENT: "已发送",
    Outcome.FAILED: "未发出",
    Outcome.UNKNOWN: "送达不明",
    Outcome.PASSED: "不再发送",
    Outcome.LEFT: "尚未发送",
}


class Ended(StrEnum):
    """Why a run ended before its last letter."""

    STOPPED = "STOPPED"
    SIGN_IN = "SIGN_IN"
    LINE = "LINE"
    UNKNOWN = "UNKNOWN"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class RunLine:
    """One letter of a run. said: the server's or the program's words."""

    about: str
    recipient: str
    outcome: Outcome
    said: str = ""


@dataclass(frozen=True, slots=True)
class MailRun:
    """Every letter of a run in its order. ended: None where it came to its last letter."""

    lines: tuple[RunLine, ...]
    ended: Ended | None

    def count(self, outcome: Outcome) -> int:
        return sum(line.outcome is outcome for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Done:
    line: RunLine
    trouble: Ended | None = None
    final: bool = False


def send_run(
    db: Database,
    actor: Actor,
    mails: Sequence[Mail],
    server: Server,
    pause: Pause,
    passwords: MailPasswords,
    told: Told = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> MailRun:
    """Send each letter that nothing of went out yet; over one connection as long as it holds.

    passwords: learns whether the server took the password. Raises Denied before anything is sent.
    """
    with reading(db, actor, Right.AGREEMENT_MANAGE):
        done: list[_Done] = []
    ended: Ended | None = None
    with Line() as line:
        for mail in mails:
            if cancelled():
                ended = Ended.STOPPED
                break
            done.append(_send(db, actor, mail, server, pause, passwords, line))
            told(len(done), len(mails))
            ended = Ended.STOPPED if cancelled() else _end_of(done)
            if ended is not None:
                break
    rest = mails[len(done) :]
    left = [RunLine(mail.about, mail.recipient, Outcome.LEFT) for mail in rest]
    return MailRun((*(one.line for one in done), *left), ended if left else _failure(ended))


def _send(
    db: Database,
    actor: Actor,
    mail: Mail,
    server: Server,
    pause: Pause,
    passwords: MailPasswords,
    line: Line,
) -> _Done:
    def row(outcome: Outcome, said: str) -> RunLine:
        return RunLine(mail.about, mail.recipient, outcome, said)

    try:
        handed = sending.send(db, actor, mail, server, pause, line.post)
    except (AlreadySent, BadLetter) as refusal:
        return _Done(row(Outcome.PASSED, refusal.message))
    except Refused as refusal:
        said = f"{refusal.message}{refusal.hint}"
        # Neither a right nor a server comes back from one letter to the next.
        final = isinstance(refusal, Denied | BadMail)
        return _Done(row(Outcome.FAILED, said), Ended.REFUSED if final else None, final)
    passwords.learn(server, handed)
    trouble = _trouble(handed)
    return _Done(row(Outcome(handed.state), handed.said), trouble, trouble is Ended.SIGN_IN)


def _trouble(handed: Handed) -> Ended | None:
    if handed.trouble is Trouble.SIGN_IN:
        return Ended.SIGN_IN
    if handed.trouble is Trouble.LINE:
        return Ended.LINE
    return Ended.UNKNOWN if handed.state is MailState.UNKNOWN else None


def _end_of(done: Sequence[_Done]) -> Ended | None:
    """Why the run ends after these; None where it goes on."""
    last = done[-1]
    if last.final:
        return last.trouble
    recent = [one.trouble for one in done[-_PATIENCE:]]
    return last.trouble if len(recent) == _PATIENCE and None not in recent else None


def _failure(ended: Ended | None) -> Ended | None:
    """A run that came to its last letter ended by itself, unless the password was refused."""
    return ended if ended in {Ended.SIGN_IN, Ended.REFUSED} else None

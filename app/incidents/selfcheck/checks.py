"""What a check is, and how checks are made one after another: no fault hides another."""

import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import psutil

from app.core import paths
from app.core.errors import Refused
from app.documents.fonts import FontBook, default_book
from app.storage.files import shown
from app.storage.health import LOW_DISK_BYTES
from app.storage.work import Database

_log = logging.getLogger(__name__)
# The first words of a refusal's or an error's report.
_UNEXPECTED: Final = "这项检查没有做完：程序内部出错，已记入程序日志。"
_REPORT: Final = "请把程序日志发给技术支持；其他各项检查不受影响。"
_ASK_SUPPORT: Final = "请联系技术支持。"


class Group(StrEnum):
    DATABASE = "database"
    PROMISES = "promises"
    PROGRAM = "program"
    BACKUPS = "backups"
    OUTSIDE = "outside"


GROUP_LABELS: Final[dict[Group, str]] = {
    Group.DATABASE: "数据库",
    Group.PROMISES: "数据约定",
    Group.PROGRAM: "程序与系统",
    Group.BACKUPS: "备份",
    Group.OUTSIDE: "外部连接",
}


class State(StrEnum):
    """How a check ended. HINT: nothing is wrong, but something is worth doing. NONE: no subject."""

    BAD = "BAD"
    HINT = "HINT"
    GOOD = "GOOD"
    NONE = "NONE"


STATE_LABELS: Final[dict[State, str]] = {
    State.BAD: "异常",
    State.HINT: "提示",
    State.GOOD: "正常",
    State.NONE: "不适用",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One result. detail: what was seen; cure: what to do, empty where nothing has to be done.

    meaning: what the check is for. seconds: how long it took.
    """

    name: str
    title: str
    group: Group
    state: State
    detail: str
    cure: str
    meaning: str
    seconds: float

    @property
    def ok(self) -> bool:
        return self.state is not State.BAD


@dataclass(frozen=True, slots=True)
class Found:
    """What a look saw. name, title: where one look makes several checks."""

    state: State
    detail: str
    cure: str = ""
    name: str = ""
    title: str = ""


def good(detail: str) -> Found:
    return Found(State.GOOD, detail)


def bad(detail: str, cure: str) -> Found:
    return Found(State.BAD, detail, cure)


def hint(detail: str, cure: str) -> Found:
    return Found(State.HINT, detail, cure)


def none(detail: str) -> Found:
    """There is nothing to look at, which is no fault."""
    return Found(State.NONE, detail)


@dataclass(frozen=True, slots=True)
class Mount:
    """A disk as the system has it: where, of which kind, and whether it is another machine's."""

    folder: str
    kind: str
    remote: bool


def _mounts() -> Sequence[Mount]:
    return [
        Mount(one.mountpoint, one.fstype, "remote" in one.opts.split(","))
        for one in psutil.disk_partitions(all=True)
    ]


def _memory() -> tuple[int, int]:
    memory = psutil.virtual_memory()
    return memory.available, memory.total


@dataclass(frozen=True, slots=True)
class Outside:
    """What lies outside the database, on this machine where nothing else is said.

    printers: their names, where the caller can tell. memory: free and all, in bytes.
    mail_seconds: how long a mail server may take to answer.
    """

    home: Path = field(default_factory=paths.home)
    backups: Path = field(default_factory=paths.backup_folder)
    log: Path = field(default_factory=paths.log_file)
    printers: Callable[[], Sequence[str]] | None = None
    memory: Callable[[], tuple[int, int]] = _memory
    mounts: Callable[[], Sequence[Mount]] = _mounts
    fonts: Callable[[], FontBook] = default_book
    may_write: Callable[[Path], bool] = lambda folder: os.access(folder, os.W_OK)
    least_disk: int = LOW_DISK_BYTES
    mail_seconds: float = 5.0
    platform: str = sys.platform


@dataclass(frozen=True, slots=True)
class Asked:
    """What a look is given."""

    db: Database
    outside: Outside
    thorough: bool


Look = Callable[[Asked], Found | Iterable[Found]]
SingleLook = Callable[[Asked], Found]
# Hears (done, total) before each step; what it raises ends the work.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One look, and the words that stand beside whatever it sees."""

    name: str
    title: str
    group: Group
    meaning: str
    look: Look


def run(steps: Sequence[Step], asked: Asked, progress: Progress | None = None) -> list[Check]:
    """Every check of every step, whatever one of them meets."""
    checks: list[Check] = []
    for done, step in enumerate(steps):
        if progress is not None:
            progress(done, len(steps))
        checks.extend(_made(step, asked))
    return checks


def _made(step: Step, asked: Asked) -> list[Check]:
    start = time.perf_counter()
    found = _looked(step, asked)
    taken = time.perf_counter() - start
    return [
        Check(
            step.name + one.name,
            one.title or step.title,
            step.group,
            one.state,
            one.detail,
            one.cure,
            step.meaning,
            taken / len(found),
        )
        for one in found
    ]


def _looked(step: Step, asked: Asked) -> list[Found]:
    try:
        seen = step.look(asked)
        return [seen] if isinstance(seen, Found) else list(seen)
    except Refused as refusal:
        return [bad(refusal.message, refusal.hint or _ASK_SUPPORT)]
    except Exception:  # noqa: BLE001 - logged whole; it must not hide the other checks
        _log.exception("the check %s of %s failed", step.name, shown(asked.db.engine.url))
        return [bad(_UNEXPECTED, _REPORT)]

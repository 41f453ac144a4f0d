"""What a line of the program's log says, and which lines are wanted. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.core.clock import local_seconds

LEVELS: Final = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")
LEVEL_LABELS: Final[dict[str, str]] = {
    "CRITICAL": "严重",
    "ERROR": "错误",
    "WARNING": "警告",
    "INFO": "信息",
    "DEBUG": "调试",
    "": "无法识别",
}
_HEAD: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00) (CRITICAL|ERROR|WARNING|INFO|DEBUG) (\S+) ?(.*)"
)
# What would move the cursor or hide text is shown by its number.
_CONTROLS: Final = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), 127)}
# A traceback is longer than a screen, never than this.
_MOST_LINES: Final = 400


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as it stands in a file. start: where in the file it begins, in bytes."""

    file: str
    start: int
    data: bytes


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry with what belongs to it, such as a traceback.

    at: None and level "" for a line that is not of the log's form; it is shown as it is.
    """

    file: str
    start: int
    at: datetime | None
    level: str
    source: str
    text: str

    @property
    def first(self) -> str:
        return self.text.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Empty means all. levels: "" stands for lines of no known form; until: not included."""

    levels: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""

    def fits(self, line: LogLine) -> bool:
        """Whether a line is wanted; one without a time is wanted whatever the range says."""
        if self.levels and line.level not in self.levels:
            return False
        if line.at is not None and not self._in_range(line.at):
            return False
        wanted = self.text.strip().casefold()
        return not wanted or wanted in f"{line.source} {line.text}".casefold()

    def _in_range(self, at: datetime) -> bool:
        after = self.since is None or at >= self.since
        return after and (self.until is None or at < self.until)


def entries_backwards(lines: Iterable[RawLine]) -> Iterator[LogLine]:
    """Entries, the newest first, from lines that come the last first."""
    below: list[RawLine] = []
    for line in lines:
        text = decoded(line.data)
        head = _HEAD.fullmatch(text)
        if head is None:
            below.append(line)
            if len(below) >= _MOST_LINES:
                yield _loose(below)
                below = []
            continue
        at = _instant(head[1])
        if at is None:
            below.append(line)
            continue
        more = [decoded(one.data) for one in reversed(below)]
        below = []
        said = "\n".join([head[4], *more])
        yield LogLine(line.file, line.start, at, head[2], head[3], said.rstrip("\n"))
    if below:
        yield _loose(below)


def decoded(data: bytes) -> str:
    """The line as text; what is no UTF-8 and what can't be shown stands there by its numbers."""
    return data.rstrip(b"\r").decode("utf-8", "backslashreplace").translate(_CONTROLS)


def as_text(lines: Iterable[LogLine]) -> str:
    """The entries as they stand in the log, the oldest first, to be kept or sent."""
    ordered = sorted(lines, key=lambda one: (one.at is None, one.at, one.file, one.start))
    return "".join(f"{_as_line(one)}\n" for one in ordered)


def shown_time(line: LogLine) -> str:
    return local_seconds(line.at) or "—"


def _as_line(line: LogLine) -> str:
    if line.at is None:
        return line.text
    return f"{line.at.isoformat(timespec='seconds')} {line.level} {line.source} {line.text}"


def _loose(below: list[RawLine]) -> LogLine:
    """Lines that belong to no entry: one that is broken, or the rest of a file that was cut."""
    first = below[-1]
    text = "\n".join(decoded(one.data) for one in reversed(below))
    return LogLine(first.file, first.start, None, "", "", text)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None

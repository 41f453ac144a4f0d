"""日志查看: the program's own log, read from its end in pieces, so that its size does not matter."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

from app.access.guard import Actor, reading
from app.access.rights import Right
from app.agreements.confirming import Scan
from app.core.errors import BadInput, Refused
from app.documents.atomic import save
from app.incidents.evidence.keeping import AddEvidence, Category, add_evidence
from app.incidents.vendor.log_lines import (
    LogFilter,
    LogLine,
    RawLine,
    as_text,
    entries_backwards,
)
from app.storage.work import Database

MOST: Final = 2_000
_PIECE: Final = 256 * 1024
# A line longer than this is no line of ours: of each such part only the beginning is shown.
_LONGEST: Final = 64 * 1024
_SHOWN: Final = 4096
_CUT: Final = "…（这一行过长，只显示开头）".encode()
# Characters that are held at most.
_HELD: Final = 16_000_000
# A clock that was set back leaves earlier times above later ones.
_SLACK: Final = timedelta(days=1)

# Bytes read, and bytes there are; raises to end the reading.
Told = Callable[[int, int], None]


class LogUnreadable(Refused):
    code = "LOG-001"
    remedy = "请核对日志文件夹的读取权限，或关闭正在占用日志的程序后重试。"


@dataclass(frozen=True, slots=True)
class LogPage:
    """What was found, the newest first. more: there is more than could be shown.

    troubles: files that could not be read, each with what to do. read: bytes that were read.
    """

    lines: tuple[LogLine, ...]
    more: bool
    troubles: tuple[str, ...]
    read: int


def look_at_log(
    db: Database,
    actor: Actor,
    file: Path,
    wanted: LogFilter,
    most: int = MOST,
    progress: Told | None = None,
) -> LogPage:
    """The newest lines that fit. Raises Denied, and what progress raises."""
    with reading(db, actor, Right.SELFCHECK_RUN):
        pass
    return read_log(file, wanted, most, progress)


def read_log(
    file: Path, wanted: LogFilter, most: int = MOST, progress: Told | None = None
) -> LogPage:
    """The newest lines of the log and of its older files that fit."""
    reader = _Reader(progress)
    found: list[LogLine] = []
    more, held = False, 0
    for line in entries_backwards(reader.lines(log_files(file))):
        if wanted.since is not None and line.at is not None and line.at < wanted.since - _SLACK:
            break
        if not wanted.fits(line):
            continue
        held += len(line.text)
        if len(found) == most or held > _HELD:
            more = True
            break
        found.append(line)
    if reader.files == 0 and not reader.troubles:
        reader.troubles.append(f"还没有日志文件：{file}。程序运行一段时间后才会生成。")
    return LogPage(tuple(found), more, tuple(reader.troubles), reader.read)


def log_files(file: Path) -> list[Path]:
    """The log and its older files that are there, the newest first."""
    try:
        numbered = [
            (int(one.suffix[1:]), one)
            for one in file.parent.glob(f"{file.name}.*")
            if one.suffix[1:].isdecimal()
        ]
    except OSError:
        numbered = []
    return [file, *(one for _, one in sorted(numbered))]


def export_lines(target: Path, lines: list[LogLine]) -> int:
    """Write the lines to a file, whole or not at all; returns its bytes. Raises ExportFailed."""
    if not lines:
        raise BadInput("没有选择日志行。", "请先在列表中选择要导出的行。")
    data = as_text(lines).encode()
    save(target, data)
    return len(data)


def keep_lines(
    db: Database, actor: Actor, number: str, lines: list[LogLine], note: str = ""
) -> str:
    """Keep lines as evidence of an incident; returns the number of the evidence.

    Raises BadInput where none are chosen, PaperKnown, BadPaper over 20 MB, Conflict, Denied.
    """
    if not lines:
        raise BadInput("没有选择日志行。", "请先在列表中选择要保存的行。")
    stamps = sorted(one.at for one in lines if one.at is not None)
    stamp = stamps[0].strftime("%Y%m%d-%H%M%S") if stamps else "无时间"
    scan = Scan(f"日志 {stamp} 共{len(lines)}行.log", as_text(lines).encode())
    return add_evidence(db, actor, AddEvidence(number, Category.LOG, scan, note))


class _Reader:
    """Reads files from their ends, and remembers how far it came and what it could not read."""

    def __init__(self, progress: Told | None) -> None:
        self._progress = progress
        self._total = 0
        self.read = 0
        self.files = 0
        self.troubles: list[str] = []

    def lines(self, files: list[Path]) -> Iterator[RawLine]:
        there = [one for one in files if one.exists()]
        self._total = sum(_size(one) for one in there)
        for path in there:
            try:
                with path.open("rb") as stream:
                    yield from self._backwards(path.name, stream)
                self.files += 1
            except OSError as error:
                refusal = LogUnreadable(
                    f"日志文件“{path.name}”无法读取：{error.strerror or error}。"
                )
                self.troubles.append(f"{refusal.message}{refusal.hint}")

    def _backwards(self, name: str, stream: IO[bytes]) -> Iterator[RawLine]:
        """The lines of one file, the last first; their parts where they are too long."""
        at = stream.seek(0, 2)
        tail = b""
        last = True
        while at > 0:
            size = min(_PIECE, at)
            at -= size
            stream.seek(at)
            piece = stream.read(size)
            self._tell(len(piece))
            parts = (piece + tail).split(b"\n")
            start = at + len(piece) + len(tail)
            for part in reversed(parts[1:]):
                start -= len(part)
                # What stands after the last line's end is no line.
                if part or not last:
                    yield RawLine(name, start, part)
                last = False
                start -= 1
            tail = parts[0]
            if len(tail) > _LONGEST:
                yield RawLine(name, at, tail[:_SHOWN] + _CUT)
                tail, last = b"", False
        if tail:
            yield RawLine(name, 0, tail)

    def _tell(self, size: int) -> None:
        self.read += size
        if self._progress is not None:
            self._progress(min(self.read, self._total), max(self._total, 1))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

"""The program's own log: rotated, without secrets, read back by the diagnosis."""

import logging
import logging.handlers
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from typing_extensions import override

_BYTES: Final = 2_000_000
_KEPT_FILES: Final = 5
_READ_BACK: Final = 200_000
_LINE: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00) (\w+) (\S+) (.*)")


class _Utc(logging.Formatter):
    @override
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")


def set_up(file: Path) -> None:
    """Write the log to this file from now on; a folder that can't be written is told on stderr."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=_BYTES, backupCount=_KEPT_FILES, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.StreamHandler()
        logging.getLogger(__name__).warning("the log file can't be written", exc_info=True)
    handler.setFormatter(_Utc("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)


def recent_errors(
    file: Path, now: datetime, within: timedelta = timedelta(hours=24), most: int = 5
) -> tuple[tuple[datetime, str], ...]:
    """The newest errors in the log, newest first; empty when there is no log."""
    if not file.is_file():
        return ()
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - _READ_BACK))
        text = stream.read().decode("utf-8", "replace")
    found = []
    for line in reversed(text.splitlines()):
        match = _LINE.fullmatch(line)
        if match and match[2] in {"ERROR", "CRITICAL"}:
            at = datetime.fromisoformat(match[1])
            if now - within <= at <= now:
                found.append((at, f"{match[3]} {match[4]}"))
    return tuple(found[:most])

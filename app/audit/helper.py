"""A second process for half of a long trail; without it the work is only slower."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from app.audit import segment

_log = logging.getLogger(__name__)
_NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)


class Helper:
    """Runs `segment.walk_file` with this task beside us; ended when the block is left."""

    def __init__(self, task: dict[str, Any]) -> None:
        self._process = _start()
        if self._process is not None and self._process.stdin is not None:
            try:
                self._process.stdin.write(json.dumps(task))
                self._process.stdin.close()
            except OSError:
                _log.warning("the second process ended early", exc_info=True)
            self._process.stdin = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def answer(self) -> tuple[int, str] | None:
        """What walk_file returned; None when there is no such process or it failed."""
        if self._process is None:
            return None
        out, err = self._process.communicate()
        if self._process.returncode != 0:
            _log.warning("the second process failed: %s", err)
            return None
        seq, found = json.loads(out)
        return int(seq), str(found)


def _start() -> subprocess.Popen[str] | None:
    script = Path(segment.__file__)
    # A frozen build has no interpreter to run a script with.
    if getattr(sys, "frozen", False) or not sys.executable or not script.is_file():
        return None
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-I", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            creationflags=_NO_WINDOW,
        )
    except OSError:
        _log.warning("no second process could be started", exc_info=True)
        return None

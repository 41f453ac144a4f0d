"""Files that may be locked: their password from the environment or the person."""

import getpass
import os
import sys
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")
PASSWORD_VARIABLE: Final = "TINGFU_FILE_PASSWORD"  # noqa: S105 - the name of a variable


def with_password(read: Callable[[str | None], T]) -> T:
    """Read a file; where it asks for a password, take it from the environment or the person."""
    from app.statements.locked import PasswordNeeded

    given = os.environ.get(PASSWORD_VARIABLE)
    try:
        return read(given)
    except PasswordNeeded:
        if given or not sys.stdin.isatty():
            raise
        return read(getpass.getpass("文件密码："))

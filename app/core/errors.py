"""The one family of refusals, and bad rows as values."""

from dataclasses import dataclass
from typing import ClassVar


class Refused(Exception):  # noqa: N818 - a refusal is an answer to the user, not a fault
    """An act that the rules do not allow: a code, a Chinese message and what to do next.

    Any exception that is not a Refused is a bug.
    """

    code: ClassVar[str] = "GEN-001"
    remedy: ClassVar[str] = ""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint if hint is not None else self.remedy


class BadInput(Refused):
    """A value that a person typed or a file holds can't be understood."""

    code = "INP-001"
    remedy = "请按提示改正后重试。"


class NotFound(Refused):
    """The thing that was named is not in the database."""

    code = "GEN-404"
    remedy = "请刷新列表后重新选择。"


class Conflict(Refused):
    """Another desk changed the row first."""

    code = "GEN-409"
    remedy = "请刷新后查看差异，再决定是否重新提交；您填写的内容仍保留在窗口中。"


@dataclass(frozen=True, slots=True)
class Problem:
    """One bad value in something that came from outside.

    row: 1-based row of the file as the user sees it; None when it concerns the whole file.
    """

    row: int | None
    field: str
    message: str

"""The ground truth of generated data: which payments stand still, and which line belongs to which."""

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TextIO

from app.core.money import Money
from app.demo.many_payments import Made
from app.payments.states import Stage
from app.storage.engine import parse_url
from app.storage.files import sqlite_path

_FEES: Final = (500, 1000, 1500, 2000)


def truth_path(address: str) -> Path:
    """Beside an SQLite file, else in the current folder under the server's database name."""
    url = parse_url(address)
    path = sqlite_path(url)
    if path is not None:
        return Path(path).absolute().with_suffix(".truth.json")
    return Path(f"{url.database}.truth.json").absolute()


class TruthFile:
    """Written line by line, so that memory stays flat; gone again unless it was completed.

    lines: how many statement lines it shall tell of. Each executed payment has at most one; what
    is left over are bank fees that no payment stands for.
    """

    def __init__(self, path: Path, seed: int, lines: int) -> None:
        self.path = path
        self._seed = seed
        self._wanted = lines
        self._lines = 0
        self._held: dict[str, list[str]] = {}
        self._complete = False
        self._beside = path.with_name(f"{path.name}.part")

    def __enter__(self) -> Self:
        self._file: TextIO = self._beside.open("w", encoding="utf-8")
        self._file.write(f'{{"seed": {self._seed},\n"lines": [')
        return self

    def tell(self, made: Made) -> None:
        """Keep what the payment's answers are."""
        if made.reasons:
            self._held[made.number] = [*made.reasons]
        if made.stage is Stage.EXECUTED and self._lines < self._wanted:
            self._line(
                account=made.account,
                booked_on=made.due_on.isoformat(),
                amount=Money(-made.amount).decimal(),
                counterparty_name=made.payee.name,
                counterparty_account=made.payee.account,
                reference=made.reference,
                payment=made.number,
            )

    def complete(self, payments: int) -> None:
        """Add the lines that have no payment, then what stands still, and put the file in place."""
        while self._lines < self._wanted:
            number = self._lines
            self._line(
                account="",
                booked_on=None,
                amount=Money(-_FEES[number % len(_FEES)]).decimal(),
                counterparty_name="",
                counterparty_account="",
                reference=f"FEE{number:09d}",
                payment=None,
            )
        self._file.write("\n],\n")
        tail = {"payments": payments, "stopped": len(self._held), "reasons": self._held}
        self._file.write(json.dumps(tail, ensure_ascii=False)[1:] + "\n")
        self._complete = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if self._complete and error is None:
            self._beside.replace(self.path)
        else:
            self._beside.unlink(missing_ok=True)

    def _line(self, **values: Any) -> None:
        self._lines += 1
        comma = "," if self._lines > 1 else ""
        text = json.dumps({"line": self._lines, **values}, ensure_ascii=False)
        self._file.write(f"{comma}\n{text}")

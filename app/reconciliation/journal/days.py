"""The day of each row: whole, in columns of month and day, or left blank under the one above."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from app.payments.intake.values import Unfit, says_nothing
from app.reconciliation.journal.columns import Columns
from app.statements import figures
from app.tabular.model import Row

_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_YEAR_MONTH = re.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*月?")
_NUMBER = re.compile(r"(\d{1,4})\s*[年月日]?(?:\.0+)?")
_CENTURY: Final = 2000
_HALF_A_YEAR: Final = 6
_LITTLE: Final = 100


class NoYearYet(Unfit):
    """A day without its year, in a file that does not tell one."""


@dataclass(slots=True)
class Days:
    """Tells the day of each row, remembering the ones before.

    repeats: whether a row without a day takes the one above. year: where the dates name none;
    until: the end of the declared period, into which a day of the next year may fall.
    """

    columns: Columns
    repeats: bool
    year: int | None = None
    since: date | None = None
    until: date | None = None
    month_first: bool = False
    last: date | None = None
    taken: int = 0

    def of(self, row: Row, *, continued: bool = False) -> date:
        """The row's day. continued: it goes on with the voucher above. Raises Unfit."""
        found = self._parts(row) if self.columns.in_parts else self._whole(row)
        if found is None:
            if self.last is None or not (self.repeats or continued):
                raise Unfit("没有日期，请填写日期")
            self.taken += 1
            return self.last
        self.last = found
        return found

    def month_of(self, row: Row) -> tuple[int, int] | None:
        """The month that a sum speaks of; None where its row has no date."""
        if self.columns.in_parts:
            said = _number(self.columns.cell(row, "month"))
            year = self._year_of(row)
            if said is None or year is None:
                return None
            return self._in_year(year, said), said
        text = self.columns.cell(row, "day")
        found = _YEAR_MONTH.fullmatch(text)
        if found:
            return int(found[1]), int(found[2])
        try:
            day = figures.moment(text, month_first=self.month_first)[0]
        except Unfit:
            return None
        return day.year, day.month

    def day_of(self, row: Row) -> date | None:
        """The day that a sum speaks of; None where its row has none."""
        last, taken = self.last, self.taken
        try:
            found = self._parts(row) if self.columns.in_parts else self._whole(row)
        except Unfit:
            found = None
        self.last, self.taken = last, taken
        return found

    def _whole(self, row: Row) -> date | None:
        text = self.columns.cell(row, "day")
        if says_nothing(text):
            return None
        plain = unicodedata.normalize("NFKC", text).strip(" `'")
        short = _MONTH_DAY.fullmatch(plain)
        if short:
            return self._dated(self._year_of(row), int(short[1]), int(short[2]), text)
        return figures.moment(text, month_first=self.month_first)[0]

    def _parts(self, row: Row) -> date | None:
        texts = [self.columns.cell(row, one) for one in ("month", "mday")]
        whole = _YEAR_MONTH.fullmatch(texts[0])
        month, day = (_number(one) for one in texts)
        if whole and day is not None:
            return self._dated(int(whole[1]), int(whole[2]), day, " ".join(texts))
        if month is None and day is None:
            if all(says_nothing(one) for one in texts):
                return None
            raise Unfit(f"日期“{' '.join(filter(None, texts))}”无法识别，请填写月和日的数字")
        if day is None:
            raise Unfit(f"只有月份“{texts[0]}”，没有日，请填写日期")
        if month is None:
            if self.last is None:
                raise Unfit("没有月份，请填写月份")
            if day < self.last.day:
                raise Unfit(f"没有月份，而 {day} 日早于上一行的 {self.last.day} 日，请填写月份")
            return self._dated(self.last.year, self.last.month, day, texts[1])
        return self._dated(self._year_of(row), month, day, " ".join(texts))

    def _dated(self, year: int | None, month: int, day: int, text: str) -> date:
        if year is None:
            raise NoYearYet("日期没有年份")
        said = self._year_column
        try:
            return date(year if said else self._in_year(year, month), month, day)
        except ValueError:
            raise Unfit(f"日期“{text.strip()}”不存在，请核对") from None

    @property
    def _year_column(self) -> bool:
        return self.columns.has("year")

    def _year_of(self, row: Row) -> int | None:
        said = _number(self.columns.cell(row, "year")) if self._year_column else None
        if said is not None:
            return said + _CENTURY if said < _LITTLE else said
        if self.last is not None:
            return self.last.year
        return self.year

    def _in_year(self, year: int, month: int) -> int:
        """The year of a month that none is named for: after December comes the next one's."""
        if self.since is not None and self.until is not None:
            fits = [
                one
                for one in range(self.since.year, self.until.year + 1)
                if (self.since.year, self.since.month)
                <= (one, month)
                <= (self.until.year, self.until.month)
            ]
            later = [one for one in fits if self.last is None or one >= self.last.year]
            if later and year not in fits:
                return later[0]
            if fits and self.last is not None and month < self.last.month and year + 1 in fits:
                return year + 1
            return year
        if self.last is not None and self.last.month - month >= _HALF_A_YEAR:
            return year + 1
        return year


def repeats_blank(rows: Sequence[Row], columns: Columns) -> bool:
    """Whether the file leaves a day blank under the same one: it never says it twice running."""
    field = "mday" if columns.in_parts else "day"
    said = [columns.cell(row, field) for row in rows]
    if not any(says_nothing(one) for one in said):
        return False
    return not any(
        one == other and not says_nothing(one) and upper.number + 1 == lower.number
        for (upper, one), (lower, other) in pairwise(zip(rows, said, strict=True))
    )


def _number(text: str) -> int | None:
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip(" `'"))
    return int(found[1]) if found else None

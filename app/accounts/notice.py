"""The year's notice of holidays as a clerk's table: read row by row, never half right."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from app.core.errors import Problem
from app.tabular.model import Row, Table

DAY, KIND, NOTE = "日期", "休/班", "说明"
WEEKDAYS: Final = "一二三四五六日"
_HEADINGS: Final[dict[str, str]] = {
    **dict.fromkeys(("日期", "日", "date", "day"), DAY),
    **dict.fromkeys(("休/班", "休班", "休或班", "安排", "类型", "kind"), KIND),
    **dict.fromkeys(("说明", "备注", "节日", "节假日", "名称", "name", "note"), NOTE),
}
_OFF: Final = frozenset({"休", "休息", "放假", "假", "休假", "节假日", "off"})
_WORKED: Final = frozenset({"班", "上班", "调休上班", "补班", "工作", "工作日", "work"})
_HEADING_ROWS: Final = 10
_NOTE_WIDTH: Final = 60
_SATURDAY: Final = 5
_DECEMBER: Final = 12
_WHOLE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s.*)?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT: Final = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*日")

# 全国年节及纪念日放假办法: days off in every year, and how many there are at least with the lunar ones.
FIXED_DAYS: Final[dict[tuple[int, int], str]] = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
FEWEST_OFF: Final = 13


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """A day that the notice treats otherwise than its day of the week."""

    day: date
    working: bool
    note: str

    @property
    def text(self) -> str:
        return day_text(self.working, self.note)


def day_text(working: bool, note: str) -> str:
    """How a day is said in one breath: "休 元旦"."""
    return f"{'班' if working else '休'} {note}".strip()


def read_notice(
    table: Table, year: int, *, whole: bool
) -> tuple[tuple[NoticeDay, ...], tuple[Problem, ...]]:
    """The days of the table by date, and every row that can't be taken.

    whole: the year is known from nowhere else, so that the table must hold all of its holidays.
    """
    rows = [row for row in table.rows if not row.blank()]
    columns, body = _columns(rows)
    if not columns:
        return (), (
            Problem(None, DAY, f"找不到“{DAY}”和“{KIND}”两栏，请使用模板，或把表头写在前几行。"),
        )
    taken: dict[date, tuple[int, NoticeDay]] = {}
    problems = list(table.problems)
    for row in body:
        try:
            found = _day(row, columns, year, whole=whole)
            _refuse_twice(found.day, taken)
        except _Unfit as wrong:
            problems.append(Problem(row.number, wrong.field, f"{wrong}。"))
        else:
            taken[found.day] = (row.number, found)
    days = {day: found for day, (_, found) in taken.items()}
    if not problems:
        problems.extend(_missing(days, year, whole=whole))
    return tuple(sorted(days.values(), key=lambda one: one.day)), tuple(problems)


class _Unfit(ValueError):  # noqa: N818 - a finding about a row, not a fault
    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def _refuse_twice(day: date, taken: Mapping[date, tuple[int, NoticeDay]]) -> None:
    if day in taken:
        raise _Unfit(DAY, f"{day} 与第 {taken[day][0]} 行重复，请删除其中一行")


def _columns(rows: Sequence[Row]) -> tuple[dict[str, int], Sequence[Row]]:
    """Where the fields stand, and the rows below; a bare list is taken as 日期, 休/班, 说明."""
    for place, row in enumerate(islice(rows, _HEADING_ROWS)):
        named = {
            _HEADINGS[name]: column
            for column, name in reversed(list(enumerate(map(_name, row.cells))))
            if name in _HEADINGS
        }
        if DAY in named and KIND in named:
            return named, rows[place + 1 :]
    if rows and _parts(_clean(rows[0].cell(0)), 0) is not None:
        return {DAY: 0, KIND: 1, NOTE: 2}, rows
    return {}, ()


def _name(cell: str) -> str:
    return _clean(cell).lower().strip("*：: ")


def _clean(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", cell).split())


def _day(row: Row, columns: Mapping[str, int], year: int, *, whole: bool) -> NoticeDay:
    """Raises _Unfit."""
    day = _date(_clean(row.cell(columns[DAY])), year)
    kind = _clean(row.cell(columns[KIND])).lower()
    note = _clean(row.cell(columns.get(NOTE, -1)))
    if kind not in _OFF | _WORKED:
        said = f"“{kind}”分不清是放假还是上班" if kind else f"{day} 没有写放假还是上班"
        raise _Unfit(KIND, f"{said}，请填“休”或“班”")
    if len(note) > _NOTE_WIDTH:
        raise _Unfit(NOTE, f"有 {len(note)} 个字，超过 {_NOTE_WIDTH} 个字，请缩短")
    working = kind in _WORKED
    if working and whole and day.weekday() < _SATURDAY:
        named = WEEKDAYS[day.weekday()]
        raise _Unfit(DAY, f"{day} 是星期{named}，本来就上班，请核对日期，或删除此行")
    return NoticeDay(day, working, note)


def _date(text: str, year: int) -> date:
    """Raises _Unfit for what is no day of the year (or of the December before it)."""
    if not text:
        raise _Unfit(DAY, f"日期为空，请填写，例如 {year}-01-01")
    parts = _parts(text, year)
    if parts is None:
        raise _Unfit(DAY, f"日期“{text}”无法识别，请写成 {year}-01-01 的形式")
    try:
        day = date(*parts)
    except ValueError:
        raise _Unfit(DAY, f"日期“{text}”不存在，请核对") from None
    # New Year's holiday may begin, or be made up for, in the last days of December.
    if day.year != year and (day.year, day.month) != (year - 1, _DECEMBER):
        raise _Unfit(DAY, f"{day} 不属于 {year} 年的安排，请核对日期，或改选年度后导入")
    return day


def _parts(text: str, year: int) -> tuple[int, int, int] | None:
    found = _WHOLE.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return int(found[1]), int(found[2]), int(found[3])
    found = _SHORT.fullmatch(text)
    return (year, int(found[1]), int(found[2])) if found else None


def _missing(days: Mapping[date, NoticeDay], year: int, *, whole: bool) -> Iterator[Problem]:
    if not days:
        yield Problem(None, DAY, "表格里没有任何日期，请填写后重新导入。")
        return
    if not whole:
        return
    for (month, number), name in FIXED_DAYS.items():
        day = date(year, month, number)
        if day not in days or days[day].working:
            yield Problem(None, DAY, f"缺少 {day}（{name}，法定休息），请补上后重新导入。")
    off = sum(not one.working for one in days.values())
    if off < FEWEST_OFF:
        yield Problem(
            None,
            DAY,
            f"只有 {off} 个休息日，法定节假日全年至少 {FEWEST_OFF} 天；"
            "请对照国务院办公厅通知补齐春节、清明、端午、中秋等。",
        )

"""Journals out of a table, whatever program wrote it: values in, values out.

Every row ends as a line, a problem, or skipped with its reason.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.core.errors import Problem
from app.reconciliation.journal.booking import book_of
from app.reconciliation.journal.columns import (
    Columns,
    find_columns,
    for_currency,
    heads,
    other_columns,
    said,
)
from app.reconciliation.journal.days import Days, NoYearYet, repeats_blank
from app.reconciliation.journal.entries import Entry, RowReader, Sum
from app.reconciliation.journal.parsed import Book, NoYear
from app.reconciliation.journal.rows import (
    BLANK,
    EXAMPLE,
    HEAD,
    HEADING,
    HEADINGS,
    NOTHING,
    OTHER_SUBJECT,
    REMARK,
    has_figure,
    is_empty,
    marked,
)
from app.reconciliation.journal.title import Title, number_in, period_in, read_title
from app.statements import figures
from app.statements.parsed import Skipped
from app.tabular.model import Row, Table
from app.tabular.template import MARK

_BANK = re.compile(r"1002|银行|存款|行$|户$|行[\-_ (（]|\d{9,}")
_WINDOW = 3


@dataclass(slots=True)
class _Part:
    """The rows of one account."""

    title: Title
    currency: str
    entries: list[Entry] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)

    @property
    def bare(self) -> bool:
        return not self.entries and not self.sums


@dataclass(slots=True)
class _Reading:
    table: Table
    given: str
    columns: Columns
    days: Days
    title: Title
    parts: list[_Part] = field(default_factory=list)
    part: _Part | None = None
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # What stood between lines and may be the title of another account.
    between: list[Row] = field(default_factory=list)
    # First and last of the blank rows that follow each other: there may be a million.
    blanks: list[tuple[int, int]] = field(default_factory=list)
    subjects: bool = False
    opposite: bool = False
    # 科目 by the text of its column.
    by_subject: dict[tuple[str, str], _Part] = field(default_factory=dict)
    above: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a table holds."""

    books: tuple[Book, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]


def read_books(table: Table, currency: str = "CNY") -> Read:
    """The books of a table; currency: where it names none.

    Raises NotAJournal, IsAStatement, NoYear, NoHeader, WrongUnit.
    """
    columns = find_columns(table)
    body = [row for row in table.rows if row.number > columns.layout.row]
    above = [row for row in table.rows if row.number <= columns.layout.row]
    title = _of_sheet(read_title(row for row in above if said(row) not in columns.heads), table)
    held = title.currency or currency
    columns = for_currency(columns, foreign=held != "CNY")
    reading = _Reading(table, currency, columns, _days(columns, title, body), title)
    reading.problems.extend(table.problems)
    if columns.banks_heading:
        text = (
            f"表头有“{columns.banks_heading}”而没有凭证号，可能是银行流水而不是日记账，"
            "请核对后再导入。"
        )
        reading.problems.append(Problem(None, "文件", text))
    _look_at_subjects(reading, body)
    _skip_head(reading, above)
    for at, row in enumerate(body):
        if row.blank():
            _take_blank(reading, row)
        else:
            _take(reading, row, body[at + 1 : at + _WINDOW])
    _close_between(reading)
    if reading.days.taken:
        reading.notes.append(f"{reading.days.taken} 行没有日期，按上一行的日期读取。")
    books = [_book(reading, part) for part in reading.parts if not part.bare]
    return Read(
        tuple(books),
        tuple(reading.problems),
        (*reading.skipped, *_blanks(reading)),
        tuple(reading.notes),
    )


def _of_sheet(title: Title, table: Table) -> Title:
    """With the year and the period that only the sheet's name tells."""
    if title.since is None and (days := period_in(table.sheet)) is not None:
        return replace(title, since=days[0], until=days[1], year=title.year or days[0].year)
    found = re.search(r"(?<!\d)(?:19|20)\d{2}(?!\d)", table.sheet)
    return replace(title, year=int(found[0])) if found and title.year is None else title


def _days(columns: Columns, title: Title, body: Sequence[Row]) -> Days:
    entries = [row for row in body if has_figure(row, columns) and marked(row, columns) is None]
    texts = [columns.cell(row, "day") for row in entries]
    return Days(
        columns,
        repeats_blank(entries, columns),
        columns.year or title.year,
        title.since,
        title.until,
        figures.is_month_first(texts),
    )


def _look_at_subjects(reading: _Reading, body: Sequence[Row]) -> None:
    """Whether 科目 names the account of each line, or what stands on its other side."""
    columns = reading.columns
    if "subject" not in columns.layout.texts:
        return
    texts = {columns.text(row, "subject") for row in body if has_figure(row, columns)} - {""}
    reading.subjects = any(_BANK.search(one) for one in texts)
    reading.opposite = bool(texts) and not reading.subjects


def _skip_head(reading: _Reading, above: Sequence[Row]) -> None:
    for row in above:
        if row.blank():
            _take_blank(reading, row)
        else:
            known = said(row) in reading.columns.heads
            reading.skipped.append(Skipped(row.number, HEADINGS if known else HEAD))


def _take_blank(reading: _Reading, row: Row) -> None:
    first, last = reading.blanks[-1] if reading.blanks else (0, 0)
    if last and last == row.number - 1:
        reading.blanks[-1] = (first, row.number)
    else:
        reading.blanks.append((row.number, row.number))


def _blanks(reading: _Reading) -> Iterator[Skipped]:
    for first, last in reading.blanks:
        yield Skipped(first, BLANK if first == last else f"{BLANK}（至第 {last} 行）")


# --- rows ---------------------------------------------------------------------------------------


def _take(reading: _Reading, row: Row, after: Sequence[Row]) -> None:
    columns = reading.columns
    figured = has_figure(row, columns)
    if not figured and (said(row) in columns.heads or heads(row)):
        _take_heading(reading, row, after)
        return
    if columns.cell(row, "mark") == MARK:
        reading.skipped.append(Skipped(row.number, EXAMPLE))
        return
    found = marked(row, columns)
    if found is not None:
        part = _part_of(reading, row)
        part.sums.append(_reader(reading, part).sum(row, found, len(part.entries)))
        reading.skipped.append(Skipped(row.number, f"不是分录（{found.word}）"))
        return
    if is_empty(row, columns):
        _skip_empty(reading, row)
        return
    if not figured and not _dated(reading, row) and not columns.cell(row, "voucher"):
        _put_aside(reading, row)
        return
    _take_entry(reading, row)


def _take_heading(reading: _Reading, row: Row, after: Sequence[Row]) -> None:
    """Headings once more, as on each page; or those of other columns below."""
    reading.skipped.append(Skipped(row.number, HEADING))
    if said(row) in reading.columns.heads:
        return
    window = [row]
    for one in after:
        if one.blank() or has_figure(one, reading.columns):
            break
        window.append(one)
    found = other_columns(window)
    if found is not None:
        foreign = (reading.title.currency or reading.given) != "CNY"
        reading.columns = for_currency(found, foreign=foreign)
        reading.days = replace(
            reading.days, columns=reading.columns, year=found.year or reading.days.year
        )


def _skip_empty(reading: _Reading, row: Row) -> None:
    cells = (reading.columns.cell(row, one) for one in ("voucher", "balance", "summary"))
    if _dated(reading, row) and any(cells):
        reading.skipped.append(Skipped(row.number, NOTHING))
    else:
        _put_aside(reading, row)


def _dated(reading: _Reading, row: Row) -> bool:
    return reading.days.day_of(row) is not None


def _put_aside(reading: _Reading, row: Row) -> None:
    reading.skipped.append(Skipped(row.number, REMARK))
    reading.between.append(row)


def _take_entry(reading: _Reading, row: Row) -> None:
    columns = reading.columns
    if reading.subjects:
        subject = columns.text(row, "subject")
        if subject and not _BANK.search(subject):
            reading.skipped.append(Skipped(row.number, f"{OTHER_SUBJECT}（{subject}）"))
            return
    part = _part_of(reading, row)
    try:
        found = _reader(reading, part).entry(row, reading.above)
    except NoYearYet:
        raise NoYear("文件的日期没有年份，表头上方也没有写明年度。") from None
    if isinstance(found, Problem):
        reading.problems.append(found)
        return
    entry, doubts = found
    reading.problems.extend(doubts)
    part.entries.append(entry)
    reading.above = entry.voucher or reading.above


# --- whose they are -----------------------------------------------------------------------------


def _reader(reading: _Reading, part: _Part) -> RowReader:
    return RowReader(reading.columns, reading.days, part.currency, reading.opposite)


def _part_of(reading: _Reading, row: Row) -> _Part:
    """The book that a row is of."""
    _close_between(reading)
    if reading.part is None:
        reading.part = _new_part(reading, reading.title)
    if not reading.subjects:
        code = figures.currency(reading.columns.cell(row, "currency"))
        if not code or code == reading.part.currency:
            return reading.part
        return _keyed(reading, reading.title.subject, code)
    subject = reading.columns.text(row, "subject")
    if not subject or not _BANK.search(subject):
        return reading.part
    code = figures.currency(reading.columns.cell(row, "currency")) or reading.part.currency
    reading.part = _keyed(reading, subject, code)
    return reading.part


def _keyed(reading: _Reading, subject: str, currency: str) -> _Part:
    key = subject, currency
    if key not in reading.by_subject:
        title = replace(
            reading.title,
            subject=subject,
            number=number_in(subject) or reading.title.number,
            currency=currency,
        )
        first = reading.part
        if first is not None and first.bare:
            first.title, first.currency = title, currency
            reading.by_subject[key] = first
        else:
            reading.by_subject[key] = _new_part(reading, title)
    return reading.by_subject[key]


def _new_part(reading: _Reading, title: Title) -> _Part:
    part = _Part(title, title.currency or reading.given)
    reading.parts.append(part)
    if title.unknown_currency:
        text = f"不认识的币种“{title.unknown_currency}”，请核对金额的币种。"
        reading.problems.append(Problem(None, "币种", text))
    return part


def _close_between(reading: _Reading) -> None:
    """Rows between lines: the title of another book, or of the same on its next page."""
    if not reading.between:
        return
    rows, reading.between = reading.between, []
    title = read_title(rows)
    if reading.title.is_other(title) and not reading.subjects:
        title = replace(
            title,
            holder=title.holder or reading.title.holder,
            since=title.since or reading.title.since,
            until=title.until or reading.title.until,
            year=title.year or reading.title.year,
        )
        reading.title = title
        reading.part = _new_part(reading, title)
        reading.above = ""
        reading.days = replace(
            reading.days, year=title.year, since=title.since, until=title.until, last=None
        )
        return
    text = reading.title.text
    reading.title = replace(reading.title.joined(title), text=text)
    if reading.part is not None and not reading.subjects:
        reading.part.title = reading.title


def _book(reading: _Reading, part: _Part) -> Book:
    sheet = reading.table.sheet if len(reading.table.sheets) > 1 else ""
    booked = reading.columns.booked
    book, taken = book_of(part.title, part.currency, part.entries, part.sums, booked=booked)
    reading.notes.extend(taken.notes)
    reading.problems.extend(taken.problems)
    return replace(book, sheet=sheet)

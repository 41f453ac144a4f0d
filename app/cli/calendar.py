"""calendar show, import and template."""

import argparse
from collections.abc import Iterator
from typing import Any

from app.accounts.calendar import (
    YEAR_LABELS,
    DayChange,
    DayLine,
    MonthLine,
    YearCalendar,
    YearLine,
    YearSource,
)
from app.accounts.notice import day_text
from app.cli.run import Answer
from app.cli.session import signed_in
from app.core.clock import local_text


def show(options: argparse.Namespace) -> Answer:
    """Which years are known, and one year by months where it is named."""
    from app.accounts.calendar import year_calendar, years

    with signed_in(options) as (db, actor):
        listed = years(db, actor)
        shown = year_calendar(db, actor, options.year) if options.year is not None else None
    document: dict[str, Any] = {"years": [_year(line) for line in listed]}
    said = [_year_text(line) for line in listed]
    if shown is not None:
        document |= {"year": shown.line.year, "months": [_month(one) for one in shown.months]}
        said = [_year_text(shown.line), *_year_lines(shown, local_text(shown.imported_at, db.tz))]
    unknown = shown is not None and shown.line.source is YearSource.UNKNOWN
    return Answer(document, "\n".join(said), attention=unknown)


def bring(options: argparse.Namespace) -> Answer:
    """Take a year's notice in, or nothing at all where a row is bad or only a look was wanted."""
    from app.accounts.calendar import look, take_in

    with signed_in(options) as (db, actor):
        seen = look(db, actor, options.file, options.year)
        wanted = bool(seen.changes) and not seen.problems and not options.preview
        changed = take_in(db, actor, seen) if wanted else 0
    said = [_change_text(one) for one in seen.changes] if not seen.problems else []
    said += [
        f"{'文件' if p.row is None else f'第 {p.row} 行'} {p.field}：{p.message}"
        for p in seen.problems
    ]
    said.append(_outcome(options, changed, len(seen.problems), len(seen.changes)))
    return Answer(
        {
            "year": seen.year,
            "imported": changed,
            "changes": [
                {"day": one.day.isoformat(), "before": one.before, "after": one.after}
                for one in seen.changes
            ],
            "problems": [
                {"row": p.row, "field": p.field, "message": p.message} for p in seen.problems
            ],
        },
        "\n".join(said),
        attention=bool(seen.problems),
    )


def template(options: argparse.Namespace) -> Answer:
    """A table to fill in, with what is known of the year."""
    from app.accounts.calendar import write_template

    with signed_in(options) as (db, actor):
        days = write_template(db, actor, options.file, options.year)
    return Answer(
        {"file": str(options.file), "year": options.year, "days": days},
        f"已生成 {options.file}（{days} 天）。请对照国务院办公厅通知补齐后，"
        f"用 calendar import --year {options.year} 导入。",
    )


def _outcome(options: argparse.Namespace, changed: int, problems: int, changes: int) -> str:
    if problems:
        return f"{problems} 处问题，没有导入任何日期。请改正后重新导入。"
    if not changes:
        return "与现有的安排相同，没有变化。"
    if options.preview:
        return f"预览：将改动 {changes} 天，尚未保存。"
    return f"已导入 {options.year} 年节假日安排，改动 {changed} 天。"


def _year(line: YearLine) -> dict[str, Any]:
    return {"year": line.year, "source": line.source, "own_days": line.own}


def _year_text(line: YearLine) -> str:
    own = f"，其中本公司设定 {line.own} 天" if line.own else ""
    return f"{line.year} 年  {YEAR_LABELS[line.source]}{own}"


def _year_lines(shown: YearCalendar, imported_at: str) -> Iterator[str]:
    if shown.imported_at is not None:
        yield f"最近导入：{imported_at} {shown.imported_by}"
    for month in shown.months:
        yield f"{month.month:>2} 月  工作日 {month.workdays:>2} 天"
        yield from (
            f"       {one.day}  {day_text(one.working, one.note)}{'（本公司）' if one.own else ''}"
            for one in month.days
        )
    if not shown.months:
        yield (
            f"尚未导入。用 calendar template 生成模板，填写后用"
            f" calendar import FILE --year {shown.line.year} 导入。"
        )


def _month(month: MonthLine) -> dict[str, Any]:
    return {
        "month": month.month,
        "workdays": month.workdays,
        "days": [_day(one) for one in month.days],
    }


def _day(one: DayLine) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(),
        "working": one.working,
        "note": one.note,
        "own": one.own,
    }


def _change_text(one: DayChange) -> str:
    return f"{one.day}  {one.before or '—'} → {one.after or '—'}"

"""Document numbers: by series and year, without gaps or reuse."""

from datetime import date

from app.storage.model import NumberSeries
from app.storage.work import UnitOfWork


def take(uow: UnitOfWork, series: str, count: int = 1) -> int:
    """The first of `count` fresh numbers in the series; given back if the act is rolled back."""
    row = uow.session.get(NumberSeries, series)
    if row is None:
        row = NumberSeries(name=series, last=0)
        uow.session.add(row)
    first = row.last + 1
    row.last += count
    uow.session.flush()
    return first


def yearly(uow: UnitOfWork, prefix: str, width: int = 4) -> str:
    """The next number of a yearly form series, such as HF-2026-0001."""
    year = uow.today.year
    return f"{prefix}-{year}-{take(uow, f'{prefix}-{year}'):0{width}d}"


def daily(uow: UnitOfWork, prefix: str, day: date, count: int = 1, width: int = 4) -> list[str]:
    """The next `count` numbers of a daily series, such as FK-20261123-0001."""
    stamp = day.strftime("%Y%m%d")
    first = take(uow, f"{prefix}-{stamp}", count)
    return [f"{prefix}-{stamp}-{first + step:0{width}d}" for step in range(count)]

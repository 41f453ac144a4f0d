"""The demo company 华东精工制造有限公司: built once, rebuilt when asked or when it was interrupted."""

import os
import time
from enum import Enum, auto
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import select
from sqlalchemy.engine import URL

from app.access.model import Company
from app.core.clock import Clock, FixedClock, SystemClock, business_date
from app.core.errors import Refused
from app.demo.acts import play
from app.demo.company import (
    COMPANY,
    DATASET,
    Firm,
    found_demo,
    people_events,
    put_payees,
)
from app.demo.days import Days
from app.demo.desk import Desk
from app.demo.history import put_history, put_waiting
from app.demo.ledger import Ledger
from app.demo.money import put_money
from app.demo.sheet import Sheet, settle_ids
from app.demo.trouble import Troubles, put_troubles
from app.storage.engine import connect, parse_url
from app.storage.files import SIDE_FILES, read_only, sqlite_path, sync_folder
from app.storage.schema import SchemaState, state
from app.storage.upgrade import open_database, refuse_strangers
from app.storage.work import Database

MACHINE: Final = "财务一号机"
_LEFTOVER: Final = ".building"
_ABANDONED: Final = 3600.0


class NotTheDemo(Refused):
    code = "DEMO-001"
    remedy = "请为演示公司另选一个数据库；该数据库未作任何改动。"


class DemoInUse(Refused):
    code = "DEMO-002"
    remedy = "请先关闭正在使用演示公司的窗口，再重建。"


class _Found(Enum):
    NOTHING = auto()
    DEMO = auto()
    UNFINISHED = auto()


def ensure_demo(path_or_url: str, *, reset: bool = False, clock: Clock | None = None) -> str:
    """The address of the demo company, which is built where it is missing or unfinished.

    reset: build it anew. Raises NotTheDemo for a database of anybody else, DemoInUse.
    """
    clock = clock or SystemClock()
    url = parse_url(path_or_url)
    path = sqlite_path(url)
    if path is None:
        found = _look(url)
        if found is _Found.DEMO and not reset:
            return path_or_url
        if found is not _Found.NOTHING:
            _empty(url)
        _build(path_or_url, clock)
        return path_or_url
    place = Path(path).absolute()
    place.parent.mkdir(parents=True, exist_ok=True)
    if _look(url) is not _Found.DEMO or reset:
        _build_beside(place, clock)
    return path_or_url


def _look(url: URL) -> _Found:
    """What is there. Raises NotTheDemo, DatabaseNewer, NotOurs for what must not be touched."""
    path = sqlite_path(url)
    if path is not None and (not Path(path).exists() or not Path(path).stat().st_size):
        return _Found.NOTHING
    engine = connect(url) if path is None else read_only(path)
    try:
        found = state(engine)
        if found is SchemaState.NEW:
            return _Found.NOTHING
        refuse_strangers(found, url)
        with engine.connect() as connection:
            row = connection.execute(select(Company.name, Company.dataset, Company.drill)).first()
    finally:
        engine.dispose()
    if row is None:
        return _Found.UNFINISHED
    if row.name != COMPANY or not row.drill:
        raise NotTheDemo(f"这里已有“{row.name}”的数据，不是演示公司。")
    return _Found.DEMO if row.dataset == DATASET else _Found.UNFINISHED


def _build_beside(place: Path, clock: Clock) -> None:
    """Build next to the place and rename, so that there is always a whole one or none."""
    _sweep(place)
    beside = place.with_name(f"{place.name}.{os.getpid()}{_LEFTOVER}")
    try:
        _build(str(beside), clock)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        _replace(beside, place)
    finally:
        for name in ("", *SIDE_FILES):
            beside.with_name(beside.name + name).unlink(missing_ok=True)
    sync_folder(place.parent)


def _replace(beside: Path, place: Path) -> None:
    try:
        for name in SIDE_FILES:
            place.with_name(place.name + name).unlink(missing_ok=True)
        beside.replace(place)
    except PermissionError as error:
        raise DemoInUse("演示公司的数据库正在使用，不能重建。") from error


def _sweep(place: Path) -> None:
    """Remove what interrupted builds left; a fresh one may belong to another desk."""
    for file in place.parent.glob(f"{place.name}.*{_LEFTOVER}*"):
        if time.time() - file.stat().st_mtime > _ABANDONED:
            file.unlink(missing_ok=True)


def _empty(url: URL) -> None:
    """Take everything out of a server's database that holds a demo company."""
    from app.storage.migrate import run_down, writer

    engine = connect(url)
    try:
        with writer(engine) as connection:
            run_down(connection, "base")
            connection.commit()
    finally:
        engine.dispose()


def _build(address: str, clock: Clock) -> None:
    days = Days(business_date(clock.now()))
    wall = FixedClock(days.at(days.past[0], 8, 30))
    db = open_database(address, wall, MACHINE, create=True)
    try:
        with db.write() as uow:
            firm = found_demo(uow, days)
            uow.commit()
        desk, troubles = _put(db, wall, firm, days)
        play(desk, days, firm, troubles)
        desk.finish(days.at(days.today, 0), DATASET)
    finally:
        db.close()


def _put(db: Database, wall: FixedClock, firm: Firm, days: Days) -> tuple[Desk, Troubles]:
    chance = Random(f"{COMPANY} {days.today}")  # noqa: S311 - a company that looks lived in
    sheet = Sheet()
    put_payees(sheet, firm, wall.now())
    ledger = Ledger(sheet, firm, days, chance)
    money = put_money(sheet, firm, days, chance)
    put_history(ledger)
    put_waiting(ledger)
    troubles = put_troubles(ledger)
    ledger.numbers.keep(sheet)
    desk = Desk(db, wall, firm, [*people_events(firm, days), *money, *ledger.events])
    with db.write() as uow:
        connection = uow.session.connection()
        sheet.write(connection)
        settle_ids(connection)
        desk.write_trail(uow, days.at(days.ago(8), 17, 0))
        uow.commit()
    return desk, troubles

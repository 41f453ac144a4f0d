"""Opening a database: refused when newer, migrated after a backup when older."""

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    String,
    column,
    delete,
    insert,
    table,
    update,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import Clock, SystemClock
from app.core.errors import Refused
from app.core.version import VERSION
from app.storage.base import Instant
from app.storage.engine import connect, parse_url
from app.storage.errors import (
    DatabaseNewer,
    DatabaseReadOnly,
    DatabaseUnreachable,
    NoDatabase,
    spoken,
)
from app.storage.files import read_only, shown, sqlite_path
from app.storage.schema import OUR_MARK, OURS, Schema, SchemaState, revision_of, state, state_of
from app.storage.work import Database

_log = logging.getLogger(__name__)

# Not the mapped row: this one must fit every schema from the first one on.
_LOG: Final = table(
    OUR_MARK,
    column("id", Integer),
    column("from_revision", String),
    column("to_revision", String),
    column("program_version", String),
    column("backup_path", String),
    column("started_at", Instant),
    column("finished_at", Instant),
)


class NotOurs(Refused):
    code = "DB-008"
    remedy = "请确认选择的是停付管家的数据库；该数据库未作任何改动。"


class UpgradeFailed(Refused):
    code = "DB-009"
    remedy = "数据仍是升级前的样子，可继续用原版本程序打开；请把日志发给技术支持。"


def open_database(
    url_text: str,
    clock: Clock | None = None,
    machine: str | None = None,
    *,
    create: bool = False,
    backup_dir: Path | None = None,
    schema: Schema = OURS,
) -> Database:
    """The database at the address with the newest schema.

    Raises NoDatabase (nothing there and not `create`), DatabaseNewer, NotOurs, UpgradeFailed, or
    another refusal where it can't be reached, read or written.
    """
    url = parse_url(url_text)
    clock = clock or SystemClock()
    path = sqlite_path(url)
    found = SchemaState.NEW if path and _absent(path) else _look(url, path, schema)
    refuse_strangers(found, url)
    if found is SchemaState.NEW and not create:
        raise NoDatabase(f"这里还没有数据库：{shown(url)}")
    if path is not None:
        _refuse_read_only(path)
    engine = connect(url)
    try:
        with spoken():
            if found is SchemaState.NEW:
                build(engine, schema)
            elif found is SchemaState.OLDER:
                _upgrade(engine, url, clock, backup_dir, schema)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, clock, machine)


def refuse_strangers(found: SchemaState, url: URL) -> None:
    """Raises DatabaseNewer or NotOurs for what this program must not touch."""
    if found is SchemaState.NEWER:
        raise DatabaseNewer(f"该数据库由更新版本的程序建立，本程序（{VERSION}）不能打开。")
    if found is SchemaState.FOREIGN:
        raise NotOurs(f"这不是停付管家的数据库：{shown(url)}")


def build(engine: Engine, schema: Schema = OURS) -> None:
    """Make the tables in an empty database; does nothing where another desk just did."""
    from app.storage.migrate import run, writer

    with writer(engine) as connection:
        connection.begin()
        if state_of(connection, schema) is SchemaState.NEW:
            run(connection, schema.head, schema)
            connection.commit()


def _absent(path: str) -> bool:
    place = Path(path).absolute()
    if place.is_dir():
        raise DatabaseUnreachable(f"{path} 是文件夹，不是数据库文件。", "请选择数据库文件。")
    if not place.parent.is_dir():
        raise DatabaseUnreachable(
            f"文件夹不存在：{place.parent}", "请检查路径，或确认网络盘、移动盘已连接。"
        )
    return not place.exists() or place.stat().st_size == 0


def _look(url: URL, path: str | None, schema: Schema) -> SchemaState:
    # What is refused must stay untouched: the usual settings would change a stranger's file.
    engine = read_only(path) if path else connect(url)
    try:
        return state(engine, schema)
    finally:
        engine.dispose()


def _refuse_read_only(path: str) -> None:
    place = Path(path).absolute()
    needed = [place, place.parent] if place.exists() else [place.parent]
    if not all(os.access(each, os.W_OK) for each in needed):
        raise DatabaseReadOnly(f"数据库文件或所在文件夹为只读：{path}")


def _upgrade(
    engine: Engine, url: URL, clock: Clock, backup_dir: Path | None, schema: Schema
) -> None:
    backup = _back_up(engine, url, clock, backup_dir, schema)
    try:
        _note_start(engine, clock.now(), backup, schema)
        _migrate(engine, clock.now(), schema)
    except Exception as error:
        _log.exception("upgrade failed, backup at %s", backup)
        _forget(engine, backup)
        why = f"{error.message}" if isinstance(error, Refused) else "升级脚本出错。"
        raise UpgradeFailed(f"数据库升级未完成：{why}升级前的备份在 {backup}") from error


def _back_up(
    engine: Engine, url: URL, clock: Clock, backup_dir: Path | None, schema: Schema
) -> Path:
    from app.storage.backup import create_backup

    folder = backup_dir or _default_folder(url)
    folder.mkdir(parents=True, exist_ok=True)
    with engine.connect() as connection:
        before = revision_of(connection)
    stamp = clock.now().strftime("%Y%m%dT%H%M%S%fZ")
    target = folder / f"upgrade-{before}-{stamp}.tfbak"
    create_backup(Database(engine, clock), target, replace=True, schema=schema)
    return target


def _default_folder(url: URL) -> Path:
    path = sqlite_path(url)
    if path is not None:
        return Path(path).absolute().parent / "backups"
    from platformdirs import user_data_path

    return user_data_path("tingfu") / "backups"


def _note_start(engine: Engine, now: datetime, backup: Path, schema: Schema) -> None:
    from app.storage.migrate import writer

    with writer(engine) as connection, spoken():
        connection.execute(
            insert(_LOG).values(
                from_revision=revision_of(connection),
                to_revision=schema.head,
                program_version=VERSION,
                backup_path=str(backup),
                started_at=now,
            )
        )
        connection.commit()


def _migrate(engine: Engine, now: datetime, schema: Schema) -> None:
    from app.storage.migrate import check_references, run, writer

    with writer(engine) as connection, spoken():
        connection.begin()
        # Two desks may have started together: the second one finds the work done.
        if state_of(connection, schema) is SchemaState.OLDER:
            run(connection, schema.head, schema)
            check_references(connection)
        _finish(connection, now)
        connection.commit()


def _finish(connection: Connection, now: datetime) -> None:
    # Also those that an earlier, interrupted upgrade left behind.
    connection.execute(update(_LOG).where(_LOG.c.finished_at.is_(None)).values(finished_at=now))


def _forget(engine: Engine, backup: Path) -> None:
    """The database as it was: without the marker of an upgrade that was rolled back."""
    from app.storage.migrate import writer

    try:
        with writer(engine) as connection:
            connection.execute(delete(_LOG).where(_LOG.c.backup_path == str(backup)))
            connection.commit()
    except SQLAlchemyError:
        # The first failure is the one to tell; the marker is shown by the health probes.
        _log.exception("the marker of the failed upgrade could not be removed")

"""Probes of the database's own health, for the daily check and the self-diagnosis."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Final, ParamSpec

import psutil
from sqlalchemy import text

from app.core.clock import local_seconds
from app.core.errors import Refused
from app.storage.files import sqlite_path
from app.storage.schema import OURS, Schema, SchemaState, state
from app.storage.work import Database

LOW_DISK_BYTES: Final = 500 * 1024 * 1024
_EARLIEST: Final = datetime(2025, 1, 1, tzinfo=UTC)
_RESTORE: Final = "请停止录入，备份现有文件，再恢复最近一次验证通过的备份。"
_ASK: Final = "请联系系统管理员检查数据库服务器。"


@dataclass(frozen=True, slots=True)
class Probe:
    """What one look showed; `cure` says what to do and is empty where all is well."""

    name: str
    ok: bool
    detail: str
    cure: str = ""


P = ParamSpec("P")


def answers(name: str) -> Callable[[Callable[P, Probe]], Callable[P, Probe]]:
    """Gives a probe its name, and makes a refusal its answer: one fault never hides the others."""

    def wrap(look: Callable[P, Probe]) -> Callable[P, Probe]:
        @wraps(look)
        def looked(*args: P.args, **kwargs: P.kwargs) -> Probe:
            try:
                return look(*args, **kwargs)
            except Refused as refusal:
                return Probe(name, False, refusal.message, refusal.hint)

        return looked

    return wrap


def probes(db: Database, *, thorough: bool = False, schema: Schema = OURS) -> list[Probe]:
    """All probes in the order in which they are shown. thorough: read every page and index."""
    return [
        integrity(db, thorough=thorough),
        references(db),
        schema_version(db, schema),
        unfinished_upgrade(db),
        disk_space(db),
        clock_sanity(db),
        safe_settings(db),
    ]


@answers("integrity")
def integrity(db: Database, *, thorough: bool = False) -> Probe:
    """Whether the database's own structures are sound."""
    if db.dialect != "sqlite":
        return _catalog(
            db,
            "integrity",
            "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid UNION ALL "
            "SELECT 'checksum' FROM pg_stat_database "
            "WHERE datname = current_database() AND checksum_failures > 0",
            "数据库结构完好。",
            "数据库服务器报告损坏：",
        )
    pragma = "integrity_check" if thorough else "quick_check"
    with db.read() as work:
        faults = work.session.scalars(text(f"PRAGMA {pragma}(3)")).all()
    if faults == ["ok"]:
        return Probe("integrity", True, "数据库结构完好。")
    return Probe("integrity", False, f"数据库文件已损坏：{'；'.join(faults)}", _RESTORE)


@answers("references")
def references(db: Database) -> Probe:
    """Whether every row that another row refers to is there."""
    if db.dialect != "sqlite":
        return _catalog(
            db,
            "references",
            "SELECT conrelid::regclass::text FROM pg_constraint "
            "WHERE contype = 'f' AND NOT convalidated",
            "数据引用完整。",
            "这些表的引用约束没有生效：",
        )
    with db.read() as work:
        broken = work.session.execute(text("PRAGMA foreign_key_check")).fetchmany(3)
    if not broken:
        return Probe("references", True, "数据引用完整。")
    named = "；".join(f"{row[0]} 第 {row[1]} 行 → {row[2]}" for row in broken)
    return Probe("references", False, f"数据引用不完整：{named}", _RESTORE)


@answers("schema")
def schema_version(db: Database, schema: Schema = OURS) -> Probe:
    """Whether the schema is the one of this program."""
    found = state(db.engine, schema)
    if found is SchemaState.CURRENT:
        return Probe("schema", True, f"数据库版本 {schema.head}，与程序一致。")
    return Probe(
        "schema", False, f"数据库版本与程序不一致（{found}）。", "请用与数据库相符的程序版本打开。"
    )


@answers("upgrade")
def unfinished_upgrade(db: Database) -> Probe:
    """Whether an upgrade was interrupted."""
    with db.read() as work:
        backups = work.session.scalars(
            text("SELECT backup_path FROM upgrade_log WHERE finished_at IS NULL ORDER BY id")
        ).all()
    if not backups:
        return Probe("upgrade", True, "没有未完成的升级。")
    return Probe(
        "upgrade",
        False,
        f"上次升级被中断，升级前的备份在 {backups[-1]}",
        "请关闭程序后重新打开，升级会重新进行；如仍失败，请恢复该备份。",
    )


@answers("disk")
def disk_space(db: Database, least_bytes: int = LOW_DISK_BYTES) -> Probe:
    """Whether the disk that is written to has room."""
    path = sqlite_path(db.engine.url)
    folder = Path(path).absolute().parent if path else Path(tempfile.gettempdir())
    free = psutil.disk_usage(str(folder)).free
    detail = f"{folder} 所在磁盘剩余 {free // (1024 * 1024)} MB。"
    if free >= least_bytes:
        return Probe("disk", True, detail)
    return Probe("disk", False, detail, "请清理磁盘或更换更大的磁盘，空间用尽后将无法保存。")


@answers("clock")
def clock_sanity(db: Database) -> Probe:
    """Whether the machine's time can be right: not before what the trail already holds."""
    with db.read() as work:
        now = work.now
        last = work.session.scalar(text("SELECT at FROM audit_entry ORDER BY seq DESC LIMIT 1"))
    cure = "请校准本机时间（建议开启自动对时）后重新打开程序。"
    if now < _EARLIEST:
        return Probe("clock", False, f"本机时间 {local_seconds(now)} 明显不对。", cure)
    if last is not None and now < datetime.fromisoformat(last):
        latest = local_seconds(datetime.fromisoformat(last))
        detail = f"本机时间 {local_seconds(now)} 早于最近一条操作日志 {latest}。"
        return Probe("clock", False, detail, cure)
    return Probe("clock", True, f"本机时间 {local_seconds(now)}。")


@answers("settings")
def safe_settings(db: Database) -> Probe:
    """Whether the settings are active that keep a committed act through a power cut."""
    wanted = _SQLITE_SETTINGS if db.dialect == "sqlite" else _POSTGRES_SETTINGS
    with db.read() as work:
        found = {name: str(work.session.scalar(text(ask))) for name, (ask, _) in wanted.items()}
    wrong = [
        f"{name}={found[name]}" for name, (_, good) in wanted.items() if found[name] not in good
    ]
    if not wrong:
        return Probe("settings", True, "安全写入设置均已生效。")
    cure = (
        "请重新启动程序；如仍出现，请检查数据库是否在网络盘上。" if db.dialect == "sqlite" else _ASK
    )
    return Probe("settings", False, f"安全写入设置未生效：{'、'.join(wrong)}", cure)


@answers("guards")
def write_guards(db: Database) -> Probe:
    """Whether every trigger is there by which the database itself refuses what must not be."""
    from app.storage.migrations import cancelled, guards, totals

    wanted = guards.names(guards.FOUNDATION, db.dialect) | totals.names() | {cancelled.NAME}
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    postgres = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    with db.read() as work:
        found = work.session.scalars(text(sqlite if db.dialect == "sqlite" else postgres)).all()
    missing = sorted(wanted - set(found))
    if not missing:
        return Probe("guards", True, f"{len(wanted)} 条写保护全部有效。")
    return Probe(
        "guards",
        False,
        f"写保护缺失 {len(missing)} 条：{'、'.join(missing[:3])}",
        "有人直接改动过数据库。请停止录入，通知内审核对操作日志，再恢复最近一次验证通过的备份。",
    )


_SQLITE_SETTINGS: Final = {
    "journal_mode": ("PRAGMA journal_mode", {"wal"}),
    "synchronous": ("PRAGMA synchronous", {"2", "3"}),
    "foreign_keys": ("PRAGMA foreign_keys", {"1"}),
}
_POSTGRES_SETTINGS: Final = {
    "fsync": ("SHOW fsync", {"on"}),
    "synchronous_commit": (
        "SHOW synchronous_commit",
        {"on", "local", "remote_write", "remote_apply"},
    ),
    "session_replication_role": ("SHOW session_replication_role", {"origin"}),
}


def _catalog(db: Database, name: str, query: str, well: str, ill: str) -> Probe:
    with db.read() as work:
        wrong = work.session.scalars(text(query)).all()
    if not wrong:
        return Probe(name, True, well)
    return Probe(name, False, f"{ill}{'、'.join(wrong)}", _ASK)

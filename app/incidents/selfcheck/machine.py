"""程序与系统: the program's version, the machine it runs on, its log and its fonts."""

import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import sqlalchemy
from sqlalchemy import select

from app.core.clock import local_text
from app.core.logs import recent_errors
from app.core.version import VERSION
from app.documents.fonts import Face
from app.incidents.selfcheck.checks import Asked, Found, Group, Step, bad, good, hint
from app.incidents.selfcheck.database import of_probe
from app.storage import health
from app.storage.files import sqlite_path
from app.storage.model import UpgradeLog

_MEGA: Final = 1024 * 1024
LOW_MEMORY_BYTES: Final = 300 * _MEGA
_QT: Final = "PySide6_Essentials"


def _program(asked: Asked) -> Found:
    with asked.db.read() as work:
        last = work.session.scalar(
            select(UpgradeLog.program_version)
            .where(UpgradeLog.finished_at.is_not(None))
            .order_by(UpgradeLog.id.desc())
            .limit(1)
        )
    said = f"程序 {VERSION}；{components()}。"
    if last is not None and parts(last) > parts(VERSION):
        cure = f"请在本机安装 {last} 或更新的版本，各台电脑使用同一版本。"
        return bad(f"数据库已由较新的程序 {last} 升级过，本机程序较旧。{said}", cure)
    return good(said)


def components() -> str:
    """What the program runs on: "Python 3.11.9、Qt 6.11.3、SQLite 3.40.1、…"."""
    try:
        qt = version(_QT)
    except PackageNotFoundError:
        # An installed program carries no list of its parts.
        qt = "随程序"
    named = (
        ("系统", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("Qt", qt),
        ("SQLite", sqlite3.sqlite_version),
        ("SQLAlchemy", sqlalchemy.__version__),
    )
    return "、".join(f"{name} {what}" for name, what in named)


def parts(said: str) -> tuple[int, ...]:
    """A version's numbers, so that 0.10 comes after 0.9."""
    return tuple(int(one) if one.isdecimal() else 0 for one in said.split("."))


def _disk(asked: Asked) -> Found:
    return of_probe(lambda db: health.disk_space(db, asked.outside.least_disk))(asked)


def _memory(asked: Asked) -> Found:
    free, total = asked.outside.memory()
    said = f"可用内存 {free // _MEGA} MB，共 {total // _MEGA} MB。"
    if free < LOW_MEMORY_BYTES:
        return bad(said, "请关闭不用的程序；经常不足的，请增加内存，否则程序可能变慢或中断。")
    return good(said)


def _time_zone(asked: Asked) -> Found:
    with asked.db.read() as work:
        now, zone = work.now, work.tz
    here, ours = now.astimezone(), now.astimezone(zone)
    if here.utcoffset() == ours.utcoffset():
        return good(f"本机时区与公司时区一致（{zone}）。")
    return hint(
        f"本机时区为 {here.tzname()}，公司时区为 {zone}；程序一律按公司时区显示，不影响数据。",
        f"建议把本机时区改为 {zone}，以免与其他程序的时间对不上。",
    )


def _folders(asked: Asked) -> Found:
    shut = [str(one) for one in folders_of(asked) if not _writable(asked, one)]
    if not shut:
        return good("数据、备份、日志文件夹均可写入。")
    cure = "请让系统管理员给予当前用户对该文件夹的写入权限，或检查磁盘是否只读。"
    return bad(f"不能写入：{'、'.join(shut)}", cure)


def folders_of(asked: Asked) -> list[Path]:
    """The folders that the program writes to, each once."""
    outside, path = asked.outside, sqlite_path(asked.db.engine.url)
    own = [] if path is None else [Path(path).absolute().parent]
    return list(dict.fromkeys([*own, outside.home, outside.backups, outside.log.parent]))


def _writable(asked: Asked, folder: Path) -> bool:
    """A folder that is not there yet can be made where the nearest one above may be written to."""
    above = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    return above.is_dir() and asked.outside.may_write(above)


def _errors(asked: Asked) -> Found:
    with asked.db.read() as work:
        errors, zone = recent_errors(asked.outside.log, work.now), work.tz
    if not errors:
        return good("24 小时内没有错误。")
    at, said = errors[0]
    text = f"24 小时内有 {len(errors)} 条错误，最近一条 {local_text(at, zone)}：{said[:120]}"
    return bad(text, f"请把日志发给技术支持：{asked.outside.log}")


def _fonts(asked: Asked) -> Found:
    book = asked.outside.fonts()
    chains = (book.font(face).chain for face in Face)
    return good(f"单据使用 {'、'.join(sorted({chain[0].path.stem for chain in chains}))}。")


def steps() -> Iterator[Step]:
    group = Group.PROGRAM
    yield Step(
        "program",
        "程序版本",
        group,
        "核对本机程序与最近升级数据库的程序是否相符，并列出所用组件的版本，供技术支持查找问题。",
        _program,
    )
    yield Step(
        "disk",
        "磁盘空间",
        group,
        "检查数据库所在磁盘还剩多少空间，用尽后不能保存。",
        _disk,
    )
    yield Step("memory", "内存", group, "检查本机还有多少可用内存，不足时程序变慢或中断。", _memory)
    yield Step(
        "clock",
        "系统时间",
        group,
        "检查本机时间是否可信，时间不对会使付款日、到期日和操作日志出错。",
        of_probe(health.clock_sanity),
    )
    yield Step("timezone", "时区", group, "检查本机时区与公司时区是否一致。", _time_zone)
    yield Step("folders", "文件夹权限", group, "检查数据、备份、日志文件夹能否写入。", _folders)
    yield Step("log", "程序错误日志", group, "查看最近 24 小时程序有没有记下错误。", _errors)
    yield Step(
        "fonts",
        "中文字体",
        group,
        "检查打印单据、函件所用的中文字体是否可用，缺字体时不能生成 PDF。",
        _fonts,
    )


STEPS: Final = tuple(steps())

"""What can go wrong with the database itself, said in a way that a clerk can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.core.errors import Conflict, Refused


class DatabaseBusy(Refused):
    code = "DB-001"
    remedy = "另一台电脑或程序正在写入，请稍候几秒再试；本次操作未作任何改动。"


class DiskFull(Refused):
    code = "DB-002"
    remedy = "请清理磁盘空间后重试；本次操作未作任何改动。"


class DatabaseDamaged(Refused):
    code = "DB-003"
    remedy = "请勿继续录入。请先备份现有文件，再用“backup restore”恢复最近一次验证通过的备份。"


class DatabaseNewer(Refused):
    code = "DB-004"
    remedy = "请在本机安装新版本程序后再打开；数据未作任何改动。"


class DatabaseUnreachable(Refused):
    code = "DB-005"
    remedy = "请检查网络、服务器地址、用户名和密码，或联系系统管理员。"


class DatabaseReadOnly(Refused):
    code = "DB-006"
    remedy = "请检查数据库文件及其所在文件夹的写入权限。"


class NoDatabase(Refused):
    code = "DB-007"
    remedy = "请先用首次使用向导或“init”命令建立数据库，或检查路径。"


_SQLITE_MARKS: tuple[tuple[str, type[Refused], str], ...] = (
    ("database is locked", DatabaseBusy, "数据库正被占用。"),
    ("database table is locked", DatabaseBusy, "数据库正被占用。"),
    ("disk is full", DiskFull, "磁盘空间已满，无法保存。"),
    ("disk i/o error", DiskFull, "写入磁盘失败（空间不足或磁盘故障）。"),
    ("malformed", DatabaseDamaged, "数据库文件已损坏。"),
    ("file is not a database", DatabaseDamaged, "该文件不是停付管家的数据库，或已损坏。"),
    ("readonly database", DatabaseReadOnly, "数据库文件为只读，无法保存。"),
    ("unable to open", DatabaseUnreachable, "无法打开数据库文件。"),
)
_POSTGRES_MARKS: dict[str, tuple[type[Refused], str]] = {
    "53100": (DiskFull, "数据库服务器磁盘空间已满，无法保存。"),
    "55P03": (DatabaseBusy, "数据库正被占用。"),
    "40P01": (DatabaseBusy, "与另一台电脑的操作冲突。"),
    "40001": (DatabaseBusy, "与另一台电脑的操作冲突。"),
    "25006": (DatabaseReadOnly, "数据库为只读，无法保存。"),
    "57P01": (DatabaseUnreachable, "数据库服务器正在关闭。"),
}


def translate(error: DBAPIError) -> Refused | None:
    """The refusal that the user can act on, or None where the error is a bug of ours."""
    if isinstance(error, IntegrityError):
        return None
    origin = error.orig
    if isinstance(origin, sqlite3.Error):
        text = str(origin).lower()
        for mark, kind, message in _SQLITE_MARKS:
            if mark in text:
                return kind(message)
        return None
    state = getattr(origin, "sqlstate", None)
    if state in _POSTGRES_MARKS:
        kind, message = _POSTGRES_MARKS[state]
        return kind(message)
    if isinstance(error, OperationalError):
        return DatabaseUnreachable("无法连接数据库服务器。")
    return None


def is_referred_to(error: IntegrityError) -> bool:
    """Whether the database refused because another row refers to what was to go."""
    origin = error.orig
    if isinstance(origin, sqlite3.Error):
        return "foreign key constraint failed" in str(origin).lower()
    return getattr(origin, "sqlstate", None) == "23503"


@contextmanager
def spoken() -> Iterator[None]:
    """Turns the database's own errors into refusals; lets everything else through."""
    try:
        yield
    except StaleDataError as error:
        raise Conflict("这条记录刚刚被其他人修改。") from error
    except DatabaseError as error:
        refusal = translate(error)
        if refusal is None:
            raise
        raise refusal from error

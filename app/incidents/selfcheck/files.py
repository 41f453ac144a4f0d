"""存档文件: every one that a record names is there, and its bytes are those that were kept."""

import hashlib
from collections.abc import Iterator
from itertools import chain
from typing import Final

from sqlalchemy import Engine, column, func, inspect, select, table, text

from app.incidents.selfcheck.checks import Asked, Found, bad, good
from app.storage.errors import spoken
from app.storage.model import StoredFile
from app.storage.work import ReadWork

_NEWEST: Final = 50
_SHOWN: Final = 3
# Each may have 20 MB: so few at a time that memory stays flat.
_AT_ONCE: Final = 2
_CURE: Final = (
    "请勿再发送或打印所列文件。先备份现状，再从最近一次验证通过的备份恢复；"
    "没有可用备份的，请重新取得原件并附上。"
)


def stored_files(asked: Asked) -> Found:
    """thorough: every file is hashed; else the newest, and of the others existence and size."""
    with asked.db.read() as work:
        missing = list(_missing(work, asked.db.engine))
        wrong = [f"内容已变：{name[:16]}…" for name in _changed(work, thorough=asked.thorough)]
        count = work.session.scalar(select(func.count()).select_from(StoredFile)) or 0
    faults = [*missing, *wrong]
    if faults:
        more = f" 等 {len(faults)} 处" if len(faults) > _SHOWN else ""
        return bad(f"存档文件有缺失或改动：{'；'.join(faults[:_SHOWN])}{more}。", _CURE)
    how = (
        "全部核对校验值" if asked.thorough else f"核对了大小和最近 {min(count, _NEWEST)} 份的校验值"
    )
    return good(f"{count} 份存档文件，{how}，无缺失、无改动。")


def _missing(work: ReadWork, engine: Engine) -> Iterator[str]:
    """What names a file that is not there, as the database itself knows who names files."""
    kept = select(StoredFile.hash)
    for owner, key in referring(engine):
        named = table(owner, column("id"), column(key))
        rows = work.session.execute(
            select(named.c.id, named.c[key])
            .where(named.c[key].is_not(None), named.c[key].not_in(kept))
            .order_by(named.c.id)
            .limit(_SHOWN)
        )
        yield from (f"缺失：{name[:16]}…（{owner} 第 {row_id} 行）" for row_id, name in rows)


def referring(engine: Engine) -> list[tuple[str, str]]:
    """Table and column of everything that names a stored file."""
    with spoken():
        keys = inspect(engine).get_multi_foreign_keys()
    return sorted(
        (owner, key["constrained_columns"][0])
        for (_, owner), found in keys.items()
        for key in found
        if key["referred_table"] == StoredFile.__tablename__
    )


def _changed(work: ReadWork, *, thorough: bool) -> Iterator[str]:
    """The names of files whose bytes are not those that were kept."""
    if thorough:
        yield from _hashed(work, None)
        return
    sizes = work.session.execute(
        select(StoredFile.hash).where(_length(work) != StoredFile.size).limit(_SHOWN)
    )
    wrong = set(sizes.scalars())
    newest = _newest(work)
    yield from chain(sorted(wrong), (one for one in _hashed(work, newest) if one not in wrong))


def _length(work: ReadWork) -> "func.octet_length":  # type: ignore[name-defined]
    # Neither reads the bytes themselves.
    sqlite = work.session.get_bind().dialect.name == "sqlite"
    return func.length(StoredFile.data) if sqlite else func.octet_length(StoredFile.data)


def _newest(work: ReadWork) -> list[str]:
    # By row number, where there is one: the time stands behind the bytes, which would be read.
    sqlite = work.session.get_bind().dialect.name == "sqlite"
    order = text("rowid DESC") if sqlite else StoredFile.kept_at.desc()
    return list(work.session.scalars(select(StoredFile.hash).order_by(order).limit(_NEWEST)))


def _hashed(work: ReadWork, names: list[str] | None) -> Iterator[str]:
    wanted = select(StoredFile.hash, StoredFile.size, StoredFile.data)
    if names is not None:
        wanted = wanted.where(StoredFile.hash.in_(names))
    for row in work.session.execute(wanted.execution_options(yield_per=_AT_ONCE)):
        if len(row.data) != row.size or hashlib.sha256(row.data).hexdigest() != row.hash:
            yield row.hash

"""Verifying the trail: every hash, every link, the numbering, and where it ends."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine

from app.audit.trail import GENESIS, HASHED
from app.storage.errors import spoken
from app.storage.work import Database

_CHUNK: Final = 20_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not fit, and why."""

    entry: int
    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An end of the trail that was seen before: number and hash of its last entry."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying showed. head: where the trail ends now; checked: entries hashed this time."""

    ok: bool
    entries: int
    first_broken: Broken | None
    head: Seen
    checked: int


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of the trail by itself: does it hold together, and how do its ends read."""

    broken: Broken | None
    count: int
    last: Seen


def verify(
    source: Database | Engine, *, since: Seen | None = None, progress: Progress | None = None
) -> Verdict:
    """Check the trail from its beginning, or from an end that was seen and verified before.

    since: that end, kept outside the database (app/audit/anchor.py): an entry there that is
    missing or reads otherwise shows a cut or exchanged tail even where the head row was set back.
    """
    engine = source.engine if isinstance(source, Database) else source
    with spoken(), engine.connect() as connection:
        total = int(connection.exec_driver_sql("SELECT count(*) FROM audit_entry").scalar_one())
        head = _head(connection)
        broken = _against_seen(connection, since)
        start = Seen(0, GENESIS) if since is None else since
        if broken is None:
            segment = _walk(connection, start, head.seq, progress)
        else:
            segment = _Segment(broken, 0, start)
    found = segment.broken or _ends(segment.last, head, total)
    return Verdict(found is None, total, found, head, segment.count)


def _head(connection: Connection) -> Seen:
    row = connection.exec_driver_sql("SELECT seq, hash FROM audit_head WHERE id = 1").fetchone()
    return Seen(0, GENESIS) if row is None else Seen(int(row[0]), str(row[1]))


def _ends(last: Seen, head: Seen, total: int) -> Broken | None:
    if last.seq < head.seq:
        return Broken(
            last.seq + 1, f"日志尾部被截断：应到第 {head.seq} 条，现只到第 {last.seq} 条。"
        )
    if last.seq > head.seq:
        return Broken(head.seq + 1, "末尾记录与日志头登记不符，日志头被改回。")
    if last.hash != head.hash:
        return Broken(last.seq, "末条记录的校验值与日志头登记不符。")
    if total != head.seq:
        return Broken(head.seq, f"应有 {head.seq} 条，实有 {total} 条。")
    return None


def _against_seen(connection: Connection, since: Seen | None) -> Broken | None:
    if since is None or since.seq == 0:
        return None
    row = connection.exec_driver_sql(
        f"SELECT hash FROM audit_entry WHERE seq = {since.seq}"
    ).fetchone()
    if row is None:
        return Broken(since.seq, "本机曾验证过的记录不见了，日志尾部被截断或替换。")
    if row[0] != since.hash:
        return Broken(since.seq, "本机曾验证过的记录被替换。")
    return None


def _walk(connection: Connection, start: Seen, until: int, progress: Progress | None) -> _Segment:
    expected, previous, count = start.seq + 1, start.hash, 0
    for seq, joined, kept in _rows(connection, start.seq):
        if seq != expected:
            return _Segment(
                Broken(expected, f"缺少第 {expected} 条记录。"),
                count,
                Seen(expected - 1, previous),
            )
        # The hashed text ends in the hash before it.
        if not joined.endswith(previous):
            return _Segment(
                Broken(seq, "与前一条记录不衔接。"), count, Seen(expected - 1, previous)
            )
        if hashlib.sha256(joined.encode()).hexdigest() != kept:
            return _Segment(
                Broken(seq, "记录内容与校验值不符，内容被改动。"),
                count,
                Seen(expected - 1, previous),
            )
        previous = kept
        expected += 1
        count += 1
        if progress is not None and count % _CHUNK == 0:
            progress(expected - 1, until)
    return _Segment(None, count, Seen(expected - 1, previous))


def _rows(connection: Connection, after: int) -> Iterator[tuple[int, str, str]]:
    """The hashed text of each entry, put together by the database."""
    separator = "char(31)" if connection.dialect.name == "sqlite" else "chr(31)"
    joined = f" || {separator} || ".join(HASHED)
    sql = f"SELECT seq, {joined}, hash FROM audit_entry WHERE seq > {after} ORDER BY seq"
    result: Any = connection.execution_options(stream_results=True).exec_driver_sql(sql)
    while rows := result.fetchmany(_CHUNK):
        yield from rows

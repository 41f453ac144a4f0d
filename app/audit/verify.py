"""Verifying the trail: every hash, every link, the numbering, and where it ends."""

import hashlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine

from app.audit.helper import Helper
from app.audit.rows import entry_at, fetcher, file_of, hashed_sql, numbered
from app.audit.segment import walk
from app.audit.trail import GENESIS
from app.storage.errors import spoken
from app.storage.work import Database

# Below this a second process costs more than it saves.
WORTH_TWO: Final = 200_000
_EVERY: Final = 10_000
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
    """What verifying showed. head: where the trail ends now; checked: entries hashed this time.

    detail: what could not be compared, and why; empty when everything was.
    """

    ok: bool
    entries: int
    first_broken: Broken | None
    head: Seen
    checked: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Whole:
    """What the database says of the trail as a whole. head: None when its row is gone."""

    head: Seen | None
    entries: int
    founded: bool


_START: Final = Seen(0, GENESIS)


def verify(
    source: Database | Engine, *, since: Seen | None = None, progress: Progress | None = None
) -> Verdict:
    """Check the trail from its beginning, or from an end that was seen and verified before.

    since: that end, kept outside the database (app/audit/anchor.py): an entry there that is
    missing or reads otherwise shows a cut or exchanged tail even where the head row was set back.
    progress: hears (done, total); what it raises ends the work.
    """
    engine = source.engine if isinstance(source, Database) else source
    with spoken(), engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # Others go on writing: every look must see the same moment.
            connection.execution_options(isolation_level="REPEATABLE READ")
        whole, start = _whole(connection), since or _START
        head = whole.head or _START
        broken, last = against_seen(connection, since), start
        if broken is None:
            last = _walk(connection, start, head.seq, progress)
            broken = _next_fault(connection, last) or _end_fault(whole, last)
    return Verdict(broken is None, whole.entries, broken, head, last.seq - start.seq)


def _whole(connection: Connection) -> _Whole:
    row = connection.exec_driver_sql("SELECT seq, hash FROM audit_head WHERE id = 1").fetchone()
    entries = connection.exec_driver_sql("SELECT count(*) FROM audit_entry").scalar_one()
    companies = connection.exec_driver_sql("SELECT count(*) FROM company").scalar_one()
    head = None if row is None else Seen(int(row[0]), str(row[1]))
    return _Whole(head, int(entries), companies > 0)


def against_seen(connection: Connection, since: Seen | None) -> Broken | None:
    """Why an entry that was seen before is not there as it was; None when it is."""
    if since is None or since.seq == 0:
        return None
    row = entry_at(connection, since.seq)
    if row is None:
        return Broken(since.seq, "本机曾验证过的记录不见了：日志尾部被截断或替换。")
    if row[1].decode(errors="replace") != since.hash:
        return Broken(since.seq, "本机曾验证过的记录与现在的不同：日志尾部被截断或替换。")
    if hashlib.sha256(row[0]).hexdigest() != since.hash:
        return Broken(since.seq, "记录内容与校验值不符：内容被改动。")
    return None


def _walk(connection: Connection, start: Seen, until: int, progress: Progress | None) -> Seen:
    """How far whole batches fit, at least; in two processes where that pays."""
    path = file_of(connection) if until - start.seq > WORTH_TWO else None
    middle = (start.seq + until) // 2
    row = entry_at(connection, middle) if path else None
    if path is None or row is None:
        return _stretch(connection, start, None, _step(progress, until))
    between = Seen(middle, row[1].decode(errors="replace"))
    sql = hashed_sql("sqlite", middle, until)
    with Helper({"path": path, "sql": sql, "seq": middle, "previous": between.hash}) as helper:
        first = _stretch(connection, start, middle, _step(progress, until, 2))
        if first != between:
            return first
        found = helper.answer()
    return _stretch(connection, Seen(*found) if found else first, None, _step(progress, until))


def _stretch(
    connection: Connection, start: Seen, until: int | None, step: Callable[[int], None] | None
) -> Seen:
    with fetcher(connection, start.seq, until) as fetch:
        seq, found = walk(fetch, start.seq, start.hash.encode(), step)
    return Seen(seq, found.decode())


def _step(progress: Progress | None, total: int, share: int = 1) -> Callable[[int], None] | None:
    """share: how many processes work on the total, each on as much."""
    if progress is None:
        return None
    report, told = progress, 0

    def step(seq: int) -> None:
        nonlocal told
        if seq - told >= _EVERY:
            told = seq
            report(min(seq * share, total), total)

    return step


def _next_fault(connection: Connection, last: Seen) -> Broken | None:
    """The fault in the batch behind the last one that fitted; None where no rows are left."""
    expected, previous = last.seq + 1, last.hash
    with closing(numbered(connection, last.seq)) as rows:
        for seq, text, kept in rows:
            if seq != expected:
                return Broken(expected, f"缺少第 {expected} 条记录：记录被删除或改了编号。")
            if hashlib.sha256(text).hexdigest().encode() != kept:
                return Broken(seq, "记录内容与校验值不符：内容被改动。")
            if not text.endswith(previous.encode()):
                return Broken(seq, f"与第 {seq - 1} 条记录不衔接：其中一条被改动或替换。")
            expected, previous = expected + 1, kept.decode()
    return None


def _end_fault(whole: _Whole, last: Seen) -> Broken | None:
    head = whole.head
    if head is None:
        return _without_head(whole, last)
    if last.seq < head.seq:
        return Broken(
            last.seq + 1, f"日志尾部被截断：应到第 {head.seq} 条，现只到第 {last.seq} 条。"
        )
    if last.seq > head.seq:
        return Broken(
            head.seq + 1, f"日志头只登记到第 {head.seq} 条：日志头被改回，或其后的记录是补写的。"
        )
    if last.hash != head.hash:
        return Broken(last.seq, "末条记录的校验值与日志头登记不符。")
    if whole.entries != head.seq:
        return Broken(head.seq, f"应有 {head.seq} 条记录，实有 {whole.entries} 条。")
    return None


def _without_head(whole: _Whole, last: Seen) -> Broken | None:
    if last.seq:
        return Broken(last.seq, "日志头登记被删除，无法确认这是最后一条。")
    if whole.founded:
        return Broken(1, "公司已建立，操作日志却是空的：日志被清空。")
    return None

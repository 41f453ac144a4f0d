"""诊断包: what the vendor needs to find a fault, redacted, looked at before it is written.

Nothing goes in that was not shown: `gather` makes the texts, and `write_diagnostics` packs those.
The trail keeps the hash of what left the house.
"""

import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.accounts import reading as accounts
from app.audit.trail import Event
from app.core import paths
from app.core.clock import iso, local_text
from app.core.errors import BadInput
from app.core.version import VERSION
from app.documents.atomic import replacing
from app.incidents.causes_view import findings_of, stop_time
from app.incidents.checklist_items import titles
from app.incidents.closing.packing import INDEX, READ_ME, PackageCancelled
from app.incidents.flow import RESULT_LABELS
from app.incidents.model import Incident
from app.incidents.selfcheck import find_selfcheck
from app.incidents.selfcheck.machine import components
from app.incidents.selfcheck.model import SelfDiagnosis
from app.incidents.selfcheck.papers import as_text as diagnosis_text
from app.incidents.standing import latest_results, payments_of
from app.incidents.states import UNRESOLVED, EntryKind
from app.incidents.vendor.knowing import redactor_of
from app.incidents.vendor.log_lines import LogFilter, as_text
from app.incidents.vendor.log_reading import read_log
from app.incidents.vendor.model import SupportTicket
from app.incidents.vendor.tickets import dialect_of, text_of
from app.incidents.writing import find_incident, tell
from app.letters.setup import setup_of
from app.payments.diagnosis.rule import SEVERITY_LABELS
from app.payments.model import Payment
from app.payments.rule_changes import threshold_values
from app.payments.thresholds import THRESHOLDS
from app.storage.archive import Cancelled, Progress
from app.storage.base import canonical_json
from app.storage.files import shown
from app.storage.model import UpgradeLog
from app.storage.work import Database, ReadWork

FORMAT: Final = 1
_TAIL: Final = 5_000
_ERRORS: Final = 200
_AROUND: Final = timedelta(hours=1)
_SAID: Final = """停付管家 诊断包

供软件供应商查找故障用。账号只留末四位，收款方等名称、密码、邮箱、电话、统一社会信用代码均已隐去；
同一名称在各文件中用同一个“〔名称n〕”表示。日志中的时间是 UTC 时间，比北京时间晚 8 小时。
索引.json 写明每个文件的 SHA-256。
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One text of the package, already redacted."""

    path: str
    text: str

    @property
    def size(self) -> int:
        return len(self.text.encode())

    @property
    def lines(self) -> int:
        return self.text.count("\n") + 1


@dataclass(frozen=True, slots=True)
class Written:
    """What was written. sha256: of the whole package."""

    sha256: str
    bytes: int
    files: int


def gather(
    db: Database,
    actor: Actor,
    number: str,
    log: Path | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> tuple[Part, ...]:
    """Everything that would go in, redacted, as of now. log: the log file; None for this machine's.

    Raises PackageCancelled, NotFound, Denied.
    """
    file = log or paths.log_file()
    with reading(db, actor, Right.INCIDENT_HANDLE) as work:
        row = find_incident(work, number)
        redactor = redactor_of(work)
        sources = _sources(db, work, row, file)
        made = []
        for done, (path, source) in enumerate(sources, start=1):
            _may_go_on(cancelled)
            lines = []
            for line in source().split("\n"):
                _may_go_on(cancelled)
                lines.append(redactor.line(line))
            made.append(Part(path, "\n".join(lines)))
            if progress is not None:
                progress(done, len(sources))
    return tuple(one for one in made if one.text.strip())


def write_diagnostics(
    db: Database,
    actor: Actor,
    number: str,
    parts: Sequence[Part],
    dest: Path,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Written:
    """Pack these texts with an index of their hashes; the file appears whole or not at all.

    Raises BadInput where nothing was chosen, ExportFailed, PackageCancelled, NotFound, Denied.
    """
    if not parts:
        raise BadInput("没有选择要放入诊断包的内容。", "请至少选择一项。")
    with reading(db, actor, Right.INCIDENT_HANDLE) as work:
        find_incident(work, number)
        index, stamp = _index(number, parts, iso(work.now)), work.now.astimezone(work.tz)
    data = _packed(parts, index, stamp, progress, cancelled)
    digest = hashlib.sha256(data).hexdigest()
    with replacing(dest) as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
        # Nothing leaves the house without its entry; a disk that is full was heard of above.
        with acting(db, actor, Right.INCIDENT_HANDLE) as act:
            row = find_incident(act.uow, number)
            if row.state in UNRESOLVED:
                said = f"导出诊断包 {dest.name}，{len(parts)} 个文件，SHA-256 {digest}"
                tell(act, row, EntryKind.EVIDENCE, said)
            after = {
                "file": dest.name,
                "sha256": digest,
                "bytes": len(data),
                "content": [one.path for one in parts],
            }
            event = Event("incident.diagnostic_package", f"incident:{number}", after=after)
            act.done(event)
    return Written(digest, len(data), len(parts))


def _may_go_on(cancelled: Cancelled | None) -> None:
    if cancelled is not None and cancelled():
        raise PackageCancelled("导出已取消。")


def _packed(
    parts: Sequence[Part],
    index: bytes,
    at: datetime,
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> bytes:
    made = io.BytesIO()
    stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        files = [(READ_ME, _SAID.encode()), (INDEX, index)]
        files += [(one.path, one.text.encode()) for one in parts]
        for done, (name, data) in enumerate(files, start=1):
            _may_go_on(cancelled)
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
            if progress is not None:
                progress(done, len(files))
    return made.getvalue()


def _index(number: str, parts: Sequence[Part], at: str) -> bytes:
    files = [
        {
            "path": one.path,
            "sha256": hashlib.sha256(one.text.encode()).hexdigest(),
            "size": one.size,
        }
        for one in parts
    ]
    told = {
        "format": FORMAT,
        "kind": "diagnostics",
        "program": VERSION,
        "incident": number,
        "at": at,
        "files": files,
    }
    return canonical_json(told).encode()


def _sources(
    db: Database, work: ReadWork, row: Incident, log: Path
) -> list[tuple[str, Callable[[], str]]]:
    """The name of each text, and how it is made."""
    payments = payments_of(work, row)
    stopped = stop_time(row, payments)
    around = LogFilter(since=stopped - _AROUND, until=stopped + _AROUND)
    errors = LogFilter(levels=frozenset({"ERROR", "CRITICAL"}))
    tickets = work.session.scalars(
        select(SupportTicket).where(SupportTicket.incident_id == row.id).order_by(SupportTicket.id)
    ).all()
    return [
        ("版本.txt", lambda: _versions(db, work)),
        ("自诊断.txt", lambda: _diagnosis(work, row)),
        ("账户与软件检查.txt", lambda: "\n".join(_checks(work, row))),
        ("诊断发现.txt", lambda: "\n".join(_findings(work, payments))),
        ("错误报告.txt", lambda: _log(log, errors, _ERRORS)),
        ("停付前后.log", lambda: _log(log, around, _TAIL)),
        ("日志.log", lambda: _log(log, LogFilter(), _TAIL)),
        *((f"工单 {one.number}.txt", lambda one=one: text_of(work, one)) for one in tickets),
        ("设置.txt", lambda: "\n".join(_settings(work))),
    ]


def _log(file: Path, wanted: LogFilter, most: int) -> str:
    page = read_log(file, wanted, most)
    cut = f"（只收录最近 {most:,} 条）\n" if page.more else ""
    troubles = "".join(f"（{one}）\n" for one in page.troubles)
    return troubles + cut + as_text(page.lines)


def _versions(db: Database, work: ReadWork) -> str:
    server = work.session.connection().dialect.server_version_info
    kind = ".".join(str(one) for one in server or ())
    said = [
        f"停付管家 {VERSION}",
        components(),
        f"数据库 {dialect_of(work)} {kind}",
        f"位置 {shown(db.engine.url)}",
        f"电脑 {db.machine}",
        f"时区 {work.tz}",
        f"制作时间 {iso(work.now)}",
    ]
    logged = work.session.scalars(select(UpgradeLog).order_by(UpgradeLog.id.desc()).limit(5))
    said += [
        f"升级 {one.program_version}：{local_text(one.finished_at, work.tz) or '没有完成'}"
        for one in logged
    ]
    return "\n".join(said)


def _diagnosis(work: ReadWork, row: Incident) -> str:
    """The newest run since the incident was opened, else the newest of all."""
    newest = select(SelfDiagnosis.number).order_by(SelfDiagnosis.id.desc()).limit(1)
    own = newest.where(SelfDiagnosis.made_at >= row.opened_at)
    number = work.session.scalar(own) or work.session.scalar(newest)
    if number is None:
        return "还没有做过自诊断。"
    line = find_selfcheck(work, number)
    return f"检查时间 {iso(line.made_at)}\n{diagnosis_text(line)}"


def _checks(work: ReadWork, row: Incident) -> Iterator[str]:
    names = titles()
    for code, one in latest_results(work, row).items():
        when = local_text(one.checked_at, work.tz)
        yield f"{names.get(code, one.title)}：{RESULT_LABELS[one.result]}（{when}）{one.said}"


def _findings(work: ReadWork, payments: Sequence[Payment]) -> Iterator[str]:
    for one in findings_of(work, payments):
        numbers = "、".join(one.payments)
        yield (
            f"{SEVERITY_LABELS[one.severity]} {one.rule} {one.reason}（{one.reason_label}）："
            f"{one.summary}　涉及 {numbers}"
        )
        for name, value in one.example.items():
            yield f"    {name}：{value}"


def _settings(work: ReadWork) -> Iterator[str]:
    """How the program is set, as far as it is no secret."""
    values = threshold_values(work)
    yield "【规则与限额】"
    yield from (f"{code} {one.title}：{values[code]}" for code, one in THRESHOLDS.items())
    yield "【渠道】"
    for code, channel in accounts.channels(work).items():
        state = "可用" if channel.up else f"不可用：{channel.state_note}"
        yield f"{code} {channel.name}：{state}，证书有效至 {channel.certificate_until or '—'}"
    setup = setup_of(work)
    yield "【邮件】"
    yield f"服务器 {setup.smtp_host or '—'}，端口 {setup.smtp_port}，加密 {setup.smtp_security}"

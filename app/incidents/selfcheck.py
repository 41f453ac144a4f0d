"""自诊断: the program, its database and its data, each with what it means and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from app.accounts import reading
from app.agreements import invariants as agreements
from app.core import paths
from app.core.clock import local_text
from app.core.logs import recent_errors
from app.payments import invariants as payments
from app.payments.diagnosis.facts import SystemFacts
from app.reconciliation import invariants as reconciliation
from app.storage import health
from app.storage.health import Probe
from app.storage.work import Database

_BACKUP_AGE = timedelta(days=7)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Check:
    """One result: `detail` says what it means, `cure` what to do; empty where all is well."""

    name: str
    title: str
    ok: bool
    detail: str
    cure: str


_TITLES = {
    "integrity": "数据库完整性",
    "references": "数据引用",
    "schema": "数据库版本",
    "upgrade": "升级状态",
    "disk": "磁盘空间",
    "clock": "系统时间",
    "settings": "数据库安全设置",
}


def system_facts(db: Database) -> SystemFacts:
    """The health of software and machine now, as the diagnosis of payments asks for it."""
    found = {probe.name: probe for probe in health.probes(db)}
    with db.read() as work:
        now = work.now
    return SystemFacts(
        database_trouble=_trouble(found, "integrity", "references", "schema", "settings"),
        upgrade_trouble=_trouble(found, "upgrade"),
        disk_trouble=_trouble(found, "disk"),
        clock_trouble=_trouble(found, "clock"),
        errors=recent_errors(paths.log_file(), now),
    )


def selfcheck(db: Database, *, thorough: bool = True) -> list[Check]:
    """Every check, whether it is well or not. thorough: read every page and the whole trail."""
    checks = [
        Check(p.name, _TITLES[p.name], p.ok, p.detail, p.cure)
        for p in health.probes(db, thorough=thorough)
    ]
    checks.append(_trail(db, thorough=thorough))
    checks.extend(_promises(db))
    checks.extend(_channels(db))
    checks.append(_errors(db))
    checks.append(_backups(db))
    checks.append(_fonts())
    return checks


def _trail(db: Database, *, thorough: bool) -> Check:
    from app.audit.anchor import verify_here

    verdict = verify_here(db, paths.home(), thorough=thorough)
    if verdict.ok:
        return Check(
            "audit",
            "操作日志",
            True,
            f"{verdict.entries} 条记录前后衔接，未被改动。{verdict.detail}",
            "",
        )
    broken = verdict.first_broken
    where = f"第 {broken.entry} 条：{broken.why}" if broken else ""
    return Check(
        "audit",
        "操作日志",
        False,
        f"操作日志被改动。{where}",
        "请立即停止使用，保留现场，通知内审，并与最近的备份比对。",
    )


def _promises(db: Database) -> Iterator[Check]:
    with db.read() as work:
        promises = [
            *payments.examine(work),
            *agreements.examine(work),
            *reconciliation.examine(work),
        ]
    for promise in promises:
        detail = "符合。" if promise.ok else "不符：" + "、".join(promise.broken[:5])
        cure = "" if promise.ok else "请勿继续办理所列事项，导出诊断结果并联系技术支持。"
        yield Check(f"data.{promise.code}", promise.title, promise.ok, detail, cure)


def _channels(db: Database) -> Iterator[Check]:
    with db.read() as work:
        channels, today, tz = reading.channels(work), work.today, work.tz
    for channel in channels.values():
        name = f"channel.{channel.code}"
        title = f"渠道 {channel.name}"
        until = channel.certificate_until
        if not channel.up:
            detail = f"自 {local_text(channel.state_since, tz)} 起不可用：{channel.state_note}"
            yield Check(name, title, False, detail, "联系银行，必要时改用备用渠道。")
        elif until is not None and until < today:
            yield Check(name, title, False, f"证书已于 {until} 到期。", "到开户行更换证书。")
        else:
            yield Check(name, title, True, "可用。", "")


def _errors(db: Database) -> Check:
    with db.read() as work:
        errors, tz = recent_errors(paths.log_file(), work.now), work.tz
    if not errors:
        return Check("log", "程序错误日志", True, "24 小时内没有错误。", "")
    at, text = errors[0]
    return Check(
        "log",
        "程序错误日志",
        False,
        f"24 小时内有 {len(errors)} 条错误，最近一条 {local_text(at, tz)}：{text[:120]}",
        "请把日志发给技术支持。",
    )


def _backups(db: Database) -> Check:
    folder = paths.backup_folder()
    files = sorted(folder.glob("*.tfbak")) if folder.is_dir() else []
    with db.read() as work:
        now = work.now
    newest = max((file.stat().st_mtime for file in files), default=None)
    if newest is None:
        return Check("backup", "数据备份", False, "还没有备份。", "请在“系统—备份”中立即备份。")
    age = timedelta(seconds=max(0.0, now.timestamp() - newest))
    if age > _BACKUP_AGE:
        return Check("backup", "数据备份", False, f"最近的备份已有 {age.days} 天。", "请立即备份。")
    return Check("backup", "数据备份", True, f"最近的备份距今 {age.days} 天。", "")


def _fonts() -> Check:
    from app.core.errors import Refused
    from app.documents.fonts import Face, default_book

    try:
        faces = "、".join(sorted({default_book().font(face).chain[0].path.stem for face in Face}))
    except Refused as refusal:
        return Check("fonts", "中文字体", False, refusal.message, refusal.hint)
    return Check("fonts", "中文字体", True, f"单据使用 {faces}。", "")


def _trouble(found: dict[str, Probe], *names: str) -> str | None:
    sick = [found[name].detail for name in names if name in found and not found[name].ok]
    return "；".join(sick) or None

"""Software and machine: requirements A1.1, A1.2."""

from collections.abc import Iterator

from app.core.codes import StopReason
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import when


@rule("software.database", "数据库完整")
def database(facts: Facts) -> Iterator[Finding]:
    """A damaged database can't be trusted with money."""
    yield from _fault(facts.system.database_trouble, "数据库")


@rule("software.upgrade", "没有未完成的升级")
def upgrade(facts: Facts) -> Iterator[Finding]:
    if facts.system.upgrade_trouble is not None:
        yield Finding(
            StopReason.UPGRADE_INCOMPLETE,
            Severity.BLOCKING,
            f"程序升级没有完成：{facts.system.upgrade_trouble}",
            {"检查项": "升级记录", "结果": facts.system.upgrade_trouble},
        )


@rule("software.disk", "磁盘空间充足")
def disk(facts: Facts) -> Iterator[Finding]:
    yield from _fault(facts.system.disk_trouble, "磁盘空间")


@rule("software.clock", "系统时间正确")
def clock(facts: Facts) -> Iterator[Finding]:
    yield from _fault(facts.system.clock_trouble, "系统时间")


@rule("software.errors", "程序没有报错", gate=False)
def errors(facts: Facts) -> Iterator[Finding]:
    """Errors in the log are a lead, not a proof: a warning only."""
    if facts.system.errors:
        at, text = facts.system.errors[0]
        yield Finding(
            StopReason.SYSTEM_FAULT,
            Severity.WARNING,
            f"程序日志 24 小时内有 {len(facts.system.errors)} 条错误，可能影响付款。",
            {"最近一条": text[:200], "时间": when(at, facts)},
        )


def _fault(trouble: str | None, what: str) -> Iterator[Finding]:
    if trouble is not None:
        yield Finding(
            StopReason.SYSTEM_FAULT,
            Severity.BLOCKING,
            f"{what}异常：{trouble}",
            {"检查项": what, "结果": trouble},
        )

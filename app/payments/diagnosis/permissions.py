"""Rights now against rights when the instruction was made (requirements A3.1, A3.2, B1.2)."""

from collections.abc import Iterator
from datetime import timedelta

from app.access.rights import RIGHT_LABELS, ROLE_LABELS, Right
from app.core.codes import StopReason
from app.payments.diagnosis.facts import Facts
from app.payments.diagnosis.rule import Finding, Severity, rule
from app.payments.diagnosis.words import when

_NEEDED = (Right.PAYMENT_CREATE, Right.PAYMENT_EDIT)


@rule("permissions.lost", "经办人权限未变", waivable=True)
def lost(facts: Facts) -> Iterator[Finding]:
    """The right that made the instruction is gone, with the change that took it."""
    maker = facts.maker
    gone = [r for r in _NEEDED if r in maker.rights_then and r not in maker.rights_now]
    if not gone or not maker.active:
        return
    missing = "、".join(RIGHT_LABELS[right] for right in gone)
    evidence = {"经办人": f"{maker.name}（{maker.username}）", "制单时有、现在没有": missing}
    for number, change in enumerate(maker.changes, start=1):
        kind = "到期" if change.expired else "被终止"
        evidence[f"变更{number}"] = (
            f"“{ROLE_LABELS[change.role]}”岗位于 {when(change.at, facts)} {kind}，"
            f"办理人 {change.by}，原因：{change.cause}"
        )
    yield Finding(
        StopReason.PERMISSION_CHANGED,
        Severity.BLOCKING,
        f"经办人 {maker.name} 制单后失去“{missing}”权限。",
        evidence,
    )


@rule("permissions.disabled", "经办人账号有效", waivable=True)
def disabled(facts: Facts) -> Iterator[Finding]:
    if not facts.maker.active:
        yield Finding(
            StopReason.PERMISSION_CHANGED,
            Severity.BLOCKING,
            f"经办人 {facts.maker.name} 的账号已停用。",
            {"经办人": facts.maker.username},
        )


@rule("permissions.locked", "经办人账号未锁定", waivable=True)
def locked(facts: Facts) -> Iterator[Finding]:
    until = facts.maker.locked_until
    if until is not None and facts.now < until:
        yield Finding(
            StopReason.AUTO_LOCKED,
            Severity.BLOCKING,
            f"经办人 {facts.maker.name} 的账号因密码多次错误被自动锁定。",
            {"经办人": facts.maker.username, "锁定至": when(until, facts)},
        )


@rule("permissions.fresh", "权限变更后未立即付款", gate=False)
def fresh(facts: Facts) -> Iterator[Finding]:
    """R16: rights changed within some hours before now."""
    hours = int(facts.thresholds["R16.fresh"])
    for change in facts.maker.changes:
        if timedelta(0) <= facts.now - change.at < timedelta(hours=hours):
            yield Finding(
                StopReason.PERMISSION_CHANGED,
                Severity.WARNING,
                f"经办人的岗位在 {hours} 小时内变更过。",
                {"岗位": ROLE_LABELS[change.role], "时间": when(change.at, facts)},
            )

"""账户与软件状态检查 of one incident: what the program finds, and what a person does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from app.access.guard import Act, Actor, acting
from app.access.rights import Right
from app.accounts import reading
from app.accounts.model import BankAccount
from app.accounts.rules import ACCOUNT_STATUS_LABELS, AccountStatus
from app.audit.trail import Event
from app.core.clock import local_text
from app.core.errors import BadInput, NotFound
from app.core.money import Money
from app.incidents.checklist_items import titles
from app.incidents.flow import FAIL, NOT_APPLICABLE, PASS, RESULT_LABELS
from app.incidents.model import Incident, IncidentCheck
from app.incidents.standing import latest_results, payments_of
from app.incidents.states import EntryKind, Step
from app.incidents.steps import unlocked
from app.incidents.writing import said_of, tell
from app.payments.diagnosis.facts import SystemFacts
from app.payments.funds import funds_lines, sums_by_account
from app.payments.model import Payment
from app.payments.states import STOPPABLE
from app.storage.work import Database, ReadWork

# Payments due so many days ahead are set against the balance (requirement B2.2).
HORIZONS: Final = (7, 15, 30)
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What one item showed."""

    code: str
    result: str
    said: str


def run_checks(db: Database, actor: Actor, number: str, system: SystemFacts) -> list[Found]:
    """Look at everything that the program can see, and keep what it found.

    Raises Conflict while the step is locked or the incident closed, NotFound, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = unlocked(act.uow, number, Step.CHECK)
        found = list(computed(act.uow, row, system))
        for one in found:
            _keep(act, row, one, computed=True)
        faults = [titles()[one.code] for one in found if one.result == FAIL]
        said = f"自动检查 {len(found)} 项，" + (
            f"异常 {len(faults)} 项：{'、'.join(faults)}" if faults else "没有异常"
        )
        tell(act, row, EntryKind.CHECK, said)
        results = {one.code: one.result for one in found}
        act.done(Event("incident.checked", f"incident:{number}", after=results, reason=said))
        return found


def record_result(db: Database, actor: Actor, number: str, found: Found) -> None:
    """Keep what a person found for one item; what the program found is overruled with a reason.

    Raises BadInput without a word on what was seen, NotFound for an unknown item, Conflict, Denied.
    """
    with acting(db, actor, Right.INCIDENT_HANDLE) as act:
        row = unlocked(act.uow, number, Step.CHECK)
        title = titles().get(found.code)
        if title is None:
            raise NotFound(f"没有检查项“{found.code}”。")
        if found.result not in RESULT_LABELS:
            raise BadInput(f"检查结果只能是{'、'.join(RESULT_LABELS.values())}。")
        said = said_of(found.said, f"请写明“{title}”看到了什么，证据在哪里。")
        before = latest_results(act.uow, row).get(found.code)
        _keep(act, row, Found(found.code, found.result, said), computed=False)
        text = f"{title}：{RESULT_LABELS[found.result]}。{said}"
        tell(act, row, EntryKind.CHECK, text)
        act.done(
            Event(
                "incident.checked",
                f"incident:{number}",
                before={} if before is None else {found.code: before.result},
                after={found.code: found.result},
                reason=said,
            )
        )


def computed(work: ReadWork, row: Incident, system: SystemFacts) -> Iterator[Found]:
    """What the rows and the machine say now of each item that the program can see."""
    payments = payments_of(work, row)
    accounts = {one.account_id for one in payments} or set(
        work.session.scalars(
            select(BankAccount.id).where(BankAccount.status != AccountStatus.CLOSED)
        )
    )
    yield _balance(work, accounts)
    yield _restriction(work, accounts)
    yield _limit(work, payments)
    yield _trouble(
        "software.data",
        [system.database_trouble, system.disk_trouble, system.clock_trouble],
        "数据库完好，磁盘够用，本机时间正常。",
    )
    yield _trouble("software.upgrade", [system.upgrade_trouble], "没有未完成的升级。")
    errors = [f"{local_text(at, work.tz)} {text}" for at, text in system.errors]
    yield _trouble("software.log", errors[:1], "24 小时内没有错误。")
    yield _channel(work, payments)


def _balance(work: ReadWork, accounts: set[int]) -> Found:
    query = select(BankAccount.number, BankAccount.id).where(BankAccount.id.in_(accounts))
    ids = {number: account for number, account in work.session.execute(query)}  # noqa: C416
    due = {days: _due(work, days) for days in HORIZONS}
    short, unknown, said = [], [], []
    for line in (one for one in funds_lines(work) if one.number in ids):
        if not line.known:
            unknown.append(f"{line.bank} *{line.number[-4:]} 没有登记过余额")
            continue
        parts = []
        for days in HORIZONS:
            _, minor = due[days].get(ids[line.number], (0, 0))
            wanted = Money(minor, line.due.currency)
            gap = line.funds.gap(wanted + line.reserve)
            parts.append(f"{days} 天应付 {wanted.named()}")
            if gap.minor > 0:
                short.append(f"{line.bank} *{line.number[-4:]} {days} 天内缺口 {gap.named()}")
                break
        head = f"{line.bank} *{line.number[-4:]} 可用 {line.funds.available.named()}"
        said.append(f"{head}（{local_text(line.funds.as_of, work.tz)}），{'，'.join(parts)}")
    if short or unknown:
        return Found("account.balance", FAIL, "；".join([*short, *unknown][:_SHOWN]))
    return Found("account.balance", PASS, "；".join(said[:_SHOWN]) or "没有账户需要付款。")


def _due(work: ReadWork, days: int) -> dict[int, tuple[int, int]]:
    """What is to leave each account up to that day, stopped payments included: they are wanted."""
    until = work.today + timedelta(days=days)
    return sums_by_account(work, Payment.stage.in_(STOPPABLE) & (Payment.due_on <= until))


def _restriction(work: ReadWork, accounts: set[int]) -> Found:
    faults = []
    held = reading.restrictions(work)
    for one in work.session.scalars(select(BankAccount).where(BankAccount.id.in_(accounts))):
        name = f"{one.bank} *{one.number[-4:]}"
        status = AccountStatus(one.status)
        if status is not AccountStatus.NORMAL:
            faults.append(f"{name} 状态为“{ACCOUNT_STATUS_LABELS[status]}”")
        faults += [
            f"{name} {ACCOUNT_STATUS_LABELS[restriction.kind]} {restriction.authority}".rstrip()
            for restriction in held.get(one.id, ())
        ]
    return _trouble("account.restriction", faults, "账户状态正常，没有登记的限制。")


def _limit(work: ReadWork, payments: Sequence[Payment]) -> Found:
    if not payments:
        return Found("account.limit", NOT_APPLICABLE, "事件没有涉及付款指令。")
    channels = reading.channels(work)
    faults = []
    for one in payments:
        amount = Money(one.amount_minor, one.currency)
        account = work.session.get_one(BankAccount, one.account_id)
        limit = account.single_limit_minor
        if limit is not None and amount.minor > limit:
            faults.append(f"{one.number} {amount.named()} 超过账户单笔限额")
        channel = channels.get(one.channel)
        if channel is not None and not channel.accepts(amount):
            faults.append(f"{one.number} {amount.named()} 超过渠道“{channel.name}”限额")
    return _trouble("account.limit", faults, f"{len(payments)} 笔付款都在单笔限额以内。")


def _channel(work: ReadWork, payments: Sequence[Payment]) -> Found:
    wanted = {one.channel for one in payments}
    faults = []
    for code, channel in reading.channels(work).items():
        if wanted and code not in wanted:
            continue
        window = channel.window_at(work.now)
        until = channel.certificate_until
        if not channel.up:
            since = local_text(channel.state_since, work.tz)
            faults.append(f"渠道“{channel.name}”自 {since} 不可用：{channel.state_note}")
        elif window is not None:
            ends = local_text(window.ends_at, work.tz)
            faults.append(f"渠道“{channel.name}”维护中，预计 {ends} 结束")
        elif until is not None and until < work.today:
            faults.append(f"渠道“{channel.name}”证书已于 {until} 到期")
    return _trouble("software.channel", faults, "渠道均可用，证书有效，不在维护时间。")


def _trouble(code: str, faults: Sequence[str | None], well: str) -> Found:
    known = [one for one in faults if one]
    more = f"等 {len(known)} 项" if len(known) > _SHOWN else ""
    if known:
        return Found(code, FAIL, "；".join(known[:_SHOWN]) + more)
    return Found(code, PASS, well)


def _keep(act: Act, row: Incident, found: Found, *, computed: bool) -> None:
    act.uow.session.add(
        IncidentCheck(
            incident_id=row.id,
            code=found.code,
            title=titles()[found.code],
            result=found.result,
            said=found.said,
            computed=computed,
            checked_by=act.person.user_id,
            checked_at=act.uow.now,
        )
    )

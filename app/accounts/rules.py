"""Pure facts and decisions about accounts and channels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from app.core.clock import SHANGHAI
from app.core.errors import BadInput
from app.core.money import Money


class AccountStatus(StrEnum):
    """domain.md §2.5"""

    NORMAL = "NORMAL"
    FROZEN = "FROZEN"
    BLOCKED = "BLOCKED"
    CREDIT_ONLY = "CREDIT_ONLY"
    NO_CREDIT_NO_DEBIT = "NO_CREDIT_NO_DEBIT"
    LOSS_REPORTED = "LOSS_REPORTED"
    DORMANT = "DORMANT"
    CLOSED = "CLOSED"
    INACTIVE = "INACTIVE"


ACCOUNT_STATUS_LABELS: Final[dict[AccountStatus, str]] = {
    AccountStatus.NORMAL: "正常",
    AccountStatus.FROZEN: "冻结",
    AccountStatus.BLOCKED: "止付",
    AccountStatus.CREDIT_ONLY: "只收不付",
    AccountStatus.NO_CREDIT_NO_DEBIT: "不收不付",
    AccountStatus.LOSS_REPORTED: "挂失",
    AccountStatus.DORMANT: "久悬",
    AccountStatus.CLOSED: "销户",
    AccountStatus.INACTIVE: "待激活",
}


class AccountKind(StrEnum):
    BASIC = "BASIC"
    GENERAL = "GENERAL"
    SPECIAL = "SPECIAL"
    TEMPORARY = "TEMPORARY"


ACCOUNT_KIND_LABELS: Final[dict[AccountKind, str]] = {
    AccountKind.BASIC: "基本存款账户",
    AccountKind.GENERAL: "一般存款账户",
    AccountKind.SPECIAL: "专用存款账户",
    AccountKind.TEMPORARY: "临时存款账户",
}


@dataclass(frozen=True, slots=True)
class Funds:
    """An account's money: what the books of the bank said, and when."""

    book: Money
    frozen: Money
    in_transit: Money
    as_of: datetime | None

    @property
    def available(self) -> Money:
        """可用余额 = 账面 − 冻结 − 在途 (requirements A2.1)."""
        return self.book - self.frozen - self.in_transit

    def gap(self, amount: Money) -> Money:
        """How much is missing to pay the amount; zero where nothing is."""
        missing = amount - self.available
        return missing if missing.minor > 0 else Money.zero(amount.currency)


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction on an account; `amount` None means the whole account."""

    kind: AccountStatus
    amount: Money | None
    authority: str
    starts_on: date
    ends_on: date | None
    note: str

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Calendar(Protocol):
    def is_workday(self, day: date) -> bool: ...

    def next_workday(self, day: date) -> date: ...


@dataclass(frozen=True, slots=True)
class Hours:
    """When a channel sends: opening and closing time, on every day or on working days only."""

    opens: time
    closes: time
    every_day: bool

    def open_at(self, at: datetime, calendar: Calendar, tz: ZoneInfo = SHANGHAI) -> bool:
        local = at.astimezone(tz)
        if not (self.every_day or calendar.is_workday(local.date())):
            return False
        return self.opens <= local.time() < self.closes

    def stored(self) -> dict[str, object]:
        return {
            "opens": self.opens.isoformat(),
            "closes": self.closes.isoformat(),
            "every_day": self.every_day,
        }

    @classmethod
    def from_stored(cls, stored: dict[str, str]) -> "Hours":
        return cls(
            time.fromisoformat(stored["opens"]),
            time.fromisoformat(stored["closes"]),
            bool(stored["every_day"]),
        )


ROUND_THE_CLOCK: Final = Hours(time(0, 0), time(23, 59, 59), every_day=True)


@dataclass(frozen=True, slots=True)
class Window:
    """A maintenance window announced by the bank."""

    starts_at: datetime
    ends_at: datetime
    note: str

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """A channel as it is known now."""

    code: str
    name: str
    priority: int
    up: bool
    state_note: str
    state_since: datetime
    minimum: Money | None
    maximum: Money | None
    hours: Hours
    certificate_until: date | None
    windows: tuple[Window, ...] = ()

    def accepts(self, amount: Money) -> bool:
        """Whether the amount lies within the channel's limits, both included.

        Limits in another currency can't be met.
        """
        limits = [one for one in (self.minimum, self.maximum) if one is not None]
        if any(one.currency != amount.currency for one in limits):
            return False
        low = self.minimum is None or amount >= self.minimum
        return low and (self.maximum is None or amount <= self.maximum)

    def window_at(self, at: datetime) -> Window | None:
        return next((window for window in self.windows if window.covers(at)), None)


# domain.md §2.3; caps and hours are settings, since they change and banks narrow them.
DEFAULT_CHANNELS: Final[tuple[tuple[str, str, int, str | None, Hours], ...]] = (
    ("HVPS", "大额支付系统", 10, None, Hours(time(8, 30), time(17, 15), every_day=False)),
    ("BEPS", "小额支付系统", 20, "1000000", ROUND_THE_CLOCK),
    ("IBPS", "超级网银", 30, "50000", ROUND_THE_CLOCK),
    ("DIRECT", "银企直连", 40, None, Hours(time(9, 0), time(17, 0), every_day=False)),
    ("EBANK", "企业网银", 50, None, Hours(time(8, 30), time(17, 0), every_day=False)),
    ("COUNTER", "柜面", 60, None, Hours(time(9, 0), time(16, 30), every_day=False)),
)

_FARTHEST = 60


def next_execution(
    channel: ChannelFacts,
    not_before: date,
    now: datetime,
    calendar: Calendar,
    tz: ZoneInfo = SHANGHAI,
) -> datetime:
    """The next instant at which the channel would send a payment planned for `not_before`.

    Raises BadInput when there is none within 60 days, UnknownCalendar beyond known years.
    """
    local_now = now.astimezone(tz)
    day = max(not_before, local_now.date())
    for _ in range(_FARTHEST):
        if channel.hours.every_day or calendar.is_workday(day):
            start = datetime.combine(day, channel.hours.opens, tz)
            end = datetime.combine(day, channel.hours.closes, tz)
            at = _after_windows(max(start, local_now), channel.windows, tz)
            if at < end:
                return at
        day += timedelta(days=1)
    raise BadInput(f"渠道“{channel.name}”在 {_FARTHEST} 天内没有可用的时间。")


def _after_windows(at: datetime, windows: Sequence[Window], tz: ZoneInfo) -> datetime:
    for window in sorted(windows, key=lambda w: w.starts_at):
        if window.covers(at):
            at = window.ends_at.astimezone(tz)
    return at

"""Pure decisions of access: passwords, lock-out, the matrix, who may decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.access.errors import (
    MatrixInvalid,
    NotAnApprover,
    SelfApproval,
    WeakPassword,
)
from app.access.rights import APPROVAL_RANK, ROLE_LABELS, Role
from app.core.money import Money

FREE_TRIES: Final = 4
FIRST_LOCK: Final = timedelta(minutes=1)
LONGEST_LOCK: Final = timedelta(hours=8)
FRESH_FOR: Final = timedelta(minutes=5)
SHORTEST_PASSWORD: Final = 10


def check_password(username: str, password: str) -> None:
    """Raises WeakPassword with what is missing."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(f"密码只有 {len(password)} 位。")
    if not any(c.isalpha() for c in password) or not any(c.isdigit() for c in password):
        raise WeakPassword("密码须同时包含字母和数字。")
    if username.lower() in password.lower():
        raise WeakPassword("密码不能包含用户名。")


def lock_time(failed_count: int) -> timedelta:
    """How long to lock out after so many failures in a row: doubling from the fifth."""
    if failed_count <= FREE_TRIES:
        return timedelta(0)
    doublings = min(failed_count - FREE_TRIES - 1, 20)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def is_fresh(fresh_at: datetime, now: datetime) -> bool:
    """Whether the password was proved recently enough to approve something."""
    return timedelta(0) <= now - fresh_at <= FRESH_FOR


@dataclass(frozen=True, slots=True)
class Span:
    """The life of a grant: what it says of its days and when it was made and ended."""

    role: Role
    valid_from: date
    valid_until: date | None
    granted_at: datetime
    ended_at: datetime | None = None

    def holds(self, at: datetime, day: date) -> bool:
        """Whether the post was held at that instant, `day` being its business date."""
        return (
            self.granted_at <= at
            and (self.ended_at is None or at < self.ended_at)
            and self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
        )


def roles_at(spans: Iterable[Span], at: datetime, day: date) -> frozenset[Role]:
    """The posts held at that instant."""
    return frozenset(span.role for span in spans if span.holds(at, day))


@dataclass(frozen=True, slots=True)
class Tier:
    """Payments up to and including `up_to` (None: any amount) need these levels, in order."""

    up_to: Money | None
    levels: tuple[Role, ...]


# domain.md §5.3, "our default"; "以下" includes the number.
DEFAULT_TIERS: Final[tuple[Tier, ...]] = (
    Tier(Money.parse("50000"), (Role.CHECKER,)),
    Tier(Money.parse("500000"), (Role.CHECKER, Role.SUPERVISOR)),
    Tier(Money.parse("2000000"), (Role.CHECKER, Role.SUPERVISOR, Role.CFO)),
    Tier(None, (Role.CHECKER, Role.SUPERVISOR, Role.CFO, Role.GM)),
)


def check_tiers(tiers: Sequence[Tier]) -> None:
    """Raises MatrixInvalid unless the tiers cover every amount with ordered levels."""
    if not tiers or tiers[-1].up_to is not None:
        raise MatrixInvalid("最后一档必须不设上限。")
    bounds = [tier.up_to for tier in tiers[:-1]]
    if any(bound is None or bound.minor <= 0 for bound in bounds):
        raise MatrixInvalid("除最后一档外，每档都要填写大于零的金额上限。")
    figures = [bound.minor for bound in bounds if bound is not None]
    if figures != sorted(set(figures)):
        raise MatrixInvalid("各档金额上限须从小到大，且不能重复。")
    for tier in tiers:
        ranks = [APPROVAL_RANK.get(level, 0) for level in tier.levels]
        if not ranks or 0 in ranks or ranks != sorted(set(ranks)):
            raise MatrixInvalid("每档至少一级，级别由低到高，不能重复。")


def levels_for(tiers: Sequence[Tier], amount: Money) -> tuple[Role, ...]:
    """The levels that a payment of that amount passes. A foreign amount takes the last tier."""
    for tier in tiers:
        if tier.up_to is None or (amount.currency == tier.up_to.currency and amount <= tier.up_to):
            return tier.levels
    raise MatrixInvalid("审批矩阵没有覆盖该金额。")


def one_level_above(levels: Sequence[Role]) -> tuple[Role, ...]:
    """The levels for resuming a stopped payment: the next higher post is added.

    Where the highest post is there already, the levels stay, since nobody stands above it.
    """
    top = max(APPROVAL_RANK[level] for level in levels)
    above = [role for role, rank in APPROVAL_RANK.items() if rank == top + 1]
    return (*levels, *above)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who would decide: own posts, and posts held for others."""

    user_id: int
    roles: frozenset[Role]
    delegated: Mapping[int, frozenset[Role]]


def authority(
    candidate: Candidate, level: Role, makers: Iterable[int], decided: Iterable[int]
) -> int | None:
    """On whose behalf the candidate may decide at this level: None for their own post.

    decided: everybody who has spoken on it, by themselves or by one who stood in for them.
    Raises SelfApproval when the candidate (or the one stood in for) made or edited the subject or
    has spoken at an earlier level, NotAnApprover when no post reaches the level.
    """
    barred = set(makers)
    if candidate.user_id in barred:
        raise SelfApproval("经办人与审批人不能为同一人。")
    if candidate.user_id in set(decided):
        raise SelfApproval("您或代您办理的人已审批过前一级，同一人不能审批两级。")
    if _reaches(candidate.roles, level):
        return None
    stands_for = [who for who, roles in candidate.delegated.items() if _reaches(roles, level)]
    allowed = [who for who in stands_for if who not in barred and who not in set(decided)]
    if allowed:
        return min(allowed)
    if stands_for:
        raise SelfApproval("委托人是本申请的经办人或已审批过，不能由其受托人代为审批。")
    raise NotAnApprover(f"本级须由“{ROLE_LABELS[level]}”或更高岗位审批。")


def _reaches(roles: Iterable[Role], level: Role) -> bool:
    return any(APPROVAL_RANK.get(role, 0) >= APPROVAL_RANK[level] for role in roles)

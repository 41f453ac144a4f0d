"""Which debits break what was agreed to end or to rest: values in, values out (R13, E1.4).

An expectation says: from a day on, or on the days of a suspension, this payee debits none of our
accounts. A debit is held against
it by its marks: an agreement's number, the customer number, the payee's account or name, the
amount, the rhythm, the bank's word for a debit. What we paid ourselves is none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Final

from app.agreements.rhythm import Rhythm, next_debit
from app.agreements.watch.likeness import Likeness


class Mark(StrEnum):
    """Why a debit is taken for one of an agreement."""

    NUMBER = "NUMBER"
    CUSTOMER = "CUSTOMER"
    ACCOUNT = "ACCOUNT"
    NAME = "NAME"
    NEAR_NAME = "NEAR_NAME"
    SIMILAR_NAME = "SIMILAR_NAME"
    AMOUNT = "AMOUNT"
    SPLIT = "SPLIT"
    RHYTHM = "RHYTHM"
    WORD = "WORD"
    OWN_ACCOUNT = "OWN_ACCOUNT"


MARK_LABELS: Final[dict[Mark, str]] = {
    Mark.NUMBER: "摘要中有该协议的编号",
    Mark.CUSTOMER: "摘要中有该协议的客户服务号",
    Mark.ACCOUNT: "对方账号是收款单位的账号",
    Mark.NAME: "对方户名是收款单位",
    Mark.NEAR_NAME: "对方户名是收款单位的简称或分支",
    Mark.SIMILAR_NAME: "对方户名与收款单位相近",
    Mark.AMOUNT: "金额与约定或以往扣款相同",
    Mark.SPLIT: "同日几笔合计与约定金额相同",
    Mark.RHYTHM: "日期接近原扣款日",
    Mark.WORD: "银行摘要注明代扣、扣款",
    Mark.OWN_ACCOUNT: "原扣款账户",
}


class Confidence(StrEnum):
    """How sure it is. WEAK is listed for a look, and raises no alarm."""

    SURE = "SURE"
    LIKELY = "LIKELY"
    WEAK = "WEAK"


CONFIDENCE_LABELS: Final[dict[Confidence, str]] = {
    Confidence.SURE: "确定",
    Confidence.LIKELY: "很可能",
    Confidence.WEAK: "可疑",
}
ALARMS: Final = frozenset({Confidence.SURE, Confidence.LIKELY})
_NEAR_DAYS: Final = 4
# Of more debits on one day only all together are tried.
_MOST_PARTS: Final = 8


class Standing(StrEnum):
    """What may be debited by an agreement: everything, what is left until it ends, nothing."""

    ACTIVE = "ACTIVE"
    ENDING = "ENDING"
    ENDED = "ENDED"


class Ban(StrEnum):
    """What forbids a debit: the agreement's end, or that it was suspended on that day."""

    ENDED = "ENDED"
    SUSPENDED = "SUSPENDED"


BAN_LABELS: Final[dict[Ban, str]] = {Ban.ENDED: "终止", Ban.SUSPENDED: "暂停"}


@dataclass(frozen=True, slots=True)
class Rest:
    """Days on which an agreement was suspended: from from_on, and before until once it is over."""

    from_on: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.from_on <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of an agreement: its debits, or, where it ended, none from a day on.

    numbers: ours, the bank's and the PBOC's, without blanks, in capitals. amounts: the agreed one
    and those of the last debits, in minor units. from_on: None while the bank has not confirmed.
    rests: when it was suspended, whatever it is now.
    """

    key: int
    account: int
    payee_name: str
    payee_account: str
    numbers: tuple[str, ...]
    customer_no: str
    amounts: frozenset[int]
    rhythm: Rhythm
    first_on: date | None
    standing: Standing
    from_on: date | None = None
    rests: tuple[Rest, ...] = ()

    def ban(self, day: date) -> tuple[Ban, date] | None:
        """What forbids a debit on that day, and since when; None where it is allowed.

        What had ended by then ended, even where it was suspended before.
        """
        if self.standing is Standing.ENDED and self.from_on is not None and day >= self.from_on:
            return Ban.ENDED, self.from_on
        found = [rest.from_on for rest in self.rests if rest.holds(day)]
        return (Ban.SUSPENDED, min(found)) if found else None

    @property
    def watched_from(self) -> date | None:
        """The first day on which anything is forbidden; None while nothing is."""
        ended = [self.from_on] if self.standing is Standing.ENDED and self.from_on else []
        return min((*ended, *(rest.from_on for rest in self.rests)), default=None)


@dataclass(frozen=True, slots=True)
class Debit:
    """Money that left one of our accounts. minor: positive. text: all that the bank wrote.

    own: a payment of ours that it is, as far as known.
    """

    key: int
    account: int
    on: date
    minor: int
    name: str
    payee_account: str
    text: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """The agreement that a debit is taken for, allowed or not."""

    debit: Debit
    expectation: Expectation
    marks: frozenset[Mark]
    confidence: Confidence

    @property
    def forbidden(self) -> bool:
        """Whether the agreement had ended by then, or was suspended."""
        return self.expectation.ban(self.debit.on) is not None

    @property
    def alarm(self) -> bool:
        """Whether somebody has to be told: forbidden, and more than a look-alike."""
        return self.forbidden and self.confidence in ALARMS


@dataclass(frozen=True, slots=True)
class Suspect:
    """An expectation that a debit may break, with what was found before the debit's own figures."""

    expectation: Expectation
    marks: frozenset[Mark]


_IDENTITY: Final = frozenset({Mark.ACCOUNT, Mark.NAME})
_FIGURES: Final = frozenset({Mark.AMOUNT, Mark.SPLIT})
_STRONG: Final = _FIGURES | {Mark.WORD}
NAME_MARK: Final[dict[Likeness, Mark]] = {
    Likeness.SAME: Mark.NAME,
    Likeness.CLOSE: Mark.NEAR_NAME,
    Likeness.SIMILAR: Mark.SIMILAR_NAME,
}


def judge(marks: frozenset[Mark]) -> Confidence | None:
    """How sure these marks make it; None when they say nothing."""
    if Mark.NUMBER in marks:
        return Confidence.SURE
    if marks & _IDENTITY:
        return Confidence.SURE if marks & _STRONG else Confidence.LIKELY
    if Mark.CUSTOMER in marks:
        named = marks & {Mark.NEAR_NAME, Mark.SIMILAR_NAME}
        return Confidence.SURE if named else Confidence.LIKELY
    return _judge_by_likeness(marks)


def _judge_by_likeness(marks: frozenset[Mark]) -> Confidence | None:
    """The same where neither number nor identity is certain."""
    usual = {Mark.RHYTHM, Mark.OWN_ACCOUNT} <= marks
    if Mark.NEAR_NAME in marks:
        return Confidence.LIKELY if marks & _STRONG or usual else Confidence.WEAK
    figures, worded = bool(marks & _FIGURES), Mark.WORD in marks
    if Mark.SIMILAR_NAME in marks:
        # Two companies with names alike are common: figures and more must agree.
        more = len(marks & {Mark.RHYTHM, Mark.WORD, Mark.OWN_ACCOUNT}) > 1
        return Confidence.LIKELY if figures and more else Confidence.WEAK
    if figures and worded and Mark.OWN_ACCOUNT in marks:
        # A debit without a name on the account that was debited before.
        return Confidence.LIKELY if Mark.RHYTHM in marks else Confidence.WEAK
    return None


def hits(suspected: Iterable[tuple[Debit, Sequence[Suspect]]]) -> list[Hit]:
    """What the debits break: for each the expectation that its marks speak for most."""
    found = [
        (debit, [_with_figures(debit, suspect) for suspect in suspects])
        for debit, suspects in suspected
        if not debit.own
    ]
    split = _splits(found)
    return [hit for debit, suspects in found for hit in _best(debit, suspects, split)]


def near_rhythm(expectation: Expectation, on: date) -> bool:
    """Whether a day lies near one on which the agreement would have debited."""
    if expectation.first_on is None or expectation.rhythm is Rhythm.IRREGULAR:
        return False
    early = date.fromordinal(on.toordinal() - _NEAR_DAYS)
    due = next_debit(expectation.rhythm, expectation.first_on, early, None)
    return due is not None and abs((due - on).days) <= _NEAR_DAYS


def _with_figures(debit: Debit, suspect: Suspect) -> Suspect:
    one = suspect.expectation
    marks = set(suspect.marks)
    if debit.minor in one.amounts:
        marks.add(Mark.AMOUNT)
    if near_rhythm(one, debit.on):
        marks.add(Mark.RHYTHM)
    if debit.account == one.account:
        marks.add(Mark.OWN_ACCOUNT)
    return Suspect(one, frozenset(marks))


def _splits(found: Iterable[tuple[Debit, Sequence[Suspect]]]) -> frozenset[tuple[int, int]]:
    """Debits that add up to an agreed amount on one day: (debit, expectation) each."""
    groups: dict[tuple[date, int], list[tuple[Debit, Suspect]]] = defaultdict(list)
    for debit, suspects in found:
        for suspect in suspects:
            # Without a name or account in common any debits of a day could add up.
            if suspect.marks & {*_IDENTITY, Mark.NEAR_NAME, Mark.SIMILAR_NAME, Mark.CUSTOMER}:
                groups[debit.on, suspect.expectation.key].append((debit, suspect))
    return frozenset(
        (debit.key, key)
        for (_, key), group in groups.items()
        for debit in _adding_up([each for each, _ in group], group[0][1].expectation.amounts)
    )


def _adding_up(debits: Sequence[Debit], amounts: frozenset[int]) -> Sequence[Debit]:
    """Those of the day's debits that together make an agreed amount; none where none do."""
    if len(debits) > _MOST_PARTS:
        return debits if sum(one.minor for one in debits) in amounts else ()
    for count in range(2, len(debits) + 1):
        for some in combinations(debits, count):
            if sum(one.minor for one in some) in amounts:
                return some
    return ()


def _best(
    debit: Debit, suspects: Sequence[Suspect], split: frozenset[tuple[int, int]]
) -> Iterator[Hit]:
    judged = []
    for suspect in suspects:
        one, marks = suspect.expectation, suspect.marks
        if (debit.key, one.key) in split:
            marks |= {Mark.SPLIT}
        confidence = judge(marks)
        if confidence is not None:
            # Where as much speaks for a forbidden one as for another, it is better to be told.
            order = (one.ban(debit.on) is not None, one.standing is Standing.ENDED, -one.key)
            judged.append((_weight(confidence, marks), order, one, marks, confidence))
    if judged:
        _, _, one, marks, confidence = max(judged, key=lambda each: (each[0], each[1]))
        yield Hit(debit, one, marks, confidence)


def _weight(confidence: Confidence, marks: frozenset[Mark]) -> tuple[int, bool, bool, int]:
    """How much speaks for one of several: number and sum tell agreements of one payee apart."""
    order = (Confidence.WEAK, Confidence.LIKELY, Confidence.SURE)
    return (order.index(confidence), Mark.NUMBER in marks, bool(marks & _FIGURES), len(marks))

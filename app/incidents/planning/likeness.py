"""How much one incident is like another: by cause, findings, bank, channel and words. Pure.

The weights are ours: a cause says most, words least (requirement B5.3).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.incidents.states import Cause

_CAUSE, _FINDINGS, _BANKS, _CHANNELS, _WORDS = 40, 25, 10, 10, 15
# Less than this is chance.
LEAST: Final = 20
_SPLIT: Final = re.compile(r"[^\w]+|[\d_]+")
_SAID: Final = 0.15


@dataclass(frozen=True, slots=True)
class Traits:
    """What an incident is compared by. findings: rules of the diagnosis; text: all that was said."""

    cause: Cause
    findings: frozenset[str] = frozenset()
    banks: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """score: 0 to 100. reasons: what they have in common, in words."""

    score: int
    reasons: tuple[str, ...]

    @property
    def counts(self) -> bool:
        return self.score >= LEAST


def likeness(one: Traits, other: Traits) -> Likeness:
    """How alike two are; the same whichever comes first."""
    score, reasons = 0.0, []
    if one.cause is other.cause and one.cause is not Cause.PENDING:
        score += _CAUSE
        reasons.append("原因相同")
    for weight, label, mine, theirs in (
        (_FINDINGS, "诊断发现相同", one.findings, other.findings),
        (_BANKS, "同一银行", one.banks, other.banks),
        (_CHANNELS, "同一渠道", one.channels, other.channels),
    ):
        share = _share(mine, theirs)
        score += weight * share
        if share:
            reasons.append(label)
    words = _share(bigrams(one.text), bigrams(other.text))
    score += _WORDS * words
    if words >= _SAID:
        reasons.append("描述相近")
    return Likeness(round(score), tuple(reasons))


def bigrams(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, which stand for words in Chinese; numbers say nothing."""
    pieces = (piece.casefold() for piece in _SPLIT.split(text) if piece)
    return frozenset(piece[at : at + 2] for piece in pieces for at in range(len(piece) - 1))


def _share(one: Iterable[str], other: Iterable[str]) -> float:
    """What both have of what either has."""
    mine, theirs = frozenset(one), frozenset(other)
    whole = mine | theirs
    return len(mine & theirs) / len(whole) if whole else 0.0

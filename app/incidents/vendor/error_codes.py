"""错误代码字典: what a code means and what to do, of our program, of the banks, and of a stop.

Each is told from where it is decided: a bank's answers from the table by which answers are
classified, reasons from the actions of the diagnosis, the program's codes from program_codes.csv.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from app.core.codes import (
    REASON_LABELS,
    AnswerOutcome,
    KnownAnswer,
    StopReason,
    is_of,
    known_answers,
)
from app.core.shipped import data_file
from app.payments.diagnosis.actions import REASON_ACTIONS

_ANY: Final = "*"
_RETURNED: Final = {
    AnswerOutcome.SUCCEEDED: "已成功",
    AnswerOutcome.FAILED: "已失败",
    AnswerOutcome.PENDING: "处理中",
    AnswerOutcome.UNKNOWN: "状态不明",
    AnswerOutcome.RETURNED: "已退回",
}
# A code of ours or a bank's as a word of its own. What is shorter than three signs is no word.
_WORD: Final = re.compile(r"(?<![A-Za-z0-9-])[A-Z][A-Z0-9_]+(?:-[A-Z0-9]+)?(?![A-Za-z0-9-])")
_SHORTEST: Final = 3


class Source(StrEnum):
    """Who says a code."""

    PROGRAM = "PROGRAM"
    BANK = "BANK"
    WORDS = "WORDS"
    REASON = "REASON"


SOURCE_LABELS: Final[dict[Source, str]] = {
    Source.PROGRAM: "本程序",
    Source.BANK: "银行、财务软件返回码",
    Source.WORDS: "银行返回的说明文字",
    Source.REASON: "停付原因",
}


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code. of: the bank or the program; reason: None where a stop has no reason of this."""

    source: Source
    of: str
    code: str
    meaning: str
    reason: StopReason | None
    cure: str

    @property
    def reason_label(self) -> str:
        return "" if self.reason is None else REASON_LABELS[self.reason]


@cache
def dictionary() -> tuple[CodeEntry, ...]:
    """Every entry: ours, the banks', their words, the reasons."""
    return (*_program(), *(_of_bank(one) for one in known_answers()), *_reasons())


def search(text: str, source: Source | None = None) -> list[CodeEntry]:
    """Entries that have all of the words; those whose code it is come first."""
    words = text.casefold().split()
    found = [
        one
        for one in dictionary()
        if (source is None or one.source is source) and all(word in _all_of(one) for word in words)
    ]
    exact = text.strip().casefold()
    return sorted(found, key=lambda one: one.code.casefold() != exact)


def codes_in(text: str) -> list[CodeEntry]:
    """Entries that a text speaks of: codes that stand in it as words, and the banks' phrases.

    Codes of one or two signs, such as 6, say nothing outside of their field.
    """
    words = set(_WORD.findall(text))
    return [one for one in dictionary() if _spoken(one, words, text)]


def answer_entry(bank: str, code: str, text: str = "") -> list[CodeEntry]:
    """What a bank answered: its code, and what its words say. Empty where neither is known."""
    wanted = code.strip().upper()
    by_code = [
        one
        for one in dictionary()
        if one.source is Source.BANK and one.code == wanted and is_of(one.of, bank.strip())
    ]
    by_words = [one for one in dictionary() if one.source is Source.WORDS and _says(one, text)]
    return [*by_code[:1], *by_words[:1]]


def reason_entry(reason: StopReason) -> CodeEntry:
    """What to do about a reason."""
    return next(one for one in dictionary() if one.source is Source.REASON and one.reason is reason)


def entries_of_finding(reason: StopReason, evidence: dict[str, str]) -> list[CodeEntry]:
    """What a finding speaks of: the bank's answer where its evidence has one, and its reason."""
    bank, code = evidence.get("银行", ""), evidence.get("返回码", "")
    told = answer_entry(bank, code, evidence.get("银行说明", "")) if bank or code else []
    return [*told, reason_entry(reason)]


def _spoken(one: CodeEntry, words: set[str], text: str) -> bool:
    match one.source:
        case Source.WORDS:
            return _says(one, text)
        case Source.BANK | Source.PROGRAM | Source.REASON:
            # A word such as UNKNOWN or a Chinese one is no code outside of its field.
            known = one.source is not Source.BANK or not one.code.isalpha()
            return known and len(one.code) >= _SHORTEST and one.code in words


def _says(one: CodeEntry, text: str) -> bool:
    return any(part in text for part in one.code.split("、"))


def _all_of(one: CodeEntry) -> str:
    label = SOURCE_LABELS[one.source]
    return f"{label} {one.of} {one.code} {one.meaning} {one.reason_label} {one.cure}".casefold()


def _program() -> Iterator[CodeEntry]:
    with data_file("program_codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            reason = StopReason(row["reason"]) if row["reason"] else None
            yield CodeEntry(
                Source.PROGRAM, "停付管家", row["code"], row["meaning"], reason, row["cure"]
            )


def _of_bank(one: KnownAnswer) -> CodeEntry:
    meaning = one.meaning
    said = f"{_RETURNED[meaning.outcome]}：{meaning.meaning}"
    if one.bank == _ANY:
        words = one.pattern.replace("|", "、")
        return CodeEntry(Source.WORDS, "各银行", words, said, meaning.reason, meaning.first_action)
    return CodeEntry(Source.BANK, one.bank, one.code, said, meaning.reason, meaning.first_action)


def _reasons() -> Iterator[CodeEntry]:
    for reason, label in REASON_LABELS.items():
        cure = "；".join(f"{one.label}（{one.who}）" for one in REASON_ACTIONS[reason])
        yield CodeEntry(Source.REASON, "停付管家", str(reason), label, reason, cure)

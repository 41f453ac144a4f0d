"""Matching, judged on a set that its author did not make: how right, by kind, and how fast.

Run: .venv/bin/python -m benchmarks.bench_judge [--quick] [--grow] [--wrong N] [--seed N]

Precision and recall with evidence taken away in turn and together; by what became of the
payments and by what the matcher calls its matches. --grow instead: time and memory, to a million.
"""

import argparse
import gc
import resource
import subprocess
import sys
import time

from app.reconciliation.items import Match
from app.reconciliation.matching import match
from benchmarks.judge_plan import OWN_NUMBERS
from benchmarks.judge_set import Evidence, Judged, make, near
from benchmarks.judging import Judge, Score

PRECISION, RECALL = 0.999, 0.98
OWN = {number: account for account, number in OWN_NUMBERS.items()}
REMOVALS = {
    "everything told": Evidence(),
    "no references": Evidence(references=False),
    "no texts": Evidence(texts=False),
    "no accounts": Evidence(accounts=False),
    "no names": Evidence(names=False),
    "no references, texts": Evidence(references=False, texts=False),
    "no references, accounts": Evidence(references=False, accounts=False),
    "no references, names": Evidence(references=False, names=False),
    "no accounts, names": Evidence(accounts=False, names=False),
    "no references, texts, accounts": Evidence(references=False, texts=False, accounts=False),
    "no references, accounts, names": Evidence(references=False, accounts=False, names=False),
    "nothing but day and amount": Evidence(False, False, False, False),
}


def timed(made: Judged) -> tuple[list[Match], float]:
    gc.collect()
    start = time.perf_counter()
    found = match(made.lines, made.ours, OWN)
    return list(found.matches), time.perf_counter() - start


def by_case(score: Score) -> None:
    """Recall by what became of the payments."""
    for case, (true, sure, seen) in sorted(score.found.items(), key=lambda one: -one[1][0]):
        print(f"    {case:22} {true:7,} | sure {sure / true:8.2%} | proposed {seen / true:8.2%}")


def by_kind(score: Score) -> None:
    """Precision by what the matcher calls it."""
    for kind, (sure, both) in sorted(score.kinds.items(), key=lambda one: -one[1][1].said):
        print(
            f"    {kind:22} sure {sure.said:7,} | {sure.precision:9.3%} |"
            f" all {both.said:7,} | {both.precision:9.3%}"
        )


def judge(name: str, count: int, seed: int, evidence: Evidence, examples: int) -> bool:
    """Print what was said of one set; whether it is as right as it must be."""
    made = make(count, seed, evidence)
    matches, took = timed(made)
    judged = Judge(made)
    score = judged.score(matches)
    print(
        f"{name:32} | {took:6.2f} s | sure {score.sure.said:7,} | {score.sure.precision:9.4%}"
        f" | recall {score.recall(1):7.2%} of groups, {score.payments:7.2%} of payments"
        f" | all {score.all.precision:8.3%} / {score.recall(2):7.2%}"
        f" | partly {score.all.partly} | wrong {dict(score.wrong) or 'none'}",
        flush=True,
    )
    if name in {"everything told", "no references"}:
        by_case(score)
        by_kind(score)
    for why, group in score.examples[:examples]:
        print(f"  {why}: {group.kind}")
        for row in judged.show(group):
            print(f"      {row}")
    full = evidence == Evidence()
    return score.sure.precision >= PRECISION and (not full or score.recall(1) >= RECALL)


def grow(count: int, seed: int) -> None:
    """One size in this process: its time, and what memory matching took on top."""
    made = make(count, seed)
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    matches, took = timed(made)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    score = Judge(made).score(matches)
    print(
        f"{count:9,} payments, {len(made.lines):9,} lines | {took:7.2f} s"
        f" | peak {peak / 1024:7,.0f} MB, {(peak - before) / 1024:7,.0f} MB of it for matching"
        f" | precision {score.sure.precision:9.4%}, recall {score.recall(1):7.2%}",
        flush=True,
    )


def main() -> int:
    """Print the tables; 1 when sure matches are not as right as they must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 payments only")
    parser.add_argument("--grow", action="store_true", help="time and memory only, to a million")
    parser.add_argument("--wrong", type=int, default=0, help="print so many wrong sure matches")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--only", default="", help="of the removals, those with this in the name")
    chosen = parser.parse_args()
    if chosen.size:
        grow(chosen.size, chosen.seed)
        return 0
    if chosen.grow:
        for size in (10_000, 100_000, 300_000, 1_000_000):
            subprocess.run(
                [sys.executable, "-m", "benchmarks.bench_judge", "--size", str(size)], check=True
            )
        return 0
    good = True
    for count in (10_000,) if chosen.quick else (10_000, 100_000):
        made = make(count, chosen.seed)
        alike = sum(1 for _ in near(made.ours)) / len(made.ours)
        print(f"{count:,} payments, {len(made.lines):,} lines; an equal within a week: {alike:.0%}")
        for name, evidence in REMOVALS.items():
            if chosen.only in name:
                good &= judge(name, count, chosen.seed, evidence, chosen.wrong)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

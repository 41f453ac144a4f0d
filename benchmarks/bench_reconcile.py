"""Matching: how right it is with evidence taken away, and how long a hundred thousand lines take.

Run: .venv/bin/python -m benchmarks.bench_reconcile [--quick]

Nothing is timed by a floor of a data-frame library: none is among what we use. The floor is a
dictionary of references.
"""

import argparse
import gc
import sys
import time
from collections import Counter

from app.agreements.watch.finding import plain, tokens
from app.reconciliation.items import Sureness
from app.reconciliation.matching import Matched, match
from benchmarks.reconcile_set import Evidence, Made, make

KINDS = {
    "everything told": Evidence(),
    "no references": Evidence(references=False),
    "no references, no accounts": Evidence(references=False, accounts=False),
    "no references, accounts, names": Evidence(references=False, accounts=False, names=False),
}


def score(made: Made, found: Matched) -> tuple[int, int, int, int]:
    """Sure matches, those of them that are true, all true ones, those proposed or sure."""
    pairs = {
        (
            frozenset(made.twins.get(key, key) for key in one.lines),
            frozenset(one.ours),
        ): one.sureness
        for one in found.matches
        if one.ours
    }
    sure = [key for key, how in pairs.items() if how is Sureness.SURE]
    return (
        len(sure),
        sum(key in made.truth for key in sure),
        len(made.truth),
        sum(key in made.truth for key in pairs),
    )


def wrong(made: Made, found: Matched) -> list[str]:
    """Some of the sure matches that are not true, for whoever wants to know why."""
    return [
        f"{one.kind} {one.lines} {one.ours}"
        for one in found.matches
        if one.ours
        and one.sureness is Sureness.SURE
        and (frozenset(made.twins.get(key, key) for key in one.lines), frozenset(one.ours))
        not in made.truth
    ]


def floor(made: Made) -> int:
    """The barest way: a dictionary of references."""
    known = {plain(number): item for item in made.ours for number in item.numbers}
    return sum(
        any(word in known and known[word].minor == line.minor for word in tokens(line.text))
        for line in made.lines
    )


def main() -> int:
    """Print what was found; 1 when a sure match of the full set is not as right as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    count = 5_000 if parser.parse_args().quick else 100_000
    missed = False
    for name, kept in KINDS.items():
        made = make(count, 7, kept)
        gc.collect()
        start = time.perf_counter()
        found = match(made.lines, made.ours)
        took = time.perf_counter() - start
        start = time.perf_counter()
        floor(made)
        bare = time.perf_counter() - start
        sure, right, true, seen = score(made, found)
        precision, recall = right / max(1, sure), right / true
        print(
            f"{name:32s} {len(made.lines):,} lines, {len(made.ours):,} payments: {took:.2f} s"
            f" (dictionary {bare:.2f} s); sure {sure:,}, precision {precision:.4%}, recall"
            f" {recall:.2%}; with proposals {seen / true:.2%}"
        )
        kinds = Counter(text.partition(" ")[0] for text in wrong(made, found))
        print(f"{'':32s} wrong by kind: {dict(kinds) or 'none'}")
        if kept == Evidence():
            missed = precision < 0.999 or recall < 0.98
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

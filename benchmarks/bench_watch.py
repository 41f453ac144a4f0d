"""The watch: what it catches of a labelled set, and how long a hundred thousand debits take.

Run: .venv/bin/python -m benchmarks.bench_watch [--quick]
"""

import argparse
import sys
from collections import Counter

from app.agreements.watch.finding import Watch, plain
from app.agreements.watch.own import mark_own
from app.agreements.watch.rules import Hit
from benchmarks.table import Table, seconds
from benchmarks.watch_set import Labelled, labelled

FALSE_ALARMS = 0.01


def caught(made: Labelled) -> dict[int, Hit]:
    """The alarms, by debit."""
    debits = mark_own((case.debit for case in made.cases), made.payments)
    found = Watch(made.expectations).look(debits)
    return {hit.debit.key: hit for hit in found if hit.alarm}


def score(made: Labelled, alarms: dict[int, Hit]) -> tuple[Counter[str], Counter[str], int]:
    """Missed and false alarms by trap, and how many debits were forbidden.

    An alarm that names another agreement than the true one counts as found: a person looks at it.
    """
    missed: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for case in made.cases:
        if case.breaks is not None and case.debit.key not in alarms:
            missed[case.trap] += 1
        if case.breaks is None and case.debit.key in alarms:
            false[case.trap] += 1
    return missed, false, sum(case.breaks is not None for case in made.cases)


def floor(made: Labelled) -> int:
    """The barest way: look up every debit's account and name in a dictionary."""
    accounts = {plain(one.payee_account) for one in made.expectations}
    names = {one.payee_name for one in made.expectations}
    return sum(
        plain(case.debit.payee_account) in accounts or case.debit.name in names
        for case in made.cases
    )


def main() -> int:
    """Print precision and recall, then the times; 1 when something was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    made = labelled(200 if quick else 2_000, 20 if quick else 150, 1_000 if quick else 95_000)
    alarms = caught(made)
    missed, false, forbidden = score(made, alarms)
    found = forbidden - missed.total()
    table = Table()
    print(f"labelled debits {len(made.cases):,}, forbidden {forbidden:,}, alarms {len(alarms):,}")
    print(f"precision {found / max(1, len(alarms)):.4f}  recall {found / forbidden:.4f}")
    print(f"missed: {dict(missed) or 'none'}; false alarms: {dict(false) or 'none'}")
    base = seconds(lambda: floor(made), 3)
    table.note(f"dictionary look-ups of {len(made.cases):,} debits (floor)", base)
    ours = seconds(lambda: caught(made), 3)
    table.note(f"watch {len(made.cases):,} debits against {len(made.expectations):,}", ours)
    good = not missed and false.total() <= FALSE_ALARMS * max(1, len(alarms))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

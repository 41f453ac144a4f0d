"""The labelled set of the benchmark, small: nothing forbidden is missed, hardly anything else told."""

from benchmarks.bench_watch import FALSE_ALARMS, caught, score
from benchmarks.watch_set import labelled


def test_that_the_watch_misses_nothing_of_the_labelled_set():  # E1.4, R13
    made = labelled(300, 10, 1_500, seed=7)
    alarms = caught(made)
    missed, false, forbidden = score(made, alarms)
    assert forbidden > 100
    assert missed.total() == 0
    assert false.total() <= FALSE_ALARMS * len(alarms)

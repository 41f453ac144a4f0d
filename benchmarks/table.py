"""Rows of a benchmark: ours against the barest way to do the same job, taken in one run."""

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any


def seconds(work: Callable[[], Any], runs: int = 3) -> float:
    """The median time of several runs, in seconds; garbage collection before each one."""
    taken = []
    for _ in range(runs):
        gc.collect()
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


class Table:
    """Prints "job | ours | floor | ratio | reach" and knows whether everything was reached."""

    def __init__(self) -> None:
        self.reached = True
        self._line("job", "ours", "floor", "ratio", "reach", "")

    def ratio(self, job: str, ours: float, floor: float, reach: float) -> None:
        """A job that shall take at most `reach` times its floor. Times in seconds."""
        ratio = ours / floor
        self._row(job, ours, _time(floor), f"{ratio:.2f}x", f"<= {reach:g}x", ratio <= reach)

    def limit(self, job: str, ours: float, reach: float) -> None:
        """A job that shall take at most `reach` seconds."""
        self._row(job, ours, "", "", f"<= {_time(reach)}", ours <= reach)

    def note(self, job: str, ours: float) -> None:
        """A job measured without a goal."""
        self._line(job, _time(ours), "", "", "", "")

    def _row(self, job: str, ours: float, floor: str, ratio: str, reach: str, good: bool) -> None:
        self.reached &= good
        self._line(job, _time(ours), floor, ratio, reach, "ok" if good else "MISSED")

    @staticmethod
    def _line(job: str, ours: str, floor: str, ratio: str, reach: str, verdict: str) -> None:
        print(
            f"{job:<44} | {ours:>9} | {floor:>9} | {ratio:>7} | {reach:>10} | {verdict}",
            flush=True,
        )


def _time(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"

"""The cheapest way to pair two sets, as many pairs as possible: the Hungarian method.

Source: H. W. Kuhn 1955, with potentials and shortest paths as in Jonker and Volgenant 1987.
"""

from collections.abc import Iterator, Sequence
from typing import Final

_NEVER: Final = 1e9


def assign(cost: Sequence[Sequence[float | None]]) -> Iterator[tuple[int, int]]:
    """Pairs (row, column) of the least cost altogether; None: never. O(n²m)."""
    if not cost or not cost[0]:
        return
    turned = len(cost) > len(cost[0])
    rows = [list(row) for row in (zip(*cost, strict=True) if turned else cost)]
    for row, column in _solve([[_NEVER if c is None else c for c in one] for one in rows]):
        if rows[row][column] is not None:
            yield (column, row) if turned else (row, column)


def _solve(cost: list[list[float]]) -> Iterator[tuple[int, int]]:
    height, width = len(cost), len(cost[0])
    of_row, of_column = [0.0] * (height + 1), [0.0] * (width + 1)
    held = [0] * (width + 1)
    for row in range(1, height + 1):
        held[0] = row
        column = 0
        least = [float("inf")] * (width + 1)
        way = [0] * (width + 1)
        used = [False] * (width + 1)
        while held[column]:
            used[column] = True
            column = _step(cost, held[column], column, (of_row, of_column, least, way, used, held))
        while column:
            held[column] = held[way[column]]
            column = way[column]
    for column in range(1, width + 1):
        if held[column]:
            yield held[column] - 1, column - 1


def _step(cost: list[list[float]], row: int, column: int, state: tuple) -> int:  # type: ignore[type-arg]
    """Widen the tree of shortest ways by one column; returns that column."""
    of_row, of_column, least, way, used, held = state
    width = len(least) - 1
    delta, nearest = float("inf"), 0
    for other in range(1, width + 1):
        if used[other]:
            continue
        slack = cost[row - 1][other - 1] - of_row[row] - of_column[other]
        if slack < least[other]:
            least[other], way[other] = slack, column
        if least[other] < delta:
            delta, nearest = least[other], other
    for other in range(width + 1):
        if used[other]:
            of_row[held[other]] += delta
            of_column[other] -= delta
        else:
            least[other] -= delta
    return nearest

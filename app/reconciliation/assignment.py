"""The cheapest way to pair two sets, as many pairs as possible: the Hungarian method.

Source: H. W. Kuhn 1955, with potentials and shortest paths as in Jonker and Volgenant 1987.
"""

from collections.abc import Iterator, Sequence
from typing import Final

_NEVER: Final = 1e9
# What it costs to leave one alone: more than any pair that is possible.
_ALONE: Final = 100.0


def assign(cost: Sequence[Sequence[float | None]]) -> Iterator[tuple[int, int]]:
    """Pairs (row, column) of the least cost altogether; None: never. O(n²m)."""
    if not cost or not cost[0]:
        return
    turned = len(cost) > len(cost[0])
    rows = [list(row) for row in (zip(*cost, strict=True) if turned else cost)]
    for row, column in _solve([[_NEVER if c is None else c for c in one] for one in rows]):
        if rows[row][column] is not None:
            yield (column, row) if turned else (row, column)


def align(cost: Sequence[Sequence[float | None]]) -> Iterator[tuple[int, int]]:
    """Pairs (row, column) in the order of both, as many and as cheap as possible; None: never. O(nm)."""
    width = len(cost[0]) if cost else 0
    best = [[_ALONE * column for column in range(width + 1)]]
    for number, row in enumerate(cost, 1):
        above, here = best[-1], [_ALONE * number]
        for column, value in enumerate(row):
            least = min(above[column + 1], here[column]) + _ALONE
            if value is not None:
                least = min(least, above[column] + value)
            here.append(least)
        best.append(here)
    x, y = len(cost), width
    while x and y:
        value = cost[x - 1][y - 1]
        if value is not None and best[x][y] == best[x - 1][y - 1] + value:
            x, y = x - 1, y - 1
            yield x, y
        elif best[x][y] == best[x - 1][y] + _ALONE:
            x -= 1
        else:
            y -= 1


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

"""The cheapest pairing, held against every pairing there is."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.reconciliation.assignment import align, assign

COST = st.one_of(st.none(), st.integers(0, 20))


@settings(max_examples=400)
@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_no_other_pairing_has_more_pairs_or_costs_less(height, width, data):
    cost = [[data.draw(COST) for _ in range(width)] for _ in range(height)]
    found = list(assign(cost))
    assert len({x for x, _ in found}) == len({y for _, y in found}) == len(found)
    best = (0, 0)
    turned = height > width
    rows = [list(row) for row in zip(*cost, strict=True)] if turned else cost
    for order in permutations(range(max(height, width)), len(rows)):
        values = [rows[x][y] for x, y in enumerate(order) if rows[x][y] is not None]
        best = max(best, (len(values), -sum(values)))
    assert (len(found), -sum(cost[x][y] for x, y in found)) == best


def test_nothing_to_pair_is_no_pair():
    assert list(assign([])) == []
    assert list(assign([[]])) == []


@settings(max_examples=300)
@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_in_order_no_other_pairing_has_more_pairs_or_costs_less(height, width, data):
    cost = [[data.draw(COST) for _ in range(width)] for _ in range(height)]
    found = list(align(cost))
    assert found == sorted(found, reverse=True)
    assert len({x for x, _ in found}) == len({y for _, y in found}) == len(found)

    def best(x, y):
        if x == height or y == width:
            return 0, 0
        ways = [best(x + 1, y), best(x, y + 1)]
        if cost[x][y] is not None:
            count, value = best(x + 1, y + 1)
            ways.append((count + 1, value - cost[x][y]))
        return max(ways)

    assert (len(found), -sum(cost[x][y] for x, y in found)) == best(0, 0)

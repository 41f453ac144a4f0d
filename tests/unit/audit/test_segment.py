"""The fast walk over a stretch of the trail stops in front of what does not fit."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.segment import BATCH, walk

GENESIS = b"0" * 64
ALPHABET = st.characters(exclude_characters="\x1f", exclude_categories=("Cs",))


def chain(reasons):
    """(hashed text, hash) of a trail with these reasons."""
    rows, previous = [], GENESIS
    for number, reason in enumerate(reasons, 1):
        text = b"\x1f".join([str(number).encode(), reason.encode(), previous])
        previous = hashlib.sha256(text).hexdigest().encode()
        rows.append((text, previous))
    return rows


def walked(rows, seq=0, previous=GENESIS, step=None):
    source = iter(rows)

    def fetch(size):
        return [row for _, row in zip(range(size), source, strict=False)]

    return walk(fetch, seq, previous, step)


@given(st.lists(st.text(ALPHABET, max_size=5), max_size=30))
def test_a_whole_chain_is_walked_to_its_end(reasons):  # C4.5
    rows = chain(reasons)
    assert walked(rows) == (len(rows), rows[-1][1] if rows else GENESIS)


@pytest.mark.parametrize("length", [BATCH - 1, BATCH, BATCH + 1, 3 * BATCH])
def test_batches_join_without_a_seam(length):  # C4.5
    rows = chain(["x"] * length)
    assert walked(rows)[0] == length


@given(st.data())
def test_any_changed_byte_is_stopped_at(data):  # C4.5
    rows = chain(["a", "b", "c", "d"])
    which = data.draw(st.integers(0, 3))
    part = data.draw(st.integers(0, 1))
    value = bytearray(rows[which][part])
    place = data.draw(st.integers(0, len(value) - 1))
    value[place] ^= data.draw(st.integers(1, 255))
    row = list(rows[which])
    row[part] = bytes(value)
    rows[which] = tuple(row)
    assert walked(rows) == (0, GENESIS)


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_removed_row_is_stopped_at(gone):  # C4.5
    rows = chain(["a", "b", "c", "d"])
    del rows[gone]
    assert walked(rows) == (0, GENESIS)


def test_a_row_without_text_or_hash_is_stopped_at():  # C4.5
    text, kept = chain(["a"])[0]
    assert walked([(None, kept)]) == (0, GENESIS)
    assert walked([(text, None)]) == (0, GENESIS)


def test_only_the_batch_with_the_fault_is_left_out():
    rows = chain(["x"] * (2 * BATCH + 5))
    rows[-1] = (rows[-1][0] + b" ", rows[-1][1])
    assert walked(rows) == (2 * BATCH, rows[2 * BATCH - 1][1])


def test_a_stretch_goes_on_from_where_another_ended():
    rows = chain(["a", "b", "c", "d"])
    assert walked(rows[2:], 2, rows[1][1]) == (4, rows[3][1])
    assert walked(rows[2:], 2, rows[0][1]) == (2, rows[0][1])


def test_progress_rises():
    told = []
    walked(chain(["x"] * (2 * BATCH)), step=told.append)
    assert all(a < b for a, b in pairwise(told))
    assert told[-1] == 2 * BATCH

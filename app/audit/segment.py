"""A stretch of the trail, hashed as fast as it can be read; standard library only.

It also runs as a script, so that a second process can take half of a long trail.
"""

import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

# Few enough that the rows of a batch stay in the processor's cache.
BATCH: Final = 250
_HASH: Final = 64
_SEPARATOR: Final = b"\x1f"

Row = tuple[bytes | None, bytes | None]
Fetch = Callable[[int], Sequence[Row]]


def walk(
    fetch: Fetch, seq: int, previous: bytes, step: Callable[[int], None] | None = None
) -> tuple[int, bytes]:
    """Number and hash of the last entry of the last batch that fits whole.

    fetch: gives the next rows as (hashed text, hash), both as bytes, in the order of their
    numbers. seq, previous: the entry before the first row. step: hears how far it came.
    """
    while rows := fetch(BATCH):
        texts, hashes = zip(*rows, strict=True)
        if not _fits(texts, hashes, seq, previous):
            break
        seq, previous = seq + len(rows), hashes[-1]
        if step is not None:
            step(seq)
    return seq, previous


def _fits(
    texts: Sequence[bytes | None], hashes: Sequence[bytes | None], seq: int, previous: bytes
) -> bool:
    whole = [text for text in texts if text is not None]
    kept = b"".join([each for each in hashes if each is not None])
    if len(whole) < len(texts) or len(kept) != _HASH * len(hashes):
        return False
    # Numbers only rise here: the last one being as expected leaves no room for a gap.
    if whole[-1].partition(_SEPARATOR)[0] != str(seq + len(texts)).encode():
        return False
    sha256 = hashlib.sha256
    if b"".join([sha256(text).digest() for text in whole]).hex().encode() != kept:
        return False
    # The hashed text ends in the hash before it.
    return b"".join([text[-_HASH:] for text in whole]) == previous + kept[:-_HASH]


def walk_file(path: str, sql: str, seq: int, previous: str) -> tuple[int, str]:
    """The same over the rows that the query gives in an SQLite file."""
    with closing(sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True)) as connection:
        last, found = walk(connection.execute(sql).fetchmany, seq, previous.encode())
    return last, found.decode()


def main() -> None:
    """Read one task from stdin and write its answer to stdout, both JSON."""
    json.dump(walk_file(**json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()

"""Looks through an old workbook's container before anything follows its chains of sectors.

A damaged chain that leads back into itself makes a reader collect sectors until memory is gone.
"""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from app.tabular.errors import UnreadableTable

_LAST: Final = 0xFFFFFFFA  # this and above are marks, not sectors


def check_compound(path: Path) -> None:
    """Pass a container whose chains all end. Raises UnreadableTable."""
    import olefile
    from olefile.olefile import OleFileError

    try:
        with olefile.OleFileIO(str(path)) as ole:
            for chain, start in _starts(ole):
                if not _ends(chain, start):
                    raise UnreadableTable(path, "工作簿内部的数据链已损坏。")
    except (OleFileError, OSError, ValueError, IndexError, struct.error) as error:
        raise UnreadableTable(path, "工作簿已损坏或没有下载完整。") from error


def _starts(ole: Any) -> Iterator[tuple[Any, int]]:
    """Where each chain begins, with the table that it runs through."""
    fat = ole.fat
    yield fat, ole.first_dir_sector
    yield fat, ole.first_mini_fat_sector
    yield fat, ole.root.isectStart
    minifat = ole.minifat if ole.minifat is not None else ()
    for entry in _entries(ole.direntries):
        small = entry.size < ole.minisectorcutoff
        yield (minifat if small else fat), entry.isectStart


def _entries(entries: Iterable[Any]) -> Iterator[Any]:
    import olefile

    return (one for one in entries if one is not None and one.entry_type == olefile.STGTY_STREAM)


def _ends(table: Any, start: int) -> bool:
    sector, left = start, len(table)
    while sector < _LAST:
        if left == 0 or sector >= len(table):
            return False
        left -= 1
        sector = table[sector]
    return True

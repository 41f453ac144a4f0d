"""Files that are either wholly new or wholly as before."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.documents.errors import ExportFailed


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A file to write to; it takes the target's place only when the block ends well.

    Raises ExportFailed when the disk or the folder refuses; whatever else the block raises
    passes through. Either way the old file stays as it was.
    """
    try:
        with _beside(target) as (scratch, file):
            yield file
            file.flush()
            os.fsync(file.fileno())
            file.close()
            os.replace(scratch, target)  # noqa: PTH105 - tests stand in for the operating system
    except OSError as error:
        raise ExportFailed(f"无法写入“{target.name}”：{error.strerror or error}。") from error


def save(target: Path, data: bytes) -> None:
    """Put the data into the target, or leave the old file. Raises ExportFailed."""
    with replacing(target) as file:
        file.write(data)


@contextmanager
def _beside(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    # In the target's own folder, since a file can't be renamed across disks.
    number, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    scratch = Path(name)
    try:
        with os.fdopen(number, "w+b") as file:
            yield scratch, file
    finally:
        scratch.unlink(missing_ok=True)

"""Files kept in the database: in the transaction of their act, and in every backup."""

import hashlib
from typing import Final

from sqlalchemy import select

from app.core.errors import BadInput, NotFound
from app.storage.model import StoredFile
from app.storage.work import ReadWork, UnitOfWork

LARGEST: Final = 20 * 1024 * 1024


def keep(uow: UnitOfWork, data: bytes) -> str:
    """Keep a file; returns its SHA-256 as hex, under which it is found. The same file is kept once.

    Raises BadInput for an empty file and for one over 20 MB.
    """
    if not data:
        raise BadInput("文件是空的。", "请重新选择文件。")
    if len(data) > LARGEST:
        raise BadInput(f"文件超过 {LARGEST // 1024 // 1024} MB。", "请压缩或分成几个文件。")
    name = hashlib.sha256(data).hexdigest()
    known = select(StoredFile.hash).where(StoredFile.hash == name)
    if uow.session.scalar(known) is None:
        uow.session.add(StoredFile(hash=name, size=len(data), data=data, kept_at=uow.now))
        uow.session.flush()
    return name


def kept(work: ReadWork, name: str) -> bytes:
    """The bytes kept under that hash. Raises NotFound, also where they are not what was kept."""
    row = work.session.get(StoredFile, name)
    if row is None or hashlib.sha256(row.data).hexdigest() != name:
        raise NotFound("文件已损坏或不存在。", "请从备份恢复，或联系技术支持。")
    return row.data

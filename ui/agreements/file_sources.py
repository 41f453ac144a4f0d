"""Where a file to be kept comes from: the disk, or a picture that was copied or captured."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter

from app.agreements.attaching import paper_from
from app.agreements.confirming import Scan
from app.agreements.errors import BadPaper
from app.core.clock import local_text


@dataclass(frozen=True, slots=True)
class FromFile:
    """A file on the disk, read when it is kept."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    def read(self) -> Scan:
        return paper_from(self.path)


@dataclass(frozen=True, slots=True)
class FromClipboard:
    """A picture that was copied or captured, written as PNG when it is kept."""

    name: str
    image: QImage

    def read(self) -> Scan:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QImageWriter(buffer, QByteArray(b"png"))
        if not writer.write(self.image):
            raise BadPaper(f"截图无法保存：{writer.errorString()}。", "请重新截图后再粘贴。")
        return Scan(self.name, bytes(buffer.data().data()))


Source = FromFile | FromClipboard


def picture_name(prefix: str, now: datetime, zone: ZoneInfo) -> str:
    """What a picture of this moment is called: "截图 20260302 1000.png"."""
    return f"{prefix} {local_text(now, zone).replace(':', '').replace('-', '')}.png"


def copied(name: str) -> list[Source]:
    """The files, or the picture under that name, that were copied; empty where there is neither."""
    # Without anything copied some platforms give none at all.
    held = QGuiApplication.clipboard().mimeData() or QMimeData()
    files = [url.toLocalFile() for url in held.urls() if url.isLocalFile()]
    if files:
        return [FromFile(Path(one)) for one in files]
    image = QGuiApplication.clipboard().image()
    return [] if image.isNull() else [FromClipboard(name, image)]


def read(source: Source) -> Scan:
    """The bytes of one. Raises BadPaper."""
    return source.read()

"""Where a file to be kept comes from: the disk, or a picture that was copied or captured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QMimeData
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter

from app.agreements.attaching import paper_from
from app.agreements.confirming import Scan
from app.agreements.errors import BadPaper
from app.core.clock import local_text
from ui.widgets.file_asking import local_files

_LISTED: Final = 8


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
    files = local_files(held)
    if files:
        return [FromFile(Path(one)) for one in files]
    image = QGuiApplication.clipboard().image()
    return [] if image.isNull() else [FromClipboard(name, image)]


def named(sources: Sequence[Source]) -> str:
    """Their names under each other; of many the first ones, with their count."""
    names = [one.name for one in sources[:_LISTED]]
    if len(sources) > _LISTED:
        text = QCoreApplication.translate("file_sources", "等 %1 个文件")
        names.append(text.replace("%1", str(len(sources))))
    return "\n".join(names)


def readers(sources: Sequence[Source]) -> list[tuple[str, Callable[[], Scan]]]:
    """The name of each, and what reads it when it is kept."""
    return [(one.name, one.read) for one in sources]

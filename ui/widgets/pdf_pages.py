"""Pages of a PDF as pictures, and on paper."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QIODevice, QRect, QSaveFile, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.core.errors import Refused
from ui.tasks import Progress

PRINT_DPI = 300
_KEPT = 8
# The library that renders may be used by one thread at a time.
_one_at_a_time = threading.Lock()


class Picture(Protocol):
    """A rendered page: RGBA, four bytes a pixel, no padding."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def rgba(self) -> bytes: ...


class Renderer(Protocol):
    """What app.documents.preview offers; pages count from 0."""

    def page_count(self, data: bytes) -> int: ...

    def render_page(self, data: bytes, page: int, dpi: int) -> Picture: ...


class CannotSave(Refused):
    code = "DOC-014"
    remedy = "请检查文件夹是否可写、磁盘是否已满，或换一个位置保存。"


class CannotPrint(Refused):
    code = "DOC-015"
    remedy = "请检查打印机是否已连接；也可以另存为 PDF 后打印。"


class Pages:
    """One document whose rendered pages are kept for a while."""

    def __init__(self, data: bytes, renderer: Renderer) -> None:
        self.data = data
        self._renderer = renderer
        self._kept: OrderedDict[tuple[int, int], QImage] = OrderedDict()

    def count(self) -> int:
        with _one_at_a_time:
            return self._renderer.page_count(self.data)

    def image(self, page: int, dpi: int) -> QImage:
        """The page (from 0) at that resolution. May be called on any thread."""
        with _one_at_a_time:
            kept = self._kept.get((page, dpi))
            if kept is not None:
                return kept
            picture = self._renderer.render_page(self.data, page, dpi)
            image = QImage(
                picture.rgba,
                picture.width,
                picture.height,
                picture.width * 4,
                QImage.Format.Format_RGBA8888,
            ).copy()  # the copy owns its bytes
            self._kept[(page, dpi)] = image
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return image


def load_renderer() -> Renderer:
    """The renderer of this product, loaded when the first document is shown."""
    from app.documents import preview

    return preview


def printer_is_there() -> bool:
    return bool(QPrinterInfo.availablePrinterNames())


def print_pages(pages: Pages, chosen: Sequence[int], printer: QPrinter, progress: Progress) -> int:
    """Paint these pages (from 0) on the printer, each on a sheet; returns how many.

    Raises CannotPrint when the printer takes no page.
    """
    painter = QPainter()
    if not painter.begin(printer):
        raise CannotPrint("打印机没有响应，未能打印。")
    try:
        for done, page in enumerate(chosen):
            progress(done, len(chosen))
            if done and not printer.newPage():
                raise CannotPrint(f"打印到第 {done} 页时打印机停止响应。")
            sheet = printer.pageLayout().fullRectPixels(printer.resolution())
            image = pages.image(page, PRINT_DPI)
            size = image.size().scaled(sheet.size(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(QRect(sheet.topLeft(), size), image)
    finally:
        painter.end()
    return len(chosen)


def save(data: bytes, path: str) -> None:
    """Write the document whole or not at all. Raises CannotSave."""
    file = QSaveFile(path)
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise CannotSave(f"无法写入“{path}”：{file.errorString()}")
    if file.write(data) != len(data) or not file.commit():
        raise CannotSave(f"无法写入“{path}”：{file.errorString()}")

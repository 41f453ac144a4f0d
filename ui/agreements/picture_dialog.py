"""A picture, looked at: as large as the window, or as large as it is."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.core.errors import Refused
from ui import messages
from ui.context import Context
from ui.tasks import Progress
from ui.widgets.banner import Banner

# Scaling a picture of this size to the window takes no time that anybody notices.
_EDGE: Final = 2_000


class NoPicture(Refused):
    code = "DOC-013"
    remedy = "可以另存为后用其他程序打开；打不开的，请撤回并重新添加。"


class PictureDialog(QDialog):
    """Reads the picture off the window's thread and shows it."""

    def __init__(
        self,
        context: Context,
        title: str,
        read: Callable[[], bytes],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("picture")
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = title
        self._image, self._small = QImage(), QImage()
        self.banner = Banner("picture.banner", self)
        self.fit = QCheckBox(self.tr("适合窗口(&F)"), self)
        self.fit.setObjectName("picture.fit")
        self.fit.setChecked(True)
        self.fit.toggled.connect(self._draw)
        self.picture = QLabel(self)
        self.picture.setObjectName("picture.image")
        self.picture.setAccessibleName(title)
        self.picture.setProperty("kind", "desk")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self.picture)
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addWidget(self.fit)
        column.addWidget(self._scroll, 1)
        line = self.fontMetrics().height()
        self.resize(line * 52, line * 40)

        def work(_: Progress) -> tuple[QImage, QImage]:
            image = QImage.fromData(read())
            if image.isNull():
                raise NoPicture(f"“{title}”无法显示，文件可能已损坏。")
            image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
            return image, _scaled(image, QSize(_EDGE, _EDGE))

        context.read(work, self._show, messages.presenter(self, self.banner), title)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def _show(self, found: tuple[QImage, QImage]) -> None:
        self._image, self._small = found
        image = self._image
        size = f"{image.width()} × {image.height()}"
        self.setWindowTitle(f"{self._title}（{size}）")
        self._draw()

    def _draw(self) -> None:
        if self._image.isNull():
            return
        ratio = self.devicePixelRatioF()
        image = self._image
        if self.fit.isChecked():
            image = _scaled(self._small, self._scroll.viewport().size() * ratio)
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(ratio)
        self.picture.setPixmap(picture)


def _scaled(image: QImage, room: QSize) -> QImage:
    """The picture made to fit, never larger than it is."""
    if image.width() <= room.width() and image.height() <= room.height():
        return image
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(room, keep, smooth)

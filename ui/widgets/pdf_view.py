"""A document on the screen: turn pages, zoom, print, save."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui import messages
from ui.tasks import Progress, Tasks
from ui.widgets.banner import Banner, Severity
from ui.widgets.icons import icon
from ui.widgets.pdf_pages import (
    Pages,
    Renderer,
    load_renderer,
    print_pages,
    printer_is_there,
    save,
)

_ZOOMS = (50, 75, 100, 125, 150, 200, 300)


class PdfView(QWidget):
    """Shows one page at a time, so that a file of a thousand letters opens as fast as one."""

    printed = Signal(int)
    saved = Signal(str)

    def __init__(
        self,
        tasks: Tasks,
        name: str = "pdf_view",
        parent: QWidget | None = None,
        renderer: Callable[[], Renderer] = load_renderer,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("文件预览"))
        self._tasks = tasks
        self._renderer = renderer
        self._pages: Pages | None = None
        self._title = ""
        self._page = 0
        self._count = 0
        self.banner = Banner(f"{name}_banner", self)
        self._failed = messages.presenter(self, self.banner)
        self._make_controls()
        self._picture = QLabel(self)
        self._picture.setObjectName(f"{name}_page")
        self._picture.setProperty("kind", "desk")
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName(f"{name}_scroll")
        self._scroll.setAccessibleName(self.tr("页面"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._picture)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.fontMetrics().height() // 3)
        column.addLayout(self._bar)
        column.addWidget(self.banner)
        column.addWidget(self._scroll, 1)
        self._refresh()

    def open(self, data: bytes, title: str) -> None:
        """Show the document from its first page; title is the name offered for saving."""
        self._title = title
        self._page = self._count = 0
        self.banner.clear()
        dpi = self._dpi()

        def work(_: Progress) -> tuple[Pages, int, QImage]:
            pages = Pages(data, self._renderer())
            return pages, pages.count(), pages.image(0, dpi)

        self._tasks.start_latest(
            (id(self), "page"), work, self._opened, self._failed, label=title, owner=self
        )

    def page_number(self) -> int:
        """The page that is shown, from 1; 0 while there is none."""
        return self._page + 1 if self._count else 0

    def page_count(self) -> int:
        return self._count

    def go_to(self, number: int) -> None:
        """Turn to that page, from 1; beyond the ends it stops at the end."""
        if self._count:
            self._page = max(0, min(number - 1, self._count - 1))
            self._refresh()
            self._render()

    def set_zoom(self, percent: int) -> None:
        """Show at that share of the real size. Raises ValueError when it is not offered."""
        self._zoom.setCurrentIndex(_ZOOMS.index(percent))

    def print_dialog(self) -> QPrintDialog | None:
        """Ask for printer and pages; without any printer, offer to save instead."""
        if self._pages is None:
            return None
        if not printer_is_there():
            self.banner.show_message(
                Severity.WARN,
                self.tr("没有找到打印机。"),
                self.tr("可以另存为 PDF，再到有打印机的电脑上打印。"),
                action=self.tr("另存为 PDF"),
                on_action=self._ask_where,
            )
            return None
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setFullPage(True)
        printer.setDocName(self._title)
        dialog = QPrintDialog(printer, self)
        dialog.setObjectName(f"{self.objectName()}_print_dialog")
        dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
        dialog.setMinMax(1, self._count)
        dialog.setFromTo(1, self._count)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(printer))
        QDialog.open(dialog)  # QPrintDialog's own open wants a receiver
        return dialog

    def print_on(self, printer: QPrinter) -> None:
        """Print the pages that the printer's range names, off the GUI thread."""
        pages = self._pages
        if pages is None:
            return
        chosen = self._range(printer)
        self._tasks.start(
            lambda progress: print_pages(pages, chosen, printer, progress),
            self.printed.emit,
            self._failed,
            label=self.tr("打印"),
            owner=self,
        )

    def save_to(self, path: str) -> None:
        """Write the document there, off the GUI thread."""
        pages = self._pages
        if pages is None:
            return
        self._tasks.start(
            lambda _: save(pages.data, path),
            lambda _: self._written(path),
            self._failed,
            label=self.tr("另存为 PDF"),
            owner=self,
        )

    def _range(self, printer: QPrinter) -> Sequence[int]:
        if printer.printRange() is QPrinter.PrintRange.PageRange and printer.fromPage():
            return range(printer.fromPage() - 1, min(printer.toPage(), self._count))
        if printer.printRange() is QPrinter.PrintRange.CurrentPage:
            return [self._page]
        return range(self._count)

    def _written(self, path: str) -> None:
        self.banner.show_message(Severity.OK, self.tr("已保存到 %1").replace("%1", path))
        self.saved.emit(path)

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, self.tr("另存为 PDF"))
        dialog.setObjectName(f"{self.objectName()}_save_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(self._title)
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    def _dpi(self) -> int:
        ratio = self.devicePixelRatioF()
        return round(self.logicalDpiX() * ratio * _ZOOMS[self._zoom.currentIndex()] / 100)

    def _opened(self, found: tuple[Pages, int, QImage]) -> None:
        self._pages, self._count, image = found
        self._show(image)
        self._refresh()

    def _render(self) -> None:
        pages, page, dpi = self._pages, self._page, self._dpi()
        if pages is not None:
            self._tasks.start_latest(
                (id(self), "page"), lambda _: pages.image(page, dpi), self._show, self._failed
            )

    def _show(self, image: QImage) -> None:
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self._picture.setPixmap(picture)
        self._picture.setAccessibleName(self._number.text())
        self._scroll.verticalScrollBar().setValue(0)

    def _refresh(self) -> None:
        text = self.tr("第 %1 / %2 页").replace("%1", str(self.page_number()))
        self._number.setText(text.replace("%2", str(self._count)))
        self._back.setEnabled(self._page > 0)
        self._on.setEnabled(self._page < self._count - 1)
        for control in (self._zoom, self._print, self._save):
            control.setEnabled(bool(self._count))

    def _make_controls(self) -> None:
        keys = QKeySequence.StandardKey
        self._back = self._button("back", self.tr("上一页"), "arrow-left-s-line", "PgUp")
        self._back.clicked.connect(lambda: self.go_to(self._page))
        self._on = self._button("next", self.tr("下一页"), "arrow-right-s-line", "PgDown")
        self._on.clicked.connect(lambda: self.go_to(self._page + 2))
        self._print = self._button("print", self.tr("打印"), "printer-line", keys.Print)
        self._print.clicked.connect(self.print_dialog)
        self._save = self._button("save", self.tr("另存为 PDF"), "save-line", keys.Save)
        self._save.clicked.connect(self._ask_where)
        for button in (self._print, self._save):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._number = QLabel(self)
        self._number.setObjectName(f"{self.objectName()}_number")
        self._zoom = QComboBox(self)
        self._zoom.setObjectName(f"{self.objectName()}_zoom")
        self._zoom.setAccessibleName(self.tr("缩放"))
        self._zoom.addItems([f"{zoom} %" for zoom in _ZOOMS])
        self._zoom.setCurrentIndex(_ZOOMS.index(100))
        self._zoom.currentIndexChanged.connect(self._render)
        self._bar = QHBoxLayout()
        for control in (self._back, self._number, self._on, self._zoom):
            self._bar.addWidget(control)
        self._bar.addStretch(1)
        self._bar.addWidget(self._print)
        self._bar.addWidget(self._save)

    def _button(
        self, part: str, text: str, picture: str, key: str | QKeySequence.StandardKey
    ) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"{self.objectName()}_{part}")
        button.setText(text)
        button.setAccessibleName(text)
        button.setIcon(icon(picture))
        # Only inside this view: elsewhere in the window the same keys turn pages of lists.
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        shortcut = QShortcut(QKeySequence(key), self, context=inside)
        shortcut.activated.connect(button.click)
        button.setToolTip(f"{text}（{shortcut.key().toString()}）")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

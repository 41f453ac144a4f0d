import threading
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.core.errors import Refused
from ui.tasks import Tasks
from ui.widgets import pdf_view
from ui.widgets.pdf_pages import CannotSave, Pages, save
from ui.widgets.pdf_view import PdfView

DATA = b"%PDF-1.4 three pages"


@dataclass
class Drawn:
    """Three pages of one inch by two, each of one colour."""

    asked: list[tuple[int, int]] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def page_count(self, data: bytes) -> int:
        if data != DATA:
            raise Refused("这个文件不是有效的 PDF。")
        return 3

    def render_page(self, data: bytes, page: int, dpi: int) -> SimpleNamespace:
        assert data == DATA
        self.asked.append((page, dpi))
        self.threads.add(threading.get_ident())
        rgba = bytes([page, 0, 0, 255]) * (dpi * dpi * 2)
        return SimpleNamespace(width=dpi, height=dpi * 2, rgba=rgba)


@pytest.fixture
def drawn() -> Drawn:
    return Drawn()


@pytest.fixture
def view(qtbot: QtBot, tasks: Tasks, drawn: Drawn) -> PdfView:
    made = PdfView(tasks, renderer=lambda: drawn)
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def settle(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.running() == ())


def text(view: PdfView, name: str) -> str:
    label = view.findChild(QLabel, f"pdf_view_{name}")
    assert label is not None
    return label.text()


def test_only_the_page_that_is_looked_at_is_rendered_and_off_the_gui_thread(
    qtbot: QtBot, tasks: Tasks, view: PdfView, drawn: Drawn
):
    view.open(DATA, "通知书.pdf")
    settle(qtbot, tasks)
    assert [page for page, _ in drawn.asked] == [0]
    assert threading.get_ident() not in drawn.threads
    assert text(view, "number") == "第 1 / 3 页"


def test_pages_turn_and_stop_at_the_ends(qtbot: QtBot, tasks: Tasks, view: PdfView, drawn: Drawn):
    view.open(DATA, "通知书.pdf")
    settle(qtbot, tasks)
    forward = view.findChild(QToolButton, "pdf_view_next")
    assert forward is not None
    for _ in range(2):
        qtbot.mouseClick(forward, Qt.MouseButton.LeftButton)
        settle(qtbot, tasks)
    assert view.page_number() == 3
    assert not forward.isEnabled()
    view.go_to(99)
    assert view.page_number() == 3
    view.go_to(-1)
    assert view.page_number() == 1
    settle(qtbot, tasks)
    # The first page had been kept.
    assert [page for page, _ in drawn.asked] == [0, 1, 2]


def test_zoom_renders_at_a_finer_resolution(
    qtbot: QtBot, tasks: Tasks, view: PdfView, drawn: Drawn
):
    view.open(DATA, "通知书.pdf")
    settle(qtbot, tasks)
    view.set_zoom(200)
    settle(qtbot, tasks)
    (_, at_100), (_, at_200) = drawn.asked
    assert at_200 == 2 * at_100


def test_a_file_that_cannot_be_shown_says_why(qtbot: QtBot, tasks: Tasks, view: PdfView):
    view.open(b"nonsense", "x.pdf")
    settle(qtbot, tasks)
    assert "不是有效的 PDF" in view.banner.text()
    assert view.page_number() == 0


def test_without_a_printer_saving_is_offered(
    qtbot: QtBot, tasks: Tasks, view: PdfView, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pdf_view, "printer_is_there", lambda: False)
    view.open(DATA, "通知书.pdf")
    settle(qtbot, tasks)
    assert view.print_dialog() is None
    assert "没有找到打印机" in view.banner.text()
    action = view.findChild(QPushButton, "pdf_view_banner_action")
    assert action is not None
    assert action.text() == "另存为 PDF"


def test_the_pages_of_the_range_are_printed_and_no_others(
    qtbot: QtBot, tasks: Tasks, view: PdfView, drawn: Drawn, tmp_path: Path
):
    view.open(DATA, "通知书.pdf")
    settle(qtbot, tasks)
    drawn.asked.clear()
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)
    with qtbot.waitSignal(view.printed) as printed:
        view.print_on(printer)
    assert printed.args == [2]
    assert drawn.asked == [(1, 300), (2, 300)]
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")


def test_a_saved_file_is_the_document_itself(
    qtbot: QtBot, tasks: Tasks, view: PdfView, tmp_path: Path
):
    view.open(DATA, "通知书.pdf")
    settle(qtbot, tasks)
    target = tmp_path / "通知书.pdf"
    with qtbot.waitSignal(view.saved):
        view.save_to(str(target))
    assert target.read_bytes() == DATA
    assert str(target) in view.banner.text()


def test_a_place_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path: Path):
    with pytest.raises(CannotSave):
        save(DATA, str(tmp_path / "no folder" / "x.pdf"))
    assert list(tmp_path.iterdir()) == []


def test_a_rendered_page_has_the_colours_it_was_given(qapp: QApplication, drawn: Drawn):
    image = Pages(DATA, drawn).image(2, 10)
    assert (image.width(), image.height()) == (10, 20)
    assert image.pixelColor(9, 19).getRgb() == (2, 0, 0, 255)


def test_a_real_document_reaches_the_screen(qtbot: QtBot, tasks: Tasks):
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for _ in range(2):
        canvas.rect(0, 0, *A4, fill=1)
        canvas.showPage()
    canvas.save()
    view = PdfView(tasks)
    qtbot.addWidget(view)
    view.open(file.getvalue(), "黑.pdf")
    settle(qtbot, tasks)
    assert view.page_count() == 2
    page = view.findChild(QLabel, "pdf_view_page")
    assert page is not None
    image = page.pixmap().toImage()
    # A4 is 210 mm × 297 mm.
    assert image.height() / image.width() == pytest.approx(297 / 210, rel=0.01)
    assert image.pixelColor(image.rect().center()).name() == "#000000"

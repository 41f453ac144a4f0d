"""The first step of the import: which file."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.payments.intake.template import write_template
from ui import messages
from ui.context import Context
from ui.widgets.banner import Banner, Severity
from ui.widgets.file_asking import ask_open, ask_save, local_files
from ui.widgets.icons import IconLabel


class FilePage(QFrame):
    """Takes a file by dialog or by drag and drop; hands out the template."""

    chosen = Signal(str)

    def __init__(self, context: Context, banner: Banner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("payments_import_file")
        self.setProperty("kind", "card")
        self.setAcceptDrops(True)
        self._context = context
        self._banner = banner
        picture = IconLabel("payments_import_file_icon", self, lines=3)
        picture.set_icon("upload-2-line")
        said = QLabel(
            self.tr(
                "把付款清单拖到这里，或选择文件。\n"
                "支持 Excel（.xlsx、.xls）、CSV 和网银导出的表格，栏目名称和顺序不限。"
            ),
            self,
        )
        said.setObjectName("payments_import_file_said")
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        said.setWordWrap(True)
        self.choose = QPushButton(self.tr("选择文件…"), self)
        self.choose.setObjectName("payments_import_choose")
        self.choose.setProperty("kind", "primary")
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self.ask)
        template = QPushButton(self.tr("下载导入模板…"), self)
        template.setObjectName("payments_import_template")
        template.setProperty("kind", "link")
        template.setAutoDefault(False)
        template.clicked.connect(self.ask_template)
        column = QVBoxLayout(self)
        column.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(picture, 0, centre)
        column.addWidget(said)
        column.addWidget(self.choose, 0, centre)
        column.addWidget(template, 0, centre)
        column.addStretch(1)

    def ask(self) -> QFileDialog:
        """Ask for the file."""
        return ask_open(
            self,
            "payments_import_ask",
            self.tr("选择付款清单"),
            [
                self.tr("付款清单 (*.xlsx *.xls *.csv *.txt *.tsv *.htm *.html *.xml)"),
                self.tr("所有文件 (*)"),
            ],
            self.chosen.emit,
        )

    def ask_template(self) -> QFileDialog:
        """Ask where to put the template."""
        return ask_save(
            self,
            "payments_import_template_ask",
            self.tr("保存导入模板"),
            [self.tr("Excel 工作簿 (*.xlsx)")],
            self.write_template,
            proposed=self.tr("付款导入模板"),
            suffix="xlsx",
        )

    def write_template(self, target: str) -> None:
        """Write the template there."""
        path = Path(target)

        def done(_: None) -> None:
            text = self.tr("模板已保存到 %1。填写后再回到这里导入。")
            self._banner.show_message(Severity.OK, text.replace("%1", str(path)))

        self._context.tasks.start(
            lambda _: write_template(path),
            done,
            messages.presenter(self, self._banner),
            owner=self,
        )

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        files = local_files(event.mimeData())
        if files:
            self.chosen.emit(files[0])

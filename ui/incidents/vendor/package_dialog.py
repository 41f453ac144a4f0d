"""诊断包: each text is looked at before anything is written; what is unticked stays at home."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.incidents.vendor.diagnostics import Part, Written, gather, write_diagnostics
from ui import messages
from ui.context import Context
from ui.incidents.looks import tr
from ui.incidents.vendor.looks import part_columns
from ui.payments.running import run_long
from ui.theme import restyle
from ui.widgets.banner import Banner
from ui.widgets.file_asking import ask_save
from ui.widgets.simple_table import SimpleTable

# A text view of more characters is slow; the whole text goes into the package all the same.
_SHOWN = 400_000


class PackageDialog(QDialog):
    """written: the path and the hash of the package."""

    written = Signal(str, str)

    def __init__(self, context: Context, number: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("package")
        self.setWindowTitle(tr("诊断包 %1").replace("%1", number))
        self.setAccessibleName(tr("诊断包"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._context, self._number = context, number
        self.banner = Banner("package.banner", self)
        self._failed = messages.presenter(self, self.banner)
        said = tr(
            "以下内容将写入诊断包，账号、名称、密码、邮箱、电话、信用代码均已隐去。"
            "请逐项查看；不想提供的，取消勾选。"
        )
        self.hint = QLabel(said, self)
        self.hint.setWordWrap(True)
        self.table: SimpleTable[Part] = SimpleTable(
            "package.parts", tr("诊断包内容"), part_columns(), lambda r: r.path, tickable=True
        )
        self.table.current_changed.connect(lambda _: self._show_part())
        self.table.ticks_changed.connect(self._offer)
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("package.text")
        self.text.setAccessibleName(tr("内容预览"))
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.save = QPushButton(tr("写入文件…"), self)
        self.save.setObjectName("package.save")
        restyle(self.save, "kind", "primary")
        self.save.clicked.connect(lambda _=False: self._ask())
        self._lay_out()
        self._offer()

    def begin(self) -> None:
        """Show the dialog and gather what would go in."""
        self.open()
        context, number = self._context, self._number
        run_long(
            context,
            self,
            tr("收集诊断包内容"),
            lambda dialog, progress: gather(
                context.db,
                context.actor,
                number,
                progress=progress,
                cancelled=dialog.cancelled,
            ),
            self.show_parts,
            self._failed,
            changes=False,
        )

    def show_parts(self, parts: tuple[Part, ...]) -> None:
        """Show these, all ticked."""
        self.table.set_rows(parts)
        self.table.rows().tick(parts)
        if parts:
            self.table.setCurrentIndex(self.table.rows().index(0, 0))
            self.table.select_positions([0])
        self._show_part()
        self._offer()

    def save_to(self, path: str) -> None:
        """Write the ticked texts to this file."""
        context, number, parts = self._context, self._number, self._chosen()
        run_long(
            context,
            self,
            tr("写入诊断包"),
            lambda dialog, progress: write_diagnostics(
                context.db,
                context.actor,
                number,
                parts,
                Path(path),
                progress,
                dialog.cancelled,
            ),
            lambda made: self._written(path, made),
            self._failed,
        )

    def _written(self, path: str, made: Written) -> None:
        self.written.emit(path, made.sha256)
        self.accept()

    def _ask(self) -> None:
        ask_save(
            self,
            "package.file",
            tr("写入诊断包"),
            ["ZIP (*.zip)"],
            self.save_to,
            proposed=tr("%1 诊断包").replace("%1", self._number),
            suffix="zip",
        )

    def _chosen(self) -> tuple[Part, ...]:
        ticked = {one.path for one in self.table.ticked()}
        return tuple(one for one in self.table.all_rows() if one.path in ticked)

    def _offer(self) -> None:
        none = "" if self._chosen() else tr("请至少勾选一项。")
        self.save.setEnabled(not none)
        self.save.setToolTip(none)

    def _show_part(self) -> None:
        row = self.table.current_row()
        text = "" if row is None else row.text
        cut = tr("\n…（以下略，写入文件时是完整的）") if len(text) > _SHOWN else ""
        self.text.setPlainText(text[:_SHOWN] + cut)

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.table)
        split.addWidget(self.text)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        buttons = QDialogButtonBox(self)
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("package.no")
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addWidget(self.hint)
        column.addWidget(split, 1)
        column.addWidget(buttons)
        line = self.fontMetrics().height()
        self.resize(line * 64, line * 36)
        split.setSizes([line * 25, line * 38])

"""导入协议: a list is chosen, looked at, and taken in."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.agreements import importing
from app.agreements.fields import BUSINESS_LABELS
from app.agreements.importing import AgreementPreview
from app.agreements.intake import AgreementRow
from app.agreements.rhythm import RHYTHM_LABELS, Rhythm
from app.agreements.template import write_template
from ui import messages
from ui.context import Context
from ui.payments.import_result import problem_table, skipped_table
from ui.payments.looks import money_text
from ui.payments.running import start_act
from ui.theme import Tone, restyle, set_tone
from ui.widgets.banner import Banner, Severity
from ui.widgets.columns import Align, Column
from ui.widgets.file_asking import ask_open, ask_save, local_files
from ui.widgets.simple_table import SimpleTable


class ImportDialog(QDialog):
    """Shows what a list would bring before anything is stored; emits the new numbers."""

    imported = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("agreements_import")
        self.setWindowTitle(self.tr("导入自动扣款协议"))
        self.setAcceptDrops(True)
        self._context = context
        self._preview: AgreementPreview | None = None
        self.banner = Banner("agreements_import_banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.said = QLabel(
            self.tr("选择协议清单，或把文件拖到这里。支持 .xlsx、.xls、.csv，栏目名称和顺序不限。"),
            self,
        )
        self.said.setObjectName("agreements_import_said")
        self.said.setWordWrap(True)
        self._make_buttons()
        self._make_tables()
        self._lay_out()

    def open_file(self, path: str) -> None:
        """Look at that file."""
        db, actor = self._context.db, self._context.actor
        self.banner.clear()
        self._take_preview(None)
        self.said.setText(self.tr("正在读取 %1…").replace("%1", Path(path).name))
        self._context.tasks.start_latest(
            (id(self), "look"),
            lambda _: importing.look(db, actor, Path(path)),
            self._show,
            self._not_read,
            owner=self,
        )

    def ask(self) -> QFileDialog:
        """Ask for the file."""
        return ask_open(
            self,
            "agreements_import_ask",
            self.tr("选择协议清单"),
            [self.tr("协议清单 (*.xlsx *.xls *.csv *.txt)"), self.tr("所有文件 (*)")],
            self.open_file,
        )

    def ask_template(self) -> QFileDialog:
        """Ask where to put the template."""
        return ask_save(
            self,
            "agreements_import_template_ask",
            self.tr("保存导入模板"),
            [self.tr("Excel 工作簿 (*.xlsx)")],
            self.write_template,
            proposed=self.tr("自动扣款协议导入模板"),
            suffix="xlsx",
        )

    def write_template(self, target: str) -> None:
        """Write the template there."""
        path = Path(target)

        def done(_: None) -> None:
            text = self.tr("模板已保存到 %1。填写后再回到这里导入。").replace("%1", str(path))
            self.banner.show_message(Severity.OK, text)

        self._context.tasks.start(lambda _: write_template(path), done, self._failed, owner=self)

    def take_in(self) -> None:
        """Store what is sound."""
        db, actor, seen = self._context.db, self._context.actor, self._preview
        if seen is None:
            return
        self._yes.setEnabled(False)
        start_act(
            self._context,
            self,
            lambda _: importing.take_in(db, actor, seen),
            self._taken,
            self._not_taken,
        )

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        files = local_files(event.mimeData())
        if files:
            self.open_file(files[0])

    def _show(self, preview: AgreementPreview) -> None:
        self._take_preview(preview)
        bad = len({one.row for one in preview.problems})
        text = self.tr("%1：可导入 %2 份协议。").replace("%1", preview.path.name)
        text = text.replace("%2", f"{len(preview.rows):,}")
        if bad:
            text += self.tr("%1 行有问题，不会导入；改正后重新导入即可。").replace("%1", f"{bad:,}")
        if preview.unmapped:
            unread = "、".join(preview.unmapped)
            text += self.tr("未读取的栏目：%1。").replace("%1", unread)
        self.said.setText(text)
        set_tone(self.said, Tone.WARN if bad or not preview.rows else Tone.OK)

    def _take_preview(self, preview: AgreementPreview | None) -> None:
        self._preview = preview
        rows = () if preview is None else preview.rows
        problems = () if preview is None else preview.problems
        skipped = () if preview is None else preview.skipped
        self.rows.set_rows(rows)
        self.problems.set_rows(list(enumerate(problems)))
        self.skipped.set_rows(skipped)
        bad = len({one.row for one in problems})
        for at, (text, count) in enumerate(
            (
                (self.tr("将导入（%1）"), len(rows)),
                (self.tr("有问题（%1 行）"), bad),
                (self.tr("跳过（%1 行）"), len(skipped)),
            )
        ):
            self.tabs.setTabText(at, text.replace("%1", f"{count:,}"))
        self.tabs.setCurrentIndex(1 if problems else 2 if skipped and not rows else 0)
        self._yes.setEnabled(bool(rows))
        self._yes.setToolTip("" if rows else self.tr("没有可以导入的协议"))
        restyle(self._choose, "kind", "" if rows else "primary")
        restyle(self._yes, "kind", "primary" if rows else "")

    def _not_read(self, error: BaseException) -> None:
        self.said.setText(self.tr("文件没有读入，请按提示处理后重新选择。"))
        set_tone(self.said, Tone.WARN)
        self._failed(error)

    def _taken(self, numbers: list[str]) -> None:
        self.imported.emit(numbers)
        self.accept()

    def _not_taken(self, error: BaseException) -> None:
        self._yes.setEnabled(True)
        self._failed(error)

    def _make_buttons(self) -> None:
        self._choose = QPushButton(self.tr("选择文件…"), self)
        self._choose.setObjectName("agreements_import_choose")
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self.ask)
        self._template = QPushButton(self.tr("下载导入模板…"), self)
        self._template.setObjectName("agreements_import_template")
        self._template.setAutoDefault(False)
        self._template.clicked.connect(self.ask_template)
        self._buttons = QDialogButtonBox(self)
        self._yes = QPushButton(self.tr("导入(&I)"), self)
        self._yes.setObjectName("agreements_import_yes")
        self._buttons.addButton(self._yes, QDialogButtonBox.ButtonRole.AcceptRole)
        no = self._buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        no.setObjectName("agreements_import_no")
        self._buttons.accepted.connect(self.take_in)
        self._buttons.rejected.connect(self.reject)
        for button in (self._choose, self._template, self._yes):
            button.setAccessibleName(button.text().split("(", maxsplit=1)[0])

    def _make_tables(self) -> None:
        self.rows: SimpleTable[AgreementRow] = SimpleTable(
            "agreements_import_rows",
            self.tr("将导入的协议"),
            (
                Column("row", self.tr("行"), lambda r: str(r.row), align=Align.RIGHT, chars=4),
                Column("payee", self.tr("收款单位"), lambda r: r.fields.payee_name, chars=26),
                Column(
                    "business",
                    self.tr("业务种类"),
                    lambda r: BUSINESS_LABELS[r.fields.business],
                    chars=10,
                ),
                Column("bank_no", self.tr("银行协议号"), lambda r: r.fields.bank_no, chars=18),
                Column("payer", self.tr("付款账号"), lambda r: r.fields.account_number, chars=22),
                Column(
                    "limit",
                    self.tr("单笔上限"),
                    lambda r: money_text(r.fields.single_limit) if r.fields.single_limit else "",
                    align=Align.RIGHT,
                ),
                Column(
                    "rhythm",
                    self.tr("扣款周期"),
                    lambda r: RHYTHM_LABELS[Rhythm(r.fields.rhythm)],
                    chars=8,
                ),
                Column(
                    "first",
                    self.tr("首次扣款日"),
                    lambda r: str(r.fields.first_debit_on or ""),
                    chars=11,
                ),
                Column("starts", self.tr("生效日"), lambda r: str(r.fields.starts_on), chars=11),
                Column("ends", self.tr("失效日"), lambda r: str(r.fields.ends_on or ""), chars=11),
            ),
            lambda r: r.row,
        )
        self.problems = problem_table("agreements_import_problems")
        self.skipped = skipped_table("agreements_import_skipped")
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("agreements_import_tabs")
        self.tabs.setDocumentMode(True)
        for table in (self.rows, self.problems, self.skipped):
            self.tabs.addTab(table, "")

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.addWidget(self._choose)
        bar.addWidget(self._template)
        bar.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addWidget(self.said)
        column.addLayout(bar)
        column.addWidget(self.tabs, 1)
        column.addWidget(self._buttons)
        line = self.fontMetrics().height()
        self.resize(line * 58, line * 32)
        self._take_preview(None)

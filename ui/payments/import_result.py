"""The third step of the import: what comes in, what can't, and what is no payment."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.errors import Problem
from app.payments.importing import Preview
from app.payments.intake import PaymentDraft, Skipped
from app.payments.problem_list import export_problems
from ui import messages
from ui.context import Context
from ui.payments.import_reading import nothing_new
from ui.payments.looks import money_text, sums_text
from ui.theme import Tone, set_tone
from ui.widgets.banner import Banner, Severity
from ui.widgets.columns import Align, Column
from ui.widgets.file_asking import ask_save
from ui.widgets.simple_table import SimpleTable


class ResultPage(QWidget):
    """Counts and sums on top, then the rows in three tabs."""

    def __init__(self, context: Context, banner: Banner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("payments_import_result")
        self._context = context
        self._banner = banner
        self._problems: tuple[Problem, ...] = ()
        self.said = QLabel(self)
        self.said.setObjectName("payments_import_said")
        self.said.setWordWrap(True)
        self.said.setProperty("kind", "title")
        self._make_tables()
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("payments_import_tabs")
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.drafts, "")
        self.tabs.addTab(self._with_buttons(), "")
        self.tabs.addTab(self.skipped, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.said)
        column.addWidget(self.tabs, 1)

    def show_preview(self, preview: Preview) -> None:
        """Show what the file would bring."""
        self._problems = preview.problems
        self.drafts.set_rows(preview.drafts)
        self.problems.set_rows(list(enumerate(preview.problems)))
        self.skipped.set_rows(preview.skipped)
        bad = len({one.row for one in preview.problems})
        for at, (text, count) in enumerate(
            (
                (self.tr("将导入（%1）"), len(preview.drafts)),
                (self.tr("有问题（%1 行）"), bad),
                (self.tr("跳过（%1 行）"), len(preview.skipped)),
            )
        ):
            self.tabs.setTabText(at, text.replace("%1", f"{count:,}"))
        self.tabs.setCurrentIndex(1 if preview.problems else 2 if not preview.drafts else 0)
        self.said.setText(self._summary(preview, bad))
        set_tone(self.said, Tone.WARN if bad or nothing_new(preview) else Tone.OK)
        for button in (self._copy, self._export):
            button.setEnabled(bool(preview.problems))

    def ask_export(self) -> QFileDialog:
        """Ask where to put the list of problems."""
        return ask_save(
            self,
            "payments_import_problems_ask",
            self.tr("导出问题清单"),
            [self.tr("Excel 工作簿 (*.xlsx)"), self.tr("CSV 文件 (*.csv)")],
            self.export,
            proposed=self.tr("导入问题清单"),
            suffix="xlsx",
        )

    def export(self, target: str) -> None:
        """Write the list of problems there."""
        path, problems = Path(target), self._problems

        def done(_: int) -> None:
            text = self.tr("问题清单已保存到 %1。").replace("%1", str(path))
            self._banner.show_message(Severity.OK, text)

        self._context.tasks.start(
            lambda _: export_problems(path, problems),
            done,
            messages.presenter(self, self._banner),
            owner=self,
        )

    def _summary(self, preview: Preview, bad: int) -> str:
        if nothing_new(preview):
            text = self.tr("没有新的付款可以导入。跳过 %1 行（已导入过，或不是付款行）。")
            text = text.replace("%1", f"{len(preview.skipped):,}")
        else:
            text = self.tr("可导入 %1 笔，合计 %2。").replace("%1", f"{len(preview.drafts):,}")
            totals = preview.total
            text = text.replace("%2", sums_text(totals[code] for code in sorted(totals)))
        if bad:
            more = self.tr("%1 行有问题，不会导入；改正后重新导入同一文件即可，已导入的不会重复。")
            text += more.replace("%1", f"{bad:,}")
        return text

    def _make_tables(self) -> None:
        self.drafts: SimpleTable[PaymentDraft] = SimpleTable(
            "payments_import_drafts",
            self.tr("将导入的付款"),
            (
                Column("row", self.tr("行"), lambda r: str(r.row), align=Align.RIGHT, chars=4),
                Column("payee", self.tr("收款户名"), lambda r: r.payee_name, chars=26),
                Column("account", self.tr("收款账号"), lambda r: r.payee_account, chars=22),
                Column(
                    "amount", self.tr("金额"), lambda r: money_text(r.amount), align=Align.RIGHT
                ),
                Column("due", self.tr("付款日"), lambda r: r.due_on.isoformat(), chars=10),
                Column("payer", self.tr("付款账号"), lambda r: r.payer_account, chars=22),
                Column("purpose", self.tr("用途"), lambda r: r.purpose, chars=16),
            ),
            lambda r: r.row,
        )
        self.problems = problem_table("payments_import_problems")
        self.skipped = skipped_table("payments_import_skipped")

    def _with_buttons(self) -> QWidget:
        page = QWidget(self)
        self._copy = QPushButton(self.tr("复制全部问题"), page)
        self._copy.setObjectName("payments_import_copy")
        self._copy.setAutoDefault(False)
        self._copy.clicked.connect(self._copy_all)
        self._export = QPushButton(self.tr("导出问题清单…"), page)
        self._export.setObjectName("payments_import_export")
        self._export.setAutoDefault(False)
        self._export.clicked.connect(self.ask_export)
        row = QHBoxLayout()
        row.addWidget(self._copy)
        row.addWidget(self._export)
        row.addStretch(1)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.problems, 1)
        column.addLayout(row)
        return page

    def _copy_all(self) -> None:
        self.problems.selectAll()
        self.problems.copy_rows()


def problem_table(name: str) -> SimpleTable[tuple[int, Problem]]:
    """What is wrong with rows of a file, numbered from 0: row, field and cure."""
    return SimpleTable(
        name,
        _tr("有问题的行"),
        (
            Column(
                "row",
                _tr("行"),
                lambda r: "" if r[1].row is None else str(r[1].row),
                align=Align.RIGHT,
                sort_value=lambda r: r[1].row or 0,
                chars=5,
            ),
            Column(
                "field",
                _tr("栏目"),
                lambda r: r[1].field,
                sort_value=lambda r: r[1].field,
                chars=12,
            ),
            Column("cure", _tr("问题与处理办法"), lambda r: r[1].message, chars=70),
        ),
        lambda r: r[0],
    )


def skipped_table(name: str) -> SimpleTable[Skipped]:
    """The rows of a file that bring nothing, and why."""
    return SimpleTable(
        name,
        _tr("跳过的行"),
        (
            Column(
                "row",
                _tr("行"),
                lambda r: str(r.row),
                align=Align.RIGHT,
                sort_value=lambda r: r.row,
                chars=5,
            ),
            Column("reason", _tr("原因"), lambda r: r.reason, chars=60),
        ),
        lambda r: r.row,
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("payments", text)

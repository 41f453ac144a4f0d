"""Importing a payment list: file, columns, result, and what comes after."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.accounts.choices import PayingChoices, paying_choices
from app.core.clock import business_date
from app.payments.batches import numbers_of
from app.payments.importing import Imported, Preview, take_in
from ui import messages
from ui.context import Context
from ui.payments.import_file_page import FilePage
from ui.payments.import_mapping import MappingPage
from ui.payments.import_reading import ImportReading, Opened
from ui.payments.import_result import ResultPage
from ui.payments.import_steps import COLUMNS, DONE, FILE, KEYS, RESULT, import_steps
from ui.payments.looks import sums_text
from ui.payments.running import start_act
from ui.theme import restyle
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.steps import Steps


class ImportWizard(QDialog):
    """Nothing is stored before the button of the third step is pressed."""

    diagnose_wanted = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("payments_import")
        self.setWindowTitle(self.tr("导入付款清单"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._imported: Imported | None = None
        self._running = False
        self._why = ""
        self.reading = ImportReading(context, self)
        self._banner = Banner("payments_import_banner", self)
        self._failed = messages.presenter(self, self._banner)
        self._make_pages()
        self._make_buttons()
        self._lay_out()
        self._connect()
        db, actor = context.db, context.actor
        context.tasks.start(
            lambda _: paying_choices(db, actor), self._show_choices, self._failed, owner=self
        )
        self._go(FILE)

    def choose(self, file: str) -> None:
        """Read this file."""
        self._banner.clear()
        self.reading.open(Path(file))

    def _make_pages(self) -> None:
        db = self._context.db
        today = business_date(db.clock.now(), db.tz)
        self.files = FilePage(self._context, self._banner, self)
        self.mapping = MappingPage(today, self)
        self.outcome = ResultPage(self._context, self._banner, self)
        self.done_page = EmptyState("payments_import_done", self)
        self._pages = QStackedWidget(self)
        for page in (self.files, self.mapping, self.outcome, self.done_page):
            self._pages.addWidget(page)
        self._steps = Steps("payments_import_steps", self)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("payments_import_bar")
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.hide()
        self._outlook = QLabel(self)
        self._outlook.setObjectName("payments_import_outlook")
        self._outlook.setWordWrap(True)

    def _make_buttons(self) -> None:
        self._back = self._button("back", self.tr("上一步"))
        self._back.clicked.connect(lambda: self._go(self._pages.currentIndex() - 1))
        self._next = self._button("next", self.tr("下一步"))
        self._next.clicked.connect(self._forward)
        self._next.setDefault(True)
        self._none = self._button("none", self.tr("全部不导入"))
        self._none.clicked.connect(self.reject)
        self._show = self._button("show", self.tr("查看新付款"))
        self._show.clicked.connect(self._show_new)
        self._diagnose = self._button("diagnose", self.tr("立即诊断"))
        self._diagnose.clicked.connect(self._diagnose_new)

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"payments_import_{name}")
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._outlook, 1)
        buttons.addStretch()
        for button in (self._none, self._back, self._show, self._diagnose, self._next):
            buttons.addWidget(button)
        right = QVBoxLayout()
        right.addWidget(self._banner)
        right.addWidget(self._pages, 1)
        right.addWidget(self._bar)
        right.addLayout(buttons)
        row = QHBoxLayout(self)
        row.addWidget(self._steps)
        row.addLayout(right, 1)
        line = self.fontMetrics().height()
        self.resize(line * 60, line * 36)

    def _connect(self) -> None:
        self.files.chosen.connect(self.choose)
        self.mapping.columns_changed.connect(self.reading.map_columns)
        self.mapping.defaults_changed.connect(self.reading.use_defaults)
        self.mapping.sheet_chosen.connect(self._other_sheet)
        self.reading.opened.connect(self._opened)
        self.reading.previewed.connect(self._previewed)
        self.reading.incomplete.connect(self._incomplete)
        self.reading.failed.connect(self._failed)
        self.reading.busy.connect(self._bar.setVisible)
        self.reading.busy.connect(self._dress)
        self._steps.wanted.connect(lambda key: self._go(KEYS.index(key)))

    def _show_choices(self, choices: PayingChoices) -> None:
        self.mapping.set_accounts(choices.accounts)

    def _other_sheet(self, sheet: str) -> None:
        if self.reading.file is not None:
            self.reading.open(self.reading.file.path, sheet)

    def _opened(self, file: Opened) -> None:
        self.reading.defaults = self.mapping.defaults()
        self.mapping.show_file(file)
        self._go(COLUMNS)

    def _previewed(self, preview: Preview) -> None:
        self._why = ""
        if self.reading.file is not None:
            self.mapping.show_state(self.reading.file)
        self.outcome.show_preview(preview)
        totals = preview.total
        text = self.tr("可导入 %1 笔，合计 %2；有问题 %3 行；跳过 %4 行")
        for mark, value in (
            ("%1", f"{len(preview.drafts):,}"),
            ("%2", sums_text(totals[code] for code in sorted(totals))),
            ("%3", f"{len({one.row for one in preview.problems}):,}"),
            ("%4", f"{len(preview.skipped):,}"),
        ):
            text = text.replace(mark, value)
        self._outlook.setText(text)
        self._dress()

    def _incomplete(self, why: str) -> None:
        self._why = why
        self._outlook.setText(why)
        if self.reading.file is not None:
            self.mapping.show_state(self.reading.file)
        if self._pages.currentIndex() == RESULT:
            self._go(COLUMNS)
        self._dress()

    def _go(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        self._dress()

    def _forward(self) -> None:
        page = self._pages.currentIndex()
        if page == COLUMNS:
            self._go(RESULT)
        elif page == RESULT:
            self._import()
        elif page == DONE:
            self.accept()

    def _import(self) -> None:
        seen, context = self.reading.preview, self._context
        if seen is None or self._running:
            return
        self._running = True
        self._bar.show()
        self._dress()
        start_act(
            context,
            self,
            lambda _: take_in(context.db, context.actor, seen),
            self._taken,
            self._not_taken,
        )

    def _taken(self, imported: Imported) -> None:
        self._running = False
        self._bar.hide()
        self._imported = imported
        self._outlook.clear()
        text = self.tr("已导入 %1 笔：%2 至 %3，状态为“草稿”。")
        for mark, value in (
            ("%1", f"{imported.imported:,}"),
            ("%2", imported.first_number),
            ("%3", imported.last_number),
        ):
            text = text.replace(mark, value)
        if imported.held:
            more = self.tr("其中 %1 笔因生效中的暂停令已停付。")
            text += "\n" + more.replace("%1", f"{imported.held:,}")
        self.done_page.show_state(text, icon_name="checkbox-circle-line")
        self._go(DONE)

    def _not_taken(self, error: BaseException) -> None:
        self._running = False
        self._bar.hide()
        self._dress()
        self._failed(error)

    def _show_new(self) -> None:
        imported = self._imported
        self.accept()
        self._context.navigate.emit("payments", imported)

    def _diagnose_new(self) -> None:
        imported, context = self._imported, self._context
        if imported is None:
            return
        self._diagnose.setEnabled(False)
        context.tasks.start(
            lambda _: numbers_of(context.db, context.actor, imported.ids),
            self._diagnose_numbers,
            self._failed,
            owner=self,
        )

    def _diagnose_numbers(self, numbers: tuple[str, ...]) -> None:
        self.diagnose_wanted.emit(numbers)
        self._show_new()

    def _dress(self, _: object = None) -> None:
        page, preview = self._pages.currentIndex(), self.reading.preview
        busy = self._running or self._bar.isVisible()
        self._back.setVisible(page in {COLUMNS, RESULT})
        self._none.setVisible(page == RESULT)
        self._show.setVisible(page == DONE)
        self._diagnose.setVisible(page == DONE)
        self._next.setVisible(page != FILE)
        self._back.setEnabled(not self._running)
        self._none.setEnabled(not self._running)
        self._outlook.setVisible(page == COLUMNS)
        self._next.setText(self._next_text(page, preview))
        ready = page == DONE or (preview is not None and not busy)
        if page == RESULT:
            ready = ready and preview is not None and bool(preview.drafts)
        self._next.setEnabled(ready)
        self._next.setToolTip("" if ready else self._why)
        first = self._diagnose if page == DONE else self._next
        first.setDefault(True)
        for button in (self._next, self._diagnose):
            restyle(button, "kind", "primary" if button is first else "")
        reached = RESULT if preview else COLUMNS if self.reading.file else FILE
        self._steps.set_steps(import_steps(page, reached, running=self._running))

    def _next_text(self, page: int, preview: Preview | None) -> str:
        if page == DONE:
            return self.tr("完成")
        if page != RESULT or preview is None:
            return self.tr("下一步")
        text = self.tr("只导入正确的行（%1）") if preview.problems else self.tr("导入（%1）")
        return text.replace("%1", f"{len(preview.drafts):,}")

"""The chosen agreement beside the register."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.agreements.queries import AgreementDetail, DebitLine, agreement_detail
from ui import messages
from ui.agreements.looks import card, debit_columns
from ui.agreements.papers_tab import PapersTab
from ui.agreements.progress import progress_entries
from ui.agreements.sheets import show_cancel_sheet
from ui.context import Context
from ui.payments.log_section import log_entries
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_values import KeyValues
from ui.widgets.simple_table import SimpleTable
from ui.widgets.timeline import Timeline

_WAIT_MS = 60


class AgreementSide(QWidget):
    """核对卡, the last twelve debits, what became of a request, the papers, and the trail."""

    def __init__(self, context: Context, banner: Banner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("agreements_side")
        self._context = context
        self._failed = messages.presenter(self, banner)
        self._number, self._form_no = "", ""
        self.card = KeyValues("agreements_card", parent=self)
        self.debits: SimpleTable[DebitLine] = SimpleTable(
            "agreements_debits", self.tr("最近 12 次扣款"), debit_columns(), id, parent=self
        )
        self._none = EmptyState("agreements_no_debits", self)
        self._none.show_state(self.tr("还没有登记过扣款。扣款后点击上方“登记扣款”。"))
        self.log = Timeline("agreements_log", self)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("agreements_tabs_side")
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self._scrolled(self.card), self.tr("核对卡"))
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.debits)
        self._stack.addWidget(self._none)
        self.tabs.addTab(self._stack, self.tr("扣款记录"))
        self.progress = Timeline("agreements_progress", self)
        self.sheet = QPushButton(self.tr("预览、打印申请单…"), self)
        self.sheet.setObjectName("agreements_sheet")
        self.sheet.setAccessibleName(self.tr("预览、打印申请单"))
        self.sheet.clicked.connect(self._show_sheet)
        self.tabs.addTab(self._with_sheet(), self.tr("取消进度"))
        self.papers = PapersTab(context, banner, self)
        self.tabs.addTab(self.papers, self.tr("附件"))
        # Here rather than in the papers: a click on a tab's title leaves the keyboard with the tabs.
        paste = QShortcut(
            QKeySequence(QKeySequence.StandardKey.Paste),
            self.tabs,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        paste.activated.connect(self._paste)
        self.tabs.addTab(self.log, self.tr("日志"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self.setMinimumWidth(self.fontMetrics().height() * 20)
        self._later = QTimer(self, interval=_WAIT_MS, singleShot=True)
        self._later.timeout.connect(self._read)

    def show_number(self, number: str) -> None:
        """Show this agreement as it is now, a moment later: fast scrolling reads only one."""
        self._number = number
        self._later.start()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._later.start()

    def _read(self) -> None:
        if not self._number or not self.isVisible():
            return
        db, actor, number = self._context.db, self._context.actor, self._number
        self._context.tasks.start_latest(
            (id(self), "detail"),
            lambda _: agreement_detail(db, actor, number),
            self._show,
            self._failed,
            owner=self,
        )

    def _show(self, detail: AgreementDetail) -> None:
        if detail.line.number != self._number:
            return
        self.card.set_lines(card(detail))
        self.debits.set_rows(detail.debits)
        self._stack.setCurrentWidget(self.debits if detail.debits else self._none)
        self.progress.set_entries(progress_entries(detail))
        self._form_no = detail.cancellations[0].number if detail.cancellations else ""
        self.sheet.setVisible(bool(self._form_no))
        self.papers.show_papers(detail.line.number, detail.papers)
        count = sum(one.withdrawn_at is None for one in detail.papers)
        title = self.tr("附件 %1").replace("%1", str(count)) if count else self.tr("附件")
        self.tabs.setTabText(self.tabs.indexOf(self.papers), title)
        self.log.set_entries(log_entries(detail.trace))

    def _paste(self) -> None:
        if self.papers.isVisible():
            self.papers.paste()

    def _with_sheet(self) -> QWidget:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.progress, 1)
        column.addWidget(self.sheet)
        return inside

    def _show_sheet(self) -> None:
        show_cancel_sheet(self._context, self, self._form_no)

    def _scrolled(self, widget: QWidget) -> QScrollArea:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.addWidget(widget)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inside)
        inside.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        return area

"""The chosen payment beside the list."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from app.payments.detail import payment_detail
from app.payments.records import PaymentDetail
from ui.context import Context
from ui.payments.detail_view import DetailView
from ui.widgets.empty_state import EmptyState

DETAIL_MS = 60


class ListSide(QStackedWidget):
    """Reads a payment a moment after it was asked for, so that fast scrolling reads only one."""

    def __init__(
        self,
        context: Context,
        channel: Callable[[str], str],
        failed: Callable[[BaseException], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("payments_side")
        self._context = context
        self._failed = failed
        self._number: str | None = None
        self.view = DetailView("payments_panel", channel, wide=False, parent=self)
        self._hint = EmptyState("payments_panel_empty", self)
        self._hint.show_state(
            self.tr("选择一笔付款，这里显示停付原因和详情。"), icon_name="file-list-3-line"
        )
        self.addWidget(self._hint)
        self.addWidget(self.view)
        # As wide as its tabs at any size of the font.
        self.setMinimumWidth(self.fontMetrics().height() * 18)
        self._later = QTimer(self, interval=DETAIL_MS, singleShot=True)
        self._later.timeout.connect(self._read)

    def show_number(self, number: str | None) -> None:
        """Show this payment as it is now; None shows the hint."""
        self._number = number
        self._later.start()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._later.start()

    def _read(self) -> None:
        if not self.isVisible():
            return
        if self._number is None:
            self.setCurrentWidget(self._hint)
            return
        db, actor, number = self._context.db, self._context.actor, self._number
        self._context.tasks.start_latest(
            (id(self), "detail"),
            lambda _: payment_detail(db, actor, number),
            self._show,
            self._failed,
            owner=self,
        )

    def _show(self, detail: PaymentDetail) -> None:
        if detail.line.number == self._number:
            self.view.show_detail(detail)
            self.setCurrentWidget(self.view)

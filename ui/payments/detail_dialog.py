"""One payment in a window of its own, with everything that can be done about it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.accounts.choices import PayingChoices
from app.payments.detail import payment_detail
from app.payments.offers import Offer
from app.payments.records import PaymentDetail
from ui import messages
from ui.context import Context
from ui.payments.act_bar import ActBar
from ui.payments.acts import PaymentActs
from ui.payments.detail_view import DetailView
from ui.widgets.banner import Banner

_OFFERS = (
    Offer.SUBMIT,
    Offer.BANK,
    Offer.DIAGNOSE,
    Offer.RESUME,
    Offer.HOLD,
    Offer.EDIT,
    Offer.VOID,
    Offer.CONTACT,
    Offer.INCIDENT,
)
_LEAVING = frozenset({Offer.RESUME, Offer.BANK})


class DetailDialog(QDialog):
    """Follows the payment: every act here or at another desk shows at once."""

    def __init__(
        self, context: Context, choices: PayingChoices, number: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("payments_detail")
        self.setWindowTitle(self.tr("付款 %1").replace("%1", number))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._number = number
        self._detail: PaymentDetail | None = None
        self._banner = Banner("payments_detail_banner", self)
        self._bar = ActBar("payments_detail_acts", context, _OFFERS, self)
        self._bar.wanted.connect(self._start)
        self.view = DetailView("payments_detail_view", choices.channel_name, wide=True, parent=self)
        self._acts = PaymentActs(context, self, self._banner)
        buttons = QDialogButtonBox(self)
        close = buttons.addButton(self.tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("payments_detail_close")
        buttons.rejected.connect(self.reject)
        refresh = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        refresh.activated.connect(self.reload)
        context.changed.connect(self.reload)
        column = QVBoxLayout(self)
        column.addWidget(self._bar)
        column.addWidget(self._banner)
        column.addWidget(self.view, 1)
        column.addWidget(buttons)
        line = self.fontMetrics().height()
        self.resize(line * 52, line * 38)
        self._bar.setEnabled(False)
        self.reload()

    def reload(self) -> None:
        """Read the payment again."""
        db, actor, number = self._context.db, self._context.actor, self._number
        self._context.tasks.start_latest(
            (id(self), "detail"),
            lambda _: payment_detail(db, actor, number),
            self._show,
            messages.presenter(self, self._banner),
            owner=self,
        )

    def _show(self, detail: PaymentDetail) -> None:
        self._detail = detail
        self._bar.setEnabled(True)
        self._bar.show_for([detail.line])
        self.view.show_detail(detail)

    def _start(self, offer: Offer) -> None:
        if self._detail is None:
            return
        self._acts.start(offer, [self._detail.line])
        if offer in _LEAVING and isValid(self):
            self.accept()

"""The acts on payments as buttons and menu entries: the next sensible one stands out."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from app.access.rights import Right
from app.payments.lines import PaymentLine
from app.payments.offers import Offer, next_offer, why_not
from app.payments.states import Status
from ui.context import Context
from ui.theme import restyle
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.icons import icon

_ICONS: Final[dict[Offer, str]] = {
    Offer.CREATE: "add-line",
    Offer.IMPORT: "upload-2-line",
    Offer.EDIT: "edit-line",
    Offer.VOID: "delete-bin-line",
    Offer.SUBMIT: "user-search-line",
    Offer.DIAGNOSE: "stethoscope-line",
    Offer.HOLD: "stop-circle-line",
    Offer.HOLD_WIDE: "pause-circle-line",
    Offer.RESUME: "restart-line",
    Offer.BANK: "bank-line",
    Offer.CONTACT: "phone-line",
    Offer.INCIDENT: "alarm-warning-line",
    Offer.EXPORT: "download-2-line",
}
_KEYS: Final[dict[Offer, str]] = {
    Offer.CREATE: "Ctrl+N",
    Offer.IMPORT: "Ctrl+I",
    Offer.EDIT: "Ctrl+E",
    Offer.DIAGNOSE: "Ctrl+D",
    Offer.RESUME: "Ctrl+R",
    Offer.EXPORT: "Ctrl+Shift+S",
}


class ActBar(QWidget):
    """A row of buttons; `wanted` tells which act was asked for."""

    wanted = Signal(object)

    def __init__(
        self,
        name: str,
        context: Context,
        offers: Sequence[Offer],
        parent: QWidget | None = None,
        *,
        more: Sequence[Offer] = (),
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("操作"))
        self._context = context
        self._buttons: dict[Offer, QPushButton] = {}
        self.actions_by_offer: dict[Offer, QAction] = {}
        flow = FlowLayout(self, gap=max(3, self.fontMetrics().height() // 3))
        for offer in offers:
            flow.addWidget(self._add_button(self._add(offer), offer))
        self._flow = flow
        if more:
            flow.addWidget(self._menu([self._add(offer) for offer in more]))
        self.show_for(())

    def add_widget(self, widget: QWidget) -> None:
        """Put a further control at the end of the row."""
        self._flow.addWidget(widget)

    def button(self, offer: Offer) -> QPushButton:
        return self._buttons[offer]

    def show_for(self, chosen: Sequence[PaymentLine]) -> None:
        """Say which acts this choice allows, and which one comes next."""
        rights = {right for right in Right if self._context.may(right)}
        first = next_offer(chosen, rights)
        for offer, action in self.actions_by_offer.items():
            why = why_not(offer, chosen, rights)
            text = offer_text(offer, chosen)
            action.setText(text)
            action.setEnabled(not why)
            action.setToolTip(why or text)
            button = self._buttons.get(offer)
            if button is None:
                continue
            button.setText(text)
            button.setEnabled(not why)
            button.setAccessibleName(text)
            key = f"（{_KEYS[offer]}）" if offer in _KEYS else ""
            button.setToolTip(why or f"{text}{key}")
            button.setAccessibleDescription(why)
            restyle(button, "kind", "primary" if offer is first else "")

    def _add(self, offer: Offer) -> QAction:
        action = QAction(icon(_ICONS[offer]), offer_text(offer, ()), self)
        action.setObjectName(f"{self.objectName()}_{offer}_action")
        if offer in _KEYS:
            action.setShortcut(QKeySequence(_KEYS[offer]))
        action.triggered.connect(lambda: self.wanted.emit(offer))
        self.addAction(action)
        self.actions_by_offer[offer] = action
        return action

    def _menu(self, actions: Sequence[QAction]) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"{self.objectName()}_more")
        button.setText(self.tr("更多"))
        button.setAccessibleName(self.tr("更多操作"))
        button.setIcon(icon("more-line"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(button)
        menu.setObjectName(f"{self.objectName()}_menu")
        menu.setToolTipsVisible(True)
        menu.addActions(list(actions))
        button.setMenu(menu)
        return button

    def _add_button(self, action: QAction, offer: Offer) -> QPushButton:
        button = QPushButton(action.text(), self)
        button.setObjectName(f"{self.objectName()}_{offer}")
        button.setAutoDefault(False)
        button.clicked.connect(action.trigger)
        self._buttons[offer] = button
        return button


def offer_text(offer: Offer, chosen: Sequence[PaymentLine]) -> str:
    """What the act is called for this choice."""
    many = len(chosen) > 1
    sent = any(one.status is not Status.READY for one in chosen)
    unknown = bool(chosen) and all(one.status is Status.UNKNOWN for one in chosen)
    return {
        Offer.CREATE: _tr("新增"),
        Offer.IMPORT: _tr("导入"),
        Offer.EDIT: _tr("修改"),
        Offer.VOID: _tr("作废"),
        Offer.SUBMIT: _tr("提交审批"),
        Offer.DIAGNOSE: _tr("诊断全部停付")
        if not chosen
        else _tr("诊断所选停付")
        if many
        else _tr("诊断停付原因"),
        Offer.HOLD: _tr("停止付款"),
        Offer.HOLD_WIDE: _tr("暂停付款…"),
        Offer.RESUME: _tr("申请恢复"),
        Offer.BANK: _tr("登记银行核实结果")
        if unknown
        else _tr("登记银行结果")
        if sent
        else _tr("提交银行"),
        Offer.CONTACT: _tr("登记收款方电话…"),
        Offer.INCIDENT: _tr("转应急事件…"),
        Offer.EXPORT: _tr("导出所选") if many else _tr("导出"),
    }[offer]


def _tr(text: str) -> str:
    return QCoreApplication.translate("payments", text)

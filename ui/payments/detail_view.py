"""Everything about one payment, in tabs: narrow beside the list, wide in its own window."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.payments.records import PaymentDetail
from app.payments.states import STATUS_LABELS, STOPPED_STATUSES
from ui.payments.causes_view import CausesView
from ui.payments.compare_view import CompareView
from ui.payments.detail_sections import (
    approval_entries,
    bank_entries,
    basic_lines,
    change_entries,
    compare,
    payee_lines,
)
from ui.payments.log_section import log_entries
from ui.payments.looks import STATUS_LOOKS, money_text
from ui.theme import set_tone
from ui.widgets.icons import IconLabel
from ui.widgets.key_values import KeyValues
from ui.widgets.timeline import Entry, Timeline

_STOP_TAB = 0


class DetailView(QWidget):
    """Shows a PaymentDetail; the chosen tab and diagnosis stay when it is shown again."""

    def __init__(
        self,
        name: str,
        channel: Callable[[str], str],
        *,
        wide: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("付款详情"))
        self._channel = channel
        self._number = ""
        self._wide = wide
        self._make_head(name)
        pairs = 2 if wide else 1
        self.causes = CausesView(f"{name}_causes", pairs, self)
        self._basic = KeyValues(f"{name}_basic", pairs, self)
        self._payee = KeyValues(f"{name}_payee", pairs, self)
        self.compared = CompareView(f"{name}_compare", self)
        self._approvals = Timeline(f"{name}_approvals", self)
        self._bank = Timeline(f"{name}_bank", self)
        self._changes = Timeline(f"{name}_changes", self)
        self._log = Timeline(f"{name}_log", self)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName(f"{name}_tabs")
        self.tabs.setDocumentMode(True)
        self._fill_tabs()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._head)
        column.addWidget(self.tabs, 1)

    def show_detail(self, detail: PaymentDetail) -> None:
        """Show this payment; a stopped one that was not shown before opens on its causes."""
        line = detail.line
        first = line.number != self._number
        self._number = line.number
        look, tone = STATUS_LOOKS[line.status]
        self._icon.set_icon(look, tone)
        self._status.setText(STATUS_LABELS[line.status])
        set_tone(self._status, tone)
        self._title.setText(f"{line.number}　{money_text(line.amount)}　{line.payee}")
        self.causes.show_stops(detail.holds, detail.diagnoses)
        self._basic.set_lines(basic_lines(detail, self._channel))
        self._payee.set_lines(payee_lines(detail))
        self.compared.show_comparison(detail.document, compare(detail))
        approvals = approval_entries(detail.approvals)
        bank = bank_entries(detail, self._channel)
        if not self._wide:
            approvals += bank
        none = Entry("", "", self.tr("尚无记录"))
        self._approvals.set_entries(approvals or [none])
        self._bank.set_entries(bank or [none])
        self._changes.set_entries(change_entries(detail.changes) or [none])
        self._log.set_entries(log_entries(detail.trace))
        if first and line.status in STOPPED_STATUSES:
            self.tabs.setCurrentIndex(_STOP_TAB)

    def log(self) -> Timeline:
        return self._log

    def _make_head(self, name: str) -> None:
        self._icon = IconLabel(f"{name}_icon", self, lines=1.3)
        self._status = QLabel(self)
        self._status.setObjectName(f"{name}_status")
        self._status.setProperty("kind", "title")
        self._title = QLabel(self)
        self._title.setObjectName(f"{name}_title")
        self._title.setWordWrap(True)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._head = QHBoxLayout()
        self._head.addWidget(self._icon)
        self._head.addWidget(self._status)
        self._head.addWidget(self._title, 1)

    def _fill_tabs(self) -> None:
        self.tabs.addTab(_page([self.causes]), self.tr("停付"))
        if self._wide:
            self.tabs.addTab(_page([self._basic]), self.tr("基本"))
            self.tabs.addTab(_page([self._payee]), self.tr("收款方"))
            self.tabs.addTab(_page([self.compared]), self.tr("单据核对"))
            self.tabs.addTab(_framed(self._approvals), self.tr("审批"))
            self.tabs.addTab(_framed(self._bank), self.tr("银行"))
            self.tabs.addTab(_framed(self._changes), self.tr("变更"))
        else:
            self.tabs.addTab(
                _page(
                    [
                        self._basic,
                        _heading(self.tr("收款方")),
                        self._payee,
                        _heading(self.tr("单据核对")),
                        self.compared,
                    ]
                ),
                self.tr("基本"),
            )
            self.tabs.addTab(_framed(self._approvals), self.tr("审批/银行"))
            self._bank.hide()
            self._changes.hide()
        self.tabs.addTab(_framed(self._log), self.tr("日志"))


def _page(parts: Sequence[QWidget]) -> QScrollArea:
    """The parts below each other, scrolling as one."""
    body = QWidget()
    column = QVBoxLayout(body)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(body)
    body.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area


def _framed(timeline: Timeline) -> QWidget:
    page = QWidget()
    QVBoxLayout(page).addWidget(timeline)
    return page


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("kind", "title")
    return label

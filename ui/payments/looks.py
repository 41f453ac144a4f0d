"""How states, severities and amounts of payments look."""

from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, QSize
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from app.core.codes import REASON_LABELS, StopReason
from app.core.money import Money
from app.payments.diagnosis.rule import Severity
from app.payments.lines import PaymentLine
from app.payments.listing import Tab
from app.payments.records import HoldLine
from app.payments.states import HoldState, Status
from ui.theme import Tone
from ui.widgets.columns import RowModel
from ui.widgets.icons import icon

STATUS_LOOKS: Final[dict[Status, tuple[str, Tone]]] = {
    Status.DRAFT: ("draft-line", Tone.MUTED),
    Status.PENDING_REVIEW: ("user-search-line", Tone.ACCENT),
    Status.PENDING_APPROVAL: ("user-search-line", Tone.ACCENT),
    Status.READY: ("time-line", Tone.NORMAL),
    Status.SUBMITTED: ("send-plane-line", Tone.ACCENT),
    Status.BANK_PROCESSING: ("bank-line", Tone.ACCENT),
    Status.UNKNOWN: ("question-line", Tone.UNKNOWN),
    Status.EXECUTED: ("checkbox-circle-line", Tone.OK),
    Status.FAILED: ("close-circle-line", Tone.STOP),
    Status.RETURNED: ("arrow-go-back-line", Tone.STOP),
    Status.SENT_BACK: ("reply-line", Tone.WARN),
    Status.REJECTED: ("forbid-line", Tone.MUTED),
    Status.VOIDED: ("delete-bin-line", Tone.MUTED),
    Status.STOPPED: ("stop-circle-line", Tone.STOP),
    Status.PAUSED: ("pause-circle-line", Tone.PAUSED),
    Status.EXCEPTION: ("alert-line", Tone.EXCEPTION),
    Status.RESUME_PENDING: ("restart-line", Tone.WARN),
}
TAB_TONES: Final[dict[Tab, Tone]] = {
    Tab.STOPPED: Tone.STOP,
    Tab.PAUSED: Tone.PAUSED,
    Tab.EXCEPTION: Tone.EXCEPTION,
    Tab.RESUMING: Tone.WARN,
    Tab.EXECUTED: Tone.OK,
    Tab.FAILED: Tone.STOP,
}
SEVERITY_LOOKS: Final[dict[Severity, tuple[str, Tone]]] = {
    Severity.BLOCKING: ("stop-circle-line", Tone.STOP),
    Severity.WARNING: ("alert-line", Tone.WARN),
    Severity.NOTICE: ("information-line", Tone.ACCENT),
}
HOLD_LOOKS: Final[dict[HoldState, tuple[str, Tone]]] = {
    HoldState.OPEN: ("pause-circle-line", Tone.STOP),
    HoldState.LIFTING: ("user-search-line", Tone.WARN),
    HoldState.RELEASED: ("checkbox-circle-line", Tone.OK),
    HoldState.EXPIRED: ("time-line", Tone.MUTED),
}
PAYEE_KINDS: Final = ("COMPANY", "PERSON", "INTERNAL")


class LookDelegate(QStyledItemDelegate):
    """Draws the icon of a row's state before the text of its column; look: icon and tone of a row."""

    def __init__(
        self, parent: QObject, look: Callable[[object], tuple[str, Tone] | None] | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look or look_of

    @override
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        model = index.model()
        row = model.row_at(index.row()) if isinstance(model, RowModel) else None
        look = self._look(row)
        if look is None:
            return
        edge = option.fontMetrics.height()
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
        option.decorationSize = QSize(edge, edge)
        option.icon = icon(*look)


def look_of(row: object) -> tuple[str, Tone] | None:
    """Icon and tone of a row's state; None for a row that has none."""
    if isinstance(row, PaymentLine):
        return STATUS_LOOKS[row.status]
    if isinstance(row, HoldLine):
        return HOLD_LOOKS[row.state]
    return None


def money_text(amount: Money) -> str:
    """The amount as in the list; a foreign currency is named."""
    return amount.named()


def sums_text(sums: Iterable[Money]) -> str:
    """Sums of several currencies, one after the other: "1,234.00 + USD 5.00"."""
    return " + ".join(money_text(one) for one in sums) or "0.00"


def reasons_text(reasons: Iterable[StopReason]) -> str:
    return "、".join(REASON_LABELS[reason] for reason in reasons)


def kind_text(kind: str) -> str:
    """The payee's kind as people say it."""
    return {
        "COMPANY": _tr("对公"),
        "PERSON": _tr("对私"),
        "INTERNAL": _tr("银行内部户"),
    }.get(kind, kind)


def account_text(number: str) -> str:
    """The number in groups of four, as it is read aloud."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _tr(text: str) -> str:
    return QCoreApplication.translate("payments", text)

"""The columns of the payment list."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.core.clock import local_text
from app.payments.lines import PaymentLine
from app.payments.listing import SortKey
from app.payments.states import STATUS_LABELS
from ui.payments.looks import STATUS_LOOKS, reasons_text
from ui.theme import Tone
from ui.widgets.columns import Align, Column


def payment_columns(channel: Callable[[str], str]) -> tuple[Column[PaymentLine], ...]:
    """All columns from left to right; channel: the name of a channel's code."""
    return (
        Column(
            "status",
            _tr("状态"),
            lambda r: STATUS_LABELS[r.status],
            tone=lambda r: STATUS_LOOKS[r.status][1],
            tooltip=_status_tip,
            chars=11,
        ),
        Column("number", _tr("指令号"), lambda r: r.number, sort_key=SortKey.NUMBER, chars=17),
        Column(
            "payee",
            _tr("收款方"),
            lambda r: r.payee,
            sort_key=SortKey.PAYEE,
            tooltip=lambda r: f"{r.payee}\n{r.payee_account}",
            chars=22,
        ),
        Column(
            "amount",
            _tr("金额"),
            lambda r: r.amount.display(),
            align=Align.RIGHT,
            sort_key=SortKey.AMOUNT,
            chars=14,
        ),
        Column("currency", _tr("币种"), lambda r: r.amount.currency, chars=4, hidden=True),
        Column(
            "due", _tr("计划付款日"), lambda r: r.due_on.isoformat(), sort_key=SortKey.DUE, chars=10
        ),
        Column(
            "reason",
            _tr("停付原因"),
            lambda r: reasons_text(r.reasons),
            tone=lambda r: STATUS_LOOKS[r.status][1] if r.reasons else Tone.NORMAL,
            chars=18,
        ),
        Column("account", _tr("付款账户"), lambda r: r.account, chars=20),
        Column("purpose", _tr("用途"), lambda r: r.purpose, chars=14),
        Column("references", _tr("订单/合同/发票号"), references_text, chars=20),
        Column("channel", _tr("渠道"), lambda r: channel(r.channel), chars=12),
        Column("maker", _tr("经办"), lambda r: r.made_by, chars=8),
        Column(
            "made",
            _tr("录入时间"),
            lambda r: local_text(r.made_at),
            sort_key=SortKey.MADE,
            chars=16,
            hidden=True,
        ),
        Column("next", _tr("下次执行"), lambda r: local_text(r.next_execution_at), chars=16),
    )


def references_text(line: PaymentLine) -> str:
    return " / ".join(one for one in (line.order_no, line.contract_no, line.invoice_no) if one)


def _status_tip(line: PaymentLine) -> str:
    shown = STATUS_LABELS[line.status]
    if not line.holds:
        return shown
    return f"{shown}\n" + _tr("%1 项停付：%2").replace("%1", str(line.holds)).replace(
        "%2", reasons_text(line.reasons)
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("payments", text)

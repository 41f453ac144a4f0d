"""The payment list as a file."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from app.access.guard import Actor, acting, reading
from app.access.rights import Right
from app.audit.trail import Event
from app.core.codes import REASON_LABELS
from app.documents.columns import Column, Kind, TableSheet, Value
from app.documents.table_export import export_csv, export_xlsx
from app.payments.lines import PaymentLine, lines
from app.payments.listing import PaymentList
from app.payments.states import STATUS_LABELS
from app.storage.work import Database, ReadWork

_CHUNK: Final = 500
_SHEET: Final = TableSheet(
    "付款清单",
    (
        Column("状态"),
        Column("指令号", width=20),
        Column("收款方", width=32),
        Column("收款账号", width=26),
        Column("金额", Kind.MONEY),
        Column("币种", width=6),
        Column("计划付款日", Kind.DATE),
        Column("停付原因", width=24),
        Column("付款账户", width=24),
        Column("用途", width=24),
        Column("订单号", width=18),
        Column("合同号", width=18),
        Column("发票号", width=24),
        Column("渠道"),
        Column("经办"),
        Column("下次执行", Kind.DATE, width=20),
    ),
)
Progress = Callable[[int, int], None]


def export_payments(
    db: Database,
    actor: Actor,
    target: Path,
    wanted: PaymentList | Sequence[int],
    progress: Progress,
    cancelled: Callable[[], bool],
) -> int:
    """Write a whole list or the rows of these ids, as CSV or workbook by the name's ending.

    Gives how many rows; progress(done, total). Raises Denied, ExportCancelled, ExportFailed.
    """
    with reading(db, actor, Right.PAYMENT_EXPORT) as work:
        ids = wanted.ids() if isinstance(wanted, PaymentList) else wanted
        write = export_csv if target.suffix.lower() == ".csv" else export_xlsx
        count = write(
            target, _SHEET, _rows(work, ids), lambda done: progress(done, len(ids)), cancelled
        )
    with acting(db, actor, Right.PAYMENT_EXPORT) as act:
        told = {"file": target.name, "payments": count}
        act.done(Event("payment.exported", "payments:list", after=told))
    return count


def _rows(work: ReadWork, ids: Sequence[int]) -> Iterator[Sequence[Value]]:
    for start in range(0, len(ids), _CHUNK):
        for line in lines(work, ids[start : start + _CHUNK]):
            yield _row(line)


def _row(line: PaymentLine) -> tuple[Value, ...]:
    return (
        STATUS_LABELS[line.status],
        line.number,
        line.payee,
        line.payee_account,
        line.amount,
        line.amount.currency,
        line.due_on,
        "、".join(REASON_LABELS[reason] for reason in line.reasons),
        line.account,
        line.purpose,
        line.order_no,
        line.contract_no,
        line.invoice_no,
        line.channel,
        line.made_by,
        line.next_execution_at,
    )

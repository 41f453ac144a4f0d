"""The request to lift a hold, with the list of what it would let go."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.core.clock import local_text
from app.core.money import sum_up
from app.payments import holds
from app.payments.holds import Release
from app.payments.records import HoldLine
from ui.context import Context
from ui.payments.hold_ledger import release_columns
from ui.payments.looks import sums_text
from ui.payments.reason_dialog import ReasonDialog
from ui.widgets.simple_table import SimpleTable


def lift_dialog(
    context: Context, hold: HoldLine, releases: Sequence[Release], parent: QWidget
) -> ReasonDialog:
    """Asks for the reason and hands the request in; not yet open."""
    table: SimpleTable[Release] = SimpleTable(
        "holds_releases", _tr("将放行的付款"), release_columns(), lambda row: row.number
    )
    table.set_rows(releases)
    table.setMinimumHeight(parent.fontMetrics().height() * 12)
    return ReasonDialog(
        context,
        _tr("申请解除暂停"),
        lift_text(hold, releases),
        lambda reason: holds.request_lift(
            context.db, context.actor, hold.number, reason, hold.version
        ),
        yes=_tr("提交解除申请"),
        extra=table,
        danger=False,
        parent=parent,
    )


def lift_text(hold: HoldLine, releases: Sequence[Release]) -> str:
    """What the lifting would do, in a sentence."""
    free = [one for one in releases if not one.still_held]
    text = _tr(
        "解除 %1（%2，%3 设置）后将放行 %4 笔，合计 %5；另有 %6 笔仍有其他停付原因。解除须经审批。"
    )
    for mark, value in (
        ("%1", hold.number),
        ("%2", hold.scope_text),
        ("%3", f"{hold.placed_by} {local_text(hold.placed_at)}"),
        ("%4", f"{len(free):,}"),
        ("%5", sums_text(sum_up(one.amount for one in free))),
        ("%6", f"{len(releases) - len(free):,}"),
    ):
        text = text.replace(mark, value)
    return text


def _tr(text: str) -> str:
    return QCoreApplication.translate("payments", text)

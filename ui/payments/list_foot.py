"""What the foot of the list says: all of it, and what is selected."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QWidget

from app.core.money import sum_up
from app.payments.lines import PaymentLine
from ui.payments.looks import sums_text
from ui.widgets.paged_table import Totals


class ListFoot(QLabel):
    """Counts and sums, per currency."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("payments_status")
        self.setAccessibleName(self.tr("合计"))

    def say(self, totals: Totals, chosen: int, rows: Sequence[PaymentLine]) -> None:
        """rows: the selected rows as far as they are known; chosen: how many are selected."""
        text = self.tr("共 %1 笔，合计 %2").replace("%1", f"{totals.count:,}")
        text = text.replace("%2", totals.summary or "0.00")
        if chosen:
            text += self.tr("　　已选 %1 笔").replace("%1", f"{chosen:,}")
        if chosen and chosen == totals.count:
            text += self.tr(" 合计 %1").replace("%1", totals.summary)
        elif chosen and chosen == len(rows):
            summed = sums_text(sum_up(one.amount for one in rows))
            text += self.tr(" 合计 %1").replace("%1", summed)
        self.setText(text)

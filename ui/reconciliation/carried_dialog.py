"""期初未达: listed, entered, taken back."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.core.errors import BadInput
from app.core.money import Money
from app.reconciliation import carrying
from app.reconciliation.carrying import Carried, CarriedLine
from app.reconciliation.states import CARRIED_LABELS, CarriedSide
from ui import messages
from ui.context import Context
from ui.payments.reason_dialog import ReasonDialog
from ui.reconciliation.looks import tr
from ui.resume.form_dialog import FormDialog
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.columns import Align, Column
from ui.widgets.date_field import DateField
from ui.widgets.simple_table import SimpleTable


class EnterDialog(FormDialog):
    """One item that was open before the first common day."""

    def __init__(
        self, context: Context, account: str, currency: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "carried_enter", parent)
        self.entitle(self.tr("录入期初未达"), self.tr("保存(&S)"))
        self._account, self._currency = account, currency
        today = context.db.clock.now().astimezone(context.db.tz).date()
        self.side = QComboBox(self)
        self.side.setObjectName("carried_enter.side")
        self.side.setAccessibleName(self.tr("类别"))
        for side, label in CARRIED_LABELS.items():
            self.side.addItem(label, str(side))
        self.fields.addRow(self.tr("类别"), self.side)
        self.on = DateField("carried_enter.on", self.tr("日期"), today, self)
        self.fields.addRow(self.tr("日期*"), self.on)
        hint = self.tr("收入为正，支出为负，例如 -5,000.00")
        self.amount = self.line("amount", self.tr("金额*"), placeholder=hint)
        self.name = self.line("name", self.tr("对方"))
        self.text = self.line("text", self.tr("摘要"))
        self.reference = self.line("reference", self.tr("凭证号、票号"))

    @override
    def start(self) -> None:
        on = self.on.chosen()
        if on is None:
            raise BadInput(self.tr("请填写日期。"))
        item = Carried(
            CarriedSide(str(self.side.currentData())),
            on,
            Money.parse(self.amount.text(), self._currency),
            self.name.text(),
            self.text.text(),
            self.reference.text(),
        )
        account = self._account
        self.run(lambda db, actor: carrying.enter_carried(db, actor, account, item), lambda _: None)


class CarriedDialog(QDialog):
    """The items of one account."""

    def __init__(
        self, context: Context, account: str, currency: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("carried")
        self.setWindowTitle(self.tr("期初未达　%1").replace("%1", account))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._account, self._currency = context, account, currency
        self.banner = Banner("carried.banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.table: SimpleTable[CarriedLine] = SimpleTable(
            "carried_table", self.tr("期初未达"), _columns(), lambda r: r.id
        )
        enter = QPushButton(self.tr("录入…"), self)
        enter.setObjectName("carried.enter")
        enter.clicked.connect(self.enter)
        self.back = QPushButton(self.tr("撤回…"), self)
        self.back.setObjectName("carried.back")
        self.back.clicked.connect(self.withdraw)
        self.table.selection_changed.connect(self._offer)
        bar = QHBoxLayout()
        for button in (enter, self.back):
            button.setAutoDefault(False)
            bar.addWidget(button)
        bar.addStretch(1)
        note = QLabel(
            self.tr(
                "首个共同日期之前已有一方记账、另一方没有的款项；之后到账时与流水、日记账勾对。"
            ),
            self,
        )
        note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addLayout(bar)
        column.addWidget(note)
        column.addWidget(self.table, 1)
        line = self.fontMetrics().height()
        self.resize(line * 46, line * 22)
        context.changed.connect(self.reload)
        self.reload()

    def reload(self) -> None:
        """Read the items again."""
        db, actor, account = self._context.db, self._context.actor, self._account
        self._context.tasks.start_latest(
            (id(self), "carried"),
            lambda _: carrying.carried_lines(db, actor, account),
            self._show,
            self._failed,
            owner=self,
        )

    def enter(self) -> EnterDialog:
        dialog = EnterDialog(self._context, self._account, self._currency, self)
        dialog.open()
        return dialog

    def withdraw(self) -> None:
        """Take the chosen item back, with the reason."""
        row = self.table.current_row()
        if row is None:
            return
        db, actor = self._context.db, self._context.actor
        ReasonDialog(
            self._context,
            self.tr("撤回期初未达"),
            self.tr("撤回后不再列入余额调节表。"),
            lambda why: carrying.withdraw_carried(db, actor, row.id, row.version, why),
            yes=self.tr("撤回"),
            parent=self,
        ).open()

    def _show(self, rows: Sequence[CarriedLine]) -> None:
        self.table.set_rows(rows)
        self._offer()

    def _offer(self) -> None:
        self.back.setEnabled(bool(self.table.selected_rows()))


def _columns() -> tuple[Column[CarriedLine], ...]:
    return (
        Column("side", tr("类别"), lambda r: CARRIED_LABELS[r.item.side], chars=18),
        Column(
            "on", tr("日期"), lambda r: str(r.item.on), sort_value=lambda r: r.item.on, chars=11
        ),
        Column(
            "amount",
            tr("金额"),
            lambda r: r.item.amount.display(),
            Align.RIGHT,
            sort_value=lambda r: r.item.amount.minor,
            chars=14,
        ),
        Column("name", tr("对方"), lambda r: r.item.name or "—", chars=20),
        Column("text", tr("摘要"), lambda r: r.item.text, chars=18),
        Column(
            "settled",
            tr("状态"),
            lambda r: tr("已勾对") if r.settled else tr("未达"),
            tone=lambda r: Tone.OK if r.settled else Tone.WARN,
            chars=8,
        ),
        Column("by", tr("录入人"), lambda r: r.entered_by, chars=9),
    )

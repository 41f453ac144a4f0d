"""Changing the tiers of the approval matrix."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton, QWidget

from app.access.matrix import propose
from app.access.rights import APPROVAL_RANK, ROLE_LABELS, Role
from app.access.rules import Tier, check_tiers
from ui.admin.form_dialog import FormDialog, Work
from ui.context import Context
from ui.widgets.money_edit import AmountLine


class _Row:
    """The widgets of one tier."""

    def __init__(self, place: int, tier: Tier, parent: QWidget) -> None:
        self.amount = AmountLine(
            f"matrix.edit.amount.{place}", parent.tr("金额上限"), parent=parent
        )
        self.amount.setPlaceholderText(parent.tr("不设上限"))
        self.amount.set_money(tier.up_to)
        self.boxes = {role: QCheckBox(ROLE_LABELS[role], parent) for role in APPROVAL_RANK}
        for role, box in self.boxes.items():
            box.setObjectName(f"matrix.edit.{place}.{role}")
            box.setChecked(role in tier.levels)

    def tier(self) -> Tier:
        """What is typed. Raises BadInput."""
        chosen = tuple(role for role, box in self.boxes.items() if box.isChecked())
        return Tier(self.amount.money(), chosen)

    def widgets(self) -> list[QWidget]:
        return [self.amount, *self.boxes.values()]


class MatrixDialog(FormDialog):
    """One row per tier; the last one has no upper amount."""

    done_text = Signal(str)

    def __init__(
        self, context: Context, tiers: Sequence[Tier], parent: QWidget | None = None
    ) -> None:
        title = "修改审批矩阵"
        super().__init__(context, "matrix.edit", title, self._work, parent)
        self.setWindowTitle(self.tr("修改审批矩阵"))
        self._rows: list[_Row] = []
        self._holder = QWidget(self)
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(QLabel(self.tr("金额上限（含，元）"), self._holder), 0, 0)
        self._grid.addWidget(QLabel(self.tr("须依次审批的岗位"), self._holder), 0, 1, 1, 4)
        self.form.addRow(self._holder)
        for tier in tiers:
            self.add_row(tier)
        add = QPushButton(self.tr("增加一档(&A)"), self)
        add.setObjectName("matrix.edit.add")
        add.clicked.connect(self._add_clicked)
        remove = QPushButton(self.tr("删除第一档(&D)"), self)
        remove.setObjectName("matrix.edit.remove")
        remove.clicked.connect(self.remove_first)
        self.form.addRow(add, remove)
        self.reason = self.text("reason", self.tr("原因(&R)"), self.tr("必填，会写入操作日志"))
        self.then(self._proposed)

    def add_row(self, tier: Tier, at_front: bool = False) -> None:
        """One more tier; new ones come first, since the last has no upper amount."""
        row = _Row(len(self._rows), tier, self._holder)
        self._rows.insert(0 if at_front else len(self._rows), row)
        self._lay_out()

    def remove_first(self) -> None:
        """Drop the lowest tier; one always stays."""
        if len(self._rows) > 1:
            gone = self._rows.pop(0)
            for widget in gone.widgets():
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
            self._lay_out()

    def tiers(self) -> tuple[Tier, ...]:
        """What is typed. Raises BadInput."""
        return tuple(row.tier() for row in self._rows)

    def _add_clicked(self) -> None:
        self.add_row(Tier(None, (Role.CHECKER,)), at_front=True)
        self._rows[0].amount.setFocus()

    def _lay_out(self) -> None:
        for line, row in enumerate(self._rows, 1):
            for column, widget in enumerate(row.widgets()):
                self._grid.addWidget(widget, line, column)
                widget.show()

    def _work(self) -> Work:
        tiers, why = self.tiers(), self.reason.toPlainText()
        check_tiers(tiers)
        return lambda: propose(self._context.db, self._context.actor, tiers, why)

    def _proposed(self, _: object) -> None:
        self.done_text.emit(self.tr("修改已提交，等待第二人确认后生效。"))

"""审批矩阵: who approves how much; changed by one person, in force when another confirms."""

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.access.matrix import confirm
from app.access.queries import MatrixView, ProposedMatrix, matrix_state
from app.access.rights import ROLE_LABELS, Right, Role
from app.access.rules import Tier, one_level_above
from app.core.clock import local_text
from ui import messages
from ui.admin.frame import AdminPage, row_of, section
from ui.admin.identity import with_fresh_identity
from ui.admin.matrix_dialog import MatrixDialog
from ui.context import Context
from ui.tasks import Progress
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.key_values import KeyValue, KeyValues
from ui.widgets.simple_table import SimpleTable

Row = tuple[int, Tier, Tier | None]


class MatrixPage(AdminPage):
    """The tiers in force above, a proposal and what it changes below."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "matrix", parent)
        self.set_head(
            self.tr("审批矩阵"),
            self.tr("金额“以下”含本数；恢复停付的付款比同额付款多一级。修改须由第二人确认后生效。"),
        )
        self._view: MatrixView | None = None
        self._edit = self.tool(
            "edit",
            self.tr("修改审批矩阵…"),
            "edit-line",
            self.edit,
            right=Right.MATRIX_PROPOSE,
            primary=True,
        )
        self.table = self._make_table("matrix.table", self.tr("现行审批矩阵"))
        self._title = section(self.tr("待确认的修改"), self)
        self.lines = KeyValues("matrix.proposal", parent=self)
        self.proposal = self._make_table("matrix.proposed", self.tr("待确认的审批矩阵"))
        self._confirm = self.button(
            "confirm", self.tr("确认生效…"), "checkbox-circle-line", self.confirm
        )
        self._refuse = self.button("refuse", self.tr("否决…"), "close-circle-line", self.refuse)
        self.body.addWidget(section(self.tr("现行审批矩阵"), self))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._title)
        self.body.addWidget(self.lines)
        self.body.addWidget(self.proposal, 1)
        self.body.addLayout(row_of(self._confirm, self._refuse))
        self._show_proposal(None)
        self.reload()

    @override
    def reload(self) -> None:
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> MatrixView:
            return matrix_state(db, actor)

        self.read(work, self._show)

    def edit(self) -> MatrixDialog | None:
        """Put changed tiers up for confirmation."""
        if self._view is None:
            return None
        dialog = MatrixDialog(self.context, self._view.current, self)
        dialog.done_text.connect(self.say)
        dialog.open()
        return dialog

    def confirm(self) -> None:
        """Put the proposal in force, after proving who one is."""
        with_fresh_identity(self, self.context, lambda: self._decide(accept=True))

    def refuse(self) -> None:
        """Throw the proposal away, after agreeing and proving who one is."""
        messages.confirm(
            self,
            self.tr("否决修改"),
            self.tr("否决后，现行审批矩阵不变。"),
            self._refuse_freshly,
            yes=self.tr("否决"),
            danger=True,
        )

    def _refuse_freshly(self) -> None:
        with_fresh_identity(self, self.context, lambda: self._decide(accept=False))

    def _decide(self, *, accept: bool) -> None:
        proposed = self._view.proposed if self._view else None
        if proposed is None:
            return
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> None:
            confirm(db, actor, proposed.id, accept)

        said = self.tr("新的审批矩阵已生效。") if accept else self.tr("修改已否决。")
        self.act(work, said)

    def _show(self, view: MatrixView) -> None:
        self._view = view
        self.table.set_rows(_rows(view.current))
        self._show_proposal(view.proposed)

    def _show_proposal(self, proposed: ProposedMatrix | None) -> None:
        there = proposed is not None
        for widget in (self._title, self.lines, self.proposal):
            widget.setVisible(there)
        mine = there and proposed is not None and proposed.by_id == self.context.actor.user_id
        may = self.context.may(Right.MATRIX_CONFIRM)
        for button in (self._confirm, self._refuse):
            button.setVisible(there and may)
            button.setEnabled(not mine)
            button.setToolTip(self.tr("须由修改人以外的人员确认。") if mine else "")
        if proposed is None:
            return
        who = self.tr("等待有“确认审批矩阵”权限的另一人员（财务主管及以上）")
        self.lines.set_lines(
            [
                KeyValue("by", self.tr("修改人"), proposed.by),
                KeyValue("at", self.tr("时间"), local_text(proposed.at, self.context.db.tz)),
                KeyValue("reason", self.tr("原因"), proposed.reason),
                KeyValue("next", self.tr("下一步"), who, Tone.WARN),
            ]
        )
        self.proposal.set_rows(_rows(proposed.tiers))

    def _make_table(self, name: str, title: str) -> SimpleTable[Row]:
        return SimpleTable(
            name,
            title,
            [
                Column("amount", self.tr("金额（元）"), self._amount, Align.RIGHT, chars=40),
                Column("levels", self.tr("付款审批级次"), lambda x: _levels(x[1]), chars=48),
                Column(
                    "resume",
                    self.tr("恢复付款审批级次"),
                    lambda x: _chain(one_level_above(x[1].levels)),
                    chars=48,
                ),
            ],
            lambda row: row[0],
            parent=self,
        )

    def _amount(self, row: Row) -> str:
        _, tier, before = row
        low = None if before is None else before.up_to
        if tier.up_to is None:
            return self.tr("%1 以上").replace("%1", low.display() if low else "0.00")
        if low is None:
            return self.tr("%1 以下").replace("%1", tier.up_to.display())
        said = self.tr("%1 以上至 %2").replace("%1", low.display())
        return said.replace("%2", tier.up_to.display())


def _rows(tiers: tuple[Tier, ...]) -> list[Row]:
    befores = (None, *tiers)
    return [(place, tier, befores[place]) for place, tier in enumerate(tiers)]


def _levels(tier: Tier) -> str:
    return _chain(tier.levels)


def _chain(levels: tuple[Role, ...]) -> str:
    return " → ".join(ROLE_LABELS[level] for level in levels)

"""委托授权: who stands in for whom, at which level and how long."""

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.access.people import Delegate, delegate, end_delegation
from app.access.queries import DelegationLine, PersonLine, delegations, people
from app.access.rights import APPROVAL_RANK, ROLE_LABELS, Right, Role
from app.core.clock import business_date, local_text
from app.core.errors import BadInput
from ui import messages
from ui.admin.form_dialog import FormDialog, Work
from ui.admin.frame import AdminPage, TableOrEmpty, enable_with_row
from ui.context import Context
from ui.tasks import Progress
from ui.theme import Tone
from ui.widgets.columns import Column
from ui.widgets.date_field import DateField
from ui.widgets.simple_table import SimpleTable

_Answer = tuple[list[DelegationLine], list[PersonLine]]


class DelegationsPage(AdminPage):
    """The newest delegation first."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "delegations", parent)
        self.set_head(
            self.tr("委托授权"),
            self.tr(
                "审批人外出时委托他人代为审批。受托人不得审批本人或委托人经办的事项，"
                "代审会注明“代某某”。"
            ),
        )
        self._people: list[PersonLine] = []
        self._new = self.tool(
            "new",
            self.tr("新建委托…"),
            "user-shared-line",
            self.ask,
            right=Right.DELEGATION_MAKE,
            primary=True,
        )
        end = self.tool(
            "end", self.tr("结束委托…"), "close-line", self.end, right=Right.DELEGATION_MAKE
        )
        zone = context.db.tz
        self.table: SimpleTable[DelegationLine] = SimpleTable(
            "delegations.table",
            self.tr("委托"),
            [
                Column("state", self.tr("状态"), self._state, tone=self._tone, chars=10),
                Column("giver", self.tr("委托人"), lambda x: x.giver, chars=9),
                Column("to", self.tr("受托人"), lambda x: x.to, chars=9),
                Column("role", self.tr("岗位"), lambda x: ROLE_LABELS[x.role], chars=18),
                Column(
                    "days",
                    self.tr("有效期"),
                    lambda x: f"{x.valid_from} – {x.valid_until}",
                    chars=24,
                ),
                Column("reason", self.tr("原因"), lambda x: x.reason, chars=20),
                Column("by", self.tr("登记人"), lambda x: x.made_by, chars=16),
                Column("at", self.tr("登记时间"), lambda x: local_text(x.made_at, zone), chars=16),
            ],
            lambda line: line.id,
            parent=self,
        )
        enable_with_row(self.table, [end])
        self._list = TableOrEmpty(
            self.table, self.tr("还没有委托。审批人外出前，点“新建委托”指定受托人和日期。"), self
        )
        self.body.addWidget(self._list, 1)
        self.reload()

    @override
    def reload(self) -> None:
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> _Answer:
            return delegations(db, actor), people(db, actor)

        self.read(work, self._show)

    def ask(self) -> FormDialog:
        """A new delegation: one's own, or anybody's for an administrator."""
        context = self.context
        today = business_date(context.db.clock.now(), context.db.tz)

        def collect() -> Work:
            if not giver.currentData() or not to.currentData():
                raise BadInput(self.tr("请选择委托人和受托人。"))
            first, last = start.chosen(), until.chosen()
            if first is None or last is None:
                raise BadInput(self.tr("请填写委托的起日和止日。"))
            if not reason.toPlainText().strip():
                raise BadInput(self.tr("请填写委托原因。"))
            command = Delegate(
                str(giver.currentData()),
                str(to.currentData()),
                Role(role.currentData()),
                first,
                last,
                reason.toPlainText().strip(),
            )
            return lambda: delegate(context.db, context.actor, command)

        dialog = FormDialog(context, "delegations.new", self.tr("新建委托"), collect, self).then(
            self._made
        )
        everybody = [(p.username, f"{p.name}（{p.username}）") for p in self._people if p.active]
        mine = [one for one in everybody if one[0] == context.actor.username]
        givers = everybody if context.may(Right.USER_MANAGE) else mine
        giver = dialog.choice("giver", self.tr("委托人(&G)"), givers, context.actor.username)
        to = dialog.choice("to", self.tr("受托人(&T)"), everybody)
        posts = [(str(one), ROLE_LABELS[one]) for one in APPROVAL_RANK]
        role = dialog.choice("role", self.tr("岗位(&P)"), posts)
        start = DateField("delegations.new.from", self.tr("起日"), today, dialog)
        start.set_date(today)
        until = DateField("delegations.new.until", self.tr("止日（含）"), today, dialog)
        until.setPlaceholderText(self.tr("必填"))
        dialog.field(start, self.tr("起日"))
        dialog.field(until, self.tr("止日（含）"))
        reason = dialog.text("reason", self.tr("原因(&R)"), self.tr("必填，如出差、休假"))
        dialog.open()
        return dialog

    def end(self) -> None:
        """End the chosen delegation now."""
        line = self.table.current_row()
        if line is None:
            return
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> None:
            end_delegation(db, actor, line.id)

        messages.confirm(
            self,
            self.tr("结束委托"),
            self.tr("立即结束 %1 对 %2 的委托？").replace("%1", line.giver).replace("%2", line.to),
            lambda: self.act(work, self.tr("委托已结束。")),
            yes=self.tr("结束委托"),
        )

    def _show(self, answer: _Answer) -> None:
        lines, self._people = answer
        self._list.show_rows(lines)

    def _made(self, _: object) -> None:
        self.say(self.tr("委托已登记。"))

    def _state(self, line: DelegationLine) -> str:
        if line.in_force:
            return self.tr("生效中")
        if line.ended_at is not None:
            return self.tr("已结束")
        today = business_date(self.context.db.clock.now(), self.context.db.tz)
        return self.tr("未开始") if line.valid_from > today else self.tr("已到期")

    def _tone(self, line: DelegationLine) -> Tone:
        return Tone.OK if line.in_force else Tone.MUTED

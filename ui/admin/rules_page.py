"""规则与限额: every threshold with its value in force, changed under a number (C3.3)."""

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.access.rights import Right
from app.core.clock import local_text
from app.core.money import Money
from app.payments.rule_changes import change_threshold
from app.payments.rule_ledger import RuleChangeLine, ThresholdLine, rule_changes, threshold_lines
from ui.admin.form_dialog import FormDialog, Work
from ui.admin.frame import AdminPage, TableOrEmpty, enable_with_row, section
from ui.context import Context
from ui.tasks import Progress
from ui.widgets.columns import Align, Column
from ui.widgets.simple_table import SimpleTable

_Answer = tuple[list[ThresholdLine], list[RuleChangeLine]]


class RulesPage(AdminPage):
    """Thresholds above, the log of their changes below."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "rules", parent)
        self.set_head(
            self.tr("规则与限额"),
            self.tr("诊断和风控按这些参数判断。每次调整都有编号（GZ-…），恢复付款时可引用。"),
        )
        change = self.tool(
            "change",
            self.tr("调整所选参数…"),
            "edit-line",
            self.change,
            right=Right.RULE_CHANGE,
            primary=True,
        )
        self.table: SimpleTable[ThresholdLine] = SimpleTable(
            "rules.table",
            self.tr("参数"),
            [
                Column("code", self.tr("代码"), lambda x: x.threshold.code, chars=14),
                Column("title", self.tr("参数"), lambda x: x.threshold.title, chars=40),
                Column("value", self.tr("现值"), self._value, Align.RIGHT, chars=18),
                Column("default", self.tr("出厂值"), self._default, Align.RIGHT, chars=18),
                Column("change", self.tr("最近调整"), lambda x: x.last_change or "—", chars=18),
            ],
            lambda line: line.threshold.code,
            parent=self,
        )
        self.log: SimpleTable[RuleChangeLine] = SimpleTable(
            "rules.log",
            self.tr("调整记录"),
            [
                Column("number", self.tr("变更编号"), lambda x: x.number, chars=18),
                Column("at", self.tr("时间"), lambda x: local_text(x.at, context.db.tz), chars=16),
                Column("title", self.tr("参数"), lambda x: f"{x.code} {x.title}", chars=40),
                Column("before", self.tr("原值"), self._before, Align.RIGHT, chars=14),
                Column("after", self.tr("新值"), self._after, Align.RIGHT, chars=14),
                Column("by", self.tr("调整人"), lambda x: x.by, chars=18),
                Column("reason", self.tr("原因"), lambda x: x.reason, chars=30),
            ],
            lambda line: line.number,
            parent=self,
        )
        if context.may(Right.RULE_CHANGE):
            self.table.opened.connect(self.change)
        enable_with_row(self.table, [change])
        self.body.addWidget(self.table, 3)
        self.body.addWidget(section(self.tr("调整记录"), self))
        self._log_list = TableOrEmpty(self.log, self.tr("还没有调整过，都是出厂值。"), self)
        self.body.addWidget(self._log_list, 2)
        self.reload()

    @override
    def reload(self) -> None:
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> _Answer:
            return threshold_lines(db, actor), rule_changes(db, actor)

        self.read(work, self._show)

    def change(self, _: object = None) -> FormDialog | None:
        """Ask for the new value of the chosen threshold."""
        line = self.table.current_row()
        if line is None:
            return None
        db, actor, code = self.context.db, self.context.actor, line.threshold.code

        def collect() -> Work:
            fresh, why = value.text(), reason.toPlainText()
            return lambda: change_threshold(db, actor, code, fresh, why)

        dialog = FormDialog(self.context, "rules.change", self.tr("调整参数"), collect, self).then(
            self._changed
        )
        intro = dialog.line("title", self.tr("参数"), f"{code} {line.threshold.title}")
        intro.setReadOnly(True)
        now = dialog.line("now", self.tr("现值"), self._value(line))
        now.setReadOnly(True)
        value = dialog.line("value", self.tr("新值(&V)"), "", self._unit(line.threshold.kind))
        reason = dialog.text("reason", self.tr("原因(&R)"), self.tr("必填，会写入操作日志"))
        dialog.open()
        value.setFocus()
        return dialog

    def _show(self, answer: _Answer) -> None:
        self.table.set_rows(answer[0])
        self._log_list.show_rows(answer[1])

    def _changed(self, number: str) -> None:
        self.say(self.tr("参数已调整，变更编号 %1。").replace("%1", number))

    def _value(self, line: ThresholdLine) -> str:
        return self._said(line.threshold.kind, line.value)

    def _default(self, line: ThresholdLine) -> str:
        return self._said(line.threshold.kind, line.threshold.default)

    def _before(self, line: RuleChangeLine) -> str:
        return self._said(line.kind, line.before)

    def _after(self, line: RuleChangeLine) -> str:
        return self._said(line.kind, line.after)

    def _said(self, kind: str, value: str) -> str:
        if kind == "money":
            return f"{Money.parse(value).display()} {self._unit(kind)}"
        return f"{value} {self._unit(kind)}".strip()

    def _unit(self, kind: str) -> str:
        return {
            "money": self.tr("元"),
            "days": self.tr("天"),
            "hours": self.tr("小时"),
            "minutes": self.tr("工作分钟"),
            "percent": "%",
            "permyriad": "‱",
        }.get(kind, "")

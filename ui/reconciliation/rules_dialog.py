"""对账规则: the clerk's own rules, and what one would do before it is kept."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
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
from app.reconciliation import ruling
from app.reconciliation.bookings import Booking
from app.reconciliation.clerk_rules import (
    DIRECTION_LABELS,
    RULE_ACT_LABELS,
    Conditions,
    Direction,
    RuleAct,
    describe,
)
from app.reconciliation.items import BankItem, OurItem
from app.reconciliation.ruling import RuleFields, RuleLine, RulePreview
from ui import messages
from ui.context import Context
from ui.payments.running import start_act
from ui.reconciliation.looks import tr
from ui.resume.form_dialog import FormDialog
from ui.tasks import Progress
from ui.widgets.banner import Banner
from ui.widgets.columns import Align, Column
from ui.widgets.simple_table import SimpleTable

_LINES = 9


class RuleDialog(FormDialog):
    """One rule, with what it would have done on the page's account and days, live."""

    def __init__(
        self,
        context: Context,
        account: str,
        days: tuple[date, date],
        ours: Sequence[OurItem],
        line: RuleLine | None = None,
        sample: BankItem | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "rule", parent)
        self.entitle(self.tr("对账规则"), self.tr("保存(&S)"))
        self._account, self._days, self._ours = account, days, tuple(ours)
        self._line = line
        self.name = self.line("name", self.tr("名称*"))
        self.direction = self._choice("direction", self.tr("方向"), DIRECTION_LABELS)
        hint = self.tr("几个词用空格分开，须全部出现")
        self.words = self.line("words", self.tr("摘要含"), placeholder=hint)
        self.party = self.line("party", self.tr("户名含"))
        self.payee_account = self.line("payee_account", self.tr("对方账号"))
        self.low = self.line("low", self.tr("金额从"), placeholder=self.tr("不限"))
        self.high = self.line("high", self.tr("金额至"), placeholder=self.tr("不限"))
        self.act = self._choice("act", self.tr("作用"), RULE_ACT_LABELS)
        self.debit = self.line("debit", self.tr("借方科目"))
        self.credit = self.line("credit", self.tr("贷方科目"))
        self.told = QLabel(self)
        self.told.setObjectName("rule.told")
        self.told.setWordWrap(True)
        self.preview: SimpleTable[BankItem] = SimpleTable(
            "rule_preview", self.tr("会套用到的流水"), _line_columns(), lambda r: r.key
        )
        self.preview.setFixedHeight(self.fontMetrics().height() * _LINES * 2)
        self.fields.addRow(self.told)
        self.fields.addRow(self.preview)
        self._fill(line, sample)
        for edit in (self.name, self.words, self.party, self.payee_account, self.low, self.high):
            edit.textChanged.connect(self.look)
        for edit in (self.debit, self.credit):
            edit.textChanged.connect(self.look)
        for combo in (self.direction, self.act):
            combo.currentIndexChanged.connect(lambda _: self.look())
        self.look()

    def look(self) -> None:
        """Show what the rule would do."""
        try:
            fields = self._read()
        except BadInput as problem:
            self._say_nothing(problem)
            return
        db, actor, account, days = self.context.db, self.context.actor, self._account, self._days

        def work(_: Progress) -> RulePreview:
            return ruling.preview_rule(db, actor, fields, account, days, self._ours)

        self.context.tasks.start_latest(
            (id(self), "look"), work, self._show, self._say_nothing, owner=self
        )

    @override
    def start(self) -> None:
        fields, line = self._read(), self._line
        row_id = None if line is None else line.id
        version = 0 if line is None else line.version
        self.run(
            lambda db, actor: ruling.save_rule(db, actor, fields, row_id, version), lambda _: None
        )

    def _choice(
        self, name: str, label: str, labels: dict[Direction, str] | dict[RuleAct, str]
    ) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(f"rule.{name}")
        combo.setAccessibleName(label)
        for value, text in labels.items():
            combo.addItem(text, str(value))
        self.fields.addRow(label, combo)
        return combo

    def _fill(self, line: RuleLine | None, sample: BankItem | None) -> None:
        if sample is not None:
            self.name.setText((sample.name or sample.text)[:20])
            self.party.setText(sample.name)
            self.words.setText("" if sample.name else sample.text)
            way = Direction.OUT if sample.minor < 0 else Direction.IN
            self.direction.setCurrentIndex(self.direction.findData(str(way)))
        if line is None:
            return
        asked = line.fields.conditions
        self.name.setText(line.fields.name)
        self.words.setText(" ".join(asked.words))
        self.party.setText(asked.party)
        self.payee_account.setText(asked.payee_account)
        for edit, minor in ((self.low, asked.low), (self.high, asked.high)):
            edit.setText("" if minor is None else Money(minor).decimal())
        self.direction.setCurrentIndex(self.direction.findData(str(asked.direction)))
        self.act.setCurrentIndex(self.act.findData(str(line.fields.act)))
        if line.fields.booking is not None:
            self.debit.setText(line.fields.booking.debit)
            self.credit.setText(line.fields.booking.credit)

    def _read(self) -> RuleFields:
        act = RuleAct(str(self.act.currentData()))
        entry = Booking(
            self.name.text().strip(), self.debit.text().strip(), self.credit.text().strip()
        )
        conditions = Conditions(
            Direction(str(self.direction.currentData())),
            tuple(self.words.text().split()),
            self.party.text().strip(),
            self.payee_account.text().strip(),
            _minor(self.low.text()),
            _minor(self.high.text()),
        )
        booking = entry if act is RuleAct.BOOKING else None
        return RuleFields(self.name.text().strip(), conditions, act, booking)

    def _show(self, found: RulePreview) -> None:
        text = tr("%1 至 %2：会套用到 %3 笔未勾对的流水；另有 %4 笔已勾对的也符合。")
        values = (*self._days, len(found.lines), len(found.matched))
        for place, value in enumerate(values, 1):
            text = text.replace(f"%{place}", str(value))
        if found.pairs:
            text += tr("其中 %1 笔会给出勾对建议。").replace("%1", str(len(found.pairs)))
        self.told.setText(text)
        self.preview.set_rows(found.lines)

    def _say_nothing(self, error: BaseException) -> None:
        self.preview.set_rows(())
        self.told.setText(str(error))


class RulesDialog(QDialog):
    """The rules in their order; the first that means a line counts."""

    changed = Signal()

    def __init__(
        self,
        context: Context,
        account: str,
        days: tuple[date, date],
        ours: Sequence[OurItem],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("rules")
        self.setWindowTitle(self.tr("对账规则"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._account, self._days, self._ours = account, days, tuple(ours)
        self.banner = Banner("rules.banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.table: SimpleTable[RuleLine] = SimpleTable(
            "rules_table", self.tr("对账规则"), _rule_columns(), lambda r: r.id
        )
        self.table.opened.connect(self.edit)
        self.table.selection_changed.connect(self._offer)
        bar = QHBoxLayout()
        self.buttons: dict[str, QPushButton] = {}
        for name, text, act in (
            ("new", self.tr("新增…"), self.new),
            ("edit", self.tr("修改…"), lambda: self._one(self.edit)),
            ("raise", self.tr("上移"), lambda: self._one(self._raise)),
            ("withdraw", self.tr("停用"), lambda: self._one(self._withdraw)),
        ):
            button = QPushButton(text, self)
            button.setObjectName(f"rules.{name}")
            button.clicked.connect(lambda _=False, act=act: act())
            button.setAutoDefault(False)
            bar.addWidget(button)
            self.buttons[name] = button
        bar.addStretch(1)
        note = QLabel(
            self.tr("按次序套用，第一条符合的有效。规则只给出建议，由人采纳，不会自动勾对。"), self
        )
        note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addLayout(bar)
        column.addWidget(note)
        column.addWidget(self.table, 1)
        line = self.fontMetrics().height()
        self.resize(line * 46, line * 26)
        context.changed.connect(self.reload)
        self.reload()

    def reload(self) -> None:
        """Read the rules again."""
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "rules"),
            lambda _: ruling.rule_lines(db, actor),
            self._show,
            self._failed,
            owner=self,
        )

    def new(self, sample: BankItem | None = None) -> RuleDialog:
        """Write a rule, perhaps from a line of the bank."""
        dialog = RuleDialog(
            self._context, self._account, self._days, self._ours, None, sample, self
        )
        dialog.open()
        return dialog

    def edit(self, line: RuleLine) -> RuleDialog:
        dialog = RuleDialog(self._context, self._account, self._days, self._ours, line, None, self)
        dialog.open()
        return dialog

    def _one(self, act: object) -> None:
        row = self.table.current_row()
        if row is not None and callable(act):
            act(row)

    def _show(self, rows: Sequence[RuleLine]) -> None:
        self.table.set_rows(rows)
        self._offer()

    def _offer(self) -> None:
        chosen = bool(self.table.selected_rows())
        for name in ("edit", "raise", "withdraw"):
            self.buttons[name].setEnabled(chosen)

    def _raise(self, line: RuleLine) -> None:
        db, actor = self._context.db, self._context.actor
        self._act(lambda: ruling.raise_rule(db, actor, line.id, line.version))

    def _withdraw(self, line: RuleLine) -> None:
        db, actor = self._context.db, self._context.actor
        messages.confirm(
            self,
            self.tr("停用规则"),
            self.tr("停用“%1”？已采纳的勾对不变。").replace("%1", line.fields.name),
            lambda: self._act(lambda: ruling.withdraw_rule(db, actor, line.id, line.version)),
            yes=self.tr("停用"),
        )

    def _act(self, act: object) -> None:
        def work(_: Progress) -> None:
            if callable(act):
                act()

        start_act(self._context, self, work, lambda _: None, self._failed)


def _minor(text: str) -> int | None:
    return Money.parse(text).minor if text.strip() else None


def _rule_columns() -> tuple[Column[RuleLine], ...]:
    return (
        Column("name", tr("名称"), lambda r: r.fields.name, chars=16),
        Column(
            "does",
            tr("条件和作用"),
            lambda r: describe(r.fields.conditions, r.fields.act, r.fields.booking),
            tooltip=lambda r: describe(r.fields.conditions, r.fields.act, r.fields.booking),
            chars=54,
        ),
        Column("by", tr("制定人"), lambda r: r.made_by, chars=9),
    )


def _line_columns() -> tuple[Column[BankItem], ...]:
    return (
        Column("on", tr("日期"), lambda r: str(r.on), sort_value=lambda r: r.on, chars=11),
        Column(
            "amount",
            tr("金额"),
            lambda r: Money(r.minor).display(),
            Align.RIGHT,
            sort_value=lambda r: r.minor,
            chars=14,
        ),
        Column("name", tr("对方户名"), lambda r: r.name or "—", chars=22),
        Column("text", tr("摘要"), lambda r: r.text, chars=24),
    )

"""Preparing a 余额调节表, and deciding on one that was prepared."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QPlainTextEdit, QWidget
from typing_extensions import override

from app.core.errors import BadInput
from app.core.money import Money
from app.reconciliation import sheets
from app.reconciliation.drawing import Drawn, Given
from app.reconciliation.leftovers import OPEN_LABELS
from app.reconciliation.overview import AccountDays
from app.reconciliation.sheets import Prepare, SheetLine
from ui.context import Context
from ui.reconciliation.carried_dialog import CarriedDialog
from ui.reconciliation.looks import tr
from ui.resume.form_dialog import FormDialog
from ui.tasks import Progress
from ui.theme import Tone, set_tone
from ui.widgets.date_field import DateField


class PrepareDialog(FormDialog):
    """What the table would say, drawn anew as the fields change; prepared once it balances."""

    prepared = Signal(str)

    def __init__(
        self,
        context: Context,
        accounts: list[AccountDays],
        account: str = "",
        on: date | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "prepare_sheet", parent)
        self.entitle(self.tr("编制余额调节表"), self.tr("编制完成，送复核(&S)"))
        today = context.db.clock.now().astimezone(context.db.tz).date()
        self._currencies = {one.number: one.currency for one in accounts}
        self.account = QComboBox(self)
        self.account.setObjectName("prepare_sheet.account")
        self.account.setAccessibleName(self.tr("账户"))
        for one in accounts:
            self.account.addItem(one.label, one.number)
        self.account.setCurrentIndex(max(0, self.account.findData(account)))
        self.fields.addRow(self.tr("账户"), self.account)
        self.on = DateField("prepare_sheet.on", self.tr("截止日"), today, self)
        wanted = on or _month_end(accounts, account)
        self.on.set_date(None if wanted is None else min(wanted, today))
        self.fields.addRow(self.tr("截止日"), self.on)
        hint = self.tr("文件没有余额时，按原件填写")
        self.bank = self.line("bank", self.tr("对账单余额"), placeholder=hint)
        self.book = self.line("book", self.tr("日记账余额"), placeholder=hint)
        self.drawn = self.said("drawn", self.tr("结果"), "")
        self.hints = QLabel(self)
        self.hints.setObjectName("prepare_sheet.hints")
        self.hints.setWordWrap(True)
        self.fields.addRow(self.tr("提示"), self.hints)
        carried = self.buttons.addButton(
            self.tr("期初未达…"), QDialogButtonBox.ButtonRole.ActionRole
        )
        carried.setObjectName("prepare_sheet.carried")
        carried.clicked.connect(self.carried)
        context.changed.connect(self.draw)
        self.account.currentIndexChanged.connect(lambda _: self.draw())
        for field in (self.on, self.bank, self.book):
            field.editingFinished.connect(self.draw)
        self.draw()

    def carried(self) -> CarriedDialog:
        """What was open before the first common day."""
        number = str(self.account.currentData() or "")
        dialog = CarriedDialog(self.context, number, self._currencies.get(number, "CNY"), self)
        dialog.open()
        return dialog

    def draw(self) -> None:
        """Show what the table comes to."""
        try:
            command = self._command()
        except BadInput as problem:
            self.refused(problem)
            return
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> Drawn:
            return sheets.drawn(db, actor, command)

        self.banner.clear()
        self.context.tasks.start_latest(
            (id(self), "draw"), work, self._show, self._not_drawn, owner=self
        )

    @override
    def start(self) -> None:
        command = self._command()
        self.run(lambda db, actor: sheets.prepare(db, actor, command), self.prepared.emit)

    def _command(self) -> Prepare:
        on = self.on.chosen()
        if on is None:
            raise BadInput(self.tr("请填写截止日。"))
        given = Given(self._given(self.bank.text()), self._given(self.book.text()))
        return Prepare(str(self.account.currentData() or ""), on, given)

    def _given(self, text: str) -> int | None:
        if not text.strip():
            return None
        currency = self._currencies.get(str(self.account.currentData()), "CNY")
        return Money.parse(text, currency).minor

    def _show(self, table: Drawn) -> None:
        self.drawn.setText(_result(table))
        gap = table.figures.difference
        set_tone(self.drawn, Tone.STOP if gap else Tone.OK)
        self.hints.setText("\n".join(table.hints) or "—")
        self.yes.setEnabled(not gap)

    def _not_drawn(self, error: BaseException) -> None:
        self.drawn.setText("—")
        self.hints.setText("—")
        self.yes.setEnabled(False)
        self.refused(error)


class ReviewDialog(FormDialog):
    """Reviewed, or sent back with the reason."""

    def __init__(
        self, context: Context, line: SheetLine, *, back: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "review_sheet", parent)
        if back:
            self.entitle(self.tr("退回余额调节表"), self.tr("退回(&B)"))
        else:
            self.entitle(self.tr("复核余额调节表"), self.tr("复核通过(&S)"))
        self._line, self._back = line, back
        self.said("what", self.tr("余额调节表"), f"{line.number}　{line.account}　{line.on}")
        self.said("by", self.tr("编制人"), line.prepared_by)
        self.note: QPlainTextEdit = self.area(
            "note",
            self.tr("退回理由*") if back else self.tr("复核意见"),
            self.tr("请写明要改正的地方") if back else self.tr("可不填；通过后表内数字冻结"),
        )

    @override
    def start(self) -> None:
        line, note = self._line, self.note.toPlainText()
        act = sheets.send_back if self._back else sheets.review
        self.run(lambda db, actor: act(db, actor, line.number, line.version, note), lambda _: None)


def _result(table: Drawn) -> str:
    figures = table.figures

    def money(minor: int) -> str:
        return Money(minor, table.currency).display()

    rows = [
        tr("日记账余额 %1，对账单余额 %2")
        .replace("%1", money(figures.book))
        .replace("%2", money(figures.bank))
    ]
    rows += [f"{label} {money(figures.sums[kind])}" for kind, label in OPEN_LABELS.items()]
    after = tr("调节后：企业 %1，银行 %2")
    rows.append(
        after.replace("%1", money(figures.adjusted_book)).replace(
            "%2", money(figures.adjusted_bank)
        )
    )
    gap = figures.difference
    rows.append(tr("两边相符") if not gap else tr("差额 %1").replace("%1", money(gap)))
    return "\n".join(rows)


def _month_end(accounts: list[AccountDays], account: str) -> date | None:
    chosen = next((one for one in accounts if one.number == account), None)
    first = chosen or next(iter(accounts), None)
    return None if first is None or first.month is None else first.month[1]

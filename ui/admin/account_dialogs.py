"""The acts on accounts, each as a dialog; a service decides whether it is allowed."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from PySide6.QtWidgets import QWidget

from app.accounts.ledger import AccountLine, RestrictionLine
from app.accounts.rules import (
    ACCOUNT_KIND_LABELS,
    ACCOUNT_STATUS_LABELS,
    DEFAULT_CHANNELS,
    AccountKind,
    AccountStatus,
)
from app.accounts.service import (
    AddAccount,
    RecordBalance,
    Restrict,
    add_account,
    lift_restriction,
    record_balance,
    restrict,
    set_status,
)
from app.core.clock import business_date
from app.core.errors import BadInput
from ui.admin.clock_field import ClockField
from ui.admin.form_dialog import FormDialog, Work
from ui.context import Context
from ui.widgets.date_field import DateField
from ui.widgets.money_edit import MoneyEdit

_RESTRICTIONS = (
    AccountStatus.FROZEN,
    AccountStatus.BLOCKED,
    AccountStatus.CREDIT_ONLY,
    AccountStatus.NO_CREDIT_NO_DEBIT,
    AccountStatus.LOSS_REPORTED,
)


class AccountDialogs:
    """Opens the dialogs over one page; `said` hears what was done."""

    def __init__(self, context: Context, page: QWidget, said: Callable[[str], None]) -> None:
        self._context = context
        self._page = page
        self._said = said

    def add(self) -> FormDialog:
        """One more account of the company."""
        context = self._context

        def collect() -> Work:
            command = AddAccount(
                number.text(),
                name.text(),
                bank.text(),
                branch.text(),
                AccountKind(kind.currentData()),
                cnaps.text(),
                reserve.money(),
                single.money(),
                daily.money(),
                str(channel.currentData()),
            )
            if not bank.text().strip():
                raise BadInput(self._tr("请填写银行名称。"))
            return lambda: add_account(context.db, context.actor, command)

        dialog = self._dialog("accounts.add", self._tr("登记银行账户"), collect)
        number = dialog.line("number", self._tr("账号(&N)"))
        name = dialog.line("name", self._tr("户名"), context.card.name)
        bank = dialog.line("bank", self._tr("银行"), "", self._tr("如：中国工商银行"))
        branch = dialog.line("branch", self._tr("开户行"))
        cnaps = dialog.line("cnaps", self._tr("联行号"), "", self._tr("12 位，可先留空"))
        kinds = [(str(one), label) for one, label in ACCOUNT_KIND_LABELS.items()]
        kind = dialog.choice("kind", self._tr("账户类型"), kinds)
        ways = [(code, title) for code, title, *_ in DEFAULT_CHANNELS]
        channel = dialog.choice("channel", self._tr("默认渠道"), ways, "EBANK")
        reserve = self._money(dialog, "accounts.add.reserve", self._tr("保留余额"))
        single = self._money(dialog, "accounts.add.single", self._tr("单笔限额"))
        daily = self._money(dialog, "accounts.add.daily", self._tr("日累计限额"))
        self._open(dialog, self._tr("账户已登记，请接着登记余额。"))
        number.setFocus()
        return dialog

    def balance(self, account: AccountLine) -> FormDialog:
        """What the bank shows of an account now."""
        context = self._context

        def collect() -> Work:
            amount = book.money()
            if amount is None:
                raise BadInput(self._tr("请填写账面余额。"))
            held = frozen.money() or amount.zero(account.currency)
            command = RecordBalance(account.number, amount, held, at.instant(), source.text())
            return lambda: record_balance(context.db, context.actor, command)

        dialog = self._dialog(
            "accounts.balance", self._of(self._tr("登记余额：%1"), account), collect
        )
        book = self._money(dialog, "accounts.balance.book", self._tr("账面余额"), account.currency)
        frozen = self._money(
            dialog, "accounts.balance.frozen", self._tr("其中冻结"), account.currency
        )
        now = context.db.clock.now()
        at = ClockField("accounts.balance.at", self._tr("余额时间"), context.db.tz, now, dialog)
        dialog.field(at, self._tr("余额时间"))
        source = dialog.line("source", self._tr("来源"), self._tr("网银查询"))
        self._open(dialog, self._tr("余额已登记。"))
        book.setFocus()
        return dialog

    def status(self, account: AccountLine) -> FormDialog:
        """An account's status as the bank confirmed it."""
        context = self._context

        def collect() -> Work:
            why = reason.toPlainText().strip()
            if not why:
                raise BadInput(self._tr("请填写依据，如银行的答复。"))
            fresh = AccountStatus(status.currentData())
            return lambda: set_status(context.db, context.actor, account.number, fresh, why)

        dialog = self._dialog(
            "accounts.status", self._of(self._tr("变更状态：%1"), account), collect
        )
        labels = [(str(one), label) for one, label in ACCOUNT_STATUS_LABELS.items()]
        status = dialog.choice("status", self._tr("状态(&T)"), labels, str(account.status))
        reason = dialog.text(
            "reason", self._tr("依据(&R)"), self._tr("必填，如银行答复的时间和人员")
        )
        self._open(dialog, self._tr("账户状态已变更。"))
        return dialog

    def restrict(self, account: AccountLine) -> FormDialog:
        """A freeze, stop or loss report on an account."""
        context, today = self._context, self._today()

        def collect() -> Work:
            first = start.chosen()
            if first is None:
                raise BadInput(self._tr("请填写起日。"))
            command = Restrict(
                account.number,
                AccountStatus(kind.currentData()),
                amount.money(),
                authority.text(),
                first,
                until.chosen(),
                note.toPlainText(),
            )
            return lambda: restrict(context.db, context.actor, command)

        dialog = self._dialog(
            "accounts.restrict", self._of(self._tr("登记限制：%1"), account), collect
        )
        kinds = [(str(one), ACCOUNT_STATUS_LABELS[one]) for one in _RESTRICTIONS]
        kind = dialog.choice("kind", self._tr("限制(&K)"), kinds)
        amount = self._money(dialog, "accounts.restrict.amount", self._tr("金额（留空为整户）"))
        authority = dialog.line("authority", self._tr("机关或银行"))
        start = DateField("accounts.restrict.from", self._tr("起日"), today, dialog)
        start.set_date(today)
        dialog.field(start, self._tr("起日"))
        until = DateField("accounts.restrict.until", self._tr("止日"), today, dialog)
        until.setPlaceholderText(self._tr("未定"))
        dialog.field(until, self._tr("止日"))
        note = dialog.text("note", self._tr("说明(&R)"))
        self._open(dialog, self._tr("限制已登记，受影响的付款在诊断时会被拦截。"))
        return dialog

    def lift(self, account: AccountLine) -> FormDialog:
        """Write down that the bank lifted a restriction."""
        context = self._context

        def collect() -> Work:
            if which.currentData() is None:
                raise BadInput(self._tr("该账户没有登记中的限制。"))
            number, proof = int(which.currentData()), evidence.toPlainText()
            return lambda: lift_restriction(context.db, context.actor, number, proof)

        dialog = self._dialog("accounts.lift", self._of(self._tr("解除限制：%1"), account), collect)
        open_ones = [(str(one.id), self._restriction(one)) for one in account.restrictions]
        which = dialog.choice("which", self._tr("限制(&K)"), open_ones)
        evidence = dialog.text("evidence", self._tr("依据(&R)"), self._tr("必填，如解冻通知书编号"))
        self._open(dialog, self._tr("限制已解除。"))
        return dialog

    def _restriction(self, line: RestrictionLine) -> str:
        parts = [ACCOUNT_STATUS_LABELS[line.kind], line.authority, line.starts_on.isoformat()]
        if line.amount is not None:
            parts.insert(1, line.amount.display())
        return " ".join(filter(None, parts))

    def _of(self, text: str, account: AccountLine) -> str:
        return text.replace("%1", f"{account.bank} *{account.number[-4:]}")

    def _dialog(self, name: str, title: str, collect: Callable[[], Work]) -> FormDialog:
        return FormDialog(self._context, name, title, collect, self._page)

    def _open(self, dialog: FormDialog, said: str) -> None:
        def done(_: Any) -> None:
            self._said(said)

        dialog.then(done)
        dialog.open()

    def _money(self, dialog: FormDialog, name: str, title: str, currency: str = "CNY") -> MoneyEdit:
        made = MoneyEdit(name, title, currency, dialog)
        dialog.field(made, title)
        return made

    def _today(self) -> date:
        now: datetime = self._context.db.clock.now()
        return business_date(now, self._context.db.tz)

    def _tr(self, text: str) -> str:
        return self._page.tr(text)

"""The controls of the payment form, and how they become PaymentFields."""

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from app.accounts.choices import PayingChoices
from app.core import cnaps
from app.core.money import Money
from app.payees.queries import KnownAccount, KnownPayee
from app.payments.editing import PaymentFields
from app.payments.intake import values
from ui.context import Context
from ui.payments.form_field import FormField
from ui.payments.looks import PAYEE_KINDS, kind_text
from ui.payments.payee_field import PayeeField
from ui.theme import Tone
from ui.widgets.date_field import DateField
from ui.widgets.money_edit import MoneyEdit

_NUMBER = partial(values.limited, characters=values.NUMBER_LIMIT)
_PLACE = partial(values.limited, characters=values.BANK_LIMIT)
_LEFT: Final = (
    "payee_name",
    "payee_account",
    "payee_bank",
    "payee_cnaps",
    "payee_city",
    "payee_kind",
    "purpose",
    "summary",
)
_RIGHT: Final = (
    "account_number",
    "amount",
    "due_on",
    "channel",
    "order_no",
    "contract_no",
    "invoice_no",
)


class FormBody(QWidget):
    """Two columns of fields; `fields()` gives what they say."""

    edited = Signal()

    def __init__(
        self, context: Context, choices: PayingChoices, today: date, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._choices = choices
        self._client_ref: str | None = None
        self.payee = PayeeField("payments_form_payee_name", context, self)
        self.payee.picked.connect(self._picked)
        self.amount = MoneyEdit("payments_form_amount", self.tr("金额"), "CNY", self)
        self.due = DateField("payments_form_due_on", self.tr("计划付款日"), today, self)
        self.due.setPlaceholderText("")
        self.account = self._combo("account_number", self.tr("付款账户"))
        self.channel = self._combo("channel", self.tr("渠道"))
        self.kind = self._combo("payee_kind", self.tr("收款方类型"))
        self.urgent = QCheckBox(self.tr("加急"), self)
        self.urgent.setObjectName("payments_form_urgent")
        self.urgent.toggled.connect(self.edited)
        self._fill_combos()
        self.by_key: dict[str, FormField] = {}
        self._make_fields()
        self._lay_out()
        self.by_key["payee_cnaps"].remark(self._cnaps_remark)

    def fields(self) -> PaymentFields:
        """What the form says. Raises BadInput while amount or date can't be read."""
        return PaymentFields(
            account_number=self.account.currentData() or "",
            payee_name=self._text("payee_name"),
            payee_account=self._text("payee_account"),
            amount=self.amount.money() or Money(0),
            due_on=self.due.chosen() or date.min,
            channel=self.channel.currentData() or "",
            payee_bank=self._text("payee_bank"),
            payee_cnaps=self._text("payee_cnaps"),
            payee_city=self._text("payee_city"),
            payee_kind=self.kind.currentData(),
            purpose=self._text("purpose"),
            summary=self._text("summary"),
            urgent=self.urgent.isChecked(),
            contract_no=self._text("contract_no"),
            invoice_no=self._text("invoice_no"),
            order_no=self._text("order_no"),
            client_ref=self._client_ref,
        )

    def set_fields(self, fields: PaymentFields) -> None:
        """Fill in exactly these; an amount of zero is none, and stays to be typed."""
        self._client_ref = fields.client_ref
        _choose(self.account, fields.account_number)
        _choose(self.channel, fields.channel)
        _choose(self.kind, fields.payee_kind)
        self.amount.set_money(fields.amount)
        if not fields.amount.minor:
            self.amount.line.clear()
        self.due.set_date(fields.due_on)
        self.urgent.setChecked(fields.urgent)
        for key, field in self.by_key.items():
            if isinstance(field.control, QLineEdit) and key != "due_on":
                field.control.setText(getattr(fields, key))

    def judge(self) -> bool:
        """Show every problem at its field and go to the first; True when there is none."""
        wrong = [field for field in self.by_key.values() if not field.judge()]
        if self._amount_problem():
            wrong.insert(0, self.by_key["amount"])
        if wrong:
            wrong[0].setFocus()
        return not wrong

    def _amount_problem(self) -> bool:
        line, field = self.amount.line, self.by_key["amount"]
        text = "" if line.text().strip() else self.tr("请填写金额。")
        field.say(text, Tone.STOP)
        return bool(text or line.problem())

    def _make_fields(self) -> None:
        self._field("payee_name", self.tr("收款户名"), self.payee, values.payee_name, needed=True)
        self._line("payee_account", self.tr("收款账号"), values.account, needed=True)
        self._line("payee_bank", self.tr("开户行"), _PLACE)
        self._line("payee_cnaps", self.tr("联行号"), values.cnaps)
        self._line("payee_city", self.tr("省市"), _NUMBER)
        self._field("payee_kind", self.tr("类型"), self.kind)
        self._field("account_number", self.tr("付款账户"), self.account, needed=True)
        self._field("amount", self.tr("金额"), self.amount, needed=True)
        self._field("due_on", self.tr("计划付款日"), self.due, self._date, needed=True)
        self._field("channel", self.tr("渠道"), self.channel)
        self._line(
            "purpose", self.tr("用途"), partial(values.within_bytes, limit=values.PURPOSE_BYTES)
        )
        self._line(
            "summary", self.tr("摘要"), partial(values.within_bytes, limit=values.SUMMARY_BYTES)
        )
        self._line("order_no", self.tr("订单号"), _NUMBER)
        self._line("contract_no", self.tr("合同号"), _NUMBER)
        self._line("invoice_no", self.tr("发票号"), _NUMBER)
        self.amount.amount_changed.connect(self.edited)

    def _line(
        self, key: str, title: str, rule: Callable[[str], object], *, needed: bool = False
    ) -> None:
        line = QLineEdit(self)
        line.setObjectName(f"payments_form_{key}")
        line.setAccessibleName(title)
        self._field(key, title, line, rule, needed=needed)

    def _field(
        self,
        key: str,
        title: str,
        control: QWidget,
        rule: Callable[[str], object] | None = None,
        *,
        needed: bool = False,
    ) -> None:
        field = FormField(key, title, control, self, needed=needed)
        if rule is not None:
            field.follow(rule)
        field.edited.connect(self.edited)
        self.by_key[key] = field

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        line = self.fontMetrics().height()
        grid.setHorizontalSpacing(line)
        for pair, keys in enumerate((_LEFT, _RIGHT)):
            grid.setColumnStretch(pair * 2 + 1, 1)
            for row, key in enumerate(keys):
                grid.addWidget(self.by_key[key].label, row, pair * 2)
                grid.addWidget(self.by_key[key], row, pair * 2 + 1)
        grid.addWidget(self.urgent, len(_RIGHT), 3)
        order = [*_LEFT, *_RIGHT]
        for before, after in pairwise(order):
            QWidget.setTabOrder(self.by_key[before].control, self.by_key[after].control)
        QWidget.setTabOrder(self.by_key[order[-1]].control, self.urgent)

    def _combo(self, key: str, title: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(f"payments_form_{key}")
        combo.setAccessibleName(title)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(20)
        combo.currentIndexChanged.connect(self.edited)
        return combo

    def _fill_combos(self) -> None:
        for account in self._choices.accounts:
            self.account.addItem(account.label, account.number)
        for channel in self._choices.channels:
            self.channel.addItem(channel.label, channel.code)
        for kind in PAYEE_KINDS:
            self.kind.addItem(kind_text(kind), kind)
        self.account.currentIndexChanged.connect(self._follow_account)
        self._follow_account()

    def _follow_account(self) -> None:
        chosen = self.account.currentData()
        for account in self._choices.accounts:
            if account.number == chosen:
                _choose(self.channel, account.default_channel)
                self._take_currency(account.currency)

    def _take_currency(self, currency: str) -> None:
        text = self.amount.line.text()
        self.amount.set_money(Money.zero(currency))
        self.amount.line.setText(text)

    def _picked(self, payee: KnownPayee, account: KnownAccount | None) -> None:
        _choose(self.kind, payee.kind)
        if account is None:
            return
        for key, text in (
            ("payee_account", account.number),
            ("payee_bank", account.bank),
            ("payee_cnaps", account.cnaps),
            ("payee_city", account.city),
        ):
            control = self.by_key[key].control
            assert isinstance(control, QLineEdit)
            control.setText(text)
        self.amount.setFocus()

    def _cnaps_remark(self, code: str) -> tuple[str, Tone]:
        """Banks give out numbers with a wrong check digit: a warning, never a refusal."""
        if code and not cnaps.is_valid(code):
            return self.tr("校验位不符，请与收款方核对联行号。"), Tone.WARN
        return cnaps.bank_of(code) or "" if code else "", Tone.MUTED

    def _date(self, _: str) -> object:
        return self.due.chosen()

    def _text(self, key: str) -> str:
        return self.by_key[key].text()


def _choose(combo: QComboBox, value: str) -> None:
    """Choose the value; one that is no longer offered is shown all the same."""
    at = combo.findData(value)
    if at < 0 and value:
        combo.addItem(value, value)
        at = combo.count() - 1
    combo.setCurrentIndex(at)

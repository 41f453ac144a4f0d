"""An agreement is entered, or its data are changed."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget
from typing_extensions import override

from app.access.guard import Actor
from app.accounts.choices import AccountChoice
from app.agreements import service
from app.agreements.fields import (
    BUSINESS_LABELS,
    FIELD_LABELS,
    KIND_LABELS,
    AgreementFields,
    Kind,
)
from app.agreements.queries import AgreementDetail
from app.agreements.rhythm import RHYTHM_LABELS, Rhythm
from app.core.clock import business_date
from app.core.errors import BadInput
from app.payees.queries import KnownAccount, KnownPayee
from app.storage.work import Database
from ui.context import Context
from ui.payments.payee_field import PayeeField
from ui.resume.form_dialog import FormDialog
from ui.widgets.date_field import DateField
from ui.widgets.money_edit import AmountLine

_LEFT: Final = (
    "payee_name",
    "payee_account",
    "payee_bank",
    "payee_cnaps",
    "customer_no",
    "account_number",
    "kind",
    "business",
    "number",
    "bank_no",
    "pboc_no",
    "contract_no",
    "keeper",
    "note",
)
_RIGHT: Final = (
    "rhythm",
    "first_debit_on",
    "amount",
    "single_limit",
    "daily_limit",
    "daily_count",
    "monthly_limit",
    "monthly_count",
    "signed_on",
    "starts_on",
    "ends_on",
    "notice_days",
    "late_rate",
    "breach",
)
_NEEDED: Final = frozenset({"payee_name", "account_number", "starts_on"})
_AMOUNTS: Final = frozenset({"amount", "single_limit", "daily_limit", "monthly_limit"})
_COUNTS: Final = frozenset({"daily_count", "monthly_count", "notice_days"})
_DAYS: Final = frozenset({"first_debit_on", "signed_on", "starts_on", "ends_on"})
_HINTS: Final = {
    "number": "不填由系统编号",
    "late_rate": "0.0005 即万分之五",
    "amount": "每期金额不固定的不填",
    "ends_on": "不填为长期",
    "first_debit_on": "以后各期按周期顺延",
    "customer_no": "收款单位给的户号",
}


class AgreementForm(FormDialog):
    """Two columns of fields; emits the number once it is stored."""

    saved = Signal(str)

    def __init__(
        self,
        context: Context,
        accounts: Sequence[AccountChoice],
        detail: AgreementDetail | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "agreements_form", parent)
        self._detail = detail
        title = self.tr("登记自动扣款协议")
        if detail is not None:
            title = self.tr("修改协议 %1").replace("%1", detail.line.number)
        self.entitle(title, self.tr("保存(&S)"))
        self._today = business_date(context.db.clock.now(), context.db.tz)
        self._accounts = tuple(accounts)
        self.controls: dict[str, Any] = {}
        self.fields.addRow(self._grid())
        self.reason: QLineEdit | None = None
        if detail is not None:
            self.reason = self.line("reason", self.tr("修改原因"), "", self.tr("将记入操作日志"))
            self._fill(detail.fields)
            self.controls["number"].setEnabled(False)
        else:
            self._choose("rhythm", Rhythm.MONTHLY)
            self._choose("business", "09001")
        line = self.fontMetrics().height()
        self.resize(line * 56, self.sizeHint().height())
        self.controls["payee_name"].setFocus()

    @override
    def start(self) -> None:
        fields, detail = self.values(), self._detail
        reason = "" if self.reason is None else self.reason.text()

        def act(db: Database, actor: Actor) -> str:
            if detail is None:
                return service.register(db, actor, fields)
            line = detail.line
            service.change(db, actor, line.number, fields, reason, line.version)
            return line.number

        self.run(act, self.saved.emit)

    def values(self) -> AgreementFields:
        """What the form says. Raises BadInput for an amount, count or day that can't be read."""
        read = {name: self._read(name) for name in (*_LEFT, *_RIGHT)}
        if read["starts_on"] is None:
            raise BadInput(self.tr("请填写生效日。"))
        chosen = [one for one in self._accounts if one.number == read["account_number"]]
        return AgreementFields(currency=chosen[0].currency if chosen else "CNY", **read)

    def _read(self, name: str) -> Any:
        control = self.controls[name]
        title = FIELD_LABELS[name]
        if isinstance(control, QComboBox):
            return str(control.currentData() or "")
        if name in _COUNTS:
            return _count(title, control.text())
        if name in _AMOUNTS | _DAYS:
            return _said(title, control.money if name in _AMOUNTS else control.chosen)
        return control.text()

    def _fill(self, fields: AgreementFields) -> None:
        for name, control in self.controls.items():
            value = getattr(fields, name)
            if isinstance(control, QComboBox):
                self._choose(name, value)
            elif name in _AMOUNTS:
                control.set_money(value)
            elif name in _DAYS:
                control.set_date(value)
            else:
                control.setText("" if value is None else str(value))

    def _choose(self, name: str, value: str) -> None:
        box = self.controls[name]
        box.setCurrentIndex(max(0, box.findData(str(value))))

    def _grid(self) -> QWidget:
        box = QWidget(self)
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(self.fontMetrics().height())
        for pair, names in enumerate((_LEFT, _RIGHT)):
            grid.setColumnStretch(pair * 2 + 1, 1)
            for row, name in enumerate(names):
                control = self._control(name, box)
                self.controls[name] = control
                needed = "*" if name in _NEEDED else ""
                label = QLabel(f"{FIELD_LABELS[name]}{needed}", box)
                label.setBuddy(control)
                grid.addWidget(label, row, pair * 2)
                grid.addWidget(control, row, pair * 2 + 1)
        return box

    def _control(self, name: str, box: QWidget) -> QWidget:
        full, title = f"agreements_form_{name}", FIELD_LABELS[name]
        if name == "payee_name":
            field = PayeeField(full, self.context, box)
            field.picked.connect(self._picked)
            return field
        if name in _AMOUNTS:
            return _hinted(AmountLine(full, title, "CNY", box), name)
        if name in _DAYS:
            return _hinted(DateField(full, title, self._today, box), name)
        choices = self._choices(name)
        if choices is None:
            return _hinted(QLineEdit(box), name, full, title)
        combo = QComboBox(box)
        combo.setObjectName(full)
        combo.setAccessibleName(title)
        for code, label in choices:
            combo.addItem(label, code)
        return combo

    def _choices(self, name: str) -> list[tuple[str, str]] | None:
        match name:
            case "account_number":
                return [(one.number, one.label) for one in self._accounts]
            case "kind":
                return [
                    (str(kind), KIND_LABELS[kind]) for kind in (Kind.DEBIT, Kind.CREDIT, Kind.QUERY)
                ]
            case "business":
                return list(BUSINESS_LABELS.items())
            case "rhythm":
                return [(str(one), label) for one, label in RHYTHM_LABELS.items()]
        return None

    def _picked(self, _payee: KnownPayee, account: KnownAccount | None) -> None:
        if account is None:
            return
        for name, text in (
            ("payee_account", account.number),
            ("payee_bank", account.bank),
            ("payee_cnaps", account.cnaps),
        ):
            self.controls[name].setText(text)


def _hinted(control: QLineEdit, name: str, full: str = "", title: str = "") -> QLineEdit:
    if full:
        control.setObjectName(full)
        control.setAccessibleName(title)
    control.setPlaceholderText(_HINTS.get(name, ""))
    return control


def _said(title: str, read: Callable[[], Any]) -> Any:
    """The value, or a refusal that names the field."""
    try:
        return read()
    except BadInput as problem:
        raise BadInput(f"{title}：{problem.message}", problem.hint) from problem


def _count(title: str, text: str) -> int | None:
    plain = text.strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit()):
        raise BadInput(f"{title}：“{plain}”不是整数。", "请填写数字，没有约定的请留空。")
    return int(plain)

"""Stopping payments: one, or everything of an account, a payee or the company."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.access.guard import Actor
from app.access.rights import Right
from app.accounts.choices import PayingChoices
from app.core.clock import business_date
from app.core.codes import HOLD_CAUSE_LABELS, HoldCause
from app.core.errors import Refused
from app.payees.queries import KnownAccount, KnownPayee
from app.payments import holds
from app.payments.holds import HoldResult, PlaceHold
from app.payments.lines import PaymentLine
from app.payments.reach import Reach, reach
from app.payments.states import SCOPE_LABELS, HoldScope
from app.storage.work import Database
from ui import messages
from ui.context import Context
from ui.payments.looks import money_text, sums_text
from ui.payments.payee_field import PayeeField
from ui.payments.running import start_act
from ui.theme import Tone, restyle, set_tone
from ui.widgets.banner import Banner
from ui.widgets.date_field import DateField


class HoldDialog(QDialog):
    """Says how many payments the stop would reach before it is placed."""

    placed = Signal(str, int)

    def __init__(
        self,
        context: Context,
        choices: PayingChoices,
        scope: HoldScope,
        line: PaymentLine | None,
        parent: QWidget | None = None,
        place: Callable[[Database, Actor, PlaceHold], HoldResult] = holds.place,
    ) -> None:
        super().__init__(parent)
        self._place = place
        self.setObjectName("payments_hold")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        single = scope is HoldScope.PAYMENT
        self.setWindowTitle(self.tr("停止付款") if single else self.tr("暂停付款"))
        self._context = context
        self._line = line
        self._payee_id = ""
        self._banner = Banner("payments_hold_banner", self)
        self._make_target(choices, scope)
        self._make_fields()
        self._make_buttons(single)
        self._lay_out(single)
        self._scope.currentIndexChanged.connect(self._scope_changed)
        self._account.currentIndexChanged.connect(self._look)
        self._scope_changed()
        (self._text if single else self._scope).setFocus()

    def _make_target(self, choices: PayingChoices, scope: HoldScope) -> None:
        self._scope = QComboBox(self)
        self._scope.setObjectName("payments_hold_scope")
        self._scope.setAccessibleName(self.tr("范围"))
        self._account = QComboBox(self)
        self._account.setObjectName("payments_hold_account")
        self._account.setAccessibleName(self.tr("付款账户"))
        for account in choices.accounts:
            self._account.addItem(account.label, account.number)
        self._payee = PayeeField("payments_hold_payee", self._context, self)
        self._payee.picked.connect(self._payee_picked)
        self._payee.textEdited.connect(self._payee_typed)
        self._said = QLabel(self)
        self._said.setObjectName("payments_hold_payment")
        self._said.setWordWrap(True)
        if self._line is not None:
            one = self._line
            self._said.setText(f"{one.number}　{one.payee}　{money_text(one.amount)}")
        wide = (HoldScope.COMPANY, HoldScope.ACCOUNT, HoldScope.PAYEE)
        offered = [HoldScope.PAYMENT] if scope is HoldScope.PAYMENT else list(wide)
        for one_scope in offered:
            self._scope.addItem(SCOPE_LABELS[one_scope], one_scope)
        self._scope.setCurrentIndex(offered.index(scope))
        self._reach = QLabel(self)
        self._reach.setObjectName("payments_hold_reach")
        self._reach.setWordWrap(True)

    def _make_fields(self) -> None:
        db = self._context.db
        self._cause = QComboBox(self)
        self._cause.setObjectName("payments_hold_cause")
        self._cause.setAccessibleName(self.tr("原因"))
        for cause in HoldCause:
            self._cause.addItem(HOLD_CAUSE_LABELS[cause], cause)
        self._text = QPlainTextEdit(self)
        self._text.setObjectName("payments_hold_text")
        self._text.setAccessibleName(self.tr("原因说明"))
        self._text.setTabChangesFocus(True)
        self._text.setMaximumHeight(self.fontMetrics().height() * 5)
        self._text.textChanged.connect(self._judge)
        today = business_date(db.clock.now(), db.tz)
        self._until = DateField("payments_hold_until", self.tr("暂停至"), today, self)
        self._until.setPlaceholderText(self.tr("不填：直到解除"))
        self._until.textChanged.connect(self._judge)
        self._evidence = QLineEdit(self)
        self._evidence.setObjectName("payments_hold_evidence")
        self._evidence.setAccessibleName(self.tr("依据"))
        self._evidence.setPlaceholderText(self.tr("通知、邮件、合同条款等（可不填）"))

    def _make_buttons(self, single: bool) -> None:
        self._buttons = QDialogButtonBox(self)
        self._yes = QPushButton(self.tr("立即停止") if single else self.tr("立即暂停"), self)
        self._yes.setObjectName("payments_hold_yes")
        self._yes.setAccessibleName(self._yes.text())
        restyle(self._yes, "kind", "danger")
        self._buttons.addButton(self._yes, QDialogButtonBox.ButtonRole.AcceptRole)
        no = self._buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        no.setObjectName("payments_hold_no")
        self._buttons.accepted.connect(self.place)
        self._buttons.rejected.connect(self.reject)

    def _lay_out(self, single: bool) -> None:
        self._form = QFormLayout()
        if not single:
            self._form.addRow(self.tr("范围"), self._scope)
        self._form.addRow(self.tr("付款账户"), self._account)
        self._form.addRow(self.tr("收款方"), self._payee)
        self._form.addRow(self.tr("付款指令"), self._said)
        self._form.addRow(self.tr("影响范围"), self._reach)
        self._form.addRow(self.tr("原因"), self._cause)
        self._form.addRow(self.tr("原因说明 *"), self._text)
        self._form.addRow(self.tr("暂停至"), self._until)
        self._form.addRow(self.tr("依据"), self._evidence)
        self._scope.setVisible(not single)
        column = QVBoxLayout(self)
        column.addWidget(self._banner)
        column.addLayout(self._form)
        column.addStretch(1)
        column.addWidget(self._buttons)
        self.setMinimumWidth(self.fontMetrics().height() * 34)

    def place(self) -> None:
        """Place the hold; the dialog stays open with its texts when it is refused."""
        context = self._context
        command = PlaceHold(
            self._chosen(),
            self._target(),
            HoldCause(self._cause.currentData()),
            self._text.toPlainText(),
            self._until.chosen(),
            self._evidence.text(),
        )
        self._yes.setEnabled(False)
        start_act(
            context,
            self,
            lambda _: self._place(context.db, context.actor, command),
            self._placed,
            self._refused,
        )

    def _chosen(self) -> HoldScope:
        return HoldScope(self._scope.currentData())

    def _target(self) -> str:
        match self._chosen():
            case HoldScope.ACCOUNT:
                return str(self._account.currentData() or "")
            case HoldScope.PAYEE:
                return self._payee_id
            case HoldScope.PAYMENT:
                return self._line.number if self._line else ""
            case HoldScope.COMPANY:
                return ""

    def _scope_changed(self) -> None:
        scope = self._chosen()
        for shown, widget in (
            (HoldScope.ACCOUNT, self._account),
            (HoldScope.PAYEE, self._payee),
            (HoldScope.PAYMENT, self._said),
        ):
            self._form.setRowVisible(widget, scope is shown)
        self._look()

    def _payee_typed(self) -> None:
        self._payee_id = ""
        self._look()

    def _payee_picked(self, payee: KnownPayee, _: KnownAccount | None) -> None:
        self._payee_id = str(payee.id)
        self._look()

    def _look(self) -> None:
        """Ask what the stop would reach."""
        self._judge()
        context, scope, target = self._context, self._chosen(), self._target()
        if scope is HoldScope.PAYEE and not target:
            self._tell(self.tr("请从列表中选择收款方。"), Tone.MUTED)
            return
        context.tasks.start_latest(
            (id(self), "reach"),
            lambda _: reach(context.db, context.actor, scope, target),
            self._show_reach,
            self._no_reach,
            owner=self,
        )

    def _show_reach(self, found: Reach) -> None:
        if not found.count:
            self._tell(self.tr("目前没有可拦截的付款；以后录入的付款也会被拦截。"), Tone.WARN)
            return
        text = self.tr("将拦截 %1 笔，合计 %2").replace("%1", f"{found.count:,}")
        text = text.replace("%2", sums_text(found.sums))
        if found.stopped:
            more = self.tr("（其中 %1 笔已处于停付）").replace("%1", f"{found.stopped:,}")
            text += more
        self._tell(text, Tone.STOP)

    def _no_reach(self, error: BaseException) -> None:
        if isinstance(error, Refused):
            self._tell(error.message, Tone.WARN)
        else:
            messages.present(self, error, self._banner)

    def _tell(self, text: str, tone: Tone) -> None:
        self._reach.setText(text)
        set_tone(self._reach, tone)

    def _judge(self) -> None:
        whys: Sequence[tuple[bool, str]] = (
            (not self._allowed(), self.tr("您没有暂停账户、收款方或全公司付款的权限。")),
            (
                self._chosen() is HoldScope.PAYEE and not self._payee_id,
                self.tr("请先选择收款方。"),
            ),
            (not self._text.toPlainText().strip(), self.tr("请先填写原因说明。")),
            (bool(self._until.problem()), self._until.problem()),
        )
        why = next((text for wrong, text in whys if wrong), "")
        self._yes.setEnabled(not why)
        self._yes.setToolTip(why)

    def _allowed(self) -> bool:
        single = self._chosen() is HoldScope.PAYMENT
        return self._context.may(Right.HOLD_PLACE if single else Right.HOLD_PLACE_WIDE)

    def _placed(self, result: HoldResult) -> None:
        self.placed.emit(result.number, len(result.stopped))
        self.accept()

    def _refused(self, error: BaseException) -> None:
        self._judge()
        messages.present(self, error, self._banner)

"""A new payment, or a change of one that has not gone to the bank."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.accounts.choices import PayingChoices
from app.core.clock import business_date
from app.core.errors import BadInput
from app.payments import editing
from app.payments.detail import payment_detail
from app.payments.editing import BINDING, PaymentFields
from app.payments.errors import PaymentChanged
from app.payments.records import PaymentDetail
from app.payments.states import Status
from ui import messages
from ui.context import Context
from ui.payments.conflict_view import ConflictView
from ui.payments.form_body import FormBody
from ui.payments.running import start_act
from ui.theme import Tone, set_tone
from ui.widgets.banner import Banner, Severity

_UNAPPROVED = frozenset({Status.DRAFT, Status.SENT_BACK})


@dataclass(frozen=True, slots=True)
class Beginning:
    """A new payment that somebody asks for: what it begins with, and how it is stored.

    fields: an amount of zero has to be typed. store: makes the payment and gives its number.
    """

    title: str
    said: str
    fields: PaymentFields
    store: Callable[[PaymentFields], str]


class PaymentForm(QDialog):
    """Keeps what was typed until it is stored, also when another desk was faster."""

    saved = Signal(str)

    def __init__(
        self,
        context: Context,
        choices: PayingChoices,
        detail: PaymentDetail | None,
        parent: QWidget | None = None,
        beginning: Beginning | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("payments_form")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._detail = detail
        self._beginning = beginning
        number = detail.line.number if detail else ""
        title = self.tr("修改付款 %1").replace("%1", number) if detail else self.tr("新增付款")
        self.setWindowTitle(beginning.title if beginning else title)
        self._banner = Banner("payments_form_banner", self)
        self._conflict = ConflictView("payments_form_conflict", choices.channel_name, self)
        self._conflict.keep_mine.connect(self._keep_mine)
        self._conflict.take_theirs.connect(self._take_theirs)
        db = context.db
        self.body = FormBody(context, choices, business_date(db.clock.now(), db.tz), self)
        self._voids = QLabel(self)
        self._voids.setObjectName("payments_form_voids")
        self._voids.setWordWrap(True)
        set_tone(self._voids, Tone.WARN)
        self._reason = QLineEdit(self)
        self._reason.setObjectName("payments_form_reason")
        self._reason.setAccessibleName(self.tr("修改原因"))
        self._reason.setPlaceholderText(self.tr("修改原因（将记入操作日志）"))
        self._reason.setVisible(detail is not None)
        self._make_buttons()
        self._lay_out()
        if detail is not None:
            self.body.set_fields(detail.fields)
        if beginning is not None:
            self.body.set_fields(beginning.fields)
            self._banner.show_message(Severity.INFO, beginning.said)
        self._start = self._values()
        self.body.edited.connect(self._look)
        self._look()
        known = beginning is not None
        (self.body.amount if known else self.body.payee).setFocus()

    def _make_buttons(self) -> None:
        self._buttons = QDialogButtonBox(self)
        self._save = QPushButton(self.tr("保存"), self)
        self._save.setObjectName("payments_form_save")
        self._save.setAccessibleName(self.tr("保存"))
        self._save.setDefault(True)
        self._buttons.addButton(self._save, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = self._buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setObjectName("payments_form_cancel")
        self._buttons.accepted.connect(self.save)
        self._buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        inner = QWidget(self)
        within = QVBoxLayout(inner)
        within.addWidget(self.body)
        within.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        inner.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.addWidget(self._banner)
        column.addWidget(self._conflict)
        column.addWidget(area, 1)
        column.addWidget(self._voids)
        column.addWidget(self._reason)
        column.addWidget(self._buttons)
        line = self.fontMetrics().height()
        self.resize(line * 54, line * 30)

    def save(self) -> None:
        """Store the form, unless a field is wrong."""
        if not self.body.judge():
            return
        self._banner.clear()
        fields, context, detail = self.body.fields(), self._context, self._detail
        beginning = self._beginning
        reason = self._reason.text().strip()
        self._save.setEnabled(False)

        def work(_: object) -> str:
            if beginning is not None:
                return beginning.store(fields)
            if detail is None:
                return editing.create(context.db, context.actor, fields)
            line = detail.line
            editing.edit(context.db, context.actor, line.number, fields, reason, line.version)
            return line.number

        start_act(context, self, work, self._stored, self._refused)

    @override
    def reject(self) -> None:
        if self._values() == self._start:
            super().reject()
            return
        messages.confirm(
            self,
            self.tr("放弃填写的内容？"),
            self.tr("填写的内容还没有保存。"),
            self._give_up,
            yes=self.tr("放弃"),
            no=self.tr("继续填写"),
            danger=True,
        )

    def _give_up(self) -> None:
        super().reject()

    def _stored(self, number: str) -> None:
        self.saved.emit(number)
        self.accept()

    def _refused(self, error: BaseException) -> None:
        self._save.setEnabled(True)
        messages.present(self, error, self._banner)
        if isinstance(error, PaymentChanged) and self._detail is not None:
            context, number = self._context, self._detail.line.number
            context.tasks.start(
                lambda _: payment_detail(context.db, context.actor, number),
                self._show_conflict,
                messages.presenter(self, self._banner),
                owner=self,
            )

    def _show_conflict(self, now: PaymentDetail) -> None:
        assert self._detail is not None
        self._conflict.show_conflict(self._detail.fields, now, self.body.fields())
        self._save.setEnabled(False)
        self._save.setToolTip(self.tr("请先在上方选择如何处理对方的修改"))

    def _keep_mine(self, now: PaymentDetail) -> None:
        """What was typed here stays; what was not touched here becomes what it is now."""
        assert self._detail is not None
        opened, mine = self._detail.fields, self._values()
        if isinstance(mine, str):
            self.body.judge()
            return
        keys = PaymentFields.__dataclass_fields__
        typed = {k: getattr(mine, k) for k in keys if getattr(mine, k) != getattr(opened, k)}
        self.body.set_fields(replace(now.fields, **typed))
        self._resolved(now)

    def _take_theirs(self, now: PaymentDetail) -> None:
        self.body.set_fields(now.fields)
        self._resolved(now)

    def _resolved(self, now: PaymentDetail) -> None:
        self._detail = now
        self._conflict.hide()
        self._banner.clear()
        self._save.setEnabled(True)
        self._save.setToolTip("")
        self._look()

    def _look(self) -> None:
        """Say beforehand what saving would cost."""
        mine, detail = self._values(), self._detail
        bound = (
            isinstance(mine, PaymentFields)
            and detail is not None
            and detail.line.status not in _UNAPPROVED
            and any(getattr(mine, key) != getattr(detail.fields, key) for key in BINDING)
        )
        self._voids.setVisible(bound)
        self._voids.setText(
            self.tr("金额、付款账户或收款信息已改动：保存后已有的审批失效，须重新提交审批。")
        )

    def _values(self) -> PaymentFields | str:
        """What the form says; a text when amount or date can't be read yet."""
        try:
            return self.body.fields()
        except BadInput as error:
            return error.message

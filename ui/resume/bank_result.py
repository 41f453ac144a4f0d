"""银行办理: handing one payment to the bank, and recording what the bank says."""

from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.access.rights import Right
from app.accounts.choices import PayingChoices, paying_choices
from app.core.clock import local_text
from app.payments import sending
from app.payments.answers import CHECK_LABELS, CheckResult
from app.payments.attempts import ATTEMPT_LABELS
from app.payments.detail import payment_detail
from app.payments.records import AttemptLine, CheckLine, PaymentDetail
from app.payments.states import STATUS_LABELS, AttemptState, Status, debited, undecided
from ui import messages
from ui.context import Context
from ui.payments.looks import STATUS_LOOKS, money_text
from ui.payments.running import start_act
from ui.resume.bank_dialogs import (
    AnswerDialog,
    CheckDialog,
    CorrectionDialog,
    answerable,
    checkable,
)
from ui.resume.pieces import heading, tr
from ui.tasks import Progress
from ui.theme import Tone, restyle
from ui.widgets.banner import Banner, Severity
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_values import KeyValue, KeyValues
from ui.widgets.timeline import Entry, Timeline

_TONES = {
    AttemptState.SUCCEEDED: ("checkbox-circle-line", Tone.OK),
    AttemptState.FAILED: ("close-circle-line", Tone.STOP),
    AttemptState.RETURNED: ("arrow-go-back-line", Tone.STOP),
    AttemptState.UNKNOWN: ("question-line", Tone.UNKNOWN),
}
# What comes next: its button stands out.
_NEXT: Final = {
    Status.READY: "send",
    Status.SUBMITTED: "answer",
    Status.BANK_PROCESSING: "answer",
    Status.UNKNOWN: "check",
}


class BankResultPage(QWidget):
    """The payment, its attempts and checks, and what may be recorded now."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bank_result")
        self._context = context
        self._number = ""
        self._bank = ""
        self._detail: PaymentDetail | None = None
        self._busy = False
        self.banner = Banner("bank_result.banner", self)
        self.warning = Banner("bank_result.warning", self)
        self._failed = messages.presenter(self, self.banner)
        self.facts = KeyValues("bank_result.facts", 2, self)
        self.send = self._button("send", self.tr("提交银行(&S)"))
        self.send.clicked.connect(self.write_attempt)
        self.answer = self._button("answer", self.tr("登记银行结果(&R)…"))
        self.answer.clicked.connect(self._record_answer)
        self.check = self._button("check", self.tr("登记银行核实结果(&C)…"))
        self.check.clicked.connect(self._record_check)
        self.correct = self._button("correct", self.tr("申请更正结果(&X)…"))
        self.correct.clicked.connect(self._ask_correction)
        self.history = Timeline("bank_result.history", self)
        self.empty = EmptyState("bank_result.empty", self)
        self.empty.acted.connect(lambda: context.navigate.emit("payments", None))
        refresh = QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self)
        refresh.activated.connect(self.reload)
        self._lay_out()
        self._show_empty(self.tr("请在付款列表中选择一笔付款，点击“提交银行”或“登记银行结果”。"))

    def show_argument(self, argument: object) -> None:
        """Show the payment of that number."""
        self._number, self._detail = str(argument), None
        self.banner.clear()
        self.reload()

    def reload(self) -> None:
        """Read the payment again."""
        if not self._number:
            return
        db, actor, number = self._context.db, self._context.actor, self._number

        def work(_: Progress) -> tuple[PaymentDetail, PayingChoices]:
            return payment_detail(db, actor, number), paying_choices(db, actor)

        key = (id(self), "bank_result")
        self._context.tasks.start_latest(key, work, self._show, self._not_read, owner=self)

    def write_attempt(self) -> None:
        """Hand the payment to the bank, once the user has agreed."""
        detail = self._detail
        if detail is None or self._busy:
            return
        line = detail.line
        text = self.tr("登记为已提交银行：%1，%2，金额 %3。")
        for mark, value in (
            ("%1", line.number),
            ("%2", line.payee),
            ("%3", money_text(line.amount)),
        ):
            text = text.replace(mark, value)
        messages.confirm(
            self,
            self.tr("提交银行"),
            text,
            self._send,
            yes=self.tr("提交银行"),
            detail=self.tr("先登记再到网银或银企直联操作；银行答复后请登记结果。"),
        )

    def _send(self) -> None:
        detail, context = self._detail, self._context
        if detail is None:
            return
        line = detail.line

        def work(_: Progress) -> int:
            facts = context.system_facts()
            return sending.write_attempt(
                context.db, context.actor, line.number, line.version, facts
            )

        self._set_busy(True)
        start_act(context, self, work, self._sent, self._refused)

    def _sent(self, ordinal: int) -> None:
        self._set_busy(False)
        text = self.tr("第 %1 次提交已登记。请在银行操作后登记银行结果。")
        self.banner.show_message(Severity.OK, text.replace("%1", str(ordinal)))

    def _refused(self, error: BaseException) -> None:
        self._set_busy(False)
        self._failed(error)
        self.reload()

    def _record_answer(self) -> None:
        if self._detail is None:
            return
        dialog = AnswerDialog(self._context, self._detail, self._bank, self)
        dialog.recorded.connect(self._recorded)
        dialog.open()

    def _record_check(self) -> None:
        if self._detail is None:
            return
        dialog = CheckDialog(self._context, self._detail, self)
        dialog.recorded.connect(self._recorded)
        dialog.open()

    def _ask_correction(self) -> None:
        if self._detail is None:
            return
        dialog = CorrectionDialog(self._context, self._detail, self)
        dialog.accepted.connect(self._asked)
        dialog.open()

    def _recorded(self, number: str) -> None:
        self.banner.show_message(Severity.OK, self.tr("%1 已登记。").replace("%1", number))

    def _asked(self) -> None:
        text = self.tr("更正申请已提交，须财务主管和财务总监两人批准。")
        self.banner.show_message(Severity.OK, text)

    def _not_read(self, error: BaseException) -> None:
        if self._detail is None:
            self._show_empty(self.tr("没有打开付款。"), self.tr("回到付款列表"))
        self._failed(error)

    def _show(self, found: tuple[PaymentDetail, PayingChoices]) -> None:
        detail, choices = found
        self._detail, self._bank = detail, _bank_of(choices, detail.fields.account_number)
        self.empty.hide()
        self._body.show()
        self.facts.set_lines(list(_facts(detail, self._bank, choices.channel_name)))
        self.history.set_entries(_entries(detail, choices.channel_name))
        self._warn(detail)
        self._offer()

    def _warn(self, detail: PaymentDetail) -> None:
        """Say what 状态不明 and two debits mean, as long as they last."""
        paid, unsettled = debited(detail.attempts), undecided(detail.attempts)
        if len(paid) > 1:
            self.warning.show_message(
                Severity.STOP,
                self.tr("重复扣款：本笔有 %1 次提交均已扣款。").replace("%1", str(len(paid))),
                self.tr("请立即联系银行和收款方追回；款项退回后登记该次提交的退票。"),
            )
        elif paid and unsettled:
            self.warning.show_message(
                Severity.STOP,
                self.tr("可能重复扣款：本笔已有一次提交扣款，另一次结果未定。"),
                self.tr("请立即联系银行撤回未定的那次提交，再登记银行的答复。"),
            )
        elif detail.line.status is Status.UNKNOWN:
            self.warning.show_message(
                Severity.WARN,
                self.tr(
                    "状态不明：款项可能已经扣出，也可能没有。查明前不能重新提交，也不要另行付款。"
                ),
                self.tr("请先向银行核实是否扣款，再点“登记银行核实结果”。"),
            )
        else:
            self.warning.clear()

    def _offer(self) -> None:
        if self._detail is None:
            return
        status = self._detail.line.status
        offers = (
            (self.send, Right.PAYMENT_SEND, status is Status.READY),
            (self.answer, Right.BANK_ANSWER_RECORD, bool(answerable(self._detail))),
            (self.check, Right.BANK_ANSWER_RECORD, bool(checkable(self._detail))),
            (self.correct, Right.BANK_ANSWER_RECORD, status is Status.EXECUTED),
        )
        for button, right, fits in offers:
            why = "" if fits else self.tr("当前为“%1”，不能办理。")
            why = why.replace("%1", STATUS_LABELS[status])
            why = self._context.why_denied(right) or why
            button.setEnabled(not why and not self._busy)
            button.setToolTip(why)
            following = button.objectName() == f"bank_result.{_NEXT.get(status, '')}"
            usual = "danger" if button is self.correct else ""
            restyle(button, "kind", "primary" if following and not why else usual)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._offer()

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"bank_result.{name}")
        button.setAccessibleName(text.split("(", maxsplit=1)[0])
        return button

    def _lay_out(self) -> None:
        line = self.fontMetrics().height()
        self._body = QWidget(self)
        bar = QHBoxLayout()
        for button in (self.send, self.answer, self.check, self.correct):
            bar.addWidget(button)
        bar.addStretch(1)
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(line * 2 // 3)
        inside.addWidget(self.facts)
        inside.addLayout(bar)
        inside.addWidget(heading(self.tr("提交与核实记录"), self._body))
        inside.addWidget(self.history, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(line, line, line, line)
        column.addWidget(self.banner)
        column.addWidget(self.warning)
        column.addWidget(self._body, 1)
        column.addWidget(self.empty, 1)

    def _show_empty(self, text: str, action: str = "") -> None:
        self._body.hide()
        self.warning.clear()
        self.empty.show_state(text, action, "bank-line")
        self.empty.show()


def _bank_of(choices: PayingChoices, account_number: str) -> str:
    """The bank that pays, as the table of answers knows it."""
    found = (one.bank for one in choices.accounts if one.number == account_number)
    return next(found, "")


def _facts(detail: PaymentDetail, bank: str, channel: Callable[[str], str]) -> Iterator[KeyValue]:
    line, fields = detail.line, detail.fields
    _, tone = STATUS_LOOKS[line.status]
    yield KeyValue("number", tr("指令号"), line.number, bold=True)
    yield KeyValue("status", tr("状态"), STATUS_LABELS[line.status], tone, bold=True)
    yield KeyValue("payee", tr("收款方"), line.payee)
    yield KeyValue("amount", tr("金额"), money_text(line.amount), bold=True)
    yield KeyValue("payee_account", tr("收款账号"), f"{line.payee_account}　{fields.payee_bank}")
    yield KeyValue("payer", tr("付款账户"), f"{bank}　{fields.account_number}")
    yield KeyValue("channel", tr("渠道"), channel(fields.channel))
    yield KeyValue("next", tr("下次执行时间"), local_text(line.next_execution_at))
    yield KeyValue("answer", tr("银行答复"), f"{detail.bank_code} {detail.bank_text}".strip())


def _entries(detail: PaymentDetail, channel: Callable[[str], str]) -> list[Entry]:
    found = [(one.answered_at or one.written_at, _attempt(one, channel)) for one in detail.attempts]
    found += [(one.asked_at, _check(one)) for one in detail.checks]
    if not found:
        return [Entry("", "", tr("尚未提交银行"), tr("银行核实、答复都会列在这里。"))]
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _attempt(one: AttemptLine, channel: Callable[[str], str]) -> Entry:
    what = tr("第 %1 次提交：%2").replace("%1", str(one.ordinal))
    what = what.replace("%2", ATTEMPT_LABELS[one.state])
    answered = local_text(one.answered_at) or tr("尚未答复")
    parts = (channel(one.channel), answered, f"{one.code} {one.text}".strip(), one.reference)
    said = "　".join(filter(None, parts))
    icon, tone = _TONES.get(one.state, ("send-plane-line", Tone.ACCENT))
    return Entry(local_text(one.written_at), one.by, what, said, icon, tone)


def _check(one: CheckLine) -> Entry:
    what = tr("银行核实：%1").replace("%1", CHECK_LABELS[CheckResult(one.result)])
    said = tr("银行经办人 %1　%2").replace("%1", one.bank_person).replace("%2", one.evidence)
    return Entry(local_text(one.asked_at), one.recorded_by, what, said, "phone-line", Tone.ACCENT)

"""What the bank said: an answer, a check, or that a recorded success was none."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget
from typing_extensions import override

from app.access.guard import Actor
from app.core.clock import business_date, local_text
from app.core.codes import REASON_LABELS, AnswerOutcome, classify_answer
from app.core.errors import BadInput
from app.payments import answers, corrections
from app.payments.answers import CHECK_LABELS, BankAnswer, CheckResult, RecordCheck
from app.payments.attempts import ATTEMPT_LABELS
from app.payments.records import AttemptLine, PaymentDetail
from app.payments.states import ANSWERABLE, CHECKABLE, LIVE_ATTEMPTS, debited, undecided
from app.storage.work import Database
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note, tr
from ui.theme import Tone, set_tone
from ui.widgets.date_field import DateField

OUTCOMES: Final[dict[AnswerOutcome, tuple[Callable[[], str], Tone]]] = {
    AnswerOutcome.SUCCEEDED: (lambda: tr("✓ 成功"), Tone.OK),
    AnswerOutcome.FAILED: (lambda: tr("✕ 失败"), Tone.STOP),
    AnswerOutcome.PENDING: (lambda: tr("◷ 银行处理中"), Tone.ACCENT),
    AnswerOutcome.UNKNOWN: (lambda: tr("? 状态不明"), Tone.UNKNOWN),
    AnswerOutcome.RETURNED: (lambda: tr("↩ 退票"), Tone.STOP),
}


class AttemptChoice(QComboBox):
    """Which try the bank speaks of; the newest that is still open stands first."""

    def __init__(self, name: str, attempts: Sequence[AttemptLine], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tr("哪一次提交"))
        for one in sorted(attempts, key=lambda one: (one.state in LIVE_ATTEMPTS, one.ordinal)):
            text = tr("第 %1 次提交　%2　%3").replace("%1", str(one.ordinal))
            text = text.replace("%2", local_text(one.written_at))
            self.insertItem(0, text.replace("%3", ATTEMPT_LABELS[one.state]), one.ordinal)
        self.setCurrentIndex(0)

    def ordinal(self) -> int | None:
        """The chosen try; None where there is none to choose from."""
        chosen = self.currentData()
        return None if chosen is None else int(chosen)


class AnswerDialog(FormDialog):
    """Records the bank's code and text, and says at once what they mean."""

    recorded = Signal(str)

    def __init__(
        self, context: Context, detail: PaymentDetail, bank: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "answer", parent)
        number = detail.line.number
        self.entitle(self.tr("登记银行结果 %1").replace("%1", number), self.tr("登记结果(&S)"))
        self._number, self._bank = number, bank
        self.said("bank", self.tr("付款银行"), bank)
        self.attempt = AttemptChoice("answer.attempt", answerable(detail), self)
        self.fields.addRow(self.tr("提交记录"), self.attempt)
        self.code = self.line("code", self.tr("返回码"), "", self.tr("照抄银行返回的代码"))
        self.text = self.line("text", self.tr("返回信息"), "", self.tr("照抄银行返回的文字"))
        self.reference = self.line("reference", self.tr("银行流水号"))
        self.meaning = note("answer.meaning", "", self)
        self.fields.addRow(self.tr("含义"), self.meaning)
        for field in (self.code, self.text):
            field.textChanged.connect(self._explain)
        self._explain()
        self.code.setFocus()

    @override
    def start(self) -> None:
        answer = BankAnswer(
            self._number,
            self.code.text().strip(),
            self.text.text().strip(),
            self.reference.text().strip(),
            attempt=self.attempt.ordinal(),
        )
        if not answer.code and not answer.text:
            raise BadInput(self.tr("请填写银行返回码或返回信息。"))
        self.run(
            lambda db, actor: answers.record_answer(db, actor, answer),
            lambda _: self.recorded.emit(self._number),
        )

    def _explain(self) -> None:
        if not self.code.text().strip() and not self.text.text().strip():
            self.meaning.setText(self.tr("填写后显示系统的判断。"))
            set_tone(self.meaning, Tone.MUTED)
            return
        found = classify_answer(self._bank, self.code.text(), self.text.text())
        said, tone = OUTCOMES[found.outcome]
        reason = f"（{REASON_LABELS[found.reason]}）" if found.reason else ""
        first = self.tr("先做：%1").replace("%1", found.first_action) if found.first_action else ""
        self.meaning.setText("\n".join(filter(None, (f"{said()}{reason}：{found.meaning}", first))))
        set_tone(self.meaning, tone)


class CheckDialog(FormDialog):
    """Records what the bank said when somebody asked: 已扣 / 未扣 / 不明."""

    recorded = Signal(str)

    def __init__(
        self,
        context: Context,
        detail: PaymentDetail,
        parent: QWidget | None = None,
        record: Callable[[Database, Actor, RecordCheck], object] = answers.record_check,
    ) -> None:
        super().__init__(context, "check", parent)
        self._record = record
        number = detail.line.number
        self.entitle(self.tr("登记银行核实 %1").replace("%1", number), self.tr("登记核实(&S)"))
        self._number, self._tries = number, detail.attempts
        now = context.db.clock.now().astimezone(context.db.tz)
        self.attempt = AttemptChoice("check.attempt", checkable(detail), self)
        self.attempt.currentIndexChanged.connect(self._explain)
        self.fields.addRow(self.tr("提交记录"), self.attempt)
        self.answer = QComboBox(self)
        self.answer.setObjectName("check.answer")
        self.answer.setAccessibleName(self.tr("核实结果"))
        self.answer.addItem(self.tr("请选择"), None)
        for one, label in CHECK_LABELS.items():
            self.answer.addItem(label, one)
        self.answer.activated.connect(self._explain)
        self.fields.addRow(self.tr("核实结果"), self.answer)
        self.consequence = note("check.consequence", "", self, Tone.MUTED)
        self.fields.addRow("", self.consequence)
        self.person = self.line("person", self.tr("银行经办人"), "", self.tr("姓名、网点、工号"))
        self.day = DateField("check.day", self.tr("核实日期"), business_date(now), self)
        self.day.set_date(now.date())
        self.at = QLineEdit(now.strftime("%H:%M"), self)
        self.at.setObjectName("check.time")
        self.at.setAccessibleName(self.tr("核实时刻"))
        row = QHBoxLayout()
        row.addWidget(self.day, 2)
        row.addWidget(self.at, 1)
        self.fields.addRow(self.tr("核实时间"), row)
        self.evidence = self.area(
            "evidence", self.tr("依据"), self.tr("回单号、通话录音编号、网银查询截图等")
        )
        self.answer.setFocus()

    @override
    def start(self) -> None:
        command = self._command()
        self.run(
            lambda db, actor: self._record(db, actor, command),
            lambda _: self.recorded.emit(self._number),
        )

    def _command(self) -> RecordCheck:
        result = self.answer.currentData()
        if result is None:
            raise BadInput(self.tr("请选择核实结果。"))
        day = self.day.chosen()
        if day is None:
            raise BadInput(self.tr("请填写核实日期。"))
        try:
            at = time.fromisoformat(self.at.text().strip().replace("：", ":"))
        except ValueError:
            said = self.tr("“%1”不是有效的时刻。").replace("%1", self.at.text())
            raise BadInput(said, self.tr("时刻请写成 14:05。")) from None
        asked = datetime.combine(day, at, self.context.db.tz)
        if asked > self.context.db.clock.now():
            raise BadInput(self.tr("核实时间不能晚于现在。"))
        return RecordCheck(
            self._number,
            CheckResult(result),
            self.person.text(),
            asked,
            self.evidence.toPlainText(),
            self.attempt.ordinal(),
        )

    def _explain(self) -> None:
        chosen = self.attempt.ordinal()
        others = [one for one in self._tries if one.ordinal != chosen]
        if debited(others):
            said = {
                CheckResult.DEBITED: self.tr("登记后本笔有两次扣款，属于重复扣款，须立即追回。"),
                CheckResult.NOT_DEBITED: self.tr("登记后该次提交记为失败，另一次的扣款仍然有效。"),
            }
        elif undecided(others):
            said = {
                CheckResult.DEBITED: self.tr(
                    "登记后该次提交记为成功；另一次提交结果未定，可能重复扣款，请立即核实。"
                ),
                CheckResult.NOT_DEBITED: self.tr("登记后该次提交记为失败，本笔仍等另一次的结果。"),
            }
        else:
            said = {
                CheckResult.DEBITED: self.tr(
                    "登记后本笔转为“已执行”，以该次提交的内容为准，不能再付。"
                ),
                CheckResult.NOT_DEBITED: self.tr("登记后本笔转为“执行失败”，可以申请恢复。"),
            }
        said[CheckResult.UNCLEAR] = self.tr("登记后该次提交为“状态不明”，不能重新提交。")
        self.consequence.setText(said.get(self.answer.currentData(), ""))


def answerable(detail: PaymentDetail) -> list[AttemptLine]:
    """The tries that the bank may answer to: open ones, and successes, which may come back."""
    return [one for one in detail.attempts if one.state in ANSWERABLE]


def checkable(detail: PaymentDetail) -> list[AttemptLine]:
    """The tries that the bank may be asked about: open ones, and failures, which may be none."""
    return [one for one in detail.attempts if one.state in CHECKABLE]


class CorrectionDialog(FormDialog):
    """Asks that a recorded success be changed to failed; two other persons decide."""

    recorded = Signal(str)

    def __init__(
        self, context: Context, detail: PaymentDetail, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "correction", parent)
        number = detail.line.number
        self.entitle(
            self.tr("申请更正银行结果 %1").replace("%1", number), self.tr("提交更正申请(&S)")
        )
        self._number = number
        self.fields.addRow(
            note(
                "correction.said",
                self.tr(
                    "把“已执行”更正为“执行失败”后可以再次付款，有重复付款的风险，"
                    "须财务主管和财务总监两人批准。"
                ),
                self,
                Tone.WARN,
            )
        )
        self.attempt = AttemptChoice("correction.attempt", debited(detail.attempts), self)
        self.fields.addRow(self.tr("提交记录"), self.attempt)
        self.reason = self.area(
            "reason", self.tr("更正依据"), self.tr("银行出具的未成功证明、对账单等")
        )
        self.reason.setFocus()

    @override
    def start(self) -> None:
        number, reason = self._number, self.reason.toPlainText()
        attempt = self.attempt.ordinal()
        self.run(
            lambda db, actor: corrections.request_correction(db, actor, number, reason, attempt),
            lambda _: self.recorded.emit(number),
        )

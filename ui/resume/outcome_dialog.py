"""After the last approval: the dry run, the next execution, 恢复后复核, and the paper."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from app.core.clock import local_text
from app.payments.records import ResumeForm
from ui.context import Context
from ui.resume.pieces import note, passage_table, section, short_table, stored_passages, tr
from ui.resume.sheet_dialog import SheetDialog, show_resume_sheet
from ui.theme import Tone
from ui.widgets.columns import Column
from ui.widgets.icons import icon
from ui.widgets.key_values import KeyValue, KeyValues


class OutcomeDialog(QDialog):
    """What letting a payment go has led to."""

    def __init__(self, context: Context, form: ResumeForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outcome")
        title = self.tr("%1 已恢复付款").replace("%1", form.payment_no)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._form = form
        run = form.dry_run or {}
        found = run.get("next_execution")
        at = "" if found is None else local_text(datetime.fromisoformat(found))
        facts = KeyValues("outcome.facts", parent=self)
        facts.set_lines(
            [
                KeyValue("form", self.tr("审批单号"), form.number, bold=True),
                KeyValue("next", self.tr("下次执行时间"), at, Tone.OK, bold=True),
                KeyValue("holds", self.tr("已解除停付"), "、".join(form.hold_numbers)),
            ]
        )
        review = short_table(
            "outcome.review",
            self.tr("恢复后复核"),
            (
                Column("ok", tr("结果"), _ok, tone=_tone, chars=10),
                Column("item", tr("复核项目"), lambda r: str(r["item"]), chars=26),
                Column("detail", tr("情况"), lambda r: str(r["detail"]), chars=44),
            ),
            form.review,
            self,
            ("detail",),
        )
        tested = passage_table("outcome.passages", stored_passages(form.dry_run), self)
        buttons = QDialogButtonBox(self)
        self.sheet = QPushButton(icon("printer-line"), self.tr("预览、打印审批单(&P)…"), self)
        self.sheet.setObjectName("outcome.sheet")
        self.sheet.setAccessibleName(self.tr("预览、打印或保存恢复付款审批单"))
        self.sheet.clicked.connect(self.show_sheet)
        buttons.addButton(self.sheet, QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(self.tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("outcome.close")
        close.setDefault(True)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(facts)
        column.addWidget(section(self.tr("恢复后复核"), review, self))
        said = self.tr("付款测试：走了一遍发送前的全部检查，未动用资金。")
        column.addWidget(note("outcome.said", said, self, Tone.MUTED))
        column.addWidget(tested)
        column.addStretch(1)
        column.addWidget(buttons)
        line = self.fontMetrics().height()
        self.resize(line * 48, self.sizeHint().height())

    def show_sheet(self) -> SheetDialog:
        """Open the 恢复付款审批单."""
        return show_resume_sheet(self._context, self, self._form.number)


def _ok(row: dict[str, object]) -> str:
    return tr("✓ 正常") if row["ok"] else tr("✕ 有问题")


def _tone(row: dict[str, object]) -> Tone:
    return Tone.OK if row["ok"] else Tone.STOP

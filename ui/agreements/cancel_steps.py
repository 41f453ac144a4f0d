"""The first two steps of 取消自动扣款: each agreement is looked at, then what its end brings."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.agreements.flow import CancelDraft, SeenRow, values_of
from app.core.errors import BadInput
from app.core.money import sum_up
from ui.agreements.looks import tr
from ui.payments.looks import money_text, sums_text
from ui.resume.pieces import note
from ui.resume.short_table import ShortTable
from ui.theme import Tone, set_tone
from ui.widgets.columns import Align, Column
from ui.widgets.date_field import DateField

_DAYS_SHOWN = 3


class VerifyStep(QWidget):
    """Emits the ticks (agreement → check → value) whenever they change."""

    ticked = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cancel.verify")
        self._loading = False
        said = note(
            "cancel.verify.said",
            self.tr(
                "请逐份与纸质协议核对，确认无误后打勾（空格键）。不能取消的写明原因，不会提交。"
            ),
            self,
        )
        self.table: ShortTable[SeenRow] = ShortTable(
            "cancel.verify.table",
            self.tr("核对清单"),
            (
                Column("number", self.tr("协议编号"), _value("number"), chars=17),
                Column("numbers", self.tr("银行、人行协议号"), _value("bank_numbers"), chars=30),
                Column("payee", self.tr("收款单位"), _value("payee"), chars=26),
                Column("account", self.tr("付款账户"), _value("account"), chars=20),
                Column("amount", self.tr("金额"), _value("amount"), chars=22),
                Column("next", self.tr("下次扣款日"), _value("next"), chars=12),
                Column("valid", self.tr("有效期"), _value("valid"), chars=22),
                Column(
                    "why",
                    self.tr("可否取消"),
                    lambda r: r.why_not or tr("可以取消"),
                    tone=lambda r: Tone.STOP if r.why_not else Tone.OK,
                    chars=30,
                ),
            ),
            lambda r: r.number,
            tickable=True,
            parent=self,
        )
        self.table.share(("numbers", "payee", "amount", "valid", "why"))
        self.table.ticks_changed.connect(self._tell)
        self.count = QLabel(self)
        self.count.setObjectName("cancel.verify.count")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(said)
        column.addWidget(self.table)
        column.addWidget(self.count)
        column.addStretch(1)

    def show_draft(self, draft: CancelDraft) -> None:
        """Show the agreements as they are now; a tick stays only on unchanged values."""
        self._loading = True
        self.table.set_rows(draft.seen)
        model = self.table.rows()
        model.clear_ticks()
        model.tick([row for row in draft.eligible if draft.is_ticked(row)])
        self._loading = False
        self.show_count(draft)

    def show_count(self, draft: CancelDraft) -> None:
        """How many are ticked."""
        done = sum(draft.is_ticked(row) for row in draft.eligible)
        text = self.tr("已核对 %1 / %2 份").replace("%1", str(done))
        self.count.setText(text.replace("%2", str(len(draft.eligible))))
        set_tone(self.count, Tone.OK if done == len(draft.eligible) else Tone.WARN)

    def _tell(self) -> None:
        if not self._loading:
            ticked = [row for row in self.table.ticked() if not row.why_not]
            self.ticked.emit({row.number: values_of(row) for row in ticked})


class ImpactStep(QWidget):
    """Emits the wished day whenever another one stands in the field."""

    wished = Signal(object)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cancel.impact")
        self._loading = False
        self.day = DateField("cancel.impact.wished", self.tr("期望终止日"), today, self)
        self.day.setPlaceholderText("")
        self.day.date_changed.connect(self._tell)
        label = QLabel(self.tr("期望终止日(&D)"), self)
        label.setBuddy(self.day)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.day)
        self.days = note("cancel.impact.days", "", self, Tone.MUTED)
        row.addWidget(self.days, 1)
        self.table: ShortTable[SeenRow] = ShortTable(
            "cancel.impact.table",
            self.tr("影响"),
            (
                Column("number", self.tr("协议编号"), lambda r: r.number, chars=13),
                Column("payee", self.tr("收款单位"), lambda r: r.payee, chars=20),
                Column("expected", self.tr("预计终止日"), _expected, chars=11),
                Column("gap", self.tr("终止前仍会扣款"), _gap, tone=_gap_tone, chars=20),
                Column("after", self.tr("转人工付款"), _after, chars=14),
                Column("each", self.tr("每期"), _each, align=Align.RIGHT, chars=14),
                Column(
                    "late",
                    self.tr("逾期 30 天费用"),
                    lambda r: "" if r.impact.late_fee is None else money_text(r.impact.late_fee),
                    align=Align.RIGHT,
                    chars=13,
                ),
                Column("shared", self.tr("同户或同收款方的协议"), _shared, chars=18),
            ),
            lambda r: r.number,
            parent=self,
        )
        self.table.share(("payee", "gap", "shared"))
        self.total = note("cancel.impact.total", "", self)
        self.warnings = note("cancel.impact.warnings", "", self, Tone.WARN)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.table)
        column.addWidget(self.total)
        column.addWidget(self.warnings)
        column.addStretch(1)

    def show_draft(self, draft: CancelDraft) -> None:
        """Show what the end of each brings."""
        self._loading = True
        if self.day.problem() or self.day.chosen() != draft.wished_on:
            self.day.set_date(draft.wished_on)
        self._loading = False
        rows = draft.eligible
        self.table.set_rows(rows)
        self.days.setText(_days_text(rows))
        self.total.setText(_total_text(rows))
        self.warnings.setText("\n".join(_warnings(draft)))
        self.warnings.setVisible(bool(self.warnings.text()))

    def _tell(self, day: object) -> None:
        if not self._loading:
            self.wished.emit(day)

    def day_problem(self) -> str:
        """Why the field holds no day; empty when it does."""
        try:
            self.day.chosen()
        except BadInput as problem:
            return problem.message
        return ""


def _value(code: str) -> Callable[[SeenRow], str]:
    return lambda row: next((one.value for one in row.items if one.code == code), "")


def _expected(row: SeenRow) -> str:
    day = row.impact.expected_on
    return tr("日历未知") if day is None else day.isoformat()


def _gap(row: SeenRow) -> str:
    days = row.impact.in_flight
    if not days:
        return tr("无")
    said = "、".join(day.strftime("%m-%d") for day in days[:_DAYS_SHOWN])
    more = tr(" 等 %1 次").replace("%1", str(len(days))) if len(days) > _DAYS_SHOWN else ""
    return f"{said}{more}"


def _gap_tone(row: SeenRow) -> Tone:
    return Tone.WARN if row.impact.in_flight else Tone.NORMAL


def _after(row: SeenRow) -> str:
    days = row.impact.prevented
    if not days:
        return tr("无")
    return tr("%1 期，%2 起").replace("%1", str(len(days))).replace("%2", days[0].strftime("%m-%d"))


def _each(row: SeenRow) -> str:
    each = row.impact.each
    if each is None:
        return tr("不确定")
    return (tr("约 ") if row.impact.guessed else "") + money_text(each)


def _shared(row: SeenRow) -> str:
    return "、".join(row.impact.shared) or "—"


def _days_text(rows: tuple[SeenRow, ...]) -> str:
    """By which number the expected days were reckoned, and whose it is."""
    terms = dict.fromkeys(row.impact.term.text for row in rows if row.impact.term is not None)
    said = tr("预计终止日按今天起%1推算，送达后按送达日重算；在此之前仍可能扣款。")
    return said.replace("%1", "、".join(terms)) if terms else ""


def _total_text(rows: tuple[SeenRow, ...]) -> str:
    payments = sum(len(row.impact.prevented) for row in rows)
    known = [total for row in rows if (total := row.impact.total) is not None]
    text = tr("今后一年须人工付款 %1 期，合计约 %2。").replace("%1", str(payments))
    text = text.replace("%2", sums_text(sum_up(known)))
    if len(known) < len(rows):
        text += tr("另有 %1 份协议每期金额不确定。").replace("%1", str(len(rows) - len(known)))
    return text


def _warnings(draft: CancelDraft) -> list[str]:
    found = []
    for row in draft.eligible:
        impact = row.impact
        if impact.in_flight:
            text = tr("%1：终止前还会扣款 %2 次，已不能撤回。").replace("%1", row.number)
            found.append(text.replace("%2", str(len(impact.in_flight))))
        if draft.wished_on is not None and impact.early_for(draft.wished_on):
            text = tr("%1：合同要求提前通知，最早可于 %2 终止；提前终止可能构成违约。")
            text = text.replace("%1", row.number)
            found.append(text.replace("%2", str(impact.notice_until)))
        if impact.breach:
            found.append(f"{row.number}：{impact.breach}")
    return found

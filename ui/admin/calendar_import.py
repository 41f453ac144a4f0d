"""What an imported notice would change, shown before anything is kept."""

from datetime import date

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.accounts.calendar import DayChange, NoticePreview, take_in
from app.accounts.notice import WEEKDAYS
from app.core.errors import Problem
from ui.admin.form_dialog import FormDialog, Work
from ui.context import Context
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.simple_table import SimpleTable


class CalendarImport(FormDialog):
    """The changes with one act to keep them; or every bad row, and no way to keep half of it."""

    def __init__(
        self, context: Context, seen: NoticePreview, parent: QWidget | None = None
    ) -> None:
        title = _tr("导入 %1 年节假日安排").replace("%1", str(seen.year))
        super().__init__(
            context,
            "calendar.preview",
            title,
            self._work,
            parent,
            intro=_said(seen),
            accept_text=_tr("导入(&S)"),
        )
        self._seen = seen
        self.table: SimpleTable[DayChange] | SimpleTable[Problem] = (
            self._problems() if seen.problems else self._changes()
        )
        wide, line = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().lineSpacing()
        self.table.setMinimumSize(wide * 112, line * 18)
        self.form.addRow(self.table)
        if seen.problems or not seen.changes:
            self._ok.hide()
            self._cancel.setText(_tr("关闭"))
            self._cancel.setDefault(True)

    def _work(self) -> Work:
        db, actor, seen = self._context.db, self._context.actor, self._seen
        return lambda: take_in(db, actor, seen)

    def _changes(self) -> SimpleTable[DayChange]:
        table: SimpleTable[DayChange] = SimpleTable(
            "calendar.preview.changes",
            _tr("改动"),
            [
                Column("day", _tr("日期"), lambda x: x.day.isoformat(), chars=13),
                Column("weekday", _tr("星期"), lambda x: weekday(x.day), chars=8),
                Column("kind", _tr("改动"), lambda x: _kind(x)[0], tone=lambda x: _kind(x)[1]),
                Column("before", _tr("原安排"), lambda x: x.before or "—", chars=22),
                Column("after", _tr("新安排"), lambda x: x.after or "—", chars=22),
            ],
            lambda one: one.day,
            parent=self,
        )
        table.set_rows(self._seen.changes)
        return table

    def _problems(self) -> SimpleTable[Problem]:
        table: SimpleTable[Problem] = SimpleTable(
            "calendar.preview.problems",
            _tr("问题"),
            [
                Column("row", _tr("行"), _row, Align.RIGHT, chars=8),
                Column("field", _tr("栏目"), lambda x: x.field, chars=8),
                Column("message", _tr("问题和改法"), lambda x: x.message, chars=62),
            ],
            lambda one: (one.row, one.field, one.message),
            parent=self,
        )
        table.set_rows(self._seen.problems)
        return table


def weekday(day: date) -> str:
    """The day of the week as it is said: 周一 …"""
    return f"周{WEEKDAYS[day.weekday()]}"


def _said(seen: NoticePreview) -> str:
    """What the file would do, in one sentence."""
    count = len(seen.problems or seen.changes)
    if seen.problems:
        text = _tr("“%1”有 %2 处问题，没有导入任何日期。请按下表改正文件后重新导入。")
    elif seen.changes:
        text = _tr("“%1”将改动以下 %2 天。请核对，无误后点“导入”。")
    else:
        text = _tr("“%1”与现有的安排相同，没有变化。")
    return text.replace("%1", seen.file).replace("%2", str(count))


def _kind(change: DayChange) -> tuple[str, Tone]:
    if change.before is None:
        return _tr("新增"), Tone.OK
    if change.after is None:
        return _tr("删除"), Tone.STOP
    return _tr("修改"), Tone.WARN


def _row(problem: Problem) -> str:
    return _tr("整个文件") if problem.row is None else str(problem.row)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CalendarImport", text)

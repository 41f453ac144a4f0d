"""工作日历: which years are known, a year by months, and the import of a year's notice."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.access.rights import ROLE_LABELS, ROLE_RIGHTS, Right
from app.accounts.calendar import (
    YEAR_LABELS,
    DayLine,
    MonthLine,
    NoticePreview,
    YearCalendar,
    YearLine,
    YearSource,
    look,
    missing_year,
    write_template,
    year_calendar,
    years,
)
from app.core.clock import business_date, local_text
from ui.admin.calendar_import import CalendarImport, weekday
from ui.admin.frame import AdminPage, row_of, section
from ui.context import Context
from ui.tasks import Progress
from ui.theme import Tone
from ui.widgets.banner import Severity
from ui.widgets.columns import Align, Column
from ui.widgets.empty_state import EmptyState
from ui.widgets.simple_table import SimpleTable

_MANAGE = Right.ACCOUNT_MANAGE
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class _Seen:
    years: list[YearLine]
    shown: YearCalendar
    missing: int | None


class CalendarPage(AdminPage):
    """The year's months above, its holidays one by one below."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "calendar", parent)
        self.set_head(
            self.tr("工作日历"),
            self.tr(
                "执行时间、渠道开放时间按此日历推算。国务院办公厅每年十一月前后公布下一年度的节假日安排，"
                "公布后请导入。"
            ),
        )
        self._year = business_date(context.db.clock.now(), context.db.tz).year
        self._reminding = False
        self._template = self.tool(
            "template", self.tr("下载模板…"), "download-2-line", self.ask_template, right=_MANAGE
        )
        self._import = self.tool(
            "import",
            self.tr("导入节假日安排…"),
            "upload-2-line",
            self.ask_file,
            right=_MANAGE,
            primary=True,
        )
        self.year = QComboBox(self)
        self.year.setObjectName("calendar.year")
        self.year.setAccessibleName(self.tr("年度"))
        self.year.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.year.activated.connect(self._chosen)
        label = QLabel(self.tr("年度(&Y)"), self)
        label.setBuddy(self.year)
        self.source = QLabel(self)
        self.source.setObjectName("calendar.source")
        self.source.setProperty("kind", "muted")
        self.months: SimpleTable[MonthLine] = SimpleTable(
            "calendar.months",
            self.tr("各月"),
            [
                Column("month", self.tr("月份"), self._month, chars=8),
                Column("work", self.tr("工作日"), self._workdays, Align.RIGHT, chars=9),
                Column("off", self.tr("放假"), lambda x: _periods(x, working=False), chars=52),
                Column("made", self.tr("调休上班"), lambda x: _periods(x, working=True), chars=36),
            ],
            lambda line: line.month,
            parent=self,
        )
        self.days: SimpleTable[DayLine] = SimpleTable(
            "calendar.days", self.tr("逐日"), self._day_columns(), lambda one: one.day, parent=self
        )
        self.empty = EmptyState("calendar.empty", self)
        self.empty.acted.connect(self.ask_file)
        self._parts = QStackedWidget(self)
        self._parts.addWidget(self._tables())
        self._parts.addWidget(self.empty)
        self.body.addLayout(row_of(label, self.year, self.source))
        self.body.addWidget(self._parts, 1)
        self.reload()

    @override
    def reload(self) -> None:
        db, actor, year = self.context.db, self.context.actor, self._year

        def work(_: Progress) -> _Seen:
            return _Seen(years(db, actor), year_calendar(db, actor, year), missing_year(db, actor))

        self.read(work, self._show)

    def show_argument(self, argument: object) -> None:
        """Show that year."""
        self.show_year(int(str(argument)))

    def show_year(self, year: int) -> None:
        """Show the months of that year."""
        self._year = year
        self.reload()

    def ask_file(self) -> QFileDialog:
        """Ask for the table with the year's notice."""
        title = self.tr("选择 %1 年的节假日安排").replace("%1", str(self._year))
        ask = self._ask(title, QFileDialog.AcceptMode.AcceptOpen)
        ask.setFileMode(QFileDialog.FileMode.ExistingFile)
        ask.setNameFilters(
            [self.tr("节假日安排 (*.xlsx *.xls *.csv *.txt *.tsv)"), self.tr("所有文件 (*)")]
        )
        ask.fileSelected.connect(self.bring)
        ask.open()
        return ask

    def bring(self, path: str) -> None:
        """Read that file and show what it would change."""
        db, actor, year = self.context.db, self.context.actor, self._year

        def work(_: Progress) -> NoticePreview:
            return look(db, actor, Path(path), year)

        self.banner.clear()
        self.context.tasks.start(work, self._preview, self.failed, owner=self)

    def ask_template(self) -> QFileDialog:
        """Ask where the template shall lie."""
        ask = self._ask(self.tr("保存模板"), QFileDialog.AcceptMode.AcceptSave)
        ask.setNameFilters([self.tr("Excel 工作簿 (*.xlsx)"), self.tr("CSV 文件 (*.csv)")])
        ask.setDefaultSuffix("xlsx")
        ask.selectFile(self.tr("%1年节假日安排").replace("%1", str(self._year)))
        ask.fileSelected.connect(self.save_template)
        ask.open()
        return ask

    def save_template(self, path: str) -> None:
        """Write a table to fill in there."""
        db, actor, year = self.context.db, self.context.actor, self._year

        def done(_: int) -> None:
            self.say(
                self.tr("模板已保存到 %1。").replace("%1", path),
                self.tr("对照国务院办公厅通知填写“休”和“班”，保存后回到这里导入。"),
            )

        self.context.tasks.start(
            lambda _: write_template(db, actor, Path(path), year), done, self.failed, owner=self
        )

    def _tables(self) -> QWidget:
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.months)
        column.addWidget(section(self.tr("逐日"), box))
        column.addWidget(self.days, 1)
        # All twelve months are seen at once; what is left belongs to the days.
        rows = self.months.verticalHeader().defaultSectionSize() * _MONTHS
        head = self.months.horizontalHeader().sizeHint().height()
        self.months.setFixedHeight(rows + head + self.months.frameWidth() * 2)
        return box

    def _day_columns(self) -> list[Column[DayLine]]:
        return [
            Column("day", self.tr("日期"), lambda x: x.day.isoformat(), chars=12),
            Column("weekday", self.tr("星期"), lambda x: weekday(x.day), chars=8),
            Column(
                "kind",
                self.tr("休/班"),
                lambda x: self.tr("班") if x.working else self.tr("休"),
                tone=lambda x: Tone.WARN if x.working else Tone.OK,
                chars=8,
            ),
            Column("note", self.tr("说明"), lambda x: x.note, chars=30),
            Column(
                "own",
                self.tr("来源"),
                lambda x: self.tr("本公司导入") if x.own else self.tr("程序内置"),
                chars=14,
            ),
        ]

    def _chosen(self, place: int) -> None:
        self.show_year(int(self.year.itemData(place)))

    def _show(self, seen: _Seen) -> None:
        self._fill_years(seen)
        shown = seen.shown
        self.source.setText(self._said(shown))
        known = shown.line.source is not YearSource.UNKNOWN
        self._parts.setCurrentIndex(0 if known else 1)
        if known:
            self.months.set_rows(shown.months)
            self.days.set_rows([one for month in shown.months for one in month.days])
        else:
            self._say_unknown(shown.line.year)
        self._remind(seen.missing)

    def _fill_years(self, seen: _Seen) -> None:
        lines = {line.year: line for line in (*seen.years, seen.shown.line)}
        self.year.clear()
        for year in sorted(lines):
            text = self.tr("%1 年　%2").replace("%1", str(year))
            self.year.addItem(text.replace("%2", YEAR_LABELS[lines[year].source]), year)
        self.year.setCurrentIndex(self.year.findData(self._year))

    def _said(self, shown: YearCalendar) -> str:
        parts = []
        if shown.line.own:
            parts.append(self.tr("本公司导入 %1 天").replace("%1", str(shown.line.own)))
        if shown.imported_at is not None:
            when = local_text(shown.imported_at, self.context.db.tz)
            last = self.tr("最近导入：%1　%2").replace("%1", when)
            parts.append(last.replace("%2", shown.imported_by))
        return self.tr("，").join(parts)

    def _say_unknown(self, year: int) -> None:
        if self.context.may(_MANAGE):
            cure = self.tr("请先下载模板，对照国务院办公厅通知填写，再导入。")
        else:
            posts = [ROLE_LABELS[role] for role, held in ROLE_RIGHTS.items() if _MANAGE in held]
            cure = self.tr("请通知%1导入。").replace("%1", "、".join(posts))
        text = self.tr("%1 年的节假日安排尚未导入，这一年的工作日和执行时间无法推算。")
        offer = self.tr("导入节假日安排…") if self.context.may(_MANAGE) else ""
        self.empty.show_state(f"{text}\n{cure}".replace("%1", str(year)), offer, "calendar-line")

    def _remind(self, year: int | None) -> None:
        """Tell of another year that is missing; what was said of an act stays."""
        if self._reminding:
            self.banner.clear()
        self._reminding = year not in {None, self._year} and not self.banner.isVisible()
        if self._reminding:
            self.banner.show_message(
                Severity.WARN,
                self.tr("%1 年的节假日安排尚未导入。").replace("%1", str(year)),
                action=self.tr("查看 %1 年").replace("%1", str(year)),
                on_action=lambda: self.show_year(int(str(year))),
            )

    def _preview(self, seen: NoticePreview) -> None:
        dialog = CalendarImport(self.context, seen, self)
        dialog.then(lambda changed: self._imported(seen.year, changed))
        dialog.open()

    def _imported(self, year: int, changed: int) -> None:
        text = self.tr("已导入 %1 年的节假日安排，改动 %2 天。").replace("%1", str(year))
        self.say(text.replace("%2", str(changed)))

    def _month(self, line: MonthLine) -> str:
        return self.tr("%1 月").replace("%1", str(line.month))

    def _workdays(self, line: MonthLine) -> str:
        return self.tr("%1 天").replace("%1", str(line.workdays))

    def _ask(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        ask = QFileDialog(self, title)
        ask.setObjectName("calendar.ask")
        ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ask.setAcceptMode(mode)
        return ask


def _periods(line: MonthLine, *, working: bool) -> str:
    """The days of that kind, those in a row as one: "1–3日 元旦；15日 春节"."""
    days = [one for one in line.days if one.working is working]
    if not days:
        return "—"
    runs = [[days[0]]]
    for before, one in pairwise(days):
        if one.note == before.note and (one.day - before.day).days == 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return "；".join(_run(run) for run in runs)


def _run(days: list[DayLine]) -> str:
    first, last = days[0].day.day, days[-1].day.day
    span = f"{first}日" if first == last else f"{first}–{last}日"
    return f"{span} {days[0].note}".strip()

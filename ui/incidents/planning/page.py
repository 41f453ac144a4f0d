"""事件统计: how many, how long by cause, bank, channel, month; and what piles up by age."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.incidents.planning.past import cases
from app.incidents.planning.statistics import (
    BY_LABELS,
    By,
    Case,
    Figure,
    backlog,
    figure,
    figures,
)
from ui import messages
from ui.context import Context
from ui.incidents.looks import tr
from ui.incidents.planning.looks import backlog_columns, figure_columns, minutes_text
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.bar_chart import Bar, BarChart
from ui.widgets.empty_state import EmptyState
from ui.widgets.simple_table import SimpleTable


class StatisticsPage(QWidget):
    """Two tabs, each a table over its picture; F5 reads anew."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("incident_statistics")
        self.setAccessibleName(tr("事件统计"))
        self._context = context
        self._cases: list[Case] = []
        self.banner = Banner("incident_statistics_banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.by = QComboBox(self)
        self.by.setObjectName("incident_statistics_by")
        self.by.setAccessibleName(tr("统计口径"))
        for one, label in BY_LABELS.items():
            self.by.addItem(label, str(one))
        self.by.currentIndexChanged.connect(lambda _: self._fill())
        self.said = QLabel(self)
        self.said.setObjectName("incident_statistics_said")
        self.said.setWordWrap(True)
        self.figures: SimpleTable[Figure] = SimpleTable(
            "incident_figures", tr("事件统计"), figure_columns(), lambda r: r.label
        )
        self.counts = BarChart("incident_counts", tr("件数"), self)
        self.times = BarChart("incident_times", tr("解决用时（中位，工作时间）"), self)
        self.open: SimpleTable[Case] = SimpleTable(
            "incident_backlog", tr("未解决的事件"), backlog_columns(), lambda r: r.number
        )
        self.open.opened.connect(lambda row: context.navigate.emit("response", row.number))
        self.ages = BarChart("incident_ages", tr("未解决的事件按账龄"), self)
        self._lay_out()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self, self.reload)
        self.reload()

    def reload(self) -> None:
        """Read every incident again."""
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "cases"),
            lambda _: cases(db, actor),
            self._show,
            self._failed,
            owner=self,
        )

    def _show(self, found: list[Case]) -> None:
        self._cases = found
        self._stack.setCurrentWidget(self.tabs if found else self.empty)
        self._fill()

    def _fill(self) -> None:
        rows = figures(self._cases, By(self.by.currentData()))
        whole = figure("", self._cases)
        text = tr("共 %1 件，未解决 %2 件；定因中位 %3，解决中位 %4，恢复付款中位 %5。")
        for place, value in enumerate(
            (
                f"{whole.count:,}",
                f"{whole.unresolved:,}",
                minutes_text(whole.caused),
                minutes_text(whole.resolved),
                minutes_text(whole.resumed),
            ),
            1,
        ):
            text = text.replace(f"%{place}", value)
        self.said.setText(text)
        self.figures.set_rows(rows)
        self.counts.set_bars([Bar(one.label, one.count, f"{one.count:,}") for one in rows])
        self.times.set_bars(
            [Bar(one.label, one.resolved, minutes_text(one.resolved), Tone.OK) for one in rows]
        )
        buckets = backlog(self._cases)
        self.open.set_rows([case for bucket in reversed(buckets) for case in bucket.cases])
        last = len(buckets) - 1
        self.ages.set_bars(
            [
                Bar(
                    one.label,
                    len(one.cases),
                    f"{len(one.cases):,}",
                    Tone.STOP if place == last else Tone.WARN,
                )
                for place, one in enumerate(buckets)
            ]
        )

    def _lay_out(self) -> None:
        first = QWidget(self)
        head = QHBoxLayout()
        head.addWidget(self.by)
        head.addWidget(self.said, 1)
        pictures = QWidget(first)
        row = QHBoxLayout(pictures)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.counts)
        row.addWidget(self.times)
        column = QVBoxLayout(first)
        column.addLayout(head)
        column.addWidget(_over(self.figures, pictures, first), 1)
        second = QWidget(self)
        QVBoxLayout(second).addWidget(_over(self.open, self.ages, second), 1)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("incident_statistics_tabs")
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(first, tr("用时与分布"))
        self.tabs.addTab(second, tr("积压（按账龄）"))
        self.empty = EmptyState("incident_statistics_empty", self)
        self.empty.show_state(
            tr("还没有应急事件。有了事件后，这里按原因、银行、渠道统计用时和积压。")
        )
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.tabs)
        self._stack.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.addWidget(self.banner)
        whole.addWidget(self._stack, 1)


def _over(table: QWidget, picture: QWidget, parent: QWidget) -> QSplitter:
    """A table over its picture, which scrolls where it is higher than its place."""
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setWidget(picture)
    split = QSplitter(Qt.Orientation.Vertical, parent)
    split.addWidget(table)
    split.addWidget(area)
    split.setChildrenCollapsible(False)
    return split

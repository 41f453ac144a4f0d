"""One entry of the trail, with what was before and after."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.audit.queries import AuditLine
from app.core.clock import local_seconds
from ui.admin.trail_words import field_label, said, subject_text
from ui.theme import Tone
from ui.widgets.columns import Column
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_values import KeyValue, KeyValues
from ui.widgets.simple_table import SimpleTable

_Change = tuple[str, str, str]


class TrailDetail(QWidget):
    """Says to choose an entry until one is chosen."""

    def __init__(self, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("audit.detail")
        self.setAccessibleName(self.tr("日志明细"))
        self._zone = zone
        self._empty = EmptyState("audit.detail.empty", self)
        self._empty.show_state(self.tr("在左侧选择一条记录，这里显示变更前后的内容。"))
        self.lines = KeyValues("audit.detail.lines", parent=self)
        self.changes: SimpleTable[_Change] = SimpleTable(
            "audit.detail.changes",
            self.tr("变更前后"),
            [
                Column("field", self.tr("内容"), lambda x: x[0], chars=10),
                Column("before", self.tr("变更前"), lambda x: x[1], chars=18),
                Column(
                    "after",
                    self.tr("变更后"),
                    lambda x: x[2],
                    tone=lambda x: Tone.NORMAL if x[1] == x[2] else Tone.ACCENT,
                    chars=18,
                ),
            ],
            lambda change: change[0],
            parent=self,
        )
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(self.lines)
        self._area = area
        column = QVBoxLayout(self)
        gap = self.fontMetrics().height() // 2
        column.setContentsMargins(gap, 0, 0, 0)
        column.addWidget(self._empty, 1)
        column.addWidget(area, 1)
        column.addWidget(self.changes, 1)
        self.show_line(None)

    def show_line(self, line: AuditLine | None) -> None:
        """Show this entry; None for none."""
        self._empty.setVisible(line is None)
        self._area.setVisible(line is not None)
        self.changes.setVisible(line is not None)
        if line is None:
            return
        self.lines.set_lines(
            [
                KeyValue("seq", self.tr("序号"), str(line.seq)),
                KeyValue("at", self.tr("时间"), local_seconds(line.at, self._zone)),
                KeyValue("actor", self.tr("人员"), line.actor),
                KeyValue("machine", self.tr("电脑"), line.machine),
                KeyValue("act", self.tr("操作"), f"{line.label}（{line.act}）", bold=True),
                KeyValue("subject", self.tr("对象"), _subject(line)),
                KeyValue("reason", self.tr("原因"), line.reason),
                KeyValue("hash", self.tr("校验值"), _grouped(line.hash)),
            ]
        )
        self.changes.set_rows(_changes(line.before, line.after, self._zone))


def _subject(line: AuditLine) -> str:
    return f"{subject_text(line.subject)}（{line.subject}）"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], zone: ZoneInfo) -> list[_Change]:
    keys = [*before, *(key for key in after if key not in before)]
    return [
        (field_label(key), said(before.get(key), zone, key), said(after.get(key), zone, key))
        for key in keys
    ]


def _grouped(digest: str) -> str:
    """With gaps, so that it can go on in the next line."""
    return " ".join(digest[at : at + 16] for at in range(0, len(digest), 16))

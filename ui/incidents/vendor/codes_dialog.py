"""错误代码字典: looked up by code or word; opened from a log line or a finding with what it says."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.incidents.vendor.error_codes import SOURCE_LABELS, CodeEntry, Source, search
from ui.incidents.looks import tr
from ui.incidents.vendor.looks import code_columns
from ui.widgets.key_values import KeyValue, KeyValues
from ui.widgets.simple_table import SimpleTable


class CodesDialog(QDialog):
    """Every code with its meaning and what to do; found: what is looked up at first."""

    def __init__(self, parent: QWidget | None = None, found: Sequence[CodeEntry] = ()) -> None:
        super().__init__(parent)
        self.setObjectName("codes")
        self.setWindowTitle(tr("错误代码字典"))
        self.setAccessibleName(tr("错误代码字典"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.text = QLineEdit(self)
        self.text.setObjectName("codes.text")
        self.text.setAccessibleName(tr("查找"))
        self.text.setPlaceholderText(tr("代码、银行、含义或办法，如 PAY-002、招商银行 FIN-B、冻结"))
        self.text.setClearButtonEnabled(True)
        self.text.textChanged.connect(self._search)
        self.source = QComboBox(self)
        self.source.setObjectName("codes.source")
        self.source.setAccessibleName(tr("种类"))
        self.source.addItem(tr("全部种类"), "")
        for source, label in SOURCE_LABELS.items():
            self.source.addItem(label, str(source))
        self.source.currentIndexChanged.connect(self._search)
        self.count = QLabel(self)
        self.count.setObjectName("codes.count")
        self.table: SimpleTable[CodeEntry] = SimpleTable(
            "codes.table", tr("错误代码"), code_columns(), lambda r: (r.source, r.of, r.code)
        )
        self.table.current_changed.connect(lambda _: self._show_entry())
        self.facts = KeyValues("codes.facts", 1, self)
        self._lay_out()
        self._search()
        if found:
            self._show(found, tr("所选内容涉及 %1 个代码"))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.text, 1)
        top.addWidget(self.source)
        top.addWidget(self.count)
        buttons = QDialogButtonBox(self)
        close = buttons.addButton(tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("codes.close")
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self.facts)
        column.addWidget(buttons)
        line = self.fontMetrics().height()
        self.resize(line * 60, line * 34)

    def _search(self, _: object = None) -> None:
        source = str(self.source.currentData())
        found = search(self.text.text(), Source(source) if source else None)
        self._show(found, tr("共 %1 个"))

    def _show(self, found: Sequence[CodeEntry], said: str) -> None:
        self.table.set_rows(found)
        self.count.setText(said.replace("%1", str(len(found))))
        if found:
            self.table.setCurrentIndex(self.table.rows().index(0, 0))
            self.table.select_positions([0])
        self._show_entry()

    def _show_entry(self) -> None:
        row = self.table.current_row()
        if row is None:
            none = tr("没有找到。请核对代码；仍找不到的，填入技术支持工单交供应商。")
            self.facts.set_lines([KeyValue("none", tr("结果"), none)])
            return
        self.facts.set_lines(
            [
                KeyValue("code", tr("代码"), f"{row.of}　{row.code}", bold=True),
                KeyValue("meaning", tr("含义"), row.meaning),
                KeyValue("reason", tr("停付原因"), row.reason_label),
                KeyValue("cure", tr("怎么办"), row.cure, bold=True),
            ]
        )

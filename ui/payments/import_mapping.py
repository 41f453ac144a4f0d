"""The second step of the import: which column is what, with what the first rows say."""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.accounts.choices import AccountChoice
from app.payments.intake import LABELS, Defaults, Field
from app.payments.intake.aliases import DEFAULTABLE, REQUIRED
from app.tabular.model import Row
from ui.payments.import_reading import Opened
from ui.theme import Tone, set_tone
from ui.widgets.date_field import DateField
from ui.widgets.icons import IconLabel

_SAMPLES = 3


class MappingPage(QWidget):
    """A line for each field: its column, samples, and a mark where it is missing."""

    columns_changed = Signal(object)
    defaults_changed = Signal(object)
    sheet_chosen = Signal(str)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("payments_import_mapping")
        self._file: Opened | None = None
        self._combos: dict[Field, QComboBox] = {}
        self._samples: dict[Field, QLabel] = {}
        self._marks: dict[Field, IconLabel] = {}
        self._about = QLabel(self)
        self._about.setObjectName("payments_import_about")
        self._about.setWordWrap(True)
        self._unused = QLabel(self)
        self._unused.setObjectName("payments_import_unused")
        self._unused.setWordWrap(True)
        set_tone(self._unused, Tone.MUTED)
        self._make_defaults(today)
        self._rows = QScrollArea(self)
        self._rows.setWidgetResizable(True)
        self._rows.setFrameShape(QFrame.Shape.NoFrame)
        self._rows.setWidget(self._make_rows())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._about)
        column.addLayout(self._defaults_row)
        column.addWidget(self._rows, 1)
        column.addWidget(self._unused)

    def set_accounts(self, accounts: Sequence[AccountChoice]) -> None:
        """Offer these as default; the only one is chosen at once."""
        for account in accounts:
            self.account.addItem(account.label, account.number)
        if len(accounts) == 1:
            self.account.setCurrentIndex(1)

    def defaults(self) -> Defaults:
        """What stands in for blank cells."""
        chosen = None if self.due.problem() else self.due.chosen()
        return Defaults(str(self.account.currentData() or ""), chosen)

    def show_file(self, file: Opened) -> None:
        """Show the file's columns and first rows."""
        self._file = file
        table, headings = file.table, file.recognition.headings
        about = self.tr("%1　%2　%3　表头在第 %4 行")
        for mark, value in (
            ("%1", file.path.name),
            ("%2", str(table.kind)),
            ("%3", table.sheet or table.encoding),
            ("%4", str(file.recognition.header_row)),
        ):
            about = about.replace(mark, value)
        self._about.setText(about)
        self._show_sheets(table.sheets, table.sheet)
        for field, combo in self._combos.items():
            combo.blockSignals(True)
            combo.clear()
            combo.addItem(self.tr("（无）"), -1)
            for at, heading in enumerate(headings):
                if heading:
                    combo.addItem(heading, at)
            wanted = file.recognition.mapping.columns.get(field, -1)
            combo.setCurrentIndex(max(0, combo.findData(wanted)))
            combo.blockSignals(False)
        self.show_state(file)

    def show_state(self, file: Opened) -> None:
        """Show samples, marks and unused columns of the mapping as it is now."""
        self._file = file
        rows = [
            row
            for row in file.table.rows[: file.recognition.header_row + 20]
            if row.number > file.recognition.header_row and not row.blank()
        ][:_SAMPLES]
        columns = file.recognition.mapping.columns
        for field in self._combos:
            self._show_field(field, columns, rows)
        unused = "、".join(file.recognition.unmapped)
        self._unused.setVisible(bool(unused))
        self._unused.setText(self.tr("未使用的列：%1").replace("%1", unused))

    def _show_field(self, field: Field, columns: Mapping[Field, int], rows: Sequence[Row]) -> None:
        given = field in columns
        said = " ┊ ".join(row.cell(columns[field]).strip() or "—" for row in rows) if given else ""
        defaults = self.defaults()
        standing_in = {
            Field.PAYER_ACCOUNT: self.account.currentText() if defaults.payer_account else "",
            Field.DUE_ON: self.due.text() if defaults.due_on else "",
        }.get(field, "")
        missing = not given and field in (*REQUIRED, *DEFAULTABLE) and not standing_in
        if missing:
            said = (
                self.tr("缺少此栏：请选择对应的列，或在上方指定默认值")
                if field in DEFAULTABLE
                else self.tr("缺少此栏：请选择对应的列")
            )
        elif not given and standing_in:
            said = self.tr("使用默认值 %1").replace("%1", standing_in)
        sample = self._samples[field]
        sample.setText(said)
        set_tone(sample, Tone.STOP if missing else Tone.MUTED)
        mark = self._marks[field]
        mark.setVisible(missing or given)
        mark.set_icon(
            "error-warning-line" if missing else "check-line", Tone.STOP if missing else Tone.OK
        )

    def _make_defaults(self, today: date) -> None:
        self.account = QComboBox(self)
        self.account.setObjectName("payments_import_account")
        self.account.setAccessibleName(self.tr("默认付款账户"))
        self.account.addItem(self.tr("（不指定）"), "")
        self.account.currentIndexChanged.connect(self._tell_defaults)
        self.due = DateField("payments_import_due", self.tr("默认付款日"), today, self)
        self.due.setPlaceholderText(self.tr("不指定"))
        self.due.date_changed.connect(self._tell_defaults)
        self.sheet = QComboBox(self)
        self.sheet.setObjectName("payments_import_sheet")
        self.sheet.setAccessibleName(self.tr("工作表"))
        self.sheet.activated.connect(lambda: self.sheet_chosen.emit(self.sheet.currentText()))
        self._sheet_label = QLabel(self.tr("工作表"), self)
        self._defaults_row = QHBoxLayout()
        self._defaults_row.addWidget(self._sheet_label)
        self._defaults_row.addWidget(self.sheet)
        self._defaults_row.addWidget(QLabel(self.tr("默认付款账户"), self))
        self._defaults_row.addWidget(self.account)
        self._defaults_row.addWidget(QLabel(self.tr("默认付款日"), self))
        self._defaults_row.addWidget(self.due)
        self._defaults_row.addStretch(1)

    def _make_rows(self) -> QWidget:
        body = QWidget(self)
        body.setAutoFillBackground(False)
        grid = QGridLayout(body)
        grid.setColumnStretch(3, 1)
        for row, field in enumerate(sorted(Field, key=_importance)):
            label = QLabel(f"{LABELS[field]} *" if field in REQUIRED else LABELS[field], body)
            combo = QComboBox(body)
            combo.setObjectName(f"payments_import_column_{field}")
            combo.setAccessibleName(LABELS[field])
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            combo.setMinimumContentsLength(14)
            combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            combo.activated.connect(lambda _, field=field: self._take(field))
            label.setBuddy(combo)
            sample = QLabel(body)
            sample.setObjectName(f"payments_import_sample_{field}")
            sample.setTextFormat(Qt.TextFormat.PlainText)
            sample.setWordWrap(True)
            mark = IconLabel(f"payments_import_mark_{field}", body)
            for at, widget in enumerate((mark, label, combo, sample)):
                grid.addWidget(widget, row, at)
            self._combos[field], self._samples[field], self._marks[field] = combo, sample, mark
        grid.setRowStretch(len(Field), 1)
        return body

    def _show_sheets(self, sheets: Sequence[str], shown: str) -> None:
        several = len(sheets) > 1
        self.sheet.clear()
        self.sheet.addItems(list(sheets))
        self.sheet.setCurrentText(shown)
        self.sheet.setVisible(several)
        self._sheet_label.setVisible(several)

    def _take(self, field: Field) -> None:
        """Use the chosen column; a column serves one field."""
        assert self._file is not None
        columns = dict(self._file.recognition.mapping.columns)
        chosen = int(self._combos[field].currentData())
        columns = {one: at for one, at in columns.items() if at != chosen and one is not field}
        if chosen >= 0:
            columns[field] = chosen
        for one, combo in self._combos.items():
            combo.setCurrentIndex(max(0, combo.findData(columns.get(one, -1))))
        self.columns_changed.emit(columns)

    def _tell_defaults(self, _: object = None) -> None:
        self.defaults_changed.emit(self.defaults())


def _importance(field: Field) -> tuple[int, int]:
    first = (*REQUIRED, *DEFAULTABLE)
    return (0, first.index(field)) if field in first else (1, list(Field).index(field))

"""列对应: which row is the heading and which column is what, with what comes of it in sight."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QSplitter,
    QWidget,
)
from typing_extensions import override

from app.core.errors import Refused
from app.core.money import MINOR_DIGITS
from app.statements import layouts
from app.statements.banks import bank_of
from app.statements.columns import layout_at
from app.statements.mapping import (
    LONGEST_NAME,
    BadLayout,
    KnownLayout,
    checked,
    columns_of,
    found_in,
    proposed,
    why_not,
)
from app.statements.sharing import read_layout
from app.statements.sheets import Sheet, Trial, tried
from app.tabular.header import SEARCHED_ROWS
from app.tabular.model import Row
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.statements.layout_files import ask_layout
from ui.statements.mapping_grid import MOST_COLUMNS, MappingGrid
from ui.statements.trial_view import TrialView
from ui.tasks import Progress
from ui.widgets.banner import Severity

_PAUSE_MS: Final = 200


class MappingDialog(FormDialog):
    """Emits the layout that was given, once it is remembered where that is wished."""

    given = Signal(object)

    def __init__(
        self,
        context: Context,
        path: Path,
        sheets: Sequence[Sheet],
        why: Refused | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "mapping", parent)
        self.entitle(self.tr("列对应：%1").replace("%1", path.name), self.tr("使用(&S)"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._path = path
        self._sheets = list(sheets)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self._try)
        self.grid = MappingGrid(self)
        self.trial = TrialView(self)
        self._make_choices()
        self._make_keeping()
        self._lay_out()
        self.grid.changed.connect(self._changed)
        self.grid.heading_picked.connect(self.row.setValue)
        if why is not None:
            said = self.tr("请在下面指明表头行，并在每列上方选择该列是什么。")
            self.banner.show_message(Severity.INFO, why.message, said)
        self._show_sheet()

    def known(self) -> KnownLayout:
        """What is chosen now."""
        row = self.row.value()
        found = self._row(row)
        cells = () if found is None else found.cells
        columns = dict(self.grid.columns())
        width = max((at + 1 for places in columns.values() for at in places), default=0)
        # A heading may be shorter than its rows.
        headings = (*cells, *[""] * (width - len(cells))) if row else ()
        return KnownLayout(
            self.name.text().strip() if self._keeps() else "",
            tuple(headings),
            columns,
            str(self.currency.currentData()),
        )

    def take_file(self, path: str) -> None:
        """Use a layout that another desk handed on, where it is of this file's headings."""
        try:
            known = read_layout(Path(path))
            table = self._sheets[self.sheet.currentIndex()].table
            found = found_in(table, [known])
            if found is None:
                raise BadLayout(
                    self.tr("“%1”的表头与本文件不同。").replace("%1", known.name),
                    self.tr("请核对是否选对了文件；也可以在下面直接指明各列。"),
                )
        except Refused as refusal:
            self.refused(refusal)
            return
        self.banner.clear()
        self._set_row(found[1].row)
        self.grid.set_columns(known.columns)
        self.currency.setCurrentIndex(max(0, self.currency.findData(known.currency)))
        self.name.setText(known.name)
        self._changed()

    @override
    def start(self) -> None:
        known = checked(self.known())
        if not self._keeps():
            self.accept()
            self.given.emit(known)
            return
        self.run(lambda db, actor: layouts.remember(db, actor, known), self.given.emit)

    # --- what the dialog is made of ---------------------------------------------------------

    def _make_choices(self) -> None:
        self.sheet = QComboBox(self)
        self.sheet.setObjectName("mapping.sheet")
        self.sheet.setAccessibleName(self.tr("工作表"))
        self.sheet.addItems([one.name for one in self._sheets])
        self.sheet.activated.connect(self._show_sheet)
        self.row = QSpinBox(self)
        self.row.setObjectName("mapping.row")
        self.row.setAccessibleName(self.tr("表头行"))
        self.row.setSpecialValueText(self.tr("没有表头"))
        self.row.setPrefix(self.tr("第 "))
        self.row.setSuffix(self.tr(" 行"))
        self.row.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.row.valueChanged.connect(self._row_chosen)
        self.currency = QComboBox(self)
        self.currency.setObjectName("mapping.currency")
        self.currency.setAccessibleName(self.tr("币种"))
        self.currency.addItem(self.tr("按所选账户"), "")
        for code in MINOR_DIGITS:
            self.currency.addItem(code, code)
        self.currency.activated.connect(self._changed)
        self._choices = QHBoxLayout()
        several = len(self._sheets) > 1
        for text, box in (
            (self.tr("工作表"), self.sheet),
            (self.tr("表头行（可点击左侧行号）"), self.row),
            (self.tr("文件未写明的币种"), self.currency),
        ):
            label = QLabel(text, self)
            label.setBuddy(box)
            self._choices.addWidget(label)
            self._choices.addWidget(box)
            label.setVisible(several or box is not self.sheet)
        self.sheet.setVisible(several)
        self._choices.addStretch(1)

    def _make_keeping(self) -> None:
        self.keep = QCheckBox(self.tr("记住，下次遇到同样的表头自动使用"), self)
        self.keep.setObjectName("mapping.keep")
        self.keep.setChecked(True)
        self.keep.toggled.connect(self._judge)
        self.name = QLineEdit(self)
        self.name.setObjectName("mapping.name")
        self.name.setAccessibleName(self.tr("名称"))
        self.name.setPlaceholderText(self.tr("例如：某某银行 企业网银明细"))
        self.name.setMaxLength(LONGEST_NAME)
        self.name.textChanged.connect(self._judge)
        self._keeping = QHBoxLayout()
        self._keeping.addWidget(self.keep)
        label = QLabel(self.tr("名称"), self)
        label.setBuddy(self.name)
        self._keeping.addWidget(label)
        self._keeping.addWidget(self.name, 1)

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.grid)
        split.addWidget(self.trial)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        at = self.column.indexOf(self.banner) + 1
        self.column.insertLayout(at, self._choices)
        self.column.insertWidget(at + 1, split, 1)
        self.column.insertLayout(at + 2, self._keeping)
        # The form itself is empty, and what stretches is the split.
        self.column.setStretch(self.column.count() - 2, 0)
        read = QPushButton(self.tr("读取列对应文件…"), self)
        read.setObjectName("mapping.read")
        read.setAccessibleName(read.text())
        read.setAutoDefault(False)
        read.clicked.connect(lambda: ask_layout(self, self.take_file))
        self.buttons.addButton(read, QDialogButtonBox.ButtonRole.ResetRole)
        figure, line = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().height()
        self.resize(figure * 140, line * 38)

    # --- what happens -----------------------------------------------------------------------

    def _show_sheet(self) -> None:
        table = self._sheets[self.sheet.currentIndex()].table
        last = max((row.number for row in table.rows[:SEARCHED_ROWS]), default=1)
        self.grid.show_table(table)
        try:
            number, columns = proposed(table)
        except Refused as refusal:
            # In 万元: said here, and again by whoever tries to read it.
            self.refused(refusal)
            number, columns = 0, {}
        self.row.setRange(0, last)
        self._set_row(number)
        self.grid.set_columns(columns)
        if not self.name.isModified():
            head = "\n".join(cell for row in table.rows[:number] for cell in row.cells)
            self.name.setText((bank_of(head, ()) or self._path.stem)[:LONGEST_NAME])
        wide = max((len(row.cells) for row in table.rows[:SEARCHED_ROWS]), default=0)
        if wide > MOST_COLUMNS:
            said = self.tr("文件有 %1 列，这里只列出前 %2 列。")
            said = said.replace("%1", str(wide)).replace("%2", str(MOST_COLUMNS))
            self.banner.show_message(Severity.WARN, said)
        self._changed()

    def _set_row(self, number: int) -> None:
        self.row.blockSignals(True)
        self.row.setValue(number)
        self.row.blockSignals(False)
        self.grid.set_heading(number)

    def _row_chosen(self, number: int) -> None:
        """Another row of headings; where it tells what columns are, that is taken over."""
        self.grid.set_heading(number)
        row = self._row(number)
        told = columns_of(layout_at(row)) if row is not None else {}
        if told:
            self.grid.set_columns(told)
        self._changed()

    def _row(self, number: int) -> Row | None:
        """The row of that number among those that may be headings."""
        rows = self._sheets[self.sheet.currentIndex()].table.rows[:SEARCHED_ROWS]
        return next((one for one in rows if one.number == number), None)

    def _changed(self) -> None:
        self._judge()
        why = why_not(self.grid.columns())
        if why:
            self._later.stop()
            self.trial.show_nothing(why)
        else:
            self._later.start()

    def _keeps(self) -> bool:
        return self.keep.isChecked() and self.keep.isEnabled()

    def _judge(self) -> None:
        """Offer what can be done with what is chosen now."""
        headed = self.row.value() > 0
        self.keep.setEnabled(headed)
        said = self.tr("没有表头的文件认不出下一次，列对应只用这一次。")
        self.keep.setToolTip("" if headed else said)
        self.name.setEnabled(self._keeps())
        why = why_not(self.grid.columns())
        if not why and self._keeps() and not self.name.text().strip():
            why = self.tr("请填写名称，或不勾选“记住”。")
        self.yes.setEnabled(not why)
        self.yes.setToolTip(why)

    def _try(self) -> None:
        known, row = self.known(), self.row.value()
        table = self._sheets[self.sheet.currentIndex()].table

        def work(_: Progress) -> Trial:
            return tried(table, known, row)

        self.context.tasks.start_latest(
            (id(self), "trial"), work, self._tried, self._not_tried, owner=self
        )

    def _tried(self, found: Trial) -> None:
        # An older answer must not stand under newer columns.
        if not why_not(self.grid.columns()):
            self.trial.show_trial(found)

    def _not_tried(self, error: BaseException) -> None:
        self.trial.show_nothing(error.message if isinstance(error, Refused) else "")
        self.refused(error)

"""导入记录: which file brought which lines, and taking an import back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.access.rights import Right
from app.core.clock import local_text
from app.statements.parsed import PROOF_LABELS, Proof
from app.statements.undoing import ImportLine, import_lines, undo_import
from ui import messages
from ui.context import Context
from ui.payments.reason_dialog import ReasonDialog
from ui.resume.pieces import note
from ui.statements.layouts_dialog import LayoutsDialog
from ui.statements.looks import PROOF_TONES, proof_text, tr
from ui.theme import Tone
from ui.widgets.banner import Banner, Severity
from ui.widgets.columns import Align, Column
from ui.widgets.simple_table import SimpleTable


class ImportsDialog(QDialog):
    """The imports, the newest first; emits `undone` once one was taken back."""

    undone = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("imports")
        self.setWindowTitle(self.tr("导入记录"))
        self.setAccessibleName(self.windowTitle())
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._lines: Sequence[ImportLine] = ()
        self.banner = Banner("imports.banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.search = QLineEdit(self)
        self.search.setObjectName("imports.search")
        self.search.setAccessibleName(self.tr("查找"))
        self.search.setPlaceholderText(self.tr("查找：文件、账户、银行、导入人、日期"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._refill)
        self.table: SimpleTable[ImportLine] = SimpleTable(
            "imports.table", self.windowTitle(), _columns(), lambda r: r.id, parent=self
        )
        self.table.selection_changed.connect(self._offer)
        self.empty = note("imports.empty", self.tr("还没有导入过流水。"), self, Tone.MUTED)
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out()
        context.changed.connect(self.reload)
        self._offer()
        self.reload()

    def reload(self) -> None:
        """Read the list again."""
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "imports"),
            lambda _: import_lines(db, actor),
            self._show,
            self._failed,
            owner=self,
        )

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        for name, text, act in (
            ("undo", self.tr("撤销导入…"), self._undo),
            ("layouts", self.tr("已记住的列对应…"), self._show_layouts),
            ("copy", self.tr("复制所选行"), self.table.copy_rows),
        ):
            bar.addWidget(self._button(name, text, act))
        bar.addStretch(1)
        bar.addWidget(self._button("close", self.tr("关闭"), self.reject))
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.banner)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        column.addLayout(bar)
        self.empty.hide()
        figure, line = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().height()
        self.resize(figure * 165, line * 32)

    def _show(self, found: Sequence[ImportLine]) -> None:
        self._lines = found
        self._refill()

    def _refill(self) -> None:
        wanted = "".join(self.search.text().split()).casefold()
        rows = [one for one in self._lines if wanted in _searched(one)]
        self.table.set_rows(rows)
        text = self.tr("没有符合条件的导入。") if self._lines else self.tr("还没有导入过流水。")
        self.empty.setText(text)
        self.empty.setVisible(not rows)
        self._offer()

    def _chosen(self) -> ImportLine | None:
        rows = self.table.selected_rows()
        return rows[0] if len(rows) == 1 else None

    def _offer(self) -> None:
        row, why = self._chosen(), self._context.why_denied(Right.STATEMENT_IMPORT)
        if row is None:
            why = why or self.tr("请先选择一次导入。")
        elif row.undone_at is not None:
            why = why or self.tr("这次导入已被撤销。")
        self.buttons["undo"].setEnabled(not why)
        self.buttons["undo"].setToolTip(why)
        self.buttons["copy"].setEnabled(bool(self.table.selected_rows()))

    def _undo(self) -> None:
        row = self._chosen()
        if row is None:
            return
        text = self.tr(
            "撤销“%1”导入 %2 的 %3 笔流水？这些流水将被撤回，导入记录保留；之后可以重新导入同一文件。"
        )
        text = text.replace("%1", row.file).replace("%2", row.account)
        dialog = ReasonDialog(
            self._context,
            self.tr("撤销导入"),
            text.replace("%3", f"{row.imported:,}"),
            lambda reason: undo_import(self._context.db, self._context.actor, row.id, reason),
            yes=self.tr("撤销导入"),
            parent=self,
        )
        dialog.succeeded.connect(lambda: self._done(row))
        dialog.open()

    def _done(self, row: ImportLine) -> None:
        said = self.tr("已撤销“%1”的导入。").replace("%1", row.file)
        self.banner.show_message(Severity.OK, said)
        self.undone.emit()

    def _show_layouts(self) -> None:
        LayoutsDialog(self._context, self).open()

    def _button(self, name: str, text: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(text, self)
        made.setObjectName(f"imports.{name}")
        made.setAccessibleName(text)
        made.setAutoDefault(False)
        made.clicked.connect(act)
        self.buttons[name] = made
        return made


def _searched(row: ImportLine) -> str:
    said = (
        *(row.file, row.account, row.account_name, row.bank, row.by),
        *(local_text(row.at), _period(row), PROOF_LABELS[row.proof], row.undone_why),
    )
    return "\x1f".join("".join(one.split()).casefold() for one in said)


def _period(row: ImportLine) -> str:
    return f"{row.since or ''} – {row.until or ''}" if row.since or row.until else ""


def _state(row: ImportLine) -> str:
    return tr("有效") if row.undone_at is None else tr("已撤销")


def _undoing(row: ImportLine) -> str:
    if row.undone_at is None:
        return ""
    return f"{local_text(row.undone_at)}　{row.undone_by}：{row.undone_why}"


def _faded(row: ImportLine) -> Tone:
    return Tone.NORMAL if row.undone_at is None else Tone.MUTED


def _columns() -> tuple[Column[ImportLine], ...]:
    return (
        Column(
            "state",
            tr("状态"),
            _state,
            tone=lambda r: Tone.OK if r.undone_at is None else Tone.MUTED,
            sort_value=_state,
            chars=7,
        ),
        Column(
            "at",
            tr("时间"),
            lambda r: local_text(r.at),
            tone=_faded,
            sort_value=lambda r: (r.at, r.id),
            chars=16,
        ),
        Column(
            "file",
            tr("文件"),
            lambda r: r.file,
            tone=_faded,
            sort_value=lambda r: r.file,
            tooltip=lambda r: r.file,
            chars=24,
        ),
        Column(
            "account",
            tr("账户"),
            lambda r: f"{r.account}　{r.currency}",
            tone=_faded,
            sort_value=lambda r: r.account,
            chars=26,
        ),
        Column(
            "period",
            tr("期间"),
            _period,
            tone=_faded,
            sort_value=lambda r: (str(r.since or ""), str(r.until or "")),
            chars=24,
        ),
        *_counts(),
        Column(
            "proof",
            tr("余额核对"),
            lambda r: proof_text(r.proof),
            tone=lambda r: PROOF_TONES[r.proof] if r.undone_at is None else Tone.MUTED,
            sort_value=lambda r: list(Proof).index(r.proof),
            chars=12,
        ),
        Column("by", tr("导入人"), lambda r: r.by, tone=_faded, sort_value=lambda r: r.by, chars=8),
        Column("undone", tr("撤销"), _undoing, tone=_faded, tooltip=_undoing, chars=30),
    )


def _counts() -> tuple[Column[ImportLine], ...]:
    return (
        Column(
            "imported",
            tr("新增"),
            lambda r: f"{r.imported:,}",
            align=Align.RIGHT,
            tone=_faded,
            sort_value=lambda r: r.imported,
            chars=6,
        ),
        Column(
            "skipped",
            tr("已有"),
            lambda r: f"{r.skipped:,}",
            align=Align.RIGHT,
            tone=_faded,
            sort_value=lambda r: r.skipped,
            chars=6,
        ),
    )

"""已记住的列对应: what was said of the columns, for whoever renames, deletes or hands it on."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.core.clock import local_text
from app.core.errors import BadInput
from app.documents.atomic import save
from app.statements import layouts
from app.statements.layouts import LayoutLine
from app.statements.mapping import FIELD_LABELS, LONGEST_NAME
from app.statements.sharing import read_layout, written
from ui import messages
from ui.context import Context
from ui.payments.running import start_act
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.statements.layout_files import ask_layout, ask_layout_target
from ui.statements.looks import tr
from ui.theme import Tone
from ui.widgets.banner import Banner, Severity
from ui.widgets.columns import Column
from ui.widgets.simple_table import SimpleTable


class RenameDialog(FormDialog):
    """Emits once the layout has its new name."""

    renamed = Signal()

    def __init__(self, context: Context, line: LayoutLine, parent: QWidget) -> None:
        super().__init__(context, "layout_rename", parent)
        self.entitle(self.tr("改名"), self.tr("保存(&S)"))
        self._line = line
        self.name = self.line("name", self.tr("名称*"), line.known.name)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.selectAll()

    @override
    def start(self) -> None:
        name = self.name.text().strip()
        if not name:
            raise BadInput(self.tr("请填写名称。"))
        line = self._line
        self.run(
            lambda db, actor: layouts.rename(db, actor, line.id, name, line.version),
            lambda _: self.renamed.emit(),
        )


class LayoutsDialog(QDialog):
    """The remembered layouts, the newest first."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layouts")
        self.setWindowTitle(self.tr("已记住的列对应"))
        self.setAccessibleName(self.windowTitle())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self.banner = Banner("layouts.banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.table: SimpleTable[LayoutLine] = SimpleTable(
            "layouts.table", self.windowTitle(), _columns(), lambda r: r.id, parent=self
        )
        self.table.selection_changed.connect(self._offer)
        said = self.tr("还没有记住的列对应。导入表头不认识的流水时，指明各列并勾选“记住”即可。")
        self.empty = note("layouts.empty", said, self, Tone.MUTED)
        self.buttons: dict[str, QPushButton] = {}
        bar = QHBoxLayout()
        for name, text, act in (
            ("rename", self.tr("改名…"), self._rename),
            ("withdraw", self.tr("删除…"), self._withdraw),
            ("export", self.tr("导出…"), self._export),
            ("import", self.tr("从文件导入…"), lambda: ask_layout(self, self.take_file)),
        ):
            bar.addWidget(self._button(name, text, act))
        bar.addStretch(1)
        bar.addWidget(self._button("close", self.tr("关闭"), self.reject))
        column = QVBoxLayout(self)
        column.addWidget(self.banner)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        column.addLayout(bar)
        figure, line = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().height()
        self.resize(figure * 130, line * 24)
        self.empty.hide()
        self._offer()
        self.reload()

    def reload(self) -> None:
        """Read the list again."""
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "layouts"),
            lambda _: layouts.layout_lines(db, actor),
            self._show,
            self._failed,
            owner=self,
        )

    def take_file(self, path: str) -> None:
        """Remember the layout in a file that another desk handed on."""
        db, actor = self._context.db, self._context.actor
        start_act(
            self._context,
            self,
            lambda _: layouts.remember(db, actor, read_layout(Path(path))),
            lambda known: self._done(self.tr("已记住“%1”。").replace("%1", known.name)),
            self._failed,
        )

    def save_to(self, line: LayoutLine, path: str) -> None:
        """Write the layout into a file."""
        target = Path(path)
        said = self.tr("已导出到 %1。").replace("%1", target.name)
        self._context.tasks.start(
            lambda _: save(target, written(line.known)),
            lambda _: self.banner.show_message(Severity.OK, said),
            self._failed,
            owner=self,
        )

    def _show(self, found: list[LayoutLine]) -> None:
        self.table.set_rows(found)
        self.empty.setVisible(not found)
        self.table.setVisible(bool(found))
        self._offer()

    def _done(self, said: str) -> None:
        self.banner.show_message(Severity.OK, said)
        self.reload()

    def _chosen(self) -> LayoutLine | None:
        rows = self.table.selected_rows()
        return rows[0] if len(rows) == 1 else None

    def _offer(self) -> None:
        may = self._context.may(Right.STATEMENT_IMPORT)
        why = "" if may else self.tr("您没有“导入银行流水”权限。")
        needs = "" if self._chosen() is not None else self.tr("请先选择一份列对应。")
        for name, button in self.buttons.items():
            said = "" if name == "close" else why or ("" if name == "import" else needs)
            button.setEnabled(not said)
            button.setToolTip(said)

    def _rename(self) -> None:
        line = self._chosen()
        if line is not None:
            dialog = RenameDialog(self._context, line, self)
            dialog.renamed.connect(self.reload)
            dialog.open()

    def _withdraw(self) -> None:
        line = self._chosen()
        if line is None:
            return
        db, actor = self._context.db, self._context.actor

        def act() -> None:
            start_act(
                self._context,
                self,
                lambda _: layouts.withdraw(db, actor, line.id, line.version),
                lambda _: self._done(self.tr("已删除“%1”。").replace("%1", line.known.name)),
                self._failed,
            )

        messages.confirm(
            self,
            self.tr("删除列对应"),
            self.tr("删除“%1”？").replace("%1", line.known.name),
            act,
            yes=self.tr("删除"),
            detail=self.tr("已导入的流水不受影响；以后遇到这种表头须重新指明各列。"),
            danger=True,
        )

    def _export(self) -> None:
        line = self._chosen()
        if line is not None:
            ask_layout_target(self, line.known.name, lambda path: self.save_to(line, path))

    def _button(self, name: str, text: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(text, self)
        made.setObjectName(f"layouts.{name}")
        made.setAccessibleName(text)
        made.setAutoDefault(False)
        made.clicked.connect(act)
        self.buttons[name] = made
        return made


def _columns() -> tuple[Column[LayoutLine], ...]:
    return (
        Column(
            "name", tr("名称"), lambda r: r.known.name, sort_value=lambda r: r.known.name, chars=28
        ),
        Column("columns", tr("列对应"), _said, tooltip=_said, chars=50),
        Column("currency", tr("币种"), lambda r: r.known.currency or tr("按账户"), chars=8),
        Column("by", tr("记录人"), lambda r: r.made_by, sort_value=lambda r: r.made_by, chars=10),
        Column(
            "at",
            tr("时间"),
            lambda r: local_text(r.made_at),
            sort_value=lambda r: r.made_at,
            chars=16,
        ),
    )


def _said(line: LayoutLine) -> str:
    """What each column is: Buchungstag→交易日期，Soll→支出."""
    known = line.known
    places = sorted((at, field) for field, found in known.columns.items() for at in found)
    return "，".join(
        f"{known.headings[at] or tr('第 %1 列').replace('%1', str(at + 1))}→{FIELD_LABELS[field]}"
        for at, field in places
    )

"""跟进与通报: whom the incident waits for, and which departments were told."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSplitter, QVBoxLayout, QWidget

from app.access.rights import Right
from app.incidents.contacts import waiting
from app.incidents.contacts.briefings import BriefingLine
from app.incidents.contacts.following import Followed, followed
from app.incidents.contacts.waiting import WaitLine
from app.incidents.response_view import Response
from app.incidents.states import Outside, Step
from ui.context import Context
from ui.incidents.contacts.dialogs import AskDialog, BriefDialog, NoteDialog, WaitDialog
from ui.incidents.contacts.looks import briefing_columns, wait_columns
from ui.incidents.looks import tr
from ui.incidents.response.panel import offer, why_not
from ui.payments.reason_dialog import ReasonDialog
from ui.resume.pieces import heading
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.simple_table import SimpleTable


class FollowPanel(QWidget):
    """Two lists with their acts. said: what was done; failed: what was refused."""

    said = Signal(str)
    failed = Signal(object)
    counted = Signal(int)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("response_follow")
        self.setAccessibleName(tr("跟进与通报"))
        self.context = context
        self._found: Response | None = None
        self.acts: dict[str, QPushButton] = {}
        self.waits: SimpleTable[WaitLine] = SimpleTable(
            "response_waits", tr("等待答复"), wait_columns(), lambda r: r.wait_id
        )
        self.briefings: SimpleTable[BriefingLine] = SimpleTable(
            "response_briefings", tr("通报"), briefing_columns(), lambda r: r.number
        )
        for table in (self.waits, self.briefings):
            table.selection_changed.connect(self._chosen)
        self.briefings.opened.connect(lambda _=None: self._take_note())
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(
            self._part(
                tr("等待答复"),
                self.waits,
                (
                    ("wait", tr("登记等待…"), self._wait),
                    ("ask", tr("登记跟进…"), self._ask),
                    ("end", tr("结束等待…"), self._end),
                    ("directory", tr("通讯录"), self._to_directory),
                ),
            )
        )
        split.addWidget(
            self._part(
                tr("通报业务部门"),
                self.briefings,
                (
                    ("brief", tr("发出通报…"), self._brief),
                    ("note", tr("登记知悉…"), self._take_note),
                ),
            )
        )
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split, 1)

    def show_found(self, found: Response) -> None:
        """Read what belongs to this incident."""
        self._found = found
        db, actor, number = self.context.db, self.context.actor, found.line.number
        self.context.tasks.start_latest(
            (id(self), "follow"),
            lambda _: followed(db, actor, number),
            self._show,
            self.failed.emit,
            owner=self,
        )

    def _show(self, found: Followed) -> None:
        self.waits.set_rows(found.waits)
        self.briefings.set_rows(found.briefings)
        self.counted.emit(found.left)
        self._chosen()

    def _part(
        self, title: str, table: QWidget, acts: tuple[tuple[str, str, object], ...]
    ) -> QWidget:
        box = QWidget(self)
        bar = QWidget(box)
        flow = FlowLayout(bar, gap=max(3, self.fontMetrics().height() // 3))
        for name, text, run in acts:
            made = QPushButton(text, bar)
            made.setObjectName(f"response_follow_{name}")
            made.setAccessibleName(text)
            made.clicked.connect(run)
            self.acts[name] = made
            flow.addWidget(made)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading(title, box))
        column.addWidget(bar)
        column.addWidget(table, 1)
        return box

    def _chosen(self, _: object = None) -> None:
        why = self._why_not()
        wait, told = self.waits.current_row(), self.briefings.current_row()
        pick = tr("请先选择一条等待中的记录。")
        waits = wait is not None and wait.open
        offer(self.acts["wait"], why)
        offer(self.acts["ask"], why or ("" if waits else pick))
        offer(self.acts["end"], why or ("" if waits else pick))
        offer(self.acts["brief"], why)
        offer(self.acts["note"], self._why_no_note(told))

    def _why_no_note(self, told: BriefingLine | None) -> str:
        if told is None or told.taken_at is not None:
            return tr("请先选择一份待知悉的通报。")
        if told.mine:
            return ""
        if told.way == "SYSTEM":
            return tr("须由 %1 本人确认知悉。").replace("%1", told.recipient)
        return self.context.why_denied(Right.INCIDENT_HANDLE)

    def _why_not(self) -> str:
        return why_not(self.context, self._found, Right.INCIDENT_HANDLE)

    def _wait(self) -> None:
        if self._found is None:
            return
        vendor = self._found.following is Step.VENDOR
        party = Outside.VENDOR if vendor else Outside.BANK
        dialog = WaitDialog(self.context, self._found.line.number, party, self)
        dialog.written.connect(lambda: self.said.emit(tr("等待已登记，到期会提醒跟进。")))
        dialog.open()

    def _ask(self) -> None:
        row = self.waits.current_row()
        if row is not None and self._found is not None:
            dialog = AskDialog(self.context, self._found.line.number, row, self)
            dialog.written.connect(lambda: self.said.emit(tr("跟进已登记。")))
            dialog.open()

    def _end(self) -> None:
        row, context = self.waits.current_row(), self.context
        if row is None:
            return
        dialog = ReasonDialog(
            context,
            tr("结束等待"),
            tr("不再等待%1？请写明对方的答复或理由。").replace("%1", row.organisation),
            lambda why: waiting.end_wait(context.db, context.actor, row.wait_id, why, row.version),
            yes=tr("结束等待"),
            danger=False,
            parent=self,
        )
        dialog.succeeded.connect(lambda: self.said.emit(tr("等待已结束。")))
        dialog.open()

    def _to_directory(self) -> None:
        self.context.navigate.emit("directory", None)

    def _brief(self) -> None:
        if self._found is None:
            return
        dialog = BriefDialog(self.context, self._found, self)
        text = tr("通报 %1 已发出，待对方知悉。")
        dialog.written.connect(lambda number: self.said.emit(text.replace("%1", number)))
        dialog.open()

    def _take_note(self) -> None:
        row = self.briefings.current_row()
        if row is None or self._why_no_note(row):
            return
        dialog = NoteDialog(self.context, row, self)
        dialog.written.connect(lambda: self.said.emit(tr("已登记知悉。")))
        dialog.open()

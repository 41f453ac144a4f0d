"""联系供应商: the ticket and what it lacks, the package, the log, the codes, what was said."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.incidents.response_view import CheckView, Response
from app.incidents.states import Outside, Step
from app.incidents.vendor.error_codes import CodeEntry, entries_of_finding
from app.incidents.vendor.ticket_form import TicketState
from app.incidents.vendor.tickets import (
    TicketLine,
    export_ticket,
    ticket_as_text,
    ticket_paper,
    tickets,
)
from ui.context import Context
from ui.incidents.looks import tr
from ui.incidents.response.looks import check_columns
from ui.incidents.response.panel import StepPanel
from ui.incidents.vendor.codes_dialog import CodesDialog
from ui.incidents.vendor.log_page import LogWanted
from ui.incidents.vendor.looks import ticket_columns
from ui.incidents.vendor.package_dialog import PackageDialog
from ui.incidents.vendor.ticket_dialog import SendDialog, TicketDialog
from ui.resume.pieces import note
from ui.resume.sheet_dialog import SheetDialog
from ui.theme import Tone, set_tone
from ui.widgets.file_asking import ask_save
from ui.widgets.simple_table import SimpleTable


class VendorPanel(StepPanel):
    """Tickets above, what is wrong with the software below."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, Step.VENDOR, parent)
        for name, text, run in (
            ("ticket", tr("新建工单…"), self._new),
            ("edit", tr("修改工单…"), self._edit),
            ("preview", tr("预览、打印工单"), self._preview),
            ("copy", tr("复制工单文字"), self._copy),
            ("text", tr("工单另存文字…"), self._ask_text),
            ("send", tr("提交工单…"), self._send),
            ("package", tr("诊断包…"), self._package),
            ("log", tr("日志…"), self._log),
            ("codes", tr("错误代码…"), self._codes),
            ("talk", tr("登记联系记录…"), lambda: self.talk(Outside.VENDOR)),
        ):
            self.act(name, text, run)
        self.told = note("response_vendor_told", "", self)
        self.body.addWidget(self.told)
        self.tickets: SimpleTable[TicketLine] = SimpleTable(
            "response_tickets", tr("技术支持工单"), ticket_columns(), lambda r: r.number
        )
        self.tickets.selection_changed.connect(self._chosen)
        self.tickets.opened.connect(lambda _=None: self._open())
        self.checks: SimpleTable[CheckView] = SimpleTable(
            "response_software", tr("软件检查"), check_columns(), lambda r: r.item.code
        )
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.tickets)
        split.addWidget(self.checks)
        split.setChildrenCollapsible(False)
        self.body.addWidget(split, 1)

    @override
    def fill(self, found: Response) -> None:
        self.checks.set_rows([one for one in found.checks if one.item.area == "SOFTWARE"])
        self._chosen()
        db, actor, number = self.context.db, self.context.actor, found.line.number
        self.context.tasks.start_latest(
            (id(self), "tickets"),
            lambda _: tickets(db, actor, number),
            self._show_tickets,
            self.failed.emit,
            owner=self,
        )

    def _show_tickets(self, found: list[TicketLine]) -> None:
        self.tickets.set_rows(found)
        if found and self.tickets.current_row() is None:
            self.tickets.setCurrentIndex(self.tickets.rows().index(0, 0))
            self.tickets.select_positions([0])
        self._chosen()

    def _chosen(self, _: object = None) -> None:
        if self.found is None:
            return
        row = self.tickets.current_row()
        pick = tr("请先选择一张工单。") if row is None else ""
        draft = row is not None and row.state is TicketState.DRAFT
        sent = "" if draft else tr("工单已提交，不能再修改。")
        left = "\n".join(one.text for one in row.missing) if row is not None else ""
        for name in ("ticket", "package", "talk"):
            self.offer(name)
        self.offer("edit", pick or sent)
        self.offer("send", pick or sent or left)
        self.acts["log"].setEnabled(self.context.may(Right.SELFCHECK_RUN))
        for name in ("preview", "copy", "text"):
            self.acts[name].setEnabled(row is not None)
            self.acts[name].setToolTip(pick)
        text, tone = self._advice(row)
        self.told.setText(text)
        set_tone(self.told, tone)

    def _advice(self, row: TicketLine | None) -> tuple[str, Tone]:
        """What comes next here: the backup before any repair, the ticket, its sending, the talk."""
        if self.found is None:
            return "", Tone.NORMAL
        at, locked = self.found.standing, self.locked()
        if at.vendor_talks:
            return tr("已登记联系记录，可以办结这一步；没有修好前，临时措施要继续执行。"), Tone.OK
        if not at.software_faults and row is None:
            return tr("软件检查没有异常：不需要联系供应商的，注明理由后跳过。"), Tone.NORMAL
        if locked:
            # Only the repair waits for it; what the vendor needs can be made ready meanwhile.
            return tr("%1 可以同时准备工单和诊断包。").replace("%1", locked), Tone.WARN
        if row is None:
            return tr("请新建工单：已知内容会自动填好；需要时附上诊断包。"), Tone.ACCENT
        return _next_for(row)

    def _new(self) -> None:
        self._fill_in(None)

    def _edit(self) -> None:
        row = self.tickets.current_row()
        if row is not None:
            self._fill_in(row)

    def _open(self) -> None:
        if self.acts["edit"].isEnabled():
            self._edit()
        else:
            self._preview()

    def _fill_in(self, row: TicketLine | None) -> None:
        dialog = TicketDialog(self.context, self.number(), row, self)
        dialog.written.connect(
            lambda ticket: self.said.emit(tr("工单 %1 已保存。").replace("%1", ticket))
        )
        dialog.open()

    def _preview(self) -> None:
        row, context = self.tickets.current_row(), self.context
        if row is not None:
            title = tr("技术支持工单 %1").replace("%1", row.number)
            SheetDialog(
                context, title, lambda: ticket_paper(context.db, context.actor, row.number), self
            ).open()

    def _copy(self) -> None:
        row, context = self.tickets.current_row(), self.context
        if row is not None:
            context.read(
                lambda _: ticket_as_text(context.db, context.actor, row.number),
                self._copied,
                self.failed.emit,
            )

    def _copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.said.emit(tr("工单文字已复制，可以粘贴到邮件或聊天窗口。"))

    def _ask_text(self) -> None:
        row = self.tickets.current_row()
        if row is not None:
            ask_save(
                self,
                "response_vendor_text_file",
                tr("工单另存文字"),
                ["TXT (*.txt)"],
                self.save_text,
                proposed=tr("技术支持工单 %1").replace("%1", row.number),
                suffix="txt",
            )

    def save_text(self, path: str) -> None:
        """Write the chosen ticket as text to this file."""
        row, context = self.tickets.current_row(), self.context
        if row is not None:
            context.read(
                lambda _: export_ticket(context.db, context.actor, row.number, Path(path)),
                lambda _: self.said.emit(tr("工单已另存为 %1。").replace("%1", path)),
                self.failed.emit,
            )

    def _send(self) -> None:
        row, context = self.tickets.current_row(), self.context
        if row is not None:
            context.read(
                lambda _: ticket_as_text(context.db, context.actor, row.number),
                lambda text: self._ask_send(row, text),
                self.failed.emit,
            )

    def _ask_send(self, row: TicketLine, text: str) -> None:
        dialog = SendDialog(self.context, row, text, self)
        dialog.written.connect(
            lambda ticket: self.said.emit(tr("工单 %1 已登记为提交。").replace("%1", ticket))
        )
        dialog.open()

    def _package(self) -> None:
        dialog = PackageDialog(self.context, self.number(), self)
        text = tr("诊断包已写入 %1，SHA-256 %2。")
        dialog.written.connect(
            lambda path, digest: self.said.emit(text.replace("%1", path).replace("%2", digest))
        )
        dialog.begin()

    def _log(self) -> None:
        if self.found is not None:
            wanted = LogWanted(self.number(), self.found.stopped_at)
            self.context.navigate.emit("logs", wanted)

    def _codes(self) -> None:
        CodesDialog(self, self._spoken_of()).open()

    def _spoken_of(self) -> list[CodeEntry]:
        """What the findings of the incident say, each entry once."""
        groups = () if self.found is None else self.found.findings
        found = [entry for one in groups for entry in entries_of_finding(one.reason, one.example)]
        return list(dict.fromkeys(found))


def _next_for(row: TicketLine) -> tuple[str, Tone]:
    """What comes next for a ticket."""
    if row.state is TicketState.SENT:
        text, tone = tr("工单 %1 已提交：与供应商联系后，请登记联系记录。"), Tone.ACCENT
    elif row.missing:
        text, tone = tr("工单 %1 还缺：") + "　".join(one.text for one in row.missing), Tone.WARN
    else:
        text, tone = tr("工单 %1 已填齐，请提交给供应商。"), Tone.ACCENT
    return text.replace("%1", row.number), tone

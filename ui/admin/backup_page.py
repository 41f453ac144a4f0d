"""备份: make one, and prove one by restoring it aside."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QProgressBar, QPushButton, QWidget
from typing_extensions import override

from app.access.keeping import make_backup, prove_backup
from app.access.rights import Right
from app.access.trail import TrailList
from app.audit.queries import AuditFilter, AuditLine
from app.core import paths
from app.core.clock import local_seconds
from app.storage.backup import BackupInfo
from app.storage.proof import BackupProof
from ui.admin.frame import AdminPage, TableOrEmpty, row_of, section
from ui.cancelling import offer_cancel
from ui.context import Acted, Context
from ui.tasks import Progress, Task
from ui.widgets.banner import Severity
from ui.widgets.columns import Column
from ui.widgets.simple_table import SimpleTable

_SHOWN = 50
_MEGA = 1_000_000


class BackupPage(AdminPage):
    """One work at a time, with its progress and a way to end it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "backup", parent)
        self.set_head(
            self.tr("备份"),
            self.tr(
                "备份期间其他人可以继续工作。恢复须在关闭窗口后用命令进行："
                "python main.py backup restore 备份文件。"
            ),
        )
        self._task: Task[Any] | None = None
        self._make = self.tool(
            "make",
            self.tr("立即备份…"),
            "save-3-line",
            self.choose_target,
            right=Right.BACKUP_MAKE,
            primary=True,
        )
        self._prove = self.tool(
            "prove",
            self.tr("验证备份文件…"),
            "shield-check-line",
            self.choose_backup,
            right=Right.BACKUP_MAKE,
        )
        self._bar = QProgressBar(self)
        self._bar.setObjectName("backup.progress")
        self._bar.setAccessibleName(self.tr("进度"))
        self._bar.setMinimumWidth(self.fontMetrics().horizontalAdvance("备") * 24)
        self._cancel = QPushButton(self.tr("取消"), self)
        self._cancel.setObjectName("backup.cancel")
        self._cancel.setAccessibleName(self.tr("取消备份"))
        self._cancel.clicked.connect(self.cancel)
        self.table: SimpleTable[AuditLine] = SimpleTable(
            "backup.table",
            self.tr("备份记录"),
            [
                Column("at", self.tr("时间"), self._at, chars=19),
                Column("what", self.tr("操作"), lambda x: x.label, chars=12),
                Column("file", self.tr("文件"), lambda x: str(x.after.get("file", "")), chars=50),
                Column("who", self.tr("办理人"), lambda x: x.actor, chars=20),
                Column("machine", self.tr("电脑"), lambda x: x.machine, chars=20),
            ],
            lambda line: line.seq,
            parent=self,
        )
        self.body.addLayout(row_of(self._bar, self._cancel))
        self.body.addWidget(section(self.tr("备份与恢复记录"), self))
        self._list = TableOrEmpty(
            self.table,
            self.tr("还没有备份过。点“立即备份”，建议每天至少一次，并另存一份到其他设备。"),
            self,
        )
        self.body.addWidget(self._list, 1)
        self._show_running()
        self.reload()

    @override
    def reload(self) -> None:
        if self._task is not None and self._task.cancelled:
            self._ended()
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> list[AuditLine]:
            trail = TrailList(db, actor, AuditFilter(act="backup."))
            trail.total()
            return trail.page(0, _SHOWN)

        self.read(work, self._list.show_rows)

    def choose_target(self) -> QFileDialog:
        """Ask where the backup shall lie."""
        stamp = self.context.db.clock.now().astimezone(self.context.db.tz)
        ask = self._ask(QFileDialog.AcceptMode.AcceptSave, self.tr("备份到"))
        ask.setDefaultSuffix("tfbak")
        ask.selectFile(f"tingfu-{stamp:%Y%m%d-%H%M}.tfbak")
        ask.fileSelected.connect(self.make)
        ask.open()
        return ask

    def choose_backup(self) -> QFileDialog:
        """Ask which backup shall be proved."""
        ask = self._ask(QFileDialog.AcceptMode.AcceptOpen, self.tr("选择备份文件"))
        ask.setFileMode(QFileDialog.FileMode.ExistingFile)
        ask.fileSelected.connect(self.prove)
        ask.open()
        return ask

    def make(self, path: str) -> None:
        """Back everything up into that file."""
        db, actor = self.context.db, self.context.actor

        def work(progress: Progress) -> BackupInfo:
            return make_backup(db, actor, Path(path), progress)

        self._begin(self.context.counted(work), self._made, self.tr("备份"))

    def prove(self, path: str) -> None:
        """Restore that file aside and look at everything in it."""
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> BackupProof:
            return prove_backup(db, actor, Path(path))

        self._begin(work, self._proved, self.tr("验证备份"))

    def cancel(self) -> None:
        """End the work; nothing is left of an unfinished backup."""
        if self._task is not None:
            self._task.cancel()
            self._ended()
            self.banner.show_message(Severity.INFO, self.tr("已取消，没有留下未完成的文件。"))

    def _begin(self, work: Any, done: Any, label: str) -> None:
        if self._task is not None:
            return
        self.banner.clear()
        self._bar.setRange(0, 0)
        self._task = self.context.tasks.start(
            work, done, self._failed, label=label, owner=self, progress=self._progress
        )
        offer_cancel(self._task)
        self._show_running()

    def _progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, 100)
        self._bar.setValue(done * 100 // max(1, total))

    def _made(self, acted: Acted[BackupInfo]) -> None:
        self._ended()
        info = acted.result
        said = self.tr("已备份到 %1（%2 MB，%3 条操作日志）。").replace("%1", str(info.path))
        said = said.replace("%2", f"{info.bytes / _MEGA:,.1f}").replace("%3", f"{info.entries:,}")
        self.banner.show_message(
            Severity.OK,
            said,
            self.tr("建议立即验证，并另存一份到其他设备。"),
            action=self.tr("验证此备份"),
            on_action=lambda: self.prove(str(info.path)),
        )
        self.context.tell(acted)

    def _proved(self, proof: BackupProof) -> None:
        self._ended()
        if proof.ok:
            self.say(proof.detail)
        else:
            self.banner.show_message(
                Severity.STOP, proof.detail, self.tr("此备份不能用于恢复，请重新备份。")
            )

    def _failed(self, error: BaseException) -> None:
        self._ended()
        self.failed(error)

    def _ended(self) -> None:
        self._task = None
        self._show_running()

    def _show_running(self) -> None:
        running = self._task is not None
        self._bar.setVisible(running)
        self._cancel.setVisible(running)
        self._make.setEnabled(not running)
        self._prove.setEnabled(not running)

    def _at(self, line: AuditLine) -> str:
        return local_seconds(line.at, self.context.db.tz)

    def _ask(self, mode: QFileDialog.AcceptMode, title: str) -> QFileDialog:
        ask = QFileDialog(self, title)
        ask.setObjectName("backup.choose")
        ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ask.setAcceptMode(mode)
        ask.setNameFilters([self.tr("备份文件 (*.tfbak)"), self.tr("所有文件 (*)")])
        folder = paths.backup_folder()
        if folder.is_dir():
            ask.setDirectory(str(folder))
        return ask

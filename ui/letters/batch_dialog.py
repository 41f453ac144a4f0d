"""批量发送: many letters in one run, each with its address before and its outcome after."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget
from typing_extensions import override

from app.agreements import mail_run
from app.agreements.mail_run import OUTCOME_LABELS, Ended, MailRun, Outcome, RunLine
from app.agreements.sending import Mail, MailDraft
from app.core.errors import BadInput
from app.letters.addresses import check_address
from app.letters.post import Server
from ui.context import Context
from ui.letters.run_words import OUTCOME_TONES, advice, run_text
from ui.letters.sign_in import SignIn
from ui.payments.running import RunDialog, run_long
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.tasks import Progress
from ui.theme import Tone, brush, set_tone
from ui.widgets.banner import Severity

NUMBER, ADDRESSEE, EMAIL, RESULT = range(4)
# What is over: it went out, may have gone out, or must not go out any more.
_OVER: Final = frozenset({Outcome.SENT, Outcome.UNKNOWN, Outcome.PASSED})
_ROWS_SHOWN: Final = 12


class BatchMailDialog(FormDialog):
    """Sends what has an address; stays open with what became of each. Emits the run's outcome."""

    ended = Signal(object)

    def __init__(
        self,
        context: Context,
        drafts: Sequence[MailDraft],
        server: Server,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "letters_batch", parent)
        self.entitle(self.tr("批量发送函件"), self.tr("发送(&S)"))
        self._drafts = tuple(drafts)
        self._cells = [
            tuple(map(QTableWidgetItem, (one.about, one.addressee, one.recipient, "")))
            for one in drafts
        ]
        self._done: dict[str, RunLine] = {}
        self._filling = False
        self.summary = note("letters_batch.summary", "", self)
        self.table = self._make_table()
        self.sign_in = SignIn(self, server)
        self.column.insertWidget(1, self.summary)
        self.column.insertWidget(2, self.table, 1)
        self.table.itemChanged.connect(self._typed)
        self._fill()
        self.resize(self.fontMetrics().horizontalAdvance("0" * 130), self.sizeHint().height())

    @override
    def start(self) -> None:
        mails = [
            Mail(draft.about, address, draft.subject, draft.body, first=True)
            for draft, address in self._to_send()
        ]
        if not mails:
            said = self.tr("没有可以发送的函件。")
            raise BadInput(said, self.tr("请先填写收件邮箱，或关闭窗口后登记其他送达方式。"))
        server = self.sign_in.server()
        db, actor, passwords = self.context.db, self.context.actor, self.context.mail_passwords

        def work(dialog: RunDialog, progress: Progress) -> MailRun:
            return mail_run.send_run(
                db, actor, mails, server, dialog.pause, passwords, progress, dialog.cancelled
            )

        self.banner.clear()
        run_long(self.context, self, self.tr("正在发送函件"), work, self._ran, self.refused)

    def set_address(self, number: str, address: str) -> None:
        """Type the address of a letter."""
        self._cells[self._place(number)][EMAIL].setText(address)

    def outcome_of(self, number: str) -> str:
        """What stands beside a letter."""
        return self._cells[self._place(number)][RESULT].text()

    def _ran(self, run: MailRun) -> None:
        self._done.update({line.about: line for line in run.lines})
        hint = advice(run)
        if run.ended is Ended.SIGN_IN:
            hint = self.sign_in.refused()
        good = run.count(Outcome.SENT) == len(run.lines)
        self._fill()
        self.banner.show_message(Severity.OK if good else Severity.WARN, run_text(run), hint)
        self._no.setText(self.tr("关闭"))
        self.ended.emit(run)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(len(self._drafts), 4, self)
        table.setObjectName("letters_batch.table")
        table.setAccessibleName(self.tr("待发送的函件"))
        titles = (self.tr("文号"), self.tr("收件单位"), self.tr("收件邮箱"), self.tr("结果"))
        table.setHorizontalHeaderLabels(titles)
        table.verticalHeader().hide()
        table.setTabKeyNavigation(False)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for place, chars in ((NUMBER, 22), (ADDRESSEE, 34), (EMAIL, 30)):
            table.setColumnWidth(place, table.fontMetrics().horizontalAdvance("0" * chars))
        rows = min(_ROWS_SHOWN, max(4, len(self._drafts)))
        line = table.verticalHeader().defaultSectionSize()
        table.setMinimumHeight(line * (rows + 1) + header.sizeHint().height())
        for place, cells in enumerate(self._cells):
            for column, item in enumerate(cells):
                if column != EMAIL:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                item.setToolTip(item.text())
                table.setItem(place, column, item)
        return table

    def _typed(self, item: QTableWidgetItem) -> None:
        if not self._filling and item.column() == EMAIL:
            self._fill()

    def _fill(self) -> None:
        """Say of each letter what will, or did, become of it; count what will be sent."""
        self._filling = True
        for place, draft in enumerate(self._drafts):
            text, tone = self._said(draft, self._address(place))
            item = self._cells[place][RESULT]
            item.setText(text)
            item.setToolTip(text)
            item.setForeground(brush(tone))
            done = self._done.get(draft.about)
            if done is not None and done.outcome in _OVER:
                email = self._cells[place][EMAIL]
                email.setFlags(email.flags() & ~Qt.ItemFlag.ItemIsEditable)
        self._filling = False
        ready = len(self._to_send())
        over = sum(line.outcome in _OVER for line in self._done.values())
        self.yes.setEnabled(bool(ready))
        text = self.tr("继续发送 %1 份(&S)") if self._done else self.tr("发送 %1 份(&S)")
        self.yes.setText(text.replace("%1", str(ready)))
        missing = len(self._drafts) - ready - over
        said = self.tr("共 %1 份，%2 份可以发送。").replace("%1", str(len(self._drafts)))
        said = said.replace("%2", str(ready))
        if missing:
            more = self.tr("%1 份没有可用的邮箱，双击“收件邮箱”填写，不填写的不发送。")
            said += more.replace("%1", str(missing))
        self.summary.setText(said)
        set_tone(self.summary, Tone.WARN if missing else Tone.NORMAL)

    def _said(self, draft: MailDraft, address: str) -> tuple[str, Tone]:
        done = self._done.get(draft.about)
        if done is not None:
            label = OUTCOME_LABELS[done.outcome]
            same = done.outcome in _OVER or done.recipient == address
            if same and done.outcome is not Outcome.LEFT:
                text = label if done.outcome is Outcome.SENT else f"{label}：{done.said}"
                return text, OUTCOME_TONES[done.outcome]
        if not address:
            return self.tr("没有邮箱，不发送"), Tone.WARN
        try:
            check_address(address)
        except BadInput as problem:
            return problem.message, Tone.STOP
        return self.tr("待发送"), Tone.NORMAL

    def _to_send(self) -> list[tuple[MailDraft, str]]:
        found = []
        for place, draft in enumerate(self._drafts):
            done, address = self._done.get(draft.about), self._address(place)
            if (done is None or done.outcome not in _OVER) and _is_address(address):
                found.append((draft, address))
        return found

    def _address(self, place: int) -> str:
        return self._cells[place][EMAIL].text().strip()

    def _place(self, number: str) -> int:
        return [draft.about for draft in self._drafts].index(number)


def _is_address(text: str) -> bool:
    try:
        check_address(text)
    except BadInput:
        return False
    return True

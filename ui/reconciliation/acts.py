"""What can be done on the page 对账: each act with its question, its progress and its answer."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import BadInput
from app.core.money import Money
from app.incidents.case_view import IncidentLine, incident_lines
from app.reconciliation import deciding
from app.reconciliation.deciding import ByHand
from app.reconciliation.journal.importing import JournalTaken
from app.reconciliation.overview import AlarmRow, BankRow, OurRow, PairRow
from app.reconciliation.reconciling import Reconciliation, keep_sure
from app.reconciliation.reporting import write_workbook
from app.reconciliation.states import Side
from app.statements.importing import TakenIn
from ui import messages
from ui.context import Context
from ui.incidents.dialogs import OpenDialog
from ui.payments.reason_dialog import ReasonDialog
from ui.payments.running import RunDialog, run_long, start_act
from ui.reconciliation.journal_dialog import taken_text as journal_taken_text
from ui.reconciliation.journal_start import ask_journal
from ui.reconciliation.looks import tr
from ui.statements.imports_dialog import ImportsDialog
from ui.statements.starting import ask_statement, start_import, taken_text
from ui.tasks import Progress
from ui.widgets.banner import Banner, Severity
from ui.widgets.file_asking import ask_save


class ReconcileActs:
    """The acts of one page; what comes of them stands in its banner."""

    def __init__(self, context: Context, page: QWidget, banner: Banner) -> None:
        self._context = context
        self._page = page
        self._banner = banner
        self._failed = messages.presenter(page, banner)

    def ask_statement(self) -> QFileDialog:
        return ask_statement(self._page, "reconcile_ask", self.open_statement)

    def open_statement(self, path: str) -> None:
        """Bring a statement in."""
        start_import(self._context, self._page, path, self._statement_taken, failed=self._failed)

    def ask_journal(self) -> QFileDialog:
        return ask_journal(self._context, self._page, self._journal_taken, self._failed)

    def show_imports(self) -> ImportsDialog:
        """Every statement that came in; a whole one can be taken back there."""
        dialog = ImportsDialog(self._context, self._page)
        dialog.open()
        return dialog

    def ask_incident(self, alarms: Sequence[AlarmRow], lines: Sequence[BankRow]) -> None:
        """Ask what happened; then an alarm's payments and lines, or the lines, are an incident."""
        context = self._context
        payments = [one for row in alarms for one in _payments_of(row)]
        named = {key: _of_alarm(row) for row in alarms for key in row.alarm.lines}
        if not alarms:
            named = {row.item.key: _of_line(row) for row in lines}

        def show(found: list[IncidentLine]) -> None:
            dialog = OpenDialog(context, (), found, self._page, payments, named)
            dialog.opened.connect(self._opened)
            dialog.open()

        db, actor = context.db, context.actor
        context.read(lambda _: incident_lines(db, actor), show, self._failed)

    def _opened(self, number: str) -> None:
        said = tr("已转入应急事件 %1，请到“应急事件”接手处理。").replace("%1", number)
        self._banner.show_message(Severity.OK, said)

    def run(self, found: Reconciliation) -> RunDialog:
        """Match, and keep what is sure."""
        db, actor = self._context.db, self._context.actor
        before = sum(one.id is not None for one in found.pairings)

        def work(dialog: RunDialog, progress: Progress) -> Reconciliation:
            check = dialog.check(progress)
            check(0, 2)
            # The last moment to stop: what follows is one transaction.
            made = keep_sure(
                db, actor, found.account, found.since, found.until, lambda: check(1, 2)
            )
            progress(2, 2)
            return made

        def done(made: Reconciliation) -> None:
            kept = sum(one.id is not None for one in made.pairings)
            asked = sum(one.id is None for one in made.pairings)
            text = tr("新勾对 %1 组；%2 条建议待您确认，异常 %3 项。")
            for place, value in enumerate((kept - before, asked, len(made.alarms)), 1):
                text = text.replace(f"%{place}", f"{value:,}")
            severity = Severity.STOP if made.alarms else Severity.OK
            self._banner.show_message(severity, text)

        return run_long(self._context, self._page, tr("自动勾对"), work, done, self._failed)

    def accept(self, account: str, rows: Sequence[PairRow]) -> None:
        if not rows:
            return
        db, actor = self._context.db, self._context.actor
        pairings = [row.pairing for row in rows]
        self._act(
            lambda: deciding.accept(db, actor, account, pairings),
            tr("已采纳 %1 条建议。").replace("%1", str(len(rows))),
        )

    def refuse(self, account: str, row: PairRow) -> None:
        db, actor = self._context.db, self._context.actor
        self._act(
            lambda: deciding.refuse(db, actor, account, row.pairing),
            tr("已记下：不是同一笔，不再建议。"),
        )

    def pair(
        self, account: str, side: Side, lines: Sequence[BankRow], ours: Sequence[OurRow]
    ) -> None:
        """Match the chosen rows; where the sums differ, ask why."""
        if len(lines) + len(ours) < 2:  # noqa: PLR2004 - a match is of two at least
            self._failed(BadInput(tr("请在两边选择同一笔的记录。")))
            return
        db, actor = self._context.db, self._context.actor
        command = ByHand(
            side, tuple(row.item.key for row in lines), tuple(row.item.key for row in ours)
        )
        gap = _gap(lines, ours)
        if gap.minor and side is Side.ORDERS:
            text = tr("两边合计相差 %1。确属同一笔的，请写明差额的原因，例如手续费。")
            dialog = ReasonDialog(
                self._context,
                tr("手工勾对"),
                text.replace("%1", gap.display()),
                lambda why: deciding.match_by_hand(
                    db, actor, account, ByHand(side, command.lines, command.ours, why)
                ),
                yes=tr("勾对"),
                danger=False,
                parent=self._page,
            )
            dialog.open()
            return
        self._act(lambda: deciding.match_by_hand(db, actor, account, command), tr("已手工勾对。"))

    def undo(self, rows: Sequence[PairRow]) -> None:
        """Take matches back, with the reason."""
        ids = [row.pairing.id for row in rows if row.pairing.id is not None]
        if not ids:
            return
        db, actor = self._context.db, self._context.actor
        text = tr("撤销 %1 组勾对。撤销后不会再自动勾上，可以手工勾对。")
        dialog = ReasonDialog(
            self._context,
            tr("撤销勾对"),
            text.replace("%1", str(len(ids))),
            lambda why: deciding.undo(db, actor, ids, why),
            yes=tr("撤销"),
            parent=self._page,
        )
        dialog.open()

    def ask_workbook(self, found: Reconciliation) -> QFileDialog:
        """Ask where the workbook goes."""
        name = tr("对账工作簿 %1 %2").replace("%1", found.account[-4:])
        return ask_save(
            self._page,
            "reconcile_workbook_ask",
            tr("导出对账工作簿"),
            [tr("Excel 工作簿 (*.xlsx)")],
            lambda path: self.save_workbook(found, path),
            proposed=name.replace("%2", f"{found.until:%Y-%m-%d}"),
            suffix="xlsx",
        )

    def save_workbook(self, found: Reconciliation, path: str) -> RunDialog:
        """Write the workbook behind a dialog with progress."""
        db, actor = self._context.db, self._context.actor

        def work(dialog: RunDialog, progress: Progress) -> Path:
            target = Path(path)
            tell = dialog.check(progress)
            write_workbook(db, actor, found.account, found.since, found.until, target, tell)
            return target

        def done(target: Path) -> None:
            self._banner.show_message(Severity.OK, tr("已导出：%1").replace("%1", str(target)))

        title = tr("导出对账工作簿")
        return run_long(self._context, self._page, title, work, done, self._failed)

    def _act(self, act: Callable[[], object], said: str) -> None:
        def work(_: Progress) -> None:
            act()

        def done(_: None) -> None:
            self._banner.show_message(Severity.OK, said)

        start_act(self._context, self._page, work, done, self._failed)

    def _statement_taken(self, taken: TakenIn) -> None:
        self._banner.show_message(*taken_text(taken))

    def _journal_taken(self, taken: JournalTaken) -> None:
        self._banner.show_message(Severity.OK, journal_taken_text(taken))


def _gap(lines: Sequence[BankRow], ours: Sequence[OurRow]) -> Money:
    rows = [*(row.money for row in lines), *(-row.money for row in ours)]
    return sum(rows[1:], rows[0])


def _payments_of(row: AlarmRow) -> Iterator[str]:
    """The payments among the items of an alarm: their keys begin with the payment's number."""
    for one in row.alarm.ours:
        number = one.partition("/")[0]
        if number.startswith("FK-"):
            yield number


def _of_alarm(row: AlarmRow) -> str:
    return f"{row.on} {row.money.named()} {row.label}"


def _of_line(row: BankRow) -> str:
    return f"{row.item.on} {row.money.named()} {row.item.name}".strip()

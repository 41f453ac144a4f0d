"""What the columns make of the file, while they are being chosen: lines, proof, problems."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.errors import Problem
from app.core.money import Money
from app.statements.parsed import PROOF_LABELS, Proof, StatementLine
from app.statements.sheets import Trial
from ui.resume.pieces import heading, note
from ui.statements.looks import PROOF_TONES, problem_text, tr
from ui.theme import Tone, set_tone
from ui.widgets.columns import Align, Column
from ui.widgets.simple_table import SimpleTable

_SHOWN: Final = 300
_PROBLEMS: Final = 3


@dataclass(frozen=True, slots=True)
class _Shown:
    line: StatementLine
    currency: str

    def figure(self, minor: int) -> str:
        return Money(minor, self.currency).display()


class TrialView(QWidget):
    """The lines as they would come in, and whether the balances hold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mapping.trial")
        self.proof = QLabel(self)
        self.proof.setObjectName("mapping.proof")
        self.count = QLabel(self)
        self.count.setObjectName("mapping.count")
        set_tone(self.count, Tone.MUTED)
        head = QHBoxLayout()
        head.addWidget(heading(self.tr("读取结果"), self))
        head.addWidget(self.proof)
        head.addWidget(self.count)
        head.addStretch(1)
        self.table: SimpleTable[_Shown] = SimpleTable(
            "mapping.lines", self.tr("读取结果"), _columns(), lambda r: r.line.row, parent=self
        )
        self.table.setMinimumHeight(self.fontMetrics().height() * 6)
        self.problems = note("mapping.problems", "", self, Tone.WARN)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.problems)
        self.problems.hide()

    def show_trial(self, found: Trial) -> None:
        """Show what came of it."""
        shown = (_Shown(line, one.currency) for one in found.statements for line in one.lines)
        self.table.set_rows(list(islice(shown, _SHOWN)))
        count = sum(len(one.lines) for one in found.statements)
        self._say(found.proof, found.problems)
        currencies = "、".join(dict.fromkeys(one.currency for one in found.statements))
        text = self.tr("%1，%2 笔").replace("%1", currencies)
        text = text.replace("%2", f"{count:,}")
        if count > _SHOWN:
            text += self.tr("（列出前 %1 笔）").replace("%1", str(_SHOWN))
        self.count.setText(text + self.tr("，跳过 %1 行").replace("%1", f"{len(found.skipped):,}"))
        said = [*found.notes, *(problem_text(one) for one in found.problems[:_PROBLEMS])]
        more = len(found.problems) - _PROBLEMS
        if more > 0:
            said.append(self.tr("另有 %1 处问题。").replace("%1", f"{more:,}"))
        self.problems.setText("\n".join(said))
        self.problems.setVisible(bool(said))

    def show_nothing(self, why: str) -> None:
        """Say why nothing is read."""
        self.table.set_rows([])
        self.proof.setText(why)
        set_tone(self.proof, Tone.MUTED)
        self.count.clear()
        self.problems.hide()

    def _say(self, proof: Proof, problems: Sequence[Problem]) -> None:
        broken = [one.row for one in problems if one.field == "余额" and one.row is not None]
        text = PROOF_LABELS[proof]
        if proof is Proof.UNBALANCED and broken:
            text = self.tr("余额在第 %1 行断开").replace("%1", str(broken[0]))
        self.proof.setText(text)
        set_tone(self.proof, PROOF_TONES[proof])


def _columns() -> tuple[Column[_Shown], ...]:
    return (
        Column("row", tr("行"), lambda r: str(r.line.row), align=Align.RIGHT, chars=5),
        Column("day", tr("交易日期"), lambda r: r.line.on.isoformat(), chars=11),
        Column("time", tr("时间"), lambda r: str(r.line.at or ""), chars=9),
        Column(
            "income",
            tr("收入"),
            lambda r: r.figure(r.line.minor) if r.line.minor > 0 else "",
            align=Align.RIGHT,
            tone=lambda _: Tone.OK,
            chars=15,
        ),
        Column(
            "expense",
            tr("支出"),
            lambda r: r.figure(-r.line.minor) if r.line.minor < 0 else "",
            align=Align.RIGHT,
            chars=15,
        ),
        Column(
            "balance",
            tr("余额"),
            lambda r: "" if r.line.balance is None else r.figure(r.line.balance),
            align=Align.RIGHT,
            chars=16,
        ),
        Column("name", tr("对方户名"), lambda r: r.line.name, chars=24),
        Column("payee_account", tr("对方账号"), lambda r: r.line.payee_account, chars=21),
        Column("payee_bank", tr("对方开户行"), lambda r: r.line.payee_bank, chars=20),
        Column("text", tr("摘要、用途、附言"), lambda r: r.line.text, chars=28),
        Column("reference", tr("流水号"), lambda r: r.line.reference, chars=20),
    )

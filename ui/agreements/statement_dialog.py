"""导入银行流水: what a file would bring, and into which account."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget
from typing_extensions import override

from app.accounts.choices import AccountChoice
from app.core.errors import BadInput
from app.statements import importing
from app.statements.importing import StatementPreview
from app.statements.parsed import PROOF_LABELS, Proof
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.theme import Tone, set_tone

_SHOWN = 5
_PROOF_TONES: Final[dict[Proof, Tone]] = {
    Proof.BALANCED: Tone.OK,
    Proof.UNBALANCED: Tone.STOP,
    Proof.NO_BALANCE: Tone.MUTED,
}


class StatementDialog(FormDialog):
    """Emits what came of the import."""

    taken = Signal(object)

    def __init__(
        self,
        context: Context,
        seen: StatementPreview,
        accounts: Sequence[AccountChoice],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "statement", parent)
        self.entitle(self.tr("导入银行流水"), self.tr("导入(&S)"))
        self._seen = seen
        found = seen.file
        days = sorted(line.on for line in found.lines)
        out = sum(line.minor < 0 for line in found.lines)
        self.said("file", self.tr("文件"), seen.path.name)
        text = self.tr("%1 笔交易，其中支出 %2 笔")
        text = text.replace("%1", f"{len(found.lines):,}").replace("%2", f"{out:,}")
        self.said("lines", self.tr("识别出"), text)
        kind = "　".join(filter(None, (found.bank, found.format, *self._numbers())))
        self.said("kind", self.tr("来源"), kind)
        proof = self.said("proof", self.tr("余额核对"), PROOF_LABELS[found.proof])
        set_tone(proof, _PROOF_TONES[found.proof])
        self.said("days", self.tr("期间"), f"{days[0]} – {days[-1]}" if days else "")
        self.said(
            "skipped", self.tr("跳过"), self.tr("%1 行").replace("%1", str(len(found.skipped)))
        )
        self.account = QComboBox(self)
        self.account.setObjectName("statement.account")
        self.account.setAccessibleName(self.tr("账户"))
        self.account.addItem(self.tr("请选择"), "")
        for one in accounts:
            self.account.addItem(one.label, one.number)
        self.account.setCurrentIndex(max(0, self.account.findData(seen.account)))
        self.fields.addRow(self.tr("账户*"), self.account)
        self.fields.setRowVisible(self.account, not self._all_known())
        if found.all_problems:
            said = "\n".join(
                f"{one.field}：{one.message}"
                if one.row is None
                else self.tr("第 %1 行　").replace("%1", str(one.row))
                + f"{one.field}：{one.message}"
                for one in found.all_problems[:_SHOWN]
            )
            more = len(found.all_problems) - _SHOWN
            if more > 0:
                said += self.tr("\n另有 %1 行有问题。").replace("%1", str(more))
            said += self.tr("\n这些行不会导入，改正后可重新导入整个文件，已导入的不会重复。")
            self.fields.addRow(note("statement.problems", said, self, Tone.WARN))

    def _numbers(self) -> list[str]:
        return list(dict.fromkeys(one.number for one in self._seen.file.statements if one.number))

    def _all_known(self) -> bool:
        """Whether the file is of several accounts and tells each of them."""
        return len(self._seen.accounts) > 1 and all(self._seen.accounts)

    @override
    def start(self) -> None:
        account = str(self.account.currentData() or "")
        if not account and not self._all_known():
            raise BadInput(self.tr("请选择流水所属的账户。"))
        seen = self._seen
        self.run(lambda db, actor: importing.take_in(db, actor, seen, account), self.taken.emit)

"""导入银行流水: what a file would bring, and into which account."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QPushButton, QWidget
from typing_extensions import override

from app.accounts.choices import AccountChoice
from app.core.errors import BadInput
from app.statements import importing
from app.statements.importing import StatementPreview
from app.statements.parsed import PROOF_LABELS
from app.statements.sheets import is_table
from ui.context import Context
from ui.resume.form_dialog import FormDialog
from ui.resume.pieces import note
from ui.statements.looks import PROOF_TONES, problem_text
from ui.tasks import Progress
from ui.theme import Tone, set_tone

_SHOWN: Final = 5


class StatementDialog(FormDialog):
    """Emits what came of the import, or that somebody wants to say what the columns are."""

    taken = Signal(object)
    remap = Signal()

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
        self.said("file", self.tr("文件"), seen.path.name)
        titles = {
            "lines": self.tr("识别出"),
            "kind": self.tr("来源"),
            "currency": self.tr("币种"),
            "proof": self.tr("余额核对"),
            "days": self.tr("期间"),
            "skipped": self.tr("跳过"),
        }
        self._facts: dict[str, QLabel] = {
            name: self.said(name, title, "") for name, title in titles.items()
        }
        self.account = QComboBox(self)
        self.account.setObjectName("statement.account")
        self.account.setAccessibleName(self.tr("账户"))
        self.account.addItem(self.tr("请选择"), "")
        for one in accounts:
            self.account.addItem(_label(one), one.number)
        self.account.setCurrentIndex(max(0, self.account.findData(seen.account)))
        self.fields.addRow(self.tr("账户*"), self.account)
        self.fields.setRowVisible(self.account, not self._all_known())
        self._problems = note("statement.problems", "", self, Tone.WARN)
        self.fields.addRow(self._problems)
        self._make_remap()
        self._show_facts()
        (self.yes if seen.account or self._all_known() else self.account).setFocus()
        self.account.activated.connect(self._account_chosen)

    def _make_remap(self) -> None:
        """Where the file is a table, its columns may be something else than they were taken for."""
        self.remapping = QPushButton(self.tr("列对应(&M)…"), self)
        self.remapping.setObjectName("statement.remap")
        self.remapping.setAccessibleName(self.tr("列对应"))
        self.remapping.setToolTip(self.tr("各栏读取不对时，指明每一列是什么"))
        self.remapping.setAutoDefault(False)
        self.remapping.clicked.connect(self._remap)
        self.buttons.addButton(self.remapping, QDialogButtonBox.ButtonRole.ResetRole)
        self.remapping.setVisible(is_table(self._seen.file))

    def _show_facts(self) -> None:
        found = self._seen.file
        days = [line.on for line in found.lines]
        out = sum(line.minor < 0 for line in found.lines)
        text = self.tr("%1 笔交易，其中支出 %2 笔")
        text = text.replace("%1", f"{len(found.lines):,}").replace("%2", f"{out:,}")
        self._facts["lines"].setText(text)
        kind = "　".join(filter(None, (found.bank, found.format, *self._numbers())))
        self._facts["kind"].setText("\n".join((kind, *found.notes)))
        self._facts["currency"].setText(self._currencies())
        self._facts["proof"].setText(PROOF_LABELS[found.proof])
        set_tone(self._facts["proof"], PROOF_TONES[found.proof])
        self._facts["days"].setText(f"{min(days)} – {max(days)}" if days else "—")
        skipped = self.tr("%1 行").replace("%1", f"{len(found.skipped):,}")
        self._facts["skipped"].setText(skipped)
        self._problems.setText(self._problem_text())
        self.fields.setRowVisible(self._problems, bool(found.all_problems))

    def _currencies(self) -> str:
        """What the file names; where it names none, whose currency it takes."""
        statements = [one for one in self._seen.file.statements if one.lines]
        codes = "、".join(dict.fromkeys(one.currency for one in statements))
        if all(one.currency_said for one in statements):
            return codes
        if not self._chosen() and not self._all_known():
            return self.tr("文件未写明，按所选账户")
        return self.tr("%1（文件未写明，按所选账户）").replace("%1", codes)

    def _problem_text(self) -> str:
        problems = self._seen.file.all_problems
        said = "\n".join(problem_text(one) for one in problems[:_SHOWN])
        more = len(problems) - _SHOWN
        if more > 0:
            said += self.tr("\n另有 %1 行有问题。").replace("%1", f"{more:,}")
        return said + self.tr("\n这些行不会导入，改正后可重新导入整个文件，已导入的不会重复。")

    def _account_chosen(self) -> None:
        """A file that names no currency is read anew in the account's."""
        self._show_facts()
        seen, account = self._seen, self._chosen()
        if all(one.currency_said for one in seen.file.statements):
            return
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> StatementPreview:
            return importing.in_account(db, actor, seen, account)

        self.context.tasks.start_latest(
            (id(self), "currency"), work, self._reread, self.refused, owner=self
        )

    def _reread(self, seen: StatementPreview) -> None:
        self._seen = seen
        self._show_facts()

    def _remap(self) -> None:
        self.reject()
        self.remap.emit()

    def _chosen(self) -> str:
        return str(self.account.currentData() or "")

    def _numbers(self) -> list[str]:
        return list(dict.fromkeys(one.number for one in self._seen.file.statements if one.number))

    def _all_known(self) -> bool:
        """Whether the file is of several accounts and tells each of them."""
        return len(self._seen.accounts) > 1 and all(self._seen.accounts)

    @override
    def start(self) -> None:
        account = self._chosen()
        if not account and not self._all_known():
            raise BadInput(self.tr("请选择流水所属的账户。"))
        seen = self._seen
        self.run(lambda db, actor: importing.take_in(db, actor, seen, account), self.taken.emit)


def _label(account: AccountChoice) -> str:
    """The account; a foreign currency is named."""
    return account.label if account.currency == "CNY" else f"{account.label}　{account.currency}"

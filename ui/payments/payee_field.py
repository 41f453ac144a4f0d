"""The payee's name with completion from the register, by name or pinyin."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QStringListModel, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from app.payees.queries import KnownAccount, KnownPayee, search_payees
from ui import messages
from ui.context import Context

_WAIT_MS = 150


class PayeeField(QLineEdit):
    """Emits `picked` with the payee and one of its accounts (None when none is registered)."""

    picked = Signal(object, object)

    def __init__(self, name: str, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("收款户名"))
        self.setPlaceholderText(self.tr("输入户名或拼音，可从已有收款方中选择"))
        self._context = context
        self._offered: list[tuple[KnownPayee, KnownAccount | None]] = []
        self._lines = QStringListModel(self)
        self.completer_popup = QCompleter(self._lines, self)
        self.completer_popup.setObjectName(f"{name}_completer")
        self.completer_popup.setWidget(self)
        self.completer_popup.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer_popup.setMaxVisibleItems(10)
        self._popup = QListView(self)
        self._popup.setObjectName(f"{name}_list")
        self.completer_popup.setPopup(self._popup)
        # By index: the text alone would not tell two accounts of one payee apart.
        self.completer_popup.activated[QModelIndex].connect(self._clicked)  # type: ignore[index]
        self._later = QTimer(self, interval=_WAIT_MS, singleShot=True)
        self._later.timeout.connect(self._search)
        self.textEdited.connect(self._later.start)

    def offered(self) -> list[str]:
        """What the list below the field shows."""
        return self._lines.stringList()

    def _search(self) -> None:
        text = self.text().strip()
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "payees"),
            lambda _: search_payees(db, actor, text),
            self._show,
            messages.presenter(self),
            owner=self,
        )

    def _show(self, found: Sequence[KnownPayee]) -> None:
        self._offered = [
            (payee, account) for payee in found for account in (payee.accounts or (None,))
        ]
        self._lines.setStringList([self._line(*one) for one in self._offered])
        if self._offered and self.hasFocus():
            self.completer_popup.complete()
        else:
            self._popup.hide()

    def _line(self, payee: KnownPayee, account: KnownAccount | None) -> str:
        if account is None:
            return payee.name
        sure = "" if account.confirmed else self.tr("（账号未核实）")
        return f"{payee.name}　{account.number}　{account.bank}{sure}"

    def _clicked(self, index: QModelIndex) -> None:
        row = index.row()
        if not 0 <= row < len(self._offered):
            return
        payee, account = self._offered[row]
        self._popup.hide()
        self.setText(payee.name)
        self.picked.emit(payee, account)

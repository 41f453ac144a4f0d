"""Ctrl+K: any payment or agreement by number, payee or pinyin, any page, any action."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.access.rights import Right
from app.agreements.queries import AgreementLine, agreement_lines, matches
from app.agreements.states import AGREEMENT_LABELS
from app.payments.lines import PaymentLine
from app.payments.listing import PaymentFilter, PaymentList
from app.payments.states import STATUS_LABELS
from ui import messages
from ui.context import Context
from ui.navigation import entries
from ui.tasks import Progress
from ui.widgets.icons import icon

_REST_MS = 150
_MOST = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that can be gone to."""

    key: str
    title: str
    detail: str
    icon: str
    go: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Found:
    """sounds: how the names of the pages are said."""

    sounds: dict[str, str]
    payments: list[PaymentLine]
    agreements: list[AgreementLine]


def _payments(context: Context, text: str) -> list[PaymentLine]:
    if not text or not context.may(Right.PAYMENT_VIEW):
        return []
    return PaymentList(context.db, context.actor, PaymentFilter(text=text)).page(0, _MOST)


def _agreements(context: Context, text: str) -> list[AgreementLine]:
    if not text or not context.may(Right.AGREEMENT_VIEW):
        return []
    register = agreement_lines(context.db, context.actor)
    return [line for line in register if matches(line, text)][:_MOST]


class SearchEverything(QDialog):
    """One line and what it finds; Enter goes there, the arrows choose."""

    sign_out_wanted = Signal()
    lock_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setWindowTitle(self.tr("查找"))
        self.setAccessibleName(self.tr("全局查找"))
        self._context = context
        self._hits: list[Hit] = []
        self._places: list[Hit] = []
        self._sounds: dict[str, str] = {}
        self.line = QLineEdit(self)
        self.line.setObjectName("search.line")
        self.line.setAccessibleName(self.tr("查找内容"))
        self.line.setPlaceholderText(self.tr("付款编号、协议号、收款方、拼音首字母、页面或操作"))
        self.line.setClearButtonEnabled(True)
        self.line.addAction(icon("search-line"), QLineEdit.ActionPosition.LeadingPosition)
        self.line.installEventFilter(self)
        self._later = QTimer(self, interval=_REST_MS, singleShot=True)
        self._later.timeout.connect(self._search)
        self.line.textChanged.connect(self._later.start)
        self.list = QListWidget(self)
        self.list.setObjectName("search.hits")
        self.list.setAccessibleName(self.tr("查找结果"))
        self.list.setIconSize(QSize(self.fontMetrics().height(), self.fontMetrics().height()))
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        self._foot = QLabel(self)
        self._foot.setObjectName("search.foot")
        self._foot.setProperty("kind", "muted")
        column = QVBoxLayout(self)
        for widget in (self.line, self.list, self._foot):
            column.addWidget(widget)
        line = self.fontMetrics().height()
        self.resize(self.fontMetrics().horizontalAdvance("查") * 46, line * 26)

    def ask(self) -> None:
        """Open with an empty line."""
        self._places = list(self._reachable())
        self.line.clear()
        self._show([])
        self.open()
        self.line.setFocus()
        self._search()

    def hits(self) -> list[Hit]:
        """What is shown, from the top."""
        return list(self._hits)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent):
            if event.type() is not QEvent.Type.KeyPress:
                return False
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._go(self.list.currentItem())
                return True
        return False

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._later.stop()
        super().hideEvent(event)

    def _search(self) -> None:
        self._later.stop()
        text, context = self.line.text().strip(), self._context
        places, sounds = list(self._places), dict(self._sounds)

        def work(_: Progress) -> _Found:
            from app.core.names import pinyin_full, pinyin_initials

            for hit in places:
                if text and hit.title not in sounds:
                    sounds[hit.title] = f"{pinyin_full(hit.title)} {pinyin_initials(hit.title)}"
            return _Found(sounds, _payments(context, text), _agreements(context, text))

        def done(found: _Found) -> None:
            self._sounds = found.sounds
            payments = [self._payment(line) for line in found.payments]
            agreements = [self._agreement(line) for line in found.agreements]
            self._show([*payments, *agreements, *self._matching(text)])

        context.tasks.start_latest("search", work, done, messages.presenter(self), owner=self)

    def _matching(self, text: str) -> Iterable[Hit]:
        plain = text.lower().replace(" ", "")
        for hit in self._places:
            if (
                plain in hit.title.lower()
                or plain in self._sounds.get(hit.title, "").split()
                or any(word.startswith(plain) for word in self._sounds.get(hit.title, "").split())
            ):
                yield hit

    def _reachable(self) -> Iterable[Hit]:
        for entry in entries():
            if entry.right is None or self._context.may(entry.right):
                yield Hit(
                    f"page.{entry.key}",
                    entry.title(),
                    self.tr("页面"),
                    entry.icon,
                    partial(self._context.navigate.emit, entry.key, None),
                )
        action = self.tr("操作")
        yield Hit("action.lock", self.tr("锁定窗口"), action, "lock-line", self.lock_wanted.emit)
        yield Hit(
            "action.sign_out",
            self.tr("退出登录"),
            action,
            "logout-box-r-line",
            self.sign_out_wanted.emit,
        )

    def _payment(self, line: PaymentLine) -> Hit:
        return Hit(
            f"payment.{line.number}",
            f"{line.number}  {line.payee}",
            f"{line.amount.display()} {line.amount.currency} · {STATUS_LABELS[line.status]}"
            f" · {line.due_on.isoformat()}",
            "bank-card-line",
            lambda: self._context.navigate.emit("payments", line.number),
        )

    def _agreement(self, line: AgreementLine) -> Hit:
        return Hit(
            f"agreement.{line.number}",
            f"{line.number}  {line.payee}",
            f"{AGREEMENT_LABELS[line.state]} · {line.bank} {line.account}",
            "repeat-line",
            lambda: self._context.navigate.emit("agreements", line.number),
        )

    def _show(self, hits: list[Hit]) -> None:
        self._hits = hits
        self.list.clear()
        for hit in hits:
            item = QListWidgetItem(icon(hit.icon), f"{hit.title}    {hit.detail}", self.list)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{hit.detail} {hit.title}")
        self.list.setCurrentRow(0 if hits else -1)
        empty = self.tr("没有找到。可输入付款编号的开头、收款方名称或拼音首字母。")
        self._foot.setText(self.tr("↑↓ 选择，回车打开，Esc 关闭") if hits else empty)

    def _go(self, item: QListWidgetItem | None) -> None:
        row = self.list.row(item) if item is not None else -1
        if 0 <= row < len(self._hits):
            go = self._hits[row].go
            self.accept()
            go()

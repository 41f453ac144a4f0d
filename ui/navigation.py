"""The entries at the left of the window, and the pages behind them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from PySide6.QtCore import (
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from app.access.rights import Right
from app.core.errors import NotFound
from ui import theme
from ui.fonts import scaled
from ui.pages import PageInfo
from ui.theme import Tone
from ui.widgets.icons import icon

_KEY = int(Qt.ItemDataRole.UserRole)
_BADGE = _KEY + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """What the navigation shows of a page before the page's own module is loaded."""

    key: str
    title: Callable[[], str]
    icon: str
    right: Right | None
    module: str


@dataclass(frozen=True, slots=True)
class Group:
    title: Callable[[], str]
    entries: tuple[Entry, ...]


def _tr(text: str) -> str:
    return QCoreApplication.translate("navigation", text)


_HOME, _PAYMENTS, _RESUME, _AGREEMENTS, _LETTERS, _INCIDENTS, _RECONCILE, _ADMIN = (
    "ui.home.pages",
    "ui.payments.pages",
    "ui.resume.pages",
    "ui.agreements.pages",
    "ui.letters.pages",
    "ui.incidents.pages",
    "ui.reconciliation.pages",
    "ui.admin.pages",
)
# Where pages without an entry of their own are looked for.
MODULES: Final = (_PAYMENTS, _RESUME, _AGREEMENTS, _LETTERS, _INCIDENTS, _RECONCILE, _ADMIN, _HOME)
GROUPS: Final = (
    Group(
        lambda: "",
        (Entry("home", lambda: _tr("工作台"), "dashboard-line", None, _HOME),),
    ),
    Group(
        lambda: _tr("付款"),
        (
            Entry(
                "payments",
                lambda: _tr("付款管理"),
                "bank-card-line",
                Right.PAYMENT_VIEW,
                _PAYMENTS,
            ),
            Entry("inbox", lambda: _tr("待授权"), "inbox-line", None, _RESUME),
            Entry(
                "holds",
                lambda: _tr("暂停令台账"),
                "pause-circle-line",
                Right.PAYMENT_VIEW,
                _PAYMENTS,
            ),
            Entry(
                "payee_changes",
                lambda: _tr("收款信息变更"),
                "contacts-book-line",
                Right.PAYMENT_VIEW,
                _RESUME,
            ),
            Entry(
                "release_log",
                lambda: _tr("解除止付日志"),
                "file-list-3-line",
                Right.PAYMENT_VIEW,
                _RESUME,
            ),
        ),
    ),
    Group(
        lambda: _tr("扣款"),
        (
            Entry(
                "agreements",
                lambda: _tr("自动扣款"),
                "repeat-line",
                Right.AGREEMENT_VIEW,
                _AGREEMENTS,
            ),
            Entry(
                "takeovers",
                lambda: _tr("人工付款任务"),
                "calendar-check-line",
                Right.AGREEMENT_VIEW,
                _AGREEMENTS,
            ),
            Entry(
                "watch", lambda: _tr("扣款监控"), "radar-line", Right.AGREEMENT_VIEW, _AGREEMENTS
            ),
            Entry("letters", lambda: _tr("函件"), "mail-line", Right.AGREEMENT_VIEW, _LETTERS),
            Entry(
                "recheck",
                lambda: _tr("状态核查"),
                "shield-check-line",
                Right.AGREEMENT_VIEW,
                _INCIDENTS,
            ),
        ),
    ),
    Group(
        lambda: _tr("应急"),
        (
            Entry(
                "incidents",
                lambda: _tr("应急事件"),
                "alarm-warning-line",
                Right.INCIDENT_VIEW,
                _INCIDENTS,
            ),
            Entry(
                "statistics",
                lambda: _tr("事件统计"),
                "bar-chart-2-line",
                Right.INCIDENT_VIEW,
                _INCIDENTS,
            ),
            Entry(
                "plans",
                lambda: _tr("应急预案"),
                "book-2-line",
                Right.INCIDENT_VIEW,
                _INCIDENTS,
            ),
            Entry(
                "directory",
                lambda: _tr("通讯录"),
                "contacts-book-2-line",
                Right.INCIDENT_VIEW,
                _INCIDENTS,
            ),
            Entry(
                "selfcheck",
                lambda: _tr("自诊断"),
                "stethoscope-line",
                Right.SELFCHECK_RUN,
                _INCIDENTS,
            ),
            Entry(
                "logs",
                lambda: _tr("日志查看"),
                "file-list-3-line",
                Right.SELFCHECK_RUN,
                _INCIDENTS,
            ),
        ),
    ),
    Group(
        lambda: _tr("对账"),
        (
            Entry(
                "reconcile",
                lambda: _tr("对账"),
                "links-line",
                Right.RECONCILE_VIEW,
                _RECONCILE,
            ),
            Entry(
                "sheets",
                lambda: _tr("余额调节表"),
                "scales-line",
                Right.RECONCILE_VIEW,
                _RECONCILE,
            ),
        ),
    ),
    Group(
        lambda: _tr("系统"),
        (
            Entry("people", lambda: _tr("用户与权限"), "team-line", Right.USER_MANAGE, _ADMIN),
            Entry("matrix", lambda: _tr("审批矩阵"), "organization-chart", None, _ADMIN),
            Entry(
                "delegations",
                lambda: _tr("委托授权"),
                "user-shared-line",
                Right.DELEGATION_MAKE,
                _ADMIN,
            ),
            Entry(
                "accounts",
                lambda: _tr("账户与渠道"),
                "bank-line",
                Right.PAYMENT_VIEW,
                _ADMIN,
            ),
            Entry("calendar", lambda: _tr("工作日历"), "calendar-line", Right.PAYMENT_VIEW, _ADMIN),
            Entry(
                "letter_setup",
                lambda: _tr("函件与邮件"),
                "mail-settings-line",
                Right.LETTER_SETUP,
                _LETTERS,
            ),
            Entry("rules", lambda: _tr("规则与限额"), "scales-3-line", Right.PAYMENT_VIEW, _ADMIN),
            Entry("audit", lambda: _tr("操作日志"), "history-line", Right.AUDIT_VIEW, _ADMIN),
            Entry("backup", lambda: _tr("备份"), "save-3-line", Right.BACKUP_MAKE, _ADMIN),
        ),
    ),
)


def entries() -> Iterable[Entry]:
    """Every entry, from the top."""
    return (entry for group in GROUPS for entry in group.entries)


def find_page(key: str) -> PageInfo:
    """The page of that key, loading the module that holds it. Raises NotFound."""
    entry = next((entry for entry in entries() if entry.key == key), None)
    first = () if entry is None else (entry.module,)
    for module in (*first, *(name for name in MODULES if name not in first)):
        for page in _pages(module):
            if page.key == key:
                return page
    raise NotFound(_tr("没有这个页面：%1").replace("%1", key), _tr("请从左侧导航重新选择。"))


def _pages(module: str) -> tuple[PageInfo, ...]:
    pages: tuple[PageInfo, ...] = import_module(module).PAGES
    return pages


class Navigation(QListWidget):
    """Emits the key of the page that the user chooses; groups can't be chosen."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setAccessibleName(self.tr("导航"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Delegate(self))
        self.currentItemChanged.connect(self._moved)
        line = self.fontMetrics().height()
        self.setIconSize(QSize(line, line))
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("航") * 11 + line)

    def fill(self, may: Callable[[Right], bool]) -> None:
        """Show what this person may see; the chosen entry stays chosen."""
        current = self.current()
        shown = [e.key for e in entries() if e.right is None or may(e.right)]
        if shown == self.keys():
            return
        self.blockSignals(True)
        self.clear()
        for group in GROUPS:
            allowed = [entry for entry in group.entries if entry.key in shown]
            if allowed and group.title():
                self._add_heading(group.title())
            for entry in allowed:
                self._add_entry(entry)
        self.blockSignals(False)
        self.show_current(current)

    def keys(self) -> list[str]:
        """The keys shown, from the top."""
        found = (self.item(place).data(_KEY) for place in range(self.count()))
        return [key for key in found if key]

    def current(self) -> str:
        item = self.currentItem()
        return "" if item is None else str(item.data(_KEY) or "")

    def show_current(self, key: str) -> None:
        """Mark the entry as chosen without a signal; nothing is marked for other pages."""
        self.blockSignals(True)
        places = (place for place in range(self.count()) if self.item(place).data(_KEY) == key)
        self.setCurrentRow(next(places, -1))
        self.blockSignals(False)

    def set_badges(self, badges: Mapping[str, int]) -> None:
        """How many things wait behind an entry; zero shows nothing."""
        titles = {entry.key: entry.title() for entry in entries()}
        for place in range(self.count()):
            item = self.item(place)
            key = item.data(_KEY)
            if key in badges:
                item.setData(_BADGE, badges[key])
                many = self.tr("%1，%2 项").replace("%2", str(badges[key]))
                said = many.replace("%1", titles[key]) if badges[key] else titles[key]
                item.setData(Qt.ItemDataRole.AccessibleTextRole, said)

    def badge(self, key: str) -> int:
        """The number shown at that entry."""
        for place in range(self.count()):
            if self.item(place).data(_KEY) == key:
                return int(self.item(place).data(_BADGE) or 0)
        return 0

    def _add_heading(self, title: str) -> None:
        item = QListWidgetItem(title, self)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(scaled(self.font(), 0.9))

    def _add_entry(self, entry: Entry) -> None:
        item = QListWidgetItem(icon(entry.icon), entry.title(), self)
        item.setData(_KEY, entry.key)
        item.setToolTip(entry.title())

    def _moved(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_KEY):
            self.chosen.emit(str(item.data(_KEY)))


class _Delegate(QStyledItemDelegate):
    """Paints the number that waits as a pill at the right."""

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        size = super().sizeHint(option, index)
        line = option.fontMetrics.height()
        size.setHeight(line * 2 if index.data(_KEY) else line * 9 // 5)
        return size

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        number = index.data(_BADGE)
        if not number:
            return
        text = str(number) if number < 1000 else "999+"  # noqa: PLR2004 - four figures don't fit
        metrics = option.fontMetrics
        height = metrics.height() + 2
        width = max(height, metrics.horizontalAdvance(text) + height * 2 // 3)
        space = option.rect
        pill = QRect(
            space.right() - width - height // 3,
            space.center().y() - height // 2,
            width,
            height,
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(Tone.ACCENT))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(theme.colours().on_accent)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

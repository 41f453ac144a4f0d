"""工作台: what needs me now, and whether the money suffices."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.access.drafts import Draft, drafts_of
from app.access.rights import Right
from app.agreements.overview import DebitCounts, debit_counts
from app.incidents.case_view import IncidentCounts, incident_counts
from app.incidents.contacts.briefings import BriefingLine, briefings_for_me
from app.payments.funds import FundsLine, funds_view
from app.payments.listing import Tab, Total
from app.payments.overview import EXPIRY_DAYS, Overview, overview
from ui import messages
from ui.context import Context
from ui.draft_banner import PAGES as DRAFT_PAGES
from ui.fonts import scaled
from ui.home.cards import Card, CardView
from ui.home.funds_table import FundsTable
from ui.incidents.places import FOLLOW
from ui.tasks import Progress
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState

_PER_ROW = 5


def tr(text: str) -> str:
    return QCoreApplication.translate("HomePage", text)


@dataclass(frozen=True, slots=True)
class _Seen:
    counts: Overview
    funds: list[FundsLine]
    drafts: list[Draft]
    debits: DebitCounts | None
    incidents: IncidentCounts | None
    briefings: list[BriefingLine]


class HomePage(QWidget):
    """Cards above, the funds view below; F5 reads anew."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("home")
        self.setAccessibleName(self.tr("工作台"))
        self._context = context
        self._cards: dict[str, CardView] = {}
        self.banner = Banner("home.banner", self)
        title = QLabel(self.tr("工作台"), self)
        title.setFont(scaled(title.font(), 1.35, bold=True))
        self._grid = QGridLayout()
        gap = self.fontMetrics().height() // 2
        self._grid.setSpacing(gap)
        money = QLabel(self.tr("资金情况：账户余额与未来 7 天（含逾期）应付"), self)
        money.setProperty("kind", "title")
        self.funds = FundsTable(self)
        self.funds.opened.connect(self._open_account)
        self._empty = EmptyState("home.empty", self)
        self._empty.acted.connect(self._open_accounts)
        self._empty.hide()
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(gap * 2, gap, gap * 2, gap)
        column.setSpacing(gap)
        for widget in (title, self.banner):
            column.addWidget(widget)
        for place in range(_PER_ROW):
            self._grid.setColumnStretch(place, 1)
        column.addLayout(self._grid)
        column.addSpacing(gap)
        column.addWidget(money)
        column.addWidget(self.funds, 1)
        column.addWidget(self._empty, 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self.funds.setMinimumHeight(self.fontMetrics().lineSpacing() * 10)
        again = QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self)
        again.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        again.activated.connect(self.reload)
        self.reload()

    def reload(self) -> None:
        """Read everything anew."""
        db, actor = self._context.db, self._context.actor

        def work(_: Progress) -> _Seen:
            sees = self._context.may(Right.AGREEMENT_VIEW)
            return _Seen(
                overview(db, actor),
                funds_view(db, actor),
                drafts_of(db, actor),
                debit_counts(db, actor) if sees else None,
                incident_counts(db, actor) if sees else None,
                briefings_for_me(db, actor) if sees else [],
            )

        self._context.tasks.start_latest(
            (id(self), "read"),
            work,
            self._show,
            messages.presenter(self, self.banner),
            owner=self,
        )

    def card(self, key: str) -> CardView:
        """The card of that key. Raises KeyError before the first reading."""
        return self._cards[key]

    def _show(self, seen: _Seen) -> None:
        for place, card in enumerate(self._all_cards(seen)):
            view = self._cards.get(card.key)
            if view is None:
                view = CardView(card, self)
                view.followed.connect(self._follow)
                self._cards[card.key] = view
                self._grid.addWidget(view, place // _PER_ROW, place % _PER_ROW)
            view.show_card(card)
        self.funds.set_rows(seen.funds)
        self.funds.setVisible(bool(seen.funds))
        self._empty.setVisible(not seen.funds)
        may = self._context.may(Right.ACCOUNT_MANAGE)
        self._empty.show_state(
            self.tr("还没有银行账户。登记账户和余额后，这里显示可用资金与缺口。"),
            self.tr("去登记账户") if may else "",
            "bank-line",
        )

    def _all_cards(self, seen: _Seen) -> Sequence[Card]:
        counts, totals = seen.counts, seen.counts.totals
        draft = seen.drafts[0] if seen.drafts else None
        page = None if draft is None else DRAFT_PAGES.get(draft.kind.lower())
        people = "people" if self._context.may(Right.USER_MANAGE) else None
        days = self.tr("%1 天内到期的岗位权限").replace("%1", str(EXPIRY_DAYS))
        return (
            Card(
                "inbox",
                self.tr("待授权"),
                "inbox-line",
                counts.to_decide,
                self.tr("等我审批的申请"),
                Tone.ACCENT,
                "inbox",
            ),
            _payments("stopped", self.tr("已停止"), totals[Tab.STOPPED], Tone.STOP, Tab.STOPPED),
            _payments("paused", self.tr("已暂停"), totals[Tab.PAUSED], Tone.PAUSED, Tab.PAUSED),
            _payments(
                "exception",
                self.tr("异常与状态不明"),
                totals[Tab.EXCEPTION],
                Tone.EXCEPTION,
                Tab.EXCEPTION,
                self.tr("其中状态不明 %1 笔").replace("%1", str(counts.unknown.count)),
            ),
            Card(
                "drafts",
                self.tr("未完成草稿"),
                "draft-line",
                len(seen.drafts),
                self.tr("最近：%1").replace("%1", draft.subject_no) if draft else "",
                Tone.WARN,
                page,
                draft.subject_no if draft else None,
            ),
            Card(
                "changes",
                self.tr("收款信息变更"),
                "contacts-book-line",
                counts.payee_changes,
                self.tr("待回拨核实"),
                Tone.WARN,
                "payee_changes",
            ),
            Card(
                "holds",
                self.tr("生效中的暂停令"),
                "pause-circle-line",
                counts.wide_holds,
                self.tr("全公司、账户或收款方"),
                Tone.PAUSED,
                "holds",
            ),
            Card(
                "expiring",
                self.tr("即将到期的权限"),
                "calendar-event-line",
                counts.expiring,
                days,
                Tone.WARN,
                people,
            ),
            *(() if seen.debits is None else _debits(seen.debits)),
            *(() if seen.incidents is None else _incidents(seen.incidents, seen.briefings)),
        )

    def _follow(self, card: Card) -> None:
        if card.page is not None:
            self._context.navigate.emit(card.page, card.argument)

    def _open_account(self, line: FundsLine) -> None:
        self._context.navigate.emit("accounts", line.number)

    def _open_accounts(self) -> None:
        self._context.navigate.emit("accounts", None)


def _debits(counts: DebitCounts) -> tuple[Card, ...]:
    near = tr("最早 %1 仍可能扣款").replace("%1", str(counts.next_on)) if counts.next_on else ""
    late = tr("其中逾期未复 %1 份").replace("%1", str(counts.late))
    return (
        Card(
            "unconfirmed",
            tr("银行未确认的取消"),
            "restart-line",
            counts.unconfirmed,
            near or tr("银行确认前仍可能扣款"),
            Tone.WARN,
            "agreements",
        ),
        Card("letters", tr("待办函件"), "mail-line", counts.letters, late, Tone.WARN, "letters"),
        Card(
            "takeovers",
            tr("近期人工付款"),
            "calendar-check-line",
            counts.tasks,
            tr("7 个工作日内到期，其中已逾期 %1 项").replace("%1", str(counts.overdue)),
            Tone.STOP if counts.overdue else Tone.WARN,
            "takeovers",
        ),
        Card(
            "hits",
            tr("终止或暂停后的扣款"),
            "alarm-warning-line",
            counts.hits,
            tr("待核实或追回"),
            Tone.STOP,
            "watch",
        ),
    )


def _incidents(counts: IncidentCounts, told: Sequence[BriefingLine]) -> tuple[Card, ...]:
    said = tr("其中无人负责 %1 件").replace("%1", str(counts.unowned))
    if counts.pressing is not None:
        number, clock = counts.pressing
        said = f"{said}；{number} {clock.text}"
    first = told[0] if told else None
    return (
        Card(
            "incidents",
            tr("未解决的应急事件"),
            "alarm-warning-line",
            counts.unresolved,
            said,
            Tone.STOP,
            "incidents",
            None if counts.pressing is None else counts.pressing[0],
        ),
        Card(
            "briefings",
            tr("待知悉的通报"),
            "notification-3-line",
            len(told),
            "" if first is None else f"{first.number} {first.sent_by} {first.department}",
            Tone.WARN,
            "response",
            None if first is None else first.incident + FOLLOW,
        ),
    )


def _payments(key: str, title: str, total: Total, tone: Tone, tab: Tab, more: str = "") -> Card:
    sums = "  ".join(f"{money.currency} {money.display()}" for money in total.sums)
    icons = {
        Tab.STOPPED: "stop-circle-line",
        Tab.PAUSED: "pause-circle-line",
        Tab.EXCEPTION: "error-warning-line",
    }
    detail = "，".join(filter(None, (sums, more)))
    return Card(key, title, icons[tab], total.count, detail, tone, "payments", tab)

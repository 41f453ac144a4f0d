"""付款管理: every payment instruction, found, selected and acted upon."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.accounts.choices import PayingChoices, paying_choices
from app.payments.importing import Imported
from app.payments.lines import PaymentLine
from app.payments.listing import TAB_LABELS, PaymentList, Sort, SortKey, Tab, Total, tab_totals
from app.payments.offers import Offer
from app.payments.records import HoldLine
from app.payments.states import HoldScope
from ui import messages
from ui.context import Context
from ui.payments.act_bar import ActBar
from ui.payments.acts import PaymentActs
from ui.payments.columns import payment_columns
from ui.payments.detail_dialog import DetailDialog
from ui.payments.filter_place import FilterPlace
from ui.payments.list_foot import ListFoot
from ui.payments.list_side import DETAIL_MS, ListSide
from ui.payments.looks import TAB_TONES, LookDelegate, sums_text
from ui.payments.source import PaymentSource, filter_fields, payment_filter
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.file_asking import local_files
from ui.widgets.icons import icon
from ui.widgets.paged_table import MOST_SELECTED, PagedTable
from ui.widgets.status_tabs import StatusTab, StatusTabs

_WITHOUT_ROWS = frozenset({Offer.CREATE, Offer.IMPORT})
_OFFERS = (
    Offer.CREATE,
    Offer.IMPORT,
    Offer.SUBMIT,
    Offer.BANK,
    Offer.DIAGNOSE,
    Offer.RESUME,
    Offer.HOLD,
    Offer.HOLD_WIDE,
    Offer.EXPORT,
)


class PaymentsPage(QWidget):
    """Tabs with counts and sums, filters, the list, and the chosen payment at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("payments")
        self.setAcceptDrops(True)
        self._context = context
        self._choices = PayingChoices((), ())
        self._sort = Sort()
        self._chosen: tuple[PaymentLine, ...] = ()
        self._wanted: frozenset[int] = frozenset()
        self._first = False
        self.banner = Banner("payments_banner", self)
        self._failed = messages.presenter(self, self.banner)
        self.acts = PaymentActs(context, self, self.banner, self.listing)
        self._make_bar()
        self._make_lists()
        self._make_table()
        self._lay_out()
        self._make_timers()
        self._shortcut(QKeySequence(Qt.Key.Key_F5), self.reload)
        self._shortcut(QKeySequence(QKeySequence.StandardKey.Find), self.filter.focus_find)
        self._say_selection()
        self.reload()

    def listing(self) -> PaymentList:
        """The list as it is filtered and sorted now."""
        wanted = payment_filter(Tab(self.tabs.current()), self.filter.values)
        return PaymentList(self._context.db, self._context.actor, wanted, self._sort)

    def reload(self) -> None:
        """Read tabs, list and detail again; place and selection stay."""
        self.table.refresh(PaymentSource(self.listing()))
        self._read_totals()
        self.filter.read_saved()
        self._read_choices()
        self._read_detail()

    def show_argument(self, argument: object) -> None:
        """Show a payment by its number, a Tab, what a hold stops, or what was imported just now."""
        tab = argument if isinstance(argument, Tab) else Tab.ALL
        values: dict[str, Any] = {}
        self._wanted = frozenset()
        match argument:
            case HoldLine(scope=HoldScope.ACCOUNT, target=number):
                values = {"account": (number,)}
            case HoldLine(scope=HoldScope.PAYEE, scope_label=name):
                values = {"text": name}
            case Imported():
                tab, self._sort = Tab.ALL, Sort(SortKey.MADE)
                self._wanted = frozenset(argument.ids)
                self.table.set_sort(self._sort.key, self._sort.descending)
            case str() if not isinstance(argument, Tab):
                values = {"text": argument}
                self._first = True
        self.tabs.select(tab)
        self.filter.set_values(values)
        self._open_list()

    def _make_bar(self) -> None:
        self.bar = ActBar(
            "payments_acts",
            self._context,
            _OFFERS,
            self,
            more=(Offer.EDIT, Offer.VOID, Offer.CONTACT, Offer.INCIDENT),
        )
        self.bar.wanted.connect(self._start)
        refresh = QToolButton(self)
        refresh.setIcon(icon("refresh-line"))
        refresh.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        refresh.setObjectName("payments_refresh")
        refresh.setAccessibleName(self.tr("刷新"))
        refresh.setToolTip(self.tr("刷新（F5）"))
        refresh.clicked.connect(self.reload)
        self.bar.add_widget(refresh)

    def _make_lists(self) -> None:
        self.tabs = StatusTabs("payments_tabs", self)
        self.tabs.set_tabs([StatusTab(tab, TAB_LABELS[tab]) for tab in Tab])
        self.tabs.chosen.connect(self._open_list)
        self.filter = FilterPlace(self._context, self.banner, "payments", filter_fields(()), self)
        self.filter.changed.connect(self._open_list)
        self.foot = ListFoot(self)

    def _make_table(self) -> None:
        self.table: PagedTable[PaymentLine] = PagedTable(
            "payments_table",
            self.tr("付款清单"),
            payment_columns(self._channel),
            lambda row: row.id,
            self._context.tasks,
            self._failed,
        )
        self.table.setItemDelegateForColumn(0, LookDelegate(self.table))
        self.table.set_sort(self._sort.key, self._sort.descending)
        self.table.set_owner_actions(list(self.bar.actions_by_offer.values()))
        self.table.sort_requested.connect(self._sorted)
        self.table.selection_changed.connect(self._selection_moved)
        self.table.current_changed.connect(self._current_moved)
        self.table.opened.connect(self.open_detail)
        self.table.totals_changed.connect(self._opened)
        self._empty = EmptyState("payments_empty", self)
        self._empty.acted.connect(self._empty_acted)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.side = ListSide(self._context, self._channel, self._failed, self)

    def _lay_out(self) -> None:
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setObjectName("payments_split")
        self._split.addWidget(self._stack)
        self._split.addWidget(self.side)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        column = QVBoxLayout(self)
        column.addWidget(self.bar)
        column.addWidget(self.tabs)
        column.addWidget(self.filter)
        column.addWidget(self.banner)
        column.addWidget(self._split, 1)
        column.addWidget(self.foot)

    def _make_timers(self) -> None:
        # One answer for a run of keystrokes and a rubber band, not one for each row passed.
        self._selection_later = QTimer(self, interval=DETAIL_MS, singleShot=True)
        self._selection_later.timeout.connect(self._read_selection)

    def _shortcut(self, keys: QKeySequence, act: Any) -> None:
        shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        files = local_files(event.mimeData())
        if files:
            self.acts.import_file(files[0])

    def open_detail(self, line: PaymentLine) -> None:
        """Show the payment in a window of its own."""
        DetailDialog(self._context, self._choices, line.number, self).open()

    def _start(self, offer: Offer) -> None:
        everything = self.table.selected_count() == self.table.totals.count
        if offer in _WITHOUT_ROWS or (offer is Offer.EXPORT and everything):
            self.acts.start(offer, ())
        else:
            self.table.with_selected(lambda rows: self.acts.start(offer, rows))

    def _channel(self, code: str) -> str:
        return self._choices.channel_name(code)

    def _sorted(self, key: str, descending: bool) -> None:
        self._sort = Sort(SortKey(key), descending)
        self._open_list()

    def _open_list(self, _: object = None) -> None:
        self.table.set_source(PaymentSource(self.listing()))
        self._read_totals()

    def _opened(self, _: object) -> None:
        """The list has arrived: show it, or say why it is empty."""
        listing = self.listing()
        count = self.table.totals.count
        self._stack.setCurrentWidget(self.table if count else self._empty)
        if listing.filter.narrow:
            self._empty.show_state(self.tr("没有符合条件的付款。"), self.tr("清除筛选条件"))
        elif listing.filter.tab is not Tab.ALL:
            label = TAB_LABELS[listing.filter.tab]
            self._empty.show_state(self.tr("没有“%1”的付款。").replace("%1", label))
        else:
            self._empty.show_state(
                self.tr("还没有付款指令。从 Excel 清单导入，或点击上方“新增”逐笔录入。"),
                self.tr("导入付款清单"),
            )
        self._go_to_wanted()
        self._say_selection()

    def _go_to_wanted(self) -> None:
        """Select what show_argument asked for: one payment, or the newly imported ones."""
        wanted, first = self._wanted, self._first
        self._wanted, self._first = frozenset(), False
        rows = self.table.rows()
        loaded = enumerate(rows.rows_between(0, rows.rowCount()))
        places = [at for at, line in loaded if first or line.id in wanted]
        if places:
            self.table.setCurrentIndex(rows.index(places[0], 0))
            self.table.select_positions(places[:1] if first else places)
            self.table.setFocus()

    def _empty_acted(self) -> None:
        if self.listing().filter.narrow:
            self.filter.reset()
        else:
            self.acts.import_file()

    def _selection_moved(self) -> None:
        self._selection_later.start()
        self._read_detail()

    def _current_moved(self, _: object) -> None:
        self._read_detail()

    def _read_selection(self) -> None:
        if self.table.selected_count() > MOST_SELECTED:
            self._chosen = ()
            self._say_selection()
            return
        self.table.with_selected(self._selection_read)

    def _selection_read(self, rows: Sequence[PaymentLine]) -> None:
        self._chosen = tuple(rows)
        self.bar.show_for(self._chosen)
        self._say_selection()

    def _say_selection(self) -> None:
        self.foot.say(self.table.totals, self.table.selected_count(), self._chosen)

    def _read_detail(self) -> None:
        line = self.table.current_row()
        shown = line is not None and self.table.selected_count()
        self.side.show_number(line.number if line is not None and shown else None)

    def _read_totals(self) -> None:
        db, actor, wanted = self._context.db, self._context.actor, self.listing().filter
        self._context.tasks.start_latest(
            (id(self), "totals"),
            lambda _: tab_totals(db, actor, wanted),
            self._show_totals,
            self._failed,
            owner=self,
        )

    def _show_totals(self, totals: Mapping[Tab, Total]) -> None:
        self.tabs.set_tabs(
            [
                StatusTab(
                    tab,
                    TAB_LABELS[tab],
                    totals[tab].count,
                    sums_text(totals[tab].sums),
                    TAB_TONES.get(tab, Tone.NORMAL),
                )
                for tab in Tab
            ]
        )

    def _read_choices(self) -> None:
        db, actor = self._context.db, self._context.actor
        self._context.tasks.start_latest(
            (id(self), "choices"),
            lambda _: paying_choices(db, actor),
            self._show_choices,
            self._failed,
            owner=self,
        )

    def _show_choices(self, choices: PayingChoices) -> None:
        self._choices = choices
        self.filter.set_fields(filter_fields(choices.accounts))
        self.table.viewport().update()

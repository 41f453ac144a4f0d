"""账户与渠道: the company's accounts with their money and restrictions, and the ways to the bank."""

from dataclasses import dataclass

from PySide6.QtWidgets import QStackedWidget, QTabWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.access.rights import Right
from app.accounts.ledger import AccountLine, account_lines, channel_board
from app.accounts.rules import (
    ACCOUNT_KIND_LABELS,
    ACCOUNT_STATUS_LABELS,
    AccountStatus,
    ChannelFacts,
)
from app.core.clock import local_text
from app.core.money import Money
from ui.admin.account_dialogs import AccountDialogs
from ui.admin.channels_view import ChannelsView
from ui.admin.frame import AdminPage, enable_with_row, row_of
from ui.context import Context
from ui.tasks import Progress
from ui.theme import Tone
from ui.widgets.columns import Align, Column
from ui.widgets.empty_state import EmptyState
from ui.widgets.simple_table import SimpleTable


@dataclass(frozen=True, slots=True)
class _Seen:
    accounts: list[AccountLine]
    channels: list[ChannelFacts]


class AccountsPage(AdminPage):
    """Accounts in one tab, channels in the other."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "accounts", parent)
        self.set_head(
            self.tr("账户与渠道"),
            self.tr("余额、状态和限制按银行的答复登记；诊断和可用余额以最近登记的为准。"),
        )
        self.dialogs = AccountDialogs(context, self, self.say)
        self._wanted = ""
        manage = Right.ACCOUNT_MANAGE
        add = self.button("add", self.tr("登记账户…"), "add-line", self.dialogs.add, right=manage)
        acts = [
            self.button(
                "balance",
                self.tr("登记余额…"),
                "money-cny-circle-line",
                self.balance,
                right=Right.BALANCE_RECORD,
            ),
            self.button("status", self.tr("变更状态…"), "edit-line", self.status, right=manage),
            self.button("restrict", self.tr("登记限制…"), "lock-line", self.restrict, right=manage),
        ]
        self._lift = self.button(
            "lift", self.tr("解除限制…"), "lock-unlock-line", self.lift, right=manage
        )
        self.table: SimpleTable[AccountLine] = SimpleTable(
            "accounts.table",
            self.tr("银行账户"),
            self._columns(),
            lambda line: line.number,
            parent=self,
        )
        self.table.current_changed.connect(self._show_acts)
        self.table.selection_changed.connect(self._show_acts)
        enable_with_row(self.table, acts)
        self._empty = EmptyState("accounts.empty", self)
        self._empty.acted.connect(self.dialogs.add)
        offer = self.tr("登记账户") if context.may(manage) else ""
        self._empty.show_state(self.tr("还没有银行账户。请由系统管理员登记。"), offer, "bank-line")
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        first = QWidget(self)
        column = QVBoxLayout(first)
        column.setContentsMargins(0, self.fontMetrics().height() // 2, 0, 0)
        column.addLayout(row_of(add, *acts, self._lift))
        column.addWidget(self._stack, 1)
        self.channels = ChannelsView(context, self)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("accounts.tabs")
        self.tabs.addTab(first, self.tr("银行账户"))
        self.tabs.addTab(self.channels, self.tr("支付渠道"))
        self.body.addWidget(self.tabs, 1)
        self._show_acts()
        self.reload()

    @override
    def reload(self) -> None:
        db, actor = self.context.db, self.context.actor

        def work(_: Progress) -> _Seen:
            return _Seen(account_lines(db, actor), channel_board(db, actor))

        self.read(work, self._show)

    def show_argument(self, argument: object) -> None:
        """Select the account of that number."""
        self._wanted = str(argument)
        self.tabs.setCurrentIndex(0)
        self._select_wanted()

    def balance(self) -> None:
        line = self.table.current_row()
        if line is not None:
            self.dialogs.balance(line)

    def status(self) -> None:
        line = self.table.current_row()
        if line is not None:
            self.dialogs.status(line)

    def restrict(self) -> None:
        line = self.table.current_row()
        if line is not None:
            self.dialogs.restrict(line)

    def lift(self) -> None:
        line = self.table.current_row()
        if line is not None:
            self.dialogs.lift(line)

    def _show(self, seen: _Seen) -> None:
        self.table.set_rows(seen.accounts)
        self._stack.setCurrentWidget(self.table if seen.accounts else self._empty)
        self.channels.show_channels(seen.channels)
        self._select_wanted()

    def _select_wanted(self) -> None:
        numbers = [line.number for line in self.table.all_rows()]
        if self._wanted in numbers:
            self.table.selectRow(numbers.index(self._wanted))
            self._wanted = ""

    def _show_acts(self) -> None:
        line = self.table.current_row()
        self._lift.setEnabled(line is not None and bool(line.restrictions))

    def _restricted(self, line: AccountLine) -> str:
        return "；".join(
            f"{ACCOUNT_STATUS_LABELS[one.kind]}"
            f"{' ' + one.amount.display() if one.amount else ''} {one.authority}".strip()
            for one in line.restrictions
        )

    def _columns(self) -> list[Column[AccountLine]]:
        zone = self.context.db.tz
        return [
            Column(
                "bank", self.tr("银行"), lambda x: x.bank, sort_value=lambda x: x.bank, chars=16
            ),
            Column("number", self.tr("账号"), lambda x: x.number, chars=21),
            Column(
                "status",
                self.tr("状态"),
                lambda x: ACCOUNT_STATUS_LABELS[x.status],
                tone=lambda x: Tone.OK if x.status is AccountStatus.NORMAL else Tone.STOP,
                chars=8,
            ),
            Column(
                "restrictions",
                self.tr("限制"),
                self._restricted,
                tone=lambda _: Tone.STOP,
                chars=26,
            ),
            Column(
                "book",
                self.tr("账面余额"),
                lambda x: x.balance.book.display() if x.balance else self.tr("未登记"),
                Align.RIGHT,
                sort_value=lambda x: x.balance.book.minor if x.balance else -1,
                chars=16,
            ),
            Column(
                "frozen",
                self.tr("冻结"),
                lambda x: x.balance.frozen.display() if x.balance else "—",
                Align.RIGHT,
                chars=14,
            ),
            Column(
                "as_of",
                self.tr("余额时间"),
                lambda x: local_text(x.balance.as_of, zone) if x.balance else "—",
                chars=16,
            ),
            Column("branch", self.tr("开户行"), lambda x: x.branch, chars=28),
            Column("kind", self.tr("类型"), lambda x: ACCOUNT_KIND_LABELS[x.kind], chars=14),
            Column("single", self.tr("单笔限额"), lambda x: _limit(x.single_limit), Align.RIGHT),
            Column("daily", self.tr("日限额"), lambda x: _limit(x.daily_limit), Align.RIGHT),
        ]


def _limit(amount: Money | None) -> str:
    return "—" if amount is None else amount.display()
